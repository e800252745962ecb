# SPDX-License-Identifier: MIT
"""The jobs handle hundreds of certifications in one transaction: what that must not change, and
what it is for."""
import concurrent.futures
import threading
import time

import pytest

from stack.api import CERTIFICATIONS
from stack.mariadb import APP_USER
from stack.times import in_days

ISSUED = "UTC_TIMESTAMP(3) - INTERVAL 400 DAY"


@pytest.fixture
def crowd(database):
    """crowd(100, -5): so many mentors, m-0 and so on, who are told in the application, each with a
    certification of that type that expires in so many days."""
    def make(count, days, kind="first_aid"):
        rows = range(count)
        database.run(
            "INSERT IGNORE INTO mentors (mentor_id, organisation_id, name, channels) VALUES "
            + ", ".join(f"('m-{n}', 'org-oslo', 'Mentor {n}', 'in_app')" for n in rows))
        database.run(
            "INSERT INTO certifications (certification_id, mentor_id, certification_type,"
            " issued_at, expires_at, created_at, updated_at) VALUES " + ", ".join(
                f"('{kind}{days}-{n}', 'm-{n}', '{kind}', {ISSUED}, UTC_TIMESTAMP(3) +"
                f" INTERVAL {days} DAY, {ISSUED}, {ISSUED})" for n in rows))
    return make


@pytest.fixture
def counted(database):
    """counted("Com_stmt_execute", work): by how much the server's figure grows meanwhile."""
    def measure(figure, work):
        def now():
            return int(database.one("SHOW GLOBAL STATUS LIKE %s", figure)["Value"])
        before = now()
        work()
        return now() - before
    return measure


@pytest.mark.parametrize("batch, due, broken", [(500, 500, "m-250"), (200, 1000, "m-450")])
def test_one_that_cannot_be_handled_leaves_all_others_alone(
        crowd, cli, ledger, database, batch, due, broken):
    """Those of its own batch, and those of a batch beside it."""
    crowd(due, -5)
    ledger.break_pausing_of(broken)
    expiry = cli.with_settings(JOBS_BATCH=batch).sweep("--accept")["expiry"]
    assert (expiry["expired_found"], expiry["auto_paused"]) == (due, due - 1)
    assert [f["mentor_id"] for f in expiry["failures"]] == [broken]
    for table in ("pauses", "pause_events", "expiry_logs", "messages"):
        assert database.value(f"SELECT COUNT(*) FROM {table}") == due - 1, table
    assert {row["outcome"]: row["n"] for row in database.run(
        "SELECT outcome, COUNT(*) AS n FROM decisions GROUP BY outcome")} == {
            "paused": due - 1, "failed": 1}


@pytest.mark.parametrize("days, done", [(-5, "pauses"), (5, "reminders")])
def test_a_batch_of_a_hundred_takes_hardly_more_statements_than_one(
        crowd, cli, counted, database, days, done):
    crowd(1, days, "driving")
    one = counted("Com_stmt_execute", lambda: cli.sweep("--accept"))
    crowd(100, days)
    hundred = counted("Com_stmt_execute", lambda: cli.sweep("--accept"))
    assert database.value(f"SELECT COUNT(*) FROM {done}") == 101
    assert hundred <= one + 5


def test_the_records_of_a_batch_are_in_the_order_of_the_expiries(api, cli, database):
    for mentor, days in (("mentor-3", -4), ("mentor-1", -6), ("mentor-2", -5)):
        api.record(mentor, in_days(-400), in_days(days))
    cli.sweep()
    for table in ("pauses", "pause_events", "expiry_logs", "decisions"):
        assert [row["mentor_id"] for row in database.run(
            f"SELECT mentor_id FROM {table} ORDER BY seq")] == [
                "mentor-1", "mentor-2", "mentor-3"], table


def test_several_of_one_batch_take_over_the_pauses_of_older_ones(crowd, api, cli, ledger, database):
    crowd(30, -9)
    cli.sweep("--accept")
    crowd(30, -2)
    assert cli.sweep("--accept")["expiry"]["auto_paused"] == 30
    assert database.value(
        "SELECT COUNT(*) FROM pauses WHERE closed_because = 'superseded'") == 30
    assert api.find("first_aid-9-7")["auto_pause_applied"] is False
    assert [pause["certification_id"] for pause in ledger.open_pauses("m-7")] == ["first_aid-2-7"]


