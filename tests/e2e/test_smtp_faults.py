# SPDX-License-Identifier: MIT
"""A mail server that fails at each step of handing over a mail: the message ends in the state that
docs/decisions/outbox.md names, none is lost, and none comes twice but for a lost answer."""
import json
import subprocess
import time

import pytest

from stack import env
from stack.api import CERTIFICATIONS, PAUSES
from stack.cli import BAD_DATA, GOOD, UNAVAILABLE
from stack.fastcgi import Connection
from stack.outbox import MENTOR, dispatch
from stack.smtp import FaultyServer
from stack.times import in_days
from stack.worker import Worker

DROP, STALL = FaultyServer.DROP, FaultyServer.STALL
BUSY, LATER, NEVER = "421 too busy", "451 not now", "554 never"

# How a message ends: its state, the attempts that count, what the attempt is called, the status of
# the sweep.
AWAY = ("queued", 0, None, UNAVAILABLE)
PUT_OFF = ("queued", 1, "put_off", GOOD)
BROKEN_OFF = ("queued", 1, "put_off", UNAVAILABLE)
UNKNOWN = ("queued", 1, "unknown", GOOD)
FAILED = ("failed", 1, "failed", BAD_DATA)
SENT = ("sent", 1, "sent", GOOD)

MATRIX = [
    *[(place, fault, AWAY) for place in ("connect", "EHLO", "MAIL")
      for fault in (BUSY, LATER, NEVER, DROP, STALL)],
    *[(place, fault, ending) for place in ("RCPT", "DATA") for fault, ending in (
        (BUSY, BROKEN_OFF), (LATER, PUT_OFF), (NEVER, FAILED), (DROP, BROKEN_OFF),
          (STALL, BROKEN_OFF))],
    ("MAIL", "welcome", AWAY), ("RCPT", "550-no such\r\n550 user", FAILED),
    ("RCPT", "250-well\r\n250 yes", SENT),
    *[("text", fault, UNKNOWN) for fault in (DROP, STALL)],
    *[("dot", fault, ending) for fault, ending in (
        (BUSY, BROKEN_OFF), (LATER, PUT_OFF), (NEVER, FAILED), (DROP, UNKNOWN), (STALL, UNKNOWN),
        (0.8, SENT), ("252 taken", SENT))],
]


@pytest.fixture
def faulty(request):
    server = FaultyServer(rows=getattr(request, "param", False))
    yield server
    server.stop()


either_way = pytest.mark.parametrize("faulty", [False, True], indirect=True,
                                     ids=["one_by_one", "in_a_row"])


@pytest.fixture
def sweeping(cli, faulty):
    return cli.with_settings(MAIL_RELAY=faulty.address, MAIL_TIMEOUT=1)


@pytest.fixture(autouse=True)
def one_message(api, directory):
    directory.add_mentor("mentor-alone", coordinator_id=None)
    api.record("mentor-alone", in_days(-400), in_days(-1))


def message_of(ledger):
    (message,) = ledger.messages("mentor-alone")
    return message


def results(database):
    return [row["result"] for row in database.run("SELECT result FROM message_attempts")]


@either_way
@pytest.mark.parametrize("place, fault, ending", MATRIX)
def test_each_fault_ends_in_its_state_and_no_mail_is_lost(
        sweeping, faulty, database, ledger, place, fault, ending):
    if faulty.rows and place == "MAIL" and fault in (DROP, STALL, "welcome"):
        ending = BROKEN_OFF  # the recipient has been named already
    state, attempts, result, status = ending
    faulty.fails(place, fault)
    done = sweeping.run("sweep")
    message = message_of(ledger)
    assert (message["state"], message["attempts"], done.status) == (state, attempts, status), done
    assert results(database) == ([result] if result else [])
    assert bool(message["last_error"]) == (state != "sent" and attempts > 0)
    paused = database.value("SELECT COUNT(*) FROM relays WHERE paused_until IS NOT NULL")
    assert paused == (status == UNAVAILABLE)

    faulty.recovers()
    ledger.time_passes()
    if state == "failed":
        sweeping.good("outbox", "retry", "--state", "failed")
    sweeping.good("sweep")
    assert message_of(ledger)["state"] == "sent"
    ids = [mail["Message-ID"] for mail in faulty.mails]
    assert len(set(ids)) == 1 and message["delivery_id"] in ids[0]
    assert len(ids) == (2 if ending == UNKNOWN and place == "dot" else 1)


