# SPDX-License-Identifier: MIT
"""The outbox: who sends what, when and how often."""
import asyncio
import concurrent.futures
import contextlib
import re

import pytest

from stack import env
from stack.api import CERTIFICATIONS
from stack.cli import BAD_DATA, GOOD, UNAVAILABLE, delivered
from stack.outbox import MAILBOX, MENTOR, attempts, by_hand, dispatch, the_message
from stack.smtp import MailServer
from stack.tables import numbers, rows_read
from stack.times import in_days


# Several senders

def test_two_dispatchers_send_each_mail_once_and_each_person_theirs_in_order(
        cli, mail, database, queue, crowd):
    queue(*crowd)
    order = [f"<{row['delivery_id']}@example.org>" for row in database.run(
        "SELECT delivery_id FROM messages WHERE recipient_role = 'coordinator' ORDER BY seq")]
    for _ in range(20):
        mail.forget()
        database.run("UPDATE messages SET state = 'queued', attempts = 0,"
                     " next_attempt_at = UTC_TIMESTAMP(3)")
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            figures = list(pool.map(dispatch, [cli, cli]))
        assert sum(f["sent"] for f in figures) == 2 * len(crowd) == len(mail.mails)
        assert len({letter["Message-ID"] for letter in mail.mails}) == len(mail.mails)
        assert [m["Message-ID"] for m in mail.mails_to("nora.asen@example.org")] == order


def test_no_more_senders_work_than_there_are_handfuls(cli, mail, database, queue, crowd):
    queue(*crowd)
    mail.delay = 0.01
    assert dispatch(cli) == delivered(sent=60)
    assert 2 <= mail.connections <= 4
    mail.forget()
    database.run("UPDATE messages SET state = 'queued', next_attempt_at = UTC_TIMESTAMP(3)"
                 " ORDER BY seq LIMIT 10")
    assert dispatch(cli) == delivered(sent=10)
    assert mail.connections == 1


def test_a_message_put_off_holds_up_no_later_one_and_keeps_its_place(api, cli, mail, ledger):
    mail.refused[MAILBOX] = "450 busy"
    by_hand(api, ledger, "activated", "first")
    by_hand(api, ledger, "activated", "second")
    mail.refused.clear()
    by_hand(api, ledger, "activated", "third")
    ledger.time_passes()
    assert dispatch(cli)["sent"] == 2
    said = [re.search("first|second|third", letter.text)[0] for letter in mail.mails_to(MAILBOX)]
    assert said == ["third", "first", "second"]


def test_when_several_to_one_person_are_due_they_go_in_order_whenever_that_was(
        api, cli, mail, database, ledger):
    mail.refused[MAILBOX] = "450 busy"
    for word in ("first", "second", "third"):
        by_hand(api, ledger, "activated", word)
    mail.refused.clear()
    waiting = [m["seq"] for m in ledger.messages(MENTOR) if m["state"] == "queued"]
    for seq, minutes in zip(waiting, (60, 180, 5), strict=True):
        database.run("UPDATE messages SET next_attempt_at = UTC_TIMESTAMP(3) - INTERVAL %s MINUTE"
                     " WHERE seq = %s", minutes, seq)
    assert dispatch(cli)["sent"] == 3
    said = [re.search("first|second|third", letter.text)[0] for letter in mail.mails_to(MAILBOX)]
    assert said == ["first", "second", "third"]


def test_the_next_one_waits_while_an_earlier_one_is_being_sent(cli, mail, database, queue):
    queue("mentor-1", "mentor-2")
    database.run("UPDATE messages SET state = 'sending', lease_token = 'other', lease_until ="
                 " UTC_TIMESTAMP(3) + INTERVAL 60 SECOND WHERE recipient_role = 'coordinator'"
                 " ORDER BY seq LIMIT 1")
    assert dispatch(cli) == delivered(sent=2, queued=2)
    assert mail.mails_to("nora.asen@example.org") == []


@contextlib.contextmanager
def connections_left(server, count):
    """The database takes so many more from us."""
    (there,) = server.run("SELECT COUNT(*) AS n FROM information_schema.processlist"
                          " WHERE user = 'mentorwatch'")
    limit = "ALTER USER mentorwatch@localhost WITH MAX_USER_CONNECTIONS"
    server.run(f"{limit} {there['n'] + count}")
    yield
    server.run(f"{limit} 0")


def test_delivering_takes_one_connection_to_the_database_however_many_send(
        cli, mail, server, queue, crowd):
    queue(*crowd)
    mail.delay = 0.01
    with connections_left(server, 1):
        assert dispatch(cli.with_settings(NOTIFY_SENDERS=4)) == delivered(sent=60)
    assert mail.connections == 4


