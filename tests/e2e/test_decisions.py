# SPDX-License-Identifier: MIT
"""What the jobs record about each certification that they looked at, and thresholds by type."""
import pytest

from stack.api import CHECK, REMINDERS, RUN
from stack.cli import CONFIG
from stack.times import in_days


@pytest.fixture
def decided(database):
    """(threshold, outcome, detail) of a certification, by threshold."""
    def look(name):
        return [(r["threshold_days"], r["outcome"], r["detail"]) for r in database.run(
            "SELECT * FROM decisions WHERE certification_id = %s ORDER BY threshold_days", name)]
    return look


@pytest.fixture
def certify(api):
    def record(days, mentor="mentor-1", kind="peer_mentor_basic"):
        return api.record(mentor, in_days(-300), in_days(days), kind)["certification_id"]
    return record


def test_a_reminder_that_was_made_is_queued(certify, cli, decided, database):
    name = certify(10)
    run = cli.sweep()["reminders"]["job_run_id"]
    assert decided(name) == [(14, "queued", None)]
    assert database.value("SELECT job_run_id FROM decisions") == run


def test_one_that_was_ordered_before_was_already_sent(api, certify, cli, decided, directory):
    name = certify(10)
    api.post(REMINDERS, {"mentor_id": "mentor-1", "coordinator_id": directory.COORDINATOR,
                         "days_remaining": 10, "channel": "email"})
    assert cli.sweep()["reminders"]["found"] == 0
    assert decided(name) == [(14, "already_sent", None)]


def test_a_superseded_one_is_recorded_once_and_reminded_when_that_changes(
        api, certify, cli, decided, database, mail):
    name, newer = certify(10), certify(300)
    cli.good("sweep")
    assert decided(name) == [(14, "superseded", f"superseded by {newer}")]
    assert mail.mails == []
    before = database.run("SELECT * FROM decisions")
    cli.good("sweep")
    assert database.run("SELECT * FROM decisions") == before
    api.change(newer, status="revoked")
    assert cli.sweep()["reminders"]["sent"] == 1
    assert decided(name) == [(14, "queued", None)]


def test_a_superseded_one_that_expired_is_recorded(api, certify, cli, decided):
    name, newer = certify(-5), certify(300)
    assert cli.sweep()["expiry"]["expired_found"] == 0
    assert decided(name) == [(0, "superseded", f"superseded by {newer}")]
    api.change(newer, status="revoked")
    cli.good("sweep")
    assert decided(name) == [(0, "paused", "no warning had been delivered before")]


@pytest.mark.parametrize("coordinator, detail", [
    (True, "the mentor has no address; the coordinator is told"),
    (False, "neither the mentor nor a coordinator has an address")])
def test_who_cannot_be_reached_has_no_address(
        certify, cli, decided, directory, coordinator, detail):
    directory.add_mentor("mute", email=None,
                         coordinator_id=directory.COORDINATOR if coordinator else None)
    name = certify(10, "mute")
    cli.run("sweep")
    assert decided(name) == [(14, "no_address", detail)]


def test_who_is_in_no_directory_is_recorded_once_and_is_no_failure(
        certify, cli, decided, directory, database):
    lost, other = certify(10), certify(10, "mentor-2")
    expired = certify(-5, kind="other")
    directory.remove_mentor("mentor-1")
    report = cli.good("sweep", "--json").json()
    assert (report["expiry"]["expired_found"], report["reminders"]["found"]) == (0, 1)
    why = "the directory has no mentor mentor-1"
    assert decided(lost) == [(14, "not_listed", why)]
    assert decided(expired) == [(0, "not_listed", why)]
    assert decided(other) == [(14, "queued", None)]
    before = database.run("SELECT * FROM decisions")
    cli.good("sweep")
    assert database.run("SELECT * FROM decisions") == before
    assert {row["result"] for row in database.run("SELECT result FROM sweeps")} == {"good"}
    directory.add_mentor("mentor-1")
    cli.good("sweep")
    assert (decided(lost), decided(expired)[0][:2]) == ([(14, "queued", None)], (0, "paused"))


def test_the_endpoints_record_the_same(api, certify, decided):
    soon, expired = certify(10), certify(-5, "mentor-2")
    api.post(CHECK, {})
    api.post(RUN, {})
    assert decided(soon) == [(14, "queued", None)]
    assert decided(expired)[0][:2] == (0, "paused")


