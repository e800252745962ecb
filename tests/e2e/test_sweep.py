# SPDX-License-Identifier: MIT
"""`mentorwatch sweep` as cron and an operator run it, and the mail that arrives."""
import datetime
import json

import pytest

from stack.cli import BUG, BUSY, GOOD, UNAVAILABLE, USAGE, Cli, delivered
from stack.times import at, in_days, now


@pytest.fixture
def expired(api):
    """mentor-1's, since yesterday."""
    return api.record("mentor-1", in_days(-400), in_days(-1))


# The mail

def test_mentor_and_coordinator_get_one_mail_each(api, cli, mail, directory, expired):
    cli.good("sweep")
    assert len(mail.mails) == 2
    mentor = mail.mail_to("mentor-1@example.org")
    coordinator = mail.mail_to(directory.COORDINATOR_ADDRESS)
    assert mentor.recipients == ["mentor-1@example.org"]
    assert coordinator.recipients == [directory.COORDINATOR_ADDRESS]
    assert "Mentor 1" in coordinator.text and "peer_mentor_basic" in coordinator.text
    assert "peer_mentor_basic" in mentor.text
    assert api.find(expired["certification_id"])["auto_pause_applied"] is True


def test_a_mail_has_the_headers_of_an_automatic_message(cli, mail, expired, database):
    cli.good("sweep")
    for letter in mail.mails:
        message = letter.message
        assert not message.defects
        assert message["From"].addresses[0].addr_spec == "mentorwatch@example.org"
        assert message["From"].addresses[0].display_name == "Mentorwatch Øst"
        assert [a.addr_spec for a in message["To"].addresses] == letter.recipients
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["MIME-Version"] == "1.0"
        assert [(part.get_content_type(), part.get_content_charset())
                for part in message.iter_parts()] == [("text/plain", "utf-8"), ("text/html", "utf-8")]
        assert abs(message["Date"].datetime - now()) < datetime.timedelta(minutes=2)
        for header in ("From", "To", "Subject", "Date", "Message-ID"):
            assert len(message.get_all(header)) == 1, header
        assert message["Bcc"] is None and message["Cc"] is None
    ids = {letter["Message-ID"] for letter in mail.mails}
    stored = {row["delivery_id"] for row in database.run("SELECT delivery_id FROM messages")}
    assert ids == {f"<{delivery_id}@example.org>" for delivery_id in stored}


def test_every_line_of_a_mail_is_short_ascii_and_ends_in_crlf(api, cli, mail, directory):
    directory.add_mentor("mentor-long", name="Ærlig " + "Ødegård-Ånesen " * 15)
    api.record("mentor-long", in_days(-400), in_days(-1), "æøå" * 21)
    cli.good("sweep")
    assert len(mail.mails) == 2
    for letter in mail.mails:
        letter.raw.decode("ascii")
        lines = letter.raw.split(b"\r\n")
        assert all(b"\n" not in line and b"\r" not in line for line in lines)
        assert max(len(line) for line in lines) <= 998
        head = letter.raw.partition(b"\r\n\r\n")[0]
        assert all(len(word) <= 75 for word in head.split() if word.startswith(b"=?"))


def test_names_of_any_script_arrive_whole(api, cli, mail, directory):
    directory.add_coordinator("coord-se", "Søren \"Sam\" Ægir, jr.", "soren@example.org")
    directory.add_mentor("mentor-se", name="Čáhppes Åse 李雷", email="ase@example.org",
                         coordinator_id="coord-se")
    api.record("mentor-se", in_days(-400), in_days(-1))
    cli.good("sweep")
    to_mentor, to_coordinator = mail.mail_to("ase@example.org"), mail.mail_to("soren@example.org")
    assert to_mentor["To"].addresses[0].display_name == "Čáhppes Åse 李雷"
    assert to_coordinator["To"].addresses[0].display_name == "Søren \"Sam\" Ægir, jr."
    assert "Čáhppes Åse 李雷" in to_coordinator["Subject"]
    assert "Čáhppes Åse 李雷" in to_coordinator.text


