# SPDX-License-Identifier: MIT
"""What only the run as a whole can show: ./dev test e2e asks for it when all the others are done."""
from stack import contract, exchanges, openapi
from stack.routes import ALL_ROUTES

EXCHANGES = exchanges.kept()


def without_names(path):
    return "/".join(":" if part.startswith(":") else part for part in path.split("/"))


def exchanges_by_operation():
    """Every (method, path of a route, status) that was seen."""
    seen = set()
    for reply in EXCHANGES:
        key = openapi.DOCUMENT.key_of(reply.method, reply.path)
        if key is not None:
            seen.add((*key, reply.status))
    return seen


def test_every_route_is_described_and_nothing_else():
    assert {(route.method, route.path) for route in ALL_ROUTES} == set(openapi.DOCUMENT.operations)


def test_every_route_was_asked_and_answered_well():
    well = {(method, path) for method, path, status in exchanges_by_operation() if status < 300}
    assert [str(r) for r in ALL_ROUTES if (r.method, r.path) not in well] == []


def test_every_status_that_a_route_declares_was_seen():
    assert sorted(openapi.DOCUMENT.declared() - exchanges_by_operation()) == []


def test_both_forms_of_every_path_were_asked():
    seen = {(reply.method, *openapi.DOCUMENT.key_of(reply.method, reply.path)[1:])
            for reply in EXCHANGES
            if reply.path.partition("?")[0] != contract.canonical(reply.path)
            and openapi.DOCUMENT.key_of(reply.method, reply.path)}
    assert [str(r) for r in ALL_ROUTES if r.path.startswith(tuple(contract.BASES))
            and (r.method, r.path) not in seen] == []


def test_every_endpoint_of_the_contracts_is_a_route():
    routes = {(route.method, without_names(route.path)) for route in ALL_ROUTES}
    assert {(e["method"], without_names(e["path"])) for e in contract.EXAMPLES} <= routes


def test_nothing_ever_broke():
    assert [reply for reply in EXCHANGES if reply.status == 500] == []
