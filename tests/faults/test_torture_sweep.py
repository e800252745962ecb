# SPDX-License-Identifier: MIT
"""Each allocation, call on a socket and call to the database fails in turn, in a sweep with its
delivery: it goes on or ends with an honest status, and the next sweep makes it whole."""
import pytest

import failing
import oracle
from failing import ALLOCATION, DATABASE, SOCKET, Failing
from stack.cli import BAD_DATA, BUG, BUSY, CONFIG, GOOD, UNAVAILABLE, Cli

SOME = {"expired": 1, "expiring": 1, "valid": 1, "two": 1}
ROUNDS = {ALLOCATION: 12, SOCKET: 12, DATABASE: 12}  # of the short form
OUT_OF_MEMORY = 71
HONEST = (GOOD, BAD_DATA, UNAVAILABLE, BUG, OUT_OF_MEMORY, BUSY, CONFIG)
# What the other side had taken when we lost its answer.
REPEATED = 2


@pytest.fixture(scope="module")
def failures(folder):
    return Failing(folder / "failing-sweep")


@pytest.fixture
def tortured(settings, failures):
    return Cli({**settings, **failures.environment, "MENTORWATCH_NOTIFY_SENDERS": "1",
                "MENTORWATCH_JOBS_BATCH": "2"})


@pytest.mark.parametrize("kind", [ALLOCATION, SOCKET, DATABASE], ids=failing.NAMES.get)
def test_whatever_fails_in_a_sweep_the_next_one_makes_it_whole(
        kind, world, database, cli, tortured, failures, chance, form):
    world.begin(**SOME)
    failures.arm(kind, 0)
    tortured.good("sweep")
    calls = failures.disarm()
    expected = oracle.effects(database)
    assert oracle.judge(world, expected) == 0
    numbers = range(1, calls + 1)
    if not form(False, True):
        numbers = sorted(chance.sample(numbers, ROUNDS[kind]))
    for at in numbers:
        world.begin(**SOME)
        error = failing.ERRORS[kind][at % len(failing.ERRORS[kind])]
        failures.arm(kind, at, error)
        done = tortured.run("sweep")
        failures.disarm()
        what = f"{failing.NAMES[kind]} {at} of {calls} ({error}) at {failures.where}: {done}"
        assert done.status in HONEST, what
        if done.status not in (GOOD, BAD_DATA):
            assert done.err, what
        world.run_out()
        database.run("DELETE FROM relays")
        database.run("UPDATE messages SET next_attempt_at = UTC_TIMESTAMP(3) WHERE state = 'queued'")
        cli.good("sweep")
        try:
            assert oracle.judge(world, expected) <= REPEATED
        except AssertionError as fault:
            raise AssertionError(f"{what}\n{fault}") from fault
    print(f"{calls} calls, {len(numbers)} of them failed in turn")
