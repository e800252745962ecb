# SPDX-License-Identifier: MIT
"""People at work while a database comes and goes."""
import itertools
import threading
import time

from .api import CERTIFICATIONS, PAUSES
from .times import in_days


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
        self.refusals = []  # when each 503 came, by the monotonic clock
        self.slowest = 0
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
        began = time.monotonic()
        reply = self.api.request(method, path, body)
        ended = time.monotonic()
        self.slowest = max(self.slowest, ended - began)
        if reply.status == 503:
            self.refusals.append(ended)
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
