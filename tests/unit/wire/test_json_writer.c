/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "wire/json_writer.h"

static void test_values_stand_a_line_each_two_spaces_a_level(void **state)
{
    const struct work *work = *state;
    struct json_writer to = json_writer_in(work->arena);

    put_object(&to, NULL);
    put_text(&to, "name", "a \"b\"");
    put_list(&to, "numbers");
    put_int(&to, NULL, -1);
    put_object(&to, NULL);
    put_bool(&to, "yes", true);
    put_end(&to);
    put_end(&to);
    put_bool(&to, "no", false);
    put_end(&to);
    assert_string_equal(json_writer_done(&to), "{\n"
                                               "  \"name\": \"a \\\"b\\\"\",\n"
                                               "  \"numbers\": [\n"
                                               "    -1,\n"
                                               "    {\n"
                                               "      \"yes\": true\n"
                                               "    }\n"
                                               "  ],\n"
                                               "  \"no\": false\n"
                                               "}\n");
}

static void test_what_is_empty_stays_on_its_line(void **state)
{
    const struct work *work = *state;
    struct json_writer to = json_writer_in(work->arena);

    put_list(&to, NULL);
    put_object(&to, NULL);
    put_end(&to);
    put_list(&to, NULL);
    put_end(&to);
    put_end(&to);
    assert_string_equal(json_writer_done(&to), "[\n  {},\n  []\n]\n");
}

static void test_json_that_stands_already_is_moved_to_its_level(void **state)
{
    const struct work *work = *state;
    struct json_writer to = json_writer_in(work->arena);

    put_object(&to, NULL);
    put_json(&to, "example", "{\n  \"a\": null\n}");
    put_end(&to);
    assert_string_equal(json_writer_done(&to), "{\n  \"example\": {\n    \"a\": null\n  }\n}\n");
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_values_stand_a_line_each_two_spaces_a_level),
        PROMISE(test_what_is_empty_stays_on_its_line),
        PROMISE(test_json_that_stands_already_is_moved_to_its_level),
    };
    return RUN_ALL(promises);
}
