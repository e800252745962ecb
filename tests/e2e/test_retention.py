# SPDX-License-Identifier: MIT
"""What is older than the settings retention.* say is removed by the sweep, and nothing else."""
import datetime

import pytest

from stack import env, times
from stack.api import NOTIFICATIONS, PAUSES, REMINDERS
from stack.cli import GOOD
from stack.many import ROWS, plant
from stack.tables import numbers
from stack.times import in_days

DAYS, PLANTED = 100, 2500  # rows of each list: some batches
KINDS = ["messages", "in_app", "reminders", "expiry_notifications", "pauses", "pause_events",
         "expiry_log", "decisions", "runs", "sweeps", "audit"]
LISTED = {"reminders": ("reminders", "sent_at < %s"),
          "expiry_notifications": ("expiry_notifications", "sent_at < %s AND expiry_date < %s"),
          "pause_events": ("pause_events", "created_at < %s"),
          "expiry_log": ("expiry_logs", "applied_at < %s")}


def removed(done):
    """What a sweep reports, without zeros."""
    assert done.status == GOOD and done.err == "", done
    told = done.json()["removed"]
    assert list(told) == KINDS
    return {kind: number for kind, number in told.items() if number}


def sweep_at(cli, moment):
    return cli.run("sweep", "--accept", "--json", "--as-of", moment)


def counted(database, table, condition="TRUE", *values):
    return database.value(f"SELECT COUNT(*) FROM {table} WHERE {condition}", *values)


@pytest.fixture
def strict(cli):
    """With a sweep that keeps what lists show for so many days only."""
    return cli.with_settings(**{f"RETENTION_{kind.upper()}": DAYS for kind in LISTED})


@pytest.fixture
def planted(database, cli, directory):
    for table in ROWS:
        if table != "certifications":
            plant(database, table, PLANTED)
    cli.good("counts", "--repair")
    return database


def sweep_that_keeps_from(cli, day):
    begin = datetime.datetime.fromisoformat(f"{day}T00:00:00+00:00")
    return sweep_at(cli, times.at(begin + datetime.timedelta(days=DAYS)))


@pytest.mark.parametrize("day", ["2026-01-31", "2026-02-02", "2026-02-20", "2026-03-10", "2026-05-01"])
def test_rows_of_lists_go_by_age_and_totals_stay_exact(planted, strict, wrong, day):
    old = {kind: counted(planted, table, older, *[day] * older.count("%s"))
           for kind, (table, older) in LISTED.items()}
    assert removed(sweep_that_keeps_from(strict, day)) == {k: n for k, n in old.items() if n}
    for kind, (table, older) in LISTED.items():
        assert counted(planted, table, older, *[day] * older.count("%s")) == 0
        assert counted(planted, table) == PLANTED - old[kind]
    assert not wrong()
    assert "right" in strict.good("counts").out
    assert removed(sweep_that_keeps_from(strict, day)) == {}


def test_counts_are_right_before_anybody_recounts(planted, strict, wrong, ledger):
    """The recount that ends a sweep has found nothing to mend: it would have said so."""
    planted.run("UPDATE pause_events SET counted = FALSE WHERE seq % 3 = 0")  # as if just changed
    strict.good("counts", "--repair")
    done = sweep_that_keeps_from(strict, "2026-02-02")
    assert "repaired" not in done.err and removed(done)["pause_events"] == 1439
    assert not wrong()


def test_what_is_cut_off_is_gone_on_with(planted, strict, ledger, wrong):
    """Killed in the middle of a batch: the batch is undone, those before it are done."""
    ledger.slow_down("pause_events", 0.001, "DELETE")
    strict = strict.with_settings(JOBS_LEASE=5)
    child = strict.start("sweep", "--accept", "--as-of", "2026-12-01T00:00:00Z")
    env.wait_until(lambda: counted(planted, "pause_events") < PLANTED, "the first batch")
    child.kill()
    child.communicate()
    left = counted(planted, "pause_events")
    assert 0 < left < PLANTED
    assert counted(planted, "pause_events", "seq <= (SELECT MIN(seq) FROM pause_events) + 999") > 0
    assert not wrong()
    planted.run("DROP TRIGGER slow_pause_events")
    planted.run("UPDATE leases SET until_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND")
    assert removed(sweep_at(strict, "2026-12-01T00:00:00Z"))["pause_events"] == left
    assert not wrong()


