# SPDX-License-Identifier: MIT
"""Requests that are there when a thread looks for more: those that read a row by its id are held
back, and share a statement. A worker of one thread sleeps until all have been sent."""
import contextlib
import json
import os
import re
import signal
import time

import pytest

from stack.api import CERTIFICATIONS, NOTIFICATIONS, REMINDERS
from stack.fastcgi import Connection, request_bytes
from stack.many import plant
from stack.times import in_days
from stack.worker import Worker

MOST = 8  # MOST_AT_ONCE of http/gateway.h


class Sleeper:
    """A worker that sees nothing of what is sent until it is woken."""

    def __init__(self, worker, stack):
        self.worker = worker
        self.stack = stack

    def send(self, data):
        """On a connection of its own."""
        connection = self.stack.enter_context(Connection(self.worker.socket))
        connection.send(data)
        return connection

    @contextlib.contextmanager
    def asleep(self):
        os.kill(self.worker.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.worker.process.pid, signal.SIGCONT)

    def ask(self, *requests):
        """What they are answered, when all are there at once."""
        with self.asleep():
            connections = [self.send(request_bytes(*request)) for request in requests]
        answers = [connection.answer() for connection in connections]
        return [(status, json.loads(body) if body else None) for status, _, body in answers]


@pytest.fixture
def sleeper(folder, settings, directory):
    worker = Worker(folder, settings, name="sleeper", threads=1)
    worker.start()
    with contextlib.ExitStack() as stack:
        yield Sleeper(worker, stack)
    worker.stop()


@pytest.fixture
def filled(database, directory):
    for table in ("certifications", "reminders", "expiry_notifications"):
        plant(database, table, 30)


def statements(database):
    return int(database.one("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'")["Value"])


def get(number):
    return "GET", f"{CERTIFICATIONS}/cert_{number}"


@pytest.mark.usefixtures("filled")
def test_they_share_a_statement(sleeper, database):
    sleeper.ask(get(1))
    before = statements(database)
    answers = sleeper.ask(*(get(number) for number in range(1, MOST + 1)))
    assert [answer["certification_id"] for _, answer in answers] == [
        f"cert_{number}" for number in range(1, MOST + 1)]
    assert statements(database) - before == 1


@pytest.mark.usefixtures("filled")
def test_those_of_several_tables_share_one_each(sleeper, database):
    paths = [f"{CERTIFICATIONS}/cert_1", f"{CERTIFICATIONS}/cert_2", f"{CERTIFICATIONS}/missing"]
    for table, path, key in (("reminders", REMINDERS, "id"),
                             ("expiry_notifications", NOTIFICATIONS, "notification_id")):
        some = database.run(f"SELECT {key} FROM {table} ORDER BY seq LIMIT 2")
        paths += [f"{path}/{row[key]}" for row in some]
    alone = [sleeper.ask(("GET", path))[0] for path in paths]
    before = statements(database)
    answers = sleeper.ask(*(("GET", path) for path in paths))
    assert statements(database) - before == 3
    assert [status for status, _ in answers] == [200, 200, 404, 200, 200, 200, 200]
    for (status, answer), expected in zip(answers, alone):
        if status == 200:
            assert answer == expected[1]


@pytest.mark.usefixtures("filled")
def test_more_than_it_holds_back_are_answered_too(sleeper, database):
    sleeper.ask(get(1))
    before = statements(database)
    answers = sleeper.ask(*(get(1 + number % 30) for number in range(3 * MOST)))
    assert {status for status, _ in answers} == {200}
    assert statements(database) - before == 3


@pytest.mark.usefixtures("filled")
def test_whatever_comes_between_is_served_in_its_turn(sleeper):
    change = json.dumps({"expires_at": in_days(77)}).encode()
    was, changed, now, listed, nowhere, head, wrong, last = sleeper.ask(
        get(3), ("PUT", f"{CERTIFICATIONS}/cert_3", change), get(3),
        ("GET", f"{CERTIFICATIONS}?limit=2"), ("GET", "/nowhere"),
        ("HEAD", f"{CERTIFICATIONS}/cert_3"), ("GET", f"{CERTIFICATIONS}/cert_3?odd=1"), get(4))
    assert was[0] == now[0] == last[0] == changed[0] == 200
    assert was[1]["expires_at"] != now[1]["expires_at"] == changed[1]["expires_at"]
    assert len(listed[1]["data"]) == 2 and nowhere[0] == 404
    assert head == (200, None) and wrong[0] == 400


@pytest.mark.usefixtures("filled")
def test_those_that_are_answered_at_once_do_not_keep_it_waiting(sleeper):
    sleeper.ask(get(1), *[("GET", "/nowhere")] * 20)
    paths = re.findall(r" path=(\S+)", sleeper.worker.log())[-21:]
    assert paths.index(f"{CERTIFICATIONS}/cert_1") <= 1, paths


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("there", [1, 10, 60])
def test_none_waits_for_one_that_has_come_in_part(sleeper, there):
    whole = request_bytes(*get(2))
    with sleeper.asleep():
        first = sleeper.send(request_bytes(*get(1)))
        slow = sleeper.send(whole[:there])
    assert first.answer()[0] == 200
    slow.send(whole[there:])
    assert slow.answer()[0] == 200


@pytest.mark.usefixtures("filled")
def test_a_connection_that_was_lost_is_replaced_unseen(sleeper, database):
    sleeper.ask(get(1))
    with sleeper.asleep():
        connections = [sleeper.send(request_bytes(*get(number))) for number in range(1, 6)]
        for row in database.run("SELECT id FROM information_schema.processlist WHERE id <>"
                                " CONNECTION_ID() AND db = DATABASE()"):
            database.run(f"KILL {int(row['id'])}")
    assert [connection.answer()[0] for connection in connections] == [200] * 5


def test_without_a_database_all_wait_once(folder, settings):
    """Not one after the other."""
    nowhere = {**settings, "MENTORWATCH_DATABASE_SOCKET": "/nonexistent/db.sock"}
    worker = Worker(folder, nowhere, name="nowhere", threads=1)
    worker.start()
    with contextlib.ExitStack() as stack:
        sleeper = Sleeper(worker, stack)
        began = time.monotonic()
        assert sleeper.ask(get(1))[0][0] == 503
        alone = time.monotonic() - began
        began = time.monotonic()
        answers = sleeper.ask(*(get(number) for number in range(MOST)))
        together = time.monotonic() - began
    worker.stop()
    assert {status for status, _ in answers} == {503}
    assert together < 3 * alone + 1


@pytest.mark.usefixtures("filled")
def test_a_database_that_is_back_is_asked_again(sleeper, server):
    """Though nothing but reads by id comes to the thread that has found it away."""
    sleeper.ask(get(1))
    server.stop()
    try:
        assert sleeper.ask(get(1))[0][0] == 503
    finally:
        server.start()
    assert sleeper.ask(get(1))[0][0] == 200
