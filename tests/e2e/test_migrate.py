# SPDX-License-Identifier: MIT
"""`mentorwatch migrate`: in order, once, and on after a crash at any statement."""
import concurrent.futures
import itertools
import time

import pytest

from stack import env
from stack.cli import BUSY, GOOD, UNAVAILABLE, Cli

FILES = sorted((env.SOURCE / "sql").glob("[0-9][0-9][0-9][0-9]-*.sql"))


def statements_of(path):
    """As the migrator takes a file apart: comments away, one after the other."""
    text = "\n".join(line for line in path.read_text().splitlines() if not line.startswith("--"))
    return [part.strip() for part in text.split(";") if part.strip()]


STATEMENTS = [(version, index, statement)
              for version, path in enumerate(FILES, 1)
              for index, statement in enumerate(statements_of(path))]

names = (f"migrate{n}" for n in itertools.count())


@pytest.fixture
def empty(server, common_settings):
    """A schema with nothing in it, and the program that knows it."""
    database = server.new_database(next(names))
    yield database, Cli({**common_settings, **database.settings()})
    server.run(f"DROP DATABASE {database.name}")


def shape(database):
    """Every table as the server would write it down."""
    return {table: database.one(f"SHOW CREATE TABLE {table}")["Create Table"]
            for table in database.tables() if table != database.OWN_RECORD}


def history(database):
    return database.run("SELECT * FROM schema_migrations ORDER BY version")


def test_an_empty_database_gets_every_migration_in_order(empty):
    database, cli = empty
    cli.good("migrate")
    rows = history(database)
    assert [row["name"] for row in rows] == [path.name for path in FILES]
    assert [row["version"] for row in rows] == list(range(1, len(FILES) + 1))
    for row, path in zip(rows, FILES):
        assert row["statements"] == len(statements_of(path))
        assert row["finished_at"] is not None
        assert len(row["checksum"]) == 64
    assert {"certifications", "mentors", "messages", "pauses", "reminders"} <= \
        set(database.tables())


def test_migrating_again_changes_nothing(empty):
    database, cli = empty
    cli.good("migrate")
    before, checksums = history(database), database.checksums()
    assert cli.good("migrate").out == f"up to date: version {len(FILES)}\n"
    assert (history(database), database.checksums()) == (before, checksums)


def test_the_plan_prints_the_sql_and_changes_nothing(empty):
    database, cli = empty
    plan = cli.good("migrate", "--plan").out
    for path in FILES:
        assert path.name in plan
    places = [plan.index(f"CREATE TABLE {table}") for table in
              ("organisations", "certifications", "pauses", "leases", "messages")]
    assert places == sorted(places)
    assert database.tables() == []


def test_the_plan_of_a_finished_database_has_no_sql(empty):
    database, cli = empty
    cli.good("migrate")
    before = history(database)
    assert cli.good("migrate", "--plan").out == f"-- up to date: version {len(FILES)}\n"
    assert history(database) == before


def test_what_was_tampered_with_is_refused(empty):
    database, cli = empty
    cli.good("migrate")
    database.run("UPDATE schema_migrations SET checksum = REPEAT('0', 64) WHERE version = 2")
    before = history(database)
    done = cli.run("migrate")
    assert done.status != GOOD
    assert FILES[1].name in done.err
    assert history(database) == before


def test_a_tampered_one_stops_those_behind_it(empty):
    database, cli = empty
    cli.good("migrate")
    database.run("DELETE FROM schema_migrations WHERE version = %s", len(FILES))
    database.run("DROP TABLE idempotency_keys")
    database.run("UPDATE schema_migrations SET checksum = REPEAT('0', 64) WHERE version = 1")
    assert cli.run("migrate").status != GOOD
    assert "idempotency_keys" not in database.tables()


@pytest.fixture(scope="module")
def whole(server, common_settings):
    database = server.new_database("whole")
    Cli({**common_settings, **database.settings()}).good("migrate")
    yield database
    server.run("DROP DATABASE whole")


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "done but not recorded"])
@pytest.mark.parametrize("place", range(len(STATEMENTS)))
def test_after_a_crash_at_any_statement_the_next_run_finishes(empty, whole, place, recorded):
    """The last statement before the crash happened; its record was written, or was not."""
    database, cli = empty
    version, index, _ = STATEMENTS[place]
    database.run(whole.one("SHOW CREATE TABLE schema_migrations")["Create Table"])
    database.run("INSERT INTO schema_migrations SELECT * FROM whole.schema_migrations"
                 " WHERE version <= %s", version)
    database.run("UPDATE schema_migrations SET statements = %s, finished_at = NULL"
                 " WHERE version = %s", index + 1 if recorded else index, version)
    for _, _, statement in STATEMENTS[:place + 1]:
        database.run(statement)
    cli.good("migrate")
    assert shape(database) == shape(whole)
    assert all(row["finished_at"] for row in history(database))
    cli.good("migrate")


MOMENTS = ("(SELECT 'a' AS name, '2026-03-01 12:00:00' AS moment UNION"
           " SELECT 'b', '2026-03-01 12:00:01' UNION SELECT 'c', '2026-03-01 23:00:00' UNION"
           " SELECT 'd', '2026-03-02') moments")


