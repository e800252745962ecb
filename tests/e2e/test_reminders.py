# SPDX-License-Identifier: MIT
"""Contract 4: reminders before a certification expires, by the rules of thresholds and cycles."""
import concurrent.futures
import threading

import pytest

from stack import env, times
from stack.api import CHECK, NOTIFICATIONS, REMINDERS
from stack.times import in_days

pytestmark = pytest.mark.usefixtures("directory")

UPCOMING = f"{REMINDERS}/upcoming"
SENT_CHECK = f"{REMINDERS}/sent-check"
MENTOR = "mentor-1@example.org"
NORA = "nora.asen@example.org"
ORDER = {"mentor_id": "mentor-1", "coordinator_id": "coord-nora", "days_remaining": 14,
         "channel": "email"}


def check(api, **order):
    reply = api.post(CHECK, order)
    assert reply.status == 200, reply
    return reply.json


def sent(api, **order):
    return check(api, **order)["reminders_sent"]


def remind(api, **more):
    reply = api.post(REMINDERS, {**ORDER, **more})
    assert reply.status == 201, reply
    return reply.json


def certify(api, days, mentor="mentor-1", kind="peer_mentor_basic"):
    """A certification with so many days left."""
    return api.record(mentor, in_days(-500), in_days(days), kind)["certification_id"]


def thresholds(api, **filters):
    return [item["threshold_days"] for item in api.get(REMINDERS, **filters).items]


def sent_check(api, threshold, mentor="mentor-1"):
    reply = api.get(SENT_CHECK, mentor_id=mentor, threshold_days=threshold)
    assert reply.status == 200, reply
    return reply.json


def upcoming(api, **query):
    return [(i["mentor_id"], i["days_remaining"], i["reminder_already_sent"])
            for i in api.get(UPCOMING, **query).items]


@pytest.fixture
def let_pass(database):
    """Let so many days pass: all that is dated lies so much further back."""
    def move(days):
        for table, column in (("certifications", "expires_at"), ("certifications", "issued_at"),
                              ("reminders", "expires_at"), ("reminders", "sent_at"),
                              ("expiry_notifications", "expiry_date")):
            database.run(f"UPDATE {table} SET {column} = {column} - INTERVAL %s DAY"
                         f" WHERE {column} IS NOT NULL ORDER BY {column}", days)
    return move


# Thresholds

@pytest.mark.parametrize("days, expected", [
    (400, []), (31, []), (30, [30]), (29, [30]), (15, [30]), (14, [14]), (13, [14]), (8, [14]),
    (7, [7]), (6, [7]), (1, [7])])
def test_the_smallest_threshold_not_below_the_days_left_is_due(api, mail, days, expected):
    certify(api, days)
    assert sent(api) == len(expected)
    assert thresholds(api) == expected
    assert len(mail.mails) == 2 * len(expected)
    for item in api.get(REMINDERS).items:
        assert item["days_remaining"] == days


def test_on_the_last_day_there_are_no_days_left(api, database):
    name = certify(api, 1)
    database.run("UPDATE certifications SET expires_at = UTC_DATE() + INTERVAL 86399 SECOND"
                 " WHERE certification_id = %s", name)
    assert sent(api) == 1
    assert api.get(REMINDERS).items[0]["days_remaining"] == 0


@pytest.mark.parametrize("left", ["86399 SECOND", "0 SECOND"])
def test_days_are_counted_by_the_calendar(api, database, left):
    """Seven days from today is any moment of that day."""
    name = certify(api, 7)
    database.run("UPDATE certifications SET expires_at = UTC_DATE() + INTERVAL 7 DAY"
                 f" + INTERVAL {left} WHERE certification_id = %s", name)
    assert sent(api) == 1
    assert thresholds(api) == [7]


def test_in_the_course_of_a_month_there_are_three(api, mail, let_pass):
    certify(api, 35)
    found = []
    for _ in range(35):
        found.append(sent(api))
        let_pass(1)
    assert [day for day, count in enumerate(found) if count] == [5, 21, 28]
    assert thresholds(api) == [7, 14, 30]
    assert len(mail.mails_to(MENTOR)) == 3


