/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/text.h"
#include "wire/template.h"

#include <stdbool.h>
#include <stdio.h>

struct facts {
    const char *name;
    const char *remark;
    const char *nothing;
    const char *empty;
    const char *letter;
    int64_t days;
    int64_t zero;
    bool paused;
    bool known;
    struct instant expires_at;
    struct instant lifted_at;
    struct list items;
    struct list no_items;
};

static const struct field facts_fields[] = {
    FIELD(struct facts, name),      FIELD(struct facts, remark, .is = FIELD_LINES),
    FIELD(struct facts, nothing),   FIELD(struct facts, empty),
    FIELD(struct facts, letter),    FIELD(struct facts, days),
    FIELD(struct facts, zero),      FIELD(struct facts, paused),
    FIELD(struct facts, known),     FIELD(struct facts, expires_at),
    FIELD(struct facts, lifted_at), FIELD(struct facts, items),
    FIELD(struct facts, no_items),
};

static const struct record facts_record = RECORD(struct facts, facts_fields);

static struct instant at(const char *text)
{
    struct instant instant = {0};

    assert_true(instant_parse(&instant, text));
    return instant;
}

/* What comes out, or the sentence that says why nothing does. */
static const char *rendered(struct work *work, const char *source)
{
    const struct facts facts = {
        .name = "K\xC3\xA5re <b>&\nBcc: x",
        .remark = "two\nlines",
        .empty = "",
        .letter = "x",
        .items = {&(const char *){"one"}, 1},
        .days = -7,
        .paused = true,
        .expires_at = at("2026-03-01T23:59:59Z"),
    };
    char *out = NULL;

    return template_render(&out, work, source, &facts_record, &facts, "nb", NULL) == OK
               ? out
               : work->failure.sentence;
}

static void test_values_take_the_place_of_their_tags(void **state)
{
    static const char *const cases[][2] = {
        {"",                               ""                                              },
        {"plain { text } }} {",            "plain { text } }} {"                           },
        {"Hei {{name}}!",                  "Hei K\xC3\xA5re <b>& Bcc: x!"                  },
        {"{{ name }}{{name}}",             "K\xC3\xA5re <b>& Bcc: xK\xC3\xA5re <b>& Bcc: x"},
        {"{{remark}}",                     "two\nlines"                                    },
        {"[{{nothing}}]",                  "[]"                                            },
        {"{{days}} {{zero}}",              "-7 0"                                          },
        {"{{paused}} {{known}}",           "true false"                                    },
        {"{{expires_at}}, {{lifted_at}}.", "1. mars 2026, ."                               },
        {"a\n{{days}}\nb",                 "a\n-7\nb"                                      },
        {"a{{! a remark {{ }}b",           "ab"                                            },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(rendered(*state, cases[i][0]), cases[i][1]);
    }
}

static void test_sections_show_what_is_there(void **state)
{
    static const char *const cases[][2] = {
        {"{{#name}}yes{{/name}}{{^name}}no{{/name}}",                         "yes"},
        {"{{#nothing}}yes{{/nothing}}{{^nothing}}no{{/nothing}}",             "no" },
        {"{{#days}}yes{{/days}}{{^days}}no{{/days}}",                         "yes"},
        {"{{#zero}}yes{{/zero}}{{^zero}}no{{/zero}}",                         "no" },
        {"{{#paused}}yes{{/paused}}{{^paused}}no{{/paused}}",                 "yes"},
        {"{{#known}}yes{{/known}}{{^known}}no{{/known}}",                     "no" },
        {"{{#expires_at}}yes{{/expires_at}}{{^expires_at}}no{{/expires_at}}", "yes"},
        {"{{#lifted_at}}yes{{/lifted_at}}{{^lifted_at}}no{{/lifted_at}}",     "no" },
        {"{{#empty}}yes{{/empty}}{{^empty}}no{{/empty}}",                     "no" },
        {"{{#letter}}yes{{/letter}}{{^letter}}no{{/letter}}",                 "yes"},
        {"{{#items}}yes{{/items}}{{^items}}no{{/items}}",                     "yes"},
        {"{{#no_items}}yes{{/no_items}}{{^no_items}}no{{/no_items}}",         "no" },
        {"{{#days}}a{{#zero}}b{{/zero}}c{{/days}}d",                          "acd"},
        {"{{#zero}}a{{#days}}b{{/days}}{{^zero}}c{{/zero}}{{/zero}}d",        "d"  },
        {"{{^zero}}a{{^zero}}b{{/zero}}{{/zero}}",                            "ab" },
        {"{{#zero}}{{days}}{{/zero}}",                                        ""   },
        {"{{# days }}x{{/ days }}",                                           "x"  },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(rendered(*state, cases[i][0]), cases[i][1]);
    }
}