@pytest.mark.parametrize("name", [
    "Kari\r\nBcc: victim@example.org", "Kari\nSubject: other", "Kari\x00Nordmann",
    "Kari <victim@example.org>", "=?UTF-8?Q?Kari?=", "\"Kari\" victim@example.org,"])
def test_a_name_never_adds_a_header_or_a_recipient(api, cli, mail, directory, name):
    directory.add_mentor("mentor-evil", name=name)
    api.record("mentor-evil", in_days(-400), in_days(-1))
    cli.good("sweep")
    letter = mail.mail_to("kari@example.org")
    assert [a.addr_spec for a in letter["To"].addresses] == ["kari@example.org"]
    assert letter["Bcc"] is None
    assert len(letter.message.get_all("Subject")) == 1
    assert mail.mails_to("victim@example.org") == []


@pytest.mark.parametrize("address", [
    "kari@example.org\r\nRCPT TO:<victim@example.org>", "<kari@example.org> NOTIFY=NEVER",
    "kari@example.org, victim@example.org", "kari", "@example.org", "kari@", "ka ri@example.org"])
def test_a_bad_address_is_refused_before_the_relay_sees_it(
        api, cli, mail, directory, ledger, address):
    directory.add_mentor("mentor-evil", email=address)
    api.record("mentor-evil", in_days(-400), in_days(-1))
    cli.run("sweep")
    assert mail.mails_to("victim@example.org") == []
    assert len(mail.mails) == 1, "only the coordinator's"
    states = {m["recipient_role"]: m["state"] for m in ledger.messages("mentor-evil")}
    assert states == {"mentor": "failed", "coordinator": "sent"}


def test_each_reads_their_own_language(api, cli, mail, directory):
    directory.add_mentor("mentor-en", language="en")
    directory.add_mentor("mentor-none", email="none@example.org", language=None,
                         coordinator_id=directory.ENGLISH_COORDINATOR)
    for mentor in ("mentor-en", "mentor-none"):
        api.record(mentor, "2024-02-03T00:00:00Z", "2026-02-03T00:00:00Z")
    cli.good("sweep")
    assert "3 February 2026" in mail.mail_to("kari@example.org").text
    assert "3. februar 2026" in mail.mail_to(directory.COORDINATOR_ADDRESS).text
    assert "3 February 2026" in mail.mail_to("maya@example.org").text
    # Nobody knows this mentor's language: the configured one counts.
    assert "3. februar 2026" in mail.mail_to("none@example.org").text


def test_a_mentor_without_a_coordinator_gets_a_mail_alone(api, cli, mail, directory, database):
    directory.add_mentor("mentor-alone", coordinator_id=None)
    api.record("mentor-alone", in_days(-400), in_days(-1))
    cli.good("sweep")
    assert [m.recipients for m in mail.mails] == [["kari@example.org"]]
    assert database.value("SELECT notifications_sent FROM pause_events") == "peer_mentor_email"


def test_one_without_an_address_is_a_visible_failure(api, cli, mail, directory, ledger, database):
    directory.add_mentor("mentor-mute", email=None)
    api.record("mentor-mute", in_days(-400), in_days(-1))
    cli.good("sweep")
    assert ledger.is_paused("mentor-mute")
    assert [m.recipients for m in mail.mails] == [[directory.COORDINATOR_ADDRESS]]
    mine = [m for m in ledger.messages("mentor-mute") if m["recipient_role"] == "mentor"]
    assert [(m["state"], bool(m["last_error"])) for m in mine] == [("failed", True)]
    assert database.value("SELECT notifications_sent FROM pause_events") == "coordinator_email"