def test_no_transaction_removes_more_than_a_thousand(planted, strict):
    """Each leaves a mark as its last statement: how many rows are there then?"""
    planted.run("CREATE TABLE seen (n INT AUTO_INCREMENT PRIMARY KEY, events INT)")
    try:
        planted.run("CREATE TRIGGER note AFTER INSERT ON unit_marks FOR EACH ROW"
                    " INSERT INTO seen (events) SELECT COUNT(*) FROM pause_events")
        assert removed(sweep_that_keeps_from(strict, "2026-05-01"))["pause_events"] == PLANTED
        seen = [PLANTED] + [row["events"] for row in planted.run("SELECT events FROM seen ORDER BY n")]
        assert max(before - after for before, after in zip(seen, seen[1:])) <= 1000
        assert seen[-1] == 0
    finally:
        planted.run("DROP TRIGGER note")
        planted.run("DROP TABLE seen")


def test_unless_a_setting_says_so_what_the_contracts_list_stays(planted, cli):
    told = removed(sweep_at(cli, "2090-01-01T00:00:00Z"))
    assert not set(told) & set(LISTED) and "pauses" not in told
    assert {counted(planted, table) for table, _ in LISTED.values()} == {PLANTED}


@pytest.fixture
def told(api, mail, directory, database, ledger):
    """One message was sent, one failed, one waits, one is in the app."""
    for mentor, answer in (("mentor-1", None), ("mentor-2", "550 no"), ("mentor-3", "450 busy")):
        address = database.value("SELECT email FROM mentors WHERE mentor_id = %s", mentor)
        if answer:
            mail.refused[address] = answer
    for n, channel in ((1, "email"), (2, "email"), (3, "email"), (1, "in_app")):
        assert api.post(REMINDERS, {
            "mentor_id": f"mentor-{n}", "coordinator_id": directory.COORDINATOR,
            "days_remaining": 14 + n, "channel": channel}).status == 201
    env.wait_until(lambda: counted(
        database, "messages", "channel = 'email' AND attempts = 0") == 0, "each to be tried")
    assert sorted((row["channel"], row["state"]) for row in database.run(
        "SELECT channel, state FROM messages")) == [
            ("email", "failed"), ("email", "queued"), ("email", "sent"), ("in_app", "sent")]
    return database


def test_messages_that_ended_go_with_their_attempts_those_that_wait_stay(told, cli, mail):
    assert removed(cli.run("sweep", "--json")) == {}
    before = counted(told, "message_attempts")
    gone = removed(cli.run("sweep", "--json", "--accept", "--as-of", in_days(731)))
    assert gone == {"messages": 2, "in_app": 1, "runs": 2}
    [left] = told.run("SELECT seq, state, channel FROM messages")
    assert (left["state"], left["channel"]) == ("queued", "email")
    assert 0 < counted(told, "message_attempts") < before
    assert counted(told, "message_attempts", "message_seq <> %s", left["seq"]) == 0
    assert counted(told, "reminders") == 4


@pytest.mark.parametrize("setting, kind", [("MESSAGES", "messages"), ("IN_APP", "in_app")])
def test_each_kind_has_its_setting_and_0_is_for_ever(told, cli, setting, kind):
    sweeps = cli.with_settings(RETENTION_MESSAGES=0, RETENTION_IN_APP=0)
    assert removed(sweeps.run("sweep", "--json", "--as-of", in_days(20000), "--accept")).get(kind) is None
    sweeps = sweeps.with_settings(**{f"RETENTION_{setting}": 30})
    assert removed(sweeps.run("sweep", "--json", "--accept", "--as-of", in_days(29))) == {}
    told_now = removed(sweeps.run("sweep", "--json", "--accept", "--as-of", in_days(31)))
    assert list(told_now) == [kind]


def test_it_says_in_words_what_it_removed(told, cli):
    done = cli.good("sweep", "-v", "--accept", "--as-of", in_days(731))
    assert "removed because they were old: messages 2, in_app 1\n" in done.out
    assert "removed" not in cli.good("sweep", "-v", "--accept", "--as-of", in_days(731)).out


def test_as_if_it_were_another_day_nothing_goes_unless_that_is_accepted(told, cli, database):
    before = database.counts()["messages"]
    cli.good("sweep", "--as-of", in_days(9000))
    assert database.counts()["messages"] == before > 0
    cli.good("sweep", "--accept", "--as-of", in_days(9000))
    assert database.counts()["messages"] < before


def test_a_dry_run_removes_nothing(told, cli):
    before = told.checksums()
    assert removed(cli.run("sweep", "--json", "--dry-run", "--as-of", in_days(900))) == {}
    assert told.checksums() == before