def test_missed_days_are_caught_up_with_one_reminder(api, let_pass):
    certify(api, 40)
    assert sent(api) == 0
    let_pass(28)  # 12 left: 30 has passed and 14 is due
    assert sent(api) == 1
    assert thresholds(api) == [14]
    let_pass(8)
    assert sent(api) == 1
    assert thresholds(api) == [7, 14]


def test_a_second_check_sends_nothing(api, mail, database):
    certify(api, 10)
    assert [sent(api), sent(api), sent(api)] == [1, 0, 0]
    counts = database.counts()
    assert (counts["reminders"], counts["expiry_notifications"]) == (1, 1)
    assert len(mail.mails) == 2


def test_each_certification_is_reminded_of_by_itself(api):
    certify(api, 10, kind="peer_mentor_basic")
    certify(api, 20, kind="crisis_support")
    certify(api, 10, mentor="mentor-2")
    assert sent(api) == 3
    assert sorted(thresholds(api)) == [14, 14, 30]
    assert thresholds(api, mentor_id="mentor-2") == [14]


def test_who_has_expired_is_revoked_or_superseded_is_not_reminded(api, mail):
    certify(api, -1)
    revoked = certify(api, 10, mentor="mentor-2")
    api.change(revoked, status="revoked")
    certify(api, 10, mentor="mentor-3")
    certify(api, 400, mentor="mentor-3")
    assert sent(api) == 0
    assert mail.mails == []


def test_what_is_superseded_by_a_revoked_one_is_not_superseded(api):
    certify(api, 10)
    api.change(certify(api, 400), status="revoked")
    assert sent(api) == 1


def test_renewing_counts_afresh(api, let_pass):
    name = certify(api, 6)
    assert sent(api) == 1
    api.change(name, expires_at=in_days(36))
    assert sent(api) == 0
    assert sent_check(api, 7)["reminder_sent"] is False
    let_pass(30)
    assert sent(api) == 1
    assert thresholds(api) == [7, 7]
    assert sent_check(api, 7)["reminder_sent"] is True


def test_thresholds_are_a_setting(settings, new_site, api):
    site = new_site("thresholds", {**settings, "MENTORWATCH_REMINDERS_THRESHOLDS": "90,3"})
    for mentor, days in (("mentor-1", 60), ("mentor-2", 3), ("mentor-3", 91)):
        certify(site, days, mentor)
    assert sent(site) == 2
    assert sorted(thresholds(site)) == [3, 90]
    assert {i["threshold"] for i in site.get(NOTIFICATIONS).items} == {"3_day", "90_day"}
    assert remind(site, mentor_id="mentor-3", days_remaining=91)["threshold_days"] == 90


# The check

def test_both_are_told_and_the_coordinator_has_something_to_acknowledge(api, mail):
    before = times.now()
    certify(api, 10)
    report = check(api)
    assert report == {"run_at": report["run_at"], "mentors_checked": 1, "reminders_sent": 1,
                      "errors": 0, "status": "completed"}
    assert before <= times.read(report["run_at"]) <= times.now()
    assert "10" in mail.mail_to(MENTOR).text and mail.mail_to(NORA)
    [item] = api.get(REMINDERS).items
    found = api.get(f"{REMINDERS}/{item['id']}").json
    assert found == {"id": item["id"], "mentor_id": "mentor-1", "coordinator_id": "coord-nora",
                     "threshold_days": 14, "days_remaining": 10, "sent_at": item["sent_at"],
                     "channel": "email", "status": "delivered"}
    assert api.get(NOTIFICATIONS).items[0]["threshold"] == "14_day"


def test_a_check_needs_no_body_and_finds_nothing_where_nothing_is(api, mail):
    for body in (None, b"", {}, {"dry_run": False}):
        report = api.post(CHECK, body).json
        assert (report["mentors_checked"], report["reminders_sent"]) == (0, 0)
    assert mail.mails == []


def test_a_dry_run_tells_the_same_figures_and_changes_nothing(api, database, mail):
    for n, days in enumerate((5, 10, 20, 29, 60), 1):
        certify(api, days, mentor=f"mentor-{n}")
    before = database.checksums()
    dry = check(api, dry_run=True)
    assert database.checksums() == before
    assert mail.mails == []
    wet = check(api)
    assert {**dry, "run_at": 0} == {**wet, "run_at": 0}
    assert (wet["mentors_checked"], wet["reminders_sent"]) == (5, 4)
    assert sent(api, dry_run=True) == 0


