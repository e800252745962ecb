/* SPDX-License-Identifier: MIT */
#include "notify/letter.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "wire/json.h"
#include "wire/template.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TEMPLATE_MAX = 64 * 1024 };

static const char SUBJECT[] = "Subject: ";

static enum outcome read_file(char **out, struct work *work, const char *path)
{
    char *text = arena_alloc(work->arena, TEMPLATE_MAX);
    FILE *file = fopen(path, "re");

    if (file == NULL) {
        return fail(work, BROKEN, "cannot read the template %s: %s", path, strerror(errno));
    }
    const size_t length = fread(text, 1, TEMPLATE_MAX, file);
    const bool whole = ferror(file) == 0 && length < TEMPLATE_MAX;
    (void)fclose(file);
    if (!whole) {
        return fail(work, BROKEN, "the template %s is longer than %d bytes", path, TEMPLATE_MAX);
    }
    *out = text;
    return OK;
}

/* "mentorwatch@example.org" → the part after '@', where Message-IDs live. */
static const char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');
    return at == NULL ? address : at + 1;
}

static enum outcome split(struct mail *out, struct work *work, char *text, const char *path)
{
    char *line_end = strchr(text, '\n');

    if (!text_starts(text, SUBJECT) || line_end == NULL) {
        return fail(work, BROKEN, "the template %s does not begin with \"%s\"", path, SUBJECT);
    }
    *line_end = '\0';
    out->subject = text + strlen(SUBJECT);
    out->text = line_end + 1 + strspn(line_end + 1, "\n");
    return OK;
}

enum outcome letter_write(struct mail *out, struct work *work, const struct message *message)
{
    const struct settings *settings = work->settings;
    const char *path = arena_printf(work->arena, "%s/%s/%s.%s.txt", settings->notify.templates,
                                    message->language, message->kind, message->recipient_role);
    struct message_facts facts = {0};
    char *template;
    char *text;

    TRY(json_read(&facts, work, &message_facts, NULL, message->facts, strlen(message->facts),
                  NULL));
    TRY(read_file(&template, work, path));
    if (template_render(&text, work, template, &message_facts, &facts, message->language) != OK) {
        return fail(work, BROKEN, "the template %s: %s", path, work->failure.sentence);
    }
    *out = (struct mail){
        .message_id = arena_printf(work->arena, "%s@%s", message->delivery_id,
                                   domain_of(settings->mail.from)),
        .from = settings->mail.from,
        .from_name = settings->mail.from_name,
        .to = message->address,
        .to_name = message->recipient_name,
        .date = message->created_at,
    };
    return split(out, work, text, path);
}
