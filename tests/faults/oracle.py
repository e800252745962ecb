# SPDX-License-Identifier: MIT
"""The judge: knows nothing of how the programs work, and holds what the API acknowledged, what the
tables say and what the mail server took against each other."""
import collections

from stack.receiver import PUSH_HERE

# What must be there once: table → (columns, which rows).
ONCE = {
    "reminders": ("certification_id, expires_at, threshold_days", "certification_id IS NOT NULL"),
    "expiry_notifications": ("certification_id, expiry_date, threshold_days",
                             "certification_id IS NOT NULL"),
    "decisions": ("certification_id, expires_at, threshold_days", "TRUE"),
    "pauses": ("mentor_id, kind, certification_id", "closed_at IS NULL"),
    "expiry_logs": ("certification_id, reason", "TRUE"),
    "messages": ("event_id, kind, channel, recipient_role, recipient_id", "event_id IS NOT NULL"),
}

# What is half done, were it there: name → rows that should not be.
HALVES = {
    "a pause whose certification is not marked":
        "SELECT p.mentor_id FROM pauses p JOIN certifications c USING (certification_id)"
        " WHERE p.closed_at IS NULL AND c.auto_pause_applied_at IS NULL",
    "a marked certification without a pause":
        "SELECT certification_id FROM certifications c WHERE auto_pause_applied_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM pauses p WHERE p.certification_id = c.certification_id)",
    "a marked certification without a line in the log":
        "SELECT certification_id FROM certifications c WHERE auto_pause_applied_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM expiry_logs l"
        " WHERE l.certification_id = c.certification_id)",
    "a line in the log without a pause":
        "SELECT l.certification_id FROM expiry_logs l JOIN certifications c USING"
        " (certification_id) WHERE NOT EXISTS (SELECT 1 FROM pauses p"
        " WHERE p.certification_id = l.certification_id)",
    "a mentor with more expiry pauses than events, or the reverse":
        "SELECT m.mentor_id FROM mentors m WHERE"
        " (SELECT COUNT(*) FROM pauses p WHERE p.mentor_id = m.mentor_id"
        " AND p.kind = 'certification_expiry') <>"
        " (SELECT COUNT(DISTINCT e.id) FROM pause_events e JOIN messages ON event_id = e.id"
        " WHERE e.mentor_id = m.mentor_id AND e.event_type = 'pause_activated'"
        " AND messages.kind = 'certification_expired')",
    "an event of which nobody is told":
        "SELECT id FROM pause_events e WHERE NOT EXISTS"
        " (SELECT 1 FROM messages WHERE event_id = e.id)",
    "a reminder of which nobody is told":
        "SELECT id FROM reminders r WHERE NOT EXISTS"
        " (SELECT 1 FROM messages WHERE event_id = r.id)",
    "a message of nothing":
        "SELECT seq FROM messages WHERE event_id IS NOT NULL"
        " AND event_id NOT IN (SELECT id FROM pause_events)"
        " AND event_id NOT IN (SELECT id FROM reminders)",
}

# What a sweep does, without what differs from one good run to the next: times, random ids.
EFFECTS = {
    "certifications": "SELECT certification_id, expires_at, auto_pause_applied_at IS NOT NULL"
                      " FROM certifications",
    "pauses": "SELECT mentor_id, kind, certification_id, reason, warned, closed_because"
              " FROM pauses",
    "pause_events": "SELECT mentor_id, event_type, coordinator_id, reason, notifications_sent"
                    " FROM pause_events",
    "expiry_logs": "SELECT mentor_id, certification_id, reason FROM expiry_logs",
    "reminders": "SELECT certification_id, expires_at, threshold_days, channel, status"
                 " FROM reminders",
    "expiry_notifications": "SELECT certification_id, expiry_date, threshold_days, status"
                            " FROM expiry_notifications",
    "decisions": "SELECT certification_id, expires_at, threshold_days FROM decisions",
    "messages": "SELECT kind, channel, recipient_role, recipient_id, mentor_id, certification_id,"
                " state FROM messages",
}


def effects(database):
    """What was done, as something that can be compared."""
    return {name: collections.Counter(tuple(map(str, row.values())) for row in database.run(sql))
            for name, sql in EFFECTS.items()}


def differences(expected, found):
    return [f"{name}: {'lost' if sign > 0 else 'too much'}: {row}"
            for name in expected
            for sign, rows in ((1, expected[name] - found[name]), (-1, found[name] - expected[name]))
            for row in rows]


def doubles(database):
    return [f"{table}: twice: {tuple(row.values())}" for table, (key, which) in ONCE.items()
            for row in database.run(f"SELECT {key}, COUNT(*) AS number FROM {table} WHERE {which}"
                                    f" GROUP BY {key} HAVING number > 1")]


def halves(database):
    return [f"{name}: {tuple(row.values())}" for name, sql in HALVES.items()
            for row in database.run(sql)]


def letters(database, mail):
    """Faults, and how many mails were repetitions: every message that has an address has been
    sent, to its recipient and under its own Message-ID, and nothing else has."""
    messages = {f"<{row['delivery_id']}@example.org>": row for row in of_channel(database, "email")}
    return compare(messages, collections.Counter((letter["Message-ID"], *letter.recipients)
                                                 for letter in mail.mails))


def posts(database, receiver):
    """The same for what is pushed, under its own webhook-id, and signed."""
    messages = {row["delivery_id"]: row for row in of_channel(database, "push")}
    faults, repeated = compare(messages, collections.Counter(
        (post.headers["webhook-id"], receiver.at(post.path)) for post in receiver.posts))
    faults += [f"pushed without a good signature: {post.path}" for post in receiver.posts
               if post.headers["webhook-signature"]
               != post.signature_by(PUSH_HERE["MENTORWATCH_PUSH_SECRET"])]
    return faults, repeated


def of_channel(database, channel):
    return database.run(
        "SELECT delivery_id, address, state FROM messages WHERE channel = %s", channel)


def compare(messages, arrived):
    faults = [f"{name} to {row['address']} is {row['state']} and arrived"
              f" {arrived[name, row['address']]} times" for name, row in messages.items()
              if row["address"] is not None
              and (row["state"] != "sent" or not arrived[name, row["address"]])]
    faults += [f"something arrived that no message is: {letter}" for letter in arrived
               if letter[0] not in messages or letter[1:] != (messages[letter[0]]["address"],)]
    return faults, sum(arrived.values()) - len(arrived)


def judge(world, expected):
    """Nothing lost, nothing doubled, nothing half done. How many mails and pushes were repeated."""
    database = world.database
    lost_mails, mails = letters(database, world.mail)
    lost_posts, posted = posts(database, world.receiver)
    faults = (differences(expected, effects(database)) + doubles(database) + halves(database)
              + lost_mails + lost_posts)
    assert not faults, "\n".join(faults[:20])
    return mails + posted
