# SPDX-License-Identifier: MIT
"""Every list: its filters one by one and together, its orders, and the two ways to walk it. The
rows are put into the tables, so that they are many and known."""
import itertools

import pytest

from stack.api import CERTIFICATIONS, IN_APP, LOGS, NOTIFICATIONS, PAUSES, REMINDERS
from stack.contract import canonical, doubled
from stack.routes import find, those

pytestmark = pytest.mark.usefixtures("directory")

ROWS = 48  # of each list; a multiple of every cycle below
UPCOMING = f"{REMINDERS}/upcoming"

# How the n-th row (from 0) of each table is made. The moments of neighbours are equal, so that an
# order by them alone would be no order.
ROWS_OF = {
    PAUSES: (
        "INSERT INTO pause_events (id, mentor_id, coordinator_id, event_type, effective_date,"
        " reason, notifications_sent, created_at, updated_at) VALUES (CONCAT('pn_', {n}),"
        " CONCAT('mentor-', 1 + {n} MOD 3), IF({n} MOD 2, 'coord-nora', 'coord-maya'),"
        " IF({n} MOD 4 < 2, 'pause_activated', 'pause_deactivated'),"
        " '2026-03-01' + INTERVAL {n} DIV 4 DAY, NULL, 'coordinator_email',"
        " '2026-02-01' + INTERVAL {n} DIV 3 DAY, '2026-02-01')"),
    NOTIFICATIONS: (
        "INSERT INTO expiry_notifications (notification_id, mentor_id, coordinator_id,"
        " threshold_days, expiry_date, status, sent_at, acknowledged_at, created_at, updated_at)"
        " VALUES (CONCAT('00000000-0000-4000-8000-', LPAD({n}, 12, '0')),"
        " CONCAT('mentor-', 1 + {n} MOD 3), IF({n} MOD 2, 'coord-nora', 'coord-maya'),"
        " ELT(1 + {n} MOD 3, 30, 14, 7), '2026-03-01' + INTERVAL {n} DIV 4 DAY,"
        " IF({n} MOD 4 < 2, 'active', 'acknowledged'), '2026-02-01' + INTERVAL {n} DIV 3 DAY,"
        " IF({n} MOD 4 < 2, NULL, '2026-02-28'), '2026-02-01', '2026-02-01')"),
    REMINDERS: (
        "INSERT INTO reminders (id, mentor_id, coordinator_id, threshold_days, days_remaining,"
        " channel, status, sent_at, created_at, updated_at) VALUES (CONCAT('rem-', {n}),"
        " CONCAT('mentor-', 1 + {n} MOD 3), IF({n} MOD 2, 'coord-nora', 'coord-maya'),"
        " ELT(1 + {n} MOD 3, 30, 14, 7), 7, ELT(1 + {n} MOD 3, 'email', 'push', 'in_app'),"
        " ELT(1 + {n} MOD 4, 'queued', 'delivered', 'failed', 'acknowledged'),"
        " '2026-02-01' + INTERVAL {n} DIV 3 DAY, '2026-02-01', '2026-02-01')"),
    CERTIFICATIONS: (
        "INSERT INTO certifications (certification_id, mentor_id, certification_type, issued_at,"
        " expires_at, revoked_at, created_at, updated_at) VALUES (CONCAT('cert_', {n}),"
        " CONCAT('mentor-', 1 + {n} MOD 3), IF({n} MOD 2, 'basic', 'advanced'),"
        " '2020-01-01' + INTERVAL {n} DIV 5 DAY, '2098-03-01' + INTERVAL {n} DIV 4 DAY,"
        " IF({n} MOD 4 = 3, '2026-01-01', NULL), '2026-02-01' + INTERVAL {n} DIV 3 DAY,"
        " '2026-02-01')"),
    LOGS: (
        "INSERT INTO expiry_logs (log_id, mentor_id, certification_id, reason, job_run_id,"
        " applied_at) VALUES (CONCAT('log_', {n}), CONCAT('mentor-', 1 + {n} MOD 3), 'cert_1',"
        " 'Certification basic expired on 2026-02-01', CONCAT('job_', {n} MOD 2),"
        " '2026-02-01' + INTERVAL {n} DIV 3 DAY)"),
    UPCOMING: (
        "INSERT INTO certifications (certification_id, mentor_id, certification_type, issued_at,"
        " expires_at, created_at, updated_at) VALUES (CONCAT('cert_', {n}),"
        " CONCAT('mentor-', 1 + {n} MOD 3), CONCAT('type-', {n}), '2020-01-01',"
        " UTC_DATE() + INTERVAL 1 + {n} DIV 4 DAY, '2026-02-01', '2026-02-01')"),
    IN_APP: (
        "INSERT INTO messages (seq, delivery_id, kind, channel, recipient_role, recipient_id,"
        " recipient_name, language, mentor_id, facts, state, sent_at, next_attempt_at, created_at,"
        " read_at) VALUES ({n} + 1, CONCAT('d-', {n}), 'pause_activated', 'in_app', 'mentor',"
        " 'mentor-1', 'Mentor 1', 'nb', 'mentor-1', '{{}}', 'sent', '2026-02-01', '2026-02-01',"
        " '2026-02-01' + INTERVAL {n} DIV 3 DAY, IF({n} MOD 4 < 2, NULL, '2026-03-01'))"),
}

