/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/text.h"
#include "wire/mail.h"

#include <stdbool.h>
#include <stdio.h>

enum { LINE_MAX_SMTP = 998, LINE_MAX_ENCODED = 76 };

#define TEN(text) text text text text text text text text text text

static const char label_of_63[] = TEN("abcdef") "abc";

static struct mail plain_mail(void)
{
    struct mail mail = {
        .message_id = "msg-00940@example.org",
        .from = "mentorwatch@example.org",
        .from_name = "mentorwatch",
        .to = "kari@example.no",
        .to_name = "Kari Nordmann",
        .subject = "Your certification has expired",
        .text = "Hi\n",
    };

    assert_true(instant_parse(&mail.date, "2026-03-01T08:05:09Z"));
    return mail;
}

/* The unfolded value of a header of a written mail. */
static const char *header(const struct work *work, const struct mail *mail, const char *name)
{
    const char *message = mail_write(work->arena, mail);
    const char *at = strstr(message, arena_printf(work->arena, "%s: ", name));
    struct text value = text_in(work->arena);

    assert_non_null(at);
    at += strlen(name) + 2;
    while (strncmp(at, "\r\n", 2) != 0 || at[2] == ' ') {
        at += strncmp(at, "\r\n", 2) == 0 ? 2 : 0;
        text_add_bytes(&value, at++, 1);
    }
    return text_done(&value);
}

static const char *subject(const struct work *work, const char *words)
{
    struct mail mail = plain_mail();

    mail.subject = words;
    return header(work, &mail, "Subject");
}

static const char *recipient(const struct work *work, const char *name)
{
    struct mail mail = plain_mail();

    mail.to_name = name;
    return header(work, &mail, "To");
}

static const char *body(const struct work *work, const char *text)
{
    struct mail mail = plain_mail();

    mail.text = text;
    return strstr(mail_write(work->arena, &mail), "\r\n\r\n") + 4;
}

