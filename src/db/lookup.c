/* SPDX-License-Identifier: MIT */
#include "db/lookup.h"

#include "base/arena.h"
#include "db/internal.h"
#include "db/many.h"

#include <string.h>

/* What one thread asks for: all of it by one lookup. */
struct asked {
    struct gathered gathered; /* first */
    struct db_wanted **at;
    size_t count;
};

static enum outcome look_up_now(void *out, struct work *work, const struct db_lookup *lookup,
                                const char *key)
{
    return db_one(out, work, lookup->row, arena_printf(work->arena, "%s?)", lookup->sql),
                  DB_ARGS(db_text(key)));
}

static enum outcome ask_alone(struct work *work, void *context)
{
    struct db_wanted *wanted = context;

    return look_up_now(&wanted->found, work, wanted->lookup, wanted->key);
}

static void ask_for_one(struct db_wanted *wanted)
{
    wanted->outcome = db_reading(wanted->work, ask_alone, wanted);
    wanted->failure = wanted->work->failure;
    wanted->failure.again = false; /* that was tried */
}

static void settle(struct db_wanted *wanted, const struct list *rows, const struct arena *arena)
{
    const struct record *row = wanted->lookup->row;
    const struct field *key = record_field(row, wanted->lookup->key);

    wanted->outcome = NOT_FOUND;
    for (size_t i = 0; i < rows->count; i++) {
        void *at = (char *)rows->items + i * row->size;
        if (strcmp(*(const char *const *)field_at(key, at), wanted->key) == 0) {
            wanted->found =
                wanted->work->arena == arena ? at : record_copy(row, at, wanted->work->arena);
            wanted->outcome = OK;
            return;
        }
    }
}

static void ask_for_several(struct asked *const *asked, size_t count, size_t total)
{
    const struct db_wanted *first = asked[0]->at[0];
    struct work *work = first->work;
    const struct failure before = work->failure;
    struct db_rows keys = db_rows(work->arena, total, 1);
    const struct db_many statement = {.begin = first->lookup->sql, .each = "?", .end = ")"};
    struct list rows;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < asked[i]->count; j++) {
            db_rows_add(&keys, DB_ARGS(db_text(asked[i]->at[j]->key)));
        }
    }
    const enum outcome outcome = db_all_many(&rows, work, first->lookup->row, &statement, &keys);
    work->failure = before;
    for (size_t i = 0; outcome == OK && i < count; i++) {
        for (size_t j = 0; j < asked[i]->count; j++) {
            settle(asked[i]->at[j], &rows, work->arena);
        }
    }
}

/* In the leader's thread, with its connection. */
static void lead(struct gathered *const *items, size_t count)
{
    struct asked *asked[MOST_GATHERED] = {(struct asked *)items[0]};
    size_t total = 0;

    for (size_t i = 0; i < count; i++) {
        asked[i] = (struct asked *)items[i];
        total += asked[i]->count;
    }
    if (total > 1) {
        ask_for_several(asked, count, total);
    } else {
        ask_for_one(asked[0]->at[0]);
    }
}

/* Asks for those with this lookup. */
static void ask_by(struct db_lookup *lookup, struct db_wanted *const *wanted, size_t count)
{
    struct asked asked = {
        .at = arena_array(wanted[0]->work->arena, count, sizeof(struct db_wanted *)),
    };

    for (size_t i = 0; i < count; i++) {
        if (wanted[i]->lookup == lookup && wanted[i]->outcome == AWAITED) {
            asked.at[asked.count++] = wanted[i];
        }
    }
    gather(&lookup->gathering, &asked.gathered, lead);
    for (size_t i = 0; i < asked.count; i++) {
        if (asked.at[i]->outcome == AWAITED) {
            ask_for_one(asked.at[i]);
        }
    }
}

void db_ask(struct db_wanted *const *wanted, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (wanted[i]->outcome == AWAITED) {
            ask_by(wanted[i]->lookup, wanted, count);
        }
    }
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
    struct db_wanted *wanted = work->wanted;

    if (wanted == NULL || work->db->in_transaction || !is_plain(key)) {
        return look_up_now(out, work, lookup, key);
    }
    if (wanted->lookup != lookup || strcmp(wanted->key, key) != 0) {
        *wanted =
            (struct db_wanted){.work = work, .lookup = lookup, .key = key, .outcome = AWAITED};
    }
    *(void **)out = wanted->found;
    work->failure = wanted->failure;
    return wanted->outcome;
}
