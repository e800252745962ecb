/* SPDX-License-Identifier: MIT */
#include "store/directory.h"

#include "base/work.h"
#include "db/many.h"

/* That of one push target which has not ended; one that has is as good as none. */
#define PUSH_TARGET(of)                                                                            \
    "IF(EXISTS (SELECT 1 FROM ended_push_targets e WHERE e.target_digest = SHA2(" of               \
    ".push_target, 256)), NULL, " of ".push_target)"

#define MENTORS                                                                                    \
    "SELECT m.mentor_id, m.organisation_id, m.name, m.email, " PUSH_TARGET(                        \
        "m") " AS push_target, "                                                                   \
             "m.channels, m.language, c.coordinator_id, c.name AS coordinator_name, "              \
             "c.email AS coordinator_email, " PUSH_TARGET(                                         \
                 "c") " AS coordinator_push_target, "                                              \
                      "c.channels AS coordinator_channels, c.language AS coordinator_language "    \
                      "FROM mentors m LEFT JOIN coordinators c ON c.coordinator_id = "             \
                      "m.coordinator_id "

enum outcome mentor_find(struct mentor **out, struct work *work, const char *mentor_id)
{
    const char *organisation = work->actor.organisation_id;
    const enum outcome outcome =
        db_one(out, work, &mentor_row,
               MENTORS "WHERE m.mentor_id = ? AND (? IS NULL OR m.organisation_id = ?)",
               DB_ARGS(db_text(mentor_id), db_text(organisation), db_text(organisation)));

    return outcome == NOT_FOUND ? fail(work, NOT_FOUND, "the directory has no mentor %s", mentor_id)
                                : outcome;
}

enum outcome mentors_find(struct list *out, struct work *work, struct list ids)
{
    const struct db_rows rows = db_rows_of_texts(work->arena, ids);
    const struct db_many statement = {
        .begin = MENTORS "WHERE m.mentor_id IN (", .each = "?", .end = ")"};

    return db_all_many(out, work, &mentor_row, &statement, &rows);
}

static enum outcome exists(bool *out, struct work *work, const char *sql, const char *id)
{
    int64_t found;

    TRY(db_number(&found, work, sql, DB_ARGS(db_text(id))));
    *out = found != 0;
    return OK;
}

enum outcome mentor_exists(bool *out, struct work *work, const char *mentor_id)
{
    return exists(out, work, "SELECT EXISTS (SELECT 1 FROM mentors WHERE mentor_id = ?) AS number",
                  mentor_id);
}

enum outcome mentor_count(int64_t *out, struct work *work)
{
    return db_number(out, work, "SELECT COUNT(*) AS number FROM mentors", DB_NO_ARGS);
}

enum outcome coordinator_exists(bool *out, struct work *work, const char *coordinator_id)
{
    return exists(out, work,
                  "SELECT EXISTS (SELECT 1 FROM coordinators WHERE coordinator_id = ?) AS number",
                  coordinator_id);
}

enum outcome coordinator_suits(bool *out, struct work *work, const char *coordinator_id,
                               const char *mentor_id)
{
    int64_t suits;

    TRY(db_number(&suits, work,
                  "SELECT EXISTS (SELECT 1 FROM coordinators c WHERE c.coordinator_id = ? AND "
                  "NOT EXISTS (SELECT 1 FROM mentors m WHERE m.mentor_id = ? AND "
                  "m.organisation_id <> c.organisation_id)) AS number",
                  DB_ARGS(db_text(coordinator_id), db_text(mentor_id))));
    *out = suits != 0;
    return OK;
}

enum outcome coordinator_is_in(bool *out, struct work *work, const char *coordinator_id,
                               const char *organisation_id)
{
    int64_t found;

    TRY(db_number(&found, work,
                  "SELECT EXISTS (SELECT 1 FROM coordinators WHERE coordinator_id = ? AND "
                  "organisation_id = ?) AS number",
                  DB_ARGS(db_text(coordinator_id), db_text(organisation_id))));
    *out = found != 0;
    return OK;
}

