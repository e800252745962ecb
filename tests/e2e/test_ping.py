# SPDX-License-Identifier: MIT
"""jobs.ping_url: a watcher hears of each sweep, and never holds one up."""
import time

import pytest

from stack import env

pytestmark = pytest.mark.usefixtures("directory")


def test_a_watcher_hears_that_a_sweep_began_and_that_it_went_well(cli, watcher):
    cli.with_settings(JOBS_PING_URL=watcher.at("/ping/1")).good("sweep")
    assert watcher.paths == ["/ping/1/start", "/ping/1"]
    assert watcher.posts[-1].body.decode().count("\n") <= 1


def test_a_watcher_hears_that_a_sweep_failed(cli, watcher, api, ledger):
    api.record("mentor-1", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
    ledger.break_pausing_of("mentor-1")
    cli.with_settings(JOBS_PING_URL=watcher.at("/ping/1")).run("sweep")
    assert watcher.paths == ["/ping/1/start", "/ping/1/fail"]
    assert watcher.posts[-1].body


def test_the_word_comes_before_the_query_and_no_slash_twice(cli, watcher):
    cli.with_settings(JOBS_PING_URL=watcher.at("/ping/?a=b")).good("sweep")
    assert watcher.paths == ["/ping/start?a=b", "/ping/?a=b"]


def test_a_dry_run_calls_nobody(cli, watcher):
    cli.with_settings(JOBS_PING_URL=watcher.at("/ping/1")).good("sweep", "--dry-run")
    assert watcher.posts == []


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_watcher_that_will_not_listen_fails_nothing(cli, watcher, status):
    watcher.status = status
    watcher.headers = {"Location": watcher.at("/elsewhere")}
    done = cli.with_settings(JOBS_PING_URL=watcher.at("/ping/secret")).good("sweep")
    assert watcher.paths == ["/ping/secret/start", "/ping/secret"]
    assert f"HTTP {status}" in done.err and "secret" not in done.err


def test_a_watcher_that_is_away_fails_nothing(cli):
    cli.with_settings(JOBS_PING_URL=f"http://127.0.0.1:{env.free_port()}/ping").good("sweep")


def test_a_watcher_that_says_nothing_is_waited_for_a_few_seconds_only(cli, watcher):
    watcher.delay = 30
    began = time.monotonic()
    cli.with_settings(JOBS_PING_URL=watcher.at("/ping/1")).good("sweep")
    assert time.monotonic() - began < 15
