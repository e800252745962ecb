# SPDX-License-Identifier: MIT
"""What must not be seen when requests share a statement: its failures, and the rows of others. A
worker of many threads is asked directly, so that many meet."""
import json
import threading

import pymysql
import pytest

from stack.api import CERTIFICATIONS, NOTIFICATIONS, REMINDERS
from stack.fastcgi import Connection
from stack.many import plant
from stack.recorder import at_once
from stack.worker import Worker

pytestmark = pytest.mark.usefixtures("directory")

THREADS, ROUNDS = 24, 40


@pytest.fixture
def ask(settings, folder):
    """ask(path): status and JSON, from a worker of many threads."""
    worker = Worker(folder, settings, name="gathering", threads=THREADS)
    worker.start()

    def ask(path):
        with Connection(worker.socket) as connection:
            status, _, answer = connection.ask("GET", path)
        return status, json.loads(answer)
    yield ask
    worker.stop()


def statements(database):
    return int(database.one("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'")["Value"])


@pytest.mark.parametrize("table, path, key", [
    ("certifications", CERTIFICATIONS, "certification_id"),
    ("reminders", REMINDERS, "id"),
    ("expiry_notifications", NOTIFICATIONS, "notification_id"),
])
def test_each_gets_what_it_asked_for(ask, database, table, path, key):
    plant(database, table, 300)
    there = [row[key] for row in database.run(f"SELECT {key} FROM {table} ORDER BY seq")]
    alone = {name: ask(f"{path}/{name}") for name in there}
    assert len({answer[key] for status, answer in alone.values() if status == 200}) > 200

    def get(number):
        name = there[number * 7 % len(there)] if number % 4 else f"missing-{number}"
        return name, ask(f"{path}/{name}")
    before = statements(database)
    for name, answer in at_once(get, ROUNDS, THREADS):
        if name in alone and alone[name][0] == 200:
            assert answer == alone[name]
        else:
            assert answer[0] == 404 and name in answer[1]["detail"]
    assert statements(database) - before < THREADS * ROUNDS, "none was shared: this shows nothing"


def test_an_odd_id_is_nobody_elses_trouble(ask, database):
    plant(database, "certifications", 50)

    def get(number):
        name = ("cert_1", "cert_2%20", "x" * 3000, "%F0%9F%98%80")[number % 4]
        return number % 4, ask(f"{CERTIFICATIONS}/{name}")[0]
    answers = set(at_once(get, ROUNDS, THREADS))
    assert (0, 200) in answers and len(answers) == 4, answers


def test_connections_that_are_lost_meanwhile_are_replaced_unseen(ask, database, server):
    plant(database, "certifications", 50)
    done = threading.Event()

    def kill():
        while not done.wait(0.05):
            for row in database.run("SELECT id FROM information_schema.processlist WHERE id <>"
                                     " CONNECTION_ID() AND command <> 'Daemon'"):
                try:
                    database.run(f"KILL {int(row['id'])}")
                except pymysql.err.OperationalError:  # it has ended by itself
                    pass
    killer = threading.Thread(target=kill)
    killer.start()
    try:
        answers = at_once(lambda number: ask(f"{CERTIFICATIONS}/cert_{1 + number % 50}"),
                          ROUNDS, THREADS)
    finally:
        done.set()
        killer.join()
    assert {status for status, _ in answers} == {200}