static void test_a_lonely_tag_takes_its_line_with_it(void **state)
{
    static const char *const cases[][2] = {
        {"a\n{{#days}}\nb\n{{/days}}\nc\n",                    "a\nb\nc\n"    },
        {"a\n  {{#days}}  \nb\n\t{{/days}}\nc\n",              "a\nb\nc\n"    },
        {"a\r\n{{#days}}\r\nb\r\n{{/days}}\r\nc",              "a\r\nb\r\nc"  },
        {"{{#days}}\nb\n{{/days}}",                            "b\n"          },
        {"{{#days}}\nb\n  {{/days}}",                          "b\n"          },
        {"a\n{{#zero}}\nb\n{{/zero}}\nc\n",                    "a\nc\n"       },
        {"a\n{{! remark }}\nb\n",                              "a\nb\n"       },
        {"a\n{{! one }} {{! two }}\nb\n",                      "a\n \nb\n"    },
        {"a\n{{#days}} b {{/days}}\nc\n",                      "a\n b \nc\n"  },
        {"a {{#days}}\nb{{/days}}\n",                          "a \nb\n"      },
        {"a\n\n{{#days}}\n\nb\n{{/days}}\n\nc",                "a\n\n\nb\n\nc"},
        {"{{#zero}}\n{{#days}}\nx\n{{/days}}\n{{/zero}}\ny\n", "y\n"          },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(rendered(*state, cases[i][0]), cases[i][1]);
    }
}

static void test_a_mistake_is_named_with_its_line(void **state)
{
    static const char *const cases[][2] = {
        {"a\nb {{nmae}}",                    "template line 2: there is no {{nmae}}"    },
        {"{{}}",                             "template line 1: there is no {{}}"        },
        {"{{ }}",                            "template line 1: there is no {{}}"        },
        {"{{{name}}}",                       "template line 1: there is no {{{name}}"   },
        {"{{#}}",                            "template line 1: there is no {{}}"        },
        {"{{#zero}}\n\n{{nmae}}{{/zero}}",   "template line 3: there is no {{nmae}}"    },
        {"{{items}}",                        "template line 1: {{items}} is a list"     },
        {"{{#zero}}{{items}}{{/zero}}",      "template line 1: {{items}} is a list"     },
        {"a\n\n{{#days}}\nb\n",              "template line 3: {{#days}} is not closed" },
        {"{{#days}}{{#zero}}{{/days}}",      "template line 1: {{/days}} closes nothing"},
        {"a{{/days}}",                       "template line 1: {{/days}} closes nothing"},
        {"{{#days}}{{/}}",                   "template line 1: {{/}} closes nothing"    },
        {"a\n{{name",                        "template line 2: a tag does not end"      },
        {"a\n{{name\n}}",                    "template line 2: a tag does not end"      },
        {"{{",                               "template line 1: a tag does not end"      },
        {"{{! a remark",                     "template line 1: a tag does not end"      },
        {"{{#days}}\n\n{{! x }}\n{{/zero}}", "template line 4: {{/zero}} closes nothing"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(rendered(*state, cases[i][0]), cases[i][1]);
    }
}

static const char *nested(const struct work *work, int depth)
{
    const char *source = "x";

    for (int i = 0; i < depth; i++) {
        source = arena_printf(work->arena, "{{#days}}%s{{/days}}", source);
    }
    return source;
}

static void test_sections_nest_sixteen_deep(void **state)
{
    struct work *work = *state;

    assert_string_equal(rendered(work, nested(work, 16)), "x");
    assert_string_equal(rendered(work, nested(work, 17)),
                        "template line 1: more than 16 sections nested");
}

static void shout(struct text *out, const struct field *field, const char *value)
{
    text_add_format(out, "<%s=%s>", field->name, value);
}

static void test_what_stands_around_a_value_decides_how_it_is_written(void **state)
{
    struct work *work = *state;
    const struct facts facts = {
        .name = "K&\n", .days = 7, .paused = true, .expires_at = at("2026-03-01T00:00:00Z")};
    char *out;

    assert_int_equal(template_render(&out, work, "& {{name}} {{days}} {{paused}} {{expires_at}}",
                                     &facts_record, &facts, "en", shout),
                     OK);
    assert_string_equal(out, "& <name=K& > 7 true 1 March 2026");
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_values_take_the_place_of_their_tags),
        PROMISE(test_sections_show_what_is_there),
        PROMISE(test_a_lonely_tag_takes_its_line_with_it),
        PROMISE(test_a_mistake_is_named_with_its_line),
        PROMISE(test_sections_nest_sixteen_deep),
        PROMISE(test_what_stands_around_a_value_decides_how_it_is_written),
    };
    return RUN_ALL(promises);
}