def test_a_reminder_stays_as_long_as_its_certification_is_valid(api, cli, directory, mail, database):
    """Or it would be sent once more."""
    sweeps = cli.with_settings(RETENTION_REMINDERS=1, RETENTION_EXPIRY_NOTIFICATIONS=1)
    api.record("mentor-1", in_days(-300), in_days(13))
    assert sweeps.sweep()["reminders"]["sent"] == 1
    for day in (3, 5):
        report = sweeps.sweep("--accept", "--as-of", in_days(day))
        assert report["reminders"]["sent"] == 0
        assert (report["removed"]["reminders"], report["removed"]["expiry_notifications"]) == (0, 0)
    report = sweeps.sweep("--accept", "--as-of", in_days(16))
    assert (report["removed"]["reminders"], report["removed"]["expiry_notifications"]) == (1, 1)


def test_a_decision_that_would_be_made_again_stays(api, cli, directory, mail, database):
    api.record("mentor-1", in_days(-300), in_days(-2))
    api.record("mentor-2", in_days(-300), in_days(-2))
    api.record("mentor-2", in_days(-300), in_days(3000))
    cli.good("sweep", "--accept")
    assert {row["outcome"] for row in database.run("SELECT outcome FROM decisions")} == {
        "paused", "superseded"}
    for expected in (1, 0, 0):
        report = cli.sweep("--accept", "--as-of", in_days(800))
        assert report["removed"]["decisions"] == expected
    assert [row["outcome"] for row in database.run("SELECT outcome FROM decisions")] == ["superseded"]
    assert "superseded" in cli.good("explain", "mentor-2").out


def test_an_old_decision_goes_though_a_thousand_before_it_were_made_again(cli, directory, database):
    database.run(
        "INSERT INTO decisions (certification_id, expires_at, threshold_days, mentor_id, outcome,"
        " decided_at) SELECT CONCAT('c', seq), '2020-01-01', 7, 'mentor-1', 'superseded',"
        " IF(seq > 1000, '2020-02-01', UTC_TIMESTAMP()) FROM " + numbers(1002))
    assert cli.sweep()["removed"]["decisions"] == 2
    assert counted(database, "decisions") == 1000


def test_pauses_go_once_they_are_closed_if_a_setting_says_so(api, cli, directory, mail, database):
    for n in (1, 2):
        assert api.post(f"{PAUSES}/pause-activated", {"mentor_id": f"mentor-{n}",
                                                      "pause_reason": "studies"}).status == 200
    assert api.post(f"{PAUSES}/pause-lifted", {"mentor_id": "mentor-1"}).status == 200
    assert cli.sweep("--accept", "--as-of", in_days(900))["removed"]["pauses"] == 0
    sweeps = cli.with_settings(RETENTION_PAUSES=30)
    assert sweeps.sweep("--accept", "--as-of", in_days(29))["removed"]["pauses"] == 0
    assert sweeps.sweep("--accept", "--as-of", in_days(31))["removed"]["pauses"] == 1
    assert counted(database, "pauses", "mentor_id = 'mentor-2' AND closed_at IS NULL") == 1


def test_runs_sweeps_and_the_audit_go_but_not_what_is_needed(api, cli, directory, database):
    api.record("mentor-1", in_days(-300), in_days(-2))
    cli.good("sweep", "--accept")
    cli.good("sweep")
    [named] = database.run("SELECT DISTINCT job_run_id FROM expiry_logs")
    before = counted(database, "audit")
    report = cli.sweep("--accept", "--as-of", in_days(900))["removed"]
    assert (report["runs"], report["sweeps"], report["audit"]) == (3, 1, 0)
    assert counted(database, "job_runs", "job_run_id = %s", named["job_run_id"]) == 1
    cli.good("status")  # the last good sweep is still known
    assert counted(database, "audit") == before + 3
    report = cli.sweep("--accept", "--as-of", in_days(1100))["removed"]
    assert report["audit"] == before + 6
    assert api.get(NOTIFICATIONS).status == 200


def test_the_server_which_may_not_leaves_it_to_the_jobs(settings, cli, new_site, database, directory):
    """Under its own account: POST /api/v1/cron sweeps, and removes nothing but what counts for a day."""
    token = "the-service-token-of-a-small-host-8642"
    site = new_site("slices", {**settings, "MENTORWATCH_API_CRON": "on",
                               "MENTORWATCH_API_SERVICE_TOKEN": token,
                               "MENTORWATCH_JOBS_HOUR": "0"})
    plant(database, "pause_events", 3)
    database.run("INSERT INTO audit (done_at, actor, role, deed) VALUES ('2020-01-01', 'x', 'x', 'x')")
    database.run("INSERT INTO unit_marks VALUES ('old', '2020-01-01')")
    answer = site.signed_in(token).post("/api/v1/cron")
    assert answer.status == 200 and answer.json["swept"], answer
    assert counted(database, "unit_marks", "token = 'old'") == 0
    assert counted(database, "audit", "actor = 'x'") == 1
    assert cli.sweep()["removed"]["audit"] == 1
