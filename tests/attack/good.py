# SPDX-License-Identifier: MIT
"""The good client: so many requests a second, whoever else is there."""
import http.client
import json
import time

from stack.api import CERTIFICATIONS
from stack.times import in_days


class Figures:
    def __init__(self, seconds, bad):
        self.seconds = sorted(seconds)
        self.bad = bad

    @property
    def good(self):
        """The part of them that was answered well."""
        return 1 - len(self.bad) / len(self.seconds)

    @property
    def p99(self):
        return self.seconds[int(len(self.seconds) * 0.99)]

    def __repr__(self):
        return (f"{len(self.seconds)} requests, {self.good:.2%} good, "
                f"p50 {self.seconds[len(self.seconds) // 2] * 1000:.1f} ms, "
                f"p99 {self.p99 * 1000:.1f} ms, worst {self.seconds[-1] * 1000:.1f} ms")


class GoodClient:
    """What it measures begins when a request was due, not when it was sent at last."""
    RATE = 50
    PATIENCE = 5
    ENOUGH = 10  # bad answers, after which the rest need not be seen

    def __init__(self, nginx, recorded):
        self.nginx = nginx
        self.recorded = recorded
        self.connection = nginx.connection(self.PATIENCE)

    def ask(self, number):
        """Whether the answer is good."""
        method, path, body, good = self.request(number)
        headers = {"Content-Type": "application/json"} if body else {}
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            answer.read()
            return answer.status == good or f"{method} {path} → {answer.status}"
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            return f"{method} {path} → {error!r}"

    def request(self, number):
        one = self.recorded[number % len(self.recorded)]
        if number % 10 == 0:
            return "POST", CERTIFICATIONS, json.dumps({
                "mentor_id": f"mentor-{1 + number % 9}", "certification_type": f"kind-{number}",
                "issued_at": in_days(-10), "expires_at": in_days(300)}), 201
        if number % 10 == 1:
            return "GET", f"{CERTIFICATIONS}?limit=20", None, 200
        return "GET", f"{CERTIFICATIONS}/{one}", None, 200

    def work(self, seconds):
        """Figures of so many seconds."""
        begun = time.monotonic()
        taken, bad = [], []
        for number in range(int(seconds * self.RATE)):
            due = begun + number / self.RATE
            time.sleep(max(0, due - time.monotonic()))
            answer = self.ask(number)
            taken.append(time.monotonic() - due)
            if answer is not True:
                bad.append(answer)
            if len(bad) == self.ENOUGH:
                break
        return Figures(taken, bad)
