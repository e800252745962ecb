/* SPDX-License-Identifier: MIT */
/* mentorwatch preview: a mail as it would go out, with invented facts. */
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "cli/command.h"
#include "notify/letter.h"
#include "notify/proof.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static enum message_kind kind_named(const char *name)
{
    size_t kind = 0;

    while (kind < MESSAGE_KINDS && strcmp(message_kind_name((enum message_kind)kind), name) != 0) {
        kind++;
    }
    return (enum message_kind)kind;
}

static int unknown_kind(const char *name)
{
    (void)fprintf(stderr, "mentorwatch: there is no message %s; there are:\n", name);
    for (size_t kind = 0; kind < MESSAGE_KINDS; kind++) {
        (void)fprintf(stderr, "  %s\n", message_kind_name((enum message_kind)kind));
    }
    return EX_USAGE;
}

static int unknown_word(const char *option, const char *const *words)
{
    (void)fprintf(stderr, "mentorwatch: %s takes", option);
    for (size_t i = 0; words[i] != NULL; i++) {
        (void)fprintf(stderr, "%s %s", i == 0 ? "" : words[i + 1] == NULL ? " or" : ",", words[i]);
    }
    (void)fputs("\n", stderr);
    return EX_USAGE;
}

static bool is_one_of(const char *const *words, const char *word)
{
    return words[text_index(words, word)] != NULL;
}

static enum outcome print_letter(struct work *work, const struct message *message, bool html)
{
    struct mail mail;

    TRY(letter_write(&mail, work, message, NULL));
    if (html && mail.html == NULL) {
        return fail(work, INVALID, "this mail has no HTML: there is no layout.html in %s",
                    work->settings->notify.templates);
    }
    (void)fputs(html ? mail.html : mail_write(work->arena, &mail), stdout);
    return OK;
}

int command_preview(struct work *work, const struct command_line *line)
{
    const char *role = line->role != NULL ? line->role : recipient_roles[0];
    const char *language =
        line->language != NULL ? line->language : work->settings->notify.language;
    const enum message_kind kind = kind_named(line->arguments[0]);

    if (kind == MESSAGE_KINDS) {
        return unknown_kind(line->arguments[0]);
    }
    if (!is_one_of(recipient_roles, role)) {
        return unknown_word("--role", recipient_roles);
    }
    if (!is_one_of(language_words, language)) {
        return unknown_word("--lang", language_words);
    }
    const struct message message = proof_message(work, kind, role, language);
    const enum outcome outcome = print_letter(work, &message, line->html);
    return outcome == OK ? EX_OK : command_failed(work, outcome);
}
