/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "wire/query.h"

#include <stdbool.h>

struct search {
    const char *mentor_id;
    const char *status;
    int64_t page;
    int64_t limit;
    bool dry_run;
    struct instant after;
};

static const char *const statuses[] = {"valid", "expired", NULL};

static const struct field search_fields[] = {
    FIELD(struct search, mentor_id, .max = 64),
    FIELD(struct search, status, .words = statuses),
    FIELD(struct search, page, .min = 1, .max = 1000000, .fallback = "1"),
    FIELD(struct search, limit, .min = 1, .max = 100, .fallback = "20"),
    FIELD(struct search, dry_run),
    FIELD(struct search, after, .is = FIELD_DATE_TOO),
};

static const struct record search_record = RECORD(struct search, search_fields);

static enum outcome read(struct search *out, struct work *work, const char *query)
{
    *out = (struct search){0};
    return query_read(out, work, &search_record, query, NULL);
}

static void test_a_query_fills_the_struct(void **state)
{
    struct work *work = *state;
    struct search search;

    assert_int_equal(read(&search, work,
                          "mentor_id=mentor-042&status=expired&limit=5&dry_run=true"
                          "&after=2026-03-01"),
                     OK);
    assert_string_equal(search.mentor_id, "mentor-042");
    assert_string_equal(search.status, "expired");
    assert_int_equal(search.page, 1);
    assert_int_equal(search.limit, 5);
    assert_true(search.dry_run);
    assert_string_equal(instant_format(work->arena, search.after, SECONDS), "2026-03-01T00:00:00Z");
}

static void test_an_empty_query_gives_the_fallbacks(void **state)
{
    static const char *const cases[] = {"", "&", "&&&"};

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct search search;
        assert_int_equal(read(&search, *state, cases[i]), OK);
        assert_int_equal(search.page, 1);
        assert_int_equal(search.limit, 20);
        assert_null(search.mentor_id);
    }
}

static void test_percent_codes_and_plus_are_decoded(void **state)
{
    static const char *const cases[][2] = {
        {"mentor_id=a%20b",               "a b"        },
        {"mentor_id=a+b",                 "a b"        },
        {"mentor_id=a%2Bb",               "a+b"        },
        {"mentor_id=a%2bb",               "a+b"        },
        {"mentor_id=a%26page%3D2",        "a&page=2"   },
        {"mentor_id=a=b",                 "a=b"        },
        {"mentor_id=%2525",               "%25"        },
        {"mentor%5Fid=K%C3%A5re",         "K\xC3\xA5re"},
        {"%6d%65%6E%74or_id=K\xC3\xA5re", "K\xC3\xA5re"},
        {"&mentor_id=x&",                 "x"          },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct search search;
        assert_int_equal(read(&search, *state, cases[i][0]), OK);
        assert_string_equal(search.mentor_id, cases[i][1]);
    }
}

static void test_each_fault_is_named_and_the_query_malformed(void **state)
{
    static const char not_text[] = "mentor_id must be percent-coded UTF-8 text";
    static const char no_name[] = "query has a name that is not percent-coded UTF-8 text";
    static const char *const cases[][2] = {
        {"colour=red",                          "colour is not known here"                     },
        {"a+b=1",                               "a b is not known here"                        },
        {"Page=1",                              "Page is not known here"                       },
        {"=1",                                  " is not known here"                           },
        {"=",                                   " is not known here"                           },
        {"page=1&page=1",                       "page must be given only once"                 },
        {"page=1&pag%65=2",                     "page must be given only once"                 },
        {"page=x&page=2",
         "page must be a whole number from 1 to 1000000; page must be given only once"         },
        {"mentor_id=",                          "mentor_id must not be empty"                  },
        {"mentor_id",                           "mentor_id must not be empty"                  },
        {"mentor_id=%",                         not_text                                       },
        {"mentor_id=%4",                        not_text                                       },
        {"mentor_id=%4&page=1",                 not_text                                       },
        {"mentor_id=%zz",                       not_text                                       },
        {"mentor_id=%+1",                       not_text                                       },
        {"mentor_id=%-1",                       not_text                                       },
        {"mentor_id=%00",                       not_text                                       },
        {"mentor_id=a%00b",                     not_text                                       },
        {"mentor_id=%C0%AF",                    not_text                                       },
        {"mentor_id=%ED%A0%80",                 not_text                                       },
        {"mentor_id=%FF",                       not_text                                       },
        {"mentor_id=\xFF",                      not_text                                       },
        {"mentor_id=a%0Ab",                     "mentor_id must not hold control characters"   },
        {"mentor_id=%C2%85",                    "mentor_id must not hold control characters"   },
        {"mentor_id=+x",                        "mentor_id must not begin or end with a space" },
        {"%ff=1",                               no_name                                        },
        {"%=1",                                 no_name                                        },
        {"a%00=1",                              no_name                                        },
        {"page=0",                              "page must be a whole number from 1 to 1000000"},
        {"page=+1",                             "page must be a whole number from 1 to 1000000"},
        {"page=1.0",                            "page must be a whole number from 1 to 1000000"},
        {"page=99999999999999999999",           "page must be a whole number from 1 to 1000000"},
        {"status=revoked",                      "status must be valid or expired"              },
        {"dry_run=1",                           "dry_run must be true or false"                },
        {"after=yesterday",
         "after must be a date or an RFC 3339 time, such as 2026-03-01T00:00:00Z"              },
        {"page=0&colour=red&limit=101&status=",
         "page must be a whole number from 1 to 1000000; colour is not known here; "
         "limit must be a whole number from 1 to 100; status must not be empty"                },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct work *work = *state;
        struct search search;
        work_clear(work);
        if (read(&search, work, cases[i][0]) != MALFORMED) {
            fail_msg("%s was taken", cases[i][0]);
        }
        assert_string_equal(faults_of(work), cases[i][1]);
        assert_true(strlen(work->failure.sentence) > 0);
    }
}

