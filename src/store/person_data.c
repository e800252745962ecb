/* SPDX-License-Identifier: MIT */
#include "store/person_data.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/text.h"
#include "base/work.h"
#include "db/db.h"
#include "db/many.h"
#include "store/count.h"
#include "store/directory.h"
#include "wire/json.h"
#include "wire/json_writer.h"

#include <string.h>

/* ---- handing out ------------------------------------------------------------------------------
 */

/* A kind of thing. Of the columns, '@' marks a time and '{' what is JSON already. The condition
 * takes the id once for each '?'. */
struct part {
    const char *name;
    const char *columns;
    const char *from;
};

/* Who is not the person, though called the same. */
#define BY_TOKEN "AND role NOT IN ('public', 'service', 'command')"

/* clang-format off */
static const struct part parts[] = {
    {"mentor",
     "mentor_id organisation_id coordinator_id name email push_target channels language",
     "mentors WHERE mentor_id = ?"},
    {"coordinator",
     "coordinator_id organisation_id name email push_target channels language",
     "coordinators WHERE coordinator_id = ?"},
    {"certifications",
     "certification_id certification_type @issued_at @expires_at @revoked_at "
     "@auto_pause_applied_at @created_at @updated_at",
     "certifications WHERE mentor_id = ? ORDER BY seq"},
    {"pauses",
     "kind certification_id reason @expected_return_date @opened_at @closed_at closed_because",
     "pauses WHERE mentor_id = ? ORDER BY seq"},
    {"pause_events",
     "id event_type @effective_date reason coordinator_id notifications_sent @created_at",
     "pause_events WHERE mentor_id = ? ORDER BY seq"},
    {"pause_events_as_coordinator",
     "id event_type @created_at",
     "pause_events WHERE coordinator_id = ? ORDER BY seq"},
    {"reminders",
     "id certification_id coordinator_id @expires_at threshold_days days_remaining channel status "
     "@sent_at @acknowledged_at @deleted_at",
     "reminders WHERE mentor_id = ? ORDER BY seq"},
    {"reminders_as_coordinator",
     "id status @sent_at @acknowledged_at",
     "reminders WHERE coordinator_id = ? ORDER BY seq"},
    {"expiry_notifications",
     "notification_id certification_id coordinator_id threshold_days @expiry_date status @sent_at "
     "@acknowledged_at",
     "expiry_notifications WHERE mentor_id = ? ORDER BY seq"},
    {"expiry_notifications_as_coordinator",
     "notification_id status @sent_at",
     "expiry_notifications WHERE coordinator_id = ? ORDER BY seq"},
    {"expiry_notifications_acknowledged",
     "notification_id @acknowledged_at",
     "expiry_notifications WHERE acknowledged_by = ? ORDER BY seq"},
    {"expiry_log",
     "log_id certification_id reason @applied_at",
     "expiry_logs WHERE mentor_id = ? ORDER BY seq"},
    {"decisions",
     "certification_id @expires_at threshold_days outcome detail @decided_at",
     "decisions WHERE mentor_id = ? ORDER BY seq"},
    {"messages_as_mentor",
     "kind channel state attempts recipient_name address language {facts last_error @created_at "
     "@sent_at @read_at",
     "messages WHERE recipient_id = ? AND recipient_role = 'mentor' ORDER BY seq"},
    {"messages_as_coordinator",
     "kind channel state attempts recipient_name address language last_error @created_at @sent_at "
     "@read_at",
     "messages WHERE recipient_id = ? AND recipient_role = 'coordinator' ORDER BY seq"},
    {"messages_to_others",
     "kind channel recipient_role state @created_at @sent_at",
     "messages WHERE mentor_id = ? AND recipient_id <> ? ORDER BY seq"},
    {"attempts",
     "@attempted_at result detail",
     "message_attempts WHERE message_seq IN (SELECT seq FROM messages WHERE recipient_id = ?) "
     "ORDER BY seq"},
    {"audit_by_the_person",
     "@done_at role address request_id deed about",
     "audit WHERE actor = ? " BY_TOKEN " ORDER BY seq"},
    {"audit_about_the_person",
     "@done_at role deed",
     "audit WHERE about = ? ORDER BY seq"},
};
/* clang-format on */

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { MOST_PLACES = 2 };

