# SPDX-License-Identifier: MIT
"""What holds a sweep that nobody watches, and the row that each sweep leaves."""
import json
import time

import pytest

from stack.api import RUN
from stack.cli import BAD_DATA, BUG, BUSY, GOOD, UNAVAILABLE, Cli
from stack.times import in_days


@pytest.fixture
def last(database):
    """The last sweep's row."""
    return lambda: database.one("SELECT * FROM sweeps ORDER BY seq DESC LIMIT 1")


@pytest.fixture
def expire(api, directory):
    """So many more mentors, each with a certification that has expired."""
    def make(count, first=0):
        for n in range(first, first + count):
            mentor = directory.add_mentor(f"m-{n}", email=f"m-{n}@example.org")
            api.record(mentor, in_days(-400), in_days(-1))
    return make


@pytest.fixture
def swept(database):
    """That a sweep began then, by the database's clock, and how it ended."""
    def put(began, result="good"):
        database.run("INSERT INTO sweeps (host, started_at, result)"
                     f" VALUES ('other', UTC_TIMESTAMP(3) {began}, %s)", result)
    return put


# Too many at once

def test_ten_are_never_too_many(expire, cli, directory, database):
    database.run("DELETE FROM mentors")
    expire(10)
    assert cli.sweep()["expiry"]["auto_paused"] == 10


def test_more_than_ten_and_more_than_a_fifth_are_not_paused_but_all_else_is_done(
        api, expire, cli, database, mail, last):
    database.run("DELETE FROM mentors WHERE mentor_id <> 'mentor-1'")
    expire(11)
    api.record("mentor-1", in_days(-400), in_days(10))
    done = cli.run("sweep", "--json")
    assert done.status == BUSY, done
    assert "11 of 12 mentors would be paused at once" in done.err
    assert "mentorwatch sweep --accept" in done.err
    assert database.value("SELECT COUNT(*) FROM pauses") == 0
    report = done.json()
    assert report["expiry"] is None
    assert report["brake"] in done.err and report["left"] is None
    assert (report["reminders"]["sent"], report["delivery"]["sent"]) == (1, 2)
    assert len(mail.mails) == 2
    assert (last()["result"], last()["says"] in done.err) == ("braked", True)


def test_accepted_they_are_paused(expire, cli, database):
    expire(11)
    assert cli.run("sweep").status == BUSY
    assert cli.sweep("--accept")["expiry"]["auto_paused"] == 11
    assert cli.good("sweep").err == ""


def test_a_fifth_of_many_is_not_too_many(expire, directory, cli):
    for n in range(46):
        directory.add_mentor(f"idle-{n}")
    expire(11)  # of 66 with the nine that there always are
    assert cli.sweep()["expiry"]["auto_paused"] == 11


def test_who_is_paused_for_an_expiry_already_does_not_count(api, expire, cli):
    expire(10)
    cli.good("sweep")
    for n in range(10):
        api.record(f"m-{n}", in_days(-400), in_days(-1), "another")
    expire(2, first=10)
    assert cli.sweep()["expiry"]["auto_paused"] == 12


def test_a_request_is_not_held(expire, api):
    expire(11)
    assert api.post(RUN, {}).json["auto_paused"] == 11


def test_a_dry_run_tells_that_a_sweep_would_refuse(expire, cli, database):
    expire(11)
    before = database.checksums()
    done = cli.good("sweep", "--dry-run", "--json")
    assert "would refuse to pause anybody" in done.err
    assert done.json()["expiry"]["auto_paused"] == 11
    assert database.checksums() == before


# The clock

@pytest.mark.parametrize("began, result, held", [
    ("+ INTERVAL 4 MINUTE", "good", False), ("+ INTERVAL 6 MINUTE", "good", True),
    ("+ INTERVAL 6 MINUTE", "failed", True), ("+ INTERVAL 6 MINUTE", "running", True),
    ("+ INTERVAL 6 MINUTE", "refused", False),
    ("- INTERVAL 39 DAY", "good", False), ("- INTERVAL 41 DAY", "good", True),
    ("- INTERVAL 41 DAY", "failures", True), ("- INTERVAL 41 DAY", "braked", True),
    ("- INTERVAL 41 DAY", "left", True), ("- INTERVAL 41 DAY", "refused", False),
    ("- INTERVAL 41 DAY", "failed", False)])
def test_a_clock_that_jumped_holds_everything(
        api, cli, database, mail, swept, last, began, result, held):
    api.record("mentor-1", in_days(-400), in_days(-1))
    swept(began, result)
    done = cli.run("sweep")
    assert done.status == (BUSY if held else GOOD), done
    assert ("the clock of this host says" in done.err) == held
    assert last()["result"] == ("refused" if held else "good")
    assert database.value("SELECT COUNT(*) FROM pauses") == (0 if held else 1)
    assert len(mail.mails) == (0 if held else 2)
    assert cli.run("sweep", "--accept").status == GOOD
    assert cli.run("sweep").status == GOOD, "accepted once, the clock is believed from then on"


