# SPDX-License-Identifier: MIT
"""So many rows of each list that their totals are kept, put into the tables in one statement each;
and each list's filters with what they mean, as SQL."""
from .api import CERTIFICATIONS, LOGS, NOTIFICATIONS, PAUSES, REMINDERS
from .tables import numbers

# What makes row n of each table: columns, values.
ROWS = {
    "certifications": (
        "certification_id, mentor_id, certification_type, issued_at, expires_at, revoked_at,"
        " created_at, updated_at",
        "CONCAT('cert_', n), CONCAT('mentor-', 1 + n MOD 7), ELT(1 + n MOD 3, 'basic', 'advanced',"
        " 'basic '), '2020-01-01' + INTERVAL n HOUR, UTC_TIMESTAMP() + INTERVAL (n * 7919) MOD"
        " 26280 - 13140 HOUR + INTERVAL n MINUTE, IF(n MOD 11 = 0, '2026-01-01', NULL),"
        " '2026-02-01' + INTERVAL n MINUTE, '2026-02-01'"),
    "pause_events": (
        "id, mentor_id, coordinator_id, event_type, effective_date, created_at, updated_at",
        "CONCAT('pn_', n), IF(n MOD 5 = 0, 'mentor-bergen', CONCAT('mentor-', 1 + n MOD 7)),"
        " ELT(1 + n MOD 3, 'coord-nora', 'coord-maya', NULL), IF(n MOD 4, 'pause_activated',"
        " 'pause_deactivated'), '2026-03-01' + INTERVAL (n * 7919) MOD 999 HOUR,"
        " '2026-02-01' + INTERVAL n MINUTE, '2026-02-01'"),
    "reminders": (
        "id, mentor_id, coordinator_id, threshold_days, days_remaining, channel, status, sent_at,"
        " acknowledged_at, deleted_at, created_at, updated_at",
        "CONCAT('reminder-', n), CONCAT('mentor-', 1 + n MOD 7), ELT(1 + n MOD 3, 'coord-nora',"
        " 'coord-maya', NULL), ELT(1 + n MOD 4, 7, 14, 30, 60), 7, ELT(1 + n MOD 3, 'email',"
        " 'push', 'in_app'), ELT(1 + n MOD 4, 'queued', 'delivered', 'failed', 'acknowledged'),"
        " '2026-02-01' + INTERVAL n * 17 MINUTE, IF(n MOD 4 = 3, '2026-03-01', NULL), IF(n MOD 13 = 0, '2026-03-01', NULL),"
        " '2026-02-01', '2026-02-01'"),
    "expiry_notifications": (
        "notification_id, mentor_id, coordinator_id, threshold_days, expiry_date, status, sent_at,"
        " acknowledged_at, created_at, updated_at",
        "CONCAT('00000000-0000-4000-8000-', LPAD(n, 12, '0')), CONCAT('mentor-', 1 + n MOD 7),"
        " ELT(1 + n MOD 3, 'coord-nora', 'coord-maya', NULL), ELT(1 + n MOD 3, 7, 14, 30),"
        " '2026-03-01' + INTERVAL (n * 7919) MOD 999 HOUR, IF(n MOD 4, 'active', 'acknowledged'),"
        " '2026-02-01' + INTERVAL n * 17 MINUTE, IF(n MOD 4, NULL, '2026-03-01'), '2026-02-01',"
        " '2026-02-01'"),
    "expiry_logs": (
        "log_id, mentor_id, certification_id, reason, job_run_id, applied_at",
        "CONCAT('log_', n), CONCAT('mentor-', 1 + n MOD 7), 'cert_1', 'Certification basic expired"
        " on 2026-02-01', CONCAT('job_', n MOD 2), '2026-02-01' + INTERVAL n * 17 MINUTE"),
}

PEOPLE = [({"mentor_id": "mentor-3"}, "mentor_id = 'mentor-3'"),
          ({"coordinator_id": "coord-maya"}, "coordinator_id = 'coord-maya'"),
          ({"coordinator_id": "nobody"}, "FALSE")]


def moments(name, column, *texts):
    for text in texts:
        sql = text.replace("T", " ").replace("Z", "")
        yield {f"{name}_before": text}, f"{column} < '{sql}'"
        yield {f"{name}_after": text}, f"{column} > '{sql}'"


TIMES = ("2026-02-03", "2026-02-04T05:06:07Z", "2026-03-02T00:34:00Z", "2026-03-30T23:59:59.999Z",
         "1970-01-01T00:00:00Z", "2026-12-31T23:30:00Z")

# Of each list its table and, of each query, the rows that it means.
LISTS = {
    CERTIFICATIONS: ("certifications", [
        ({}, "TRUE"), PEOPLE[0],
        ({"certification_type": "basic"}, "certification_type = 'basic'"),
        ({"certification_type": "none"}, "FALSE"),
        ({"status": "revoked"}, "revoked_at IS NOT NULL"),
        ({"status": "expired"}, "revoked_at IS NULL AND expires_at <= UTC_TIMESTAMP(3)"),
        ({"status": "valid"}, "revoked_at IS NULL AND expires_at > UTC_TIMESTAMP(3)"),
        ({"status": "valid", "mentor_id": "mentor-3"},
         "revoked_at IS NULL AND expires_at > UTC_TIMESTAMP(3) AND mentor_id = 'mentor-3'"),
        *moments("expires", "expires_at", *TIMES)]),
    PAUSES: ("pause_events", [
        ({}, "TRUE"), *PEOPLE[1:],
        ({"peer_mentor_id": "mentor-3"}, "mentor_id = 'mentor-3'"),
        ({"event_type": "pause_activated"}, "event_type = 'pause_activated'"),
        *moments("effective", "effective_date", *TIMES),
        *moments("created", "created_at", *TIMES)]),
    REMINDERS: ("reminders", [
        ({}, "deleted_at IS NULL"),
        *((query, f"deleted_at IS NULL AND {sql}") for query, sql in (
            *PEOPLE,
            ({"threshold_days": 14}, "threshold_days = 14"),
            ({"channel": "push"}, "channel = 'push'"),
            ({"status": "acknowledged"}, "status = 'acknowledged'"),
            ({"status": "delivered"}, "status = 'delivered'"),
            *moments("sent", "sent_at", *TIMES)))]),
    NOTIFICATIONS: ("expiry_notifications", [
        ({}, "TRUE"), *PEOPLE,
        ({"status": "active"}, "status = 'active'"),
        ({"threshold": "14_day"}, "threshold_days = 14"),
        *moments("expiry", "expiry_date", *TIMES),
        *moments("sent", "sent_at", *TIMES)]),
    LOGS: ("expiry_logs", [
        ({}, "TRUE"), PEOPLE[0],
        ({"job_run_id": "job_1"}, "job_run_id = 'job_1'"),
        *moments("applied", "applied_at", *TIMES)]),
}


def plant(database, table, count, first=1):
    """Rows first … first + count - 1."""
    if table == "expiry_logs":
        for run in (0, 1):
            database.run("INSERT IGNORE INTO job_runs (job_run_id, job, run_day, number,"
                         " started_at) VALUES (%s, 'expiry', '2026-02-01', %s, '2026-02-01')",
                         f"job_{run}", run)
    columns, values = ROWS[table]
    database.run(f"INSERT INTO {table} ({columns}) SELECT {values} FROM (SELECT seq AS n FROM"
                 f" {numbers(first + count - 1, first)}) many ORDER BY n")


def plant_all(database, count, first=1):
    for table in ROWS:
        plant(database, table, count, first)
