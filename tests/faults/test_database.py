# SPDX-License-Identifier: MIT
"""The database is killed and started again, over and over, while people work."""
import threading
import time

import pytest

import oracle
from stack import env
from stack.client import Client

SHORT, LONG = 8, 30
CLIENTS = 6
UP = (0.3, 0.9)  # seconds between a start and the next kill
AWAY = 1.5  # seconds, every third time: longer than a unit of work waits


@pytest.fixture
def clients(api, directory):
    stop = threading.Event()
    clients = [Client(api, number, stop) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    yield clients
    stop.set()
    for client in clients:
        client.join(env.PATIENCE)


def test_what_was_acknowledged_outlives_each_kill_of_the_database(
        clients, server, database, worker, api, cli, mail, chance, form):
    pid = worker.process.pid
    for number in range(form(SHORT, LONG)):
        time.sleep(chance.uniform(*UP))
        server.kill()
        time.sleep(0 if number % 3 else AWAY)
        server.start()
        env.wait_until(lambda: api.get("/readyz").status == 200, "the worker to be ready", 5)
    time.sleep(UP[0])
    clients[0].stop.set()
    for client in clients:
        client.join(env.PATIENCE)
        assert client.fault is None, client.fault
    assert worker.process.running() and worker.process.pid == pid
    lost = [fault for client in clients for fault in client.lost(database)]
    doubled = [fault for client in clients for fault in client.doubled(database)]
    assert not lost + doubled
    good = sum(len(client.certifications) for client in clients)
    refused = sum(len(client.refusals) for client in clients)
    assert good > 20 * form(SHORT, LONG) and refused > 0, "too few to show anything"
    # What waits is delivered afterwards, and nothing is half done. (What the worker has in hand keeps
    # the sweep from those who are told of it.)
    worker.restart()
    database.run("UPDATE messages SET lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND"
                 " WHERE lease_until IS NOT NULL")
    cli.good("sweep")
    wrong, repeated = oracle.letters(database, mail)
    assert not wrong + oracle.halves(database) + oracle.doubles(database)
    print(f"{good} certifications acknowledged, {refused} requests refused with 503,"
          f" {repeated} mails repeated")
