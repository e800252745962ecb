/* SPDX-License-Identifier: MIT */
#include "db/lookup.h"

#include "base/arena.h"
#include "base/work.h"
#include "db/internal.h"
#include "db/many.h"

#include <string.h>

/* What one thread asks for. */
struct wanted {
    struct gathered gathered; /* first */
    struct work *work;
    const struct db_lookup *lookup;
    const char *key;
    void *found;
    enum outcome outcome;
    bool again; /* a statement for several has failed: each must ask alone */
};

static void settle(struct wanted *wanted, const struct list *rows, const struct work *leader)
{
    const struct record *row = wanted->lookup->row;
    const struct field *key = record_field(row, wanted->lookup->key);

    wanted->outcome = NOT_FOUND;
    for (size_t i = 0; i < rows->count; i++) {
        void *at = (char *)rows->items + i * row->size;
        if (strcmp(*(const char *const *)field_at(key, at), wanted->key) == 0) {
            wanted->found = wanted->work == leader ? at : record_copy(row, at, wanted->work->arena);
            wanted->outcome = OK;
            return;
        }
    }
}

/* In the leader's thread, with its connection. */
static void ask_for_all(struct gathered *const *items, size_t count)
{
    const struct wanted *first = (const struct wanted *)items[0];
    const struct db_lookup *lookup = first->lookup;
    struct work *work = first->work;
    const struct failure before = work->failure;
    struct db_rows keys = db_rows(work->arena, count, 1);
    const struct db_many statement = {.begin = lookup->sql, .each = "?", .end = ")"};
    struct list rows;

    for (size_t i = 0; i < count; i++) {
        db_rows_add(&keys, DB_ARGS(db_text(((const struct wanted *)items[i])->key)));
    }
    const enum outcome outcome = db_all_many(&rows, work, lookup->row, &statement, &keys);
    if (outcome != OK && count > 1) {
        work->failure = before;
    }
    for (size_t i = 0; i < count; i++) {
        struct wanted *wanted = (struct wanted *)items[i];
        wanted->outcome = outcome;
        wanted->again = outcome != OK && count > 1;
        if (outcome == OK) {
            settle(wanted, &rows, work);
        }
    }
}

static enum outcome ask_alone(struct wanted *wanted)
{
    const struct db_lookup *lookup = wanted->lookup;

    return db_one(&wanted->found, wanted->work, lookup->row,
                  arena_printf(wanted->work->arena, "%s?)", lookup->sql),
                  DB_ARGS(db_text(wanted->key)));
}

/* The database takes a key with spaces at its end for the same as without them. Whatever else it
 * may find is told apart by its bytes. */
static bool is_plain(const char *key)
{
    const size_t length = strlen(key);

    return length > 0 && key[length - 1] != ' ';
}

enum outcome db_look_up(void *out, struct work *work, struct db_lookup *lookup, const char *key)
{
    struct wanted wanted = {.work = work, .lookup = lookup, .key = key, .again = true};

    if (!work->db->in_transaction && is_plain(key)) {
        gather(&lookup->gathering, &wanted.gathered, ask_for_all);
    }
    if (wanted.again) {
        wanted.outcome = ask_alone(&wanted);
    }
    *(void **)out = wanted.found;
    return wanted.outcome;
}
