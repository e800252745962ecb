# SPDX-License-Identifier: MIT
"""The site of nginx: what it takes, how much of it, and what it writes down."""
import json

import pytest

from stack import env, fastcgi
from stack.api import CERTIFICATIONS
from stack.nginx import Nginx

LIMIT_MOST = 3000  # requests; the site takes 500 at once


@pytest.fixture(scope="module")
def counting(folder, worker):
    """The site with this machine's clients counted as any others."""
    nginx = Nginx(folder / "nginx-counting", worker.socket,
                  edit=lambda site: site.replace("127.0.0.0/8 0;", ""))
    nginx.start()
    yield nginx
    nginx.stop()


def line_of(nginx, request_id):
    """What the log says of a request; it does so a moment after the answer."""
    def look():
        lines = [json.loads(line) for line in nginx.access_log.read_text().splitlines()]
        return [line for line in lines if line["request_id"] == request_id]
    line, = env.wait_until(look, f"a line about {request_id}")
    return line


def ask(connection, path="/healthz"):
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer, answer.read()


def test_who_asks_too_much_is_told_by_a_problem(counting):
    connection = counting.connection()
    good = 0
    for _ in range(LIMIT_MOST):
        answer, body = ask(connection)
        if answer.status == 429:
            break
        assert answer.status == 200
        good += 1
    assert answer.status == 429 and good > 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "1"
    problem = json.loads(body)
    assert (problem["status"], problem["title"]) == (429, "Too Many Requests")
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    # Whoever waits as long as it says gets an answer.
    env.wait_until(lambda: ask(connection)[0].status == 200, "an answer again", patience=2)
    connection.close()


def test_this_machine_is_not_counted(nginx):
    connection = nginx.connection()
    assert {ask(connection)[0].status for _ in range(1000)} == {200}
    connection.close()


def test_each_request_is_a_json_object_in_the_log(api, nginx):
    hostile = 'say "hi"\\ \t\x7f é'.encode().decode("latin-1")
    api.request("GET", f"{CERTIFICATIONS}?limit=5", headers={"X-Request-Id": "the-id-in-the-log",
                                                             "User-Agent": hostile})
    line = line_of(nginx, "the-id-in-the-log")
    assert line["method"] == "GET" and line["uri"] == f"{CERTIFICATIONS}?limit=5"
    assert line["status"] == 200 and line["bytes"] > 100 and line["seconds"] >= 0
    assert line["user_agent"].startswith('say "hi"\\')
    assert set(line) == {"time", "request_id", "client", "method", "uri", "protocol", "status",
                         "bytes", "seconds", "program_seconds", "user_agent"}


def test_what_nginx_answers_itself_is_in_the_log_too(nginx):
    connection = nginx.connection()
    answer, _ = ask(connection, "/docs/nothing")
    assert answer.status == 404
    line = line_of(nginx, answer.headers["X-Request-Id"])
    assert line["status"] == 404 and line["program_seconds"] == ""
    connection.close()


@pytest.mark.parametrize("value, status", [("x" * 7000, 200), ("x" * 9000, 431)])
def test_a_header_has_at_most_8_kb(nginx, value, status):
    connection = nginx.connection()
    connection.request("GET", "/healthz", headers={"X-Long": value})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == status
    assert status == 200 or json.loads(body)["request_id"] == answer.headers["X-Request-Id"]
    connection.close()


@pytest.fixture(scope="module")
def variables(folder):
    """The variables that the site hands to a program, whatever a client sends: ask for them."""
    socket = folder / "listen.sock"
    nginx = Nginx(folder / "nginx-variables", socket)
    nginx.start()
    listener = fastcgi.Listener(socket)
    yield lambda headers: listener.variables_of(nginx, headers)
    listener.close()
    nginx.stop()


def test_a_client_chooses_no_variable_but_those_of_headers(variables):
    seen = variables({"Proxy": "http://evil.example", "Script-Name": "/x", "X-Other": "1"})
    assert seen["SCRIPT_NAME"] == "" and not seen.get("HTTP_PROXY")
    assert seen["REQUEST_URI"] == "/probe?a=b" and seen["REQUEST_METHOD"] == "GET"
    assert seen["HTTP_X_OTHER"] == "1"
    assert all(name.startswith("HTTP_") for name in set(seen) - {
        "REQUEST_METHOD", "REQUEST_URI", "SCRIPT_NAME", "CONTENT_TYPE", "CONTENT_LENGTH",
        "REMOTE_ADDR"})
    assert seen["REMOTE_ADDR"] == "127.0.0.1"
