# SPDX-License-Identifier: MIT
"""Every route with no database to ask: 503, and no harm done."""
import pytest

from stack.routes import those

pytestmark = pytest.mark.usefixtures("directory")

NEEDS_NONE = {"GET /healthz", "GET /openapi.json"}


@pytest.fixture(scope="module")
def site(settings, new_site):
    return new_site("nowhere", {**settings, "MENTORWATCH_DATABASE_SOCKET": "/nonexistent/db.sock"})


@pytest.mark.parametrize("route", **those())
def test_a_route_that_needs_the_database_says_so(site, route):
    reply = route.client(site).request(route.method, route.at(), route.body)
    assert reply.status == (200 if str(route) in NEEDS_NONE else 503)


@pytest.mark.parametrize("route", **those(lambda route: route.method == "POST"))
def test_with_a_key_it_is_the_same(site, route):
    reply = route.client(site).post(route.path, route.body, headers={"Idempotency-Key": "x"})
    assert reply.status == 503


@pytest.mark.parametrize("route", **those(lambda route: bool(route.roles)))
def test_who_may_not_call_is_told_that_first(site, route):
    assert site.request(route.method, route.at(), route.body).status == 401