static void test_a_missing_parameter_is_named(void **state)
{
    static const struct field fields[] = {
        FIELD(struct search, mentor_id, .is = FIELD_REQUIRED),
        FIELD(struct search, page, .is = FIELD_REQUIRED),
    };
    static const struct record record = RECORD(struct search, fields);
    struct work *work = *state;
    struct search search = {0};

    assert_int_equal(query_read(&search, work, &record, "page=2", NULL), MALFORMED);
    assert_string_equal(faults_of(work), "mentor_id is required");
}

static void test_a_route_without_parameters_takes_none(void **state)
{
    struct work *work = *state;
    uint64_t given = 1;

    assert_int_equal(query_read(NULL, work, NULL, "", &given), OK);
    assert_int_equal(given, 0);
    assert_int_equal(query_read(NULL, work, NULL, "page=1", NULL), MALFORMED);
    assert_string_equal(faults_of(work), "page is not known here");
}

static void test_what_was_given_is_told(void **state)
{
    struct search search = {0};
    uint64_t given = 0;

    assert_int_equal(query_read(&search, *state, &search_record, "limit=5&status=valid", &given),
                     OK);
    assert_int_equal(given, 1 << 1 | 1 << 3);
}

static void test_a_path_segment_keeps_its_plus(void **state)
{
    const struct work *work = *state;

    assert_string_equal(percent_decode(work->arena, "a+b%20c", 7, false), "a+b c");
    assert_string_equal(percent_decode(work->arena, "a%2Fb", 5, false), "a/b");
    assert_string_equal(percent_decode(work->arena, "", 0, false), "");
}

static void test_every_byte_has_its_percent_code(void **state)
{
    const struct work *work = *state;

    for (int byte = 1; byte < 0x80; byte++) {
        const char wanted[] = {(char)byte, '\0'};
        assert_string_equal(
            percent_decode(work->arena, arena_printf(work->arena, "%%%02x", byte), 3, false),
            wanted);
        assert_string_equal(
            percent_decode(work->arena, arena_printf(work->arena, "%%%02X", byte), 3, false),
            wanted);
    }
    for (const char *digit = "/:@G`g "; *digit != '\0'; digit++) {
        assert_null(
            percent_decode(work->arena, arena_printf(work->arena, "%%%c0", *digit), 3, false));
        assert_null(
            percent_decode(work->arena, arena_printf(work->arena, "%%4%c", *digit), 3, false));
    }
}

static void test_decoding_stops_at_the_given_length(void **state)
{
    const struct work *work = *state;

    assert_string_equal(percent_decode(work->arena, "abc/def", 3, false), "abc");
    assert_null(percent_decode(work->arena, "a%41", 2, false));
    assert_null(percent_decode(work->arena, "a%41", 3, false));
    assert_string_equal(percent_decode(work->arena, "a%41", 4, false), "aA");
    assert_null(percent_decode(work->arena, "a\0b", 3, false));
    assert_null(percent_decode(work->arena, "K\xC3\xA5", 2, false));
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_query_fills_the_struct),
        PROMISE(test_an_empty_query_gives_the_fallbacks),
        PROMISE(test_percent_codes_and_plus_are_decoded),
        PROMISE(test_each_fault_is_named_and_the_query_malformed),
        PROMISE(test_a_missing_parameter_is_named),
        PROMISE(test_a_route_without_parameters_takes_none),
        PROMISE(test_what_was_given_is_told),
        PROMISE(test_a_path_segment_keeps_its_plus),
        PROMISE(test_every_byte_has_its_percent_code),
        PROMISE(test_decoding_stops_at_the_given_length),
    };
    return RUN_ALL(promises);
}