def test_one_who_cannot_be_handled_does_not_stop_the_others(api, database, mail):
    for n in (1, 2, 3):
        certify(api, 10, mentor=f"mentor-{n}")
    database.run("CREATE TRIGGER refuse_reminder BEFORE INSERT ON reminders FOR EACH ROW"
                 " IF NEW.mentor_id = 'mentor-2' THEN"
                 " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused by the test'; END IF")
    report = check(api)
    assert (report["reminders_sent"], report["errors"]) == (2, 1)
    assert len(mail.mails_to(NORA)) == 2
    assert thresholds(api, mentor_id="mentor-2") == []
    again = check(api)
    assert (again["reminders_sent"], again["errors"]) == (0, 1)


def test_two_checks_at_once_send_one_reminder(api, database, mail):
    for n in range(1, 10):
        certify(api, 10, mentor=f"mentor-{n}")
    gate = threading.Barrier(8)

    def run(_):
        gate.wait(env.PATIENCE)
        return api.post(CHECK, {})
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(run, range(8)))
    assert {reply.status for reply in replies} <= {200, 409}
    assert sum(reply.json["reminders_sent"] for reply in replies if reply.status == 200) == 9
    assert database.counts()["reminders"] == 9
    env.wait_until(lambda: len(mail.mails) == 18, "the mails")


def test_while_a_check_runs_a_second_one_is_409(api, ledger):
    for n in (1, 2, 3):
        certify(api, 10, mentor=f"mentor-{n}")
    ledger.slow_down("reminders", 0.3)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(check, api)
        env.wait_until(lambda: ledger.database.counts()["leases"], "the check to begin")
        assert api.post(CHECK, {}).status == 409
        assert api.post(CHECK, {"dry_run": True}).status == 200
        assert running.result()["reminders_sent"] == 3
    assert sent(api) == 0


def test_an_order_and_a_check_at_once_remind_once_of_the_threshold(api, ledger):
    certify(api, 10)
    ledger.slow_down("reminders", 0.3)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        ordering = pool.submit(remind, api, days_remaining=10)
        env.wait_until(lambda: ledger.database.counts()["mentor_locks"], "the order to begin")
        report = check(api)
        assert ordering.result()["threshold_days"] == 14
    assert report["errors"] == 0
    assert thresholds(api) == [14]


# An explicit wish

@pytest.mark.parametrize("days, threshold", [
    (0, 7), (1, 7), (7, 7), (8, 14), (14, 14), (15, 30), (30, 30), (31, 30), (3650, 30)])
def test_an_order_counts_for_the_threshold_of_its_days(api, days, threshold):
    created = remind(api, days_remaining=days)
    assert (created["threshold_days"], created["days_remaining"]) == (threshold, days)


def test_an_order_is_sent_to_the_mentor_and_recorded(api, mail):
    before = times.now()
    certify(api, 14, kind="crisis_support")
    reply = api.post(REMINDERS, {**ORDER, "coordinator_id": "coord-maya"})
    created = reply.json
    assert created == {"id": created["id"], "mentor_id": "mentor-1",
                       "coordinator_id": "coord-maya", "days_remaining": 14, "threshold_days": 14,
                       "channel": "email", "sent_at": created["sent_at"], "status": "delivered"}
    assert created["id"].startswith("rem-")
    assert reply.headers["Location"] == f"{REMINDERS}/{created['id']}"
    assert before <= times.read(created["sent_at"]) <= times.now()
    assert "crisis_support" in mail.mail_to(MENTOR).text
    assert len(mail.mails) == 1
    found = api.get(reply.headers["Location"]).json
    assert found == {key: created[key] for key in found}


def test_an_order_counts_as_sent_for_its_threshold(api, mail, let_pass):
    certify(api, 14)
    remind(api)
    assert sent_check(api, 14)["reminder_sent"] is True
    assert sent(api) == 0
    let_pass(7)
    assert sent(api) == 1
    assert thresholds(api) == [7, 14]


