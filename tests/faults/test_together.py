# SPDX-License-Identifier: MIT
"""Eight sweeps at once and the two endpoints that start the same jobs: each effect once, and who
came second keeps quiet."""
import concurrent.futures

import oracle
from stack.api import CHECK, RUN
from stack.cli import BUSY, GOOD

ROUNDS, SWEEPS = 20, 8
SOME = {"expired": 6, "expiring": 12, "expiring_later": 6, "valid": 12, "renewed": 4, "two": 4}


def answers(api, path):
    return [api.post(path, {}).status for _ in range(2)]


def test_what_many_runs_do_at_once_is_done_once(world, database, cli, api):
    small = cli.with_settings(JOBS_BATCH=4)
    world.begin(**SOME)
    small.good("sweep")
    expected = oracle.effects(database)
    busy = refused = 0
    for _ in range(ROUNDS):
        world.begin(**SOME)
        with concurrent.futures.ThreadPoolExecutor(SWEEPS + 2) as pool:
            sweeps = [pool.submit(small.run, "sweep") for _ in range(SWEEPS)]
            asked = [pool.submit(answers, api, path) for path in (RUN, CHECK)]
            done = [sweep.result() for sweep in sweeps]
            statuses = [status for answer in asked for status in answer.result()]
        for sweep in done:
            assert sweep.status in (GOOD, BUSY), sweep
            assert (sweep.out, sweep.err) == ("", ""), sweep
        assert set(statuses) <= {200, 409}, statuses
        busy += sum(sweep.status == BUSY for sweep in done)
        refused += statuses.count(409)
        # A request may have left the mails of its run to the next sweep.
        small.good("sweep")
        assert oracle.judge(world, expected) == 0
    assert busy > 0, "they never met: this test shows nothing"
    print(f"{busy} sweeps of {ROUNDS * SWEEPS} came second, {refused} requests")