# Of each list its filters, and of how many of the rows each lets through.
PEOPLE = {"mentor_id": ("mentor-2", lambda n: n % 3 == 1),
          "coordinator_id": ("coord-nora", lambda n: n % 2 == 1)}
SENT = {"sent_after": ("2026-02-02", lambda n: n // 3 > 1),
        "sent_before": ("2026-02-09T00:00:00Z", lambda n: n // 3 < 8)}
FILTERS = {
    PAUSES: {
        "peer_mentor_id": PEOPLE["mentor_id"], "coordinator_id": PEOPLE["coordinator_id"],
        "event_type": ("pause_activated", lambda n: n % 4 < 2),
        "effective_after": ("2026-03-02", lambda n: n // 4 > 1),
        "effective_before": ("2026-03-09T00:00:00Z", lambda n: n // 4 < 8),
        "created_after": ("2026-02-02", lambda n: n // 3 > 1),
        "created_before": ("2026-02-15T12:00:00Z", lambda n: n // 3 < 15)},
    NOTIFICATIONS: {
        **PEOPLE, **SENT,
        "status": ("active", lambda n: n % 4 < 2),
        "threshold": ("14_day", lambda n: n % 3 == 1),
        "expiry_after": ("2026-03-02", lambda n: n // 4 > 1),
        "expiry_before": ("2026-03-09T00:00:00Z", lambda n: n // 4 < 8)},
    REMINDERS: {
        **PEOPLE, **SENT,
        "threshold_days": (14, lambda n: n % 3 == 1),
        "channel": ("push", lambda n: n % 3 == 1),
        "status": ("delivered", lambda n: n % 4 == 1)},
    CERTIFICATIONS: {
        "mentor_id": PEOPLE["mentor_id"],
        "certification_type": ("basic", lambda n: n % 2 == 1),
        "status": ("valid", lambda n: n % 4 != 3),
        "expires_after": ("2098-03-02", lambda n: n // 4 > 1),
        "expires_before": ("2098-03-09T00:00:00Z", lambda n: n // 4 < 8)},
    LOGS: {
        "mentor_id": PEOPLE["mentor_id"],
        "job_run_id": ("job_1", lambda n: n % 2 == 1),
        "applied_after": ("2026-02-02", lambda n: n // 3 > 1),
        "applied_before": ("2026-02-09T00:00:00Z", lambda n: n // 3 < 8)},
    UPCOMING: {
        "mentor_id": PEOPLE["mentor_id"],
        "coordinator_id": ("coord-nora", lambda n: True),
        "certification_type": ("type-13", lambda n: n == 13),
        "days": (5, lambda n: 1 + n // 4 <= 5)},
    IN_APP: {"unread": ("true", lambda n: n % 4 < 2)},
}

# Of each list its orders, and the value by which each puts the rows.
ORDERS = {
    PAUSES: {"created_at": lambda n: n // 3, "effective_date": lambda n: n // 4},
    NOTIFICATIONS: {"sent_at": lambda n: n // 3, "expiry_date": lambda n: n // 4},
    REMINDERS: {"sent_at": lambda n: n // 3},
    CERTIFICATIONS: {"created_at": lambda n: n // 3, "expires_at": lambda n: n // 4,
                     "issued_at": lambda n: n // 5},
    LOGS: {"applied_at": lambda n: n // 3},
    UPCOMING: {"expires_at": lambda n: n // 4},
    IN_APP: {"created_at": lambda n: n // 3},
}

ITEM_IDS = ("notification_id", "certification_id", "id", "log_id")
LISTS = those(lambda route: route.path in ROWS_OF and route.method == "GET")


def fill(database, path, first=0, count=ROWS):
    if path == LOGS:
        for run in (0, 1):
            database.run("INSERT IGNORE INTO job_runs (job_run_id, job, run_day, number,"
                         " started_at) VALUES (%s, 'expiry', '2026-02-01', %s, '2026-02-01')",
                         f"job_{run}", run)
    for n in range(first, first + count):
        database.run(ROWS_OF[path].replace("%", "%%").format(n=n))


def number(path, item):
    """Which row an item is: the n of its making."""
    if path == UPCOMING:  # its items have no id: those of one day are told apart by their mentor
        return item["expires_at"], item["mentor_id"]
    if path == IN_APP:
        return int(item["id"].rpartition("-")[2]) - 1
    name = next(item[key] for key in ITEM_IDS if key in item)
    return int(name.replace("-", "_").rpartition("_")[2])


def numbers(path, items):
    return [number(path, item) for item in items]


@pytest.fixture
def ask(api):
    """A list as somebody reads it who may."""
    def get(path, **query):
        client = find("GET", canonical(path)).client(api)
        reply = client.get(path, **query)
        assert reply.status == 200, reply
        return reply
    return get


def test_every_list_is_here(api):
    lists = {path for path, item in api.get("/openapi.json").json["paths"].items()
             if any(p.get("name") == "cursor" for p in item.get("get", {}).get("parameters", []))}
    assert lists == set(ROWS_OF) == set(FILTERS) == set(ORDERS)


def test_every_filter_is_here(api):
    paths = api.get("/openapi.json").json["paths"]
    for path, filters in FILTERS.items():
        known = {p["name"] for p in paths[path]["get"]["parameters"]}
        assert known - {"page", "limit", "sort", "cursor"} == set(filters)
        sort = next(p for p in paths[path]["get"]["parameters"] if p["name"] == "sort")
        assert set(sort["schema"]["enum"]) == {sign + name for name in ORDERS[path]
                                               for sign in ("", "-")}


@pytest.mark.parametrize("route", **LISTS)
def test_filters_alone_and_together(ask, database, route):
    """Each alone, each two together, and all at once."""
    fill(database, route.path)
    filters = FILTERS[route.path]
    for count in (1, 2, len(filters)):
        for names in itertools.combinations(filters, count):
            expected = [n for n in range(ROWS) if all(filters[name][1](n) for name in names)]
            query = {name: filters[name][0] for name in names}
            reply = ask(route.path, limit=100, **query)
            assert reply.total == len(reply.items) == len(expected), (query, reply)
            if route.path != UPCOMING:
                assert numbers(route.path, reply.items) == expected[::-1], query


@pytest.mark.parametrize("route", **LISTS)
def test_orders(ask, database, route):
    fill(database, route.path)
    for name, value in ORDERS[route.path].items():
        for sign, turn in (("", 1), ("-", -1)):
            items = ask(route.path, limit=100, sort=sign + name).items
            assert len(items) == ROWS
            if route.path == UPCOMING:
                assert [i["expires_at"] for i in items] == \
                    sorted((i["expires_at"] for i in items), reverse=turn < 0)
            else:
                # What is equal keeps the order in which it was recorded, as turned as the rest.
                assert numbers(route.path, items) == sorted(range(ROWS),
                                                            key=lambda n: (value(n), n))[::turn]


@pytest.mark.parametrize("route", **LISTS)
def test_a_list_is_newest_first_but_what_comes_soonest(ask, database, route):
    fill(database, route.path)
    items = ask(route.path, limit=100).items
    if route.path == UPCOMING:
        assert items == ask(route.path, limit=100, sort="expires_at").items
    else:
        assert numbers(route.path, items) == list(range(ROWS))[::-1]


def walk(ask, start, relation="next"):
    """Every page from this one on, by its links."""
    pages = [start]
    while relation in pages[-1].links:
        pages.append(ask(pages[-1].links[relation]))
        assert len(pages) < 2 * ROWS
    return pages


def item_lists(pages):
    return [page.items for page in pages]


@pytest.mark.parametrize("limit", [1, 7, 16, 47, 48, 100])
@pytest.mark.parametrize("route", **LISTS)
def test_a_walk_by_links_visits_everything_once_there_and_back(ask, database, route, limit):
    fill(database, route.path)
    for sort in (None, *(sign + name for name in ORDERS[route.path] for sign in ("", "-"))):
        query = {"limit": limit, **({"sort": sort} if sort else {})}
        everything = ask(route.path, **{**query, "limit": 100}).items
        there = walk(ask, ask(route.path, **query))
        assert [item for page in there for item in page.items] == everything
        assert [len(page.items) for page in there[:-1]] == [limit] * (len(there) - 1)
        assert {page.total for page in there} == {ROWS}
        back = walk(ask, there[-1], "prev")
        assert item_lists(back[::-1])[1:] == item_lists(there)[1:]
        assert [item for page in back[::-1] for item in page.items] == everything
        if limit == 1:
            break  # once is enough of so many small steps


@pytest.mark.parametrize("route", **LISTS)
def test_links_keep_the_query_and_the_form_of_the_path(ask, database, route):
    fill(database, route.path)
    for path in (route.path, doubled(route.path)):
        those_asked = {PAUSES: "peer_mentor_id=mentor-2", IN_APP: "unread=true"}
        first = f"{path}?limit=5&{those_asked.get(route.path, 'mentor_id=mentor-2')}"
        page = ask(first)
        assert page.links["first"] == first
        assert "prev" not in page.links
        second = ask(page.links["next"])
        assert page.links["next"].startswith(f"{first}&cursor=")
        assert second.links["first"] == first
        assert second.links["prev"].startswith(f"{first}&cursor=")
        assert ask(second.links["prev"]).items == page.items
        # By page number it is the same.
        assert ask(f"{first}&page=2").items == second.items
        assert ask(f"{first}&page=2").links["prev"] == second.links["prev"]


@pytest.mark.parametrize("route", **LISTS)
def test_the_end_and_what_lies_beyond_have_no_next(ask, database, route):
    assert set(ask(route.path).links) == {"first"}
    fill(database, route.path, count=3)
    assert set(ask(route.path).links) == {"first"}
    assert set(ask(route.path, limit=3).links) == {"first"}
    assert set(ask(route.path, limit=2).links) == {"first", "next"}
    assert ask(route.path, page=9).items == []
    assert "next" not in ask(route.path, page=9).links


@pytest.mark.parametrize("cursor", [
    "x", "a", "b", "a.", "a1", "a1.1", "a1.1.", "a.1.seq", "c1.1.seq", "a1.1x.seq", "a1.1 .seq",
    "A1.1.seq", "a+1.1.seq", "a0x1.1.seq", "a 1.1.seq", "1.1.seq", "a1.1.seq.1", "a1.1.name",
    "a9223372036854775808.1.seq", "a1.9223372036854775808.seq", "a1.g.seq", "a-.1.seq"])
@pytest.mark.parametrize("route", **LISTS)
def test_what_no_list_gave_out_is_400(api, route, cursor):
    reply = route.client(api).get(route.path, cursor=cursor)
    assert (reply.status, reply.fields) == (400, {"cursor"})


@pytest.mark.parametrize("place", ["a9223372036854775807.9223372036854775807", "b1.1",
                                   "b-9223372036854775808.-9223372036854775808", "a-1.-1"])
@pytest.mark.parametrize("route", **LISTS)
def test_a_place_that_no_row_was_ever_at_is_only_a_place(api, database, route, place):
    """A made-up time of no year that the database has is refused; nothing is our own fault."""
    fill(database, route.path, count=3)
    for sort in (sign + name for name in ORDERS[route.path] for sign in ("", "-")):
        reply = route.client(api).get(route.path, cursor=f"{place}.{sort}", sort=sort)
        assert reply.status in (200, 400)


@pytest.mark.parametrize("route", **LISTS)
def test_a_place_in_another_order_is_400(api, route):
    for sort in (sign + name for name in ORDERS[route.path] for sign in ("", "-")):
        reply = route.client(api).get(route.path, cursor="a1.1.seq", sort=sort)
        assert (reply.status, reply.fields) == (400, {"cursor"})


@pytest.mark.parametrize("route", **LISTS)
def test_a_bad_query_is_400_parameter_by_parameter(api, route):
    filters = FILTERS[route.path]
    for query, fields in (
            ("sort=seq", {"sort"}), ("sort=", {"sort"}), ("sort=mentor_id", {"sort"}),
            ("sort=%2Bsent_at", {"sort"}), ("cursor=", {"cursor"}), ("colour=red", {"colour"}),
            ("limit=0&page=0&sort=x&colour=1", {"limit", "page", "sort", "colour"}),
            ("cursor=" + "a" * 65, {"cursor"}), ("cursor=a1.1&cursor=a1.1", {"cursor"}),
            *((f"{name}=", {name}) for name in filters),
            *((f"{name}=x%00", {name}) for name in filters)):
        reply = route.client(api).get(f"{route.path}?{query}")
        assert (reply.status, reply.fields) == (400, fields), (query, reply)


# Long lists that change while they are read

MANY = 300


@pytest.fixture
def many(database):
    fill(database, NOTIFICATIONS, count=MANY)
    return list(range(MANY))


@pytest.mark.parametrize("sort", [None, "-sent_at", "expiry_date"])
def test_a_walk_meets_what_was_there_once_whatever_comes_in_between(ask, database, many, sort):
    """Pages by number would show some rows twice."""
    page = ask(NOTIFICATIONS, limit=10, **({"sort": sort} if sort else {}))
    seen = numbers(NOTIFICATIONS, page.items)
    for n in itertools.count(MANY):
        if "next" not in page.links:
            break
        fill(database, NOTIFICATIONS, n, 1)
        page = ask(page.links["next"])
        seen += numbers(NOTIFICATIONS, page.items)
    assert len(seen) == len(set(seen))
    assert sorted(n for n in seen if n < MANY) == many
    assert page.total == n


@pytest.mark.parametrize("sort", [None, "sent_at"])
def test_a_walk_backwards_meets_it_once_too(ask, database, many, sort):
    page = walk(ask, ask(NOTIFICATIONS, limit=60, **({"sort": sort} if sort else {})))[-1]
    seen = numbers(NOTIFICATIONS, page.items)
    for n in itertools.count(MANY):
        if "prev" not in page.links:
            break
        fill(database, NOTIFICATIONS, n, 1)
        page = ask(page.links["prev"])
        seen += numbers(NOTIFICATIONS, page.items)
        assert n < 2 * MANY
    assert len(seen) == len(set(seen))
    assert sorted(n for n in seen if n < MANY) == many


def test_a_walk_goes_on_where_the_last_item_was_removed(ask, database, many):
    page = ask(NOTIFICATIONS, limit=10)
    last = numbers(NOTIFICATIONS, page.items)[-1]
    database.run("DELETE FROM expiry_notifications WHERE notification_id LIKE %s",
                 f"%{last:012d}")
    assert numbers(NOTIFICATIONS, ask(page.links["next"]).items) == list(range(last - 1, last - 11,
                                                                               -1))


def test_rows_of_other_organisations_are_skipped_by_a_walk(ask, database, directory):
    mentor = directory.add_bergen()
    fill(database, PAUSES)
    database.run("UPDATE pause_events SET mentor_id = %s WHERE seq MOD 5 = 0", mentor)
    pages = walk(ask, ask(PAUSES, limit=6))
    items = [item for page in pages for item in page.items]
    assert len(items) == pages[0].total < ROWS
    assert mentor not in {item["peer_mentor_id"] for item in items}
