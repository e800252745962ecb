# SPDX-License-Identifier: MIT
"""a page of 20 with its exact total, by the size of the table"""
import http.client
import json
import statistics
import time

from kit import load, peers, report

PEERED = 100_000  # the size at which peers take part
SIZES = (1_000, PEERED, 1_000_000)
FULL_SIZES = (*SIZES, 10_000_000)
LIST = "/api/v1/certifications?limit=20"
TIMES = 41


def milliseconds(port, path, times=TIMES):
    """Median of one request after the other, on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    seen = []
    for _ in range(times + 1):
        begun = time.monotonic()
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        seen.append(1000 * (time.monotonic() - begun))
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body!r}")
    connection.close()
    return statistics.median(seen[1:])


def next_cursor(port, path):
    """The path of the page after this one, by cursor."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    link = answer.getheader("Link") or ""
    body = json.loads(answer.read())
    connection.close()
    for piece in link.split(","):
        address, _, relation = piece.strip().partition(";")
        if 'rel="next"' in relation and "cursor=" in address:
            return address.strip("<>")
    cursor = body.get("next_cursor") or body.get("pagination", {}).get("next_cursor")
    return f"{LIST}&cursor={cursor}" if cursor else None


def pages(count):
    """What is asked for at each size: name → path."""
    return {
        "page 1": LIST,
        "page in the middle": f"{LIST}&page={max(1, count // 40)}",
        "by expiry, in the middle": f"{LIST}&sort=expires_at&page={max(1, count // 40)}",
        "one type, page 1": f"{LIST}&certification_type=driving",
        "valid, page 1": f"{LIST}&status=valid",
        "expired, page 1": f"{LIST}&status=expired",
        "revoked, page 1": f"{LIST}&status=revoked",
        "expires before, page 1": f"{LIST}&expires_before=2029-01-01",
        "expires after, page 1": f"{LIST}&expires_after=2029-01-01",
        "one mentor": f"{LIST}&mentor_id=mntr_00000007",
    }


# One filter and a page by number: an OFFSET within an index.
WALKED = "one type, in the middle"


def walked(count):
    return f"{LIST}&certification_type=driving&page={max(1, count // 400)}"


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


def run(stack):
    sizes = FULL_SIZES if stack.options.full else SIZES
    seen = {}
    for count in sizes:
        name = "bench" if count == PEERED else f"lists{count}"
        begun = time.monotonic()
        schema = stack.schema(name, count, expired=True,
                              more={"MENTORWATCH_DATABASE_TIMEOUT": "60"})
        print(f"{count:,} rows, {time.monotonic() - begun:.0f} s to fill", flush=True)
        take_in(schema)
        worker = stack.worker(schema)
        nginx = stack.nginx(worker, f"nginx-{name}")
        others = peers.start(stack, schema, nginx) if count == PEERED else {}
        nginx.start()
        stack.keep(nginx)
        seen[count] = {what: milliseconds(nginx.port, path)
                       for what, path in pages(count).items()}
        seen[count][WALKED] = milliseconds(nginx.port, walked(count), 5)
        by_cursor = next_cursor(nginx.port, pages(count)["page in the middle"])
        if by_cursor is not None:
            seen[count]["after the middle, by cursor"] = milliseconds(nginx.port, by_cursor)
        if count == PEERED:
            compare_with_peers(stack, schema, worker, nginx, others)
        stack.stop_parts()
    report.table("milliseconds of one request, one client",
                 ["rows", *(f"{count:,}" for count in sizes)],
                 [[what, *(f"{seen[count].get(what, 0):.2f}" for count in sizes)]
                  for what in seen[sizes[-1]]])
    for what in [what for what in seen[sizes[-1]] if what != WALKED]:
        report.goal(f"{what}, {sizes[-1]:,} rows against 1,000, time",
                    seen[sizes[-1]][what] / seen[sizes[0]].get(what, 1), 2, at_most=True)
