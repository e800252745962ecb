# SPDX-License-Identifier: MIT
"""mentorwatch outbox and mentorwatch dispatch: what the operator can do."""
import signal
import subprocess

import pytest

from stack import env
from stack.cli import BAD_DATA, GOOD, USAGE, delivered
from stack.outbox import (MAILBOX, MENTOR, attempts, dispatch, message_id, remind, the_message)
from stack.times import in_days


# What the operator can do

def listed(cli, *arguments):
    return cli.good("outbox", "list", "--json", *arguments).json()


def test_the_list_shows_what_waits_or_failed_without_addresses(cli, mail, ledger, queue):
    queue("mentor-1", "mentor-2")
    mail.refused[MAILBOX] = "550 no such user"
    mail.refused["nora.asen@example.org"] = "450 busy"
    dispatch(cli)
    items = listed(cli)
    failed = the_message(ledger)
    assert [item["state"] for item in items].count("queued") == 2
    assert items[[item["id"] for item in items].index(message_id(failed))] == {
        "id": message_id(failed), "state": "failed", "kind": "certification_expired",
        "channel": "email", "to": MENTOR, "attempts": 1, "next_attempt_at": None,
        "why": failed["last_error"]}
    text = cli.good("outbox", "list").out
    assert message_id(failed) in text and "no such user" in text and "@" not in text
    assert [item["to"] for item in listed(cli, "--state", "sent")] == ["mentor-2"]
    assert len(listed(cli, "--limit", "1")) == 1
    assert "more than these 1" in cli.good("outbox", "list", "--limit", "1").err
    assert cli.good("outbox", "list", "--limit", str(len(items))).err == ""
    nothing = cli.good("outbox", "list", "--state", "held")
    assert nothing.out == "" and "no message" in nothing.err
    assert listed(cli, "--state", "held") == []


def test_a_failed_message_is_tried_again_under_the_same_id(cli, mail, database, ledger, queue):
    queue(MENTOR)
    mail.refused[MAILBOX] = "550 no such user"
    assert cli.run("dispatch").status == BAD_DATA
    before = the_message(ledger)
    mail.refused.clear()
    assert cli.good("outbox", "retry", message_id(before)).out == "1 message queued again\n"
    after = the_message(ledger)
    assert (after["state"], after["attempts"], after["interruptions"]) == ("queued", 0, 0)
    assert dispatch(cli) == delivered(sent=1)
    assert before["delivery_id"] in mail.mail_to(MAILBOX)["Message-ID"]
    assert attempts(database, before) == ["failed", "sent"]


def test_all_that_failed_is_tried_again_but_for_what_has_no_address(
        api, cli, mail, directory, ledger):
    directory.add_mentor("mentor-mute", email=None)
    mail.refused[MAILBOX] = "550 no such user"
    for mentor in (MENTOR, "mentor-mute"):
        api.record(mentor, in_days(-400), in_days(-1))
    cli.run("sweep")
    assert cli.good("outbox", "retry", "--state", "failed").out == "1 message queued again\n"
    mute = the_message(ledger, mentor="mentor-mute")
    done = cli.run("outbox", "retry", message_id(mute))
    assert done.status == BAD_DATA and "address" in done.err


def test_a_reminder_follows_its_message_when_that_is_tried_again(
        api, cli, mail, ledger, database):
    mail.refused[MAILBOX] = "550 no such user"
    remind(api)
    assert database.value("SELECT status FROM reminders") == "failed"
    cli.good("outbox", "retry", "--state", "failed")
    assert database.value("SELECT status FROM reminders") == "queued"


def test_trying_again_also_tries_a_paused_relay(cli, mail, database, queue):
    queue(MENTOR)
    mail.away()
    cli.run("dispatch")
    cli.good("outbox", "retry", "--state", "failed")
    assert database.value("SELECT paused_until FROM relays WHERE channel = 'email'") is None


def test_what_is_held_stays_until_it_is_released(cli, mail, ledger, queue):
    queue("mentor-1", "mentor-2")
    assert cli.good("outbox", "hold").out == "4 messages held\n"
    assert dispatch(cli) == delivered(held=4)
    one = message_id(the_message(ledger))
    assert cli.good("outbox", "release", one).out == "1 message released\n"
    assert dispatch(cli) == delivered(sent=1, held=3)
    assert "3 held" in cli.good("dispatch", "-v").out
    assert cli.good("outbox", "release").out == "3 messages released\n"
    assert dispatch(cli) == delivered(sent=3)


def test_a_single_message_can_be_held(cli, mail, ledger, queue):
    queue("mentor-1", "mentor-2")
    for _ in range(2):
        cli.good("outbox", "hold", message_id(the_message(ledger)))
    assert dispatch(cli) == delivered(sent=3, held=1)


