/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/text.h"
#include "wire/json.h"

#include <stdbool.h>
#include <stdio.h>

struct part {
    const char *name;
    int64_t weight;
};

struct thing {
    const char *thing_id;
    const char *remark;
    const char *secret;
    int64_t count;
    bool ready;
    struct instant made_at;
    struct instant seen_at;
    struct list tags;
    struct list parts;
};

static const struct field part_fields[] = {
    FIELD(struct part, name, .is = FIELD_REQUIRED, .min = 1),
    FIELD(struct part, weight),
};

static const struct record part_record = RECORD(struct part, part_fields);

static const struct field input_fields[] = {
    FIELD(struct thing, thing_id, .is = FIELD_REQUIRED, .min = 1, .max = 8),
    FIELD(struct thing, remark, .is = FIELD_NULLABLE, .fallback = "none"),
    FIELD(struct thing, count, .min = 1, .max = 100, .fallback = "20"),
    FIELD(struct thing, ready),
    FIELD(struct thing, made_at),
    FIELD(struct thing, tags, .max = 4),
    FIELD(struct thing, parts, .of = &part_record),
};

static const struct record input = RECORD(struct thing, input_fields);

static const struct field output_fields[] = {
    FIELD(struct thing, thing_id),
    FIELD(struct thing, remark, .is = FIELD_OMITTED),
    FIELD(struct thing, secret, .is = FIELD_SECRET),
    FIELD(struct thing, count),
    FIELD(struct thing, ready),
    FIELD(struct thing, made_at),
    FIELD(struct thing, seen_at, .is = FIELD_OMITTED | FIELD_MILLIS),
    FIELD(struct thing, tags),
    FIELD(struct thing, parts, .is = FIELD_OMITTED, .of = &part_record),
};

static const struct record output = RECORD(struct thing, output_fields);

static enum outcome read(struct thing *out, struct work *work, const char *json)
{
    *out = (struct thing){0};
    return json_read(out, work, &input, &output, json, strlen(json), NULL);
}

static void test_a_body_fills_the_struct(void **state)
{
    struct work *work = *state;
    struct thing thing;

    assert_int_equal(read(&thing, work,
                          " {\"thing_id\": \"t\\u00e5\\\"\", \"remark\": \"K\xC3\xA5re\","
                          "\"count\": 7, \"ready\": true, \"made_at\": "
                          "\"2026-03-01T01:00:00+01:00\", \"tags\": [\"a\", \"b\"],"
                          "\"parts\": [{\"name\": \"lid\", \"weight\": -3}]} \n"),
                     OK);
    assert_string_equal(thing.thing_id, "t\xC3\xA5\"");
    assert_string_equal(thing.remark, "K\xC3\xA5re");
    assert_int_equal(thing.count, 7);
    assert_true(thing.ready);
    assert_string_equal(instant_format(work->arena, thing.made_at, SECONDS),
                        "2026-03-01T00:00:00Z");
    assert_int_equal(thing.tags.count, 2);
    assert_string_equal(((const char *const *)thing.tags.items)[1], "b");
    assert_int_equal(thing.parts.count, 1);
    assert_string_equal(((const struct part *)thing.parts.items)[0].name, "lid");
    assert_int_equal(((const struct part *)thing.parts.items)[0].weight, -3);
}

static void test_fields_that_are_not_given_get_their_fallback(void **state)
{
    struct work *work = *state;
    struct thing thing;

    assert_int_equal(read(&thing, work, "{\"thing_id\":\"t\"}"), OK);
    assert_string_equal(thing.remark, "none");
    assert_int_equal(thing.count, 20);
    assert_false(thing.ready);
    assert_false(instant_given(thing.made_at));
    assert_int_equal(thing.tags.count, 0);
}

static void test_a_null_overrides_the_fallback(void **state)
{
    struct work *work = *state;
    struct thing thing;

    assert_int_equal(read(&thing, work, "{\"thing_id\":\"t\",\"remark\":null}"), OK);
    assert_null(thing.remark);
}

static void test_what_was_given_is_told_null_included(void **state)
{
    static const char json[] = "{\"ready\":false,\"thing_id\":\"t\",\"remark\":null}";
    struct work *work = *state;
    struct thing thing = {0};
    uint64_t given = 0;

    assert_int_equal(json_read(&thing, work, &input, NULL, json, strlen(json), &given), OK);
    assert_int_equal(given, 1 << 0 | 1 << 1 | 1 << 3);
}

