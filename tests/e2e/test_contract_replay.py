# SPDX-License-Identifier: MIT
"""The contracts' 30 examples, in both forms of their paths, against the demo data."""
import json
import subprocess
import sys

import pytest

import replay
from stack import env, tokens
from stack.api import NOTIFICATIONS, PAUSES, REMINDERS
from stack.contract import EXAMPLES, doubled

ORGANISATION = "org_nhf_oslo"


@pytest.fixture(scope="module")
def schema_of_examples(new_schema):
    return new_schema("examples")


@pytest.fixture(scope="module")
def site(schema_of_examples, new_site):
    return new_site("examples", schema_of_examples[1])


@pytest.fixture
def demo(schema_of_examples, site, mail):
    """The demo as it is after loading."""
    database, _ = schema_of_examples
    database.empty()
    database.load(env.SOURCE / "sql/demo.sql")
    mail.forget()
    return site


def token_for(role):
    return tokens.of(role, None if role == "global_admin" else ORGANISATION)


@pytest.fixture
def ask(demo):
    def request(method, path, body, role):
        client = demo.signed_in(token_for(role)) if role else demo
        reply = client.request(method, path, body)
        return reply.status, reply.headers, reply.json
    return request


def response_to(method, path):
    return next(e["response"] for e in EXAMPLES if (e["method"], e["path"]) == (method, path))


def test_every_example_is_answered_as_printed(ask):
    done = replay.Replay(ask)
    assert done.run(), str(done)
    assert str(done) == "60 of 60 match"


def test_a_replay_can_be_repeated(ask):
    for _ in range(2):
        done = replay.Replay(ask)
        assert done.run(), str(done)


def test_a_replay_tells_what_does_not_match(ask, schema_of_examples):
    schema_of_examples[0].run("UPDATE certifications SET certification_type = 'other'")
    done = replay.Replay(ask)
    assert not done.run()
    assert str(done).endswith("58 of 60 match")
    assert "other values" in done.faults[0]


def test_the_script_replays_over_the_network(demo, tmp_path):
    """As a reader would call it; the tokens come from a command."""
    script = tmp_path / "token"
    script.write_text("#!/bin/sh\ncase $1 in\n" + "".join(
        f"{role}) echo {token_for(role)};;\n"
        for role in ("coordinator", "org_admin", "global_admin")) + "esac\n")
    script.chmod(0o700)
    done = subprocess.run(
        [sys.executable, str(env.SOURCE / "tests/e2e/replay.py"),
         f"http://127.0.0.1:{demo.nginx.port}", "--token-command", str(script)],
        capture_output=True, text=True, check=False, timeout=env.PATIENCE)
    assert (done.returncode, done.stdout) == (0, "60 of 60 match\n"), done.stdout + done.stderr
    script.write_text("#!/bin/sh\necho no-token\n")
    done = subprocess.run(
        [sys.executable, str(env.SOURCE / "tests/e2e/replay.py"),
         f"http://127.0.0.1:{demo.nginx.port}", "--token-command", str(script)],
        capture_output=True, text=True, check=False, timeout=env.PATIENCE)
    assert done.returncode == 1
    assert done.stdout.endswith("48 of 60 match\n")


@pytest.mark.parametrize("form", [str, doubled])
def test_the_lists_begin_with_what_the_examples_show(demo, form):
    """The examples' people, newest first."""
    coordinator = demo.signed_in(token_for("coordinator"))
    for client, path in ((coordinator, PAUSES), (demo, NOTIFICATIONS), (demo, REMINDERS)):
        shown = response_to("GET", path)["data"]
        assert client.get(form(path)).items[:len(shown)] == shown


def test_sent_check_answers_as_printed(demo):
    reply = demo.get(f"{REMINDERS}/sent-check", mentor_id="mentor-19", threshold_days=30)
    assert reply.json == response_to("GET", f"{REMINDERS}/sent-check")


@pytest.mark.parametrize("action, told", [
    ("pause-activated", ["mentor-042", "coordinator-007"]),
    ("pause-lifted", ["mentor-042", "coordinator-007"]),
    ("cert-expiry", ["mentor-042", "coordinator-007"]),
    ("cert-expiry-reminder", ["mentor-042"])])
def test_contract_1_tells_those_whom_the_examples_tell(demo, mail, action, told):
    path = f"{PAUSES}/{action}"
    example = next(e for e in EXAMPLES if e["path"] == path)
    reply = demo.post(path, example["request"])
    assert [(n["recipient"], n["channel"], n["status"])
            for n in reply.json["notifications_dispatched"]] == \
        [(who, "email", "sent") for who in told]
    assert [(n["recipient"], n["channel"], n["status"])
            for n in example["response"]["notifications_dispatched"]] == \
        [(who, "email", "sent") for who in told]
    assert len(mail.mails) == len(told)


def test_what_the_program_shows_as_examples_are_these():
    """src/api/examples.json goes into the description of the API."""
    shown = json.loads((env.SOURCE / "src/api/examples.json").read_text())
    assert [(e["method"], e["path"].count(":"), e["request"], e["response"]) for e in shown] == \
        [(e["method"], e["path"].count(":"), e["request"], e["response"]) for e in EXAMPLES]
