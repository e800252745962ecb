/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/log.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

enum { THREADS = 4, LINES_EACH = 500, LONG = 10000 };

/* While a test writes to the log, stderr is this file. */
static FILE *caught;
static int real_stderr;

static void catch_log(void)
{
    caught = tmpfile();
    real_stderr = dup(STDERR_FILENO);
    assert_non_null(caught);
    assert_true(real_stderr >= 0);
    assert_true(dup2(fileno(caught), STDERR_FILENO) >= 0);
}

static void let_log_go(void)
{
    assert_true(dup2(real_stderr, STDERR_FILENO) >= 0);
    assert_int_equal(close(real_stderr), 0);
    rewind(caught);
}

/* All that was written since, the time of each line left out, which stands in its first pair. */
static const char *caught_log(const struct work *work)
{
    const char *all = "";
    char *line = NULL;
    size_t room = 0;

    let_log_go();
    while (getline(&line, &room, caught) > 0) {
        const bool is_json = line[0] == '{';
        const char *after_time = strchr(line, is_json ? ',' : ' ');
        const char *begin = is_json ? "{\"time\":\"2" : "time=2";
        assert_int_equal(strncmp(line, begin, strlen(begin)), 0);
        assert_non_null(after_time);
        all = arena_printf(work->arena, "%s%s", all, after_time + 1);
    }
    free(line);
    assert_int_equal(fclose(caught), 0);
    return all;
}

static void test_an_event_is_one_line_of_pairs(void **state)
{
    const struct work *work = *state;

    catch_log();
    log_event(LOG_LEVEL_INFO, "request", LOG_TEXT("method", "GET"), LOG_INT("status", 200),
              LOG_INT("balance", -1));
    assert_string_equal(caught_log(work),
                        "level=info event=request method=GET status=200 balance=-1\n");
}

static void test_of_a_mail_address_only_the_beginning_and_the_domain_is_said(void **state)
{
    static const char *const cases[][2] = {
        {"kari.nord+x@example.org", "k***@example.org"         },
        {"<kari@example.org>,b@y",  "<k***@example.org>,b***@y"},
        {"\xC3\xA5se@example.org",  "***@example.org"          },
        {"a@b@c",                   "a***@b***@c"              },
        {"@alone",                  "@alone"                   },
        {"end@",                    "e***@"                    },
        {"no/address",              "no/address"               },
        {"'app'@'10.1.2.3'",        "'app'@'10.1.2.3'"         },
        {"'kari@example.org'",      "'***@example.org'"        },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        catch_log();
        log_event(LOG_LEVEL_INFO, "x", LOG_TEXT("says", cases[i][0]));
        assert_string_equal(caught_log(work),
                            arena_printf(work->arena, "level=info event=x says=%s\n", cases[i][1]));
    }
}

static void test_a_value_cannot_break_out_of_its_place(void **state)
{
    static const char *const cases[][2] = {
        {"plain-text_1.0/x",         "plain-text_1.0/x"               },
        {"K\xC3\xA5re",              "K\xC3\xA5re"                    },
        {"",                         "\"\""                           },
        {"two words",                "\"two words\""                  },
        {"a=b",                      "\"a=b\""                        },
        {"say \"hi\"",               "\"say \\\"hi\\\"\""             },
        {"back\\slash",              "\"back\\\\slash\""              },
        {"x\nlevel=error event=lie", "\"x\\x0alevel=error event=lie\""},
        {"\r\x1B[31m\x7F",           "\"\\x0d\\x1b[31m\\x7f\""        },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        catch_log();
        log_event(LOG_LEVEL_INFO, "test", LOG_TEXT("value", cases[i][0]));
        assert_string_equal(
            caught_log(work),
            arena_printf(work->arena, "level=info event=test value=%s\n", cases[i][1]));
    }
}