def statements(server):
    return sum(int(row["Value"]) for row in server.run(
        "SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_stmt_execute', 'Com_begin')"))


def test_messages_to_many_people_take_few_statements(cli, server, database, queue, crowd):
    queue(*crowd)
    same = ("kind, channel, recipient_role, recipient_name, address, language, mentor_id,"
            " certification_id, event_id, facts, state, next_attempt_at, created_at")
    database.run("UPDATE messages SET state = 'held' WHERE recipient_role = 'coordinator'")
    database.run(f"INSERT INTO messages (delivery_id, recipient_id, {same}) SELECT"
                 f" CONCAT(delivery_id, s.seq), CONCAT(recipient_id, s.seq), {same}"
                 f" FROM messages JOIN (SELECT seq FROM {numbers(9)}) s WHERE state = 'queued'")
    before = statements(server)
    assert dispatch(cli) == delivered(sent=300, held=30)
    # The server of the tests is slow, so few are settled together: 3 to 5 each, 5.8 on a machine
    # that has other work. One by one, it takes 6.5.
    assert statements(server) - before < 6.2 * 300


def test_whoever_has_many_messages_keeps_the_senders_from_nobody(cli, mail, queue, crowd):
    queue(*crowd)
    mail.delay = 0.01
    assert dispatch(cli) == delivered(sent=60)
    first = [letter.recipients[0] for letter in mail.mails[:40]]
    assert len(set(first)) > 20


def fill_outbox(database, state, due):
    """20,000 messages more."""
    database.run(
        "INSERT INTO messages (delivery_id, kind, channel, recipient_role, recipient_id,"
        " recipient_name, address, language, mentor_id, facts, state, next_attempt_at, created_at)"
        " SELECT CONCAT('d', seq), 'pause_activated', 'email', 'mentor', CONCAT('p', seq), 'n',"
        f" 'a@b.example', 'nb', 'p', '{{}}', %s, UTC_TIMESTAMP(3) + INTERVAL {due} DAY,"
        f" UTC_TIMESTAMP(3) FROM {numbers(20_000)}", state)
    database.run("ANALYZE TABLE messages")


def test_what_has_been_sent_is_not_read_again(cli, server, database, queue, crowd):
    queue(*crowd)
    fill_outbox(database, "sent", -1)
    before = rows_read(server)
    cli.good("outbox", "hold")
    cli.good("outbox", "list", "--state", "held")
    cli.good("outbox", "release")
    assert dispatch(cli)["sent"] == 60
    assert rows_read(server) - before < 60 * 80


def test_choosing_reads_nothing_of_what_is_not_due_yet(cli, server, database, queue, crowd):
    queue(*crowd)
    fill_outbox(database, "queued", 1)
    before = rows_read(server)
    assert dispatch(cli)["sent"] == 60
    assert rows_read(server) - before < 20_060 + 60 * 100, "all that waits is counted once, at the end"


class SlowerAndSlower(MailServer):
    """Takes the first mail at once, each further one so many seconds later than the one before."""
    step, begun = 2, 0

    async def handle_DATA(self, server, session, envelope):
        self.begun += 1
        await asyncio.sleep(self.step * (self.begun - 1))
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def slowing():
    server = SlowerAndSlower()
    yield server
    server.stop()


def test_a_watch_goes_on_after_the_database_went_away_amid_transfers(
        cli, slowing, server, database, queue, crowd):
    queue(*crowd)
    watch = cli.with_settings(MAIL_RELAY=slowing.address, NOTIFY_SENDERS=3).start(
        "dispatch", "--watch")
    try:
        env.wait_until(lambda: slowing.begun == 4, "three transfers side by side")
        server.stop()
        try:
            env.wait_until(lambda: len(slowing.mails) == 4, "their ends")
        finally:
            server.start()
        slowing.step = 0
        database.run("UPDATE messages SET lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND"
                     " WHERE state = 'sending'")
        env.wait_until(lambda: database.value("SELECT COUNT(*) FROM messages"
                                              " WHERE state <> 'sent'") == 0, "all mails", 40)
        watch.terminate()
        assert watch.wait(env.PATIENCE) == GOOD
    finally:
        watch.kill()
        watch.communicate()


# Trying again

def test_what_is_put_off_is_tried_again_after_five_minutes(cli, mail, database, queue):
    queue(MENTOR)
    mail.refused[MAILBOX] = "450 busy"
    assert dispatch(cli) == delivered(sent=1, put_off=1, queued=1)
    wait = database.value("SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), next_attempt_at)"
                          " FROM messages WHERE state = 'queued'")
    assert 4.4 * 60 < wait <= 5.5 * 60
    assert dispatch(cli) == delivered(queued=1)


