# SPDX-License-Identifier: MIT
"""POST /api/v1/cron: a slice of what cron does, for hosts that have none; and the
command of that name."""
import concurrent.futures
import itertools

import pytest

from stack.api import CERTIFICATIONS
from stack.times import in_days

pytestmark = pytest.mark.usefixtures("directory")

CRON = "/api/v1/cron"
TOKEN = "the-service-token-of-a-small-host-7391"
IDLE = {"swept": False, "sent": 0, "put_off": 0, "failed": 0, "queued": 0, "more": False,
        "says": None}


@pytest.fixture(scope="module")
def cron_settings(settings):
    return {**settings, "MENTORWATCH_API_CRON": "on", "MENTORWATCH_API_CRON_SECONDS": "2",
            "MENTORWATCH_API_SERVICE_TOKEN": TOKEN, "MENTORWATCH_JOBS_HOUR": "0"}


@pytest.fixture(scope="module")
def host(cron_settings, new_site):
    return new_site("cron", cron_settings)


@pytest.fixture(scope="module")
def client(host):
    return host.signed_in(TOKEN)


def remind_many(api, directory, count):
    """Reminders are due to so many mentors; their mailboxes."""
    names = [directory.add_mentor(f"m-{n:02}", email=f"m-{n:02}@example.org") for n in range(count)]
    for name in names:
        api.record(name, in_days(-300), in_days(14))
    return [f"{name}@example.org" for name in names]


def sweeps(database):
    return database.value("SELECT COUNT(*) FROM sweeps")


def test_it_is_off_by_default_and_then_not_there(api, database):
    for anybody in (api, api.signed_in("x" * 40)):
        assert anybody.post(CRON).status == 404
    assert sweeps(database) == 0


@pytest.mark.parametrize("token", [None, "x" * len(TOKEN), TOKEN[:-1], ""])
def test_it_wants_the_service_token(host, database, token):
    reply = (host if token is None else host.signed_in(token)).post(CRON)
    assert (reply.status, sweeps(database)) == (401, 0)


def test_other_routes_stay_open(host):
    assert host.get(CERTIFICATIONS).status == 200


def test_what_it_does_not_know_is_refused(client, database):
    reply = client.post(f"{CRON}?seconds=5")
    assert (reply.status, sweeps(database)) == (400, 0)


def test_the_first_of_a_day_sweeps_the_next_ones_deliver(api, client, database, mail):
    api.record("mentor-1", in_days(-400), in_days(-1))
    first = client.post(CRON)
    assert (first.status, first.json["swept"]) == (200, True), first
    assert first.json["sent"] == len(mail.mails) > 0
    assert client.post(CRON).json == IDLE
    assert sweeps(database) == 1
    database.run("UPDATE sweeps SET started_at = started_at - INTERVAL 1 DAY,"
                 " completed_at = completed_at - INTERVAL 1 DAY")
    assert client.post(CRON).json["swept"] is True


def test_a_slice_ends_when_its_time_is_up_and_the_next_goes_on(api, client, directory, mail):
    mailboxes = remind_many(api, directory, 24)
    mail.delay = 0.6
    first = client.post(CRON).json
    assert (first["swept"], first["more"]) == (True, True)
    assert "time was up" in first["says"]
    mail.delay = 0
    left = itertools.takewhile(lambda reply: reply["more"],
                               (client.post(CRON).json for _ in range(20)))
    assert len(list(left)) < 20
    assert sorted(m.recipients[0] for m in mail.mails if m.recipients[0] in mailboxes) == mailboxes


def test_one_at_a_time(api, client, mail):
    api.record("mentor-1", in_days(-300), in_days(14))
    mail.delay = 1.5
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        statuses = sorted(reply.status for reply in pool.map(lambda _: client.post(CRON), range(2)))
    assert statuses == [200, 409]


def test_without_a_database_it_says_so(cron_settings, new_site):
    site = new_site("cron-nowhere",
                    {**cron_settings, "MENTORWATCH_DATABASE_SOCKET": "/nonexistent/db.sock"})
    assert site.signed_in(TOKEN).post(CRON).status == 503


def test_the_command_does_all_that_is_due(api, cli, mail, database):
    cli = cli.with_settings(JOBS_HOUR=0, NOTIFY_SENDERS=1)
    api.record("mentor-1", in_days(-400), in_days(-1))
    assert "the sweep was due" in cli.good("cron", "-v").out
    assert database.value("SELECT COUNT(*) FROM pauses") == 1
    assert len(mail.mails) == 2
    again = cli.good("cron", "-v")
    assert "no sweep is due" in again.out
    assert len(mail.mails) == 2
