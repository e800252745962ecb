# SPDX-License-Identifier: MIT
"""Rows of the lists beside certifications, for the people whom kit/fill.py makes. Number n of each
is where the functions below say."""

MENTOR = "CONCAT('mntr_', LPAD(seq MOD {mentors}, 8, '0'))"
COORDINATOR = "CONCAT('coord_', (seq MOD {mentors}) MOD 100)"

# Table → columns, values.
ROWS = {
    "pause_events": (
        "id, mentor_id, coordinator_id, event_type, effective_date, created_at, updated_at",
        "CONCAT('pn_', seq), {mentor}, {coordinator}, 'pause_activated',"
        " '2026-03-01' + INTERVAL seq MINUTE, '2026-02-01' + INTERVAL seq MINUTE, '2026-02-01'"),
    "reminders": (
        "id, mentor_id, coordinator_id, threshold_days, days_remaining, channel, status, sent_at,"
        " created_at, updated_at",
        "CONCAT('reminder-', seq), {mentor}, {coordinator}, ELT(1 + seq MOD 3, 7, 14, 30), 7,"
        " 'in_app', 'delivered', '2026-02-01' + INTERVAL seq MINUTE, '2026-02-01', '2026-02-01'"),
    "expiry_notifications": (
        "notification_id, mentor_id, coordinator_id, threshold_days, expiry_date, sent_at,"
        " created_at, updated_at",
        "CONCAT('00000000-0000-4000-8000-', LPAD(seq, 12, '0')), {mentor}, {coordinator},"
        " ELT(1 + seq MOD 3, 7, 14, 30), '2026-03-01' + INTERVAL seq MINUTE,"
        " '2026-02-01' + INTERVAL seq MINUTE, '2026-02-01', '2026-02-01'"),
    "expiry_logs": (
        "log_id, mentor_id, certification_id, reason, job_run_id, applied_at",
        "CONCAT('log_', seq), {mentor}, 'cert_0000000001', 'Certification ethics expired',"
        " 'job_bench', '2026-02-01' + INTERVAL seq MINUTE"),
}


def plant(database, count, mentors):
    """Number 1 to `count` of each."""
    database.run("INSERT INTO job_runs (job_run_id, job, run_day, number, started_at)"
                 " VALUES ('job_bench', 'expiry', '2026-02-01', 1, '2026-02-01')")
    people = {"mentor": MENTOR.format(mentors=mentors),
              "coordinator": COORDINATOR.format(mentors=mentors)}
    for table, (columns, values) in ROWS.items():
        database.run(f"INSERT INTO {table} ({columns})"
                     f" SELECT {values.format(**people)} FROM seq_1_to_{count}")
    database.run(f"ANALYZE TABLE {', '.join(ROWS)}")


def pause_event_id(number):
    return f"pn_{number}"


def reminder_id(number):
    return f"reminder-{number}"


def expiry_notification_id(number):
    return f"00000000-0000-4000-8000-{number:012d}"
