# SPDX-License-Identifier: MIT
"""a new certification, committed durably"""
import json
import random

from kit import fill, load, peers, report

ROWS = 100_000
THREADS = 16


def requests():
    chosen = random.Random(7)
    for number in range(5000):
        yield "/api/v1/certifications\t" + json.dumps({
            "mentor_id": fill.mentor_id(chosen.randrange(ROWS // 10)),
            "certification_type": fill.TYPES[number % len(fill.TYPES)],
            "issued_at": "2024-01-01T00:00:00Z",
            "expires_at": f"2035-{1 + number % 12:02}-01T00:00:00Z"})


def run(stack):
    options = stack.options
    schema = stack.schema("bench", ROWS, expired=True)
    worker = stack.worker(schema, THREADS)
    nginx = stack.nginx(worker)
    # What others insert would be left for us to take into our totals.
    theirs = stack.schema("peers", ROWS, expired=True)
    others = peers.start(stack, theirs, nginx)
    nginx.start()
    stack.keep(nginx)
    lines = stack.lines("post", requests())
    ours = {"app": worker.process.pid}
    targets = [
        stack.target("ours", nginx, lines, None, ours, method="POST"),
        stack.target("ours again", nginx, lines, None, ours, method="POST"),
        *(stack.target(name, nginx, lines, port, {"app": pid}, method="POST")
          for name, (port, pid) in others.items()),
    ]
    samples = load.interleave(targets, options.rounds, options.seconds)
    report.comparison(f"POST, wrk -t1 -c32, {options.rounds} × {options.seconds} s",
                      samples, "ours")
    peers.goals(samples, "POST", {"PHP-FPM": 1.6, "Go": 1.6, "Node": 1.6})
    for each in (schema, theirs):
        each.database.run("DELETE FROM certifications WHERE seq > %s", ROWS)
