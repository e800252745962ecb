# SPDX-License-Identifier: MIT
"""What the tables say of a mentor, where no endpoint of this contract tells it."""


class Ledger:
    def __init__(self, database):
        self.database = database

    def open_pauses(self, mentor_id):
        return self.database.run(
            "SELECT kind, certification_id, reason, warned, opened_at FROM pauses"
            " WHERE mentor_id = %s AND closed_at IS NULL ORDER BY seq", mentor_id)

    def is_paused(self, mentor_id):
        return bool(self.open_pauses(mentor_id))

    def endings(self, mentor_id):
        return [row["closed_because"] for row in self.database.run(
            "SELECT closed_because FROM pauses WHERE mentor_id = %s AND closed_at IS NOT NULL"
            " ORDER BY seq", mentor_id)]

    def events(self, mentor_id):
        return [row["event_type"] for row in self.database.run(
            "SELECT event_type FROM pause_events WHERE mentor_id = %s ORDER BY seq", mentor_id)]

    def messages(self, mentor_id, kind=None):
        """Messages about this mentor, oldest first."""
        return self.database.run(
            "SELECT * FROM messages WHERE mentor_id = %s AND kind LIKE %s ORDER BY seq",
            mentor_id, kind or "%")

    def time_passes(self):
        """Until all that was put off is due again."""
        self.database.run("UPDATE messages SET next_attempt_at = UTC_TIMESTAMP(3)"
                          " WHERE state = 'queued'")

    def pause_by_hand(self, mentor_id, reason="Personal leave"):
        """What contract 1's pause-activated leaves behind."""
        self.database.run(
            "INSERT INTO pauses (mentor_id, kind, reason, opened_at)"
            " VALUES (%s, 'manual', %s, UTC_TIMESTAMP(3))", mentor_id, reason)

    def break_pausing_of(self, mentor_id):
        """From now on the database refuses any pause of this mentor."""
        self.database.run(
            f"CREATE TRIGGER refuse_pause BEFORE INSERT ON pauses FOR EACH ROW"
            f" IF NEW.mentor_id = '{mentor_id}' THEN"
            f" SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused by the test'; END IF")

    def slow_down(self, table, seconds, deed="INSERT"):
        """From now on each insert into the table (or UPDATE of a row) takes this long."""
        self.database.run(
            f"CREATE TRIGGER slow_{table} BEFORE {deed} ON {table} FOR EACH ROW"
            f" SET @waited = SLEEP({seconds})")