def test_reminders_of_a_batch_are_numbered_and_follow_their_messages(crowd, cli, database):
    crowd(120, 5)
    database.run("UPDATE mentors SET channels = 'email' WHERE mentor_id = 'm-50'")
    cli.sweep()
    rows = database.run("SELECT seq, id, mentor_id, status, sent_at FROM reminders ORDER BY seq")
    assert [row["id"] for row in rows] == [f"rem-{row['seq']:03}" for row in rows]
    assert [row["mentor_id"] for row in rows] == [f"m-{n}" for n in range(120)]
    assert [row["mentor_id"] for row in rows if row["status"] != "delivered"] == ["m-50"]
    assert database.value(
        "SELECT COUNT(*) FROM messages m JOIN reminders r ON r.id = m.event_id"
        " WHERE r.mentor_id <> m.mentor_id OR m.state = 'sent' AND m.sent_at <> r.sent_at") == 0


def test_changes_of_mentors_of_the_batch_wait_and_nobody_is_refused(crowd, api, cli, ledger):
    """Whoever holds one mentor never waits for another, so a batch that holds hundreds stands in
    nobody's way for longer than it takes."""
    crowd(200, -5)
    ledger.slow_down("expiry_logs", 0.002)
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        swept = pool.submit(cli.sweep, "--accept")
        renewals = [pool.submit(api.put, f"{CERTIFICATIONS}/first_aid-5-{n}",
                                {"expires_at": in_days(300)}) for n in range(0, 200, 5)]
        assert {future.result().status for future in renewals} == {200}
    assert swept.result()["expiry"]["failures"] == []
    for n in range(0, 200, 5):
        assert not ledger.is_paused(f"m-{n}")


EVERYTHING = ("pauses", "pause_events", "expiry_logs", "messages", "decisions")


def of_each(database):
    """How many rows of each table there are, and for how many certifications."""
    return {table: tuple(database.one(
        f"SELECT COUNT(*), COUNT(DISTINCT {key}) FROM {table}").values()) for table, key in zip(
            EVERYTHING, ("certification_id", "mentor_id", "certification_id", "certification_id",
                         "certification_id"))}


@pytest.fixture
def in_steps(cli):
    """A sweep that takes 200 at a time, so that two can be at it."""
    return cli.with_settings(JOBS_BATCH=200)


@pytest.mark.parametrize("connections, more", [(1, 0), (2, 1)])
def test_a_second_connection_is_opened_where_more_than_a_batch_is_due(
        crowd, in_steps, counted, database, connections, more):
    with_one = counted("Connections", lambda: in_steps.sweep("--accept"))
    crowd(450, -5)
    swept = {}
    used = counted("Connections", lambda: swept.update(
        in_steps.with_settings(JOBS_CONNECTIONS=connections).sweep("--accept")))
    assert used == with_one + more
    assert (swept["expiry"]["expired_found"], swept["expiry"]["auto_paused"]) == (450, 450)
    assert of_each(database) == dict.fromkeys(EVERYTHING, (450, 450))


def test_what_is_due_in_one_batch_takes_no_second_connection(crowd, in_steps, counted):
    with_one = counted("Connections", lambda: in_steps.sweep("--accept"))
    crowd(150, -5)
    assert counted("Connections", lambda: in_steps.sweep("--accept")) == with_one


def test_what_one_mentor_holds_may_be_in_two_batches_at_the_same_time(crowd, in_steps, database):
    for days in (-9, -8, -7, -6):
        crowd(150, days, f"type{days}")
    expiry = in_steps.sweep("--accept")["expiry"]
    assert (expiry["auto_paused"], expiry["failures"]) == (600, [])
    assert {table: count for table, (count, _) in of_each(database).items()} == dict.fromkeys(
        EVERYTHING, 600)
    for table in ("pauses", "expiry_logs", "messages", "decisions"):
        assert database.value(f"SELECT COUNT(DISTINCT certification_id) FROM {table}") == 600


def test_a_job_goes_on_alone_where_there_is_no_second_connection(
        crowd, in_steps, server, database):
    crowd(450, -5)
    limited = f"ALTER USER {APP_USER}_sweep@localhost WITH MAX_USER_CONNECTIONS"
    server.run(f"{limited} 1")
    try:
        done = in_steps.run("sweep", "--accept")
    finally:
        server.run(f"{limited} 0")
    assert done.status == 0 and "event=job_alone job=expiry" in done.err, done
    assert of_each(database) == dict.fromkeys(EVERYTHING, (450, 450))


