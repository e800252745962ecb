/* SPDX-License-Identifier: MIT */
/* Whether the accounts of the database may do what their programs do. */
#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "db/db.h"
#include "doctor/check.h"
#include "store/migration.h"
#include "store/server.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* As `mentorwatch grants` calls it. */
struct holder {
    const char *name;
    const char *file; /* that holds its account; "": it is that of the configuration */
};

static const char MIGRATE[] = "migrate";

static enum outcome find_missing(struct list *out, struct work *work, const char *role)
{
    return role == MIGRATE ? server_missing_schema_rights(out, work)
                           : server_missing_table_rights(out, work, strcmp(role, "app") == 0);
}

static const char *joined(struct arena *arena, struct list words)
{
    const char *const *word = words.items;
    struct text text = text_in(arena);

    for (size_t i = 0; i < words.count; i++) {
        text_add(&text, i == 0 ? "" : ", ");
        text_add(&text, word[i]);
    }
    return text_done(&text);
}

static void say_missing(struct examination *examination, const struct work *work, const char *role,
                        struct list missing)
{
    const char *user = work->settings->database.user;

    if (missing.count == 0) {
        say_ok(examination, "%s may all that %s needs", user, role);
    } else {
        say_wrong(examination,
                  "%s may not %s: let the administrator of the database say what \"mentorwatch "
                  "grants %s %s@HOST\" prints",
                  user, joined(examination->work->arena, missing), role, user);
    }
}

/* With a connection of its own, as that account. */
static void look_at(struct examination *examination, const struct holder *holder)
{
    struct work *work = examination->work;
    struct settings settings = *work->settings;
    struct work mine = {.arena = work->arena, .settings = &settings, .now = work->now};
    struct list missing;

    if (settings_take_account(&settings, &mine, holder->file) != OK) {
        work->failure = mine.failure;
        say_failure(examination);
        return;
    }
    mine.db = db_new(&settings);
    const enum outcome outcome = find_missing(&missing, &mine, holder->name);
    if (outcome == OK) {
        say_missing(examination, &mine, holder->name, missing);
    } else if (!db_is_connected(&mine)) {
        say_unreached(examination, &mine);
    } else {
        work->failure = mine.failure;
        say_failure(examination);
    }
    db_free(mine.db);
}

static bool schema_is_there(struct work *work)
{
    int64_t version;
    const bool current = schema_is_current(&version, work) == OK;

    work_clear(work);
    return current;
}

static void look_if_possible(struct examination *examination, const struct holder *holder)
{
    if (holder->file[0] != '\0' && access(holder->file, R_OK) != 0 && errno == EACCES) {
        say_skipped(examination, "looked at by whoever may read %s", holder->file);
    } else if (holder->name != MIGRATE && !schema_is_there(examination->work)) {
        say_skipped(examination, "%s: looked at once \"schema\" is ok", holder->name);
    } else {
        look_at(examination, holder);
    }
}

/* Whoever may all on the schema needs no look at tables. */
void check_rights(struct examination *examination)
{
    const struct settings *settings = examination->work->settings;
    const struct holder holders[] = {
        {"app",   ""                                },
        {"sweep", settings->database.sweep_account  },
        {MIGRATE, settings->database.migrate_account},
    };
    const bool one_owns_all = holders[2].file[0] == '\0';

    for (size_t i = 0; i < sizeof(holders) / sizeof(holders[0]); i++) {
        if (holders[i].name == MIGRATE || holders[i].file[0] != '\0' || !one_owns_all) {
            look_if_possible(examination, &holders[i]);
        }
    }
}