def test_a_renewal_begins_afresh(api, certify, cli, decided):
    name = certify(10)
    cli.good("sweep")
    api.change(name, expires_at=in_days(5))
    api.change(name, expires_at=in_days(12))
    cli.good("sweep")
    assert decided(name) == [(14, "queued", None)] * 2


def test_nobody_is_reminded_of_what_has_expired(certify, cli, mail):
    certify(-1)
    report = cli.sweep()
    assert (report["expiry"]["auto_paused"], report["reminders"]["found"]) == (1, 0)
    assert len(mail.mails) == 2


def test_another_moment_of_the_same_day_is_the_same_expiry(api, cli, mail, ledger, database):
    day = in_days(5)[:10]
    name = api.record("mentor-1", in_days(-300), f"{day}T12:00:00Z")["certification_id"]
    mail.refused["mentor-1@example.org"] = "450 busy"
    assert cli.sweep()["reminders"]["sent"] == 1
    api.change(name, expires_at=f"{day}T12:00:01Z")
    assert api.post(CHECK, {"dry_run": True}).json["reminders_sent"] == 0
    assert cli.sweep()["reminders"]["sent"] == 0
    mail.refused.clear()
    ledger.time_passes()
    assert cli.sweep()["delivery"]["sent"] == 1, "what waited is still true"
    assert len(mail.mails) == 2
    for table in ("reminders", "expiry_notifications", "decisions"):
        assert database.value(f"SELECT COUNT(*) FROM {table}") == 1, table
    assert api.get(f"{REMINDERS}/sent-check", mentor_id="mentor-1", threshold_days=7).json[
        "reminder_sent"] is True
    later = in_days(6)[:10]
    api.change(name, expires_at=f"{later}T12:00:00Z")
    assert cli.sweep()["reminders"]["sent"] == 1


# Thresholds by type

@pytest.mark.parametrize("kind, days, due", [
    ("first_aid", 61, None), ("first_aid", 60, 60), ("first_aid", 31, 60), ("first_aid", 30, 30),
    ("first_aid", 1, 30), ("first aid 2", 15, None), ("first aid 2", 14, 14),
    ("other", 31, None), ("other", 30, 30), ("other", 6, 7), ("FIRST_AID", 60, None)])
def test_a_type_has_its_own_thresholds(api, certify, cli, kind, days, due):
    certify(days, kind=kind)
    own = cli.with_settings(REMINDERS_THRESHOLDS_BY_TYPE="first_aid: 60,30 | first aid 2: 14")
    report = own.sweep("--dry-run")
    assert report["reminders"]["sent"] == (1 if due else 0)
    assert own.sweep()["reminders"]["sent"] == (1 if due else 0)
    assert [r["threshold_days"] for r in api.get(REMINDERS).items] == ([due] if due else [])
    assert own.sweep()["reminders"]["sent"] == 0


@pytest.mark.parametrize("value", ["first_aid", "first_aid: 7,14", "a: 7 | a: 14", "a: 366", "|"])
def test_thresholds_that_make_no_sense_are_refused_at_the_start(cli, value):
    done = cli.with_settings(REMINDERS_THRESHOLDS_BY_TYPE=value).run("sweep")
    assert done.status == CONFIG, done
    assert "THRESHOLDS_BY_TYPE must be" in done.err


def test_upcoming_and_orders_follow_the_type(new_site, settings, directory):
    api = new_site("types", {**settings,
                             "MENTORWATCH_REMINDERS_THRESHOLDS_BY_TYPE": "first_aid: 60,20"})
    api.record("mentor-1", in_days(-300), in_days(40), "first_aid")
    api.record("mentor-2", in_days(-300), in_days(25))
    api.post(REMINDERS, {"mentor_id": "mentor-1", "coordinator_id": directory.COORDINATOR,
                         "days_remaining": 40, "channel": "email"})
    assert [r["threshold_days"] for r in api.get(REMINDERS).items] == [60]
    upcoming = {u["mentor_id"]: u["reminder_already_sent"]
                for u in api.get(f"{REMINDERS}/upcoming", days=50).items}
    assert upcoming == {"mentor-1": True, "mentor-2": False}
    assert api.post(CHECK, {}).json["reminders_sent"] == 1
