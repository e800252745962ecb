# SPDX-License-Identifier: MIT
"""Asks a worker of many threads directly, so that many requests meet in it."""
import concurrent.futures
import json
import threading

from .api import CERTIFICATIONS
from .fastcgi import Connection
from .times import in_days

THREADS, ROUNDS = 16, 20


class Recorder:
    """Asks the worker to record certifications, each of a type of its own."""

    def __init__(self, worker):
        self.worker = worker

    def ask(self, method, path, body=None, **more):
        data = b"" if body is None else json.dumps(body).encode()
        with Connection(self.worker.socket) as connection:
            status, headers, answer = connection.ask(method, path, data, **more)
        return status, headers, json.loads(answer)

    def record(self, mentor, kind, begins=-10, ends=400, **more):
        return self.ask("POST", CERTIFICATIONS, {
            "mentor_id": mentor, "certification_type": kind, "issued_at": in_days(begins),
            "expires_at": in_days(ends)}, **more)


def at_once(what, rounds=ROUNDS, threads=THREADS):
    """what(number) in so many threads, some times each, all beginning together."""
    start = threading.Barrier(threads)

    def run(thread):
        start.wait()
        return [what(thread * rounds + n) for n in range(rounds)]
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        return [answer for answers in pool.map(run, range(threads)) for answer in answers]
