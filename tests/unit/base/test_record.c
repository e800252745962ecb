/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/record.h"

#include <stdbool.h>

struct loan {
    const char *state;
    const char *title;
    const char *remark;
    const char *initial;
    const char *raw;
    int64_t copies;
    int64_t balance;
    bool lost;
    struct instant due_at;
    struct instant shelved_at;
    struct list readers;
};

static const char *const states[] = {"on_shelf", "lent", "missing", NULL};

static const struct field loan_fields[] = {
    FIELD(struct loan, state, .words = states, .fallback = "on_shelf"),
    FIELD(struct loan, title, .min = 1, .max = 5),
    FIELD(struct loan, remark, .is = FIELD_LINES),
    FIELD(struct loan, initial, .max = 1),
    FIELD(struct loan, raw, .is = FIELD_FREE),
    FIELD(struct loan, copies, .min = 1, .max = 100, .fallback = "20"),
    FIELD(struct loan, balance),
    FIELD(struct loan, lost, .fallback = "true"),
    FIELD(struct loan, due_at),
    FIELD(struct loan, shelved_at, .is = FIELD_DATE_TOO),
    FIELD(struct loan, readers),
};

static const struct record loan_record = RECORD(struct loan, loan_fields);

#define TEN(text) text text text text text text text text text text

static const struct field *field(const char *name)
{
    return record_field(&loan_record, name);
}

/* What is wrong with the text for that field, or "good". */
static const char *verdict(const struct work *work, const char *name, const char *text)
{
    struct loan loan = {0};
    const char *wrong = field_parse(field(name), &loan, text, work->arena);

    return wrong == NULL ? "good" : wrong;
}

static void test_a_field_takes_its_type_from_the_member(void **state)
{
    static const enum field_type types[] = {FIELD_TEXT,    FIELD_TEXT,    FIELD_TEXT, FIELD_TEXT,
                                            FIELD_TEXT,    FIELD_INT,     FIELD_INT,  FIELD_BOOL,
                                            FIELD_INSTANT, FIELD_INSTANT, FIELD_LIST};

    (void)state;
    assert_int_equal(loan_record.count, COUNT_OF(types));
    assert_int_equal(loan_record.size, sizeof(struct loan));
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        assert_int_equal(loan_record.fields[i].type, types[i]);
    }
}

static void test_a_field_is_found_by_its_whole_name(void **state)
{
    (void)state;
    assert_ptr_equal(record_field(&loan_record, "state"), &loan_fields[0]);
    assert_ptr_equal(record_field(&loan_record, "title"), &loan_fields[1]);
    assert_null(record_field(&loan_record, "copie"));
    assert_null(record_field(&loan_record, "copies "));
    assert_null(record_field(&loan_record, ""));
}

static void test_each_text_gets_its_verdict(void **state)
{
    static const char time_wanted[] = "must be an RFC 3339 time, such as 2026-03-01T00:00:00Z";
    static const char date_wanted[] =
        "must be a date or an RFC 3339 time, such as 2026-03-01T00:00:00Z";
    static const char *const cases[][3] = {
        {"title",      "Sult",                                     "good"                                },
        {"title",      "\xC3\xA5\xC3\xA5\xC3\xA5\xC3\xA5\xC3\xA5", "good"                                },
        {"title",      "",                                         "must not be empty"                   },
        {"title",      "Pan og",                                   "must have at most 5 characters"      },
        {"title",      "\xC0\xAF",                                 "must be valid UTF-8"                 },
        {"title",      "a\nb",                                     "must not hold control characters"    },
        {"title",      "a\x7F",                                    "must not hold control characters"    },
        {"title",      " a",                                       "must not begin or end with a space"  },
        {"title",      "a ",                                       "must not begin or end with a space"  },
        {"title",      " ",                                        "must not begin or end with a space"  },
        {"initial",    "",                                         "good"                                },
        {"initial",    "\xC3\x86",                                 "good"                                },
        {"initial",    "ab",                                       "must have at most 1 characters"      },
        {"raw",        " \x01 as it comes ",                       "good"                                },
        {"remark",     "",                                         "good"                                },
        {"remark",     "two\nlines",                               "good"                                },
        {"remark",
         "a\x01"
         "b",                                                      "must not hold control characters"    },
        {"remark",     TEN(TEN("xx")) TEN("12345") "12345",        "good"                                },
        {"remark",     TEN(TEN("xx")) TEN("12345") "123456",       "must have at most 255 characters"    },
        {"state",      "lent",                                     "good"                                },
        {"state",      "Lent",                                     "must be on_shelf, lent or missing"   },
        {"state",      "",                                         "must be on_shelf, lent or missing"   },
        {"copies",     "1",                                        "good"                                },
        {"copies",     "100",                                      "good"                                },
        {"copies",     "0",                                        "must be a whole number from 1 to 100"},
        {"copies",     "101",                                      "must be a whole number from 1 to 100"},
        {"copies",     "many",                                     "must be a whole number from 1 to 100"},
        {"copies",     "99999999999999999999",                     "must be a whole number from 1 to 100"},
        {"balance",    "-9223372036854775808",                     "good"                                },
        {"balance",    "1.0",                                      "must be a whole number"              },
        {"lost",       "true",                                     "good"                                },
        {"lost",       "false",                                    "good"                                },
        {"lost",       "TRUE",                                     "must be true or false"               },
        {"lost",       "1",                                        "must be true or false"               },
        {"due_at",     "2026-03-01T00:00:00Z",                     "good"                                },
        {"due_at",     "2026-03-01",                               time_wanted                           },
        {"due_at",     "soon",                                     time_wanted                           },
        {"shelved_at", "2026-03-01",                               "good"                                },
        {"shelved_at", "2026-02-29",                               date_wanted                           },
        {"readers",    "Knut",                                     "cannot be given as text"             },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *found = verdict(work, cases[i][0], cases[i][1]);
        if (strcmp(found, cases[i][2]) != 0) {
            fail_msg("%s \"%s\": %s", cases[i][0], cases[i][1], found);
        }
    }
}

