# SPDX-License-Identifier: MIT
"""The peer of the sweep: what a script for cron does that somebody writes in an afternoon. It looks
for what has expired, and handles one certification after the other, with the same rows in the same
tables. With care it takes a transaction for each certification, without it commits each statement
(what PHP's PDO does when not told otherwise), and a crash leaves halves."""
import datetime
import json
import secrets
import time

FIND = ("SELECT c.seq, c.certification_id, c.mentor_id, c.certification_type, c.expires_at, m.name,"
        " m.language, m.coordinator_id, o.name AS coordinator_name FROM certifications c"
        " JOIN mentors m USING (mentor_id) LEFT JOIN coordinators o USING (coordinator_id)"
        " WHERE c.auto_pause_applied_at IS NULL AND c.revoked_at IS NULL AND c.expires_at <= %s"
        " AND NOT EXISTS (SELECT 1 FROM certifications n WHERE n.mentor_id = c.mentor_id AND"
        " n.certification_type = c.certification_type AND n.revoked_at IS NULL AND"
        " n.expires_at > c.expires_at) ORDER BY c.expires_at, c.seq LIMIT %s")
RUN = "job_row_by_row"
TABLES = ("messages", "pause_events", "expiry_logs", "pauses", "decisions")


def _name(prefix):
    return f"{prefix}_{secrets.token_hex(8)}"


def _was_warned(cursor, row):
    cursor.execute("SELECT EXISTS (SELECT 1 FROM reminders WHERE mentor_id = %s AND"
                   " certification_id = %s AND expires_on = DATE(%s) AND"
                   " status IN ('delivered', 'acknowledged')) AS warned",
                   (row["mentor_id"], row["certification_id"], row["expires_at"]))
    return cursor.fetchone()["warned"]


def _tell(cursor, row, event, warned, now):
    facts = {"mentor_name": row["name"], "mentor_id": row["mentor_id"],
             "coordinator_name": row["coordinator_name"],
             "certification_type": row["certification_type"],
             "expires_at": row["expires_at"].isoformat() + "Z", "unwarned": not warned,
             "paused": True}
    people = (("coordinator", row["coordinator_id"], row["coordinator_name"]),
              ("mentor", row["mentor_id"], row["name"]))
    for role, recipient, name in people:
        cursor.execute("INSERT INTO messages (delivery_id, kind, channel, recipient_role,"
                       " recipient_id, recipient_name, language, mentor_id, certification_id,"
                       " event_id, facts, state, sent_at, next_attempt_at, created_at) VALUES (%s,"
                       " 'certification_expired', 'in_app', %s, %s, %s, 'en', %s, %s, %s, %s,"
                       " 'sent', %s, %s, %s)",
                       (secrets.token_hex(16), role, recipient, name, row["mentor_id"],
                        row["certification_id"], event,
                        json.dumps({"recipient_name": name, **facts}), now, now, now))


def _handle_one(cursor, row, now):
    warned = _was_warned(cursor, row)
    reason = f"Certification {row['certification_type']} expired on {row['expires_at']:%Y-%m-%d}"
    cursor.execute("UPDATE certifications SET auto_pause_applied_at = %s, version = version + 1"
                   " WHERE seq = %s AND auto_pause_applied_at IS NULL AND expires_at = %s",
                   (now, row["seq"], row["expires_at"]))
    cursor.execute("INSERT INTO pauses (mentor_id, kind, certification_id, reason, warned,"
                   " opened_at) VALUES (%s, 'certification_expiry', %s, %s, %s, %s)",
                   (row["mentor_id"], row["certification_id"], reason, warned, now))
    event = _name("pn")
    _tell(cursor, row, event, warned, now)
    cursor.execute("INSERT INTO pause_events (id, mentor_id, coordinator_id, event_type,"
                   " effective_date, reason, notifications_sent, created_at, updated_at)"
                   " VALUES (%s, %s, %s, 'pause_activated', %s, %s,"
                   " 'coordinator_in_app,peer_mentor_in_app', %s, %s)",
                   (event, row["mentor_id"], row["coordinator_id"], now, reason, now, now))
    cursor.execute("INSERT INTO expiry_logs (log_id, mentor_id, certification_id, reason,"
                   " job_run_id, applied_at) VALUES (%s, %s, %s, %s, %s, %s)",
                   (_name("log"), row["mentor_id"], row["certification_id"], reason, RUN, now))
    cursor.execute("INSERT INTO decisions (certification_id, expires_at, threshold_days,"
                   " mentor_id, outcome, detail, job_run_id, decided_at)"
                   " VALUES (%s, %s, 0, %s, 'paused', %s, %s, %s)",
                   (row["certification_id"], row["expires_at"], row["mentor_id"],
                    None if warned else "no warning had been delivered before", RUN, now))


def handle(schema, most, careful=True):
    """Certifications a second. What it did is undone by undo()."""
    connection = schema.database.server.connect(schema.name)
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    with connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO job_runs (job_run_id, job, run_day, number, started_at)"
                       " VALUES (%s, 'expiry', %s, 99, %s)", (RUN, now.date(), now))
        begun = time.monotonic()
        cursor.execute(FIND, (now, most))
        rows = cursor.fetchall()
        for row in rows:
            if careful:
                connection.begin()
            _handle_one(cursor, row, now)
            connection.commit()
        return len(rows) / (time.monotonic() - begun)


def undo(schema):
    for table in TABLES:
        schema.database.run(f"DELETE FROM {table}")
    schema.database.run("DELETE FROM job_runs")
    schema.database.run("UPDATE certifications SET auto_pause_applied_at = NULL"
                        " WHERE auto_pause_applied_at IS NOT NULL")
