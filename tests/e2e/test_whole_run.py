# SPDX-License-Identifier: MIT
"""What only the run as a whole can show. These tests come last, and only after all the others
(conftest.py sees to it)."""
import re

from stack import contract


def pattern(path):
    return re.compile(re.sub(r":[a-z_]+", "[^/]+", path) + "/?$")


def test_every_route_was_asked_and_answered_well(api, cli):
    routes = [line.split()[:2] for line in cli.good("routes").out.splitlines()]
    assert len(routes) >= len(contract.EXAMPLES)
    seen = {(reply.method, contract.canonical(reply.path)) for reply in api.exchanges
            if reply.status < 300}
    never = [(method, path) for method, path in routes
             if not any(m == method and pattern(path).fullmatch(p) for m, p in seen)]
    assert never == []


def test_every_endpoint_of_the_contract_is_a_route(cli):
    routes = {tuple(line.split()[:2]) for line in cli.good("routes").out.splitlines()}
    assert {(e["method"], e["path"]) for e in contract.EXAMPLES} <= routes


def test_every_status_that_the_api_declares_was_seen(api):
    seen = {reply.status for reply in api.exchanges}
    assert {200, 201, 204, 400, 404, 405, 409, 413, 415, 422, 503} <= seen


def test_nothing_ever_broke(api):
    broken = [reply for reply in api.exchanges if reply.status == 500]
    assert broken == []
