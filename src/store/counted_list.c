/* SPDX-License-Identifier: MIT */
#include "store/counted_list.h"

#include "base/arena.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define FILTERS(list) .filters = (list), .filter_count = sizeof(list) / sizeof((list)[0])
#define SEQ                                                                                        \
    {                                                                                              \
        "seq", "seq", NULL, BY_SEQ, NULL                                                           \
    }
/* Where pages of one value begin. Only for what has few values. */
#define IN_ORDER(column, index)                                                                    \
    {                                                                                              \
        column ",seq", column, NULL, BY_VALUE_SEQ, index                                           \
    }

/* standing: those that are valid or expired, which of the two the time says. Few are revoked. */
static const struct counted_filter certification_filters[] = {
    {"expires_at",         "expires_at",         NULL,                     BY_TIME,       NULL},
    {"revoked",            "expires_at",         "revoked_at IS NOT NULL", BY_TIME,       NULL},
    {"standing",           "expires_at",         "revoked_at IS NULL",     BY_DIFFERENCE, NULL},
    {"certification_type", "certification_type", NULL,                     BY_VALUE,      NULL},
    {"mentor_id",          "mentor_id",          NULL,                     NOT_KEPT,      NULL},
    {"created_at",         "created_at",         NULL,                     BY_TIME,       NULL},
    {"issued_at",          "issued_at",          NULL,                     BY_TIME,       NULL},
    SEQ,
    IN_ORDER("certification_type", "certifications_of_type"),
};

static const struct counted_filter pause_event_filters[] = {
    {"created_at",     "created_at",     NULL, BY_TIME,  NULL},
    {"effective_date", "effective_date", NULL, BY_TIME,  NULL},
    {"event_type",     "event_type",     NULL, BY_VALUE, NULL},
    {"coordinator_id", "coordinator_id", NULL, BY_VALUE, NULL},
    {"mentor_id",      "mentor_id",      NULL, NOT_KEPT, NULL},
    SEQ,
    IN_ORDER("event_type", "pause_events_by_type"),
};

static const struct counted_filter reminder_filters[] = {
    {"sent_at",        "sent_at",        NULL, BY_TIME,  NULL},
    {"threshold_days", "threshold_days", NULL, BY_VALUE, NULL},
    {"channel",        "channel",        NULL, BY_VALUE, NULL},
    {"status",         "status",         NULL, BY_VALUE, NULL},
    {"coordinator_id", "coordinator_id", NULL, BY_VALUE, NULL},
    {"mentor_id",      "mentor_id",      NULL, NOT_KEPT, NULL},
    SEQ,
    IN_ORDER("threshold_days", "reminders_by_threshold"),
    IN_ORDER("channel", "reminders_by_channel"),
    IN_ORDER("status", "reminders_by_status"),
};

static const struct counted_filter expiry_notification_filters[] = {
    {"sent_at",        "sent_at",        NULL, BY_TIME,  NULL},
    {"expiry_date",    "expiry_date",    NULL, BY_TIME,  NULL},
    {"threshold_days", "threshold_days", NULL, BY_VALUE, NULL},
    {"status",         "status",         NULL, BY_VALUE, NULL},
    {"coordinator_id", "coordinator_id", NULL, BY_VALUE, NULL},
    {"mentor_id",      "mentor_id",      NULL, NOT_KEPT, NULL},
    SEQ,
    IN_ORDER("threshold_days", "expiry_notifications_by_threshold"),
    IN_ORDER("status", "expiry_notifications_by_status"),
};

static const struct counted_filter expiry_log_filters[] = {
    {"applied_at", "applied_at", NULL, BY_TIME,  NULL},
    {"job_run_id", "job_run_id", NULL, BY_VALUE, NULL},
    {"mentor_id",  "mentor_id",  NULL, NOT_KEPT, NULL},
    SEQ,
    IN_ORDER("job_run_id", "expiry_logs_of_run"),
};

