# SPDX-License-Identifier: MIT
"""A database that has no room just now: no connection, no query left. Shared hosts set such
limits. It is said so, and nobody asks again in a tight loop."""
import concurrent.futures
import json
import time

import pymysql
import pytest

from stack import env
from stack.api import CERTIFICATIONS
from stack.cli import BUSY, Cli
from stack.fastcgi import Connection
from stack.mariadb import APP_PASSWORD, APP_USER
from stack.times import in_days
from stack.worker import Worker

NEW = json.dumps({"mentor_id": "mentor-3", "certification_type": "t", "issued_at": in_days(-1),
                  "expires_at": in_days(9)}).encode()


@pytest.fixture
def limit(server):
    """limit(words): what the accounts of the server and of the jobs may do from now on."""
    def set_limit(words):
        for account in (APP_USER, f"{APP_USER}_sweep"):
            server.run(f"ALTER USER {account}@localhost WITH {words}")
        server.run("FLUSH USER_RESOURCES")
    yield set_limit
    set_limit("MAX_QUERIES_PER_HOUR 0 MAX_USER_CONNECTIONS 0")


@pytest.fixture
def limited(folder, settings, directory, limit):
    """A worker without a connection yet."""
    worker = Worker(folder, settings, name="limited", threads=2)
    worker.start()
    yield worker
    limit("MAX_QUERIES_PER_HOUR 0 MAX_USER_CONNECTIONS 0")
    worker.stop()


def ask(worker, method="GET", body=b""):
    with Connection(worker.socket) as connection:
        return connection.ask(method, CERTIFICATIONS, body)


def times_asked(worker):
    """How often the database has refused it, in all."""
    return worker.process.log_path.read_text().count("event=database")


def is_busy(status, headers, answer):
    problem = json.loads(answer)
    return (status, problem["type"], int(headers.get("retry-after", 0)) > 0) == (
        503, "urn:mentorwatch:problem:busy", True)


def test_an_account_without_a_free_connection_is_503_at_once_and_75(
        limited, server, settings, limit):
    limit("MAX_USER_CONNECTIONS 1")
    taken = [pymysql.connect(unix_socket=str(server.socket), user=account, password=APP_PASSWORD)
             for account in (APP_USER, f"{APP_USER}_sweep")]
    try:
        began, before = time.monotonic(), times_asked(limited)
        assert is_busy(*ask(limited))
        assert is_busy(*ask(limited, "POST", NEW))
        assert time.monotonic() - began < 1
        assert times_asked(limited) == before + 2, "asked in a loop"
        done = Cli(settings).run("sweep")
        assert done.status == BUSY, done
        assert "no room" in done.err
    finally:
        for connection in taken:
            connection.close()
    env.wait_until(lambda: ask(limited)[0] == 200, "the connection to be free")


def test_an_account_whose_queries_are_used_up_is_503_and_75_and_goes_on_later(
        limited, api, settings, limit, ledger):
    for mentor in ("mentor-1", "mentor-2"):
        api.record(mentor, in_days(-400), in_days(-1))
    limit("MAX_QUERIES_PER_HOUR 12")
    answers = [ask(limited, "POST", NEW) for _ in range(12)]
    assert answers[0][0] == 201
    assert is_busy(*answers[-1]), answers
    limit("MAX_QUERIES_PER_HOUR 3")
    done = Cli(settings).run("sweep")
    assert done.status == BUSY, done
    limit("MAX_QUERIES_PER_HOUR 0")
    assert ask(limited)[0] == 200
    Cli(settings).good("sweep")
    assert ledger.is_paused("mentor-1") and ledger.is_paused("mentor-2")