@pytest.mark.parametrize("deed, wrong, words", [
    ("retry", "msg-99999", "not in the outbox"), ("retry", "940", "not the id of a message"),
    ("hold", "msg-x", "not the id"), ("release", None, "is queued"), ("hold", "sent", "is sent"),
    ("retry", "sent", "is sent")])
def test_a_wrong_id_is_told_and_nothing_is_half_done(
        cli, mail, database, ledger, queue, deed, wrong, words):
    queue("mentor-1", "mentor-2")
    good = message_id(the_message(ledger))
    if deed == "release":
        cli.good("outbox", "hold", good)
        wrong = message_id(the_message(ledger, mentor="mentor-2"))
    if wrong == "sent":
        database.run("UPDATE messages SET state = 'sent' WHERE mentor_id = 'mentor-2'")
        wrong = message_id(the_message(ledger, mentor="mentor-2"))
    before = database.checksums()
    done = cli.run("outbox", deed, good, wrong)
    assert done.status == BAD_DATA and words in done.err and wrong in done.err, done
    assert database.checksums() == before


@pytest.mark.parametrize("arguments", [
    [], ["look"], ["retry"], ["retry", "--state", "sent"], ["retry", "msg-00001", "--state",
    "failed"], ["hold", "--state", "queued"], ["list", "msg-00001"], ["list", "--state", "gone"],
    ["list", "--limit", "0"], ["hold", "--json"]])
def test_what_makes_no_sense_is_a_usage_error(cli, arguments):
    done = cli.run("outbox", *arguments)
    assert done.status == USAGE and done.err, done


# dispatch

def test_dispatch_is_silent_when_all_is_well_but_for_a_terminal(cli, mail, queue):
    queue("mentor-1")
    done = cli.good("dispatch")
    assert (done.out, done.err, len(mail.mails)) == ("", "", 2)
    queue("mentor-2")
    assert "2 sent" in cli.on_terminal("dispatch").out


def test_no_line_of_the_log_is_glued_to_the_progress(cli, mail, queue):
    for number in range(1, 4):
        queue(f"mentor-{number}")
    mail.refused["mentor-3@example.org"] = "450 busy"
    shown = cli.with_settings(LOG_LEVEL="debug").on_terminal("dispatch").out
    assert "messages\r\x1b[Ktime=2" in shown, shown
    assert all(before == "" or before.endswith(("\n", "\r\x1b[K"))
               for before in shown.split("time=2")[:-1]), shown


def test_watching_it_delivers_what_comes_and_ends_after_the_mail_in_hand(cli, mail, ledger, queue):
    queue("mentor-1")
    with cli.start("dispatch", "--watch") as watcher:
        env.wait_until(lambda: len(mail.mails) == 2, "the first mails")
        queue("mentor-2")
        env.wait_until(lambda: len(mail.mails) == 4, "the later mails")
        watcher.send_signal(signal.SIGTERM)
        assert watcher.wait(env.PATIENCE) == GOOD


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_leaves_no_message_in_hand(cli, mail, database, queue, crowd, sign):
    queue(*crowd)
    mail.delay = 0.2
    with cli.start("dispatch", "--watch") as watcher:
        env.wait_until(lambda: len(mail.mails) >= 3, "the first mails")
        watcher.send_signal(sign)
        assert watcher.wait(env.PATIENCE) == GOOD
    assert len(mail.mails) < 60
    states = {row["state"]: row["n"] for row in database.run(
        "SELECT state, COUNT(*) AS n FROM messages GROUP BY state")}
    assert states == {"sent": len(mail.mails), "queued": 60 - len(mail.mails)}
    mail.delay = 0
    dispatch(cli)
    assert len({letter["Message-ID"] for letter in mail.mails}) == len(mail.mails) == 60


def test_watching_it_keeps_its_connections(cli, mail, queue):
    queue("mentor-1")
    with cli.start("dispatch", "--watch") as watcher:
        env.wait_until(lambda: len(mail.mails) == 2, "the first mails")
        queue("mentor-2")
        mail.connections = 0
        env.wait_until(lambda: len(mail.mails) == 4, "the later mails")
        watcher.send_signal(signal.SIGTERM)
        assert watcher.wait(env.PATIENCE) == GOOD
    assert mail.connections == 0


def test_watching_it_leaves_a_paused_relay_alone(cli, mail, database, queue):
    queue(MENTOR)
    mail.away()
    cli.run("dispatch")
    mail.back()
    with cli.start("dispatch", "--watch") as watcher:
        with pytest.raises(subprocess.TimeoutExpired):
            watcher.wait(1.5)
        watcher.send_signal(signal.SIGTERM)
        assert watcher.wait(env.PATIENCE) == GOOD
    assert mail.connections == 0
