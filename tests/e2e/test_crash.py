# SPDX-License-Identifier: MIT
"""Kills and cuts: nothing is lost, and nothing is done twice."""
import json
import random
import signal
import subprocess

import pytest

from stack import env
from stack.api import CERTIFICATIONS, LOGS
from stack.cli import BUSY, GOOD, UNAVAILABLE, Cli
from stack.cut import CutLine
from stack.fastcgi import Connection
from stack.times import in_days
from stack.worker import Worker

KILLS = 12


@pytest.fixture
def many(api, directory):
    mentors = [directory.add_mentor(f"m-{n}", email=f"m-{n}@example.org") for n in range(40)]
    for mentor in mentors:
        api.record(mentor, in_days(-400), in_days(-1))
    return mentors


def run_out(database):
    """Time passes, and what a dead run held is free again."""
    database.run("UPDATE leases SET until_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND")
    database.run("UPDATE messages SET lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND"
                 " WHERE lease_until IS NOT NULL")


def test_a_sweep_killed_anywhere_loses_nothing_and_repeats_only_what_may_have_been_sent(
        cli, many, database, ledger, mail):
    chance = random.Random(5)
    ledger.slow_down("pauses", 0.01)
    mail.delay = 0.01
    small = cli.with_settings(JOBS_BATCH=3)
    killed = 0
    for _ in range(KILLS):
        with small.start("sweep") as sweep:
            try:
                sweep.wait(chance.uniform(0.02, 0.2))
            except subprocess.TimeoutExpired:
                sweep.send_signal(signal.SIGKILL)
                killed += 1
        run_out(database)
    mail.delay = 0
    small.good("sweep")
    assert killed > KILLS / 2, "too fast to be killed: this test shows nothing"
    for mentor in many:
        assert len(ledger.open_pauses(mentor)) == 1
        assert ledger.events(mentor) == ["pause_activated"]
        assert [m["state"] for m in ledger.messages(mentor)] == ["sent", "sent"]
        assert mail.mails_to(f"{mentor}@example.org")
    assert database.value("SELECT COUNT(*) FROM expiry_logs") == len(many)
    ids = {letter["Message-ID"] for letter in mail.mails}
    assert len(ids) == 2 * len(many)
    assert len(mail.mails) - len(ids) <= KILLS


# A line that breaks around COMMIT: nobody can know whether the change was made

@pytest.fixture
def line(server, folder):
    line = CutLine(folder / "line.sock", server.socket)
    yield line
    line.stop()
    line.path.unlink()


@pytest.fixture
def behind_line(line, settings):
    return {**settings, "MENTORWATCH_DATABASE_SOCKET": str(line.path)}


@pytest.mark.parametrize("forwarded, rows", [(True, 1), (False, 0)])
def test_a_request_cut_at_its_commit_is_503_and_happens_at_most_once(
        line, behind_line, folder, api, forwarded, rows):
    worker = Worker(folder, behind_line, name="behind", threads=1)
    worker.start()
    body = json.dumps({"mentor_id": "mentor-1", "certification_type": "t",
                       "issued_at": in_days(-1), "expires_at": in_days(9)}).encode()
    line.cut_commit(1, forwarded)
    with Connection(worker.socket) as connection:
        status, headers, answer = connection.ask("POST", CERTIFICATIONS, body)
    assert (status, line.cuts) == (503, 1)
    assert headers["retry-after"]
    env.wait_until(lambda: api.get(CERTIFICATIONS).total == rows, "the commit")
    with Connection(worker.socket) as connection:
        assert connection.ask("GET", CERTIFICATIONS)[0] == 200
    worker.stop()


@pytest.mark.parametrize("forwarded", [True, False])
def test_a_sweep_cut_at_any_commit_is_finished_by_the_next(
        api, line, behind_line, database, directory, ledger, mail, forwarded):
    small = Cli(behind_line).with_settings(JOBS_BATCH=1)
    for number in range(1, 100):
        database.empty()
        directory.fill()
        mail.forget()
        for mentor in ("mentor-1", "mentor-2"):
            api.record(mentor, in_days(-400), in_days(-1))
        line.cut_commit(number, forwarded)
        done = small.run("sweep")
        if line.cuts < number:
            break
        assert done.status == UNAVAILABLE, done
        run_out(database)
        small.good("sweep")
        for mentor in ("mentor-1", "mentor-2"):
            assert len(ledger.open_pauses(mentor)) == 1
            assert ledger.events(mentor) == ["pause_activated"]
            assert [m["state"] for m in ledger.messages(mentor)] == ["sent", "sent"]
            assert api.get(LOGS, mentor_id=mentor).total == 1
            assert len({m["Message-ID"] for m in mail.mails_to(f"{mentor}@example.org")}) == 1
    assert number > 8, "a sweep has more commits than that"
    assert done.status == GOOD, done


def test_a_run_that_lost_its_lease_stops_before_it_harms(cli, many, database, ledger):
    ledger.slow_down("expiry_logs", 0.02)
    with cli.with_settings(JOBS_BATCH=2).start("sweep") as sweep:
        while not database.run("SELECT 1 FROM pauses LIMIT 1"):
            assert sweep.poll() is None
        database.run("UPDATE leases SET holder = 'another host', token = token + 1,"
                     " until_at = UTC_TIMESTAMP(3) + INTERVAL 60 SECOND")
        sweep.communicate()
    assert sweep.returncode == BUSY
    paused = database.value("SELECT COUNT(*) FROM pauses")
    assert paused < len(many)
    assert paused == database.value("SELECT COUNT(*) FROM expiry_logs")
