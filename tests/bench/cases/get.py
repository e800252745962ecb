# SPDX-License-Identifier: MIT
"""a certification by its id, of 100,000"""
import random
import statistics

from kit import fill, load, peers, report, site

ROWS = 100_000
THREADS = 8


def run(stack):
    options = stack.options
    schema = stack.schema("bench", ROWS, expired=True)
    worker = stack.worker(schema, THREADS)
    nginx = stack.nginx(worker)
    echo, echo_socket = stack.echo(THREADS)
    ports = {"static": stack.add_static(nginx), "echo": stack.add_echo(nginx, echo_socket)}
    others = peers.start(stack, schema, nginx)
    nginx.start()
    stack.keep(nginx)

    chosen = random.Random(5)
    by_id = stack.lines("get", ("/api/v1/certifications/" + fill.certification_id(
        chosen.randint(1, ROWS)) for _ in range(5000)))
    health = stack.lines("health", ["/healthz"])
    targets = [
        stack.target("nginx static file", nginx, by_id, ports["static"]),
        stack.target("FastCGI echo", nginx, by_id, ports["echo"], {"app": echo.pid}),
        stack.target("ours /healthz", nginx, health, None, {"app": worker.process.pid}),
        stack.target("ours", nginx, by_id, None, {"app": worker.process.pid}),
        stack.target("ours again", nginx, by_id, None, {"app": worker.process.pid}),
        *(stack.target(name, nginx, by_id, port, {"app": pid})
          for name, (port, pid) in others.items()),
    ]
    samples = load.interleave(targets, options.rounds, options.seconds)
    report.comparison(f"GET by id, wrk -t1 -c32, {options.rounds} × {options.seconds} s",
                      samples, "ours")
    raw = [site.point_selects(schema, THREADS // 2, options.seconds)
           for _ in range(options.rounds)]
    print(f"point selects by the client library alone, {THREADS // 2} threads: "
          f"{report.number(statistics.median(raw))} per s")
    report.goal("GET against the FastCGI echo, cap ratio",
                load.ratio(samples, "ours", "FastCGI echo", "cap"), 0.35)
    peers.goals(samples, "GET", {"PHP-FPM": 2.0, "Go": 1.5, "Node": 2.5})
