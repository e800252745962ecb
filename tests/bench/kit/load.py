# SPDX-License-Identifier: MIT
"""Load from wrk, in rounds that take turns, and what it cost: rates drift on a machine that others
use too, so only ratios within a round count, and of these the medians."""
import dataclasses
import os
import pathlib
import statistics
import subprocess

from . import processes

SCRIPT = pathlib.Path(__file__).with_name("requests.lua")
CORES = os.cpu_count()


@dataclasses.dataclass
class Target:
    """Something that answers. parts: name of a server → pid, whose CPU time is its cost; the
    servers' children count with them."""
    name: str
    url: str
    lines: pathlib.Path  # a request a line: its path and, after a tab, its body
    parts: dict
    method: str = "GET"
    token: str | None = None


@dataclasses.dataclass
class Sample:
    rate: float
    p50: float  # milliseconds
    p99: float
    wrong: int  # answers of 400 and above
    broken: int  # connections
    late: int  # answers that took five seconds, or longer than the round
    cpu: dict  # part → microseconds per request, wrk among them

    @property
    def bad(self):
        return self.wrong + self.broken + self.late

    @property
    def cap(self):
        """Requests a second, if nothing but CPU time counted."""
        return CORES * 1e6 / max(sum(self.cpu.values()), 1e-9)


def run(target, seconds, clients=32, threads=1):
    """One round."""
    before = {name: processes.cpu(pid) for name, pid in target.parts.items()}
    token = [target.token] if target.token else []
    child = subprocess.Popen(
        ["wrk", f"-t{threads}", f"-c{clients}", f"-d{seconds}s", "--timeout", "5s", "-s", SCRIPT,
         target.url, "--", target.method, str(target.lines), *token],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    figures = [line.split()[1:] for line in said.splitlines() if line.startswith("figures ")]
    if child.returncode != 0 or not figures:
        raise RuntimeError(f"wrk against {target.name}:\n{said}")
    answers, duration, wrong, broken, late, p50, p99 = map(int, figures[0])
    good = max(answers - wrong, 0)
    late += 0 if answers else clients
    cost = {name: (processes.cpu(pid) - before[name]) * 1e6 for name, pid in target.parts.items()}
    cost["wrk"] = (usage.ru_utime + usage.ru_stime) * 1e6
    return Sample(rate=good * 1e6 / duration, p50=p50 / 1000, p99=p99 / 1000,
                  wrong=wrong, broken=broken, late=late,
                  cpu={name: spent / max(good, 1) for name, spent in cost.items()})


def interleave(targets, rounds, seconds, **options):
    """{name: [a Sample a round]}, after one short round that warms up and is not counted."""
    for target in targets:
        run(target, 1, **options)
    samples = {target.name: [] for target in targets}
    for _ in range(rounds):
        for target in targets:
            samples[target.name].append(run(target, seconds, **options))
    return samples


def ratio(samples, ours, other, what="rate"):
    """Median over the rounds of ours / other."""
    return statistics.median(getattr(a, what) / max(getattr(b, what), 1e-9)
                             for a, b in zip(samples[ours], samples[other]))


def middle(samples, name, what="rate"):
    return statistics.median(getattr(sample, what) for sample in samples[name])
