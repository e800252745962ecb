# SPDX-License-Identifier: MIT
"""mentorwatch cron, and POST /api/v1/cron for hosts that have none (more: e2e/test_cron.py)."""
import configparser

import pytest

from stack.api import Api
from stack.directory import Directory
from stack.times import in_days

CRON = "/api/v1/cron"


@pytest.fixture(scope="module")
def host(hosting):
    home = hosting.home("cron")
    database = hosting.database("mw_cron")
    done = hosting.set_up(home, "mw_cron", **{"api.cron": "on", "jobs.hour": "0"})
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
    host[0].forget()
    mail.forget()
    mail.delay = 0
    directory = Directory(database)
    directory.fill()
    return directory


@pytest.mark.parametrize("token", [None, "x" * 64, ""])
def test_it_wants_the_service_token(host, people, token):
    client = host[2] if token is None else host[2].signed_in(token)
    assert client.post(CRON).status == 401
    assert host[1].value("SELECT COUNT(*) FROM sweeps") == 0


def test_a_host_without_cron_asks_for_it(host, people, mail):
    _, database, api, token = host
    api.record("mentor-1", in_days(-400), in_days(-1))
    reply = api.signed_in(token).post(CRON)
    assert (reply.status, reply.json["swept"]) == (200, True), reply
    assert reply.json["sent"] == len(mail.mails) > 0
    assert database.value("SELECT COUNT(*) FROM sweeps") == 1


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
