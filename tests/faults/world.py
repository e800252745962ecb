# SPDX-License-Identifier: MIT
"""Mentors and certifications for a sweep to find: some of each kind, always the same ones under the
same names, so that what one run made of them can be held against what another one made."""
import datetime

from stack import times
from stack.directory import Directory

# Half a day away from any border, and the same moment for all worlds of a session.
NOW = times.now() + datetime.timedelta(hours=12)


def day(days):
    return (NOW + datetime.timedelta(days=days)).replace(tzinfo=None)


# What a mentor may hold: name → (type, issued, expires, revoked) of each certification, in days.
HOLDINGS = {
    "expired": [("first_aid", -400, -2, None)],
    "expiring": [("first_aid", -360, 5, None)],
    "expiring later": [("first_aid", -350, 20, None)],
    "valid": [("first_aid", -10, 355, None)],
    "revoked": [("first_aid", -400, -3, -100)],
    "renewed": [("first_aid", -400, -3, None), ("first_aid", -30, 335, None)],
    "two": [("first_aid", -400, -3, None), ("driving", -360, 5, None)],
}
COORDINATORS = 8
CHANNELS = ("email,push", "email", "email,in_app")


class World:
    def __init__(self, database, mail, receiver):
        self.database = database
        self.mail = mail
        self.receiver = receiver

    def begin(self, **numbers):
        """Everything as new: begin(expired=2, renewed=1) has so many mentors of each."""
        self.database.empty()
        self.mail.forget()
        self.receiver.forget()
        directory = Directory(self.database)
        directory.fill()
        for number in range(COORDINATORS):
            directory.add_coordinator(f"coord-{number}", f"Coordinator {number}",
                                      f"coord-{number}@example.org")
        mentors = [(kind.replace("_", " "), number)
                   for kind, count in numbers.items() for number in range(count)]
        rows = [self._mentor(place, kind) for place, (kind, _) in enumerate(mentors)]
        self._insert(Directory.MENTOR + ", channels, push_target", "mentors", rows)
        self._insert("certification_id, mentor_id, certification_type, issued_at, expires_at,"
                     " revoked_at, created_at, updated_at", "certifications",
                     [row for place, (kind, _) in enumerate(mentors)
                      for row in self._certifications(place, kind)])

    def _mentor(self, place, kind):
        """Some read in the application as well, and some are pushed to."""
        return (f"m-{place:03}", "org-oslo", f"coord-{place % COORDINATORS}", f"{kind} {place}",
                f"m-{place:03}@example.org", "nb", CHANNELS[place % len(CHANNELS)],
                self.receiver.at(f"/m-{place:03}"))

    @staticmethod
    def _certifications(place, kind):
        return [(f"cert-{place:03}-{number}", f"m-{place:03}", words, day(issued), day(expires),
                 None if revoked is None else day(revoked), day(issued), day(issued))
                for number, (words, issued, expires, revoked) in enumerate(HOLDINGS[kind])]

    def _insert(self, columns, table, rows):
        places = ", ".join(["(" + ", ".join(["%s"] * len(rows[0])) + ")"] * len(rows))
        self.database.run(f"INSERT INTO {table} ({columns}) VALUES {places}",
                          *(value for row in rows for value in row))

    def run_out(self):
        """Time passes, and what a dead run held is free again."""
        self.database.run("UPDATE leases SET until_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND")
        self.database.run("UPDATE messages SET lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND"
                          " WHERE lease_until IS NOT NULL")

    def at_once(self):
        """Nothing waits for its next attempt."""
        self.database.run("DELETE FROM relays")
        self.database.run("UPDATE messages SET next_attempt_at = UTC_TIMESTAMP(3)"
                          " WHERE state = 'queued'")
