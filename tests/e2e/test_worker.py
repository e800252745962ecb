# SPDX-License-Identifier: MIT
"""mentorwatch.fcgi as a process: its ways to be started, its load, its end, and a database that
comes and goes."""
import concurrent.futures
import json
import os
import pathlib
import re
import resource
import signal
import socket
import stat
import subprocess
import threading
import time

import pymysql
import pytest

from stack import env
from stack.api import CERTIFICATIONS, RUN
from stack.cli import Cli
from stack.fastcgi import Connection, parse_answer, request_bytes
from stack.times import in_days
from stack.worker import Worker


@pytest.fixture
def start(folder):
    """Start another worker: start(settings, threads=…). It is stopped, well, at the end."""
    workers = []

    def begin(settings, **options):
        worker = Worker(folder, settings, name=f"extra{len(workers)}", **options)
        worker.start()
        workers.append(worker)
        return worker
    yield begin
    for worker in workers:
        if worker.process.running():
            worker.stop()


@pytest.fixture
def nowhere(settings):
    """Settings of a worker whose database is not there."""
    return {**settings, "MENTORWATCH_DATABASE_SOCKET": "/nonexistent/db.sock"}


def ask(worker, method, path, body=b"", **more):
    with Connection(worker.socket, timeout=env.PATIENCE) as connection:
        return connection.ask(method, path, body, **more)


def new_certification(mentor="mentor-1"):
    return json.dumps({"mentor_id": mentor, "certification_type": "peer_mentor_basic",
                       "issued_at": in_days(-10), "expires_at": in_days(100)}).encode()


# Health

def test_healthz_needs_no_database(start, nowhere):
    worker = start(nowhere)
    status, headers, body = ask(worker, "GET", "/healthz")
    assert (status, headers["content-type"]) == (200, "application/json")
    assert json.loads(body) == {"status": "ok"}


@pytest.mark.parametrize("method, path", [
    ("GET", "/readyz"), ("GET", CERTIFICATIONS), ("GET", f"{CERTIFICATIONS}/cert_1"),
    ("DELETE", f"{CERTIFICATIONS}/cert_1"), ("POST", RUN), ("POST", CERTIFICATIONS)])
def test_without_a_database_all_else_is_503(start, nowhere, method, path):
    worker = start(nowhere)
    body = new_certification() if (method, path) == ("POST", CERTIFICATIONS) else b""
    status, headers, answer = ask(worker, method, path, body)
    assert status == 503
    assert int(headers["retry-after"]) > 0
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(answer)["status"] == 503


def test_bad_input_is_told_even_without_a_database(start, nowhere):
    worker = start(nowhere)
    assert ask(worker, "GET", f"{CERTIFICATIONS}?page=0")[0] == 400
    assert ask(worker, "POST", CERTIFICATIONS, b"{")[0] == 400
    assert ask(worker, "GET", "/nothing")[0] == 404


def test_readyz_tells_the_schema_version(api):
    reply = api.get("/readyz")
    versions = len(list((env.SOURCE / "sql").glob("0*.sql")))
    assert reply.json == {"status": "ok", "database": "ok", "schema_version": versions}


def test_readyz_is_503_until_the_schema_is_new_enough(start, server, common_settings):
    database = server.new_database("behind")
    worker = start({**common_settings, **database.settings()})
    assert ask(worker, "GET", "/readyz")[0] == 503
    assert ask(worker, "GET", CERTIFICATIONS)[0] == 503
    Cli({**common_settings, **database.settings()}).good("migrate")
    assert ask(worker, "GET", "/readyz")[0] == 200
    database.run("UPDATE schema_migrations SET finished_at = NULL ORDER BY version DESC LIMIT 1")
    status, headers, body = ask(worker, "GET", "/readyz")
    assert status == 503
    assert "migrate" in json.loads(body)["detail"]
    server.run("DROP DATABASE behind")


# The database goes and comes back

@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_database_that_went_away_is_503_and_used_again_when_back(api, server, worker, end):
    # What is promised of a kill is promised of a server that writes its log at each commit.
    server.run("SET GLOBAL innodb_flush_log_at_trx_commit = 2")
    created = api.record("mentor-1", in_days(-1), in_days(30))
    pid = worker.process.pid
    getattr(server, end)()
    try:
        for _ in range(6):
            assert api.get(CERTIFICATIONS).status == 503
        assert api.post(RUN, {}).status == 503
        assert api.get("/readyz").status == 503
        assert api.get("/healthz").status == 200
    finally:
        server.start()
    for _ in range(6):
        assert api.get(CERTIFICATIONS).status == 200
    assert api.find(created["certification_id"])["mentor_id"] == "mentor-1"
    assert worker.process.running() and worker.process.pid == pid