def test_a_mail_goes_out_when_a_pause_is_lifted(api, cli, mail, directory, expired):
    cli.good("sweep")
    mail.forget()
    api.change(expired["certification_id"], expires_at=in_days(365))
    cli.good("sweep")
    assert "opphevet" in mail.mail_to("mentor-1@example.org")["Subject"]
    assert "ikke lenger på pause" in mail.mail_to(directory.COORDINATOR_ADDRESS)["Subject"]
    assert len(mail.mails) == 2


# Once and no more

def test_a_second_sweep_changes_and_sends_nothing(api, cli, mail, ledger, database, expired):
    cli.good("sweep")
    mail.forget()
    before = {t: database.value(f"SELECT COUNT(*) FROM {t}")
              for t in ("pauses", "pause_events", "expiry_logs", "messages", "message_attempts")}
    sweep = cli.sweep()
    assert (sweep["expiry"]["expired_found"], sweep["delivery"]["sent"]) == (0, 0)
    assert mail.mails == []
    assert {t: database.value(f"SELECT COUNT(*) FROM {t}") for t in before} == before


def test_a_sweep_sends_what_a_request_left_queued(api, cli, mail, ledger, database, expired):
    mail.refused["mentor-1@example.org"] = "451 try again later"
    api.run_expiry_job()
    assert database.value("SELECT COUNT(*) FROM messages WHERE state = 'queued'") == 1
    mail.refused.clear()
    ledger.time_passes()
    assert cli.sweep()["delivery"]["sent"] == 1
    assert len(mail.mails_to("mentor-1@example.org")) == 1


def test_one_connection_carries_many_mails(api, cli, mail):
    for n in range(1, 10):
        api.record(f"mentor-{n}", in_days(-400), in_days(-1))
    cli.with_settings(NOTIFY_SENDERS=1).good("sweep")
    assert len(mail.mails) == 18
    assert mail.connections == 1


# What it says

def test_without_a_terminal_it_is_silent(cli, mail, expired):
    done = cli.good("sweep")
    assert (done.out, done.err) == ("", "")
    assert len(mail.mails) == 2


def test_asked_to_be_verbose_it_tells_what_it_did(cli, expired):
    done = cli.good("sweep", "-v")
    assert done.out + done.err != ""
    assert "1" in done.out + done.err


def test_on_a_terminal_it_shows_a_summary(cli, mail, expired):
    done = cli.on_terminal("sweep")
    assert done.status == GOOD, done
    assert "paused" in done.out and "sent" in done.out, done
    assert len(mail.mails) == 2


def test_its_json_tells_all_figures(api, cli, expired):
    api.record("mentor-2", in_days(-400), in_days(100))
    done = cli.good("sweep", "--json")
    report = json.loads(done.out)
    assert done.err == ""
    assert list(report) == ["dry_run", "expiry", "reminders", "delivery", "removed",
                            "brake", "left"]
    assert report["brake"] is report["left"] is None
    assert report["dry_run"] is False
    assert list(report["expiry"]) == ["job_run_id", "started_at", "completed_at",
                                      "mentors_scanned", "expired_found", "auto_paused",
                                      "failures"]
    assert report["expiry"]["mentors_scanned"] == 2
    assert report["expiry"]["auto_paused"] == 1
    assert list(report["reminders"]) == ["job_run_id", "started_at", "completed_at",
                                         "mentors_scanned", "found", "sent", "failures"]
    assert report["reminders"]["found"] == report["reminders"]["sent"] == 0
    assert report["delivery"] == delivered(sent=2)


def test_failures_are_told_and_are_no_silent_success(api, cli, ledger, expired):
    ledger.break_pausing_of("mentor-1")
    done = cli.run("sweep")
    assert done.status not in (GOOD, BUG), done
    assert "mentor-1" in done.err
    report = cli.run("sweep", "--json").json()
    assert [f["mentor_id"] for f in report["expiry"]["failures"]] == ["mentor-1"]


# Dry run and as-of