static void add_column(struct text *sql, const char *word, size_t length)
{
    const bool time = *word == '@';
    const bool json = *word == '{';
    const int width = (int)length - (time || json);
    const char *column = word + (time || json);
    const char *before = time ? "DATE_FORMAT(" : json ? "JSON_EXTRACT(" : "";
    const char *after = time ? ", '%Y-%m-%dT%H:%i:%s.%fZ')" : json ? ", '$')" : "";

    text_add_format(sql, "'%.*s', %s%.*s%s", width, column, before, width, column, after);
}

/* A statement that gives each row as a JSON object. */
static const char *select_part(struct arena *arena, const struct part *part)
{
    struct text sql = text_in(arena);

    text_add(&sql, "SELECT CAST(JSON_OBJECT(");
    for (const char *word = part->columns; *word != '\0'; word += strspn(word, " ")) {
        const size_t length = strcspn(word, " ");
        text_add(&sql, word == part->columns ? "" : ", ");
        add_column(&sql, word, length);
        word += length;
    }
    text_add_format(&sql, ") AS CHAR) AS json FROM %s", part->from);
    return text_done(&sql);
}

struct item {
    const char *json;
};

static const struct field item_fields[] = {FIELD(struct item, json)};
static const struct record item_row = RECORD(struct item, item_fields);

static enum outcome read_part(struct list *out, struct work *work, const struct part *part,
                              const char *id)
{
    const struct db_arg ids[MOST_PLACES] = {db_text(id), db_text(id)};
    const char *sql = select_part(work->arena, part);
    size_t places = 0;

    for (const char *at = sql; (at = strchr(at, '?')) != NULL; at++) {
        places++;
    }
    return db_all(out, work, &item_row, sql, (struct db_args){.at = ids, .count = places});
}

static void put_items(struct json_writer *to, const struct part *part, const struct list *items)
{
    const struct item *item = items->items;

    put_list(to, part->name);
    for (size_t i = 0; i < items->count; i++) {
        put_json(to, NULL, item[i].json);
    }
    put_end(to);
}

static enum outcome nothing(struct work *work, const char *id)
{
    return fail(work, NOT_FOUND, "nothing is stored about %s", id);
}

enum outcome person_data_export(char **json, struct work *work, const char *id)
{
    struct json_writer to = json_writer_in(work->arena);
    size_t count = 0;

    put_object(&to, NULL);
    put_text(&to, "id", id);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct list items;
        TRY(read_part(&items, work, &parts[i], id));
        put_items(&to, &parts[i], &items);
        count += items.count;
    }
    put_end(&to);
    *json = json_writer_done(&to);
    return count > 0 ? OK : nothing(work, id);
}

/* ---- erasing --------------------------------------------------------------------------------- */

/* A person who is being erased. */
struct erasure {
    const char *id;
    const char *name; /* what stands in its place */
    struct person_erased *done;
};

/* What was learned of a person and is kept without the id: the first '?' is the new name, the last
 * one the id. */
static const char *const by_mentor[] = {
    "UPDATE pauses SET mentor_id = ?, reason = NULL, "
    "closed_because = COALESCE(closed_because, 'removed'), "
    "closed_at = COALESCE(closed_at, UTC_TIMESTAMP(3)) WHERE mentor_id = ?",
    "UPDATE pause_events SET mentor_id = ?, reason = NULL, counted = FALSE, version = version + 1 "
    "WHERE mentor_id = ?",
    "UPDATE reminders SET mentor_id = ?, counted = FALSE, version = version + 1 "
    "WHERE mentor_id = ?",
    "UPDATE expiry_notifications SET mentor_id = ?, counted = FALSE, version = version + 1 "
    "WHERE mentor_id = ?",
    "UPDATE expiry_logs SET mentor_id = ?, counted = FALSE WHERE mentor_id = ?",
    "UPDATE decisions SET mentor_id = ?, detail = NULL WHERE mentor_id = ?",
};
static const char *const by_actor[] = {
    "UPDATE audit SET actor = ?, address = NULL WHERE actor = ? " BY_TOKEN,
    "UPDATE audit SET about = ? WHERE about = ?",
};
static const char *const by_coordinator[] = {
    "UPDATE pause_events SET coordinator_id = ?, counted = FALSE, version = version + 1 "
    "WHERE coordinator_id = ?",
    "UPDATE reminders SET coordinator_id = ?, counted = FALSE, version = version + 1 "
    "WHERE coordinator_id = ?",
    "UPDATE expiry_notifications SET coordinator_id = ?, counted = FALSE, version = version + 1 "
    "WHERE coordinator_id = ?",
    "UPDATE expiry_notifications SET acknowledged_by = ?, version = version + 1 "
    "WHERE acknowledged_by = ?",
};

