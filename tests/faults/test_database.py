# SPDX-License-Identifier: MIT
"""The database is killed and started again, over and over, while people work."""
import itertools
import threading
import time

import pytest

import oracle
from stack import env
from stack.api import CERTIFICATIONS, PAUSES
from stack.times import in_days

SHORT, LONG = 8, 30
CLIENTS = 6
UP = (0.3, 0.9)  # seconds between a start and the next kill
AWAY = 1.5  # seconds, every third time: longer than a unit of work waits


class Client(threading.Thread):
    """Somebody who records certifications, changes and removes some, and pauses mentors, and who
    remembers what was acknowledged. Nobody else touches this mentor."""

    def __init__(self, api, number, stop):
        super().__init__()
        self.api = api
        self.mentor = f"mentor-{number + 1}"
        self.stop = stop
        self.certifications = {}  # id → its expiry as acknowledged; None: removed
        self.in_doubt = set()  # ids of which a change was not acknowledged
        self.kinds = {}  # certification_type → whether it was acknowledged
        self.messages = []  # their numbers
        self.refused = 0
        self.fault = None

    def run(self):
        try:
            for number in itertools.count():
                if self.stop.is_set():
                    return
                self.step(number)
        except BaseException as fault:  # told by the test
            self.fault = fault

    def ask(self, method, path, body=None):
        """The JSON of a good answer, None when there was none. Any other is a fault."""
        reply = self.api.request(method, path, body)
        if reply.status == 503:
            self.refused += 1
            time.sleep(0.02)
            return None
        assert reply.status < 300, reply
        return reply.json

    def step(self, number):
        made = self.record(f"kind-{number}")
        if made and number % 3 == 0:
            renewed = in_days(500)
            self.change(made, "PUT", {"expires_at": renewed}, renewed)
        if made and number % 7 == 0:
            self.change(made, "DELETE", None, None)
        if number % 5 == 0:
            self.pause(f"reason {number}")

    def record(self, kind):
        self.kinds[kind] = False
        made = self.ask("POST", CERTIFICATIONS, {
            "mentor_id": self.mentor, "certification_type": kind, "issued_at": in_days(-10),
            "expires_at": in_days(400)})
        if made is None:
            return None
        self.kinds[kind] = True
        self.certifications[made["certification_id"]] = made["expires_at"]
        return made["certification_id"]

    def change(self, name, method, body, becomes):
        self.in_doubt.add(name)
        if self.ask(method, f"{CERTIFICATIONS}/{name}", body) is not None:
            self.in_doubt.remove(name)
            self.certifications[name] = becomes

    def pause(self, reason):
        paused = self.ask("POST", f"{PAUSES}/pause-activated",
                          {"mentor_id": self.mentor, "pause_reason": reason})
        if paused is not None:
            self.messages += [int(told["message_id"].removeprefix("msg-"))
                            for told in paused["notifications_dispatched"]]

    def lost(self, database):
        """What was acknowledged and is not there."""
        rows = {row["certification_id"]: row for row in database.run(
            "SELECT certification_id, DATE_FORMAT(expires_at, '%%Y-%%m-%%dT%%TZ') AS expires_at"
            " FROM certifications WHERE mentor_id = %s", self.mentor)}
        for name, expiry in self.certifications.items():
            found = rows[name]["expires_at"] if name in rows else None
            if found != expiry and name not in self.in_doubt:
                yield f"{self.mentor}: {name} is {found} and was acknowledged as {expiry}"
        messages = {row["seq"] for row in database.run(
            "SELECT seq FROM messages WHERE mentor_id = %s", self.mentor)}
        yield from (f"{self.mentor}: message {seq}" for seq in self.messages if seq not in messages)

    def doubled(self, database):
        for row in database.run(
                "SELECT certification_type AS kind, COUNT(*) AS number FROM certifications"
                " WHERE mentor_id = %s GROUP BY kind", self.mentor):
            if row["number"] > 1 or row["kind"] not in self.kinds:
                yield f"{self.mentor}: {row['kind']} is there {row['number']} times"


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
    refused = sum(client.refused for client in clients)
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