def test_an_order_is_a_wish_and_sent_again(api, mail):
    certify(api, 14)
    assert sent(api) == 1
    assert remind(api)["id"] != remind(api)["id"]
    assert len(mail.mails_to(MENTOR)) == 3
    assert thresholds(api) == [14, 14, 14]
    assert sent(api) == 0


def test_an_order_needs_no_certification(api, mail):
    remind(api, days_remaining=5)
    assert mail.mail_to(MENTOR)
    assert sent_check(api, 7)["reminder_sent"] is True


@pytest.mark.parametrize("channel, status", [
    ("email", "delivered"), ("in_app", "delivered"), ("push", "queued")])
def test_an_order_names_its_channel(api, directory, mail, channel, status):
    """Whatever the mentor prefers. (What is pushed waits for its carrier.)"""
    directory.prefers("mentor-1", "email,push,in_app")
    created = remind(api, channel=channel)
    assert (created["channel"], created["status"]) == (channel, status)
    assert len(mail.mails) == (channel == "email")
    assert api.get(REMINDERS, channel=channel).total == 1


def test_who_has_no_address_is_a_visible_failure(api, directory):
    directory.add_mentor("mentor-mute", email=None)
    assert remind(api, mentor_id="mentor-mute")["status"] == "failed"
    assert remind(api, mentor_id="mentor-mute", channel="push")["status"] == "failed"
    assert api.get(REMINDERS, status="failed").total == 2


def test_a_status_follows_the_message(api, mail, cli, ledger):
    mail.refused[MENTOR] = "451 later"
    created = remind(api)
    assert created["status"] == "queued"
    mail.refused.clear()
    ledger.time_passes()
    cli.sweep()
    assert api.get(f"{REMINDERS}/{created['id']}").json["status"] == "delivered"
    mail.refused[MENTOR] = "550 unknown"
    assert remind(api)["status"] == "failed"


# Records

def test_acknowledging_keeps_when_from_the_first_time(api):
    name = remind(api)["id"]
    before = times.now()
    reply = api.put(f"{REMINDERS}/{name}", {"status": "acknowledged",
                                            "acknowledged_at": "2026-03-26T10:15:00+01:00"})
    assert reply.json == {"id": name, "status": "acknowledged",
                          "acknowledged_at": "2026-03-26T09:15:00Z",
                          "updated_at": reply.json["updated_at"]}
    assert before <= times.read(reply.json["updated_at"]) <= times.now()
    again = api.put(f"{REMINDERS}/{name}", {"status": "acknowledged"})
    assert again.json["acknowledged_at"] == "2026-03-26T09:15:00Z"
    assert api.get(f"{REMINDERS}/{name}").json["status"] == "acknowledged"


def test_acknowledged_it_stays_whatever_becomes_of_the_message(api, mail, cli, ledger):
    mail.refused[MENTOR] = "451 later"
    name = remind(api)["id"]
    api.put(f"{REMINDERS}/{name}", {"status": "acknowledged"})
    mail.refused.clear()
    ledger.time_passes()
    cli.sweep()
    assert mail.mail_to(MENTOR)
    assert api.get(f"{REMINDERS}/{name}").json["status"] == "acknowledged"


def test_removing_hides_the_record_and_nobody_is_reminded_again(api, mail):
    certify(api, 10)
    sent(api)
    name = api.get(REMINDERS).items[0]["id"]
    assert api.delete(f"{REMINDERS}/{name}").json == {"deleted": True, "id": name}
    for method in ("GET", "DELETE"):
        assert api.request(method, f"{REMINDERS}/{name}").status == 404
    assert api.put(f"{REMINDERS}/{name}", {"status": "acknowledged"}).status == 404
    assert api.get(REMINDERS).total == 0
    assert sent(api) == 0
    assert len(mail.mails) == 2


def test_ids_number_the_reminders(api):
    names = [remind(api)["id"] for _ in range(3)]
    numbers = [int(name.removeprefix("rem-")) for name in names]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert all(name == f"rem-{n:03d}" for name, n in zip(names, numbers))


def test_an_id_that_is_taken_is_not_given_again(api, database):
    number = int(remind(api)["id"].removeprefix("rem-")) + 2
    database.run("UPDATE reminders SET id = %s", f"rem-{number:03d}")
    names = {remind(api)["id"] for _ in range(3)}
    assert len(names | {f"rem-{number:03d}"}) == 4


