/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "notify/smtp_reply.h"

/* How much of it is taken. */
static size_t hear(struct smtp_reply *out, const char *said)
{
    smtp_reply_begin(out);
    return smtp_reply_take(out, said, strlen(said));
}

static void test_a_reply_has_the_code_and_words_of_all_its_lines(void **state)
{
    static const struct {
        const char *said;
        int code;
        const char *words;
    } cases[] = {
        {"250 2.0.0 queued\r\n",                      250, "250 2.0.0 queued"                  },
        {"250\r\n",                                   250, "250"                               },
        {"200 x\n",                                   200, "200 x"                             },
        {"599 x\n",                                   599, "599 x"                             },
        {"550-no such\r\n550 user\r\n",               550, "550-no such 550 user"              },
        {"550 \x1b[31m\xc3\xa5\r\n",                  550, "550  [31m"                         },
        {"HTTP/1.1 400 Bad Request\r\n",              0,   "HTTP/1.1 400 Bad Request"          },
        {"\r\n",                                      0,   ""                                  },
        {"25\r\n",                                    0,   "25"                                },
        {"199 low\r\n",                               0,   "199 low"                           },
        {"600 high\r\n",                              0,   "600 high"                          },
        {"999 high\r\n",                              0,   "999 high"                          },
        {"250-first\r\nthen nothing of the kind\r\n", 0,   "250-first then nothing of the kind"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct smtp_reply reply;
        assert_int_equal(hear(&reply, cases[i].said), strlen(cases[i].said));
        assert_true(reply.ended);
        assert_int_equal(reply.code, cases[i].code);
        assert_string_equal(reply.words, cases[i].words);
    }
}

static void test_what_follows_is_left_for_the_next_one(void **state)
{
    static const char said[] = "250-a\r\n250 b\r\n550 c\r\n";
    const size_t first = strlen("250-a\r\n250 b\r\n");
    struct smtp_reply reply;

    (void)state;
    assert_int_equal(hear(&reply, said), first);
    assert_int_equal(reply.code, 250);
    assert_int_equal(hear(&reply, said + first), strlen("550 c\r\n"));
    assert_int_equal(reply.code, 550);
}

static void test_it_is_the_same_in_pieces(void **state)
{
    static const char said[] = "250-mx\r\n250-PIPELINING\r\n250 SIZE\r\n";
    struct smtp_reply reply;

    (void)state;
    smtp_reply_begin(&reply);
    for (size_t i = 0; i < strlen(said); i++) {
        assert_false(reply.ended);
        assert_int_equal(reply.code, 0);
        assert_int_equal(smtp_reply_take(&reply, said + i, 1), 1);
    }
    assert_true(reply.ended && reply.rows);
    assert_int_equal(reply.code, 250);
    assert_string_equal(reply.words, "250-mx 250-PIPELINING 250 SIZE");
}

static void test_what_has_no_end_is_no_reply(void **state)
{
    static const char code[] = {'2', '5', '0', ' '};
    struct work *work = *state;
    char *said = arena_alloc(work->arena, SMTP_REPLY_MAX + 2);
    struct smtp_reply reply;

    memset(said, 'x', SMTP_REPLY_MAX + 1);
    memcpy(said, code, sizeof(code));
    assert_int_equal(hear(&reply, said), SMTP_REPLY_MAX);
    assert_true(reply.ended);
    assert_int_equal(reply.code, 0);
    assert_int_equal(strlen(reply.words), SMTP_WORDS_MAX);
    said[SMTP_REPLY_MAX - 1] = '\n';
    assert_int_equal(hear(&reply, said), SMTP_REPLY_MAX);
    assert_int_equal(reply.code, 250);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_reply_has_the_code_and_words_of_all_its_lines),
        PROMISE(test_what_follows_is_left_for_the_next_one),
        PROMISE(test_it_is_the_same_in_pieces),
        PROMISE(test_what_has_no_end_is_no_reply),
    };
    return RUN_ALL(promises);
}
