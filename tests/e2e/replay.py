#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Replays the contracts' 30 examples, in both forms of their paths, against a server with the demo
data (sql/demo.sql), such as ./dev run starts:

    tests/e2e/replay.py http://127.0.0.1:8080

An answer matches when its status, keys, their order, the values' types and the format of times are
the example's; and, where one thing is read by its id, the values, too. What an example changes or
removes is made for it by the example that creates, so that a replay can be repeated. Contract 2
needs tokens: --token-command is called with a role and prints one.
"""
import argparse
import http.client
import json
import pathlib
import shlex
import subprocess
import sys
import urllib.parse

from stack.contract import EXAMPLES, differences, doubled

ORDER = ["GET", "POST", "PUT", "DELETE"]
# What else the example of a question shows that it was asked.
QUERY = {"/api/v1/certification-reminders/sent-check": "?mentor_id=mentor-19&threshold_days=30"}
DEV = pathlib.Path(__file__).resolve().parents[2] / "dev"
TIMEOUT = 30


def is_by_id(example):
    return ":" in example["path"]


def creates(example):
    return example["method"] == "POST" and example["path"] == example["base"]


def id_in(answer):
    """What an answer calls the thing that it is about."""
    return next(answer[key] for key in (
        "notification_id", "certification_id", "id", "peer_mentor_id") if key in answer)


class Replay:
    """ask(method, path, body, role) → status, headers, JSON."""

    def __init__(self, ask):
        self.ask = ask
        self.faults = []
        self.matched = 0
        self.made = {}  # (base, form) → id of what the creating example made

    def run(self):
        for example in sorted(EXAMPLES, key=lambda e: ORDER.index(e["method"])):
            for form in (str, doubled):
                self._replay(example, form)
        return not self.faults

    def _replay(self, example, form):
        path = self._path(example, form)
        role = example["who"][0] if example["who"] else None
        status, headers, answer = self.ask(example["method"], path, example["request"], role)
        faults = [] if status < 300 else [f"answers {answer}"]
        if status != (201 if creates(example) else 200):
            faults.append(f"has the status {status}")
        if status < 300:
            faults += differences(example["response"], answer)
            faults += self._further(example, form, headers, answer)
        self.matched += not faults
        self.faults += [f"{example['method']} {path}: {fault}" for fault in faults]

    def _path(self, example, form):
        """Reading names the example's own thing, changing and removing what was made for it."""
        path = example["path"]
        if is_by_id(example):
            name = id_in(example["response"]) if example["method"] == "GET" else \
                self.made.get((example["base"], form), "nothing-was-made")
            path = f"{path.partition(':')[0]}{name}"
        return form(path) + QUERY.get(path, "")

    def _further(self, example, form, headers, answer):
        if creates(example):
            self.made[example["base"], form] = id_in(answer)
            location = f"{example['base']}/{id_in(answer)}"
            if headers["Location"] != location:
                return [f"has the Location {headers['Location']}, not {location}"]
        if example["method"] == "GET" and is_by_id(example) and answer != example["response"]:
            return [f"has other values than the example: {answer}"]
        return []

    def __str__(self):
        return "\n".join([*self.faults, f"{self.matched} of {2 * len(EXAMPLES)} match"])


class Server:
    """Asks a server over the network."""

    def __init__(self, url, token_command):
        self.address = urllib.parse.urlsplit(url).netloc
        self.token_command = shlex.split(token_command)
        self.tokens = {}

    def _token(self, role):
        if role not in self.tokens:
            done = subprocess.run([*self.token_command, role], stdout=subprocess.PIPE, text=True,
                                  check=True)
            self.tokens[role] = done.stdout.strip()
        return self.tokens[role]

    def ask(self, method, path, body, role):
        headers = {"Authorization": f"Bearer {self._token(role)}"} if role else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        connection = http.client.HTTPConnection(self.address, timeout=TIMEOUT)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, json.loads(answer.read())


def main():
    parser = argparse.ArgumentParser(description="Replay the contracts' examples.")
    parser.add_argument("url", help="such as http://127.0.0.1:8080")
    parser.add_argument("--token-command", default=f"{shlex.quote(str(DEV))} token",
                        help="prints a token for the role behind it (default: ./dev token)")
    arguments = parser.parse_args()
    replay = Replay(Server(arguments.url, arguments.token_command).ask)
    good = replay.run()
    print(replay)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
