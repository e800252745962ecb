# SPDX-License-Identifier: MIT
"""Who did what, when: each change leaves its line, in its transaction; nothing else leaves one."""
import getpass
import json
import socket

import pytest

from stack import routes, tokens
from stack.api import CERTIFICATIONS, IN_APP, PAUSES, REMINDERS, RUN
from stack.cli import BAD_DATA, USAGE
from stack.recorder import THREADS, at_once
from stack.times import in_days

HERE = f"{getpass.getuser()}@{socket.gethostname()}"
WRITES = routes.those(lambda route: route.method != "GET")


@pytest.fixture
def audit(cli):
    """What the command tells, the last first."""
    def ask(*arguments):
        return cli.good("audit", "--json", *arguments).json()
    return ask


@pytest.mark.parametrize("route", **WRITES)
def test_each_change_leaves_one_line(route, api, directory, audit, mail):
    name = f"change-{abs(hash(str(route)))}"
    reply = route.call(api, headers={"X-Request-Id": name})
    assert reply.status < 300
    [line] = [line for line in audit() if line["request_id"] == name]
    assert line["deed"] == str(route)
    assert line["role"] == (
        "mentor" if route.path.startswith(IN_APP) else route.roles[0] if route.roles else "public")
    assert line["address"] == "127.0.0.1"
    ids = set(reply.path.split("/")) | {str(value) for value in reply.json.values()}
    about_an_event = route.path.endswith(("/pause-activated", "/pause-lifted"))
    about_a_run = route.path.endswith("/check")
    assert line["about"] in ids or about_an_event or about_a_run, (line, reply)


@pytest.mark.parametrize("route", **WRITES)
def test_what_is_refused_leaves_none(route, api, directory, audit, database):
    client = route.client(api)
    assert client.request(route.method, route.at() + "?what=ever", b"{").status >= 400
    assert audit() == []
    assert database.value("SELECT COUNT(*) FROM audit") == 0


def test_reading_leaves_none(api, directory, database):
    for route in routes.ROUTES:
        if route.method == "GET" and not route.is_by_id:
            assert route.call(api).status == 200
    made = api.record("mentor-1", in_days(-1), in_days(9))["certification_id"]
    assert api.get(f"{CERTIFICATIONS}/{made}").status == 200
    assert database.value("SELECT COUNT(*) FROM audit") == 1


def test_a_change_and_its_line_come_together_or_not_at_all(recorder, api, directory, database):
    made = api.record("mentor-1", in_days(-1), in_days(9))["certification_id"]
    database.run("CREATE TRIGGER refuse BEFORE INSERT ON audit FOR EACH ROW"
                 " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused by the test'")
    before = database.checksums()
    change = recorder.ask("PUT", f"{CERTIFICATIONS}/{made}", {"expires_at": in_days(10)})
    assert change[0] == recorder.record("mentor-1", "driving")[0] == 500
    assert database.checksums() == before


def test_each_of_those_who_share_a_transaction_has_a_line(recorder, audit, crowd, shared):
    def record(number):
        return number, recorder.record(crowd[number % len(crowd)], f"kind-{number}",
                                       HTTP_X_REQUEST_ID=f"request-{number}",
                                       REMOTE_ADDR=f"192.0.2.{number % 200}")
    answers = at_once(record)
    shared["requests"] = len(answers)
    lines = {line["request_id"]: line for line in audit("--limit", "1000")}
    assert len(lines) == len(answers) > THREADS
    for number, (status, _, made) in answers:
        assert status == 201
        line = lines[f"request-{number}"]
        assert line["about"] == made["certification_id"]
        assert (line["address"], line["deed"]) == (
            f"192.0.2.{number % 200}", f"POST {CERTIFICATIONS}")


def test_that_there_is_nothing_or_more_is_said_on_stderr(api, directory, cli):
    nothing = cli.good("audit")
    assert nothing.out == "" and "nothing like that is recorded" in nothing.err
    assert cli.good("audit", "--json").err == ""
    for kind in ("driving", "first_aid"):
        api.record("mentor-1", in_days(-1), in_days(9), kind=kind)
    assert "more than these 1: see --limit" in cli.good("audit", "--limit", "1").err
    assert cli.good("audit", "--limit", "2").err == ""


def test_what_changes_nothing_leaves_none(api, cli, directory, audit):
    anna = api.signed_in(tokens.of("mentor", sub="mentor-1"))
    assert routes.find("POST", f"{IN_APP}/:id/read").made(api)
    path = f"{IN_APP}/{anna.get(IN_APP).items[0]['id']}/read"
    for _ in range(2):
        assert anna.post(path).status == 200
        cli.good("import", "-", stdin=b"organisation_id,name\norg-new,New\n")
    assert len(audit("--actor", "mentor-1")) == len(audit("--actor", HERE)) == 1


def test_a_request_that_is_sent_again_is_told_once(api, directory, audit):
    for _ in range(2):
        assert api.post(CERTIFICATIONS, {
            "mentor_id": "mentor-1", "certification_type": "driving", "issued_at": in_days(-1),
            "expires_at": in_days(9)}, headers={"Idempotency-Key": "once"}).status == 201
    assert len(audit()) == 1


def test_the_subject_of_the_token_is_named(api, directory, audit):
    ours = api.signed_in(tokens.of("org_admin", "org-oslo", sub="ada"))
    made = ours.post(PAUSES, routes.find("POST", PAUSES).body).json["id"]
    [line] = audit("--about", made)
    assert (line["actor"], line["role"]) == ("ada", "org_admin")
    assert audit("--actor", "ada") == [line]
    assert audit("--actor", "ad") == audit("--about", "else") == []


