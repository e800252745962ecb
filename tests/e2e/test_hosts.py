# SPDX-License-Identifier: MIT
"""Several hosts of a database (database.hosts): the first that works is used, whatever ails the
others, and the first again when it is back."""
import concurrent.futures
import json
import socket
import time

import pytest

from stack import env
from stack.api import CERTIFICATIONS, PAUSES, RUN
from stack.cli import UNAVAILABLE, Cli
from stack.directory import Directory
from stack.doctor import diagnose
from stack.fastcgi import Connection
from stack.forward import Forward
from stack.mariadb import Database, NetworkedMariaDB
from stack.times import in_days
from stack.worker import Worker

NEW = json.dumps({"mentor_id": "mentor-3", "certification_type": "t", "issued_at": in_days(-1),
                  "expires_at": in_days(9)}).encode()
PAGE = f"{CERTIFICATIONS}?limit=50"
PAUSED = json.dumps({"mentor_id": "mentor-1", "pause_reason": "away"}).encode()
AVOIDED = 5  # seconds for which a host that failed is not tried


def nowhere():
    return f"127.0.0.1:{env.free_port()}"


@pytest.fixture(scope="module")
def networked(folder):
    server = NetworkedMariaDB(folder / "hosts")
    server.start()
    server.new_database("mw")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def by_hosts(networked, common_settings):
    """by_hosts("127.0.0.1:4001", …): the settings of a program that knows these."""
    def settings(*hosts):
        return {**common_settings, "MENTORWATCH_DATABASE_HOSTS": ", ".join(hosts),
                "MENTORWATCH_DATABASE_NAME": "mw", "MENTORWATCH_DATABASE_USER": "mentorwatch",
                "MENTORWATCH_DATABASE_PASSWORD": "only-for-tests",
                "MENTORWATCH_DATABASE_SOCKET": "/nonexistent/does-not-count",
                "MENTORWATCH_DATABASE_PORT": str(networked.port)}
    Cli(settings("127.0.0.1")).good("migrate")
    Directory(Database(networked, "mw")).fill()
    return settings


@pytest.fixture
def hosts(networked):
    """Two ways to the database, both open."""
    ways = [Forward(networked.port), Forward(networked.port)]
    for way in ways:
        way.up()
    yield ways
    for way in ways:
        way.down()


@pytest.fixture
def knowing(folder, by_hosts):
    """knowing(host, …): ask(method, body) of a worker that knows these hosts → status, seconds."""
    workers = []

    def start(*hosts, threads=1):
        worker = Worker(folder, by_hosts(*hosts), name=f"hosts-{len(workers)}", threads=threads)
        worker.start()
        workers.append(worker)

        def ask(method="GET", body=b"", path=CERTIFICATIONS, **more):
            began = time.monotonic()
            with Connection(worker.socket, timeout=30) as connection:
                status = connection.ask(method, path, body, **more)[0]
            return status, time.monotonic() - began
        return ask
    yield start
    for worker in workers:
        worker.stop()


def at(way):
    return f"127.0.0.1:{way.port}"


def test_the_first_host_that_works_is_used(knowing, hosts, by_hosts):
    ask = knowing(nowhere(), at(hosts[0]), at(hosts[1]))
    assert [ask()[0] for _ in range(5)] == [200] * 5
    assert (hosts[0].taken, hosts[1].taken) == (1, 0)
    Cli(by_hosts(nowhere(), at(hosts[1]))).good("migrate")
    assert hosts[1].taken == 1


def test_no_request_fails_while_another_host_works_and_the_first_is_used_again(knowing, hosts):
    first, second = hosts
    ask = knowing(at(first), at(second))
    assert ask("POST", NEW)[0] == 201 and second.taken == 0
    first.down()
    assert [ask("POST", NEW)[0] for _ in range(5)] == [201] * 5
    assert second.taken == 1
    first.up()
    before = first.taken
    time.sleep(AVOIDED)
    assert [ask("POST", NEW)[0] for _ in range(5)] == [201] * 5
    assert first.taken == before + 1 and second.taken == 1
    second.down()
    assert ask("POST", NEW)[0] == 201


