# SPDX-License-Identifier: MIT
"""A sweep that is killed: nothing is lost, nothing is done twice."""
import random
import signal
import subprocess

import pytest

from stack.times import in_days

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


def test_a_run_that_lost_its_lease_stops_before_it_harms(cli, many, database, ledger):
    ledger.slow_down("expiry_logs", 0.02)
    with cli.with_settings(JOBS_BATCH=2).start("sweep") as sweep:
        while not database.run("SELECT 1 FROM pauses LIMIT 1"):
            assert sweep.poll() is None
        database.run("UPDATE leases SET holder = 'another host', token = token + 1,"
                     " until_at = UTC_TIMESTAMP(3) + INTERVAL 60 SECOND")
        sweep.communicate()
    assert sweep.returncode == 75
    paused = database.value("SELECT COUNT(*) FROM pauses")
    assert paused < len(many)
    assert paused == database.value("SELECT COUNT(*) FROM expiry_logs")
