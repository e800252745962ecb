# SPDX-License-Identifier: MIT
"""Each allocation, call on a socket and call to the database fails in turn, in a sweep with its
delivery: it goes on or ends with an honest status, and the next sweep makes it whole."""
import pytest

import failing
import oracle
from failing import ALLOCATION, DATABASE, SOCKET, Failing
from stack.cli import BAD_DATA, BUG, BUSY, GOOD, UNAVAILABLE, Cli

SOME = {"expired": 1, "expiring": 1, "valid": 1, "two": 1}
SHORT = 12  # calls of a kind that fail
OUT_OF_MEMORY = 71
HONEST = (GOOD, BAD_DATA, UNAVAILABLE, BUG, OUT_OF_MEMORY, BUSY)
# What the other side had taken when we lost its answer.
REPEATED = 2


@pytest.fixture(scope="module")
def failures(folder):
    return Failing(folder / "failing-sweep")


@pytest.fixture
def tortured(settings, failures):
    return Cli({**settings, **failures.environment, "MENTORWATCH_NOTIFY_SENDERS": "1",
                "MENTORWATCH_JOBS_BATCH": "2"})


class Torture:
    """A sweep, over and over, each time from the same beginning."""

    def __init__(self, kind, world, cli, tortured, failures):
        self.kind = kind
        self.world = world
        self.cli = cli
        self.tortured = tortured
        self.failures = failures

    def good(self):
        """What it does when nothing fails: how many calls, and their effects."""
        self.world.begin(**SOME)
        self.failures.arm(self.kind, 0)
        self.tortured.good("sweep")
        calls = self.failures.disarm()
        expected = oracle.effects(self.world.database)
        assert oracle.judge(self.world, expected) == 0
        return calls, expected

    def fault(self, at, expected):
        """Let one call fail: what is wrong then, or None."""
        self.world.begin(**SOME)
        error = failing.ERRORS[self.kind][at % len(failing.ERRORS[self.kind])]
        self.failures.arm(self.kind, at, error)
        done = self.tortured.run("sweep")
        self.failures.disarm()
        what = f"{failing.NAMES[self.kind]} {at} ({error}) at {self.failures.where}: {done}"
        if done.status not in HONEST:
            return what
        if done.status not in (GOOD, BAD_DATA) and not done.err:
            return f"{what}\nit does not say why"
        self.world.run_out()
        self.world.at_once()
        self.cli.good("sweep")
        try:
            repeated = oracle.judge(self.world, expected)
        except AssertionError as lost:
            return f"{what}\n{lost}"
        return None if repeated <= REPEATED else f"{what}\n{repeated} were repeated"


@pytest.mark.parametrize("kind", [ALLOCATION, SOCKET, DATABASE], ids=failing.NAMES.get)
def test_whatever_fails_in_a_sweep_the_next_one_makes_it_whole(
        kind, world, cli, tortured, failures, chance, form):
    torture = Torture(kind, world, cli, tortured, failures)
    calls, expected = torture.good()
    numbers = failures.numbers(kind, chance)
    if not form(False, True):
        numbers = sorted(chance.sample(numbers, SHORT))
    faults = [fault for fault in (torture.fault(at, expected) for at in numbers) if fault]
    assert not faults, "\n\n".join(faults)
    print(f"{calls} calls, {len(numbers)} of them failed in turn")
