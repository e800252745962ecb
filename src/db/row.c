/* SPDX-License-Identifier: MIT */
/* Arguments in, records out: the only MYSQL_BIND in the tree. */
#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/work.h"
#include "db/db.h"
#include "db/internal.h"

#include <string.h>

/* my_bool in MariaDB's client library, bool in Oracle's since 8.0. */
typedef __typeof__(*((MYSQL_BIND *)0)->is_null) sql_bool;

enum { INLINE_TEXT = 256 };

struct db_arg db_text(const char *text)
{
    return (struct db_arg){.type = FIELD_TEXT, .null = text == NULL, .text = text};
}

struct db_arg db_int(int64_t number)
{
    return (struct db_arg){.type = FIELD_INT, .number = number};
}

struct db_arg db_int_given(int64_t number)
{
    return (struct db_arg){.type = FIELD_INT, .null = number == 0, .number = number};
}

struct db_arg db_bool(bool value)
{
    return db_int(value ? 1 : 0);
}

struct db_arg db_time(struct instant instant)
{
    return (struct db_arg){
        .type = FIELD_INSTANT, .null = !instant_given(instant), .instant = instant};
}

static MYSQL_TIME time_of_instant(struct instant instant)
{
    const struct civil at = instant_civil(instant);

    return (MYSQL_TIME){
        .year = (unsigned)at.date.year,
        .month = (unsigned)at.date.month,
        .day = (unsigned)at.date.day,
        .hour = (unsigned)at.hour,
        .minute = (unsigned)at.minute,
        .second = (unsigned)at.second,
        .second_part = (unsigned long)at.millisecond * 1000,
        .time_type = MYSQL_TIMESTAMP_DATETIME,
    };
}

static struct instant instant_of_time(const MYSQL_TIME *time)
{
    struct instant instant = {0};
    const struct civil civil = {
        .date = {(int)time->year, (int)time->month, (int)time->day},
        .hour = (int)time->hour,
        .minute = (int)time->minute,
        .second = (int)time->second,
        .millisecond = (int)(time->second_part / 1000),
    };
    (void)instant_from_civil(&instant, civil);
    return instant;
}

/* The library reads what it is given here, and has one type for both ways. */
static void *to_read(const void *value)
{
    union {
        const void *given;
        void *taken;
    } way = {.given = value};

    return way.taken;
}

/* `time` is where a moment becomes what the library reads. */
static MYSQL_BIND bind_argument(const struct db_arg *arg, MYSQL_TIME *time)
{
    if (arg->null) {
        return (MYSQL_BIND){.buffer_type = MYSQL_TYPE_NULL};
    }
    if (arg->type == FIELD_TEXT) {
        return (MYSQL_BIND){.buffer_type = MYSQL_TYPE_STRING,
                            .buffer = to_read(arg->text),
                            .buffer_length = strlen(arg->text)};
    }
    if (arg->type == FIELD_INSTANT) {
        *time = time_of_instant(arg->instant);
        return (MYSQL_BIND){.buffer_type = MYSQL_TYPE_DATETIME, .buffer = time};
    }
    return (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = to_read(&arg->number)};
}

void arguments_free(struct arguments *arguments)
{
    memory_give_back(arguments->binds);
    memory_give_back(arguments->times);
    *arguments = (struct arguments){.room = 0};
}

/* They are needed for a moment only, and a statement for a hundred rows has thousands. */
static void make_room(struct arguments *arguments, size_t count)
{
    if (count > arguments->room) {
        arguments_free(arguments);
        arguments->binds = memory_take(count * sizeof(*arguments->binds));
        arguments->times = memory_take(count * sizeof(*arguments->times));
        arguments->room = count;
    }
}

/* The reserve of memory is not kept: others may need it. */
static void leave_reserve(struct arguments *arguments)
{
    const bool binds_left = reserve_give_back(arguments->binds);
    const bool times_left = reserve_give_back(arguments->times);

    arguments->binds = binds_left ? NULL : arguments->binds;
    arguments->times = times_left ? NULL : arguments->times;
    if (binds_left || times_left) {
        arguments_free(arguments);
    }
}

bool arguments_execute(MYSQL_STMT *prepared, struct db_args args, struct arguments *arguments)
{
    make_room(arguments, args.count);
    for (size_t i = 0; i < args.count; i++) {
        arguments->binds[i] = bind_argument(&args.at[i], &arguments->times[i]);
    }
    const bool good = (args.count == 0 || mysql_stmt_bind_param(prepared, arguments->binds) == 0) &&
                      mysql_stmt_execute(prepared) == 0;
    leave_reserve(arguments);
    return good;
}

