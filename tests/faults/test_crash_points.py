# SPDX-License-Identifier: MIT
"""The sweep dies before and after each of its calls to the database and to the mail server."""
import oracle
from stack.cli import GOOD, Cli

KILLED = 137
SOME = {"expired": 1, "expiring": 1, "expiring_later": 1, "valid": 1, "revoked": 1, "renewed": 1,
        "two": 1}
ROUNDS = 150  # of the short form
ARMFUL = 4  # what a sender may have handed over that is not settled (src/notify/crew.h)


def dying(settings, **faults):
    """The sweep with faults; one sender, so that the calls come in the same order each time."""
    return Cli({**settings, "MENTORWATCH_NOTIFY_SENDERS": "1", "MENTORWATCH_JOBS_BATCH": "2",
                **{name: str(value) for name, value in faults.items()}})


def calls_of_a_sweep(folder, settings):
    count = folder / "crash-points"
    dying(settings, CRASH_COUNT=count).good("sweep")
    return int(count.read_text())


def test_a_sweep_that_dies_at_any_call_is_finished_by_the_next(
        world, database, settings, cli, folder, chance, form):
    world.begin(**SOME)
    calls = calls_of_a_sweep(folder, settings)
    expected = oracle.effects(database)
    assert oracle.judge(world, expected) == 0
    step = form(max(1, calls // ROUNDS), 1)
    number = chance.randrange(1, step + 1)
    deaths = repeated = 0
    while True:
        world.begin(**SOME)
        died = dying(settings, CRASH_AT=number).run("sweep")
        if died.status == GOOD:
            break
        assert died.status == KILLED, died
        deaths += 1
        world.run_out()
        cli.good("sweep")
        try:
            again = oracle.judge(world, expected)
        except AssertionError as fault:
            raise AssertionError(f"{died.err}{fault}") from fault
        assert again <= ARMFUL, died.err
        repeated += again
        number += step
    # How many mails are settled at once is a matter of milliseconds, and so of chance.
    assert abs(number - calls) <= 2 * step + calls // 20, "it ended elsewhere than the first time"
    assert deaths > 100
    assert repeated > 0, "no death between the other side's 250 and our note of it"
    print(f"{calls} calls, {deaths} deaths, {repeated} mails and pushes repeated")
