/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/config.h"
#include "base/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/test_config.XXXXXX";

static int open_file(void **state)
{
    (void)state;
    const int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

/* No variable of the caller's may reach the tests. */
static void forget_environment(const struct work *work)
{
    for (char **entry = environ; *entry != NULL;) {
        if (strncmp(*entry, "MENTORWATCH_", 12) == 0) {
            assert_int_equal(unsetenv(arena_bytes(work->arena, *entry, strcspn(*entry, "="))), 0);
        } else {
            entry++;
        }
    }
}

static enum outcome load(struct settings *settings, struct work *work, const char *content)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0640), 0);
    return settings_load(settings, work, path);
}

static void test_an_empty_file_leaves_the_defaults(void **state)
{
    struct work *work = *state;
    struct settings settings;

    forget_environment(work);
    assert_int_equal(load(&settings, work, ""), OK);
    assert_string_equal(settings.database.host, "localhost");
    assert_int_equal(settings.database.port, 3306);
    assert_string_equal(settings.mail.tls, "none");
    assert_int_equal(settings.jobs.grace_days, 0);
    assert_string_equal(settings.log.level, "info");
}

static void test_the_file_overrides_the_defaults(void **state)
{
    struct work *work = *state;
    struct settings settings;

    forget_environment(work);
    assert_int_equal(load(&settings, work,
                          "; a comment\n[database]\nhost = db.example.org\nport = 3307\n"
                          "[mail]\nfrom_name = K\xC3\xA5re\ntls = starttls\n"),
                     OK);
    assert_string_equal(settings.database.host, "db.example.org");
    assert_int_equal(settings.database.port, 3307);
    assert_string_equal(settings.mail.from_name, "K\xC3\xA5re");
    assert_string_equal(settings.mail.tls, "starttls");
}

static void test_the_environment_overrides_the_file(void **state)
{
    struct work *work = *state;
    struct settings settings;

    forget_environment(work);
    assert_int_equal(setenv("MENTORWATCH_DATABASE_HOST", "other.example.org", 1), 0);
    assert_int_equal(setenv("MENTORWATCH_SERVER_MAX_BODY", "2048", 1), 0);
    assert_int_equal(load(&settings, work, "[database]\nhost = db.example.org\n"), OK);
    assert_string_equal(settings.database.host, "other.example.org");
    assert_int_equal(settings.server.max_body, 2048);
    forget_environment(work);
}

static void test_the_environment_can_name_the_file(void **state)
{
    struct work *work = *state;
    struct settings settings;

    forget_environment(work);
    assert_int_equal(load(&settings, work, "[jobs]\ngrace_days = 9\n"), OK);
    assert_int_equal(setenv("MENTORWATCH_CONFIG", path, 1), 0);
    assert_int_equal(settings_load(&settings, work, NULL), OK);
    assert_int_equal(settings.jobs.grace_days, 9);
    forget_environment(work);
}

static void test_all_bad_keys_are_named_at_once(void **state)
{
    struct work *work = *state;
    struct settings settings;

    forget_environment(work);
    assert_int_equal(setenv("MENTORWATCH_JOBS_GRACE", "1", 1), 0);
    assert_int_equal(
        load(&settings, work, "[database]\nprot = 1\nport = 70000\n[mail]\ntls = yes\n"), INVALID);
    assert_string_equal(faults_of(work), "database.prot is not a setting; "
                                         "database.port must be a whole number from 1 to 65535; "
                                         "mail.tls must be none, starttls or tls; "
                                         "MENTORWATCH_JOBS_GRACE is not a setting");
    forget_environment(work);
}

static void test_thresholds_are_days_the_largest_first(void **state)
{
    static const struct {
        const char *text;
        enum outcome outcome;
    } cases[] = {
        {"30,14,7",                 OK     },
        {"365,1",                   OK     },
        {"1",                       OK     },
        {"10,9,8,7,6,5,4,3,2,1",    OK     },
        {"11,10,9,8,7,6,5,4,3,2,1", INVALID},
        {"",                        INVALID},
        {"366",                     INVALID},
        {"0",                       INVALID},
        {"7,14",                    INVALID},
        {"14,14",                   INVALID},
        {"14,-7",                   INVALID},
        {"30, 14",                  INVALID},
        {"a month",                 INVALID},
    };
    struct work *work = *state;

    forget_environment(work);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct settings settings;
        work_clear(work);
        assert_int_equal(
            load(&settings, work,
                 arena_printf(work->arena, "[reminders]\nthresholds = %s\n", cases[i].text)),
            cases[i].outcome);
    }
}

#define BYTES_24 "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define BYTES_62 BYTES_24 BYTES_24 "AAECAwQFBgcICQoLDA0="

static void test_what_signs_and_what_is_called_is_checked(void **state)
{
    static const struct {
        const char *key;
        const char *text;
        enum outcome outcome;
    } cases[] = {
        {"[push]\nsecret",   "whsec_" BYTES_24,                      OK     },
        {"[push]\nsecret",   "whsec_" BYTES_24 " whsec_" BYTES_62,   OK     },
        {"[push]\nsecret",   "whsec_" BYTES_62 BYTES_24,             INVALID}, /* padding inside */
        {"[push]\nsecret",   "whsec_" BYTES_24 "AA==",               OK     },
        {"[push]\nsecret",   "whsec_" BYTES_24 "AAA=",               OK     },
        {"[push]\nsecret",   "whsec_" BYTES_24 "AB==",               INVALID}, /* a bit too many */
        {"[push]\nsecret",   "whsec_" BYTES_24 "AA",                 INVALID},
        {"[push]\nsecret",   "whsec_" BYTES_24 "A===",               INVALID},
        {"[push]\nsecret",   "whsec_" BYTES_24 BYTES_24 BYTES_24,    INVALID}, /* too long */
        {"[push]\nsecret",   "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa", INVALID},
        {"[push]\nsecret",   "whsec_",                               INVALID},
        {"[push]\nsecret",   BYTES_24,                               INVALID},
        {"[push]\nsecret",   "whsec_" BYTES_24 " " BYTES_24,         INVALID},
        {"[jobs]\nping_url", "https://hc.example/ping/1?rid=2",      OK     },
        {"[jobs]\nping_url", "http://127.0.0.1:8000/ping/1",         OK     },
        {"[jobs]\nping_url", "hc.example/ping",                      INVALID},
    };
    struct work *work = *state;

    forget_environment(work);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct settings settings;
        work_clear(work);
        const enum outcome outcome = load(
            &settings, work, arena_printf(work->arena, "%s = %s\n", cases[i].key, cases[i].text));
        if (outcome != cases[i].outcome) {
            fail_msg("%s ended with %d", cases[i].text, outcome);
        }
    }
}

