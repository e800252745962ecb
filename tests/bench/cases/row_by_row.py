# SPDX-License-Identifier: MIT
"""The peer of the sweep: what a script for cron does that somebody writes in an afternoon. One
certification after the other, each in a transaction of its own, with the same effects in the same
tables."""
import json
import secrets
import time

FIND = ("SELECT c.seq, c.certification_id, c.mentor_id, c.certification_type, c.expires_at, m.name,"
        " m.coordinator_id FROM certifications c JOIN mentors m USING (mentor_id)"
        " WHERE c.auto_pause_applied_at IS NULL AND c.revoked_at IS NULL AND c.expires_at <= %s"
        " AND NOT EXISTS (SELECT 1 FROM certifications n WHERE n.mentor_id = c.mentor_id AND"
        " n.certification_type = c.certification_type AND n.revoked_at IS NULL AND"
        " n.expires_at > c.expires_at) ORDER BY c.expires_at, c.seq LIMIT %s")
RUN = "job_row_by_row"
TABLES = ("messages", "pause_events", "expiry_logs", "pauses")


def _name(prefix):
    return f"{prefix}_{secrets.token_hex(8)}"


def _handle_one(cursor, row, now):
    cursor.execute("UPDATE certifications SET auto_pause_applied_at = %s, updated_at = %s,"
                   " version = version + 1 WHERE seq = %s AND auto_pause_applied_at IS NULL",
                   (now, now, row["seq"]))
    cursor.execute("INSERT INTO pauses (mentor_id, kind, certification_id, opened_at)"
                   " VALUES (%s, 'certification_expiry', %s, %s)",
                   (row["mentor_id"], row["certification_id"], now))
    event = _name("evt")
    cursor.execute("INSERT INTO pause_events (id, mentor_id, coordinator_id, event_type,"
                   " effective_date, created_at, updated_at)"
                   " VALUES (%s, %s, %s, 'pause_activated', %s, %s, %s)",
                   (event, row["mentor_id"], row["coordinator_id"], now, now, now))
    facts = json.dumps({"mentor_name": row["name"],
                        "certification_type": row["certification_type"]})
    for role, recipient in (("mentor", row["mentor_id"]), ("coordinator", row["coordinator_id"])):
        cursor.execute("INSERT INTO messages (delivery_id, kind, channel, recipient_role,"
                       " recipient_id, recipient_name, language, mentor_id, certification_id,"
                       " event_id, facts, state, next_attempt_at, created_at) VALUES (%s,"
                       " 'certification_expired', 'in_app', %s, %s, %s, 'en', %s, %s, %s, %s,"
                       " 'sent', %s, %s)",
                       (_name("msg"), role, recipient, row["name"], row["mentor_id"],
                        row["certification_id"], event, facts, now, now))
    cursor.execute("INSERT INTO expiry_logs (log_id, mentor_id, certification_id, reason,"
                   " job_run_id, applied_at) VALUES (%s, %s, %s, 'certification_expired', %s, %s)",
                   (_name("log"), row["mentor_id"], row["certification_id"], RUN, now))


def handle(schema, most):
    """Certifications a second. What it did is undone by undo()."""
    connection = schema.database.server.connect(schema.name)
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    with connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO job_runs (job_run_id, job, run_day, number, started_at)"
                       " VALUES (%s, 'expiry', %s, 99, %s)", (RUN, now[:10], now))
        begun = time.monotonic()
        cursor.execute(FIND, (now, most))
        rows = cursor.fetchall()
        for row in rows:
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
