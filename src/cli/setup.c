/* SPDX-License-Identifier: MIT */
/* mentorwatch setup: from an unpacked hosting archive to a program that runs. */
#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "cli/command.h"
#include "setup/steps.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_ROOM = 512 };

/* "database.host" → the value of MENTORWATCH_DATABASE_HOST, or NULL. */
static const char *from_environment(struct arena *arena, const char *setting)
{
    char *variable = arena_printf(arena, "MENTORWATCH_%s", setting);

    for (char *at = variable; *at != '\0'; at++) {
        *at = (char)(*at == '.' ? '_' : toupper((unsigned char)*at));
    }
    return getenv(variable); /* NOLINT(concurrency-mt-unsafe): one thread */
}

static void show_typing(bool shown)
{
    struct termios terminal;

    if (tcgetattr(STDIN_FILENO, &terminal) == 0) {
        terminal.c_lflag = shown ? terminal.c_lflag | ECHO : terminal.c_lflag & ~(tcflag_t)ECHO;
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal);
    }
}

/* NULL: nothing was typed. */
static const char *ask(struct arena *arena, const char *asks, const char *fallback, bool secret)
{
    char line[LINE_ROOM];

    (void)fprintf(stderr, fallback[0] != '\0' ? "%s [%s]: " : "%s: ", asks, fallback);
    if (secret) {
        show_typing(false);
    }
    const bool read = fgets(line, sizeof(line), stdin) != NULL;
    if (secret) {
        show_typing(true);
        (void)fputc('\n', stderr);
    }
    line[read ? strcspn(line, "\r\n") : 0] = '\0';
    return line[0] != '\0' ? arena_text(arena, line) : NULL;
}

/* SETTING=VALUE. What others could read in the list of processes is no place for a secret. */
static enum outcome take_arguments(struct setup_order *order, struct work *work,
                                   const struct command_line *line)
{
    for (int i = 0; i < line->argument_count; i++) {
        const char *argument = line->arguments[i];
        const char *equals = strchr(argument, '=');
        if (equals == NULL) {
            return fail(work, INVALID, "%s is not SETTING=VALUE", argument);
        }
        const char *setting = arena_bytes(work->arena, argument, (size_t)(equals - argument));
        const struct field *field = record_field(&settings_record, setting);
        if (field != NULL && (field->is & FIELD_SECRET) != 0) {
            return fail(work, INVALID,
                        "%s is a secret: type it in, or set it in the environment instead",
                        setting);
        }
        setup_answer(order, work->arena, setting, equals + 1);
    }
    return OK;
}

static bool is_given(const struct setup_order *order, const char *setting)
{
    const struct answer *at = order->answers.items;

    for (size_t i = 0; i < order->answers.count; i++) {
        if (strcmp(at[i].setting, setting) == 0) {
            return true;
        }
    }
    return false;
}

static void take_environment(struct setup_order *order, struct arena *arena)
{
    for (size_t i = 0; i < settings_record.count; i++) {
        const char *setting = settings_record.fields[i].name;
        const char *value = from_environment(arena, setting);
        if (value != NULL && !is_given(order, setting)) {
            setup_answer(order, arena, setting, value);
        }
    }
}

static void take_typed(struct setup_order *order, struct arena *arena)
{
    for (size_t i = 0; i < question_count; i++) {
        const struct question *question = &questions[i];
        if (is_given(order, question->setting)) {
            continue;
        }
        const char *fallback = record_field(&settings_record, question->setting)->fallback;
        const char *value = ask(arena, question->asks, fallback, question->secret);
        if (value != NULL) {
            setup_answer(order, arena, question->setting, value);
        }
    }
    if (order->test_mail == NULL) {
        order->test_mail = ask(arena, "Address for a test mail (empty: none)", "", false);
    }
}

static enum outcome take_all(struct setup_order *order, struct work *work,
                             const struct command_line *line)
{
    TRY(setup_check(work));
    TRY(take_arguments(order, work, line));
    take_environment(order, work->arena);
    if (isatty(STDIN_FILENO) != 0) {
        take_typed(order, work->arena);
    }
    return OK;
}

static void print(const struct setup_report *report)
{
    (void)printf("configuration: %s\n", report->file);
    (void)printf("database: reached, schema version %lld\n", (long long)report->schema);
    if (report->mail != NULL) {
        (void)printf("mail: %s\n", report->mail);
    }
    (void)printf("Now paste this line into the host's list of cron jobs:\n%s\n", report->cron_line);
}

int command_setup(struct work *work, const struct command_line *line)
{
    struct setup_order order = {.file = line->to, .test_mail = line->test_mail};
    struct setup_report report;

    enum outcome outcome = take_all(&order, work, line);
    if (outcome == OK) {
        outcome = setup_run(&report, work, &order);
    }
    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    print(&report);
    return report.mail == NULL || report.mail_sent ? EX_OK : EX_UNAVAILABLE;
}