const struct counted_list counted_lists[COUNTED_LISTS] = {
    [COUNTED_CERTIFICATIONS] = {.table = "certifications", FILTERS(certification_filters)},
    [COUNTED_PAUSE_EVENTS] = {.table = "pause_events",   FILTERS(pause_event_filters)  },
    [COUNTED_REMINDERS] = {.table = "reminders",
                                .only = "deleted_at IS NULL",
                                FILTERS(reminder_filters)},
    [COUNTED_EXPIRY_NOTIFICATIONS] = {.table = "expiry_notifications",
                                FILTERS(expiry_notification_filters)                        },
    [COUNTED_EXPIRY_LOGS] = {.table = "expiry_logs",                         FILTERS(expiry_log_filters)         },
};

const struct counted_filter *counted_filter(enum counted list, const char *name)
{
    const struct counted_list *counted = &counted_lists[list];

    for (size_t i = 0; i < counted->filter_count; i++) {
        if (strcmp(counted->filters[i].name, name) == 0) {
            return &counted->filters[i];
        }
    }
    abort();
}

/* A time is "2026-03-01 07:…", a number has 20 digits, a value before one has 64 characters. */
const int *counted_levels(enum kept_as kept)
{
    static const int none[] = {LEVELS_END};
    static const int value[] = {VALUE_LEVEL, LEVELS_END};
    static const int time[] = {0, 7, HOUR_LEVEL, LEVELS_END};
    static const int seq[] = {15, THOUSAND_LEVEL, LEVELS_END};
    static const int value_seq[] = {VALUE_LEVEL + 15, TEN_THOUSAND_OF_VALUE_LEVEL, LEVELS_END};

    switch (kept) {
    case BY_VALUE:
        return value;
    case BY_TIME:
        return time;
    case BY_SEQ:
        return seq;
    case BY_VALUE_SEQ:
        return value_seq;
    case NOT_KEPT:
    case BY_DIFFERENCE:
        break;
    }
    return none;
}

int counted_finest(enum kept_as kept)
{
    const int *levels = counted_levels(kept);

    int finest = 0;

    for (size_t i = 0; levels[i] != LEVELS_END; i++) {
        finest = levels[i];
    }
    return finest;
}

const char *counted_cell(struct arena *arena, const struct counted_filter *filter)
{
    switch (filter->kept) {
    case BY_TIME:
        return arena_printf(arena, "LEFT(CAST(%s AS CHAR), %d)", filter->column, HOUR_LEVEL);
    case BY_SEQ:
        return arena_printf(arena, "LEFT(LPAD(%s, %d, '0'), %d)", filter->column, SEQ_DIGITS,
                            THOUSAND_LEVEL);
    case BY_VALUE_SEQ:
        return arena_printf(arena,
                            "LEFT(CONCAT(RPAD(CAST(%s AS CHAR), %d, ' '), LPAD(seq, %d, '0')), %d)",
                            filter->column, VALUE_LEVEL, SEQ_DIGITS, TEN_THOUSAND_OF_VALUE_LEVEL);
    case BY_VALUE:
    case NOT_KEPT:
    case BY_DIFFERENCE:
        break;
    }
    return arena_printf(arena, "CAST(%s AS CHAR)", filter->column);
}

const char *counted_same(struct arena *arena, const struct counted_filter *filter)
{
    switch (filter->kept) {
    case BY_TIME:
        return arena_printf(arena, "TO_DAYS(%s) * 24 + HOUR(%s)", filter->column, filter->column);
    case BY_SEQ:
        return arena_printf(arena, "%s DIV 1000", filter->column);
    case BY_VALUE_SEQ:
    case BY_VALUE:
    case NOT_KEPT:
    case BY_DIFFERENCE:
        break;
    }
    return counted_cell(arena, filter);
}

const char *counted_cell_of_same(const struct counted_filter *filter)
{
    switch (filter->kept) {
    case BY_TIME:
        return "CONCAT(FROM_DAYS(same DIV 24), ' ', LPAD(same MOD 24, 2, '0'))";
    case BY_SEQ:
        return "LPAD(same, 17, '0')";
    case BY_VALUE_SEQ:
    case BY_VALUE:
    case NOT_KEPT:
    case BY_DIFFERENCE:
        break;
    }
    return "same";
}

const char *counted_padded(struct arena *arena, const char *value)
{
    size_t length = 0;

    (void)utf8_length(value, &length);
    return arena_printf(arena, "%s%*s", value, VALUE_LEVEL - (int)length, "");
}