def test_a_dry_run_changes_no_table_and_sends_nothing(cli, database, mail, expired):
    before = database.checksums()
    done = cli.good("sweep", "--dry-run", "--json")
    assert database.checksums() == before
    assert mail.mails == [] and mail.connections == 0
    report = done.json()
    assert report["dry_run"] is True
    assert (report["expiry"]["expired_found"], report["expiry"]["auto_paused"]) == (1, 1)
    assert cli.good("sweep", "--dry-run").out == ""
    assert cli.sweep()["expiry"]["auto_paused"] == 1


def test_a_dry_run_leaves_queued_messages_alone(api, cli, database, mail, expired):
    mail.refused["mentor-1@example.org"] = "451 try again later"
    cli.good("sweep")
    before = database.checksums()
    assert cli.sweep("--dry-run")["delivery"]["queued"] == 1
    assert database.checksums() == before


def test_as_of_a_later_day_sees_what_will_have_expired(api, cli, ledger):
    api.record("mentor-1", in_days(-400), in_days(10))
    assert cli.sweep("--dry-run")["expiry"]["expired_found"] == 0
    assert cli.sweep("--dry-run", "--as-of", in_days(11))["expiry"]["expired_found"] == 1
    run = cli.sweep("--as-of", in_days(11))["expiry"]
    assert run["auto_paused"] == 1
    day = (now() + datetime.timedelta(days=11)).strftime("%d%b%Y").upper()
    assert run["job_run_id"] == f"job_{day}_01"
    assert at(ledger.open_pauses("mentor-1")[0]["opened_at"])[:10] == in_days(11)[:10]


def test_as_of_an_earlier_day_pauses_nobody(cli, ledger, expired):
    assert cli.sweep("--as-of", in_days(-3))["expiry"]["expired_found"] == 0
    assert not ledger.is_paused("mentor-1")


@pytest.mark.parametrize("arguments", [
    ["--as-of", "tomorrow"], ["--as-of", "2026-02-30T00:00:00Z"], ["--as-of"], ["--sideways"],
    ["now"], ["--dry-run=yes"]])
def test_bad_arguments_are_a_usage_error_and_nothing_happens(cli, database, expired, arguments):
    before = database.checksums()
    done = cli.run("sweep", *arguments)
    assert done.status == USAGE, done
    assert done.err
    assert database.checksums() == before


# Trouble with mail

def test_without_a_mail_server_it_still_pauses_and_says_so(
        api, cli, mail, ledger, database, expired):
    mail.away()
    done = cli.run("sweep", "--json")
    assert done.status == UNAVAILABLE, done
    assert done.err
    report = done.json()
    assert report["expiry"]["auto_paused"] == 1
    assert report["delivery"] == delivered(queued=2, relay_away=True)
    assert ledger.is_paused("mentor-1")
    assert {m["state"] for m in ledger.messages("mentor-1")} == {"queued"}
    before = {m["delivery_id"] for m in ledger.messages("mentor-1")}

    mail.back()
    assert cli.sweep()["delivery"] == delivered(sent=2)
    assert {m["Message-ID"][1:].partition("@")[0] for m in mail.mails} == before


def test_a_relay_that_is_away_was_no_attempt(cli, mail, ledger, expired):
    mail.away()
    assert cli.run("sweep").status == UNAVAILABLE
    assert {m["attempts"] for m in ledger.messages("mentor-1")} == {0}


def test_a_refused_recipient_fails_and_the_other_is_sent(cli, mail, ledger, database, expired):
    mail.refused["mentor-1@example.org"] = "550 no such user here"
    delivery = cli.sweep()["delivery"]
    assert delivery == delivered(sent=1, failed=1)
    states = {m["recipient_role"]: m for m in ledger.messages("mentor-1")}
    assert states["mentor"]["state"] == "failed"
    assert "no such user here" in states["mentor"]["last_error"]
    assert states["coordinator"]["state"] == "sent"
    assert states["coordinator"]["sent_at"] is not None
    results = {row["result"] for row in database.run("SELECT result FROM message_attempts")}
    assert results == {"sent", "failed"}
    assert cli.sweep()["delivery"]["sent"] == 0
    assert ledger.is_paused("mentor-1")