static void test_a_line_wipes_the_unfinished_one_that_stands_on_the_terminal(void **state)
{
    char written[LOG_LINE_MAX];

    (void)state;
    catch_log();
    log_set_beside(true);
    log_event(LOG_LEVEL_INFO, "one", LOG_INT("n", 1));
    log_set_beside(false);
    log_event(LOG_LEVEL_INFO, "two", LOG_INT("n", 2));
    let_log_go();
    assert_non_null(fgets(written, sizeof(written), caught));
    assert_memory_equal(written, "\r\033[Ktime=", strlen("\r\033[Ktime="));
    assert_non_null(strstr(written, "event=one n=1\n"));
    assert_non_null(fgets(written, sizeof(written), caught));
    assert_memory_equal(written, "time=", strlen("time="));
    assert_int_equal(fclose(caught), 0);
}

static void test_no_text_is_a_dash(void **state)
{
    const struct work *work = *state;
    const char *nothing = NULL;

    catch_log();
    log_event(LOG_LEVEL_INFO, "test", LOG_TEXT("value", nothing));
    assert_string_equal(caught_log(work), "level=info event=test value=-\n");
}

static void test_less_important_events_are_left_out(void **state)
{
    const struct work *work = *state;

    catch_log();
    log_set_level(LOG_LEVEL_WARNING);
    log_event(LOG_LEVEL_ERROR, "one", LOG_INT("n", 1));
    log_event(LOG_LEVEL_WARNING, "two", LOG_INT("n", 2));
    log_event(LOG_LEVEL_INFO, "three", LOG_INT("n", 3));
    log_set_level(LOG_LEVEL_DEBUG);
    log_event(LOG_LEVEL_DEBUG, "four", LOG_INT("n", 4));
    log_set_level(LOG_LEVEL_INFO);
    log_event(LOG_LEVEL_DEBUG, "five", LOG_INT("n", 5));
    assert_string_equal(caught_log(work), "level=error event=one n=1\n"
                                          "level=warning event=two n=2\n"
                                          "level=debug event=four n=4\n");
}

static void test_the_levels_have_words_in_their_order(void **state)
{
    const char *const *words = log_level_words;

    (void)state;
    assert_string_equal(words[LOG_LEVEL_ERROR], "error");
    assert_string_equal(words[LOG_LEVEL_WARNING], "warning");
    assert_string_equal(words[LOG_LEVEL_INFO], "info");
    assert_string_equal(words[LOG_LEVEL_DEBUG], "debug");
    assert_null(words[LOG_LEVEL_DEBUG + 1]);
}

static void test_an_endless_value_is_cut_and_the_line_still_ends(void **state)
{
    const struct work *work = *state;
    char *value = arena_alloc(work->arena, LONG + 1);

    memset(value, 'x', LONG);
    catch_log();
    log_event(LOG_LEVEL_INFO, "long", LOG_TEXT("value", value), LOG_INT("n", 1));
    log_event(LOG_LEVEL_INFO, "next", LOG_INT("n", 2));
    const char *log = caught_log(work);
    const char *newline = strchr(log, '\n');
    assert_non_null(newline);
    assert_true(newline - log < 4096);
    assert_string_equal(newline + 1, "level=info event=next n=2\n");
}

static void test_json_is_one_object_a_line(void **state)
{
    const struct work *work = *state;

    log_set_format(LOG_FORMAT_JSON);
    catch_log();
    log_event(LOG_LEVEL_INFO, "request", LOG_TEXT("method", "GET"), LOG_INT("status", 200),
              LOG_TEXT("nothing", NULL), LOG_TEXT("to", "kari@example.org"));
    assert_string_equal(caught_log(work),
                        "\"level\":\"info\",\"event\":\"request\",\"method\":\"GET\","
                        "\"status\":200,\"nothing\":\"-\",\"to\":\"k***@example.org\"}\n");
    log_set_format(LOG_FORMAT_LOGFMT);
}

