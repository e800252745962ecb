# SPDX-License-Identifier: MIT
"""What each route of contracts 1 to 4 refuses in a body, field by field, and what every route
refuses. Contract 5's bodies are in test_bad_input.py."""
import pytest

from stack.api import CHECK, NOTIFICATIONS, PAUSES, REMINDERS
from stack.routes import find, those

pytestmark = pytest.mark.usefixtures("directory")

WITH_BODY = those(lambda route: route.takes_body)

NOW = "2026-03-26T00:00:00Z"
LONG = "x" * 501
# What is wrong with a text, a moment and a number, whatever it stands for.
BAD_IDS = (None, 42, True, ["mentor-1"], {"id": "mentor-1"}, "", "m" * 65, "a\nb", "a\x1bb")
BAD_TIMES = ("yesterday", 1767225600, "2026-02-30T00:00:00Z", "2026-03-26", "2026-03-26T00:00:00",
             "2026-03-26T25:00:00Z", "10000-01-01T00:00:00Z", "", [], True)
BAD_NUMBERS = ("14", 14.5, None, True, [], 1e300, 2 ** 62, -1, 3651)
BAD_WORDS = ("", "other", 1, None, True, [], "ACTIVE", "Email")
BAD_REASONS = (1, [], {}, LONG, "a\x07b")

MENTOR = {"mentor_id": "mentor-1"}
ACTIVATED = {**MENTOR, "pause_reason": "studies", "expected_return_date": NOW}
EXPIRY = {**MENTOR, "expiry_date": NOW}
REMINDER = {**MENTOR, "days_remaining": 14}
EVENT = {"peer_mentor_id": "mentor-1", "event_type": "pause_activated", "effective_date": NOW,
         "reason": None}
RECORD = {**MENTOR, "coordinator_id": "coord-nora", "threshold": "30_day", "expiry_date": NOW}
ORDER = {**MENTOR, "coordinator_id": "coord-nora", "days_remaining": 14, "channel": "email"}


def each(good, field, values):
    return [({**good, field: value}, {field}) for value in values]


def without(good, *fields):
    return {key: value for key, value in good.items() if key not in fields}


def nobody(good, field="mentor_id"):
    return [({**good, field: value}, {field}) for value in ("nobody", "MENTOR-1", "mentor-1 ")]