static void test_each_bad_value_is_a_fault_of_its_field(void **state)
{
    static const char *const cases[][2] = {
        {"{}",                                                                                  "thing_id is required"                      },
        {"{\"thing_id\":null}",                                                                 "thing_id must not be null"                 },
        {"{\"thing_id\":\"\"}",                                                                 "thing_id must not be empty"                },
        {"{\"thing_id\":\"123456789\"}",                                                        "thing_id must have at most 8 characters"   },
        {"{\"thing_id\":5}",                                                                    "thing_id must be a string"                 },
        {"{\"thing_id\":[\"t\"]}",                                                              "thing_id must be a string"                 },
        {"{\"thing_id\":\"a\\nb\"}",                                                            "thing_id must not hold control characters" },
        {"{\"thing_id\":\"t\",\"remark\":{}}",                                                  "remark must be a string"                   },
        {"{\"thing_id\":\"t\",\"count\":1.0}",                                                  "count must be a whole number from 1 to 100"},
        {"{\"thing_id\":\"t\",\"count\":1e2}",                                                  "count must be a whole number from 1 to 100"},
        {"{\"thing_id\":\"t\",\"count\":\"7\"}",                                                "count must be a whole number from 1 to 100"},
        {"{\"thing_id\":\"t\",\"count\":true}",                                                 "count must be a whole number from 1 to 100"},
        {"{\"thing_id\":\"t\",\"count\":0}",                                                    "count must be a whole number from 1 to 100"},
        {"{\"thing_id\":\"t\",\"count\":9223372036854775807}",
         "count must be a whole number from 1 to 100"                                                                                       },
        {"{\"thing_id\":\"t\",\"count\":null}",                                                 "count must not be null"                    },
        {"{\"thing_id\":\"t\",\"ready\":\"true\"}",                                             "ready must be true or false"               },
        {"{\"thing_id\":\"t\",\"ready\":1}",                                                    "ready must be true or false"               },
        {"{\"thing_id\":\"t\",\"made_at\":1772323200}",
         "made_at must be an RFC 3339 time, such as 2026-03-01T00:00:00Z"                                                                   },
        {"{\"thing_id\":\"t\",\"made_at\":\"2026-02-29T00:00:00Z\"}",
         "made_at must be an RFC 3339 time, such as 2026-03-01T00:00:00Z"                                                                   },
        {"{\"thing_id\":\"t\",\"tags\":\"a\"}",                                                 "tags must be a list"                       },
        {"{\"thing_id\":\"t\",\"tags\":{}}",                                                    "tags must be a list"                       },
        {"{\"thing_id\":\"t\",\"tags\":[\"a\",1,null,\"abcde\"]}",
         "tags[1] must be a string; tags[2] must be a string; "
         "tags[3] must have at most 4 characters"                                                                                           },
        {"{\"thing_id\":\"t\",\"parts\":[{\"name\":\"lid\"},5,{\"weight\":1.5,\"colour\":1}]}",
         "parts[1] must be an object; parts[2].name is required; "
         "parts[2].weight must be a whole number; parts[2].colour is not known here"                                                        },
        {"{\"thing_id\":\"t\",\"colour\":\"red\"}",                                             "colour is not known here"                  },
        {"{\"thing_id\":\"t\",\"seen_at\":null}",                                               "seen_at is read-only"                      },
        {"{\"thing_id\":\"t\",\"Thing_id\":\"t\"}",                                             "Thing_id is not known here"                },
        {"{\"thing_id\":\"t\",\"\":1}",                                                         " is not known here"                        },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct work *work = *state;
        struct thing thing;
        work_clear(work);
        assert_int_equal(read(&thing, work, cases[i][0]), INVALID);
        assert_string_equal(faults_of(work), cases[i][1]);
    }
}

static void test_all_faults_come_at_once(void **state)
{
    struct work *work = *state;
    struct thing thing;

    assert_int_equal(read(&thing, work, "{\"colour\":1,\"count\":0,\"ready\":3,\"seen_at\":2}"),
                     INVALID);
    assert_string_equal(faults_of(work),
                        "thing_id is required; count must be a whole number from 1 to 100; "
                        "ready must be true or false; colour is not known here; "
                        "seen_at is read-only");
    assert_string_equal(work->failure.sentence, "thing_id is required");
}