def test_after_ten_attempts_it_is_given_up_and_says_why(cli, mail, database, ledger, queue):
    queue(MENTOR)
    mail.refused[MAILBOX] = "450 mailbox full"
    dispatch(cli)
    ledger.time_passes()
    database.run("UPDATE messages SET attempts = 9 WHERE state = 'queued'")
    done = cli.run("dispatch", "--json")
    assert (done.status, done.json()) == (BAD_DATA, delivered(failed=1))
    assert "1" in done.err
    message = the_message(ledger)
    assert message["state"] == "failed"
    assert message["last_error"] == "gave up after 10 attempts: 450 mailbox full"
    assert attempts(database, message) == ["put_off", "put_off"]


def test_attempts_are_counted_by_channel_and_result(cli, mail, database, ledger, queue):
    queue("mentor-1", "mentor-2")
    mail.refused[MAILBOX] = "450 busy"
    mail.refused["mentor-2@example.org"] = "550 unknown"
    dispatch(cli)
    mail.refused.clear()
    ledger.time_passes()
    dispatch(cli)
    counted = {row["result"]: int(row["n"]) for row in database.run(
        "SELECT result, SUM(attempts) AS n FROM delivery_counters WHERE channel = 'email'"
        " GROUP BY result")}
    assert counted == {"sent": 3, "put_off": 1, "failed": 1}


def die(database, count=1):
    """As if a sender had died with these in hand."""
    database.run("UPDATE messages SET state = 'sending', lease_token = 'dead', attempts = %s,"
                 " lease_until = UTC_TIMESTAMP(3)"
                 " - INTERVAL 1 SECOND WHERE recipient_role = 'mentor'", count)


def test_what_a_dead_sender_left_is_sent_and_told(cli, database, ledger, queue):
    queue(MENTOR)
    die(database)
    assert dispatch(cli)["sent"] == 2
    assert attempts(database, the_message(ledger)) == ["interrupted", "sent"]


def test_what_kills_its_senders_is_given_up(cli, mail, database, ledger, queue):
    queue(MENTOR)
    die(database, 10)
    assert dispatch(cli)["sent"] == 1
    message = the_message(ledger)
    assert (message["state"], message["last_error"]) == ("failed", "its sender died each time")
    assert mail.mails_to(MAILBOX) == []


def test_a_mail_server_that_was_away_uses_up_nobodys_patience(cli, mail, database, ledger, queue):
    """Refused for the moment, then no way to it for a week, then refused for the moment again."""
    queue(MENTOR)
    mail.refused[MAILBOX] = "450 busy"
    dispatch(cli)
    mail.away()
    database.run("UPDATE messages SET created_at = created_at - INTERVAL 7 DAY")
    database.run("UPDATE message_attempts SET attempted_at = attempted_at - INTERVAL 7 DAY")
    ledger.time_passes()
    assert cli.run("dispatch").status == UNAVAILABLE
    mail.back()
    assert dispatch(cli)["put_off"] == 1
    assert (the_message(ledger)["state"], the_message(ledger)["attempts"]) == ("queued", 2)


def test_what_killed_its_senders_waits_behind_all_others(cli, mail, database, queue, crowd):
    queue(*crowd)
    database.run("UPDATE messages SET attempts = 3 WHERE mentor_id IN ('m-02', 'm-03')")
    database.run("UPDATE messages SET interruptions = 2, state = 'sending', lease_token = 'dead',"
                 " lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND"
                 " WHERE mentor_id IN ('m-00', 'm-01')")
    dispatch(cli.with_settings(NOTIFY_SENDERS=1))
    last = [mail.recipients[0] for mail in mail.mails[-4:]]
    assert sorted(last) == ["m-00@example.org", "m-01@example.org",
                            "nora.asen@example.org", "nora.asen@example.org"]


def test_when_what_follows_cannot_be_written_down_the_rest_goes_on(
        api, cli, mail, database, reminded):
    database.run("CREATE TRIGGER refuse_follow BEFORE UPDATE ON reminders FOR EACH ROW"
                 " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused by the test'")
    assert dispatch(cli) == delivered(sent=2)
    assert {row["state"] for row in database.run("SELECT state FROM messages")} == {"sent"}


def test_a_sender_that_lost_its_lease_counts_nothing_and_changes_nothing(
        cli, mail, database, reminded):
    mail.delay = 1
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        figures = pool.submit(dispatch, cli)
        env.wait_until(lambda: database.run("SELECT 1 FROM messages WHERE state = 'sending'"),
                       "the claim")
        database.run("UPDATE messages SET lease_token = 'other', lease_until = UTC_TIMESTAMP(3)"
                     " + INTERVAL 60 SECOND WHERE state = 'sending'")
        before = database.checksums()
        assert figures.result() == delivered(queued=2)
    assert len(mail.mails) == 2
    after = database.checksums()
    assert {table for table in after if after[table] != before[table]} <= {"unit_marks"}


