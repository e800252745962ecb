# SPDX-License-Identifier: MIT
"""Rows as sweeps and deliveries leave them, put straight into the tables."""


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