static enum outcome rename_all(struct work *work, const struct erasure *erasure,
                               const char *const *statements, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t changed;
        TRY(db_run(&changed, work, statements[i],
                   DB_ARGS(db_text(erasure->name), db_text(erasure->id))));
        erasure->done->others += changed;
    }
    return OK;
}

/* The person's rows of a list. */
struct held {
    enum counted list;
    const char *sql;
};

/* They are about to change in a column by which they are counted. */
static enum outcome take_out(struct work *work, const struct held *held, const char *id)
{
    const struct db_arg ids[] = {db_text(id), db_text(id)};
    const bool once = strchr(held->sql, '?') == strrchr(held->sql, '?');
    struct list found;

    TRY(db_all(&found, work, &db_seq, held->sql,
               (struct db_args){.at = ids, .count = once ? 1 : 2}));
    const struct db_rows seqs = db_rows_of_numbers(work->arena, found);
    return count_take_out_many(work, held->list, &seqs);
}

static enum outcome take_out_all(struct work *work, const char *id)
{
#define OF_EITHER "WHERE mentor_id = ? OR coordinator_id = ?"
    static const struct held all[] = {
        {COUNTED_CERTIFICATIONS,       "SELECT seq FROM certifications WHERE mentor_id = ?"},
        {COUNTED_PAUSE_EVENTS,         "SELECT seq FROM pause_events " OF_EITHER           },
        {COUNTED_REMINDERS,            "SELECT seq FROM reminders " OF_EITHER              },
        {COUNTED_EXPIRY_NOTIFICATIONS, "SELECT seq FROM expiry_notifications " OF_EITHER   },
        {COUNTED_EXPIRY_LOGS,          "SELECT seq FROM expiry_logs WHERE mentor_id = ?"   },
    };
#undef OF_EITHER

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        TRY(take_out(work, &all[i], id));
    }
    return OK;
}

static enum outcome erase_certifications(struct work *work, const struct erasure *erasure)
{
    return db_run(&erasure->done->certifications, work,
                  "UPDATE certifications SET mentor_id = ?, "
                  "revoked_at = COALESCE(revoked_at, UTC_TIMESTAMP(3)), "
                  "auto_pause_applied_at = NULL, counted = FALSE, version = version + 1, "
                  "updated_at = UTC_TIMESTAMP(3) WHERE mentor_id = ?",
                  DB_ARGS(db_text(erasure->name), db_text(erasure->id)));
}

#define NOT_TO_BE_SENT                                                                             \
    "lease_token = IF(state IN ('queued', 'sending', 'held'), NULL, lease_token), "                \
    "lease_until = IF(state IN ('queued', 'sending', 'held'), NULL, lease_until), "                \
    "last_error = NULL, "                                                                          \
    "state = IF(state IN ('queued', 'sending', 'held'), 'superseded', state) "

/* What somebody else was told stays readable, with the new name for the person. */
static enum outcome erase_messages(struct work *work, const struct erasure *erasure)
{
    const struct db_arg name = db_text(erasure->name);
    const struct db_arg id = db_text(erasure->id);

    TRY(db_number(&erasure->done->messages, work,
                  "SELECT COUNT(*) AS number FROM messages WHERE recipient_id = ? OR mentor_id = ?",
                  DB_ARGS(id, id)));
    TRY(db_run(NULL, work,
               "UPDATE message_attempts SET detail = NULL WHERE message_seq IN "
               "(SELECT seq FROM messages WHERE recipient_id = ? OR mentor_id = ?)",
               DB_ARGS(id, id)));
    TRY(db_run(NULL, work,
               "UPDATE messages SET recipient_id = ?, recipient_name = ?, address = NULL, "
               "facts = JSON_SET(facts, '$.recipient_name', ?), " NOT_TO_BE_SENT
               "WHERE recipient_id = ?",
               DB_ARGS(name, name, name, id)));
    return db_run(NULL, work,
                  "UPDATE messages SET mentor_id = ?, facts = JSON_REMOVE(JSON_SET(facts, "
                  "'$.mentor_name', ?, '$.mentor_id', ?), '$.reason'), " NOT_TO_BE_SENT
                  "WHERE mentor_id = ?",
                  DB_ARGS(name, name, name, id));
}

