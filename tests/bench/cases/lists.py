# SPDX-License-Identifier: MIT
"""a page of 20 with its exact total, by the size of the table"""
import http.client
import re
import statistics
import time

from kit import load, peers, report

PEERED = 100_000  # the size at which peers take part
SIZES = (1_000, PEERED, 1_000_000)
FULL_SIZES = (*SIZES, 10_000_000)
LIST = "/api/v1/certifications?limit=20"
TIMES = 41


class Client:
    """One connection, on which one request follows the other."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path):
        """The answer, its body, and the milliseconds until its end."""
        begun = time.monotonic()
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        spent = 1000 * (time.monotonic() - begun)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body!r}")
        return answer, body, spent


def milliseconds(clients, paths):
    """Of each size the median of a request for its path. The sizes take turns, as the machine is never
    the same for long."""
    seen = {count: [] for count in clients}
    for _ in range(TIMES + 1):
        for count, client in clients.items():
            seen[count].append(client.get(paths[count])[2])
    return {count: statistics.median(times[1:]) for count, times in seen.items()}


def next_by_cursor(client, path):
    """The path of the page after this one, by cursor."""
    link = client.get(path)[0].getheader("Link")
    return re.search(r'<([^>]*)>; rel="next"', link).group(1)


def pages(count):
    """What is asked for at each size: name → path."""
    return {
        "page 1": LIST,
        "page in the middle": f"{LIST}&page={max(1, count // 40)}",
        "by expiry, in the middle": f"{LIST}&sort=expires_at&page={max(1, count // 40)}",
        "one type, page 1": f"{LIST}&certification_type=driving",
        "one type, in the middle": f"{LIST}&certification_type=driving&page={max(1, count // 400)}",
        "valid, page 1": f"{LIST}&status=valid",
        "expired, page 1": f"{LIST}&status=expired",
        "revoked, page 1": f"{LIST}&status=revoked",
        "expires before, page 1": f"{LIST}&expires_before=2029-01-01",
        "expires after, page 1": f"{LIST}&expires_after=2029-01-01",
        "one mentor": f"{LIST}&mentor_id=mntr_00000007",
    }


def take_in(schema):
    """As the first sweep after the migration."""
    begun = time.monotonic()
    schema.cli.good("counts", "--repair", patience=600)
    spent = time.monotonic() - begun
    print(f"{schema.count:,} rows, {spent:.1f} s to recount them, "
          f"{schema.count / spent:,.0f} a second", flush=True)


def compare_with_peers(stack, schema, worker, nginx, others):
    lines = stack.lines("list", [LIST])
    targets = [
        stack.target("ours", nginx, lines, None, {"app": worker.process.pid}),
        *(stack.target(name, nginx, lines, port, {"app": pid})
          for name, (port, pid) in others.items()),
    ]
    options = stack.options
    samples = load.interleave(targets, options.rounds, options.seconds)
    report.comparison(f"page 1, limit 20, {schema.count:,} rows, wrk -t1 -c32, "
                      f"{options.rounds} × {options.seconds} s", samples, "ours")
    peers.goals(samples, "list", {"PHP-FPM": 30, "Go": 30, "Node": 30})


def start(stack, count):
    """A schema of that size with all that serves it; the port."""
    name = "bench" if count == PEERED else f"lists{count}"
    begun = time.monotonic()
    schema = stack.schema(name, count, expired=True, more={"MENTORWATCH_DATABASE_TIMEOUT": "60"})
    print(f"{count:,} rows, {time.monotonic() - begun:.0f} s to fill", flush=True)
    take_in(schema)
    worker = stack.worker(schema)
    nginx = stack.nginx(worker, f"nginx-{name}")
    others = peers.start(stack, schema, nginx) if count == PEERED else {}
    nginx.start()
    stack.keep(nginx)
    if count == PEERED:
        compare_with_peers(stack, schema, worker, nginx, others)
    return nginx.port


def run(stack):
    sizes = FULL_SIZES if stack.options.full else SIZES
    clients = {count: Client(start(stack, count)) for count in sizes}
    asked = {count: pages(count) for count in sizes}
    for count, client in clients.items():
        for what in ("page in the middle", "one type, in the middle"):
            asked[count][f"{what}, by cursor"] = next_by_cursor(client, asked[count][what])
    seen = {what: milliseconds(clients, {count: asked[count][what] for count in sizes})
            for what in asked[sizes[0]]}
    report.table("milliseconds of one request, one client",
                 ["rows", *(f"{count:,}" for count in sizes)],
                 [[what, *(f"{times[count]:.2f}" for count in sizes)]
                  for what, times in seen.items()])
    for what, times in seen.items():
        report.goal(f"{what}, {sizes[-1]:,} rows against 1,000, time",
                    times[sizes[-1]] / times[sizes[0]], 2, at_most=True)