def test_of_two_records_for_one_day_the_first_keeps_its_certification(empty):
    """As they could be made before the day was in the key."""
    database, cli = empty
    cli.good("migrate")
    for table, key, moment in (("reminders", "reminder_once", "expires_at"),
                               ("expiry_notifications", "expiry_notification_once",
                                "expiry_date")):
        database.run(f"DROP INDEX {key}_a_cycle ON {table}")
        database.run(f"ALTER TABLE {table} DROP COLUMN expires_on")
        database.run(f"CREATE UNIQUE INDEX {key} ON {table}"
                     f" (certification_id, {moment}, threshold_days)")
    database.run("DELETE FROM schema_migrations WHERE name = '0011-cycles.sql'")
    database.run("INSERT INTO reminders (id, certification_id, expires_at, mentor_id,"
                 " threshold_days, days_remaining, channel, status, sent_at, created_at,"
                 " updated_at) SELECT name, 'cert', moment, 'm', 7, 7, 'email', 'delivered',"
                 f" moment, moment, moment FROM {MOMENTS} ORDER BY name")
    database.run("INSERT INTO expiry_notifications (notification_id, certification_id,"
                 " expiry_date, mentor_id, threshold_days, sent_at, created_at, updated_at)"
                 f" SELECT name, 'cert', moment, 'm', 7, moment, moment, moment FROM {MOMENTS}"
                 " ORDER BY name")
    cli.good("migrate")
    for table in ("reminders", "expiry_notifications"):
        assert [row["certification_id"] for row in database.run(
            f"SELECT certification_id FROM {table} ORDER BY seq")] == ["cert", None, None, "cert"]


def test_a_statement_that_fails_for_another_reason_is_told(empty):
    database, cli = empty
    database.run("CREATE TABLE certifications (certification_id INT)")
    done = cli.run("migrate")
    assert done.status != GOOD
    assert "certifications" in done.err
    unfinished = [row["name"] for row in history(database) if row["finished_at"] is None]
    assert unfinished == ["0002-certifications.sql"]


def test_a_schema_newer_than_the_program_is_left_alone(empty):
    database, cli = empty
    cli.good("migrate")
    database.run("INSERT INTO schema_migrations SELECT version + 1, '0099-later.sql', checksum,"
                 " statements, started_at, finished_at FROM schema_migrations"
                 " ORDER BY version DESC LIMIT 1")
    before = history(database)
    assert cli.run("migrate").status != GOOD
    assert history(database) == before


def test_two_migrators_at_once_do_not_disturb_each_other(empty, whole):
    database, cli = empty
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for done in pool.map(lambda _: cli.run("migrate"), range(3)):
            assert done.status == GOOD, done
    assert shape(database) == shape(whole)


def test_a_migrator_that_died_is_waited_for_and_no_longer(empty, whole):
    database, cli = empty
    database.run(whole.one("SHOW CREATE TABLE schema_lock")["Create Table"])
    database.run("INSERT INTO schema_lock VALUES (1, 'dead', UTC_TIMESTAMP(3) + INTERVAL 3 SECOND)")
    began = time.monotonic()
    cli.good("migrate")
    assert time.monotonic() - began > 2.5
    assert shape(database) == shape(whole)
    assert database.run("SELECT * FROM schema_lock") == []


def test_a_migrator_that_has_lost_its_lock_stops(empty, whole):
    """To one that took it for dead."""
    database, cli = empty
    with cli.start("migrate") as migrate:
        env.wait_until(lambda: "schema_lock" in database.tables() and
                       database.run("SELECT 1 FROM schema_lock"), "the lock")
        database.run("UPDATE schema_lock SET holder = 'another',"
                     " until_at = UTC_TIMESTAMP(3) + INTERVAL 2 SECOND")
        err = migrate.communicate(timeout=env.PATIENCE)[1]
    assert migrate.returncode == BUSY and "another migration has taken over" in err
    cli.good("migrate")
    assert shape(database) == shape(whole)


def test_every_table_has_a_primary_key(whole):
    """A cluster tells rows apart by it, on Galera and in MySQL's group replication alike."""
    without = whole.run("SELECT t.table_name FROM information_schema.tables t WHERE t.table_schema ="
                        " DATABASE() AND t.table_type = 'BASE TABLE' AND NOT EXISTS (SELECT 1 FROM"
                        " information_schema.statistics s WHERE s.table_schema = t.table_schema AND"
                        " s.table_name = t.table_name AND s.index_name = 'PRIMARY')")
    assert not without and len(whole.tables()) > 20


def test_no_statement_asks_for_a_lock_by_name():
    """It would hold on one node of a cluster alone."""
    sources = [path for path in (env.SOURCE / "src").rglob("*.[ch]")]
    assert len(sources) > 100
    assert not [path for path in sources if "GET_LOCK" in path.read_text().upper()]


def test_without_a_database_it_says_so(cli):
    away = Cli({**cli.settings, "MENTORWATCH_DATABASE_SOCKET": "/nonexistent/db.sock"})
    done = away.run("migrate")
    assert done.status == UNAVAILABLE, done
    assert done.err


def test_no_migration_needs_more_than_the_rights_of_the_app(whole):
    """They ran as the app's own user, who may make no trigger, no event and no procedure."""
    grants = str(whole.server.run("SHOW GRANTS FOR mentorwatch@localhost"))
    for right in ("SUPER", "TRIGGER", "EVENT", "ALL PRIVILEGES", "CREATE ROUTINE"):
        assert right not in grants