def test_a_sweep_that_runs_out_of_queries_in_its_middle_is_finished_by_a_later_one(
        api, settings, limit, ledger, database):
    for mentor in ("mentor-1", "mentor-2"):
        api.record(mentor, in_days(-400), in_days(-1))
    statuses = set()
    for queries in range(10, 130, 12):
        limit(f"MAX_QUERIES_PER_HOUR {queries}")
        statuses.add(Cli(settings).run("sweep").status)
        limit("MAX_QUERIES_PER_HOUR 0")
        database.run("UPDATE leases SET until_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND")
        database.run("UPDATE messages SET lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND"
                     " WHERE lease_until IS NOT NULL")
    assert BUSY in statuses
    Cli(settings).good("sweep")
    for mentor in ("mentor-1", "mentor-2"):
        assert len(ledger.open_pauses(mentor)) == 1
        assert ledger.events(mentor) == ["pause_activated"]
        assert [m["state"] for m in ledger.messages(mentor)] == ["sent", "sent"]


def test_a_server_without_a_free_connection_is_75_to_cron(server, settings, directory):
    held = []
    try:
        with pytest.raises(pymysql.OperationalError):
            while True:
                held.append(server.connect())
        done = Cli(settings).run("sweep")
        assert done.status == BUSY, done
    finally:
        for connection in held:
            connection.close()


def test_a_statement_that_the_server_interrupts_is_said_again(limited, server, database, directory):
    database.run("INSERT INTO mentor_locks (mentor_id, taken) VALUES ('mentor-3', 1)")
    holder = server.connect(database.name)
    with holder.cursor() as cursor, concurrent.futures.ThreadPoolExecutor() as pool:
        cursor.execute("START TRANSACTION")
        cursor.execute("SELECT * FROM mentor_locks FOR UPDATE")
        answer = pool.submit(ask, limited, "POST", NEW)
        waits = env.wait_until(lambda: database.run(
            "SELECT id FROM information_schema.processlist WHERE user = %s AND info LIKE"
            " '%%mentor_locks%%'", APP_USER), "a request that waits for the lock")
        database.run(f"KILL QUERY {waits[0]['id']}")
        holder.rollback()
        assert answer.result()[0] == 201
    holder.close()


@pytest.mark.parametrize("words,status", [
    ('Got error 28 "No space left on device" from storage engine InnoDB', 503),  # MariaDB
    ("Got error 28 - 'No space left on device' from storage engine", 503),  # MySQL
    ('Got error 168 "Unknown (generic) error from engine" from storage engine InnoDB', 500),
    ('Got error 1 "Operation not permitted" from storage engine InnoDB', 500),
])
def test_an_error_of_the_storage_engine_is_no_lack_of_room_unless_the_disk_is_full(
        limited, database, directory, words, status):
    quoted = words.replace("'", "''")
    database.run("CREATE TRIGGER fails BEFORE INSERT ON certifications FOR EACH ROW"
                 f" SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1030, MESSAGE_TEXT = '{quoted}'")
    try:
        answer = ask(limited, "POST", NEW)
        assert answer[0] == status and is_busy(*answer) == (status == 503)
    finally:
        database.run("DROP TRIGGER fails")


def test_a_full_disk_is_503_for_who_writes_and_nothing_for_who_reads(
        limited, database, directory):
    """A table in memory that is full gives the very error; each new certification needs it."""
    database.run("SET SESSION max_heap_table_size = 16384")
    database.run("DROP TABLE IF EXISTS full")
    database.run("CREATE TABLE full (words CHAR(255)) ENGINE = MEMORY")
    try:
        with pytest.raises(pymysql.OperationalError, match="is full"):
            while True:
                database.run("INSERT INTO full VALUES ('words')")
        database.run("CREATE TRIGGER fill BEFORE INSERT ON certifications FOR EACH ROW"
                     " INSERT INTO full VALUES ('words')")
        before = times_asked(limited)
        assert is_busy(*ask(limited, "POST", NEW))
        assert times_asked(limited) == before + 1, "asked in a loop"
        assert ask(limited)[0] == 200
        database.run("DELETE FROM full")
        assert ask(limited, "POST", NEW)[0] == 201
        assert database.value("SELECT COUNT(*) FROM certifications") == 1
    finally:
        database.run("DROP TRIGGER IF EXISTS fill")
        database.run("DROP TABLE full")
        database.run("SET SESSION max_heap_table_size = DEFAULT")
