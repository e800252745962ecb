# SPDX-License-Identifier: MIT
"""Years of days on which a certification ends, looked at by the real sweep on every day, or with
days missed in between: nothing comes early, late or twice, and at most one message at a time."""
import bisect
import collections
import datetime
import os

import pytest

# The short form has the end of a leap February and the turn of two years in it.
SHORT = (datetime.date(2027, 11, 1), datetime.date(2028, 4, 30))
LONG = (datetime.date(2024, 1, 1), datetime.date(2034, 12, 31))
GAPS = {"short": (0, 1, 6, 13, 40), "long": tuple(range(41))}

THRESHOLDS = {"driving": (30, 14, 7), "first_aid": (60, 5)}
SETTINGS = {"REMINDERS_THRESHOLDS": "30,14,7", "REMINDERS_THRESHOLDS_BY_TYPE": "first_aid: 60,5"}
SWEPT_AT = datetime.time(6)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def hasty(database):
    """Nothing is killed here, so the database need not wait for its disk."""
    database.run("SET GLOBAL innodb_flush_log_at_trx_commit = 0")
    yield
    database.run("SET GLOBAL innodb_flush_log_at_trx_commit = 1")


def certifications(first, last):
    """name → type and moment of the end: one for each day and type, at various times of the day."""
    found = {}
    for number in range((last - first).days + 1):
        for kind in THRESHOLDS:
            # 1013 and 86400 have no common divisor: in the long run, all times come up.
            second = number * 1013 % 86400
            found[f"{kind}-{number}"] = (kind, datetime.datetime.combine(
                first + number * DAY, datetime.time()) + datetime.timedelta(seconds=second))
    return found


def expected_of(name, kind, end, sweeps):
    """What each sweep must do about one certification: told by dates alone."""
    sent = set()
    for moment in sweeps:
        if moment >= end:
            yield ("paused", name, 0, moment)
            return
        left = (end.date() - moment.date()).days
        due = min((days for days in THRESHOLDS[kind] if days >= left), default=None)
        if due is not None and due not in sent:
            sent.add(due)
            yield ("reminded", name, due, moment)


def oracle(held, sweeps):
    """As a set: what happens twice would stand out in what is found, which is counted."""
    found = set()
    for name, (kind, end) in held.items():
        # Nothing can be due earlier: the sweeps before are left out for speed.
        begin = bisect.bisect_left(sweeps, end - 62 * DAY)
        found.update(expected_of(name, kind, end, sweeps[begin:]))
    return found


def put(database, held):
    """One mentor for each certification, who reads in the application and has no coordinator."""
    database.empty()
    database.run("INSERT INTO organisations VALUES ('org-oslo', 'Oslo')")
    rows = list(held.items())
    for begin in range(0, len(rows), 500):
        some = rows[begin:begin + 500]
        database.run(
            "INSERT INTO mentors (mentor_id, organisation_id, name, channels) VALUES "
            + ", ".join(["(%s, 'org-oslo', %s, 'in_app')"] * len(some)),
            *(text for name, _ in some for text in (name, name)))
        database.run(
            "INSERT INTO certifications (certification_id, mentor_id, certification_type,"
            " issued_at, expires_at, created_at, updated_at) VALUES "
            + ", ".join(["(%s, %s, %s, '2020-01-01', %s, '2020-01-01', '2020-01-01')"]
                        * len(some)),
            *(value for name, (kind, end) in some for value in (name, name, kind, end)))


def happened(database):
    return collections.Counter(
        [("reminded", r["certification_id"], r["threshold_days"], r["created_at"])
         for r in database.run("SELECT * FROM reminders")]
        + [("paused", r["certification_id"], 0, r["opened_at"])
           for r in database.run("SELECT * FROM pauses")])


def told(database):
    """The messages of each mentor, by the sweep that caused them."""
    return collections.Counter(
        ("reminded" if r["kind"] == "certification_expiring" else "paused",
         r["certification_id"], r["created_at"])
        for r in database.run("SELECT kind, certification_id, created_at FROM messages"))


def recorded(database):
    return collections.Counter(
        (r["certification_id"], r["threshold_days"]) for r in
        database.run("SELECT certification_id, threshold_days FROM expiry_notifications"))


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("gap", GAPS["long" if os.environ.get("TEST_LONG") else "short"])
def test_every_day_with_any_number_of_missed_days(database, cli, form, gap):
    first, last = form(SHORT, LONG)
    held = certifications(first, last)
    put(database, held)
    daily = cli.with_settings(**SETTINGS)
    sweeps = []
    moment = datetime.datetime.combine(first - 70 * DAY, SWEPT_AT)
    while not sweeps or sweeps[-1].date() <= last:
        daily.good("sweep", "--accept", "--as-of", moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
        sweeps.append(moment)
        moment += (gap + 1) * DAY
    expected = oracle(held, sweeps)
    assert len(expected) >= len(held)
    found = happened(database)
    assert sorted(found - collections.Counter(expected)) == [], "early, late or twice"
    assert sorted(collections.Counter(expected) - found) == [], "lost"
    # Whoever is reminded or paused is told once, and gets one message from one sweep.
    assert told(database) == collections.Counter((what, name, at)
                                                 for what, name, _, at in expected)
    assert recorded(database) == collections.Counter((name, threshold)
                                                     for what, name, threshold, _ in expected
                                                     if what == "reminded")