def test_the_service_token_is_told_from_nobody(settings, directory, new_site, audit):
    token = "a-service-token-of-more-than-32-bytes"
    site = new_site("service", {**settings, "MENTORWATCH_API_PUBLIC_ACCESS": "service_token",
                                "MENTORWATCH_API_SERVICE_TOKEN": token})
    site.signed_in(token).record("mentor-1", in_days(-1), in_days(9))
    [line] = audit("--actor", "service")
    assert (line["role"], line["deed"]) == ("service", f"POST {CERTIFICATIONS}")


def test_a_run_of_a_job_is_one_line_however_many_it_pauses(api, cli, crowd, audit):
    for mentor in crowd[:20]:
        api.record(mentor, in_days(-400), in_days(-5))
    swept = cli.sweep("--accept")
    lines = audit("--actor", HERE)
    assert [(line["deed"], line["about"], line["role"]) for line in reversed(lines)] == [
        ("mentorwatch sweep", None, "command"),
        ("mentorwatch sweep", swept["expiry"]["job_run_id"], "command"),
        ("mentorwatch sweep", lines[0]["about"], "command")]
    run = api.run_expiry_job()["job_run_id"]
    [line] = audit("--about", run)
    assert (line["actor"], line["deed"]) == ("public", f"POST {RUN}")
    before = audit()
    cli.sweep("--dry-run")
    assert audit() == before


def test_commands_that_change_something_are_told(cli, api, directory, mail, database, audit):
    assert api.post(REMINDERS, {"mentor_id": "mentor-1", "coordinator_id": directory.COORDINATOR,
                                "days_remaining": 14, "channel": "email"}).status == 201
    message = f"msg-{database.value('SELECT MAX(seq) FROM messages'):05}"
    database.run("UPDATE messages SET state = 'failed'")
    cli.good("outbox", "list", "--state", "failed")
    cli.good("outbox", "retry", message)
    cli.good("outbox", "hold")
    cli.good("outbox", "release", message)
    cli.good("import", "-", stdin=b"organisation_id,name\norg-new,New\n")
    erased = cli.good("person", "erase", "mentor-1").out
    assert cli.run("person", "erase", "mentor-1").status == BAD_DATA
    lines = audit("--actor", HERE)
    assert [(line["deed"], line["about"]) for line in reversed(lines)] == [
        ("mentorwatch outbox retry", message), ("mentorwatch outbox hold", None),
        ("mentorwatch outbox release", message), ("mentorwatch import", None),
        ("mentorwatch person erase", lines[0]["about"])]
    assert lines[0]["about"] in erased


def test_it_lists_the_last_first_from_a_moment_on_and_no_more_than_asked(
        api, cli, directory, database, audit):
    made = [api.record("mentor-1", in_days(-1), in_days(9), kind=kind)["certification_id"]
            for kind in ("driving", "first_aid", "basic")]
    assert [line["about"] for line in audit()] == made[::-1]
    assert [line["about"] for line in audit("--limit", "2")] == made[:0:-1]
    database.run("UPDATE audit SET done_at = '2026-01-01 00:00:01' WHERE about = %s", made[0])
    database.run("UPDATE audit SET done_at = '2026-01-01 00:00:03' WHERE about = %s", made[1])
    since = audit("--since", "2026-01-01T00:00:02Z")
    assert [line["about"] for line in since] == made[:0:-1]
    assert since[1]["done_at"].startswith("2026-01-01T00:00:03")
    table = cli.good("audit").out
    assert made[0] in table and f"POST {CERTIFICATIONS}" in table
    for wrong in (("--since", "yesterday"), ("--limit", "0"), ("--state", "sent"), ("more",)):
        assert cli.run("audit", *wrong).status == USAGE


def test_who_was_erased_is_no_longer_named_but_the_lines_stay(api, cli, directory, database, audit):
    anna = api.signed_in(tokens.of("mentor", sub="mentor-1"))
    assert api.post(REMINDERS, {"mentor_id": "mentor-1", "coordinator_id": directory.COORDINATOR,
                                "days_remaining": 14, "channel": "in_app"}).status == 201
    assert anna.post(f"{IN_APP}/{anna.get(IN_APP).items[0]['id']}/read").status == 200
    api.post(f"{PAUSES}/cert-expiry", {"mentor_id": "mentor-1", "expiry_date": in_days(-1)})
    data = cli.good("person", "export", "mentor-1").json()
    [by], [about] = data["audit_by_the_person"], data["audit_about_the_person"]
    assert (by["address"], by["deed"]) == ("127.0.0.1", f"POST {IN_APP}/:id/read")
    assert about["deed"] == f"POST {PAUSES}/cert-expiry"
    before = database.value("SELECT COUNT(*) FROM audit")
    cli.good("person", "erase", "mentor-1")
    assert "mentor-1" not in json.dumps(audit())
    assert database.value("SELECT COUNT(*) FROM audit") == before + 1
    [line] = [line for line in audit() if line["deed"].endswith("/read")]
    assert line["address"] is None and line["actor"].startswith("erased_")


def test_a_person_who_is_called_as_a_word_is_not_taken_for_it(api, cli, directory, audit):
    directory.add_mentor("public", "Pub Lic", "public@example.org")
    api.record("public", in_days(-1), in_days(9))
    cli.good("person", "erase", "public")
    assert [line["actor"] for line in audit("--actor", "public")] == ["public"]