static void test_what_is_no_json_object_is_malformed(void **state)
{
    static const char *const cases[] = {
        "",
        " ",
        "null",
        "5",
        "\"text\"",
        "[]",
        "[{\"thing_id\":\"t\"}]",
        "{",
        "{\"thing_id\":\"t\"",
        "{\"thing_id\":\"t\"}}",
        "{\"thing_id\":\"t\"} x",
        "{\"thing_id\":\"t\",}",
        "{\"thing_id\" \"t\"}",
        "{thing_id:\"t\"}",
        "{'thing_id':'t'}",
        "{\"thing_id\":\"t\"/* remark */}",
        "{\"thing_id\":\"t}",
        "{\"thing_id\":\"\\x\"}",
        "{\"thing_id\":\"\\ud800\"}",
        "{\"thing_id\":\"a\\u0000b\"}",
        "{\"a\\u0000b\":1}",
        "{\"thing_id\":\"a\nb\"}",
        "{\"thing_id\":\"\xC0\xAF\"}",
        "{\"thing_id\":\"\xED\xA0\x80\"}",
        "{\"thing_id\":\"\xFF\"}",
        "{\"count\":01}",
        "{\"count\":+1}",
        "{\"count\":.5}",
        "{\"count\":NaN}",
        "{\"count\":99999999999999999999}",
        "{\"count\":1e999}",
        "\xEF\xBB\xBF{\"thing_id\":\"t\"}",
        "{\"thing_id\":tru}",
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct work *work = *state;
        struct thing thing;
        size_t characters;
        work_clear(work);
        if (read(&thing, work, cases[i]) != MALFORMED) {
            fail_msg("%s: %s", cases[i], faults_of(work));
        }
        assert_true(utf8_length(work->failure.sentence, &characters));
        assert_null(work->failure.faults);
    }
}

static void test_the_reason_is_said_with_its_place(void **state)
{
    static const char *const cases[][2] = {
        {"{\"a\":\n 1",                  "it ends too early (line 2, column "        },
        {"{} x",                         "something follows its end (line 1, column "},
        {"{\"a\":1,\"a\":2}",            "a key is given twice (line 1, column "     },
        {"{\"a\":99999999999999999999}", "a number is too large (line 1, column "    },
        {"{\"a\":\"\\u0000\"}",          "a text holds a NUL (line 1, column "       },
        {"{\"\\u0000\":1}",              "a key holds a NUL (line 1, column "        },
        {"{\"a\":\"\xFF\"}",             "it is not UTF-8 (line 1, column "          },
        {"{\"a\":\"\\\xC3\xA5\"}",       "it is not written as JSON (line 1, column "},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct work *work = *state;
        struct thing thing;
        assert_int_equal(read(&thing, work, cases[i][0]), MALFORMED);
        const char *expected =
            arena_printf(work->arena, "the JSON cannot be read: %s", cases[i][1]);
        assert_memory_equal(work->failure.sentence, expected, strlen(expected));
    }
}

static void test_a_nul_byte_is_malformed(void **state)
{
    static const char json[] = "{\"thing_id\":\"t\"}\0{}";
    static const char inside[] = "{\"thing_id\":\"a\0b\"}";
    struct work *work = *state;
    struct thing thing = {0};

    assert_int_equal(json_read(&thing, work, &input, NULL, json, sizeof(json) - 1, NULL),
                     MALFORMED);
    assert_int_equal(json_read(&thing, work, &input, NULL, inside, sizeof(inside) - 1, NULL),
                     MALFORMED);
}

static void test_only_the_given_length_is_read(void **state)
{
    struct work *work = *state;
    struct thing thing = {0};

    assert_int_equal(json_read(&thing, work, &input, NULL, "{\"thing_id\":\"t\"}garbage", 16, NULL),
                     OK);
}

static void test_a_repeated_key_is_malformed(void **state)
{
    struct work *work = *state;
    struct thing thing;

    assert_int_equal(read(&thing, work, "{\"thing_id\":\"t\",\"thing_id\":\"t\"}"), MALFORMED);
    assert_int_equal(read(&thing, work, "{\"thing_id\":\"t\",\"thing\\u005fid\":\"u\"}"),
                     MALFORMED);
    assert_int_equal(
        read(&thing, work, "{\"thing_id\":\"t\",\"parts\":[{\"name\":\"a\",\"name\":\"b\"}]}"),
        MALFORMED);
}

