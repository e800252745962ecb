# SPDX-License-Identifier: MIT
"""Contract 1: people are told at once, and the answer says what became of each message."""
import concurrent.futures
import time

import pytest

from stack import env, times
from stack.api import PAUSES
from stack.times import in_days

pytestmark = pytest.mark.usefixtures("directory")

NORA = "nora.asen@example.org"
MENTOR = "mentor-1@example.org"
ACTIONS = {
    "pause-activated": {"mentor_id": "mentor-1"},
    "pause-lifted": {"mentor_id": "mentor-1"},
    "cert-expiry": {"mentor_id": "mentor-1", "expiry_date": "2026-03-31T00:00:00Z"},
    "cert-expiry-reminder": {"mentor_id": "mentor-1", "days_remaining": 14},
}


def order(api, action, **more):
    reply = api.post(f"{PAUSES}/{action}", {**ACTIONS[action], **more})
    assert reply.status == 200, reply
    return reply.json


def told(answer):
    return [(n["recipient"], n["channel"], n["status"]) for n in answer["notifications_dispatched"]]


@pytest.mark.parametrize("action, expected", [
    ("pause-activated", ["mentor-1", "coord-nora"]), ("pause-lifted", ["mentor-1", "coord-nora"]),
    ("cert-expiry", ["mentor-1", "coord-nora"]), ("cert-expiry-reminder", ["mentor-1"])])
def test_both_are_told_of_all_but_reminders_which_are_for_the_mentor(api, mail, action, expected):
    before = times.now()
    answer = order(api, action)
    assert told(answer) == [(who, "email", "sent") for who in expected]
    assert answer["mentor_id"] == "mentor-1"
    assert before <= times.read(answer["dispatched_at"]) <= times.now()
    assert len(mail.mails) == len(expected)
    assert bool(mail.mails_to(NORA)) == ("coord-nora" in expected)
    assert "Mentor 1" in mail.mail_to(MENTOR).text


def test_message_ids_number_the_messages(api, database):
    first = order(api, "pause-activated")["notifications_dispatched"]
    second = order(api, "pause-lifted")["notifications_dispatched"]
    numbers = [int(n["message_id"].removeprefix("msg-")) for n in first + second]
    assert all(n["message_id"] == f"msg-{int(n['message_id'][4:]):05d}" for n in first + second)
    assert len(set(numbers)) == 4
    assert sorted(numbers) == [r["seq"] for r in
                               database.run("SELECT seq FROM messages ORDER BY seq")]


# What is ordered

def test_a_pause_is_opened_told_and_recorded(api, mail, ledger):
    order(api, "pause-activated", pause_reason="Permisjon på grunn av flytting",
          expected_return_date="2098-05-01T00:00:00+02:00")
    [pause] = ledger.open_pauses("mentor-1")
    assert (pause["kind"], pause["reason"]) == ("manual", "Permisjon på grunn av flytting")
    assert ledger.events("mentor-1") == ["pause_activated"]
    for address in (NORA, MENTOR):
        assert "Permisjon på grunn av flytting" in mail.mail_to(address).text
    assert "2098" in mail.mail_to(MENTOR).text


def test_a_pause_needs_no_reason(api, ledger, mail):
    for more in ({}, {"pause_reason": None, "expected_return_date": None}):
        order(api, "pause-activated", **more)
        assert ledger.open_pauses("mentor-1")[0]["reason"] is None
    assert all("{{" not in m.text for m in mail.mails)


def test_a_second_pause_is_the_same_one_with_a_new_reason(api, ledger):
    order(api, "pause-activated", pause_reason="studies")
    order(api, "pause-activated", pause_reason="illness")
    assert [p["reason"] for p in ledger.open_pauses("mentor-1")] == ["illness"]


def test_lifting_closes_the_pause_by_hand_only(api, ledger, mail):
    api.record("mentor-1", in_days(-400), in_days(-1))
    api.run_expiry_job()
    order(api, "pause-activated")
    assert len(ledger.open_pauses("mentor-1")) == 2
    mail.forget()
    order(api, "pause-lifted")
    assert [p["kind"] for p in ledger.open_pauses("mentor-1")] == ["certification_expiry"]
    assert len(mail.mails) == 2


def test_renewing_does_not_lift_the_pause_by_hand(api, ledger):
    created = api.record("mentor-1", in_days(-400), in_days(-1))
    api.run_expiry_job()
    order(api, "pause-activated")
    api.change(created["certification_id"], expires_at=in_days(300))
    assert [p["kind"] for p in ledger.open_pauses("mentor-1")] == ["manual"]


def test_lifting_where_there_is_no_pause_still_tells(api, mail, ledger):
    """Whoever asks says so: the pause may be known to the platform alone."""
    assert told(order(api, "pause-lifted")) == [("mentor-1", "email", "sent"),
                                                ("coord-nora", "email", "sent")]
    assert not ledger.is_paused("mentor-1")
    assert len(mail.mails) == 2


def test_an_expiry_tells_and_pauses_nobody(api, mail, ledger):
    created = api.record("mentor-1", "2024-03-31T00:00:00Z", "2026-03-31T00:00:00Z")
    order(api, "cert-expiry")
    assert not ledger.is_paused("mentor-1") and ledger.events("mentor-1") == []
    assert api.find(created["certification_id"])["auto_pause_applied"] is False
    assert "2026" in mail.mail_to(MENTOR).text
    assert len(mail.mails) == 2


