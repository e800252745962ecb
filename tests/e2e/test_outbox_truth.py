# SPDX-License-Identifier: MIT
"""What is no longer true when its turn comes is not sent."""
import pytest

from stack.api import CERTIFICATIONS
from stack.cli import BUSY, delivered
from stack.outbox import MAILBOX, MENTOR, REMINDERS, attempts, by_hand, dispatch, the_message
from stack.times import in_days


def assert_superseded(database, ledger, why, kind="%"):
    message = the_message(ledger, kind=kind)
    assert (message["state"], message["last_error"]) == ("superseded", why)
    assert attempts(database, message)[-1] == "superseded"
    assert message["lease_token"] is None


@pytest.mark.parametrize("change, why", [
    ({"expires_at": in_days(400)}, "the certification was renewed"),
    ({"expires_at": in_days(18)}, "the certification now expires earlier"),
    ({"status": "revoked"}, "the certification was revoked"),
    (None, "the certification was removed"),
])
def test_a_reminder_is_not_sent_after_its_certification_has_changed(
        api, cli, mail, database, ledger, reminded, change, why):
    if change is None:
        api.delete(f"{CERTIFICATIONS}/{reminded}")
    else:
        api.change(reminded, **change)
    assert dispatch(cli) == delivered(superseded=2)
    assert mail.mails == []
    assert_superseded(database, ledger, why)
    # It never went out and never will; of the contract's words that is the one.
    assert database.value("SELECT status FROM reminders") == "failed"


def test_a_reminder_is_not_sent_when_a_newer_certification_has_taken_the_place(
        api, cli, database, ledger, reminded):
    api.record(MENTOR, in_days(-1), in_days(700))
    assert dispatch(cli)["superseded"] == 2
    assert_superseded(database, ledger, "a newer certification has taken its place")


def test_a_late_reminder_is_sent_while_nothing_more_urgent_is_due(cli, ledger, reminded):
    cli.run("sweep", "--as-of", in_days(4))
    assert the_message(ledger, kind="certification_expiring")["state"] == "sent"


def test_a_reminder_that_waited_too_long_gives_way_to_a_more_urgent_one(
        cli, database, reminded):
    cli.run("sweep", "--as-of", in_days(10))
    row = database.one("SELECT state, last_error FROM messages WHERE recipient_role = 'mentor'"
                       " ORDER BY seq LIMIT 1")
    assert row == {"state": "superseded", "last_error": "a more urgent reminder is due"}


def test_a_reminder_gives_way_to_the_notice_of_the_expiry(
        cli, mail, database, ledger, reminded):
    cli.run("sweep", "--as-of", in_days(21))
    assert_superseded(database, ledger, "the certification has expired, and its notice says so",
                      "certification_expiring")
    assert the_message(ledger, kind="certification_expired")["state"] == "sent"
    assert len(mail.mails_to(MAILBOX)) == 1


def test_in_the_days_of_grace_a_reminder_goes_out_after_the_expiry(
        api, cli, mail, ledger, reminded):
    cli.with_settings(JOBS_GRACE_DAYS=14).run("sweep", "--as-of", in_days(21))
    assert ledger.open_pauses(MENTOR) == []
    assert the_message(ledger)["state"] == "sent"
    assert the_message(ledger, "coordinator")["state"] == "sent"
    assert "er utløpt" in mail.mail_to(MAILBOX)["Subject"]


def test_while_a_brake_holds_the_pause_a_reminder_goes_out_after_the_expiry(
        api, cli, mail, ledger, directory, reminded):
    for n in range(12):
        api.record(directory.add_mentor(f"m-{n}"), in_days(-400), in_days(20))
    assert cli.run("sweep", "--as-of", in_days(21)).status == BUSY
    assert ledger.open_pauses(MENTOR) == []
    assert the_message(ledger)["state"] == "sent"


@pytest.mark.parametrize("days", [1, 8], ids=["not yet due", "due and ordered already"])
def test_an_order_to_the_mentor_does_not_silence_the_coordinators_reminder(
        api, cli, ledger, database, reminded, days):
    """The mentor has something more urgent; the coordinator is told nothing else."""
    api.post(REMINDERS, {"mentor_id": MENTOR, "coordinator_id": "coord-nora",
                         "days_remaining": 14, "channel": "email"})
    cli.run("sweep", "--as-of", in_days(days))
    rows = database.run("SELECT recipient_role, state, last_error FROM messages"
                        " WHERE event_id = (SELECT id FROM reminders ORDER BY seq LIMIT 1)"
                        " ORDER BY recipient_role")
    assert [row["state"] for row in rows] == ["sent", "superseded"]
    assert rows[1]["last_error"] == "a more urgent reminder is due"


def test_a_reminder_that_somebody_ordered_goes_out_even_late(api, cli, mail, ledger, database):
    certification = api.record(MENTOR, in_days(-300), in_days(20))["certification_id"]
    mail.refused[MAILBOX] = "450 busy"
    api.post(REMINDERS, {"mentor_id": MENTOR, "coordinator_id": "coord-nora",
                         "days_remaining": 20, "channel": "email"})
    mail.forget()
    ledger.time_passes()
    cli.run("sweep", "--as-of", in_days(10))
    assert database.value("SELECT state FROM messages ORDER BY seq LIMIT 1") == "sent"
    database.run("UPDATE messages SET state = 'queued', next_attempt_at = UTC_TIMESTAMP(3)"
                 " ORDER BY seq LIMIT 1")
    api.change(certification, expires_at=in_days(500))
    assert dispatch(cli)["superseded"] >= 1


def test_the_notice_of_a_pause_that_has_ended_is_not_sent(api, cli, mail, database, ledger, queue):
    queue(MENTOR)
    certification = api.get(CERTIFICATIONS, mentor_id=MENTOR).items[0]["certification_id"]
    mail.refused[MAILBOX] = "450 busy"
    api.change(certification, expires_at=in_days(300))
    assert dispatch(cli)["superseded"] == 2
    assert_superseded(database, ledger, "the pause has ended", "certification_expired")


def test_the_notice_of_a_pause_by_hand_is_not_sent_after_its_end(api, cli, mail, database, ledger):
    mail.refused[MAILBOX] = "450 busy"
    by_hand(api, ledger, "activated")
    by_hand(api, ledger, "lifted")
    mail.forget()
    ledger.time_passes()
    assert dispatch(cli) == delivered(sent=1, superseded=1)
    assert_superseded(database, ledger, "the pause has ended", "pause_activated")
    assert the_message(ledger, kind="pause_lifted")["state"] == "sent"


def test_that_a_pause_has_ended_is_not_told_to_one_who_is_paused_again(
        api, cli, mail, database, ledger):
    by_hand(api, ledger, "activated")
    mail.refused[MAILBOX] = "450 busy"
    by_hand(api, ledger, "lifted")
    mail.forget()
    by_hand(api, ledger, "activated", "again")
    ledger.time_passes()
    assert dispatch(cli)["superseded"] == 1
    assert_superseded(database, ledger, "the mentor has been paused again", "pause_lifted")
