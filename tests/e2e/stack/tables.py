# SPDX-License-Identifier: MIT
"""Rows as sweeps and deliveries leave them, put straight into the tables, and what else
SQL needs for that."""


def numbers(last, first=1):
    """The whole numbers from first to last, as a table with the column seq, in SQL that every
    server knows."""
    places = range(len(str(last - first)))
    digits = " UNION ALL ".join(f"SELECT {digit} AS d" for digit in range(10))
    seq = " + ".join([str(first), *(f"{10 ** place} * d{place}.d" for place in places)])
    tables = ", ".join(f"({digits}) d{place}" for place in places)
    return f"(SELECT {seq} AS seq FROM {tables} WHERE {seq} <= {last}) numbers"


def rows_read(server):
    """How many rows the server has read since it began."""
    return sum(int(row["Value"]) for row in server.run("SHOW GLOBAL STATUS LIKE 'Handler_read_%'"))


def add_sweep(database, result, hours_ago, says=None):
    database.run(
        "INSERT INTO sweeps (host, started_at, completed_at, result, says) VALUES ('here',"
        " UTC_TIMESTAMP(3) - INTERVAL %s MINUTE, UTC_TIMESTAMP(3) - INTERVAL %s MINUTE, %s, %s)",
        int(hours_ago * 60), int(hours_ago * 60), result, says)


def add_message(database, state, minutes_overdue=0, channel="email", age_hours=2):
    return database.run(
        "INSERT INTO messages (delivery_id, kind, channel, recipient_role, recipient_id,"
        " recipient_name, address, language, mentor_id, facts, state, next_attempt_at, created_at)"
        " VALUES (UUID(), 'pause_lifted', %s, 'mentor', 'mentor-1', 'K', 'k@example.org', 'nb',"
        " 'mentor-1', '{}', %s, UTC_TIMESTAMP(3) - INTERVAL %s MINUTE,"
        " UTC_TIMESTAMP(3) - INTERVAL %s HOUR)", channel, state, minutes_overdue, age_hours)


def pause_relay(database, minutes):
    database.run(
        "INSERT INTO relays (channel, paused_until, reason, hour_began_at, used_this_hour) VALUES"
        " ('email', UTC_TIMESTAMP(3) + INTERVAL %s MINUTE, 'connection refused',"
        " UTC_TIMESTAMP(3) - INTERVAL 59 MINUTE, 17)", minutes)