# Upcoming

def test_upcoming_is_soonest_first_and_within_thirty_days(api, directory):
    for mentor, days in (("mentor-1", 20), ("mentor-2", 3), ("mentor-3", 30), ("mentor-4", 31),
                         ("mentor-5", -1)):
        certify(api, days, mentor)
    assert upcoming(api) == [("mentor-2", 3, False), ("mentor-1", 20, False),
                             ("mentor-3", 30, False)]
    assert upcoming(api, days=3) == [("mentor-2", 3, False)]
    assert len(upcoming(api, days=31)) == 4
    assert upcoming(api, days=2) == []
    assert upcoming(api, sort="-expires_at")[0] == ("mentor-3", 30, False)
    item = api.get(UPCOMING).items[0]
    assert item["mentor_name"] == "Mentor 2"
    assert item["expires_at"] == api.get("/api/v1/certifications",
                                         mentor_id="mentor-2").items[0]["expires_at"]


def test_upcoming_tells_whether_the_reminder_that_is_due_was_sent(api, let_pass):
    certify(api, 20)
    certify(api, 40, mentor="mentor-2")
    sent(api)
    assert upcoming(api) == [("mentor-1", 20, True)]
    let_pass(6)
    assert upcoming(api) == [("mentor-1", 14, False)]
    sent(api)
    assert upcoming(api, mentor_id="mentor-1") == [("mentor-1", 14, True)]


def test_upcoming_shows_what_is_reminded_of_and_nothing_else(api):
    api.change(certify(api, 10), status="revoked")
    certify(api, 10, mentor="mentor-2")
    certify(api, 400, mentor="mentor-2")
    certify(api, 10, mentor="mentor-3", kind="crisis_support")
    assert upcoming(api) == [("mentor-3", 10, False)]
    assert upcoming(api, certification_type="crisis_support", coordinator_id="coord-nora",
                    mentor_id="mentor-3", days=10) == [("mentor-3", 10, False)]


# Sent-check

def test_sent_check_answers_for_one_threshold_of_the_present_cycle(api):
    name = certify(api, 14)
    assert sent_check(api, 14) == {"mentor_id": "mentor-1", "threshold_days": 14,
                                   "reminder_sent": False, "sent_at": None}
    sent(api)
    found = sent_check(api, 14)
    assert found["reminder_sent"] is True
    assert found["sent_at"] == api.get(REMINDERS).items[0]["sent_at"]
    for other in (30, 7):
        assert sent_check(api, other)["reminder_sent"] is False
    assert sent_check(api, 14, mentor="mentor-2")["reminder_sent"] is False
    api.change(name, expires_at=in_days(300))
    assert sent_check(api, 14) == {"mentor_id": "mentor-1", "threshold_days": 14,
                                   "reminder_sent": False, "sent_at": None}


@pytest.mark.parametrize("query, status, fields", [
    ("", 400, {"mentor_id", "threshold_days"}), ("mentor_id=mentor-1", 400, {"threshold_days"}),
    ("threshold_days=30", 400, {"mentor_id"}),
    ("mentor_id=mentor-1&threshold_days=x", 400, {"threshold_days"}),
    ("mentor_id=mentor-1&threshold_days=0", 400, {"threshold_days"}),
    ("mentor_id=mentor-1&threshold_days=366", 400, {"threshold_days"}),
    ("mentor_id=mentor-1&threshold_days=30&page=1", 400, {"page"}),
    ("mentor_id=mentor-nobody&threshold_days=30", 422, {"mentor_id"})])
def test_a_bad_question_is_refused_field_by_field(api, query, status, fields):
    reply = api.get(f"{SENT_CHECK}?{query}")
    assert (reply.status, reply.fields) == (status, fields)


def test_fixed_paths_win_over_ids(api):
    for path in ("upcoming", "sent-check?mentor_id=mentor-1&threshold_days=7"):
        assert api.get(f"{REMINDERS}/{path}").status == 200
    for path in ("upcoming", "sent-check", "check"):
        assert api.delete(f"{REMINDERS}/{path}").status == 405
