# SPDX-License-Identifier: MIT
"""Who may call what: the matrix of routes and callers, and organisations kept apart. What is wrong
with single tokens is in test_token_attacks.py."""
import json
import time

import pytest

from stack import tokens
from stack.api import IN_APP, PAUSES
from stack.cli import CONFIG, GOOD, USAGE
from stack.contract import EXAMPLES, doubled
from stack.routes import ROLES, ROUTES, find, in_contract, those

pytestmark = pytest.mark.usefixtures("directory")

SERVICE_TOKEN = "a service token of the tests, of 32 and more"


def let_in(route):
    """How a route answers whom it lets in and who sends {} or names nothing that is there."""
    if route.takes_body:
        return 200 if "dry_run" in route.body else 422
    return 404 if route.is_by_id else 200


def organisation_of(role):
    return None if role == "global_admin" else "org-oslo"


CALLERS = {
    "nobody": None,
    "a word": "x",
    "another secret": tokens.token(tokens.claims_of("org_admin", "org-oslo"), secret="x" * 32),
    "expired": tokens.of("org_admin", "org-oslo", seconds=-61),
    "the service token": SERVICE_TOKEN,
    **{role: tokens.of(role, organisation_of(role)) for role in ROLES},
    # Good tokens, of roles that are not known here.
    "a visitor": tokens.of("visitor", "org-oslo"),
    "an ORG_ADMIN": tokens.of("ORG_ADMIN", "org-oslo"),
}
WITHOUT_GOOD_TOKEN = {"nobody", "a word", "another secret", "expired", "the service token"}


@pytest.fixture(scope="module")
def closed(settings, new_site):
    """A server that asks for the service token."""
    return new_site("closed", {**settings, "MENTORWATCH_API_PUBLIC_ACCESS": "service_token",
                               "MENTORWATCH_API_SERVICE_TOKEN": SERVICE_TOKEN})


def expected(route, caller, closed):
    """401, 403 or what the route says to whom it lets in."""
    if route.roles:
        if caller in WITHOUT_GOOD_TOKEN:
            return 401
        return let_in(route) if caller in route.roles else 403
    if closed and route.is_public and caller != "the service token":
        return 401
    return let_in(route)


@pytest.mark.parametrize("form", [str, doubled])
@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("access", ["open", "closed"])
def test_each_route_lets_in_whom_it_should(api, closed, access, caller, form):
    server = closed if access == "closed" else api
    client = server.signed_in(CALLERS[caller])
    for route in ROUTES:
        if form is str or in_contract(route):
            reply = client.request(route.method, form(route.at()),
                                   {} if route.takes_body else None)
            assert reply.status == expected(route, caller, access == "closed"), (route, reply)


def test_the_routes_let_in_whom_the_contracts_say():
    for example in EXAMPLES:
        route = next(r for r in ROUTES if (r.method, r.path.count(":"), r.base) == (
            example["method"], example["path"].count(":"), example["path"].partition("/:")[0]))
        assert route.roles == example["who"]
        assert route.is_public == (example["who"] == [])


@pytest.mark.parametrize("route", **those(lambda route: route.is_by_id))
def test_what_is_not_there_is_404_for_whoever_may_ask(api, route):
    reply = route.client(api).request(route.method, route.at("nobody"), route.body)
    assert reply.status == 404


def test_without_a_token_nothing_is_told_of_the_request(api):
    """401 comes before any look at query, body or id."""
    assert api.get(f"{PAUSES}?colour=red").status == 401
    assert api.post(PAUSES, b"{").status == 401
    assert api.post(PAUSES, {}, headers={"Content-Type": "text/plain"}).status == 401
    assert api.put(f"{PAUSES}/pn_1", {"colour": 1}).status == 401


def test_what_nobody_serves_is_the_same_to_everybody(api, coordinator):
    for client in (api, coordinator):
        assert client.get("/api/v1/nothing").status == 404
        assert client.delete(PAUSES).status == 405
        assert client.request("OPTIONS", PAUSES).status == 204


def test_the_challenge_tells_whether_there_was_a_token(api):
    assert api.get(PAUSES).headers["WWW-Authenticate"] == 'Bearer realm="mentorwatch"'
    reply = api.signed_in("x").get(PAUSES)
    assert reply.headers["WWW-Authenticate"] == \
        'Bearer realm="mentorwatch", error="invalid_token"'


@pytest.mark.parametrize("header", ["Basic c29tZTpib2R5", "Bearer", "Bearer ", "Token x", "",
                                    "Bearer\t", "bearertoken"])
def test_another_scheme_is_no_token(api, header):
    assert api.get(PAUSES, headers={"Authorization": header}).status == 401


def test_the_scheme_may_be_written_in_any_case(api):
    token = tokens.of("coordinator", "org-oslo")
    for scheme in ("bearer", "BEARER", "Bearer"):
        assert api.get(PAUSES, headers={"Authorization": f"{scheme} {token}"}).status == 200


def test_the_service_token_must_be_the_very_one(closed):
    for token in (SERVICE_TOKEN[:-1], SERVICE_TOKEN + "x", SERVICE_TOKEN.upper(), "x" * 5000):
        assert closed.signed_in(token).get("/api/v1/certifications").status == 401
    assert closed.get("/healthz").status == closed.get("/readyz").status == 200


@pytest.mark.parametrize("changed", [
    {"API_PUBLIC_ACCESS": "service_token"},
    {"API_PUBLIC_ACCESS": "service_token", "API_SERVICE_TOKEN": "short"},
    {"API_PUBLIC_ACCESS": "closed"}])
def test_a_switch_without_a_good_service_token_is_refused(cli, changed):
    assert cli.with_settings(**changed).run("routes").status == CONFIG


# Organisations kept apart

