# SPDX-License-Identifier: MIT
"""Kills and cuts: nothing is lost, and nothing is done twice."""
import json
import pathlib
import random
import signal
import subprocess
import time

import pytest

from stack import env
from stack.api import CERTIFICATIONS, LOGS
from stack.cli import BUSY, Cli
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
        with small.start("sweep", "--accept") as sweep:
            try:
                sweep.wait(chance.uniform(0.02, 0.2))
            except subprocess.TimeoutExpired:
                sweep.send_signal(signal.SIGKILL)
                killed += 1
        run_out(database)
    mail.delay = 0
    small.good("sweep", "--accept")
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


@pytest.mark.parametrize("forwarded", [True, False])
def test_a_request_cut_at_its_commit_is_answered_as_if_it_had_not_been(
        line, behind_line, folder, api, forwarded):
    worker = Worker(folder, behind_line, name="behind", threads=1)
    worker.start()
    body = json.dumps({"mentor_id": "mentor-1", "certification_type": "t",
                       "issued_at": in_days(-1), "expires_at": in_days(9)}).encode()
    line.cut_commit(1, forwarded)
    with Connection(worker.socket) as connection:
        status, headers, answer = connection.ask("POST", CERTIFICATIONS, body)
    assert (status, line.cuts) == (201, 1)
    made = json.loads(answer)["certification_id"]
    assert headers["location"].endswith(made)
    assert [item["certification_id"] for item in api.get(CERTIFICATIONS).items] == [made]
    worker.stop()


def test_a_request_whose_commit_stays_unknown_is_503_and_says_so(line, behind_line, folder, api):
    worker = Worker(folder, behind_line, name="unknown", threads=1)
    worker.start()
    body = json.dumps({"mentor_id": "mentor-1", "certification_type": "t",
                       "issued_at": in_days(-1), "expires_at": in_days(9)}).encode()
    line.cut_commit(1, forwarded=True, for_good=True)
    began = time.monotonic()
    with Connection(worker.socket) as connection:
        status, headers, answer = connection.ask("POST", CERTIFICATIONS, body)
    assert status == 503 and headers["retry-after"]
    assert "look whether the change was made" in json.loads(answer)["detail"]
    assert time.monotonic() - began < 3
    assert api.get(CERTIFICATIONS).total == 1
    worker.stop()


@pytest.mark.parametrize("forwarded", [True, False])
def test_a_sweep_cut_at_any_commit_goes_on(
        api, line, behind_line, database, directory, ledger, mail, forwarded):
    small = Cli(behind_line).with_settings(JOBS_BATCH=1)
    for number in range(1, 100):
        database.empty()
        directory.fill()
        mail.forget()
        for mentor in ("mentor-1", "mentor-2"):
            api.record(mentor, in_days(-400), in_days(-1))
        line.cut_commit(number, forwarded)
        line.cuts = 0
        small.good("sweep")
        if line.cuts == 0:
            break
        for mentor in ("mentor-1", "mentor-2"):
            assert len(ledger.open_pauses(mentor)) == 1
            assert ledger.events(mentor) == ["pause_activated"]
            assert [m["state"] for m in ledger.messages(mentor)] == ["sent", "sent"]
            assert api.get(LOGS, mentor_id=mentor).total == 1
            assert len({m["Message-ID"] for m in mail.mails_to(f"{mentor}@example.org")}) == 1
    assert number > 8, "a sweep has more commits than that"


def test_a_run_that_lost_its_lease_stops_before_it_harms(cli, many, database, ledger):
    ledger.slow_down("expiry_logs", 0.02)
    with cli.with_settings(JOBS_BATCH=2).start("sweep", "--accept") as sweep:
        while not database.run("SELECT 1 FROM pauses LIMIT 1"):
            assert sweep.poll() is None
        database.run("UPDATE leases SET holder = 'another host', token = token + 1,"
                     " until_at = UTC_TIMESTAMP(3) + INTERVAL 60 SECOND")
        sweep.communicate()
    assert sweep.returncode == BUSY
    assert database.one("SELECT result, says FROM sweeps") == {
        "result": "failed", "says": "another sweep has taken over"}
    paused = database.value("SELECT COUNT(*) FROM pauses")
    assert paused < len(many)
    assert paused == database.value("SELECT COUNT(*) FROM expiry_logs")


def test_marks_of_units_are_removed_after_a_day(cli, database, directory, api):
    """A new certification is its own mark, a change leaves one."""
    created = api.record("mentor-1", in_days(-1), in_days(9))["certification_id"]
    assert database.value("SELECT COUNT(*) FROM unit_marks") == 0
    api.change(created, expires_at=in_days(10))
    assert database.value("SELECT COUNT(*) FROM unit_marks") == 1
    database.run("UPDATE unit_marks SET token = 'old',"
                 " created_at = UTC_TIMESTAMP(3) - INTERVAL 25 HOUR")
    api.change(created, expires_at=in_days(11))
    [young] = database.run("SELECT token FROM unit_marks WHERE token <> 'old'")
    cli.good("sweep")
    left = [row["token"] for row in database.run("SELECT token FROM unit_marks")]
    assert young["token"] in left and "old" not in left


def test_what_is_released_cannot_be_told_to_crash():
    for program in (env.cli_program(), env.fcgi_program()):
        assert b"CRASH_AT" not in pathlib.Path(program).read_bytes()