/* Where the library puts one column of the row at hand. */
struct column {
    const struct field *field;
    unsigned long length;
    sql_bool null;
    sql_bool truncated;
    union {
        char text[INLINE_TEXT];
        int64_t number;
        MYSQL_TIME time;
    } at;
};

struct columns {
    const struct record *row;
    size_t count;
    MYSQL_BIND *binds;
    struct column columns[];
};

static void bind_column(MYSQL_BIND *bind, struct column *column)
{
    *bind = (MYSQL_BIND){0};
    bind->length = &column->length;
    bind->is_null = &column->null;
    bind->error = &column->truncated;
    bind->buffer = &column->at;
    switch (column->field->type) {
    case FIELD_TEXT:
    case FIELD_LIST:
        bind->buffer_type = MYSQL_TYPE_STRING;
        bind->buffer_length = sizeof(column->at.text);
        break;
    case FIELD_INT:
    case FIELD_BOOL:
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        break;
    case FIELD_INSTANT:
        bind->buffer_type = MYSQL_TYPE_DATETIME;
        break;
    }
}

static enum outcome name_columns(struct columns *columns, struct work *work,
                                 const MYSQL_FIELD *names, const char *sql)
{
    for (size_t i = 0; i < columns->count; i++) {
        const struct field *field = record_field(columns->row, names[i].name);
        if (field == NULL) {
            return fail(work, BROKEN, "no field takes the column %s of: %s", names[i].name, sql);
        }
        columns->columns[i].field = field;
        bind_column(&columns->binds[i], &columns->columns[i]);
    }
    return OK;
}

enum outcome columns_new(struct columns **out, struct work *work, MYSQL_STMT *prepared,
                         const struct record *row, const char *sql)
{
    MYSQL_RES *names = mysql_stmt_result_metadata(prepared);
    if (names == NULL) {
        return fail(work, BROKEN, "a statement returns no rows: %s", sql);
    }
    const size_t count = mysql_num_fields(names);
    struct arena *kept = work->db->kept;
    struct columns *columns = arena_alloc(kept, sizeof(*columns) + count * sizeof(struct column));
    columns->binds = arena_array(kept, count, sizeof(MYSQL_BIND));
    columns->row = row;
    columns->count = count;
    const enum outcome outcome = name_columns(columns, work, mysql_fetch_fields(names), sql);
    mysql_free_result(names);
    TRY(outcome);
    *out = columns;
    return OK;
}

const struct record *columns_row(const struct columns *columns)
{
    return columns->row;
}

bool columns_bind(struct columns *columns, MYSQL_STMT *prepared)
{
    return mysql_stmt_bind_result(prepared, columns->binds) == 0;
}

/* Text that did not fit its inline buffer is fetched a second time at its true length: the first
 * fetch only learned it. */
static const char *column_text(struct columns *columns, size_t i, MYSQL_STMT *prepared,
                               struct arena *arena)
{
    struct column *column = &columns->columns[i];

    if (column->length <= sizeof(column->at.text)) {
        return arena_bytes(arena, column->at.text, column->length);
    }
    const unsigned long length = column->length;
    char *text = arena_alloc(arena, length + 1);
    MYSQL_BIND bind = columns->binds[i];
    bind.buffer = text;
    bind.buffer_length = length;
    return mysql_stmt_fetch_column(prepared, &bind, (unsigned)i, 0) == 0 ? text : NULL;
}

static bool read_column(struct columns *columns, size_t i, MYSQL_STMT *prepared, void *at,
                        struct arena *arena)
{
    const struct column *column = &columns->columns[i];
    const char *text;

    switch (column->field->type) {
    case FIELD_TEXT:
        text = column_text(columns, i, prepared, arena);
        *(const char **)at = text;
        return text != NULL;
    case FIELD_LIST:
        text = column_text(columns, i, prepared, arena);
        if (text != NULL) {
            *(struct list *)at = text_words(arena, text);
        }
        return text != NULL;
    case FIELD_INT:
        *(int64_t *)at = column->at.number;
        break;
    case FIELD_BOOL:
        *(bool *)at = column->at.number != 0;
        break;
    case FIELD_INSTANT:
        *(struct instant *)at = instant_of_time(&column->at.time);
        break;
    }
    return true;
}

bool columns_read(struct columns *columns, MYSQL_STMT *prepared, void *object, struct arena *arena)
{
    for (size_t i = 0; i < columns->count; i++) {
        const struct column *column = &columns->columns[i];
        void *at = field_in(column->field, object);

        /* A zeroed field is an absent one. */
        if (!column->null && !read_column(columns, i, prepared, at, arena)) {
            return false;
        }
    }
    return true;
}