def test_at_a_closed_port_the_message_waits_and_the_attempt_does_not_count(
        sweeping, faulty, database, ledger):
    faulty.stop()
    assert sweeping.run("sweep").status == UNAVAILABLE
    message = message_of(ledger)
    assert (message["state"], message["attempts"], message["last_error"]) == ("queued", 0, None)
    assert database.value("SELECT reason FROM relays WHERE channel = 'email'")


@pytest.mark.parametrize("fault", [STALL, BUSY, DROP])
def test_a_server_that_is_away_is_asked_once_and_not_for_each_mail(
        api, sweeping, faulty, ledger, fault):
    for n in range(1, 10):
        api.record(f"mentor-{n}", in_days(-400), in_days(-1))
    faulty.fails("connect", fault)
    assert sweeping.run("sweep").status == UNAVAILABLE
    assert faulty.connections == 1
    assert {(m["state"], m["attempts"]) for n in range(1, 10)
            for m in ledger.messages(f"mentor-{n}")} == {("queued", 0)}


@either_way
@pytest.mark.parametrize("fault", [BUSY, DROP, STALL])
def test_a_recipient_that_makes_the_server_break_off_stops_no_other_mail(
        api, directory, cli, faulty, database, ledger, fault):
    """The others are sent at the next try; that one fails after its ten attempts, and visibly."""
    database.run("DELETE FROM mentors WHERE mentor_id = 'mentor-alone'")
    database.run("DELETE FROM certifications")
    hasty = cli.with_settings(MAIL_RELAY=faulty.address, MAIL_TIMEOUT=1, NOTIFY_DEADLINE=0)
    people = [directory.add_mentor(f"m-{n:02}", coordinator_id=None, email=f"m-{n:02}@example.org")
              for n in range(20)]
    for person in people:
        api.record(person, in_days(-400), in_days(-1))
    faulty.fails("RCPT", fault)
    faulty.only = "m-00@example.org"
    assert hasty.run("sweep", "--accept").status == UNAVAILABLE
    assert hasty.run("dispatch").status == GOOD
    assert {recipient for mail in faulty.mails for recipient in mail.recipients} == {
        f"{person}@example.org" for person in people[1:]}
    database.run("UPDATE messages SET attempts = 9, next_attempt_at = UTC_TIMESTAMP(3)"
                 " WHERE state = 'queued'")
    assert hasty.run("dispatch").status in (BAD_DATA, UNAVAILABLE)
    (message,) = ledger.messages("m-00")
    assert message["state"] == "failed"
    assert message["last_error"].startswith("gave up after 10 attempts: ")
    assert len(faulty.mails) == 19


@either_way
def test_a_word_that_nobody_asked_for_ends_the_line_and_no_mail(
        api, sweeping, faulty, ledger):
    for n in range(1, 10):
        api.record(f"mentor-{n}", in_days(-400), in_days(-1))
    faulty.fails("dot", "250 accepted\r\n421 enough for today")
    sweeping.good("sweep", "--accept")
    assert len(faulty.mails) == len({mail["Message-ID"] for mail in faulty.mails}) == 19
    assert faulty.connections == 19


# A request's own deadline

@pytest.mark.parametrize("place", ["connect", "dot"])
def test_a_server_slower_than_the_deadline_gets_each_mail_once_and_is_not_called_away(
        new_site, settings, faulty, cli, database, ledger, place):
    site = new_site(f"impatient-{place}", {
        **settings, "MENTORWATCH_MAIL_RELAY": faulty.address, "MENTORWATCH_NOTIFY_DEADLINE": "1000"})
    faulty.fails(place, 2.5)
    began = time.monotonic()
    reply = site.post(f"{PAUSES}/pause-activated", {"mentor_id": MENTOR, "pause_reason": "x"})
    assert 0.9 < time.monotonic() - began < 2
    assert {n["status"] for n in reply.json["notifications_dispatched"]} == {"queued"}
    env.wait_until(lambda: {m["state"] for m in ledger.messages(MENTOR)} == {"sent"}, "all mails")
    assert database.run("SELECT * FROM relays WHERE paused_until IS NOT NULL") == []
    ledger.time_passes()
    assert dispatch(cli.with_settings(MAIL_RELAY=faulty.address))["sent"] == 0
    assert len(faulty.mails) == len({mail["Message-ID"] for mail in faulty.mails}) == 2


def test_all_messages_of_a_request_to_one_person_are_sent_by_it(api, mail, ledger):
    mentors = [f"mentor-{n}" for n in range(1, 10)]
    for mentor in mentors:
        api.record(mentor, in_days(-400), in_days(-1))
    mail.delay = 0.02
    assert api.post(f"{CERTIFICATIONS}/expiry-job/run").json["auto_paused"] == len(mentors) + 1
    env.wait_until(lambda: {m["state"] for mentor in mentors for m in ledger.messages(mentor)}
                   == {"sent"}, "all mails")
    assert len(mail.mails_to("nora.asen@example.org")) == len(mentors)