/* `depth` brackets of one kind, closed or not. */
static char *nested(const struct work *work, char opening, char closing, size_t depth)
{
    char *json = arena_alloc(work->arena, 2 * depth + 1);

    memset(json, opening, depth);
    memset(json + depth, closing, depth);
    return json;
}

static void test_nesting_ends_at_sixteen(void **state)
{
    struct work *work = *state;
    struct thing thing;
    const char *allowed = arena_printf(work->arena, "{\"x\":%s}", nested(work, '[', ']', 15));
    const char *too_deep = arena_printf(work->arena, "{\"x\":%s}", nested(work, '[', ']', 16));

    assert_int_equal(read(&thing, work, allowed), INVALID);
    assert_string_equal(faults_of(work), "thing_id is required; x is not known here");
    assert_int_equal(read(&thing, work, too_deep), MALFORMED);
    assert_string_equal(work->failure.sentence, "the JSON is nested more than 16 levels deep");
}

static void test_lists_side_by_side_are_no_nesting(void **state)
{
    struct work *work = *state;
    struct thing thing;
    struct text json = text_in(work->arena);

    text_add(&json, "{\"thing_id\":\"t\",\"x\":[");
    for (int i = 0; i < 20; i++) {
        text_add(&json, "[],{},");
    }
    text_add(&json, "0]}");
    assert_int_equal(read(&thing, work, text_done(&json)), INVALID);
    assert_string_equal(faults_of(work), "x is not known here");
}

static void test_a_hundred_thousand_brackets_do_no_harm(void **state)
{
    struct work *work = *state;
    struct thing thing;

    assert_int_equal(read(&thing, work, nested(work, '[', '[', 50000)), MALFORMED);
    assert_int_equal(read(&thing, work, nested(work, '{', '[', 50000)), MALFORMED);
    assert_int_equal(read(&thing, work, nested(work, ']', '}', 50000)), MALFORMED);
}

static void test_brackets_inside_strings_are_no_nesting(void **state)
{
    struct work *work = *state;
    struct thing thing;
    const char *json = arena_printf(work->arena, "{\"thing_id\":\"t\",\"remark\":\"\\\\\\\"%s\"}",
                                    nested(work, '[', '{', 50));

    assert_int_equal(read(&thing, work, json), OK);
    assert_int_equal(strlen(thing.remark), 102);
}

static void test_thousands_of_unknown_keys_are_all_named(void **state)
{
    struct work *work = *state;
    struct thing thing;
    struct text json = text_in(work->arena);
    size_t count = 0;

    text_add(&json, "{\"thing_id\":\"t\"");
    for (int i = 0; i < 20000; i++) {
        text_add_format(&json, ",\"k%d\":0", i);
    }
    text_add(&json, "}");
    assert_int_equal(read(&thing, work, text_done(&json)), INVALID);
    for (const struct fault *at = work->failure.faults; at != NULL; at = at->next) {
        count++;
    }
    assert_int_equal(count, 20000);
}

static struct instant at(const char *text)
{
    struct instant instant = {0};

    assert_true(instant_parse(&instant, text));
    return instant;
}

static void test_an_object_is_written_in_the_records_order(void **state)
{
    const struct work *work = *state;
    const char *tags[] = {"a", "b"};
    struct part parts[] = {
        {"lid", 1 },
        {NULL,  -2},
    };
    const struct thing thing = {
        .thing_id = "t1",
        .remark = "K\xC3\xA5re",
        .secret = "hidden",
        .count = -7,
        .ready = true,
        .made_at = at("2026-03-01T00:00:00.999Z"),
        .seen_at = at("2026-03-01T00:00:00.042Z"),
        .tags = {tags,  2},
        .parts = {parts, 2},
    };

    assert_string_equal(json_write(work->arena, &output, &thing),
                        "{\"thing_id\":\"t1\",\"remark\":\"K\xC3\xA5re\",\"count\":-7,"
                        "\"ready\":true,\"made_at\":\"2026-03-01T00:00:00Z\","
                        "\"seen_at\":\"2026-03-01T00:00:00.042Z\",\"tags\":[\"a\",\"b\"],"
                        "\"parts\":[{\"name\":\"lid\",\"weight\":1},"
                        "{\"name\":null,\"weight\":-2}]}");
}

