# SPDX-License-Identifier: MIT
"""Requests that no honest client sends, byte by byte, and answers that are larger than usual."""
import json
import re
import socket

import pytest

from stack import env, tokens
from stack.api import CERTIFICATIONS, PAUSES
from stack.times import in_days

HIDDEN = "/hidden-request"
INNER = f"GET {HIDDEN} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def head(*lines, target=CERTIFICATIONS, method="POST"):
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: a", *lines, "", ""]).encode("latin-1")


def get(target, *lines):
    return head(*lines, target=target, method="GET")


JSON = "Content-Type: application/json"
LENGTH, CHUNKED = "Content-Length: {}", "Transfer-Encoding: chunked"

# How a proxy and a server may disagree about where a request ends. What is hidden in the body of
# one must not become another.
SMUGGLED = {
    "length and chunks": head(JSON, LENGTH.format(len(INNER) + 5), CHUNKED) + b"0\r\n\r\n" + INNER,
    "chunks and length": head(JSON, CHUNKED, LENGTH.format(4)) + b"0\r\n\r\n" + INNER,
    "two lengths": head(JSON, LENGTH.format(0), LENGTH.format(len(INNER))) + INNER,
    "two lengths in one": head(JSON, f"Content-Length: 0, {len(INNER)}") + INNER,
    "a length with a sign": head(JSON, f"Content-Length: +{len(INNER)}") + INNER,
    "a negative length": head(JSON, "Content-Length: -1") + INNER,
    "a hexadecimal length": head(JSON, "Content-Length: 0x10") + INNER,
    "a length of 2^64": head(JSON, "Content-Length: 18446744073709551616") + INNER,
    "chunked twice": head(JSON, CHUNKED, CHUNKED) + b"0\r\n\r\n" + INNER,
    "chunked, identity": head(JSON, "Transfer-Encoding: chunked, identity") + b"0\r\n\r\n" + INNER,
    "x-chunked": head(JSON, "Transfer-Encoding: xchunked", "Content-Length: 4") + INNER,
    "a blank before the colon": head(JSON, "Transfer-Encoding : chunked", LENGTH.format(3)) + INNER,
    "a folded line": head(JSON, "Transfer-Encoding:\r\n chunked", LENGTH.format(3)) + INNER,
    "a bare carriage return": head(JSON, "X: a\rTransfer-Encoding: chunked", LENGTH.format(3))
                              + INNER,
    "a chunk of a wrong size": head(JSON, CHUNKED) + b"fffffffffffffffff\r\n" + INNER,
    "a chunk of no size": head(JSON, CHUNKED) + b"\r\n" + INNER,
}

HOSTILE = {
    "the absolute form": (get(f"http://other.example{CERTIFICATIONS}"), {200}),
    "another scheme": (get("gopher://other.example/"), {404}),
    "an authority": (head(target="other.example:80", method="CONNECT"), {400, 405}),
    "no host": (b"GET /healthz HTTP/1.1\r\n\r\n", {400}),
    "two hosts": (get("/healthz", "Host: b"), {400}),
    "TRACE": (head(method="TRACE", target="/healthz"), {405}),
    "a method of 5,000 letters": (head(method="A" * 5000, target="/healthz"), {400, 405, 414}),
    "..%2f": (get(f"{CERTIFICATIONS}/..%2f..%2f..%2fmetrics"), {404}),
    "%2e%2e": (get("/%2e%2e/%2e%2e/etc/passwd"), {400}),
    "above the root": (get("/../../etc/passwd"), {400}),
    "the docs' parent": (get("/docs/..%2f..%2fmentorwatch.conf"), {400, 404}),
    "the docs' neighbour": (get("/docs../mentorwatch.conf"), {404}),
    "%00": (get(f"{CERTIFICATIONS}/cert%00"), {400, 404}),
    "a NUL in the target": (b"GET /health\0z HTTP/1.1\r\nHost: a\r\n\r\n", {400}),
    "a NUL in a header": (b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", {400}),
    "bytes that are no UTF-8": (b"GET /api/\xff\xfe\xc0\xaf HTTP/1.1\r\nHost: a\r\n\r\n", {400, 404}),
    "an overlong slash": (get(f"{CERTIFICATIONS}/%c0%af"), {400, 404}),
    "half a surrogate": (get(f"{CERTIFICATIONS}?mentor_id=%ed%a0%80"), {400}),
    "a query of %zz": (get(f"{CERTIFICATIONS}?limit=%zz"), {400}),
    "a target of 60,000 bytes": (get("/" + "a" * 60_000), {414}),
    "a header of 60,000 bytes": (get("/healthz", "X: " + "a" * 60_000), {431}),
    "2,000 headers": (get("/healthz", *(f"X-{n}: {'a' * 20}" for n in range(2000))), {431}),
    "a token of 30,000 bytes": (get(PAUSES, "Authorization: Bearer " + "a" * 6000), {401}),
    "1,000 parameters": (get(f"{CERTIFICATIONS}?" + "&".join(["limit=1"] * 800)), {400}),
    "a body of 10 GB": (head(JSON, "Content-Length: 10000000000"), {413}),
    "a body of 70,000 bytes in chunks": (
        head(JSON, CHUNKED) + b"11170\r\n" + b" " * 70_000 + b"\r\n0\r\n\r\n", {413}),
    "a GET with a body": (get("/healthz", "Content-Length: 3") + b"abc", {200}),
    "an id that breaks a header": (get("/healthz", "X-Request-Id: a%0d%0aSet-Cookie: b"), {200}),
    "an id of 500 letters": (get("/healthz", "X-Request-Id: " + "a" * 500), {200}),
    "a proxy": (get("/healthz", "Proxy: http://127.0.0.1:9"), {200}),
    "a proxy that is to be called": (get("/healthz", "HTTP_PROXY: http://127.0.0.1:9"), {200}),
    "Expect": (head(JSON, "Expect: 200-maybe", LENGTH.format(2)) + b"{}", {400, 417, 422}),
    "HTTP/9.9": (b"GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n", {400, 505}),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 405, 505}),
    "a hello of TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500, {400}),
    "noise": (bytes(range(256)) * 8 + b"\r\n\r\n", {400}),
}