def test_messages_of_several_requests_to_one_person_all_go_out(
        new_site, settings, mail, ledger):
    """Nobody comes after the requests: what had to wait for its turn is tried again."""
    site = new_site("in-turn", {**settings, "MENTORWATCH_NOTIFY_DEADLINE": "100"})
    mail.delay = 0.4
    mentors = ["mentor-1", "mentor-2", "mentor-3"]
    for mentor in mentors:
        site.post(f"{PAUSES}/pause-activated", {"mentor_id": mentor, "pause_reason": "leave"})
    env.wait_until(lambda: {m["state"] for mentor in mentors for m in ledger.messages(mentor)}
                   == {"sent"}, "all mails")
    assert len(mail.mails_to("nora.asen@example.org")) == len(mentors)
    assert len(mail.mails) == len({m["Message-ID"] for m in mail.mails}) == 2 * len(mentors)


def test_whoever_waited_in_vain_waits_for_all_until_a_mail_is_quick_again(
        new_site, settings, directory, faulty, ledger):
    site = new_site("impatient-once", {
        **settings, "MENTORWATCH_MAIL_RELAY": faulty.address, "MENTORWATCH_NOTIFY_DEADLINE": "1000"})

    def order(mentor):
        directory.add_mentor(mentor, coordinator_id=None, email=f"{mentor}@example.org")
        began = time.monotonic()
        reply = site.post(f"{PAUSES}/pause-activated", {"mentor_id": mentor, "pause_reason": "x"})
        return [n["status"] for n in reply.json["notifications_dispatched"]], \
            time.monotonic() - began

    faulty.fails("dot", 2)
    assert order("m-1")[1] > 0.9
    told, seconds = order("m-2")
    assert told == ["queued"] and seconds < 0.5
    faulty.recovers()
    order("m-3")
    env.wait_until(lambda: {m["state"] for n in (1, 2, 3) for m in ledger.messages(f"m-{n}")}
                   == {"sent"}, "all mails")
    assert order("m-4")[0] != ["queued"]


def test_plain_cgi_cuts_no_transfer_off_and_begins_none_late(
        settings, faulty, cli, database, ledger):
    faulty.fails("dot", 1.5)
    body = json.dumps({"mentor_id": MENTOR, "pause_reason": "x"})
    environment = {
        **env.clean_environment({**settings, "MENTORWATCH_MAIL_RELAY": faulty.address,
                                 "MENTORWATCH_NOTIFY_DEADLINE": "1000"}),
        "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "POST", "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)), "REQUEST_URI": f"{PAUSES}/pause-activated",
        "PATH_INFO": f"{PAUSES}/pause-activated"}
    done = subprocess.run([env.fcgi_program()], env=environment, input=body, capture_output=True,
                          text=True, check=False, timeout=env.PATIENCE)
    assert done.stdout.startswith("Status: 200"), done
    assert sorted(m["state"] for m in ledger.messages(MENTOR)) == ["queued", "sent"]
    assert database.run("SELECT * FROM relays WHERE paused_until IS NOT NULL") == []
    faulty.recovers()
    assert dispatch(cli.with_settings(MAIL_RELAY=faulty.address))["sent"] == 1
    assert len(faulty.mails) == len({mail["Message-ID"] for mail in faulty.mails}) == 2


def test_a_worker_that_is_stopped_in_a_transfer_ends_and_loses_nothing(
        folder, settings, faulty, cli, database, ledger):
    worker = Worker(folder, {**settings, "MENTORWATCH_MAIL_RELAY": faulty.address,
                             "MENTORWATCH_NOTIFY_DEADLINE": "200"}, name="stopped")
    worker.start()
    faulty.fails("RCPT", STALL)
    body = json.dumps({"mentor_id": MENTOR, "pause_reason": "x"}).encode()
    with Connection(worker.socket) as connection:
        assert connection.ask("POST", f"{PAUSES}/pause-activated", body)[0] == 200
    began = time.monotonic()
    worker.stop()
    assert time.monotonic() - began < 9
    assert {(m["state"], m["attempts"]) for m in ledger.messages(MENTOR)} == {("queued", 0)}
    assert database.run("SELECT * FROM relays WHERE paused_until IS NOT NULL") == []
    faulty.recovers()
    assert dispatch(cli.with_settings(MAIL_RELAY=faulty.address))["sent"] == 2