def test_a_reminder_names_the_certification_that_ends_then(api, mail):
    api.record("mentor-1", in_days(-300), in_days(14), "crisis_support")
    order(api, "cert-expiry-reminder")
    assert "crisis_support" in mail.mail_to(MENTOR).text
    assert "14" in mail.mail_to(MENTOR).text


@pytest.mark.parametrize("days", [0, 1, 3650])
def test_a_reminder_is_sent_for_any_number_of_days(api, mail, days):
    assert order(api, "cert-expiry-reminder", days_remaining=days)["days_remaining"] == days
    assert len(mail.mails) == 1


# What becomes of the messages

def test_what_the_mail_server_puts_off_is_queued_and_goes_out_later(api, mail, cli, ledger):
    mail.refused[MENTOR] = "451 try again"
    answer = order(api, "pause-activated")
    assert told(answer) == [("mentor-1", "email", "queued"), ("coord-nora", "email", "sent")]
    mail.refused.clear()
    ledger.time_passes()
    cli.sweep()
    assert mail.mail_to(MENTOR)


def test_what_the_mail_server_refuses_for_good_is_failed(api, mail):
    mail.refused[MENTOR] = "550 no such user"
    assert told(order(api, "pause-activated"))[0] == ("mentor-1", "email", "failed")


def test_who_has_no_address_is_a_visible_failure(api, directory, mail):
    directory.add_mentor("mentor-mute", email=None)
    answer = order(api, "pause-activated", mentor_id="mentor-mute")
    assert told(answer) == [("mentor-mute", "email", "failed"), ("coord-nora", "email", "sent")]


def test_a_mentor_of_nobody_is_told_alone(api, directory, mail):
    directory.add_mentor("mentor-alone", coordinator_id=None)
    assert told(order(api, "pause-activated", mentor_id="mentor-alone")) == [
        ("mentor-alone", "email", "sent")]
    assert len(mail.mails) == 1


def test_each_is_told_by_the_channels_that_they_prefer(api, directory, mail):
    directory.prefers("mentor-1", "in_app,email")
    directory.prefers("coord-nora", "in_app")
    assert told(order(api, "pause-activated")) == [
        ("mentor-1", "in_app", "sent"), ("mentor-1", "email", "sent"),
        ("coord-nora", "in_app", "sent")]
    assert len(mail.mails) == 1


def test_each_is_told_in_their_language(api, directory, mail):
    directory.add_mentor("mentor-en", "John Smith", "john@example.org", language="en",
                         coordinator_id="coord-maya")
    order(api, "pause-activated", mentor_id="mentor-en")
    order(api, "pause-activated")
    assert mail.mail_to("john@example.org").text != mail.mail_to(MENTOR).text
    assert "paused" in mail.mail_to("john@example.org").text
    assert "pause" in mail.mail_to(MENTOR).text


# The deadline

@pytest.fixture(scope="module")
def hasty(settings, new_site):
    """A server that waits half a second for the mail server."""
    return new_site("hasty", {**settings, "MENTORWATCH_NOTIFY_DEADLINE": "500"})


def test_a_slow_mail_server_is_waited_for_until_the_deadline(hasty, mail, database):
    mail.delay = 3
    began = time.monotonic()
    answer = order(hasty, "pause-activated")
    assert time.monotonic() - began < 2
    assert {status for _, _, status in told(answer)} == {"queued"}
    assert database.value("SELECT COUNT(*) FROM messages WHERE state IN ('queued', 'sending')") == 2
    mail.delay = 0
    env.wait_until(lambda: len(mail.mails) == 2, "the mails, which come all the same")


def test_with_the_mail_server_away_the_answer_is_queued_and_nothing_is_lost(settings, new_site,
                                                                            mail, cli):
    site = new_site("away", settings)
    mail.away()
    began = time.monotonic()
    for _ in range(3):
        assert {status for _, _, status in told(order(site, "pause-activated"))} == {"queued"}
    assert time.monotonic() - began < 3
    mail.back()
    cli.sweep()
    assert len(mail.mails) == 6


def test_a_deadline_of_nothing_waits_for_nothing(settings, new_site, mail, cli):
    site = new_site("quick", {**settings, "MENTORWATCH_NOTIFY_DEADLINE": "0"})
    assert {status for _, _, status in told(order(site, "pause-activated"))} == {"queued"}
    assert mail.mails == []
    cli.sweep()
    assert len(mail.mails) == 2


def test_nothing_is_told_of_what_was_not_stored(api, database, mail):
    """Refused, or unknown: not a row and not a mail."""
    before = database.checksums()
    for action, body in ACTIONS.items():
        for bad in ({**body, "mentor_id": "mentor-nobody"}, {**body, "colour": "red"}):
            assert api.post(f"{PAUSES}/{action}", bad).status == 422
    assert database.checksums() == before
    assert mail.mails == []


def test_a_slow_mail_server_does_not_slow_a_read(hasty, mail, database):
    mail.delay = 2
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        orders = [pool.submit(order, hasty, "pause-activated") for _ in range(6)]
        time.sleep(0.1)
        began = time.monotonic()
        assert hasty.get("/api/v1/certifications").status == 200
        assert time.monotonic() - began < env.PATIENCE / 40
        assert all(o.result() for o in orders)
    mail.delay = 0
    env.wait_until(lambda: not database.run("SELECT 1 FROM messages WHERE state = 'sending'"),
                   "what is under way")


def test_what_has_not_expired_yet_is_not_told_as_expired(api, mail):
    reply = api.post(f"{PAUSES}/cert-expiry", {"mentor_id": "mentor-1", "expiry_date": in_days(1)})
    assert (reply.status, reply.fields) == (422, {"expiry_date"})
    assert mail.mails == []