static void test_a_bound_at_the_smallest_number_still_refuses_text(void **state)
{
    static const struct field bounded = {
        .name = "n", .type = FIELD_INT, .min = INT64_MIN, .max = 5};
    const struct work *work = *state;
    int64_t value = 0;

    assert_non_null(field_parse(&bounded, &value, "many", work->arena));
    assert_null(field_parse(&bounded, &value, "-5", work->arena));
    assert_int_equal(value, -5);
}

static void test_a_good_text_sets_the_member(void **state)
{
    const struct work *work = *state;
    struct loan loan = {0};
    char title[] = "Sult";

    assert_null(field_parse(field("title"), &loan, title, work->arena));
    title[0] = 'X'; /* the struct has its own copy */
    assert_string_equal(loan.title, "Sult");
    assert_null(field_parse(field("copies"), &loan, "7", work->arena));
    assert_int_equal(loan.copies, 7);
    assert_null(field_parse(field("lost"), &loan, "true", work->arena));
    assert_true(loan.lost);
    assert_null(field_parse(field("shelved_at"), &loan, "2026-03-01", work->arena));
    assert_string_equal(instant_format(work->arena, loan.shelved_at, SECONDS),
                        "2026-03-01T00:00:00Z");
}

static void test_values_set_by_others_are_checked_alike(void **state)
{
    const struct work *work = *state;
    struct loan loan = {.title = "too long", .copies = 101, .state = "lent"};

    assert_string_equal(field_check(field("title"), &loan, work->arena),
                        "must have at most 5 characters");
    assert_string_equal(field_check(field("copies"), &loan, work->arena),
                        "must be a whole number from 1 to 100");
    assert_null(field_check(field("state"), &loan, work->arena));
    assert_null(field_check(field("readers"), &loan, work->arena));
}

static void test_defaults_touch_only_fields_that_have_one(void **state)
{
    const struct work *work = *state;
    struct loan loan = {.title = "kept", .balance = 3};

    record_defaults(&loan_record, &loan, work->arena);
    assert_string_equal(loan.title, "kept");
    assert_int_equal(loan.balance, 3);
    assert_string_equal(loan.state, "on_shelf");
    assert_int_equal(loan.copies, 20);
    assert_true(loan.lost);
    assert_null(loan.remark);
}

static void test_a_list_keeps_all_that_is_appended(void **state)
{
    const struct work *work = *state;
    struct list list = {0};

    for (int64_t i = 0; i < 1000; i++) {
        *(int64_t *)list_append(&list, work->arena, sizeof(int64_t)) = i;
    }
    assert_int_equal(list.count, 1000);
    for (int64_t i = 0; i < 1000; i++) {
        assert_int_equal(((const int64_t *)list.items)[i], i);
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_field_takes_its_type_from_the_member),
        PROMISE(test_a_field_is_found_by_its_whole_name),
        PROMISE(test_each_text_gets_its_verdict),
        PROMISE(test_a_bound_at_the_smallest_number_still_refuses_text),
        PROMISE(test_a_good_text_sets_the_member),
        PROMISE(test_values_set_by_others_are_checked_alike),
        PROMISE(test_defaults_touch_only_fields_that_have_one),
        PROMISE(test_a_list_keeps_all_that_is_appended),
    };
    return RUN_ALL(promises);
}
