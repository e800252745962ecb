# SPDX-License-Identifier: MIT
"""Canaries: no secret of the settings is ever in an answer, a log, what a command prints or the words
that a process was started with, whatever goes wrong."""
import base64
import itertools
import json
import pathlib

import pytest

from stack import tokens
from stack.api import CERTIFICATIONS, PAUSES
from stack.cli import CONFIG, Cli
from stack.fastcgi import Connection
from stack.times import in_days
from stack.worker import Worker

CANARY = "canary-{}-0123456789-0123456789-0123456789"
SECRETS = {name: CANARY.format(name.lower().replace("_", "-")) for name in (
    "DATABASE_PASSWORD", "API_SERVICE_TOKEN", "MAIL_PASSWORD", "TOKEN_SECRET")}
SECRETS["PUSH_SECRET"] = "whsec_" + base64.b64encode(CANARY.format("push")[:48].encode()).decode()
COMMANDS = ["status", "doctor", "doctor --json", "sweep -v", "dispatch -v", "cron -v", "outbox list",
            "explain mentor-1", "settings", "routes", "counts", "audit", "preview pause_lifted",
            "grants app x@localhost", "person export mentor-1", "migrate --plan"]


@pytest.fixture
def canaries(server, database, settings, directory):
    """Settings with a canary for each secret; the database lets in who has it."""
    account = "canary@localhost"
    server.run(f"CREATE USER IF NOT EXISTS {account} IDENTIFIED BY '{SECRETS['DATABASE_PASSWORD']}'")
    server.run(f"GRANT ALL ON {database.name}.* TO {account}")
    directory.prefers("mentor-1", "email,push")
    return {**settings, "MENTORWATCH_DATABASE_USER": "canary", "MENTORWATCH_MAIL_USER": "kari",
            "MENTORWATCH_LOG_LEVEL": "debug", "MENTORWATCH_API_PUBLIC_ACCESS": "service_token",
            "MENTORWATCH_DATABASE_SWEEP_ACCOUNT": "", "MENTORWATCH_DATABASE_MIGRATE_ACCOUNT": "",
            **{f"MENTORWATCH_{name}": secret for name, secret in SECRETS.items()}}


def assert_no_canary(where, text):
    login = base64.b64encode(b"\0kari\0" + SECRETS["MAIL_PASSWORD"].encode()).decode()
    for secret in (*SECRETS.values(), login):
        assert secret not in text, f"{where}: {text}"


def spoilt(settings):
    """The same, and each time something else is wrong."""
    yield settings
    for wrong in ({"DATABASE_USER": "nobody"}, {"DATABASE_NAME": "nothing"},
                  {"MAIL_RELAY": "127.0.0.1:9"}, {"MAIL_TLS": "starttls"}):
        yield {**settings, **{f"MENTORWATCH_{name}": value for name, value in wrong.items()}}


def requests():
    """Good, refused and broken ones, with each secret where it may and may not be."""
    body = json.dumps({"mentor_id": "mentor-1", "certification_type": "t", "issued_at": in_days(-9),
                       "expires_at": in_days(9)}).encode()
    bearers = [f"Bearer {secret}" for secret in SECRETS.values()]
    bearers += [f"Bearer {tokens.of('coordinator', 'org-oslo')}", "Basic a2FyaTprYXJp", ""]
    asked = [("GET", CERTIFICATIONS, b""), ("POST", CERTIFICATIONS, body), ("GET", PAUSES, b""),
             ("POST", CERTIFICATIONS, b"{broken"), ("GET", "/readyz", b""), ("GET", "/metrics", b"")]
    return itertools.product(bearers, asked)


def test_no_answer_and_no_line_of_a_server_shows_a_secret(folder, canaries):
    for number, settings in enumerate(spoilt(canaries)):
        worker = Worker(folder, settings, name=f"canary{number}", threads=2)
        worker.start()
        try:
            for bearer, (method, path, body) in requests():
                with Connection(worker.socket) as connection:
                    status, headers, answer = connection.ask(
                        method, path, body, HTTP_AUTHORIZATION=bearer)
                assert_no_canary(f"{method} {path}: {status}", f"{headers} {answer}")
            words = pathlib.Path(f"/proc/{worker.process.pid}/cmdline").read_text()
            assert_no_canary("the words that it was started with", words)
        finally:
            worker.stop()
        assert "event=request" in worker.log()
        assert_no_canary("the log", worker.log())


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_prints_a_secret(canaries, command):
    for settings in spoilt(canaries):
        done = Cli(settings).run(*command.split())
        assert done.status != CONFIG, done
        assert_no_canary(command, done.out + done.err)
