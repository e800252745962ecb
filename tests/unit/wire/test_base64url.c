/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "wire/base64url.h"

#include <stdbool.h>

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){(const unsigned char *)text, strlen(text)};
}

static bool decode(struct bytes *out, const struct work *work, const char *text)
{
    return base64url_decode(out, work->arena, text, strlen(text));
}

static void test_bytes_and_text_stand_for_each_other(void **state)
{
    static const char *const cases[][2] = {
        {"",                 ""        },
        {"f",                "Zg"      },
        {"fo",               "Zm8"     },
        {"foo",              "Zm9v"    },
        {"foob",             "Zm9vYg"  },
        {"fooba",            "Zm9vYmE" },
        {"foobar",           "Zm9vYmFy"},
        {"\xFB\xFF\xFE",     "-__-"    },
        {"\xFF\xFF\xFF\xFF", "_____w"  },
    };
    const struct work *work = *state;
    struct bytes back;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(base64url_encode(work->arena, bytes_of(cases[i][0])), cases[i][1]);
        assert_true(decode(&back, work, cases[i][1]));
        assert_int_equal(back.length, strlen(cases[i][0]));
        assert_memory_equal(back.at, cases[i][0], back.length);
    }
}

static void test_the_plain_form_has_its_own_digits_and_padding(void **state)
{
    static const char *const cases[][2] = {
        {"",             ""        },
        {"f",            "Zg=="    },
        {"fo",           "Zm8="    },
        {"foo",          "Zm9v"    },
        {"\xFB\xFF\xFE", "+//+"    },
        {"foob",         "Zm9vYg=="},
    };
    static const char *const wrong[] = {"Zg",   "Zg=",  "Zg===", "Zm8",  "Zh==",     "Zm9=",
                                        "-__-", "====", "=Zg=",  "Z===", "Zg==Zg==", "Zm9v===="};
    const struct work *work = *state;
    struct bytes back;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *text = base64_encode(work->arena, bytes_of(cases[i][0]));
        assert_string_equal(text, cases[i][1]);
        assert_true(base64_decode(&back, work->arena, text, strlen(text)));
        assert_int_equal(back.length, strlen(cases[i][0]));
        assert_memory_equal(back.at, cases[i][0], back.length);
    }
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        if (base64_decode(&back, work->arena, wrong[i], strlen(wrong[i]))) {
            fail_msg("\"%s\" was decoded", wrong[i]);
        }
    }
}

static void test_every_byte_survives(void **state)
{
    const struct work *work = *state;
    unsigned char all[256];

    for (size_t i = 0; i < sizeof(all); i++) {
        all[i] = (unsigned char)i;
    }
    for (size_t length = 0; length <= sizeof(all); length++) {
        struct bytes back;
        assert_true(
            decode(&back, work, base64url_encode(work->arena, (struct bytes){all, length})));
        assert_int_equal(back.length, length);
        assert_memory_equal(back.at, all, length);
    }
}

static void test_nothing_else_is_decoded(void **state)
{
    static const char *const cases[] = {"Z",                      /* half a byte */
                                        "A",    "Zm9vA", "Zm9vY", /* the same behind whole ones */
                                        "Zh",   /* left-over bits that are not zero */
                                        "Zm9",  /* the same with two bits */
                                        "Zg==", /* padding */
                                        "Zg=",  "Zm9v=", "====",   "+__-",      "-/__",
                                        " Zg",  "Zg ",   "Zg\n",   "Zm 9v",     "Zm\r\n9v",
                                        "Zm.v", "Zm,v",  "Z\x80g", "\xC3\xA5g", "Zm%39v"};
    const struct work *work = *state;
    struct bytes out;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (decode(&out, work, cases[i])) {
            fail_msg("\"%s\" was decoded", cases[i]);
        }
    }
    assert_false(base64url_decode(&out, work->arena, "Zm\0v", 4));
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_bytes_and_text_stand_for_each_other),
        PROMISE(test_the_plain_form_has_its_own_digits_and_padding),
        PROMISE(test_every_byte_survives),
        PROMISE(test_nothing_else_is_decoded),
    };
    return RUN_ALL(promises);
}