def test_a_message_put_off_is_sent_by_a_later_sweep_under_the_same_id(
        cli, mail, ledger, expired):
    mail.refused["mentor-1@example.org"] = "450 mailbox busy"
    assert cli.sweep()["delivery"] == delivered(sent=1, put_off=1, queued=1)
    waiting = [m for m in ledger.messages("mentor-1") if m["state"] == "queued"]
    assert [bool(m["last_error"]) for m in waiting] == [True]
    mail.refused.clear()
    ledger.time_passes()
    assert cli.sweep()["delivery"]["sent"] == 1
    letter = mail.mail_to("mentor-1@example.org")
    assert waiting[0]["delivery_id"] in letter["Message-ID"]


@pytest.mark.parametrize("reply, state", [
    ("451 local error", "queued"), ("554 no thanks", "failed")])
def test_what_the_server_says_after_the_text_counts(cli, mail, ledger, expired, reply, state):
    mail.reply_to_data = reply
    cli.run("sweep")
    assert {m["state"] for m in ledger.messages("mentor-1")} == {state}
    assert ledger.is_paused("mentor-1")


def test_a_busy_mail_server_is_left_alone_after_the_first_mail(cli, mail, ledger, expired):
    mail.reply_to_data = "421 too many messages"
    assert cli.run("sweep").status == UNAVAILABLE
    assert [(m["state"], m["attempts"]) for m in ledger.messages("mentor-1")] == \
        [("queued", 1), ("queued", 0)]


def test_a_mail_whose_acceptance_got_lost_is_sent_again_under_the_same_id(
        cli, mail, ledger, expired):
    mail.mute = True
    cli.run("sweep")
    assert {m["state"] for m in ledger.messages("mentor-1")} == {"queued"}
    mail.mute = False
    ledger.time_passes()
    assert cli.sweep()["delivery"]["sent"] == 2
    twice = [letter["Message-ID"] for letter in mail.mails_to("mentor-1@example.org")]
    assert len(twice) == 2 and len(set(twice)) == 1


def test_what_a_dead_sender_had_in_hand_is_taken_up_again(cli, mail, database, expired):
    mail.away()
    cli.run("sweep")
    mail.back()
    database.run("UPDATE messages SET state = 'sending', lease_token = 'dead', attempts = 1,"
                 " lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND")
    assert cli.sweep()["delivery"]["sent"] == 2


def test_what_another_sender_has_in_hand_is_left_to_it(cli, mail, database, expired):
    mail.away()
    cli.run("sweep")
    mail.back()
    database.run("UPDATE messages SET state = 'sending', lease_token = 'alive', attempts = 1,"
                 " lease_until = UTC_TIMESTAMP(3) + INTERVAL 60 SECOND")
    assert cli.sweep()["delivery"]["sent"] == 0
    assert mail.mails == []


# Requests deliver their own messages

def test_a_run_by_the_api_delivers_at_once(api, mail, database, expired):
    api.run_expiry_job()
    assert len(mail.mails) == 2
    assert database.value("SELECT COUNT(*) FROM messages WHERE state = 'sent'") == 2


# The database is away

def test_without_a_database_it_says_so(cli):
    away = Cli({**cli.settings, "MENTORWATCH_DATABASE_SOCKET": "/nonexistent/db.sock"})
    done = away.run("sweep")
    assert done.status == UNAVAILABLE, done
    assert done.err


def test_on_a_schema_that_was_never_migrated_it_says_what_to_do(server, common_settings):
    database = server.new_database("unmigrated")
    done = Cli({**common_settings, **database.settings()}).run("sweep")
    server.run("DROP DATABASE unmigrated")
    assert done.status == BUSY, done
    assert "mentorwatch migrate" in done.err