def test_connections_that_the_server_dropped_are_replaced_unseen(api, server):
    for _ in range(8):
        assert api.get(CERTIFICATIONS).status == 200
    for row in server.run("SHOW PROCESSLIST"):
        if row["User"] == "mentorwatch":
            server.run(f"KILL {row['Id']}")
    assert [api.get(CERTIFICATIONS).status for _ in range(8)] == [200] * 8


def test_a_deadlock_is_repeated_unseen(api, server, database):
    """Another transaction holds what the request needs, and wants what the request holds."""
    created = api.record("mentor-1", in_days(-1), in_days(30))
    other = server.connect(database.name)
    other.autocommit(False)
    with other.cursor() as cursor:
        # Many changed rows, so that the database gives up the request, not this transaction.
        cursor.executemany("INSERT INTO organisations VALUES (%s, 'many')", range(500))
        cursor.execute("SELECT * FROM certifications WHERE certification_id = %s FOR UPDATE",
                       created["certification_id"])
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            change = pool.submit(api.put, f"{CERTIFICATIONS}/{created['certification_id']}",
                                 {"expires_at": in_days(300)})
            time.sleep(0.5)
            cursor.execute("SELECT * FROM mentor_locks WHERE mentor_id = 'mentor-1' FOR UPDATE")
            other.rollback()
            assert change.result(env.PATIENCE).status == 200
    other.close()


def test_a_connection_that_breaks_in_the_middle_of_a_request_is_repeated_unseen(
        api, server, database, ledger):
    ledger.slow_down("certifications", 0.5)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        creating = pool.submit(api.record, "mentor-1", in_days(-1), in_days(30))
        victim = env.wait_until(lambda: database.run(
            "SELECT id FROM information_schema.processlist WHERE state = 'User sleep'"),
            "the request to reach the database")[0]
        server.run(f"KILL {next(iter(victim.values()))}")
        created = creating.result(env.PATIENCE)
    assert [item["certification_id"] for item in api.get(CERTIFICATIONS).items] == \
        [created["certification_id"]]


def test_a_database_without_a_free_connection_is_503(start, server, settings):
    worker = start(settings)
    held = []
    try:
        with pytest.raises(pymysql.OperationalError):
            while True:
                held.append(server.connect())
        status, headers, answer = ask(worker, "GET", CERTIFICATIONS)
        assert (status, int(headers["retry-after"]) > 0) == (503, True)
        assert json.loads(answer)["type"] == "urn:mentorwatch:problem:busy"
    finally:
        for connection in held:
            connection.close()
    assert ask(worker, "GET", CERTIFICATIONS)[0] == 200


def test_a_fault_of_our_own_is_500_and_its_id_leads_to_the_log(start, settings, database):
    worker = start(settings)
    database.run("CREATE TRIGGER refuse BEFORE INSERT ON certifications FOR EACH ROW"
                 " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'secret of the database'")
    status, headers, body = ask(worker, "POST", CERTIFICATIONS, new_certification())
    assert status == 500
    assert "secret" not in body and "INSERT" not in body
    assert json.loads(body)["request_id"] == headers["x-request-id"]
    lines = worker.log().splitlines()
    assert [line for line in lines if "secret of the database" in line]
    assert [line for line in lines if headers["x-request-id"] in line and "level=error" in line]
    assert ask(worker, "GET", CERTIFICATIONS)[0] == 200


# Ending

def test_sigterm_finishes_the_request_in_hand(start, settings, ledger, database):
    worker = start(settings)
    ledger.slow_down("certifications", 1.5)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        creating = pool.submit(ask, worker, "POST", CERTIFICATIONS, new_certification())
        env.wait_until(lambda: database.run(
            "SELECT 1 FROM information_schema.processlist WHERE state = 'User sleep'"),
            "the request to reach the database")
        os.kill(worker.process.pid, signal.SIGTERM)
        assert creating.result(env.PATIENCE)[0] == 201
    assert worker.process.child.wait(env.PATIENCE) == 0
    assert database.value("SELECT COUNT(*) FROM certifications") == 1
    assert not worker.socket.exists()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_worker_ends_at_once_whatever_is_connected(start, settings, sign):
    worker = start(settings)
    kept = [Connection(worker.socket) for _ in range(10)]
    for connection in kept[:5]:
        assert connection.ask("GET", "/healthz", keep=True)[0] == 200
    began = time.monotonic()
    assert worker.process.stop(sign) == 0
    assert time.monotonic() - began < 5
    for connection in kept:
        connection.socket.close()


def test_while_it_restarts_nginx_says_when_to_come_back(api, worker):
    worker.stop()
    try:
        reply = api.get(CERTIFICATIONS)
        assert reply.status in (502, 503)
        assert int(reply.headers["Retry-After"]) > 0
    finally:
        worker.start()
    assert api.get(CERTIFICATIONS).status == 200


# Load

