# SPDX-License-Identifier: MIT
"""the expiry job: certifications a second, memory, and what the API feels of it"""
import random
import statistics
import subprocess
import threading
import time

from kit import fill, processes, report
from stack import env
from cases import row_by_row

SIZES = (10_000, 100_000)
FULL_SIZES = (10_000, 1_000_000)
SAMPLE = 1000  # certifications that the script handles, of all those that the sweep does
BATCH = 500  # the default of jobs.batch


def sweep(schema):
    """(seconds, largest KiB, seconds of the expiry job alone) of a whole sweep, which must pause
    what has expired. The rest of it looks for reminders, delivers, and counts all lists anew."""
    more = ["--accept"] if "--accept" in schema.cli.good("help", "sweep").out else []
    status, wall, kib = processes.peak(
        [env.cli_program(), "sweep", *more], env=env.clean_environment(schema.settings),
        stdin=subprocess.DEVNULL)
    acted = schema.database.value(
        "SELECT COUNT(*) FROM certifications WHERE auto_pause_applied_at IS NOT NULL")
    if status != 0 or acted != schema.count // 10:
        raise RuntimeError(f"the sweep ended with {status} after {acted} certifications")
    job = schema.database.value(
        "SELECT TIMESTAMPDIFF(MICROSECOND, started_at, completed_at) FROM job_runs"
        " WHERE job = 'expiry'")
    return wall, kib, float(job) / 1e6


def longest_batch(schema):
    """Milliseconds from one batch to the next, at most: a batch inserts two messages for each
    certification, and the database notes the moment."""
    begun = [row["at"] for row in schema.database.run(
        "SELECT at FROM (SELECT next_attempt_at AS at, ROW_NUMBER() OVER (ORDER BY seq) AS number"
        " FROM messages) AS numbered WHERE number %% %s = 1", 2 * BATCH)]
    return max((later - sooner).total_seconds() * 1000 for sooner, later in zip(begun, begun[1:]))


class Latency:
    """Asks the API for certifications, 200 times a second, as long as it is told to."""

    def __init__(self, stack, schema, nginx):
        chosen = random.Random(11)
        self.paths = ["/api/v1/certifications/" + fill.certification_id(
            chosen.randint(1, schema.count)) for _ in range(500)]
        self.nginx = nginx

    def measure(self, until):
        """Milliseconds of each answer, until the event is set."""
        connection = self.nginx.connection()
        seen = []
        due = time.monotonic()
        while not until.is_set():
            due += 0.005
            time.sleep(max(0, due - time.monotonic()))
            begun = time.monotonic()
            connection.request("GET", self.paths[len(seen) % len(self.paths)])
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{answer.status} during the sweep")
            seen.append(1000 * (time.monotonic() - begun))
        return seen

    def idle(self, seconds):
        until = threading.Event()
        timer = threading.Timer(seconds, until.set)
        timer.start()
        return self.measure(until)

    def during(self, work):
        """What work() gives back, and the milliseconds meanwhile."""
        until = threading.Event()
        seen = []
        thread = threading.Thread(target=lambda: seen.extend(self.measure(until)))
        thread.start()
        try:
            result = work()
        finally:
            until.set()
            thread.join()
        return result, seen


def p99(times):
    return statistics.quantiles(times, n=100)[98]


def alone(stack, count):
    """(seconds of the job, of the whole sweep, its KiB, its longest batch, the script's rate, the
    careless one's), while nobody asks for anything."""
    schema = stack.schema(f"alone{count}", count, fresh=True, expired=True)
    stack.settle()
    script = row_by_row.handle(schema, SAMPLE)
    row_by_row.undo(schema)
    stack.settle()
    careless = row_by_row.handle(schema, SAMPLE // 2, careful=False)
    row_by_row.undo(schema)
    stack.settle()
    wall, kib, job = sweep(schema)
    longest = longest_batch(schema)
    schema.database.run(f"DROP DATABASE {schema.name}")
    return job, wall, kib, longest, script, careless


def beside(stack, count):
    """(seconds of the job, the API's p99 in ms when idle, and meanwhile)."""
    schema = stack.schema(f"beside{count}", count, fresh=True, expired=True)
    worker = stack.worker(schema)
    nginx = stack.nginx(worker, f"nginx-sweep{count}")
    nginx.start()
    stack.keep(nginx)
    latency = Latency(stack, schema, nginx)
    stack.settle()
    idle = latency.idle(2)
    (_, _, job), seen = latency.during(lambda: sweep(schema))
    idle += latency.idle(2)
    stack.stop_parts()
    schema.database.run(f"DROP DATABASE {schema.name}")
    return job, p99(idle), p99(seen)


def run(stack):
    sizes = FULL_SIZES if stack.options.full else SIZES
    rows, memory = [], []
    for count in sizes:
        # This one first: a database that has just begun meets each page of its memory for the first
        # time, and one that is at work does not.
        job_beside, idle, meanwhile = beside(stack, count)
        job, wall, kib, longest, script, careless = alone(stack, count)
        expired = count / 10
        memory.append(kib)
        rows.append([f"{count:,}", f"{expired:,.0f}", f"{wall:.1f}", f"{job:.1f}",
                     report.number(expired / job), report.number(script),
                     f"{expired / job / script:.1f}", f"{expired / wall / script:.1f}",
                     f"{expired / job / careless:.1f}", f"{kib:,}", f"{longest:.0f}",
                     report.number(expired / job_beside), f"{idle:.1f}", f"{meanwhile:.1f}"])
    report.table("sweep, alone and while the API is asked 200 times a second",
                 ["certifications", "expired", "sweep s", "its job s", "job per s", "script per s",
                  "job / script", "sweep / script", "job / careless", "KiB", "batch ms, at most",
                  "beside the API: job per s", "API p99 ms idle", "meanwhile"], rows)
    report.goal("expiry job against a row by row script", expired / job / script, 25)
    report.goal(f"memory, {sizes[1]:,} against {sizes[0]:,}", memory[1] / memory[0], 1.2,
                at_most=True)
    report.goal("p99 of the API meanwhile, against idle", meanwhile / idle, 3, at_most=True)
