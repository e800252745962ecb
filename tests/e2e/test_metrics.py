# SPDX-License-Identifier: MIT
"""/metrics: figures for Prometheus, that name nobody."""
import http.client
import json
import re

import pytest

from stack import env
from stack.api import METRICS, METRICS_TYPE
from stack.tables import add_message, add_sweep, pause_relay

pytestmark = pytest.mark.usefixtures("directory")

SAMPLE = re.compile(r'^([a-z_]+)(\{(?:[a-z_]+="[^"\\\n]*",?)+\})? (-?\d+)$')


def read(api):
    """{name with labels: value}, after every line was held against the format."""
    reply = api.get(METRICS)
    assert reply.status == 200
    assert reply.headers["Content-Type"] == METRICS_TYPE
    samples, types, last = {}, {}, None
    for line in reply.body.decode("ascii").splitlines():
        if line.startswith("# HELP "):
            last = line.split(" ")[2]
            assert last not in types, f"{last} twice"
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name == last and kind in ("gauge", "counter")
            assert name.endswith("_total") is (kind == "counter")
            types[name] = kind
        else:
            name, labels, value = SAMPLE.match(line).groups()
            assert name == last and name.startswith("mentorwatch_")
            key = name.removeprefix("mentorwatch_") + (labels or "")
            assert key not in samples, f"{key} twice"
            samples[key] = int(value)
    assert reply.body.endswith(b"\n")
    return samples


def test_figures_are_those_of_the_tables(api, database):
    add_sweep(database, "good", hours_ago=1)
    add_sweep(database, "failures", hours_ago=0)
    add_message(database, "queued", minutes_overdue=3, age_hours=2)
    add_message(database, "failed", channel="push")
    add_message(database, "sent")
    pause_relay(database, 5)
    database.run("INSERT INTO delivery_counters (channel, result, shard, attempts) VALUES"
                 " ('email', 'sent', 0, 2), ('email', 'sent', 15, 3), ('push', 'unknown', 1, 1)")
    database.run("INSERT INTO ended_push_targets (target_digest, ended_at) VALUES"
                 " (SHA2('x', 256), UTC_TIMESTAMP(3))")
    now = database.value("SELECT UNIX_TIMESTAMP(UTC_TIMESTAMP())")
    found = read(api)
    assert abs(found["last_good_sweep_timestamp_seconds"] - (now - 3600)) < 65
    assert abs(found["last_sweep_timestamp_seconds"] - now) < 5
    assert found['last_sweep_result{result="failures"}'] == 1
    assert found['last_sweep_result{result="good"}'] == 0
    assert found['messages{channel="email",state="queued"}'] == 1
    assert found['messages{channel="push",state="failed"}'] == 1
    assert found['messages{channel="push",state="queued"}'] == 0
    assert 7200 <= found['oldest_message_age_seconds{channel="email",state="queued"}'] < 7260
    assert 180 <= found['message_overdue_seconds{channel="email",state="queued"}'] < 240
    assert found['channel_paused{channel="email"}'] == 1
    assert found['messages_this_hour{channel="email"}'] == 17
    assert found['delivery_attempts_total{channel="email",result="sent"}'] == 5
    assert found['delivery_attempts_total{channel="push",result="unknown"}'] == 1
    assert found["push_targets_ended"] == 1
    assert found["jobs_running"] == 0


def test_before_the_first_sweep_there_is_no_moment_of_it(api):
    found = read(api)
    assert "last_good_sweep_timestamp_seconds" not in found
    assert "last_sweep_timestamp_seconds" not in found
    assert found["certifications_due"] == found["reminders_due"] == 0


def test_nobody_is_named(api, database):
    add_message(database, "failed")
    body = api.get(METRICS).body.decode()
    assert "mentor-1" not in body and "@" not in body


def test_who_is_elsewhere_may_not_look(nginx):
    """The site lets this machine in, and that is 127.0.0.1 and ::1 alone."""
    connection = http.client.HTTPConnection("127.0.0.1", nginx.port, timeout=env.PATIENCE,
                                            source_address=("127.0.0.2", 0))
    for path in (METRICS, METRICS + "?", METRICS + "/", "/metrics//", "/%6detrics", "/metrics/%2e",
                 "/x/../metrics", "/./metrics", "/metrics/metrics", "/metrics/x/.."):
        connection.request("GET", path)
        answer = connection.getresponse()
        problem = json.loads(answer.read())
        assert answer.status == problem["status"] == 403, path
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert problem["request_id"] == answer.headers["X-Request-Id"]
    for path in ("//metrics", "/%2fmetrics", "/metrics/..%2f", "/metrics%00", "/METRICS",
                 "/api/v1/metrics", "/%25%36detrics"):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.read() and answer.status in (400, 404), path
    connection.close()


def test_an_unknown_parameter_is_refused(api):
    assert api.get(METRICS, name="x").status == 400


def test_where_the_api_takes_a_token_so_do_the_figures(settings, new_site):
    token = "t" * 32
    site = new_site("figures", {**settings, "MENTORWATCH_API_PUBLIC_ACCESS": "service_token",
                                "MENTORWATCH_API_SERVICE_TOKEN": token})
    assert site.get(METRICS).status == 401
    assert read(site.signed_in(token))