def send(nginx, data):
    """The whole of what comes back until it is quiet, or closed."""
    answer = b""
    with socket.create_connection(("127.0.0.1", nginx.port), timeout=env.PATIENCE) as connection:
        try:
            connection.sendall(data)
        except OSError:
            pass  # it was refused before its end
        try:
            while piece := connection.recv(65536):
                answer += piece
                connection.settimeout(0.2)
        except OSError:
            pass
    return answer


def first_status(answer):
    line = answer.partition(b"\r\n")[0].split()
    return int(line[1]) if len(line) > 1 else None


@pytest.fixture
def unharmed(worker, api, database, recorded):
    """The tables are as they were, it is the same process, and the next request is answered."""
    before, pid = database.counts(), worker.process.pid
    yield
    assert worker.process.running() and worker.process.pid == pid
    assert api.get(f"{CERTIFICATIONS}/{recorded[0]}").status == 200
    assert database.counts() == before


@pytest.mark.parametrize("case", SMUGGLED)
@pytest.mark.usefixtures("unharmed")
def test_no_request_is_smuggled_in_another(nginx, worker, case):
    seen = worker.process.log_path.stat().st_size
    answer = send(nginx, SMUGGLED[case])
    assert answer.count(b"HTTP/1.1 ") == 1, answer
    assert first_status(answer) in (400, 413, 501), answer
    assert HIDDEN not in worker.process.log_path.read_text(errors="replace")[seen:]


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.usefixtures("unharmed")
def test_a_hostile_request_gets_an_honest_answer(nginx, case):
    data, good = HOSTILE[case]
    answer = send(nginx, data)
    header, _, body = answer.partition(b"\r\n\r\n")
    assert first_status(answer) in good, answer[:500]
    assert header.lower().count(b"x-request-id:") == 1 and b"Set-Cookie:" not in header
    if first_status(answer) >= 400:
        assert b"application/problem+json" in header
        assert json.loads(body)["status"] == first_status(answer)


@pytest.mark.parametrize("order", ["good first", "good last", "good twice"])
@pytest.mark.usefixtures("unharmed")
def test_two_authorizations_are_none(nginx, order):
    """A gateway may have looked at the one, and we would at the other."""
    good = f"Authorization: Bearer {tokens.of('global_admin')}"
    both = {"good first": (good, "Authorization: Bearer other"),
            "good last": ("Authorization: Bearer other", good), "good twice": (good, good)}[order]
    assert first_status(send(nginx, get(PAUSES, *both))) in (400, 401)


def kept_by_nginx(nginx):
    """How many bytes of an answer."""
    site = (nginx.folder / "mentorwatch.conf").read_text()
    many, each = re.search(r"fastcgi_buffers (\d+) (\d+)k;", site).groups()
    return int(many) * int(each) * 1024


def test_the_largest_list_waits_in_nginx_and_not_in_a_worker(nginx, worker, api, database):
    """As large as texts can make it; more readers than the worker has threads read none of it."""
    largest = "\N{GRINNING FACE}" * 500
    database.run("UPDATE mentors SET name = %s", "\N{GRINNING FACE}" * 100)
    event = {"peer_mentor_id": "mentor-1", "event_type": "pause_activated",
             "effective_date": in_days(1), "reason": largest}
    staff = api.signed_in(tokens.of("coordinator", "org-oslo"))
    for _ in range(100):
        assert staff.post(PAUSES, event).status == 201
    database.run("DELETE FROM pauses")
    assert 200_000 < len(staff.get(PAUSES, limit=100).body) < kept_by_nginx(nginx)
    held = []
    for _ in range(4 * worker.threads):
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        reader.connect(("127.0.0.1", nginx.port))
        reader.sendall(get(f"{PAUSES}?limit=100", f"Authorization: Bearer {staff.token}"))
        held.append(reader)
    try:
        env.wait_until(lambda: all(reader.recv(1, socket.MSG_PEEK) for reader in held), "answers")
        for _ in range(10):
            assert api.get("/healthz").status == 200
    finally:
        for reader in held:
            reader.close()
