/* SPDX-License-Identifier: MIT */
#include "notify/proof.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/work.h"
#include "notify/http_client.h"
#include "notify/letter.h"
#include "notify/push_template.h"
#include "wire/json.h"

#include <dirent.h>
#include <string.h>

enum { DAYS = 7 };

static const char ENDING[] = ".txt";

static struct message_facts invented_facts(struct instant now, const char *recipient,
                                           enum message_kind kind)
{
    const bool over = kind == MESSAGE_CERTIFICATION_EXPIRED || kind == MESSAGE_PAUSE_LIFTED;
    const int64_t days = over ? -1 : DAYS;

    return (struct message_facts){
        .recipient_name = recipient,
        .mentor_name = "Kari Nordmann",
        .mentor_id = "mentor-042",
        .coordinator_name = "Nora \u00C5sen",
        .certification_type = "first_aid",
        .expires_at = instant_plus(now, days * MS_PER_DAY),
        .days_remaining = days,
        .reason = kind == MESSAGE_PAUSE_ACTIVATED ? "studies" : NULL,
        .expected_return_date = instant_plus(now, INT64_C(90) * MS_PER_DAY),
        .paused = kind != MESSAGE_PAUSE_LIFTED,
    };
}

struct message proof_message(struct work *work, enum message_kind kind, const char *role,
                             const char *language)
{
    const bool to_mentor = strcmp(role, recipient_roles[0]) == 0;
    const char *recipient = to_mentor ? "Kari Nordmann" : "Nora \u00C5sen";
    const struct message_facts facts = invented_facts(work->now, recipient, kind);

    return (struct message){
        .seq = 1,
        .delivery_id = "00000000000000000000000000000001",
        .kind = message_kind_name(kind),
        .recipient_role = role,
        .recipient_name = recipient,
        .address = to_mentor ? "kari@example.org" : "nora@example.org",
        .language = language,
        .facts = json_write(work->arena, &message_facts, &facts),
        .created_at = work->now,
    };
}

static enum outcome check_language(struct work *work, const char *language)
{
    for (size_t kind = 0; kind < MESSAGE_KINDS; kind++) {
        for (size_t role = 0; recipient_roles[role] != NULL; role++) {
            const struct message message =
                proof_message(work, (enum message_kind)kind, recipient_roles[role], language);
            struct mail mail;
            TRY(letter_write(&mail, work, &message, NULL));
        }
    }
    return OK;
}

/* FOLDER/push/NAME.txt → NAME; NULL: no template, but what an editor or the system keeps there. */
static const char *template_name(struct arena *arena, const char *file)
{
    const size_t length = strlen(file);
    const size_t ending = strlen(ENDING);

    return file[0] != '.' && length > ending && strcmp(file + length - ending, ENDING) == 0
               ? arena_bytes(arena, file, length - ending)
               : NULL;
}

static enum outcome check_push_files(struct work *work, DIR *folder, const char *language)
{
    const struct message message =
        proof_message(work, MESSAGE_CERTIFICATION_EXPIRING, recipient_roles[0], language);
    const struct dirent *entry;
    struct letter letter;

    TRY(letter_compose(&letter, work, &message, NULL));
    while ((entry = readdir(folder)) != NULL) {
        const char *name = template_name(work->arena, entry->d_name);
        struct http_post post = {0};
        if (name != NULL) {
            TRY(push_template_write(&post, work, name, &message, &letter));
        }
    }
    return OK;
}

static enum outcome check_push(struct work *work, const char *language)
{
    DIR *folder = opendir(arena_printf(work->arena, "%s/push", work->settings->notify.templates));

    if (folder == NULL) { /* nobody has to have one */
        return OK;
    }
    const enum outcome outcome = check_push_files(work, folder, language);
    (void)closedir(folder);
    return outcome;
}

/* Memory of its own, so that the sentence alone stays. */
static enum outcome check_apart(struct work *work,
                                enum outcome (*check)(struct work *, const char *),
                                const char *language)
{
    struct work apart = *work;

    apart.arena = arena_new();
    const enum outcome outcome = check(&apart, language);
    if (outcome != OK) {
        work_note_failure(work, "%s", apart.failure.sentence);
    }
    arena_free(apart.arena);
    return outcome;
}

enum outcome letters_check(struct work *work)
{
    for (size_t i = 0; language_words[i] != NULL; i++) {
        TRY(check_apart(work, check_language, language_words[i]));
    }
    return check_apart(work, check_push, language_words[0]);
}