static void test_only_plain_addresses_are_valid(void **state)
{
    static const struct {
        const char *address;
        bool valid;
    } cases[] = {
        {"kari@example.no",                  true },
        {"mentorwatch@localhost",            true },
        {"k.n+tag_1@sub-domain.example.org", true },
        {"!#$%&'*+-/=?^_`{|}~@x.no",         true },
        {"K@EXAMPLE.NO",                     true },
        {"1@1.no",                           true },
        {"a@xn--blbr-roah.no",               true },
        {"",                                 false},
        {"@",                                false},
        {"kari",                             false},
        {"kari@",                            false},
        {"@example.no",                      false},
        {"a@b@c.no",                         false},
        {".a@x.no",                          false},
        {"a.@x.no",                          false},
        {"a..b@x.no",                        false},
        {"a b@x.no",                         false},
        {" a@x.no",                          false},
        {"a@x.no ",                          false},
        {"a@x .no",                          false},
        {"a@.no",                            false},
        {"a@x.",                             false},
        {"a@x..no",                          false},
        {"a@-x.no",                          false},
        {"a@x-.no",                          false},
        {"a@x_y.no",                         false},
        {"a@_x.no",                          false},
        {"a@127.0.0.1",                      false},
        {"a@[127.0.0.1]",                    false},
        {"a@[IPv6:::1]",                     false},
        {"\"a b\"@x.no",                     false},
        {"a@x.no\r\nRCPT TO:<b@y.no>",       false},
        {"a@x.no\n",                         false},
        {"a\r\n@x.no",                       false},
        {"<a@x.no>",                         false},
        {"<a@x.no> NOTIFY=NEVER",            false},
        {"a@x.no> NOTIFY=NEVER",             false},
        {"Kari <a@x.no>",                    false},
        {"a@x.no,b@x.no",                    false},
        {"a@x.no;b@x.no",                    false},
        {"a(remark)@x.no",                   false},
        {"@relay.no:a@x.no",                 false},
        {"a\\b@x.no",                        false},
        {"a\x7F@x.no",                       false},
        {"bl\xC3\xA5@x.no",                  false},
        {"a@bl\xC3\xA5.no",                  false},
        {"a@x.no/path",                      false},
        {"a@x.no:25",                        false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (mail_address_valid(cases[i].address) != cases[i].valid) {
            fail_msg("%s", cases[i].address);
        }
    }
}

static void test_addresses_have_their_greatest_lengths(void **state)
{
    const struct work *work = *state;
    const char *local = TEN("abcdef") "abcd";
    const char *three = arena_printf(work->arena, "%s.%s", label_of_63, label_of_63);

    assert_true(mail_address_valid(arena_printf(work->arena, "%s@x.no", local)));
    assert_false(mail_address_valid(arena_printf(work->arena, "%se@x.no", local)));
    assert_true(mail_address_valid(arena_printf(work->arena, "a@%s.no", label_of_63)));
    assert_false(mail_address_valid(arena_printf(work->arena, "a@x%s.no", label_of_63)));
    /* 64 + 1 + 127 + 1 + 61 = 254 */
    const char *longest = arena_printf(work->arena, "%s@%s.%.61s", local, three, label_of_63);
    assert_int_equal(strlen(longest), 254);
    assert_true(mail_address_valid(longest));
    assert_false(mail_address_valid(arena_printf(work->arena, "%sd", longest)));
}

static void test_a_plain_mail_reads_as_it_is_written(void **state)
{
    const struct work *work = *state;
    const struct mail mail = plain_mail();

    assert_string_equal(mail_write(work->arena, &mail),
                        "From: mentorwatch <mentorwatch@example.org>\r\n"
                        "To: Kari Nordmann <kari@example.no>\r\n"
                        "Subject: Your certification has expired\r\n"
                        "Date: Sun, 1 Mar 2026 08:05:09 +0000\r\n"
                        "Message-ID: <msg-00940@example.org>\r\n"
                        "Auto-Submitted: auto-generated\r\n"
                        "X-Auto-Response-Suppress: All\r\n"
                        "MIME-Version: 1.0\r\n"
                        "Content-Type: text/plain; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n"
                        "\r\n"
                        "Hi\r\n");
}

static void test_html_stands_beside_the_text_as_the_better_alternative(void **state)
{
    const struct work *work = *state;
    struct mail mail = plain_mail();

    mail.html = "<p>H\xC3\xA5</p>";
    const char *message = mail_write(work->arena, &mail);
    const char *boundary = strstr(message, "boundary=\"");
    assert_non_null(boundary);
    boundary = arena_bytes(work->arena, boundary + 10, strcspn(boundary + 10, "\""));
    assert_string_equal(strstr(message, "\r\n\r\n"),
                        arena_printf(work->arena,
                                     "\r\n\r\n"
                                     "--%s\r\n"
                                     "Content-Type: text/plain; charset=utf-8\r\n"
                                     "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                                     "Hi\r\n"
                                     "\r\n--%s\r\n"
                                     "Content-Type: text/html; charset=utf-8\r\n"
                                     "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                                     "<p>H=C3=A5</p>\r\n"
                                     "\r\n--%s--\r\n",
                                     boundary, boundary, boundary));
    assert_string_equal(mail_write(work->arena, &mail), message);
    mail.text = arena_printf(work->arena, "x\n--%s--\n", boundary);
    assert_non_null(strstr(mail_write(work->arena, &mail), "x\r\n--=3D_"));
}

static void test_a_mail_says_where_to_ask_for_no_more(void **state)
{
    const struct work *work = *state;
    struct mail mail = plain_mail();

    assert_null(strstr(mail_write(work->arena, &mail), "List-"));
    mail.list_unsubscribe = "mailto:nomore@example.org?subject=Unsubscribe";
    assert_string_equal(header(work, &mail, "List-Unsubscribe"),
                        "<mailto:nomore@example.org?subject=Unsubscribe>");
}

static void test_a_date_has_its_day_of_the_week(void **state)
{
    static const char *const cases[][2] = {
        {"1970-01-01T00:00:00Z", "Thu, 1 Jan 1970 00:00:00 +0000" },
        {"2000-02-29T23:59:59Z", "Tue, 29 Feb 2000 23:59:59 +0000"},
        {"2026-11-22T12:00:00Z", "Sun, 22 Nov 2026 12:00:00 +0000"},
        {"9999-12-31T00:00:00Z", "Fri, 31 Dec 9999 00:00:00 +0000"},
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct mail mail = plain_mail();
        assert_true(instant_parse(&mail.date, cases[i][0]));
        assert_string_equal(header(work, &mail, "Date"), cases[i][1]);
    }
}

static void test_a_name_is_bare_quoted_or_encoded_by_need(void **state)
{
    static const char *const cases[][2] = {
        {"Kari Nordmann",            "Kari Nordmann <kari@example.no>"                           },
        {"Nordmann, Kari",           "\"Nordmann, Kari\" <kari@example.no>"                      },
        {"Dr. Kari",                 "\"Dr. Kari\" <kari@example.no>"                            },
        {"Kari \"K\" N\\",           "\"Kari \\\"K\\\" N\\\\\" <kari@example.no>"                },
        {"a@b.no",                   "\"a@b.no\" <kari@example.no>"                              },
        {"K\xC3\xA5re Vik",          "=?UTF-8?Q?K=C3=A5re_Vik?= <kari@example.no>"               },
        {"\xC3\x86\xC3\x98\xC3\x85", "=?UTF-8?B?w4bDmMOF?= <kari@example.no>"                    },
        {"=?UTF-8?Q?fake?=",         "=?UTF-8?Q?=3D=3FUTF-8=3FQ=3Ffake=3F=3D?= <kari@example.no>"},
        {"",                         "<kari@example.no>"                                         },
        {"  ",                       "<kari@example.no>"                                         },
        {NULL,                       "<kari@example.no>"                                         },
        {"Kari\r\nBcc: x@y.no",      "=?UTF-8?Q?Kari__Bcc=3A_x=40y=2Eno?= <kari@example.no>"     },
        {"K\xC3\xA5re\nBcc: x",      "=?UTF-8?Q?K=C3=A5re_Bcc=3A_x?= <kari@example.no>"          },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(recipient(work, cases[i][0]), cases[i][1]);
    }
}

static void test_a_subject_is_encoded_by_need(void **state)
{
    static const char *const cases[][2] = {
        {"Plain, with: specials (really)", "Plain, with: specials (really)"            },
        {"utl\xC3\xB8per",                 "=?UTF-8?Q?utl=C3=B8per?="                  },
        {"\xE2\x82\xAC\xE2\x82\xAC",       "=?UTF-8?B?4oKs4oKs?="                      },
        {"\xC3\xA6",                       "=?UTF-8?B?w6Y=?="                          },
        {"\xC3\xA6\xC3\xA6",               "=?UTF-8?B?w6bDpg==?="                      },
        {"\xC3\x86\xC3\x98\xC3\x85 x",     "=?UTF-8?B?w4bDmMOFIHg=?="                  },
        {"x\r\nBcc: evil@x.no",            "=?UTF-8?Q?x__Bcc=3A_evil=40x=2Eno?="       },
        {"x\r\n\r\nbody",                  "=?UTF-8?Q?x____body?="                     },
        {"tab\tbell\a",                    "tab bell"                                  },
        {"next\xC2\x85line",               "=?UTF-8?Q?next__line?="                    },
        {"not UTF-8 \xE5",                 "not UTF-8 ?"                               },
        {"fake =?UTF-8?Q?x?=",             "=?UTF-8?Q?fake_=3D=3FUTF-8=3FQ=3Fx=3F=3D?="},
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(subject(work, cases[i][0]), cases[i][1]);
    }
}

/* Each encoded word must decode by itself: count what the words say, character by character. */
static size_t characters_in_q_words(const char *value)
{
    size_t count = 0;

    for (const char *at = strstr(value, "?Q?"); at != NULL; at = strstr(at, "?Q?")) {
        at += 3;
        while (*at != '?') {
            const bool coded = *at == '=';
            /* A word that begins with a continuation byte has cut a character. */
            assert_false(coded && at[-1] == '?' &&
                         (at[1] == '8' || at[1] == '9' || at[1] == 'A' || at[1] == 'B'));
            count += !coded || at[1] == 'C';
            at += coded ? 3 : 1;
        }
    }
    return count;
}

static void check_lines(const char *message)
{
    for (const char *line = message; *line != '\0';) {
        const size_t length = strcspn(line, "\r");
        assert_memory_equal(line + length, "\r\n", 2);
        assert_true(length <= LINE_MAX_SMTP);
        for (size_t i = 0; i < length; i++) {
            assert_in_range(line[i], ' ', '~');
        }
        if (memmem(line, length, "=?UTF-8?", 8) != NULL) {
            assert_true(length <= LINE_MAX_ENCODED);
        }
        line += length + 2;
    }
}

static void test_long_words_are_cut_between_characters(void **state)
{
    const struct work *work = *state;

    for (size_t shift = 0; shift < 8; shift++) {
        const char *words = arena_printf(work->arena, "%.*s" TEN(TEN("\xC3\xB8yer ")) "end",
                                         (int)shift, "abcdefgh");
        struct mail mail = plain_mail();
        mail.subject = words;
        mail.from_name = words;
        mail.to_name = TEN(TEN("\xE2\x82\xAC"));
        check_lines(mail_write(work->arena, &mail));
        assert_int_equal(characters_in_q_words(subject(work, words)), shift + 503);
    }
}

static void test_words_in_base64_hold_whole_characters(void **state)
{
    const struct work *work = *state;

    /* 39 bytes fit the first word: nine characters of four. */
    assert_string_equal(subject(work, TEN("\xF0\x9F\x98\x80") "\xF0\x9F\x98\x80"),
                        "=?UTF-8?B?8J+YgPCfmIDwn5iA8J+YgPCfmIDwn5iA8J+YgPCfmIDwn5iA?= "
                        "=?UTF-8?B?8J+YgPCfmIA=?=");
    /* 19 characters of two, so that its last group is not full. */
    assert_string_equal(subject(work, TEN("\xC3\xA6\xC3\xA6")),
                        "=?UTF-8?B?w6bDpsOmw6bDpsOmw6bDpsOmw6bDpsOmw6bDpsOmw6bDpsOmw6Y=?= "
                        "=?UTF-8?B?w6Y=?=");
}

static void test_long_plain_headers_are_folded_at_spaces(void **state)
{
    const struct work *work = *state;
    const char *words = TEN(TEN("word ")) "end";
    struct mail mail = plain_mail();
    char *endless = arena_alloc(work->arena, 2001);

    mail.subject = words;
    mail.to_name = words;
    const char *message = mail_write(work->arena, &mail);
    check_lines(message);
    for (const char *line = message; *line != '\0'; line += strcspn(line, "\n") + 1) {
        assert_true(strcspn(line, "\r") <= LINE_MAX_ENCODED);
    }
    assert_string_equal(subject(work, words), words);

    memset(endless, 'x', 2000);
    mail.subject = endless;
    mail.from_name = endless;
    check_lines(mail_write(work->arena, &mail));
}

static void test_no_folded_line_is_blank(void **state)
{
    const struct work *work = *state;
    const char *gap = "a" TEN(TEN(" ")) "b";
    struct mail mail = plain_mail();

    mail.subject = gap;
    mail.to_name = gap;
    const char *message = mail_write(work->arena, &mail);
    check_lines(message);
    for (const char *line = message; *line != '\0'; line += strcspn(line, "\n") + 1) {
        const size_t length = strcspn(line, "\r");
        assert_true(length == 0 || strspn(line, " ") < length);
    }
}

static void test_no_value_can_add_a_header_or_a_body(void **state)
{
    static const char attack[] = "x\xC3\xA5\r\nBcc: evil@x.no\r\n\r\nbody\n.\r\nMAIL FROM:<a@b>";
    const struct work *work = *state;
    const struct mail mail = {
        .message_id = attack,
        .from = attack,
        .from_name = attack,
        .to = attack,
        .to_name = attack,
        .subject = attack,
        .list_unsubscribe = attack,
        .text = "text",
        .date = plain_mail().date,
    };
    const char *message = mail_write(work->arena, &mail);

    check_lines(message);
    assert_null(strstr(message, "\r\nBcc"));
    assert_null(strstr(message, "\r\nMAIL"));
    assert_string_equal(strstr(message, "\r\n\r\n"), "\r\n\r\ntext\r\n");
}

static void test_a_body_is_quoted_printable_with_crlf(void **state)
{
    static const char *const cases[][2] = {
        {"",                  ""                      },
        {"a",                 "a\r\n"                 },
        {"a\n",               "a\r\n"                 },
        {"a\r\nb\n",          "a\r\nb\r\n"            },
        {"\n\n",              "\r\n\r\n"              },
        {"K\xC3\xA5re = 1\n", "K=C3=A5re =3D 1\r\n"   },
        {"blank \nend\t\n",   "blank=20\r\nend=09\r\n"},
        {" a b\n",            " a b\r\n"              },
        {"a\rb\n",            "a=0Db\r\n"             },
        {"\x01\x7F\n",        "=01=7F\r\n"            },
        {".\n..\n.QUIT\n",    ".\r\n..\r\n.QUIT\r\n"  },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(body(work, cases[i][0]), cases[i][1]);
    }
}

static void test_a_long_body_line_breaks_softly_at_seventy_six(void **state)
{
    const struct work *work = *state;
    const char *exactly_76 = TEN("1234567") "123456";

    assert_string_equal(body(work, arena_printf(work->arena, "%s\n", exactly_76)),
                        arena_printf(work->arena, "%s\r\n", exactly_76));
    assert_string_equal(body(work, arena_printf(work->arena, "%s7\n", exactly_76)),
                        arena_printf(work->arena, "%.75s=\r\n67\r\n", exactly_76));
    for (int shift = 0; shift < 8; shift++) {
        const char *text =
            arena_printf(work->arena, "%.*s" TEN(TEN("\xC3\xB8=")), shift, "abcdefgh");
        for (const char *line = body(work, text); *line != '\0';) {
            const size_t length = strcspn(line, "\r");
            assert_true(length <= LINE_MAX_ENCODED);
            line += length + 2;
        }
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_only_plain_addresses_are_valid),
        PROMISE(test_addresses_have_their_greatest_lengths),
        PROMISE(test_a_plain_mail_reads_as_it_is_written),
        PROMISE(test_html_stands_beside_the_text_as_the_better_alternative),
        PROMISE(test_a_mail_says_where_to_ask_for_no_more),
        PROMISE(test_a_date_has_its_day_of_the_week),
        PROMISE(test_a_name_is_bare_quoted_or_encoded_by_need),
        PROMISE(test_a_subject_is_encoded_by_need),
        PROMISE(test_long_words_are_cut_between_characters),
        PROMISE(test_words_in_base64_hold_whole_characters),
        PROMISE(test_long_plain_headers_are_folded_at_spaces),
        PROMISE(test_no_folded_line_is_blank),
        PROMISE(test_no_value_can_add_a_header_or_a_body),
        PROMISE(test_a_body_is_quoted_printable_with_crlf),
        PROMISE(test_a_long_body_line_breaks_softly_at_seventy_six),
    };
    return RUN_ALL(promises);
}
