/* SPDX-License-Identifier: MIT */
#include "setup/configuration.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "setup/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* NULL: there is none. */
static const char *answer_to(struct list answers, const char *setting)
{
    const struct answer *at = answers.items;

    for (size_t i = answers.count; i > 0; i--) {
        if (strcmp(at[i - 1].setting, setting) == 0) {
            return at[i - 1].value;
        }
    }
    return NULL;
}

static bool is_in(const char *section, const char *setting)
{
    const size_t length = strcspn(setting, ".");

    return strlen(section) == length && strncmp(section, setting, length) == 0;
}

/* Settings stand together by section, in the order of the table. */
static char *text_of(struct arena *arena, struct list answers)
{
    struct text text = text_in(arena);
    const char *section = "";

    text_add(&text,
             "; Written by mentorwatch setup. mentorwatch.conf(5) tells of every setting.\n");
    for (size_t i = 0; i < settings_record.count; i++) {
        const char *setting = settings_record.fields[i].name;
        const char *value = answer_to(answers, setting);
        if (value == NULL) {
            continue;
        }
        const size_t length = strcspn(setting, ".");
        if (!is_in(section, setting)) {
            section = arena_bytes(arena, setting, length);
            text_add_format(&text, "\n[%s]\n", section);
        }
        text_add(&text, setting + length + 1);
        text_add(&text, " = ");
        text_add(&text, value);
        text_add(&text, "\n");
    }
    return text_done(&text);
}

static enum outcome check_answers(struct work *work, struct list answers)
{
    const struct answer *at = answers.items;

    for (size_t i = 0; i < answers.count; i++) {
        if (record_field(&settings_record, at[i].setting) == NULL) {
            fault(work, at[i].setting, "is not a setting");
        } else if (text_has_controls(at[i].value, false)) {
            fault(work, at[i].setting, "must be one line");
        }
    }
    return work_verdict(work);
}

static enum outcome cannot_write(struct work *work, const char *path)
{
    return fail(work, INVALID, "cannot write %s: %s", path, strerror(errno));
}

enum outcome configuration_write(struct work *work, const char *path, struct list answers)
{
    TRY(check_answers(work, answers));
    const char *text = text_of(work->arena, answers);
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        return cannot_write(work, path);
    }
    const bool written = fchmod(file, 0600) == 0 &&
                         write(file, text, strlen(text)) == (ssize_t)strlen(text) &&
                         fsync(file) == 0;
    if (close(file) != 0 || !written) {
        (void)unlink(path);
        return cannot_write(work, path);
    }
    return OK;
}

/* A value that begins with ; or ends with a blank would mean something else in the file. */
static void check_value(const struct settings *settings, struct work *work, const char *setting,
                        const char *value)
{
    const struct field *field = record_field(&settings_record, setting);

    if (field->type == FIELD_TEXT &&
        strcmp(*(const char *const *)field_at(field, settings), value) != 0 && value[0] != '\0') {
        fault(work, setting,
              "cannot stand in the file as it is: no blank before a semicolon, at the beginning or "
              "at the end");
    }
}

enum outcome configuration_read(struct settings *out, struct work *work, const char *path,
                                struct list answers)
{
    TRY(settings_load(out, work, path));
    for (size_t i = 0; i < settings_record.count; i++) {
        const char *setting = settings_record.fields[i].name;
        const char *value = answer_to(answers, setting);
        if (value != NULL) {
            check_value(out, work, setting, value);
        }
    }
    return work_verdict(work);
}