@pytest.fixture
def others(server, database):
    """others(): from then on somebody else asks the database, a thousand times a second."""
    ended = threading.Event()
    line = server.connect(database.name)

    def ask():
        with line.cursor() as cursor:
            while not ended.wait(0.001):
                cursor.execute("SELECT 1")

    with line, concurrent.futures.ThreadPoolExecutor(1) as pool:
        asking = []
        yield lambda: asking.append(pool.submit(ask))
        ended.set()
        for each in asking:
            each.result()


def test_beside_others_a_job_makes_do_with_one_connection(
        crowd, in_steps, ledger, counted, database, others):
    with_one = counted("Connections", lambda: in_steps.sweep("--accept"))
    crowd(1000, -5)
    ledger.slow_down("expiry_logs", 0.0005)
    others()
    done = []
    used = counted("Connections", lambda: done.append(in_steps.run("sweep", "--accept")))
    assert "event=job_gives_way job=expiry" in done[0].err, done[0].err
    assert used == with_one
    assert of_each(database) == dict.fromkeys(EVERYTHING, (1000, 1000))


def test_a_job_that_has_the_database_to_itself_does_not_give_way(crowd, in_steps, database):
    crowd(2000, -5)
    done = in_steps.run("sweep", "--accept")
    assert done.status == 0 and "job_gives_way" not in done.err, done
    assert of_each(database) == dict.fromkeys(EVERYTHING, (2000, 2000))


def paused(database, count, sweep):
    """Waits until so many are; asks seldom, or the job would give way."""
    while database.value("SELECT COUNT(*) FROM pauses") < count:
        assert sweep.poll() is None
        time.sleep(0.2)


def hold(cursor, *mentors):
    cursor.execute("START TRANSACTION")
    for mentor in mentors:
        cursor.execute("INSERT INTO mentor_locks VALUES (%s, 1) ON DUPLICATE KEY UPDATE"
                       " taken = taken + 1", (mentor,))


def test_a_job_goes_on_alone_when_others_come(crowd, in_steps, server, database, others):
    crowd(1200, -5)
    with server.connect(database.name) as holder, holder.cursor() as cursor:
        hold(cursor, "m-300", "m-500")
        with in_steps.start("sweep", "--accept") as sweep:
            paused(database, 200, sweep)
            time.sleep(1)  # until both wait for a mentor
            others()
            time.sleep(0.5)
            holder.rollback()
            _, said = sweep.communicate()
    assert sweep.returncode == 0 and "event=job_gives_way job=expiry" in said, said
    assert of_each(database) == dict.fromkeys(EVERYTHING, (1200, 1200))


def test_after_a_kill_between_two_batches_the_next_sweep_does_the_other(
        crowd, in_steps, server, database):
    crowd(600, -5)
    with server.connect(database.name) as holder, holder.cursor() as cursor:
        hold(cursor, "m-300")
        with in_steps.start("sweep", "--accept") as sweep:
            paused(database, 400, sweep)
            sweep.kill()
        holder.rollback()
    assert database.value("SELECT COUNT(*) FROM pauses") == 400
    database.run("UPDATE leases SET until_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND")
    assert in_steps.sweep("--accept")["expiry"]["auto_paused"] == 200
    assert of_each(database) == dict.fromkeys(EVERYTHING, (600, 600))


def test_a_run_that_lost_its_lease_begins_no_batch_with_either_connection(
        crowd, in_steps, server, database):
    """Its batches hold the lease together, so it is lost when both are done."""
    crowd(1200, -5)
    with server.connect(database.name) as holder, holder.cursor() as cursor:
        hold(cursor, "m-300", "m-500")
        with in_steps.start("sweep", "--accept") as sweep:
            paused(database, 200, sweep)
            time.sleep(1)  # until both wait for a mentor
            taking = concurrent.futures.ThreadPoolExecutor(1).submit(
                database.server.connect(database.name).cursor().execute,
                "UPDATE leases SET holder = 'another', token = token + 1")
            time.sleep(0.2)
            holder.rollback()
            sweep.communicate()
        taking.result()
    assert sweep.returncode != 0
    assert database.value("SELECT COUNT(*) FROM pauses") == 600