static void test_a_line_that_says_nothing_is_named_by_its_number(void **state)
{
    struct work *work = *state;
    struct settings settings;

    forget_environment(work);
    assert_int_equal(load(&settings, work, "[jobs]\ngrace_days = 9\nnonsense\n"), INVALID);
    assert_non_null(strstr(work->failure.sentence, "line 3"));
}

static void test_a_password_that_everybody_can_read_is_refused(void **state)
{
    struct work *work = *state;
    struct settings settings;

    forget_environment(work);
    assert_int_equal(load(&settings, work, "[mail]\npassword = secret\n"), OK);
    assert_string_equal(settings.mail.password, "secret");
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(settings_load(&settings, work, path), INVALID);
    assert_non_null(strstr(work->failure.sentence, "everybody can read it"));
    assert_null(strstr(work->failure.sentence, "secret"));
}

static void test_a_file_without_a_password_may_be_read_by_all(void **state)
{
    struct work *work = *state;
    struct settings settings;

    forget_environment(work);
    assert_int_equal(load(&settings, work, "[mail]\npassword =\n"), OK);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(settings_load(&settings, work, path), OK);
}

static void test_a_file_that_was_named_must_be_there(void **state)
{
    struct work *work = *state;
    struct settings settings;

    forget_environment(work);
    assert_int_equal(settings_load(&settings, work, "/nonexistent/mentorwatch.conf"), INVALID);
    assert_non_null(strstr(work->failure.sentence, "/nonexistent/mentorwatch.conf"));
}

static void test_every_default_is_good_and_every_key_explained(void **state)
{
    const struct work *work = *state;
    struct settings settings = {0};

    for (size_t i = 0; i < settings_record.count; i++) {
        const struct field *field = &settings_record.fields[i];
        assert_non_null(field->fallback);
        assert_null(field_parse(field, &settings, field->fallback, work->arena));
        assert_non_null(field->meaning);
    }
}

static void test_the_manual_shows_every_key(void **state)
{
    char *page = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&page, &length);

    (void)state;
    assert_non_null(to);
    settings_print_man(to);
    assert_int_equal(fclose(to), 0);
    for (size_t i = 0; i < settings_record.count; i++) {
        assert_non_null(strstr(page, strchr(settings_record.fields[i].name, '.') + 1));
        assert_non_null(strstr(page, settings_record.fields[i].meaning));
    }
    free(page);
}

static void test_where_to_ask_for_no_reminders_is_one_harmless_address(void **state)
{
    static const struct {
        const char *text;
        enum outcome outcome;
    } cases[] = {
        {"",                                         OK     },
        {"mailto:nomore@example.org?subject=Stop",   OK     },
        {"https://example.org/stop",                 OK     },
        {"http://example.org/stop",                  INVALID},
        {"nomore@example.org",                       INVALID},
        {"<mailto:nomore@example.org>",              INVALID},
        {"mailto:a@example.org, mailto:b@x.no",      INVALID},
        {"mailto:a@example.org,https://example.org", INVALID},
        {"https://example.org/a b",                  INVALID},
        {"https://example.org/\xC3\xA5",             INVALID},
    };
    struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct settings settings;
        forget_environment(work);
        work->failure = (struct failure){0};
        assert_int_equal(setenv("MENTORWATCH_MAIL_LIST_UNSUBSCRIBE", cases[i].text, 1), 0);
        assert_int_equal(load(&settings, work, ""), cases[i].outcome);
    }
    assert_int_equal(setenv("MENTORWATCH_MAIL_LIST_UNSUBSCRIBE", "https://x.no/\r\nBcc: a@b", 1),
                     0);
    struct settings settings;
    assert_int_equal(load(&settings, work, ""), INVALID);
    forget_environment(work);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_an_empty_file_leaves_the_defaults),
        PROMISE(test_the_file_overrides_the_defaults),
        PROMISE(test_the_environment_overrides_the_file),
        PROMISE(test_the_environment_can_name_the_file),
        PROMISE(test_all_bad_keys_are_named_at_once),
        PROMISE(test_thresholds_are_days_the_largest_first),
        PROMISE(test_what_signs_and_what_is_called_is_checked),
        PROMISE(test_where_to_ask_for_no_reminders_is_one_harmless_address),
        PROMISE(test_a_line_that_says_nothing_is_named_by_its_number),
        PROMISE(test_a_password_that_everybody_can_read_is_refused),
        PROMISE(test_a_file_without_a_password_may_be_read_by_all),
        PROMISE(test_a_file_that_was_named_must_be_there),
        PROMISE(test_every_default_is_good_and_every_key_explained),
        PROMISE(test_the_manual_shows_every_key),
    };
    return cmocka_run_group_tests(promises, open_file, remove_file);
}