def test_256_clients_at_once_are_all_answered(api):
    for n in range(30):
        api.record("mentor-1", in_days(-1), in_days(30 + n))
    together = threading.Barrier(256)

    def client(_):
        together.wait()
        return api.get(CERTIFICATIONS, limit=100).status
    with concurrent.futures.ThreadPoolExecutor(256) as pool:
        assert list(pool.map(client, range(256))) == [200] * 256


def test_silent_connections_delay_nobody(worker, api):
    silent = [Connection(worker.socket) for _ in range(50)]
    try:
        began = time.monotonic()
        for _ in range(20):
            assert api.get(CERTIFICATIONS).status == 200
        assert time.monotonic() - began < env.PATIENCE / 4
    finally:
        for connection in silent:
            connection.socket.close()


def test_connections_that_break_off_harm_nobody(worker, api):
    whole = request_bytes("POST", CERTIFICATIONS, new_certification())
    for length in list(range(1, len(whole), 41)):
        with Connection(worker.socket) as connection:
            connection.send(whole[:length])
    for junk in (b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 64, b"\xff" * 64):
        with Connection(worker.socket) as connection:
            connection.send(junk)
    assert [api.get(CERTIFICATIONS).status for _ in range(10)] == [200] * 10
    assert worker.process.running()


def test_a_client_that_does_not_wait_for_its_answer_harms_nobody(worker, api):
    for _ in range(50):
        with Connection(worker.socket) as connection:
            connection.send(request_bytes("GET", f"{CERTIFICATIONS}?limit=100"))
    assert [api.get(CERTIFICATIONS).status for _ in range(10)] == [200] * 10
    assert worker.process.running()


def test_one_connection_carries_many_requests(worker):
    with Connection(worker.socket) as connection:
        for _ in range(20):
            assert connection.ask("GET", "/healthz", keep=True)[0] == 200
            assert connection.ask("GET", "/nothing", keep=True)[0] == 404


def test_a_request_is_answered_though_its_sender_says_no_more(worker):
    for _ in range(50):  # in some the worker sees the request and the end at once
        with Connection(worker.socket) as connection:
            connection.send(request_bytes("GET", "/healthz"))
            connection.socket.shutdown(socket.SHUT_WR)
            assert connection.answer()[0] == 200


def test_connections_that_ended_leave_nothing_open(start, nowhere):
    worker = start(nowhere)
    descriptors = pathlib.Path(f"/proc/{worker.process.pid}/fd")
    assert ask(worker, "GET", "/healthz")[0] == 200
    before = len(list(descriptors.iterdir()))
    for _ in range(20):
        with Connection(worker.socket) as kept, Connection(worker.socket):
            assert kept.ask("GET", "/healthz", keep=True)[0] == 200
    env.wait_until(lambda: len(list(descriptors.iterdir())) <= before, "the last of them is closed")


def test_it_takes_as_many_connections_as_its_host_allows(start, nowhere):
    usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, most))
    try:
        worker = start(nowhere)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (usual, most))
    silent = [Connection(worker.socket) for _ in range(100)]
    assert ask(worker, "GET", "/healthz")[0] == 200
    for connection in silent:
        connection.socket.close()


def test_a_request_that_comes_in_pieces_is_put_together(worker, directory):
    whole = request_bytes("POST", CERTIFICATIONS, new_certification())
    with Connection(worker.socket) as connection:
        for at in range(0, len(whole), 100):
            connection.send(whole[at:at + 100])
            time.sleep(0.002)
        assert connection.answer()[0] == 201


def test_each_request_is_a_line_of_the_log_with_its_id(api, worker):
    api.request("GET", "/nothing", headers={"X-Request-Id": "find-me-in-the-log"})
    line = env.wait_until(
        lambda: [line for line in worker.process.log().splitlines() if "find-me" in line],
        "the line of the log")[0]
    assert re.match(r"time=\S+ level=info event=request .*request_id=find-me-in-the-log", line)
    assert "method=GET" in line and "path=/nothing" in line and "status=404" in line


def test_no_log_line_can_be_forged(api, worker):
    api.request("GET", f"{CERTIFICATIONS}/x%0Atime=forged%20event=evil")
    api.get("/healthz")
    lines = worker.process.log().splitlines()
    assert not [line for line in lines if line.startswith("time=forged")]


# Ways to be started

def test_its_socket_is_for_owner_and_group(worker):
    assert stat.S_IMODE(os.stat(worker.socket).st_mode) == 0o660


def test_a_socket_left_by_a_dead_worker_is_replaced(start, settings):
    worker = start(settings)
    worker.process.kill()
    assert worker.socket.exists()
    worker.start()
    assert ask(worker, "GET", "/healthz")[0] == 200