def test_a_refused_sweep_does_not_make_the_next_one_refuse(cli, database, swept):
    """A clock that was ahead and is right again."""
    swept("- INTERVAL 1 HOUR")
    swept("+ INTERVAL 90 DAY", "refused")
    cli.good("sweep")


def test_weeks_in_which_nobody_was_paused_do_not_stop_the_rest(api, cli, mail, swept):
    """The other brake held each day; somebody is still to be reminded today."""
    swept("- INTERVAL 42 DAY")
    for days in range(41, 0, -1):
        swept(f"- INTERVAL {days} DAY", "braked")
    api.record("mentor-1", in_days(-300), in_days(10))
    assert cli.sweep()["reminders"]["sent"] == 1
    assert len(mail.mails) == 2


def test_as_of_another_day_does_not_ask_the_clock(cli, swept):
    swept("- INTERVAL 41 DAY")
    assert cli.run("sweep", "--as-of", in_days(3)).status == GOOD


def test_a_dry_run_tells_of_the_clock_and_leaves_no_row(cli, database, swept):
    swept("- INTERVAL 41 DAY")
    done = cli.good("sweep", "--dry-run")
    assert "would refuse to do anything" in done.err
    assert database.value("SELECT COUNT(*) FROM sweeps") == 1


def test_a_dry_run_tells_of_the_clock_before_it_tells_of_the_many(cli, expire, swept):
    expire(11)
    swept("- INTERVAL 41 DAY")
    done = cli.good("sweep", "--dry-run", "--json")
    assert "would refuse to do anything" in done.json()["brake"]
    assert done.json()["brake"] in done.err


# The row of each sweep

def test_a_good_sweep_leaves_its_figures(api, cli, last):
    api.record("mentor-1", in_days(-400), in_days(-1))
    report = cli.sweep()
    row = last()
    assert (row["result"], row["says"]) == ("good", None)
    assert json.loads(row["figures"]) == report
    assert row["host"] and row["started_at"] <= row["completed_at"]


def test_what_could_not_be_handled_shows_in_the_row(api, cli, ledger, last):
    api.record("mentor-1", in_days(-400), in_days(-1))
    ledger.break_pausing_of("mentor-1")
    assert cli.run("sweep").status == BAD_DATA
    assert last()["result"] == "failures"


def test_a_relay_that_is_away_shows_in_the_row(api, cli, mail, last):
    api.record("mentor-1", in_days(-400), in_days(-1))
    mail.away()
    assert cli.run("sweep").status == UNAVAILABLE
    assert last()["result"] == "failures"


def test_a_sweep_whose_end_cannot_be_written_down_has_failed(cli, database, last, watcher):
    database.run("CREATE TRIGGER refuse_end BEFORE UPDATE ON sweeps FOR EACH ROW"
                 " IF NEW.result = 'good' THEN SIGNAL SQLSTATE '45000'"
                 " SET MESSAGE_TEXT = 'refused by the test'; END IF")
    done = cli.with_settings(JOBS_PING_URL=watcher.at("/ping")).run("sweep")
    assert done.status == BUG, done
    assert last()["result"] == "failed"
    assert watcher.paths == ["/ping/start", "/ping/fail"]
    database.run("DROP TRIGGER refuse_end")
    cli.good("sweep")


def test_a_run_that_finds_no_number_is_not_taken_for_another_run(cli, database, last):
    database.run("CREATE TRIGGER no_number BEFORE INSERT ON job_runs FOR EACH ROW"
                 " SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 1062, MESSAGE_TEXT = 'taken'")
    done = cli.run("sweep")
    assert done.status == BUG and done.err, done
    assert last()["result"] == "failed"


def test_a_sweep_that_was_killed_stays_running(api, cli, database, ledger, last):
    api.record("mentor-1", in_days(-400), in_days(-1))
    ledger.slow_down("pauses", 5)
    with cli.start("sweep") as sweep:
        while not database.run("SELECT 1 FROM leases"):
            assert sweep.poll() is None
        sweep.kill()
    assert (last()["result"], last()["completed_at"]) == ("running", None)


# Leases

@pytest.fixture
def hold(database):
    def take(job, until="+ INTERVAL 60 SECOND"):
        database.run("INSERT INTO leases (name, holder, token, until_at)"
                     f" VALUES (%s, 'another host', 7, UTC_TIMESTAMP(3) {until})", job)
    return take