static void test_in_json_too_a_value_cannot_break_out(void **state)
{
    static const char *const cases[][2] = {
        {"",                             ""                            },
        {"two words",                    "two words"                   },
        {"K\xC3\xA5re \xF0\x9F\x98\x80", "K\xC3\xA5re \xF0\x9F\x98\x80"},
        {"say \"hi\"",                   "say \\\"hi\\\""              },
        {"back\\",                       "back\\\\"                    },
        {"x\n\x1B\x7F",                  "x\\u000a\\u001b\\u007f"      },
        {"\xFFx\xC3",                    "\\ufffdx\\ufffd"             },
        {"\xED\xA0\x80",                 "\\ufffd\\ufffd\\ufffd"       },
    };
    const struct work *work = *state;

    log_set_format(LOG_FORMAT_JSON);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        catch_log();
        log_event(LOG_LEVEL_INFO, "x", LOG_TEXT("value", cases[i][0]));
        assert_string_equal(caught_log(work),
                            arena_printf(work->arena,
                                         "\"level\":\"info\",\"event\":\"x\",\"value\":\"%s\"}\n",
                                         cases[i][1]));
    }
    log_set_format(LOG_FORMAT_LOGFMT);
}

/* Wherever a line is cut, also in the middle of an escape, the object is closed. */
static void test_an_endless_value_leaves_json_whole(void **state)
{
    const struct work *work = *state;
    char *value = arena_alloc(work->arena, LOG_LINE_MAX + 1);

    log_set_format(LOG_FORMAT_JSON);
    for (size_t length = LOG_LINE_MAX - 200; length < LOG_LINE_MAX; length++) {
        memset(value, 'x', length);
        memcpy(value + length - 8, "\n\n\xC3\xA5\xC3\xA5\n\n", 9);
        catch_log();
        log_event(LOG_LEVEL_INFO, "long", LOG_TEXT("value", value), LOG_INT("number", 123456),
                  LOG_TEXT("text", "more"));
        const char *log = caught_log(work);
        const size_t written = strlen(log);
        assert_true(strlen("{\"time\":\"2026-03-01T08:00:00.000Z\",") + written <= LOG_LINE_MAX);
        assert_true(strcmp(log + written - 3, "\"}\n") == 0 ||
                    strcmp(log + written - 3, "6}\n") == 0);
        const char *end = strstr(log, "\",\"number\":");
        const char *escape = strrchr(log, '\\');
        assert_true(escape == NULL || escape + 6 <= log + written - 3);
        assert_true(end == NULL || strncmp(end, "\",\"number\":123456", 17) == 0);
    }
    log_set_format(LOG_FORMAT_LOGFMT);
}

static void *write_lines(void *unused)
{
    for (int i = 0; i < LINES_EACH; i++) {
        log_event(LOG_LEVEL_INFO, "tick", LOG_TEXT("value", "as long as a usual line is"));
    }
    return unused;
}

static void test_lines_of_several_threads_do_not_mix(void **state)
{
    static const char line[] = "level=info event=tick value=\"as long as a usual line is\"\n";
    const struct work *work = *state;
    pthread_t threads[THREADS];

    catch_log();
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, write_lines, NULL), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    const char *log = caught_log(work);
    for (int i = 0; i < THREADS * LINES_EACH; i++) {
        assert_memory_equal(log, line, strlen(line));
        log += strlen(line);
    }
    assert_string_equal(log, "");
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_an_event_is_one_line_of_pairs),
        PROMISE(test_of_a_mail_address_only_the_beginning_and_the_domain_is_said),
        PROMISE(test_a_value_cannot_break_out_of_its_place),
        PROMISE(test_a_line_wipes_the_unfinished_one_that_stands_on_the_terminal),
        PROMISE(test_no_text_is_a_dash),
        PROMISE(test_less_important_events_are_left_out),
        PROMISE(test_the_levels_have_words_in_their_order),
        PROMISE(test_an_endless_value_is_cut_and_the_line_still_ends),
        PROMISE(test_json_is_one_object_a_line),
        PROMISE(test_in_json_too_a_value_cannot_break_out),
        PROMISE(test_an_endless_value_leaves_json_whole),
        PROMISE(test_lines_of_several_threads_do_not_mix),
    };
    return RUN_ALL(promises);
}