struct named {
    const char *name;
};

static const struct field named_fields[] = {FIELD(struct named, name)};
static const struct record named_row = RECORD(struct named, named_fields);

/* Mentors are told who is responsible for them. */
static enum outcome erase_coordinators_name(struct work *work, const struct erasure *erasure)
{
    struct named *coordinator;
    const enum outcome outcome = db_one(&coordinator, work, &named_row,
                                        "SELECT name FROM coordinators WHERE coordinator_id = ?",
                                        DB_ARGS(db_text(erasure->id)));

    if (outcome != OK) {
        return outcome == NOT_FOUND ? OK : outcome;
    }
    return db_run(NULL, work,
                  "UPDATE messages SET facts = JSON_SET(facts, '$.coordinator_name', ?) "
                  "WHERE JSON_UNQUOTE(JSON_EXTRACT(facts, '$.coordinator_name')) = ?",
                  DB_ARGS(db_text(erasure->name), db_text(coordinator->name)));
}

/* Answers that are kept for whoever repeats a request, and what a job could not do. */
static enum outcome erase_quotations(struct work *work, const struct erasure *erasure)
{
    struct text id = text_in(work->arena);
    struct text name = text_in(work->arena);

    json_add_text(&id, erasure->id);
    json_add_text(&name, erasure->name);
    TRY(db_run(NULL, work, "DELETE FROM idempotency_keys WHERE LOCATE(?, body) > 0",
               DB_ARGS(db_text(text_done(&id)))));
    return db_run(NULL, work,
                  "UPDATE job_runs SET failures = REPLACE(failures, ?, ?) "
                  "WHERE LOCATE(?, failures) > 0",
                  DB_ARGS(db_text(id.bytes), db_text(text_done(&name)), db_text(id.bytes)));
}

static enum outcome leave_directory(struct work *work, const char *id)
{
    static const char *const statements[] = {
        "DELETE e FROM ended_push_targets e JOIN mentors p ON "
        "e.target_digest = SHA2(p.push_target, 256) WHERE p.mentor_id = ?",
        "DELETE e FROM ended_push_targets e JOIN coordinators p ON "
        "e.target_digest = SHA2(p.push_target, 256) WHERE p.coordinator_id = ?",
        "DELETE FROM mentors WHERE mentor_id = ?",
        "DELETE FROM coordinators WHERE coordinator_id = ?",
        "DELETE FROM mentor_locks WHERE mentor_id = ?",
    };

    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        TRY(db_run(NULL, work, statements[i], DB_ARGS(db_text(id))));
    }
    return OK;
}

static enum outcome refuse_with_mentors(struct work *work, const char *id)
{
    int64_t mentors;

    TRY(db_number(&mentors, work,
                  "SELECT COUNT(*) AS number FROM mentors WHERE coordinator_id = ? "
                  "AND mentor_id <> ?",
                  DB_ARGS(db_text(id), db_text(id))));
    return mentors == 0 ? OK
                        : fail(work, CONFLICT,
                               "%s is the coordinator of %s: give them another one first "
                               "(mentorwatch import)",
                               id, text_counted(work->arena, mentors, "mentor"));
}

static enum outcome erase(struct work *work, const struct erasure *erasure)
{
    TRY(take_out_all(work, erasure->id));
    TRY(erase_coordinators_name(work, erasure));
    TRY(rename_all(work, erasure, by_mentor, COUNT_OF(by_mentor)));
    TRY(rename_all(work, erasure, by_coordinator, COUNT_OF(by_coordinator)));
    TRY(rename_all(work, erasure, by_actor, COUNT_OF(by_actor)));
    TRY(erase_certifications(work, erasure));
    TRY(erase_messages(work, erasure));
    TRY(erase_quotations(work, erasure));
    return leave_directory(work, erasure->id);
}

enum outcome person_data_erase(struct person_erased *out, struct work *work, const char *id)
{
    const struct erasure erasure = {.id = id, .name = id_new(work->arena, "erased_"), .done = out};
    char *all;

    *out = (struct person_erased){.name = erasure.name};
    TRY(mentor_lock(work, id));
    TRY(person_data_export(&all, work, id));
    TRY(refuse_with_mentors(work, id));
    return erase(work, &erasure);
}