enum outcome organisation_exists(bool *out, struct work *work, const char *organisation_id)
{
    return exists(out, work,
                  "SELECT EXISTS (SELECT 1 FROM organisations WHERE organisation_id = ?) AS number",
                  organisation_id);
}

enum outcome organisation_put(struct work *work, const struct organisation *organisation)
{
    return db_run(NULL, work,
                  "INSERT INTO organisations (organisation_id, name) VALUES (?, ?) "
                  "ON DUPLICATE KEY UPDATE name = VALUES(name)",
                  DB_ARGS(db_text(organisation->organisation_id), db_text(organisation->name)));
}

enum outcome coordinator_put(struct work *work, const struct coordinator *coordinator)
{
    return db_run(
        NULL, work,
        "INSERT INTO coordinators (coordinator_id, organisation_id, name, email, push_target, "
        "channels, language) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON DUPLICATE KEY UPDATE organisation_id = VALUES(organisation_id), name = VALUES(name), "
        "email = VALUES(email), push_target = VALUES(push_target), channels = VALUES(channels), "
        "language = VALUES(language)",
        DB_ARGS(db_text(coordinator->coordinator_id), db_text(coordinator->organisation_id),
                db_text(coordinator->name), db_text(coordinator->email),
                db_text(coordinator->push_target), db_text(coordinator->channels),
                db_text(coordinator->language)));
}

enum outcome mentor_put(struct work *work, const struct mentor *mentor)
{
    return db_run(
        NULL, work,
        "INSERT INTO mentors (mentor_id, organisation_id, coordinator_id, name, email, "
        "push_target, channels, language) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON DUPLICATE KEY UPDATE organisation_id = VALUES(organisation_id), "
        "coordinator_id = VALUES(coordinator_id), name = VALUES(name), email = VALUES(email), "
        "push_target = VALUES(push_target), channels = VALUES(channels), "
        "language = VALUES(language)",
        DB_ARGS(db_text(mentor->mentor_id), db_text(mentor->organisation_id),
                db_text(mentor->coordinator_id), db_text(mentor->name), db_text(mentor->email),
                db_text(mentor->push_target), db_text(mentor->channels),
                db_text(mentor->language)));
}

enum outcome mentors_lock(struct work *work, struct list ids)
{
    const struct db_rows rows = db_rows_of_texts(work->arena, ids);
    const struct db_many statement = {
        .begin = "INSERT INTO mentor_locks (mentor_id, taken) VALUES ",
        .each = "(?, 1)",
        .end = " ON DUPLICATE KEY UPDATE taken = taken + 1",
        .exact = true,
    };

    return db_run_many(NULL, work, &statement, &rows);
}

enum outcome mentor_lock(struct work *work, const char *mentor_id)
{
    return mentors_lock(work, (struct list){.items = &mentor_id, .count = 1});
}

static const struct field target_fields[] = {FIELD(struct person, push_target)};
static const struct record target_row = RECORD(struct person, target_fields);

#define TARGETS(of)                                                                                \
    "(SELECT " of ".push_target FROM " of " WHERE " of ".push_target <> '' AND NOT EXISTS "        \
    "(SELECT 1 FROM ended_push_targets e WHERE e.target_digest = SHA2(" of                         \
    ".push_target, 256)) LIMIT ?)"

enum outcome push_targets_some(struct list *out, struct work *work, int64_t most)
{
    struct list people;

    TRY(db_all(&people, work, &target_row, TARGETS("coordinators") " UNION " TARGETS("mentors"),
               DB_ARGS(db_int(most), db_int(most))));
    const struct person *person = people.items;
    *out = (struct list){0};
    for (size_t i = 0; i < people.count; i++) {
        *(const char **)list_append(out, work->arena, sizeof(const char *)) = person[i].push_target;
    }
    return OK;
}
