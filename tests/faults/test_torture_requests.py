# SPDX-License-Identifier: MIT
"""Each allocation, call on a socket and call to the database fails in turn, in a request to each
route: the answer is good or an honest 5xx, all is done or nothing, and the program goes on."""
import http.client
import json

import pytest

import failing
from failing import ALLOCATION, DATABASE, SOCKET, Failing
from stack import env
from stack.api import Api
from stack.directory import Directory
from stack.nginx import Nginx
from stack.routes import those
from stack.worker import Worker

SHORT = 3  # calls of a kind that fail, of each route
# What says how things went, and not what is so.
ASIDE = ("counts", "delivery_counters", "idempotency_keys", "leases", "message_attempts",
         "relays", "unit_marks")
# Beside what HTTP has: the client can tell that this is not the whole answer, and that none came.
CUT_SHORT, NO_ANSWER = 598, 600
KINDS = (ALLOCATION, SOCKET, DATABASE)


@pytest.fixture(scope="module")
def failures(folder):
    return Failing(folder / "failing")


@pytest.fixture(scope="module")
def tortured(folder, settings, failures):
    """A worker whose calls can be let fail; one thread, so that they come in the same order."""
    worker = Worker(folder, {
        **settings, **failures.environment, "MENTORWATCH_NOTIFY_SENDERS": "1",
        "MENTORWATCH_NOTIFY_DEADLINE": "2"}, name="tortured", threads=1)
    worker.start()
    yield worker
    worker.stop()


@pytest.fixture(scope="module")
def tortured_api(folder, tortured):
    nginx = Nginx(folder / "nginx-tortured", tortured.socket)
    nginx.start()
    yield Api(nginx)
    nginx.stop()


class Torture:
    """One route, over and over, each time from the same beginning."""

    def __init__(self, route, api, database, failures):
        self.route = route
        self.api = route.client(api)
        self.public = api
        self.database = database
        self.failures = failures
        self.jobs = route.path.endswith(("/run", "/check"))  # several transactions

    def state(self):
        return {table: count for table, count in self.database.counts().items()
                if table not in ASIDE}

    def begin(self):
        """The path of the request, when all is as in the beginning."""
        self.database.empty()
        Directory(self.database).fill()
        name = self.route.made(self.public) if self.route.is_by_id else "nothing"
        return self.route.at(name)

    def fresh_connections(self):
        """So that connecting and preparing are among what fails."""
        server = self.database.server
        for row in server.run("SHOW PROCESSLIST"):
            if row["User"] == "mentorwatch":
                server.run(f"KILL {row['Id']}")

    def ask(self, path):
        """Status and body. Whoever asks is no part of the test, so nothing is checked here."""
        connection = self.api.nginx.connection()
        body = None if self.route.body is None else json.dumps(self.route.body)
        headers = {"Content-Type": "application/json"} if body else {}
        if self.api.token:
            headers["Authorization"] = f"Bearer {self.api.token}"
        try:
            connection.request(self.route.method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except http.client.IncompleteRead as error:
            return CUT_SHORT, repr(error)
        except (OSError, http.client.HTTPException) as error:
            return NO_ANSWER, repr(error)
        finally:
            connection.close()

    def good(self):
        """What the request does when nothing fails: status, state before, state after."""
        path = self.begin()
        before = self.state()
        status, body = self.ask(path)
        assert status < 300, body
        return status, before, self.state()

    def fail(self, kind, at, expected):
        """Let one call fail; whether there was one of that number."""
        error = failing.ERRORS[kind][at % len(failing.ERRORS[kind])]
        path = self.begin()
        self.fresh_connections()
        self.failures.arm(kind, at, error)
        status, body = self.ask(path)
        reached = self.failures.disarm() >= at
        what = f"{failing.NAMES[kind]} {at} ({error}) at {self.failures.where}: {status} {body}"
        good_status, before, after = expected
        found = self.state()
        asked_again = kind != failing.DATABASE and self.route.method == "PUT"
        if asked_again and found["audit"] == after["audit"] + 1:
            found["audit"] -= 1  # its answer was lost, and nginx has asked again
        if status == 404 and self.route.method == "DELETE":
            good_status = 404  # its answer was lost, and nginx has asked again
        assert status == good_status or 500 <= status < NO_ANSWER, what
        if not self.jobs:
            allowed = (after,) if status < 500 else (before, after)
            assert found in allowed, f"{what}\n{found}\n{before}\n{after}"
        return reached

    def calls(self, kind):
        """How many there are."""
        path = self.begin()
        self.fresh_connections()
        self.failures.arm(kind, 0)
        self.ask(path)
        return self.failures.disarm()


@pytest.mark.parametrize("route", **those())
def test_whatever_fails_in_a_request_is_told_and_leaves_no_half(
        route, tortured_api, tortured, database, failures, directory, chance, form):
    if not tortured.process.running():
        tortured.start()
    torture = Torture(route, tortured_api, database, failures)
    pid = tortured.process.pid
    expected = torture.good()
    for kind in KINDS:
        calls = torture.calls(kind)
        numbers = failures.numbers(kind, chance)
        if len(numbers) > form(SHORT, calls):
            numbers = sorted(chance.sample(numbers, SHORT))
        for at in numbers:
            torture.fail(kind, at, expected)
            assert tortured.process.running() and tortured.process.pid == pid, (
                f"{failing.NAMES[kind]} {at} of {calls} at {failures.where}:"
                f" it has ended\n{tortured.log()}")
    assert torture.good() == expected