@pytest.fixture
def bergen(directory):
    return directory.add_bergen()


@pytest.fixture
def of_bergen(api):
    """Callers of the other organisation."""
    return {role: api.signed_in(tokens.of(role, "org-bergen"))
            for role in ("coordinator", "org_admin")}


@pytest.fixture
def event(api):
    """The id of an event of Oslo."""
    return find("GET", f"{PAUSES}/:id").made(api)


def test_another_organisation_s_record_is_not_there(api, bergen, of_bergen, event):
    for client in of_bergen.values():
        assert client.get(f"{PAUSES}/{event}").status == 404
        assert client.get(doubled(f"{PAUSES}/{event}")).status == 404
        assert client.get(f"{PAUSES}/resolve-coordinator/mentor-1").status == 404
    before = api.signed_in(tokens.of("global_admin")).get(f"{PAUSES}/{event}").json
    reply = of_bergen["org_admin"].put(f"{PAUSES}/{event}", {"reason": "none of yours"})
    assert reply.status == 404
    assert api.signed_in(tokens.of("global_admin")).get(f"{PAUSES}/{event}").json == before


def test_another_organisation_s_record_looks_as_one_that_never_was(of_bergen, bergen, event):
    client = of_bergen["org_admin"]
    there, nowhere = (client.get(f"{PAUSES}/{name}").json for name in (event, "pn_000000000000"))
    assert {**there, "request_id": 0, "detail": 0} == {**nowhere, "request_id": 0, "detail": 0}
    assert there["detail"].replace(event, "") == nowhere["detail"].replace("pn_000000000000", "")


def test_a_mentor_of_another_organisation_is_no_mentor(bergen, of_bergen, database, mail):
    before = database.checksums()
    for client in of_bergen.values():
        reply = client.post(PAUSES, find("POST", PAUSES).body)
        assert (reply.status, reply.fields) == (422, {"peer_mentor_id"})
    assert database.checksums() == before
    assert mail.mails == []


def test_lists_show_one_s_own_organisation_only(coordinator, org_admin, global_admin, bergen,
                                                of_bergen, event):
    body = {**find("POST", PAUSES).body, "peer_mentor_id": bergen}
    theirs = of_bergen["coordinator"].post(PAUSES, body).json["id"]
    seen = {name: [item["id"] for item in client.get(PAUSES).items] for name, client in (
        ("coordinator", coordinator), ("org_admin", org_admin), ("global_admin", global_admin),
        ("of Bergen", of_bergen["coordinator"]), ("of Bergen too", of_bergen["org_admin"]))}
    assert seen == {"coordinator": [event], "org_admin": [event],
                    "global_admin": [theirs, event],
                    "of Bergen": [theirs], "of Bergen too": [theirs]}
    assert coordinator.get(PAUSES, peer_mentor_id=bergen).total == 0
    assert coordinator.get(PAUSES, coordinator_id="coord-bergen").total == 0
    assert global_admin.get(PAUSES, peer_mentor_id=bergen).total == 1


def test_an_organisation_that_is_in_no_directory_sees_nothing(api, event):
    for organisation in ("org-nowhere", "ORG-OSLO", "org_oslo", "' OR '1'='1", "%", "_" * 8):
        client = api.signed_in(tokens.of("org_admin", organisation))
        assert client.get(PAUSES).total == 0
        assert client.get(f"{PAUSES}/{event}").status == 404


def test_a_global_admin_sees_all_whatever_organisation_the_token_names(api, bergen, event):
    client = api.signed_in(tokens.of("global_admin", "org-bergen"))
    assert client.get(f"{PAUSES}/{event}").status == 200
    assert client.get(PAUSES).total == 1


# mentorwatch token

def test_the_command_line_makes_tokens_that_are_taken(cli, api):
    for role in ROLES:
        arguments = ["--role", role] + ([] if role == "global_admin" else ["--org", "org-oslo"])
        done = cli.good("token", *arguments, "--subject", "ingrid")
        assert done.err == ""
        client = api.signed_in(done.out.strip())
        assert client.get(IN_APP).status == 200
        assert client.get(PAUSES).status == (403 if role == "mentor" else 200)


def test_a_token_lives_as_long_as_was_said(cli, api):
    def status(ttl):
        token = cli.good("token", "--role", "global_admin", "--ttl", ttl).out.strip()
        return api.signed_in(token).get(PAUSES).status
    assert status("-61") == 401
    assert status("-50") == status("1") == status("315360000") == 200


def test_a_token_lives_an_hour_when_nothing_was_said(cli):
    token = cli.good("token", "--role", "global_admin").out.strip()
    claims = json.loads(tokens.decode(token.split(".")[1]))
    assert claims["exp"] - claims["iat"] == 3600
    assert abs(claims["iat"] - time.time()) < 5


@pytest.mark.parametrize("arguments", [
    [], ["--org", "org-oslo"], ["--role", "global_admin", "--ttl", "soon"],
    ["--role", "global_admin", "--ttl", "99999999999"], ["--role"],
    ["--role", "global_admin", "extra"]])
def test_what_the_command_line_cannot_make_is_a_usage_error(cli, arguments):
    assert cli.run("token", *arguments).status == USAGE


def test_without_a_secret_no_token_is_made_and_none_is_taken(cli):
    done = cli.with_settings(TOKEN_SECRET="").run("token", "--role", "global_admin")
    assert (done.status, done.out) == (CONFIG, "")
    assert "token.secret" in done.err


@pytest.mark.parametrize("secret, status", [("x" * 31, CONFIG), ("x" * 32, GOOD)])
def test_a_secret_has_at_least_32_bytes(cli, secret, status):
    done = cli.with_settings(TOKEN_SECRET=secret).run("token", "--role", "global_admin")
    assert done.status == status
    assert secret not in done.err
