# SPDX-License-Identifier: MIT
"""kill -9 at any moment, over and over, until there is nothing left to do."""
import signal
import subprocess

import oracle

SHORT, LONG = 60, 200
MANY = {"expired": 40, "expiring": 60, "expiring_later": 30, "valid": 120, "revoked": 10,
        "renewed": 20, "two": 10}
DEATHS = (0.01, 0.4)  # seconds after the start


def kill(child, seconds):
    """Whether it was still there to be killed."""
    with child:
        try:
            child.wait(seconds)
            return False
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            return True


def test_kills_lose_nothing_and_repeat_only_what_may_have_arrived(
        world, database, mail, cli, chance, form):
    small = cli.with_settings(JOBS_BATCH=3)
    world.begin(**MANY)
    small.good("sweep")
    expected = oracle.effects(database)
    assert oracle.judge(world, expected) == 0
    kills = of_this_world = repeated = worlds = 0
    while kills < form(SHORT, LONG):
        world.begin(**MANY)
        mail.delay = 0.004
        worlds += 1
        of_this_world = 0
        while kill(small.start("sweep"), chance.uniform(*DEATHS)):
            world.run_out()
            of_this_world += 1
        world.run_out()
        small.good("sweep")
        again = oracle.judge(world, expected)
        senders = 4  # each mail takes longer than the moment in which there may be more (crew.c)
        assert again <= senders * of_this_world
        kills += of_this_world
        repeated += again
    print(f"{kills} kills, {worlds} times from the beginning, {repeated} mails and pushes repeated")
