# SPDX-License-Identifier: MIT
"""mentorwatch cron, and POST /api/v1/cron for hosts that have none."""
import concurrent.futures
import configparser

import pytest

from stack.api import Api
from stack.directory import Directory
from stack.times import in_days

CRON = "/api/v1/cron"
IDLE = {"swept": False, "sent": 0, "put_off": 0, "failed": 0, "queued": 0, "more": False,
        "says": None}


@pytest.fixture(scope="module")
def off(hosting):
    home = hosting.home("off")
    hosting.database("mw_off")
    assert hosting.set_up(home, "mw_off").returncode == 0
    return Api(hosting.apache(home, "fcgid"))


@pytest.fixture(scope="module")
def host(hosting):
    home = hosting.home("cron")
    database = hosting.database("mw_cron")
    done = hosting.set_up(home, "mw_cron", **{
        "api.cron": "on", "api.cron_seconds": "2", "jobs.hour": "0"})
    assert done.returncode == 0, done
    parser = configparser.RawConfigParser(strict=False)
    parser.read(home.folder / "private/mentorwatch.conf")
    token = parser["api"]["service_token"]
    assert len(token) >= 32 and token not in done.stdout + done.stderr
    return home, database, Api(hosting.apache(home, "fcgid")), token


@pytest.fixture
def people(host, mail):
    database = host[1]
    database.empty()
    mail.forget()
    mail.delay = 0
    directory = Directory(database)
    directory.fill()
    return directory


def test_it_is_off_by_default_and_then_not_there(off):
    for client in (off, off.signed_in("x" * 40)):
        assert client.post(CRON).status == 404


@pytest.mark.parametrize("token", [None, "x" * 64, ""])
def test_it_wants_the_service_token(host, people, token):
    client = host[2] if token is None else host[2].signed_in(token)
    assert client.post(CRON).status == 401
    assert host[1].value("SELECT COUNT(*) FROM sweeps") == 0


def test_the_first_of_a_day_sweeps_the_next_ones_deliver(host, people, mail):
    _, database, api, token = host
    api.record("mentor-1", in_days(-400), in_days(-1))
    client = api.signed_in(token)
    first = client.post(CRON)
    assert (first.status, first.json["swept"]) == (200, True), first
    assert first.json["sent"] == len(mail.mails) > 0
    assert client.post(CRON).json == IDLE
    assert database.value("SELECT COUNT(*) FROM sweeps") == 1
    # A day later it is due again.
    database.run("UPDATE sweeps SET started_at = started_at - INTERVAL 1 DAY, "
                 "completed_at = completed_at - INTERVAL 1 DAY")
    assert client.post(CRON).json["swept"] is True


def test_a_slice_ends_when_its_time_is_up_and_the_next_goes_on(host, people, mail):
    _, database, api, token = host
    for number in range(24):
        people.add_mentor(f"m-{number:02}", email=f"m-{number:02}@example.org")
        api.record(f"m-{number:02}", in_days(-300), in_days(14))
    mail.delay = 0.6
    client = api.signed_in(token)
    replies = [client.post(CRON)]
    assert replies[0].json["more"] is True, replies
    assert "time was up" in replies[0].json["says"]
    mail.delay = 0
    while replies[-1].json["more"] and len(replies) < 20:
        replies.append(client.post(CRON))
    assert replies[-1].json["more"] is False
    recipients = [mail.recipients[0] for mail in mail.mails
                  if mail.recipients[0].startswith("m-")]
    assert sorted(recipients) == [f"m-{number:02}@example.org" for number in range(24)]


def test_one_at_a_time(host, people, mail):
    _, _, api, token = host
    api.record("mentor-1", in_days(-300), in_days(14))
    mail.delay = 1.5
    client = api.signed_in(token)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        statuses = sorted(reply.status for reply in pool.map(lambda _: client.post(CRON), range(2)))
    assert statuses == [200, 409]


def test_the_command_does_the_same_and_is_silent(host, people, mail):
    home, database, api, _ = host
    api.record("mentor-1", in_days(-300), in_days(14))
    done = home.run("cron")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert mail.mails and database.value("SELECT COUNT(*) FROM sweeps") == 1
    done = home.run("cron", "-v")
    assert "no sweep is due" in done.stdout
    assert database.value("SELECT COUNT(*) FROM sweeps") == 1


def test_what_is_over_the_hosts_hourly_limit_waits(host, people, mail, hosting):
    home, database, api, _ = host
    for number in range(6):
        people.add_mentor(f"m-{number:02}", email=f"m-{number:02}@example.org")
        api.record(f"m-{number:02}", in_days(-300), in_days(14))
    done = home.run("cron", MENTORWATCH_MAIL_PER_HOUR="3")
    assert len(mail.mails) == 3, done
    assert done.returncode == 0