static void test_what_is_absent_is_null_or_left_out(void **state)
{
    const struct work *work = *state;
    const struct thing thing = {0};

    assert_string_equal(json_write(work->arena, &output, &thing),
                        "{\"thing_id\":null,\"count\":0,\"ready\":false,\"made_at\":null,"
                        "\"tags\":[]}");
}

static void test_no_text_can_break_the_json(void **state)
{
    static const struct field fields[] = {FIELD(struct thing, thing_id)};
    static const struct record record = RECORD(struct thing, fields);
    static const char *const cases[][2] = {
        {"a\"b\\c/",                     "a\\\"b\\\\c/"                                     },
        {"\n\r\t\b\f\x01\x1F\x7F",       "\\n\\u000d\\u0009\\u0008\\u000c\\u0001\\u001f\x7F"},
        {"\xE2\x82\xAC\xF0\x9F\x98\x80", "\xE2\x82\xAC\xF0\x9F\x98\x80"                     },
        {"a\xC0\xAF\"",                  "a\\ufffd\\ufffd\\\""                              },
        {"\xE2\x82",                     "\\ufffd\\ufffd"                                   },
        {"",                             ""                                                 },
        {"two words",                    "two words"                                        },
        {"\x80",                         "\\ufffd"                                          },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct thing thing = {.thing_id = cases[i][0]};
        assert_string_equal(json_write(work->arena, &record, &thing),
                            arena_printf(work->arena, "{\"thing_id\":\"%s\"}", cases[i][1]));
    }
}

static void test_what_is_written_can_be_read_again(void **state)
{
    struct work *work = *state;
    const char *tags[] = {"\xF0\x9F\x98\x80", "\\\"/"};
    struct part part = {"K\xC3\xA5re \\u0041", INT64_MIN};
    struct thing thing = {
        .thing_id = "t", .count = 1, .tags = {tags,  2},
                .parts = {&part, 1}
    };
    struct thing back;

    thing.made_at = at("9999-12-31T23:59:59Z");
    const char *json = json_write(work->arena, &input, &thing);
    assert_int_equal(read(&back, work, json), OK);
    assert_string_equal(json_write(work->arena, &input, &back), json);
}

static void test_a_page_wraps_its_items(void **state)
{
    const struct work *work = *state;
    struct part parts[] = {
        {"lid", 1},
        {"box", 2},
    };

    assert_string_equal(
        json_write_page(work->arena, &part_record, (struct list){parts, 2}, 3, 2, 84),
        "{\"data\":[{\"name\":\"lid\",\"weight\":1},{\"name\":\"box\",\"weight\":2}],"
        "\"pagination\":{\"page\":3,\"limit\":2,\"total\":84}}");
    assert_string_equal(
        json_write_page(work->arena, &part_record, (struct list){NULL, 0}, 1, 20, 0),
        "{\"data\":[],\"pagination\":{\"page\":1,\"limit\":20,\"total\":0}}");
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_body_fills_the_struct),
        PROMISE(test_fields_that_are_not_given_get_their_fallback),
        PROMISE(test_a_null_overrides_the_fallback),
        PROMISE(test_what_was_given_is_told_null_included),
        PROMISE(test_each_bad_value_is_a_fault_of_its_field),
        PROMISE(test_all_faults_come_at_once),
        PROMISE(test_what_is_no_json_object_is_malformed),
        PROMISE(test_the_reason_is_said_with_its_place),
        PROMISE(test_a_nul_byte_is_malformed),
        PROMISE(test_only_the_given_length_is_read),
        PROMISE(test_a_repeated_key_is_malformed),
        PROMISE(test_nesting_ends_at_sixteen),
        PROMISE(test_lists_side_by_side_are_no_nesting),
        PROMISE(test_a_hundred_thousand_brackets_do_no_harm),
        PROMISE(test_brackets_inside_strings_are_no_nesting),
        PROMISE(test_thousands_of_unknown_keys_are_all_named),
        PROMISE(test_an_object_is_written_in_the_records_order),
        PROMISE(test_what_is_absent_is_null_or_left_out),
        PROMISE(test_no_text_can_break_the_json),
        PROMISE(test_what_is_written_can_be_read_again),
        PROMISE(test_a_page_wraps_its_items),
    };
    return RUN_ALL(promises);
}
