/* SPDX-License-Identifier: MIT */
/* A struct described once.
 *
 * The same description maps database rows (db/row.c), reads and writes JSON (wire/json.c), reads
 * query strings (wire/query.c), CSV files (wire/csv.c) and the configuration (base/config.c), and
 * tells routes and docs what a body may hold. FIELD() takes the type from the struct member, so a
 * member of any other type does not compile:
 *
 *     static const struct field fields[] = {
 *         FIELD(struct loan, loan_id, .is = FIELD_REQUIRED),
 *         FIELD(struct loan, due_at, .meaning = "When it must be back"),
 *     };
 *     const struct record loan_input = RECORD(struct loan, fields);
 *
 * A zeroed struct is an empty record: NULL texts, absent instants, 0, false, empty lists.
 */
#ifndef MENTORWATCH_BASE_RECORD_H
#define MENTORWATCH_BASE_RECORD_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct record;

/* `count` items side by side: structs that `of` describes, or texts (const char *). */
struct list {
    void *items;
    size_t count;
};

/* Room for one more item of `size` bytes at the end, zeroed. Only for lists that were filled this
 * way from the start; earlier items may move. */
void *list_append(struct list *list, struct arena *arena, size_t size);

enum field_type { FIELD_TEXT, FIELD_INT, FIELD_BOOL, FIELD_INSTANT, FIELD_LIST };

enum field_is {
    FIELD_REQUIRED = 1 << 0, /* input: must be given */
    FIELD_NULLABLE = 1 << 1, /* input: may be null; output: null stands for absent */
    FIELD_OMITTED = 1 << 2,  /* output: left out when absent */
    FIELD_MILLIS = 1 << 3,   /* output: instants with milliseconds */
    FIELD_DATE_TOO = 1 << 4, /* input: a bare date will do, and means its first moment */
    FIELD_SECRET = 1 << 5,   /* never shown */
    FIELD_LINES = 1 << 6,    /* text may hold line breaks */
    FIELD_FREE = 1 << 7,     /* text may hold anything: it comes from ourselves */
    FIELD_LONE = 1 << 8,     /* input: a list of one text may come without its brackets */
};

/* Returns NULL, or why the text will not do, as field_parse() says it. */
typedef const char *field_checker(const char *text, struct arena *arena);

struct field {
    const char *name;
    enum field_type type;
    size_t offset;
    unsigned is;      /* enum field_is, or'ed */
    int64_t min, max; /* text: characters (max 0: FIELD_TEXT_MAX); int: value (max 0: any) */
    const char *const *words; /* all the values that a text may take, NULL at the end */
    const struct record *of;  /* what a list holds; NULL: texts */
    field_checker *check;     /* what else a text must be; NULL: nothing */
    const char *fallback;     /* the value, as text, of a field that is not given */
    const char *meaning;      /* one line for docs */
};

struct record {
    const char *name; /* "struct loan input_fields", as RECORD() was given them */
    size_t size;      /* of the struct */
    size_t count;
    const struct field *fields;
    bool open; /* input: other keys may stand beside these, and are ignored */
};

enum { FIELD_TEXT_MAX = 255 }; /* characters, where a field says nothing else */

#define FIELD_TYPE(member)                                                                         \
    _Generic((member), const char *: FIELD_TEXT, int64_t: FIELD_INT, bool: FIELD_BOOL,             \
             struct instant: FIELD_INSTANT, struct list: FIELD_LIST)

#define FIELD(owner, member, ...) FIELD_AS(member, owner, member, ##__VA_ARGS__)

/* The same under another name than the member's: FIELD_AS(page, struct filter, listing.page). */
#define FIELD_AS(label, owner, member, ...)                                                        \
    {                                                                                              \
        .name = #label, .type = FIELD_TYPE(((owner *)0)->member),                                  \
        .offset = offsetof(owner, member), ##__VA_ARGS__                                           \
    }

#define RECORD(owner, field_array, ...)                                                            \
    {                                                                                              \
        .name = #owner " " #field_array, .size = sizeof(owner),                                    \
        .count = sizeof(field_array) / sizeof(field_array)[0], .fields = (field_array),            \
        ##__VA_ARGS__                                                                              \
    }

/* A field's place inside its struct. */
const void *field_at(const struct field *field, const void *object);
void *field_in(const struct field *field, void *object);

/* Whether any field must be given. */
bool record_requires_something(const struct record *record);

/* The field of that name, or NULL. */
const struct field *record_field(const struct record *record, const char *name);

/* A copy of one that was read from the database, with its texts and lists of texts. */
void *record_copy(const struct record *record, const void *object, struct arena *arena);

/* Set a field from text. Returns NULL, or why the text will not do ("must be a whole number from
 * 1 to 100"), to be shown after the field's name; the sentence lives in the arena. */
const char *field_parse(const struct field *field, void *object, const char *text,
                        struct arena *arena);
/* The same checks for a value that another reader has already set. */
const char *field_check(const struct field *field, const void *object, struct arena *arena);

/* Give every field that has a fallback its fallback. */
void record_defaults(const struct record *record, void *object, struct arena *arena);

#endif