@pytest.mark.parametrize("length", [50, 700, 2000])
def test_an_answer_that_breaks_off_between_two_rows_is_asked_for_again(knowing, hosts, length):
    ask = knowing(at(hosts[0]))
    assert [ask("POST", NEW)[0] for _ in range(30)] == [201] * 30
    assert ask(path=PAGE)[0] == 200
    hosts[0].cut_after = length
    assert ask(path=PAGE)[0] == 200
    assert hosts[0].cut_after is None and hosts[0].taken == 2


def test_a_host_that_swallows_all_costs_one_request_two_seconds(knowing, hosts):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ask = knowing(f"127.0.0.1:{silent.getsockname()[1]}", at(hosts[0]), threads=1)
        status, seconds = ask()
        assert status == 200 and 1 < seconds < 4
        assert all(status == 200 and seconds < 1 for status, seconds in (ask() for _ in range(5)))


def test_no_host_at_all_is_503_and_69(knowing, by_hosts):
    hosts = (nowhere(), nowhere())
    status, seconds = knowing(*hosts)()
    assert status == 503 and seconds < 10
    done = Cli(by_hosts(*hosts)).run("status")
    assert done.status == UNAVAILABLE and "no host of the database" in done.err


EXPIRED = json.dumps({"mentor_id": "mentor-2", "certification_type": "t",
                      "issued_at": in_days(-400), "expires_at": in_days(-1)}).encode()


@pytest.fixture
def slow_run(networked):
    networked.run("CREATE TRIGGER slow BEFORE INSERT ON pauses FOR EACH ROW SET @slept = SLEEP(1)",
                  database="mw")
    yield
    networked.run("DROP TRIGGER slow", database="mw")


@pytest.mark.usefixtures("slow_run")
def test_a_request_waits_once_for_hosts_that_swallow_all(knowing, hosts):
    """However many units of work it has, whether there was a connection before or not."""
    with (socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other):
        silent = [f"127.0.0.1:{server.getsockname()[1]}" for server in (one, other)] * 2
        ask = knowing(at(hosts[0]), *silent, threads=4)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            assert {status for status, _ in pool.map(lambda _: ask("POST", NEW), range(8))} == {201}
            assert ask("POST", EXPIRED)[0] == 201
            run = pool.submit(ask, "POST", b"{}", RUN, HTTP_IDEMPOTENCY_KEY="begun")
            time.sleep(0.5)
            assert not run.done()
            hosts[0].down()
            answers = list(pool.map(lambda _: ask("POST", NEW), range(4)))
        answers.append(run.result())
        answers.append(ask("POST", b"{}", RUN, HTTP_IDEMPOTENCY_KEY="key"))
        answers.append(ask("POST", PAUSED, f"{PAUSES}/pause-activated", HTTP_IDEMPOTENCY_KEY="other"))
    assert {status for status, _ in answers} == {503}
    assert max(seconds for _, seconds in answers) < 9, answers


def test_a_host_for_reading_alone_is_not_used(knowing, by_hosts, hosts, networked, folder):
    other = NetworkedMariaDB(folder / "reading")
    other.start()
    try:
        other.new_database("mw")
        other.run("SET GLOBAL read_only = ON")
        reading = f"127.0.0.1:{other.port}"
        assert knowing(reading, at(hosts[0]))("POST", NEW)[0] == 201
        found = diagnose(Cli(by_hosts(reading, at(hosts[0]))))
        assert found.result("hosts") == ["skipped", "ok"]
        assert f"{reading}: up, and not used" in found.says("hosts")
    finally:
        other.stop()


def test_the_doctor_looks_at_each_host(by_hosts, hosts):
    gone = nowhere()
    found = diagnose(Cli(by_hosts(gone, at(hosts[0]), at(hosts[1]))))
    assert found.result("hosts") == ["wrong", "ok", "ok"]
    told = found.says("hosts")
    assert f"{gone}: nobody answers" in told and "database.hosts" in told
    assert f"{at(hosts[1])}: MariaDB" in told
    assert found.result("database") == found.result("schema") == ["ok"]


def test_hosts_that_are_none_are_refused(by_hosts):
    done = Cli(by_hosts("127.0.0.1:4001:4002")).run("status")
    assert done.status == 78 and "database_hosts must be up to 16 hosts" in done.err.lower()
