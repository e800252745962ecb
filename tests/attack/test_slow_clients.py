# SPDX-License-Identifier: MIT
"""Clients that are slow, silent or gone in the middle, hundreds of them, and floods: whoever works
properly beside them is served, and nothing of theirs stays behind."""
import socket

import pytest

from stack import env

from burden import Burden
from good import GoodClient
from horde import ANSWER, SLOW, Aborting, Flooding, Horde, Knocking, SlowBody, SlowChunks, SlowHeader

KEPT = 2 * 64  # connections that the two workers of nginx may keep to ours
# Below this, in seconds, what is measured is who else works on the machine. A client that holds a
# worker's thread costs more.
NOISE_SHORT, NOISE_LONG = 0.5, 0.01
GROWTH = 2048  # KiB, of whatever both threads had not done before


@pytest.fixture
def good(nginx, api, recorded):
    for _ in range(10):
        assert api.get(ANSWER).status == 200  # what it keeps is kept from now on
    client = GoodClient(nginx, recorded)
    client.work(1)
    return client


@pytest.fixture
def burden(worker, nginx):
    return Burden(worker, nginx)


@pytest.fixture(scope="module", autouse=True)
def stalled(nginx):
    """In the middle of a header, and of a body; looked at again by the last of these tests."""
    connections = [socket.create_connection(("127.0.0.1", nginx.port)) for _ in range(2)]
    for connection, text in zip(connections, (SlowHeader.TEXT[:20], SlowBody.HEAD)):
        connection.sendall(text)
    yield connections
    for connection in connections:
        connection.close()


def test_a_good_client_hardly_notices_slow_ones(nginx, worker, good, burden, form):
    pid = worker.process.pid
    idle = good.work(form(3, 20))
    files = burden.files()
    memory = burden.memory()
    with Horde(nginx.port, SLOW, form(400, 1000)) as horde:
        beside = good.work(form(7, 60))
        during = burden.files()
    print(f"\nidle:   {idle}\nbeside: {beside}\n{horde.steps.value} steps,"
          f" {horde.thrown_out.value} thrown out; files {files} → {during};"
          f" memory {memory} → {burden.memory()} KiB")
    assert beside.good >= 0.999, beside.bad
    assert beside.p99 <= max(3 * idle.p99, form(NOISE_SHORT, NOISE_LONG))
    assert during["nginx"] > form(250, 600), "they were not all there at the same time"
    assert during["worker"] <= files["worker"] + KEPT
    burden.await_files({"worker": files["worker"] + KEPT, "nginx": files["nginx"] + 2 * KEPT})
    assert burden.memory()["worker"] <= memory["worker"] + GROWTH
    assert worker.process.running() and worker.process.pid == pid


@pytest.mark.parametrize("manner", [SlowHeader, SlowBody, SlowChunks])
def test_a_request_that_does_not_end_never_reaches_the_worker(nginx, worker, good, burden, manner):
    before = burden.files()["worker"]
    seen = worker.process.log_path.stat().st_size
    with Horde(nginx.port, [manner], 100, pace=0.2):
        assert good.work(1).bad == []
        assert burden.files()["worker"] <= before + 2
    log = worker.process.log_path.read_text(errors="replace")[seen:]
    assert "status=4" not in log and "status=5" not in log


@pytest.mark.parametrize("manner, count", [(Flooding, 40), (Knocking, 40), (Aborting, 40)])
def test_a_flood_leaves_room_for_a_good_client(nginx, worker, good, burden, form, manner, count):
    files = burden.files()
    pid = worker.process.pid
    with Horde(nginx.port, [manner], count, pace=0.004) as horde:
        beside = good.work(form(3, 30))
    print(f"\n{manner.__name__}: {horde.steps.value} steps; beside: {beside}")
    assert beside.good >= 0.999, beside.bad
    assert beside.p99 <= 2
    burden.await_files({"worker": files["worker"] + KEPT, "nginx": files["nginx"] + 2 * KEPT})
    assert worker.process.running() and worker.process.pid == pid


def test_a_client_that_says_nothing_for_too_long_is_thrown_out(stalled):
    for connection in stalled:
        connection.settimeout(env.PATIENCE)
        try:
            answer = connection.recv(100)
        except ConnectionResetError:  # with bytes of ours that nobody read
            answer = b""
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")
