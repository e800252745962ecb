# SPDX-License-Identifier: MIT
"""what a worker with 16 threads holds after many requests"""
import random

from kit import fill, load, processes, report

ROWS = 100_000
SHORT, FULL = 100_000, 1_000_000


def run(stack):
    wanted = FULL if stack.options.full else SHORT
    schema = stack.schema("bench", ROWS, expired=True)
    worker = stack.worker(schema, threads=16)
    nginx = stack.nginx(worker)
    nginx.start()
    stack.keep(nginx)
    chosen = random.Random(3)
    paths = ["/api/v1/certifications/" + fill.certification_id(chosen.randint(1, ROWS))
             for _ in range(4000)]
    paths[::50] = ["/api/v1/certifications?limit=100&mentor_id=" + fill.mentor_id(
        chosen.randrange(ROWS // 10)) for _ in paths[::50]]
    target = stack.target("ours", nginx, stack.lines("memory", paths), None,
                          {"app": worker.process.pid})
    done, bad = 0, 0
    seen = [("at start", 0, processes.resident(worker.process.pid))]
    tenth = None
    while done < wanted:
        seconds = 1 if tenth is None else 3
        sample = load.run(target, seconds)
        done += int(sample.rate * seconds)
        bad += sample.bad
        if tenth is None and done >= wanted // 10:
            tenth = processes.resident(worker.process.pid)
            seen.append(("after the first tenth", done, tenth))
    last = processes.resident(worker.process.pid)
    seen.append(("at the end", done, last))
    report.table("resident memory", ["when", "requests", "KiB"],
                 [[when, f"{count:,}", f"{kib:,}"] for when, count, kib in seen])
    report.goal("bad answers", bad, 0, at_most=True)
    report.goal("MiB of a worker with 16 threads", last / 1024, 40, at_most=True)
    report.goal("MiB grown after the first tenth", (last - tenth) / 1024, 1, at_most=True)