def run_fcgi(*arguments, settings=None, **options):
    return subprocess.run([env.fcgi_program(), *arguments], capture_output=True,
                          env=env.clean_environment(settings), timeout=env.PATIENCE, check=False,
                          **options)


def test_a_socket_of_a_living_worker_is_left_to_it(worker, settings):
    done = run_fcgi("--socket", str(worker.socket), settings=settings, stdin=subprocess.DEVNULL)
    assert done.returncode not in (0, None)
    assert str(worker.socket) in done.stderr.decode()
    assert ask(worker, "GET", "/healthz")[0] == 200


def test_what_is_no_socket_is_not_replaced(folder, settings):
    precious = folder / "precious"
    precious.write_text("do not remove")
    done = run_fcgi("--socket", str(precious), settings=settings, stdin=subprocess.DEVNULL)
    assert done.returncode != 0
    assert precious.read_text() == "do not remove"


@pytest.mark.parametrize("arguments", [[], ["--nonsense"], ["extra"], ["--socket"]])
def test_started_by_nobody_it_tells_its_usage(settings, arguments):
    done = run_fcgi(*arguments, settings=settings, stdin=subprocess.DEVNULL)
    assert done.returncode == 64
    assert b"usage" in done.stderr


def test_it_serves_a_listening_socket_that_it_is_handed(folder, settings):
    path = folder / "handed.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(16)
    # What the file says about a socket of its own does not matter then.
    process = env.Process("handed", [env.fcgi_program()], folder / "handed.log", stdin=listener,
                          env=env.clean_environment({
                              **settings, "MENTORWATCH_SERVER_SOCKET": str(folder / "own.sock")}))
    listener.close()
    try:
        for _ in range(5):
            with Connection(path) as connection:
                assert connection.ask("GET", CERTIFICATIONS)[0] == 200
        assert not (folder / "own.sock").exists()
    finally:
        assert process.stop() == 0


def cgi(settings, method, path, body=b"", stdin=None, **more):
    """The program as a web server's CGI handler starts it."""
    variables = {
        "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1", "REQUEST_METHOD": method,
        "REQUEST_URI": path, "SCRIPT_NAME": "", "PATH_INFO": path.partition("?")[0],
        "QUERY_STRING": path.partition("?")[2], "CONTENT_LENGTH": str(len(body)) if body else "",
        "CONTENT_TYPE": "application/json" if body else "", **more,
    }
    done = run_fcgi(settings={**settings, **variables}, input=body if stdin is None else stdin)
    assert done.returncode == 0, done.stderr
    return parse_answer(done.stdout.decode())


def test_as_plain_cgi_it_answers_one_request(api, settings, directory):
    status, headers, body = cgi(settings, "POST", CERTIFICATIONS, new_certification())
    assert (status, headers["content-type"]) == (201, "application/json")
    created = json.loads(body)
    assert headers["location"] == f"{CERTIFICATIONS}/{created['certification_id']}"
    status, _, body = cgi(settings, "GET", f"{CERTIFICATIONS}?mentor_id=mentor-1")
    assert status == 200
    assert json.loads(body)["data"][0]["certification_id"] == created["certification_id"]
    assert api.find(created["certification_id"])


def test_as_plain_cgi_it_reads_no_more_than_the_length_says(settings, directory):
    body = new_certification()
    status, _, _ = cgi(settings, "POST", CERTIFICATIONS, body, stdin=body + b"trailing")
    assert status == 201


def test_as_plain_cgi_a_body_without_length_goes_to_its_end(settings, directory):
    status, _, _ = cgi(settings, "POST", CERTIFICATIONS, new_certification(), CONTENT_LENGTH="")
    assert status == 201


@pytest.mark.parametrize("method, path, body, status", [
    ("GET", "/nothing", b"", 404), ("PATCH", CERTIFICATIONS, b"{}", 405),
    ("POST", CERTIFICATIONS, b"{", 400), ("POST", CERTIFICATIONS, b"{}", 422),
    ("GET", "/healthz", b"", 200)])
def test_as_plain_cgi_it_answers_problems_too(settings, directory, method, path, body, status):
    found, headers, answer = cgi(settings, method, path, body)
    assert found == status
    assert headers["x-request-id"]
    assert json.loads(answer)["status"] == (status if status >= 400 else "ok")


def test_as_plain_cgi_it_runs_the_job_and_sends_the_mail(api, settings, mail, directory):
    api.record("mentor-1", in_days(-400), in_days(-1))
    status, _, body = cgi(settings, "POST", RUN)
    assert (status, json.loads(body)["auto_paused"]) == (200, 1)
    assert len(mail.mails) == 2


def test_a_content_length_that_is_no_number_is_400(settings, directory):
    body = new_certification()
    for length in ("x", "12x", "-5"):
        assert cgi(settings, "POST", CERTIFICATIONS, body, CONTENT_LENGTH=length)[0] == 400