# By route: bodies, and the fields that are to blame.
BAD_BODIES = {
    f"POST {PAUSES}/pause-activated": [
        ({}, {"mentor_id"}),
        *nobody(ACTIVATED), *each(ACTIVATED, "mentor_id", BAD_IDS),
        *each(ACTIVATED, "expected_return_date", BAD_TIMES),
        *each(ACTIVATED, "pause_reason", BAD_REASONS),
        ({**ACTIVATED, "reason": "x", "expiry_date": NOW}, {"reason", "expiry_date"}),
        ({**ACTIVATED, "notifications_dispatched": [], "dispatched_at": NOW},
         {"notifications_dispatched", "dispatched_at"}),
        ({"mentor_id": "nobody", "pause_reason": 1, "expected_return_date": "soon", "x": 1},
         {"mentor_id", "pause_reason", "expected_return_date", "x"})],
    f"POST {PAUSES}/pause-lifted": [
        ({}, {"mentor_id"}),
        *nobody(MENTOR), *each(MENTOR, "mentor_id", BAD_IDS),
        ({**MENTOR, "pause_reason": "x"}, {"pause_reason"}),
        ({"mentor_id": "nobody", "colour": 1}, {"mentor_id", "colour"})],
    f"POST {PAUSES}/cert-expiry": [
        ({}, {"mentor_id", "expiry_date"}), (MENTOR, {"expiry_date"}),
        *nobody(EXPIRY), *each(EXPIRY, "mentor_id", BAD_IDS),
        *each(EXPIRY, "expiry_date", (*BAD_TIMES, None)),
        ({"mentor_id": "nobody", "expiry_date": "soon", "days_remaining": 1},
         {"mentor_id", "expiry_date", "days_remaining"})],
    f"POST {PAUSES}/cert-expiry-reminder": [
        ({}, {"mentor_id", "days_remaining"}), (MENTOR, {"days_remaining"}),
        *nobody(REMINDER), *each(REMINDER, "mentor_id", BAD_IDS),
        *each(REMINDER, "days_remaining", BAD_NUMBERS),
        ({"mentor_id": "nobody", "days_remaining": -1, "channel": "email"},
         {"mentor_id", "days_remaining", "channel"})],
    f"POST {PAUSES}": [
        ({}, {"peer_mentor_id", "event_type", "effective_date"}),
        *nobody(EVENT, "peer_mentor_id"), *each(EVENT, "peer_mentor_id", BAD_IDS),
        *each(EVENT, "event_type", BAD_WORDS),
        *each(EVENT, "effective_date", (*BAD_TIMES, None)),
        *each(EVENT, "reason", BAD_REASONS),
        ({**EVENT, "id": "pn_mine", "coordinator_id": "coord-nora", "notifications_sent": [],
          "created_at": NOW}, {"id", "coordinator_id", "notifications_sent", "created_at"}),
        ({"peer_mentor_id": "nobody", "event_type": "paused", "effective_date": "", "reason": LONG,
          "mentor_id": "mentor-1"},
         {"peer_mentor_id", "event_type", "effective_date", "reason", "mentor_id"})],
    f"PUT {PAUSES}/:id": [
        ({}, {"body"}),
        *each({}, "reason", BAD_REASONS), *each({}, "effective_date", (*BAD_TIMES, None)),
        ({"event_type": "pause_deactivated", "peer_mentor_id": "mentor-2", "id": "pn_other",
          "coordinator_id": "coord-maya", "updated_at": NOW},
         {"event_type", "peer_mentor_id", "id", "coordinator_id", "updated_at"}),
        ({"reason": 1, "effective_date": "soon", "colour": 1},
         {"reason", "effective_date", "colour"})],
    f"POST {NOTIFICATIONS}": [
        ({}, set(RECORD)),
        *nobody(RECORD), *each(RECORD, "mentor_id", BAD_IDS),
        *nobody(RECORD, "coordinator_id"), *each(RECORD, "coordinator_id", BAD_IDS),
        *each(RECORD, "threshold", (*BAD_WORDS, "30", "30_days", "0_day", "030_day", "-7_day",
                                    "+7_day", "366_day", "30_DAY", " 30_day", "30_day ", "7.5_day",
                                    "99999999999999999999_day")),
        *each(RECORD, "expiry_date", (*BAD_TIMES, None)),
        ({**RECORD, "notification_id": "x", "status": "active", "sent_at": NOW,
          "acknowledged_at": None, "created_at": NOW},
         {"notification_id", "status", "sent_at", "acknowledged_at", "created_at"}),
        ({"mentor_id": "nobody", "coordinator_id": "nobody", "threshold": "soon",
          "expiry_date": 1, "threshold_days": 30},
         {"mentor_id", "coordinator_id", "threshold", "expiry_date", "threshold_days"})],
    f"PUT {NOTIFICATIONS}/:notification_id": [
        ({}, {"body"}),
        *each({}, "status", (*BAD_WORDS, "removed")),
        *each({"status": "acknowledged"}, "acknowledged_at", (*BAD_TIMES, None)),
        *nobody({"status": "acknowledged"}, "acknowledged_by"),
        *each({"status": "acknowledged"}, "acknowledged_by", BAD_IDS),
        ({"threshold": "7_day", "mentor_id": "mentor-2", "expiry_date": NOW, "sent_at": NOW},
         {"threshold", "mentor_id", "expiry_date", "sent_at"}),
        ({"status": "gone", "acknowledged_at": "soon", "acknowledged_by": "nobody", "colour": 1},
         {"status", "acknowledged_at", "acknowledged_by", "colour"})],
    f"POST {REMINDERS}": [
        ({}, set(ORDER)),
        *nobody(ORDER), *each(ORDER, "mentor_id", BAD_IDS),
        *nobody(ORDER, "coordinator_id"), *each(ORDER, "coordinator_id", BAD_IDS),
        *each(ORDER, "days_remaining", BAD_NUMBERS),
        *each(ORDER, "channel", (*BAD_WORDS, "sms", "email,push", "EMAIL")),
        ({**ORDER, "id": "rem-1", "threshold_days": 14, "sent_at": NOW, "status": "delivered"},
         {"id", "threshold_days", "sent_at", "status"}),
        ({"mentor_id": "nobody", "coordinator_id": "nobody", "days_remaining": "x",
          "channel": "fax", "colour": 1},
         {"mentor_id", "coordinator_id", "days_remaining", "channel", "colour"})],
    f"PUT {REMINDERS}/:id": [
        ({}, {"body"}),
        *each({}, "status", (*BAD_WORDS, "delivered", "queued", "failed")),
        *each({"status": "acknowledged"}, "acknowledged_at", (*BAD_TIMES, None)),
        ({"acknowledged_at": NOW}, {"acknowledged_at"}),
        ({"status": "acknowledged", "id": "rem-2", "updated_at": NOW}, {"id", "updated_at"}),
        ({"status": "gone", "acknowledged_at": "soon", "channel": "push"},
         {"status", "acknowledged_at", "channel"})],
    f"POST {CHECK}": [
        *each({}, "dry_run", ("yes", 1, 0, None, [], "true")),
        ({"dry": True}, {"dry"}), ({"run_at": NOW, "status": "completed"}, {"run_at", "status"})],
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_refused_field_by_field_and_nothing_happens(api, database, mail, name):
    method, _, path = name.partition(" ")
    route = find(method, path)
    target = route.at(route.made(api)) if route.is_by_id else route.at()
    mail.forget()
    before = database.checksums()
    for body, fields in BAD_BODIES[name]:
        reply = route.client(api).request(method, target, body)
        assert (reply.status, reply.fields) == (422, fields), (body, reply)
    assert database.checksums() == before
    assert mail.mails == []


def test_every_route_with_a_body_has_bad_ones_here_or_in_the_tests_of_contract_5():
    routes = {str(route) for route in WITH_BODY["argvalues"] if "certifications" not in route.path}
    assert set(BAD_BODIES) == routes


# What every route refuses

MALFORMED = (b"hello", b"{", b"[]", b"null", b'"x"', b"{} {}", b'{"a": 1, "a": 2}', b'{"a": NaN}',
             b'{"a": "\xff"}', b'{"a": "\\u0000"}', b"[" * 5000, b'{"a":' + b"[" * 17 + b"]" * 17
             + b"}")


@pytest.mark.parametrize("route", **WITH_BODY)
def test_what_cannot_be_read_is_400(api, database, route):
    target = route.at(route.made(api)) if route.is_by_id else route.at()
    before = database.checksums()
    for body in MALFORMED:
        reply = route.client(api).request(route.method, target, body)
        assert reply.status == 400, (body, reply)
    assert database.checksums() == before


@pytest.mark.parametrize("route", **WITH_BODY)
def test_another_media_type_is_415_and_a_larger_body_413(api, database, route):
    target = route.at(route.made(api)) if route.is_by_id else route.at()
    client = route.client(api)
    before = database.checksums()
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        reply = client.request(route.method, target, route.body,
                               headers={"Content-Type": media_type})
        assert reply.status == 415, reply
    for size in (65537, 200000):
        assert client.request(route.method, target, b"{" + b" " * size).status == 413
    assert database.checksums() == before


@pytest.mark.parametrize("route", **those())
def test_a_parameter_that_is_not_known_is_400(api, database, route):
    target = route.at(route.made(api)) if route.is_by_id else route.at()
    before = database.checksums()
    separator = "&" if "?" in target else "?"
    for query, fields in (("colour=red", {"colour"}), ("%63olour", {"colour"}),
                          ("a=1&b=2", {"a", "b"}), ("%ff=1", {"query"})):
        reply = route.client(api).request(route.method, f"{target}{separator}{query}", route.body)
        assert (reply.status, reply.fields) == (400, fields), reply
    assert database.checksums() == before


@pytest.mark.parametrize("route", **those(lambda route: route.is_by_id))
@pytest.mark.parametrize("name", ["%zz", "%00", "x%ff", "a%0ab", "x" * 3000, "..%2f..",
                                  "'%20OR%201"])
def test_a_bad_id_names_nothing(api, route, name):
    reply = route.client(api).request(route.method, route.at(name), route.body)
    assert reply.status in (400, 404)


@pytest.mark.parametrize("route", **those())
def test_what_a_route_does_not_do_is_405(api, route):
    target = route.at("nothing").partition("?")[0]
    options = api.request("OPTIONS", target)
    assert options.status == 204
    assert route.method in options.allow
    assert ("HEAD" in options.allow) == ("GET" in options.allow)
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - options.allow:
        reply = api.request(method, target)
        assert (reply.status, reply.allow) == (405, options.allow)
