# SPDX-License-Identifier: MIT
"""ETag, If-None-Match and If-Match: nothing is sent twice, and nobody overwrites what they have
not seen."""
import pytest

from stack.contract import doubled
from stack.routes import ROUTES, find, those

pytestmark = pytest.mark.usefixtures("directory")

READ = those(lambda route: route.method == "GET" and route.is_by_id)
KEPT = those(lambda route: route.method == "GET" and route.is_by_id and "resolve" not in route.path)
CHANGE = those(lambda route: route.method in ("PUT", "DELETE"))


def reading(route):
    return find("GET", route.path)


def read(api, route, name, **options):
    route = reading(route)
    return route.client(api).request("GET", route.at(name), **options)


def change(api, route, name, **options):
    return route.client(api).request(route.method, route.at(name), route.body, **options)


def touch(api, route, name):
    """Change the thing, so that it has another ETag."""
    reply = change(api, find("PUT", route.path), name)
    assert reply.status == 200, reply


@pytest.mark.parametrize("route", **READ)
def test_what_is_read_by_id_has_an_etag(api, route):
    name = route.made(api)
    etag = read(api, route, name).etag
    assert etag.startswith('"') and etag.endswith('"') and len(etag) > 8
    assert read(api, route, name).etag == etag
    again = route.client(api).request("GET", doubled(route.at(name)))
    assert again.etag == etag
    assert route.client(api).request("HEAD", route.at(name)).etag == etag


@pytest.mark.parametrize("route", **READ)
def test_what_the_caller_has_already_is_304(api, route):
    name = route.made(api)
    etag = read(api, route, name).etag
    for known in (etag, f"W/{etag}", "*", f'"x", {etag}', f'{etag},"x"', f'"x",W/{etag}'):
        reply = read(api, route, name, headers={"If-None-Match": known})
        assert (reply.status, reply.body, reply.etag) == (304, b"", etag), known
    head = route.client(api).request("HEAD", route.at(name), headers={"If-None-Match": etag})
    assert head.status == 304


@pytest.mark.parametrize("route", **READ)
def test_what_the_caller_has_not_is_sent(api, route):
    name = route.made(api)
    etag = read(api, route, name).etag
    for known in ('"x"', etag.strip('"'), etag[:-2] + '"', f'"{etag}"', "", "W/"):
        assert read(api, route, name, headers={"If-None-Match": known}).status == 200, known


@pytest.mark.parametrize("route", **READ)
def test_what_is_not_there_is_not_unchanged(api, route):
    assert read(api, route, "nobody", headers={"If-None-Match": "*"}).status == 404


@pytest.mark.parametrize("route", **KEPT)
def test_a_change_gives_another_etag(api, route):
    name = route.made(api)
    etag = read(api, route, name).etag
    touch(api, route, name)
    reply = read(api, route, name, headers={"If-None-Match": etag})
    assert reply.status == 200 and reply.etag != etag


@pytest.mark.parametrize("route", **CHANGE)
def test_what_the_caller_has_seen_may_be_changed(api, route):
    for match in ("{}", "*", '"x", {}', '{},"x"'):
        name = route.made(api)
        known = match.format(read(api, route, name).etag)
        assert change(api, route, name, headers={"If-Match": known}).status == 200, match


@pytest.mark.parametrize("route", **CHANGE)
def test_a_change_needs_no_etag(api, route):
    assert route.call(api).status == 200


@pytest.mark.parametrize("route", **CHANGE)
def test_what_has_changed_since_is_412(api, database, route):
    name = route.made(api)
    seen = read(api, route, name).etag
    touch(api, route, name)
    before = database.checksums()
    now = read(api, route, name)
    for stale in (seen, '"x"', f'{seen}, "x"', f"W/{now.etag}", now.etag.strip('"'), ""):
        reply = change(api, route, name, headers={"If-Match": stale})
        assert reply.status == 412, (stale, reply)
    assert database.checksums() == before
    assert read(api, route, name).body == now.body
    assert change(api, route, name, headers={"If-Match": now.etag}).status == 200


@pytest.mark.parametrize("route", **CHANGE)
def test_what_is_not_there_is_404_and_not_stale(api, route):
    assert change(api, route, "nobody", headers={"If-Match": '"x"'}).status == 404


def test_lists_and_answers_to_changes_have_none(api):
    for route in ROUTES:
        if not route.is_by_id and route.method == "GET":
            assert route.call(api).headers["ETag"] is None


def test_of_two_who_change_what_both_have_seen_one_is_too_late(api):
    route = find("PUT", "/api/v1/certifications/:id")
    name = route.made(api)
    etag = read(api, route, name).etag
    replies = [change(api, route, name, headers={"If-Match": etag}).status for _ in range(2)]
    # The second change is the same, and so would its result be: but it is a change of another.
    assert replies == [200, 412]