@pytest.mark.parametrize("job, other", [("expiry", "reminders"), ("reminders", "expiry")])
def test_what_another_run_does_is_left_to_it_quietly_and_the_rest_is_done(
        api, cli, hold, mail, last, job, other):
    api.record("mentor-1", in_days(-400), in_days(-1))
    api.record("mentor-2", in_days(-400), in_days(10))
    hold(job)
    done = cli.run("sweep")
    assert (done.status, done.out, done.err) == (BUSY, "", "")
    assert len(mail.mails) == 2
    assert last()["result"] == "left"
    assert f"another run of the {job} job" in last()["says"]
    assert json.loads(last()["figures"])["left"] == last()["says"]
    assert json.loads(last()["figures"])[job] is None
    assert json.loads(last()["figures"])[other]["failures"] == []


def test_asked_to_be_verbose_it_says_what_it_left(cli, hold):
    hold("expiry")
    done = cli.run("sweep", "-v")
    assert "another run of the expiry job is going on" in done.out


def test_the_lease_of_a_dead_run_is_taken_over_under_a_larger_token(api, cli, database, hold):
    api.record("mentor-1", in_days(-400), in_days(-1))
    hold("expiry", "- INTERVAL 1 SECOND")
    assert cli.sweep()["expiry"]["auto_paused"] == 1
    lease = database.one("SELECT * FROM leases WHERE name = 'expiry'")
    assert lease["token"] == 8
    host, pid, word = lease["holder"].split("/")
    assert host and pid.isdigit() and len(word) == 12
    assert lease["taken_at"] <= lease["heartbeat_at"]


def test_of_two_sweeps_at_once_one_is_good_and_the_other_leaves_no_trace(
        api, cli, database, watcher):
    watcher.delay = 0.5  # so long each sweep waits at its beginning, the lease in its hand
    both = cli.with_settings(JOBS_PING_URL=watcher.at("/ping"))
    met = 0
    for _ in range(20):
        watcher.posts.clear()
        database.run("DELETE FROM sweeps")
        api.record("mentor-1", in_days(-400), in_days(-1))
        sweeps = [both.start("sweep") for _ in range(2)]
        said = [sweep.communicate() for sweep in sweeps]
        statuses = sorted(sweep.returncode for sweep in sweeps)
        assert said == [("", "")] * 2
        assert set(statuses) <= {GOOD, BUSY} and GOOD in statuses
        good = statuses.count(GOOD)
        assert [row["result"] for row in database.run("SELECT result FROM sweeps")] == \
            ["good"] * good
        assert watcher.paths == ["/ping/start", "/ping"] * good
        met += BUSY in statuses
    assert met > 10, "they hardly ever met: this test shows nothing"


def test_the_second_sweep_says_why_it_does_nothing_when_asked(cli, database, hold):
    hold("sweep")
    done = cli.run("sweep", "-v", "--json")
    assert done.status == BUSY, done
    assert done.json()["left"] == "another sweep is going on"
    assert done.json()["expiry"] is None and done.json()["reminders"] is None
    assert database.value("SELECT COUNT(*) FROM sweeps") == 0
    assert database.value("SELECT token FROM leases WHERE name = 'sweep'") == 7


def test_after_the_death_of_a_sweep_the_next_one_waits_until_its_lease_has_run_out(
        api, cli, database, ledger, last):
    api.record("mentor-1", in_days(-400), in_days(-1))
    ledger.slow_down("pauses", 5)
    with cli.start("sweep") as sweep:
        while not database.run("SELECT 1 FROM leases WHERE name = 'expiry'"):
            assert sweep.poll() is None
        sweep.kill()
    database.run("DROP TRIGGER slow_pauses")
    assert cli.run("sweep").status == BUSY
    database.run("UPDATE leases SET until_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND")
    assert cli.sweep()["expiry"]["auto_paused"] == 1
    assert last()["result"] == "good"
    assert database.value("SELECT token FROM leases WHERE name = 'sweep'") == 2


def test_a_sweep_that_takes_long_keeps_its_lease(api, cli, database, directory, mail):
    for n in range(8):
        directory.add_mentor(f"m-{n}", coordinator_id=None, email=f"m-{n}@example.org")
        api.record(f"m-{n}", in_days(-400), in_days(-1))
    mail.delay = 1
    long = cli.with_settings(JOBS_LEASE=5, NOTIFY_SENDERS=1)
    began = time.monotonic()
    with long.start("sweep", "--accept") as sweep:
        time.sleep(6.5)
        second = cli.run("sweep")
        assert sweep.poll() is None, "too fast: this test shows nothing"
        assert second.status == BUSY, second
        assert sweep.wait() == GOOD
    assert time.monotonic() - began > 6.5
    assert [row["result"] for row in database.run("SELECT result FROM sweeps")] == ["good"]


def test_without_a_database_no_row_is_left_and_it_says_so(cli):
    away = Cli({**cli.settings, "MENTORWATCH_DATABASE_SOCKET": "/nonexistent/db.sock"})
    assert away.run("sweep").status == UNAVAILABLE