# The mail server is away

def test_a_relay_that_is_away_is_left_alone_by_all_hosts_for_a_minute(
        api, cli, mail, database, ledger, queue):
    queue(MENTOR)
    mail.away()
    assert cli.run("dispatch").status == UNAVAILABLE
    row = database.one("SELECT failures, reason, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3),"
                       " paused_until) AS wait FROM relays WHERE channel = 'email'")
    assert row["failures"] == 1 and row["reason"] and 50 <= row["wait"] <= 60
    mail.back()
    api.change(api.get(CERTIFICATIONS, mentor_id=MENTOR).items[0]["certification_id"],
               expires_at=in_days(300))
    assert mail.connections == 0, "the request left it alone"
    assert {m["attempts"] for m in ledger.messages(MENTOR)} == {0}
    assert dispatch(cli) == delivered(sent=2, superseded=2)
    assert database.one("SELECT failures, paused_until, reason FROM relays"
                        " WHERE channel = 'email'") == \
        {"failures": 0, "paused_until": None, "reason": None}


def test_its_pauses_grow_to_a_quarter_of_an_hour(cli, mail, database, queue):
    queue(MENTOR)
    mail.away()
    minutes = []
    for _ in range(6):
        database.run("UPDATE relays SET paused_until = UTC_TIMESTAMP(3)")
        assert cli.run("dispatch").status == UNAVAILABLE
        minutes.append(round(database.value(
            "SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), paused_until) FROM relays"
            " WHERE channel = 'email'") / 60))
    assert minutes == [1, 2, 4, 8, 15, 15]


def test_push_goes_on_while_the_relay_is_away(api, cli, mail, database, directory, ledger):
    directory.prefers(MENTOR, "push,email")
    mail.away()
    api.record(MENTOR, in_days(-400), in_days(-1))
    assert cli.run("sweep").status == UNAVAILABLE
    tried = {m["channel"]: m["attempts"] for m in ledger.messages(MENTOR)
             if m["recipient_role"] == "mentor"}
    assert tried == {"push": 1, "email": 0}


def test_a_push_target_that_has_ended_is_as_good_as_none(api, cli, mail, database, directory,
                                                         ledger):
    directory.prefers(MENTOR, "push")
    database.run("INSERT INTO ended_push_targets (target_digest, ended_at) VALUES"
                 " (SHA2('https://push.example.org/target', 256), UTC_TIMESTAMP(3))")
    api.record(MENTOR, in_days(-400), in_days(-1))
    cli.good("sweep")
    assert the_message(ledger)["channel"] == "email"
    assert mail.mail_to(MAILBOX)


# Mails an hour

def test_two_processes_keep_to_the_mails_an_hour_together(
        cli, mail, database, ledger, queue, crowd):
    queue(*crowd)
    ledger.slow_down("relays", 0.05, "UPDATE")
    capped = cli.with_settings(MAIL_PER_HOUR=25)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        figures = list(pool.map(dispatch, [capped, capped]))
    assert len(mail.mails) == 25
    assert any(f["capped"] for f in figures)
    assert dispatch(capped) == delivered(queued=35, capped=True)
    assert "used up" in capped.good("dispatch", "-v").out
    database.run("UPDATE relays SET hour_began_at = UTC_TIMESTAMP(3) - INTERVAL 61 MINUTE")
    assert dispatch(capped) == delivered(sent=25, queued=10, capped=True)


def test_what_was_not_sent_uses_nothing_up(api, cli, mail, database, ledger, queue):
    queue("mentor-1", "mentor-2")
    capped = cli.with_settings(MAIL_PER_HOUR=2)
    mail.away()
    assert capped.run("dispatch").status == UNAVAILABLE
    mail.back()
    for item in api.get(CERTIFICATIONS).items:
        api.change(item["certification_id"], expires_at=in_days(300))
    database.run("UPDATE relays SET used_this_hour = 0")
    figures = dispatch(capped)
    assert (figures["superseded"], figures["sent"], len(mail.mails)) == (4, 2, 2)


def test_a_pause_goes_before_reminders_when_mails_are_short(
        cli, mail, ledger, reminded, queue):
    queue("mentor-2")
    assert dispatch(cli.with_settings(MAIL_PER_HOUR=2))["sent"] == 2
    assert len(mail.mails_to("mentor-2@example.org")) == 1
    assert the_message(ledger)["state"] == "queued"
