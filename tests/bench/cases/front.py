# SPDX-License-Identifier: MIT
"""64 kept connections from nginx, 4 threads, 256 clients, 50 silent ones, and then 20 probes"""
import http.client
import socket
import time

from kit import fill, load, report

ROWS = 100_000


def probe(port, path):
    """Milliseconds until the answer; None: there was none within a second, or not a good one."""
    begun = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return 1000 * (time.monotonic() - begun) if answer.status == 200 else None
    except OSError:
        return None
    finally:
        connection.close()


def silent_clients(path, count):
    """Connections to the program that say nothing."""
    clients = [socket.socket(socket.AF_UNIX) for _ in range(count)]
    for client in clients:
        client.connect(str(path))
    return clients


def run(stack):
    schema = stack.schema("bench", ROWS, expired=True)
    worker = stack.worker(schema, threads=4)
    nginx = stack.nginx(worker, keepalive=64)
    nginx.start()
    stack.keep(nginx)
    path = "/api/v1/certifications/" + fill.certification_id(1)
    target = stack.target("ours", nginx, stack.lines("front", [path]), None,
                          {"app": worker.process.pid})
    sample = load.run(target, stack.options.seconds + 1, clients=256)
    silent = silent_clients(worker.socket, 50)
    times = [probe(nginx.port, path) for _ in range(20)]
    for client in silent:
        client.close()
    hung = times.count(None)
    report.table("kept connections", ["what", "seen"], [
        ["requests per s, 256 clients", report.number(sample.rate)],
        ["p99 ms", f"{sample.p99:.1f}"],
        ["bad answers, broken connections, timeouts",
         f"{sample.wrong}, {sample.broken}, {sample.late}"],
        ["probes that hung, of 20, beside 50 silent connections", hung],
        ["slowest probe ms", f"{max(t for t in times if t is not None):.1f}" if hung < 20 else "-"],
    ])
    if sample.bad + hung > 0:
        print(nginx.log())
    report.goal("errors, timeouts and hung probes", sample.bad + hung, 0, at_most=True)
