# SPDX-License-Identifier: MIT
"""A program that is newer than the schema waits for `mentorwatch migrate`, and one that is older goes
on."""
import json

import pytest

from stack.api import CERTIFICATIONS, RUN
from stack.cli import BUSY, Cli
from stack.fastcgi import Connection
from stack.mariadb import APP_USER
from stack.times import in_days
from stack.worker import Worker

NEW = {"mentor_id": "mentor-3", "certification_type": "t", "issued_at": in_days(-1),
       "expires_at": in_days(9)}
COMMANDS = (("sweep",), ("dispatch",), ("cron",), ("status",), ("outbox", "list"), ("counts",),
            ("explain", "mentor-3"))


@pytest.fixture
def behind(new_schema):
    """A schema whose last migration is not finished: database, settings."""
    database, settings = new_schema("mw_behind")
    undo(database)
    return database, settings


def undo(database):
    database.run("UPDATE schema_migrations SET finished_at = NULL ORDER BY version DESC LIMIT 1")


@pytest.fixture
def ask(folder, behind):
    worker = Worker(folder, behind[1], name="behind", threads=1)
    worker.start()

    def ask(method, path, body=None):
        with Connection(worker.socket) as connection:
            status, _, answer = connection.ask(method, path, json.dumps(body).encode() if body else b"")
        return status, json.loads(answer)
    yield ask
    worker.stop()


def test_requests_wait_for_the_schema_and_go_on_with_it(ask, behind):
    database, settings = behind
    for request in (("GET", CERTIFICATIONS), ("POST", CERTIFICATIONS, NEW), ("POST", RUN, {}),
                    ("GET", "/readyz"), ("GET", "/metrics")):
        status, problem = ask(*request)
        assert status == 503 and problem["type"] == "urn:mentorwatch:problem:outdated", request
        assert "mentorwatch migrate" in problem["detail"]
    assert ask("GET", "/healthz")[0] == 200
    assert database.value("SELECT COUNT(*) FROM certifications") == 0
    assert database.value("SELECT COUNT(*) FROM job_runs") == 0
    Cli(settings).good("migrate")
    assert ask("GET", CERTIFICATIONS)[0] == 200
    undo(database)
    for row in database.run("SELECT id FROM information_schema.processlist WHERE db = %s AND"
                            " user = %s", database.name, APP_USER):
        database.run(f"KILL {row['id']}")
    assert ask("GET", CERTIFICATIONS)[0] == 200, "asked again, though the schema was good"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_commands_wait_for_the_schema(behind, command):
    done = Cli(behind[1]).run(*command)
    assert done.status == BUSY and "mentorwatch migrate" in done.err, done
    assert behind[0].value("SELECT COUNT(*) FROM sweeps") == 0


def test_without_any_schema_it_is_the_same(server, common_settings):
    database = server.new_database("mw_nothing")
    done = Cli({**common_settings, **database.settings()}).run("sweep")
    assert done.status == BUSY and "mentorwatch migrate" in done.err, done


def test_a_program_that_is_older_than_the_schema_goes_on(new_schema):
    database, settings = new_schema("mw_ahead")
    database.run("INSERT INTO schema_migrations SELECT version + 1, '0099-later.sql', checksum,"
                 " statements, started_at, finished_at FROM schema_migrations"
                 " ORDER BY version DESC LIMIT 1")
    Cli(settings).good("sweep")
