# SPDX-License-Identifier: MIT
"""Whatever is wrong with a request is said at once, field by field, and nothing is stored."""
import json

import pytest

from stack.api import CERTIFICATIONS, LOGS, RUN
from stack.times import in_days

GOOD = {"mentor_id": "mentor-1", "certification_type": "peer_mentor_basic",
        "issued_at": "2026-01-01T00:00:00Z", "expires_at": "2098-01-01T00:00:00Z"}


@pytest.fixture(autouse=True)
def nothing_is_stored(directory, database):
    """Whatever is refused leaves every table as it was, but for what the test itself records."""
    yield
    counts = database.counts()
    assert counts["messages"] == counts["pauses"] == counts["pause_events"] == 0


@pytest.fixture
def stored(api):
    """The id of a certification to be changed."""
    return api.record("mentor-1", GOOD["issued_at"], GOOD["expires_at"])["certification_id"]


def without(*keys):
    return {key: value for key, value in GOOD.items() if key not in keys}


BAD_BODIES = {
    "nothing given": ({}, set(GOOD)),
    "no mentor": (without("mentor_id"), {"mentor_id"}),
    "no dates": (without("issued_at", "expires_at"), {"issued_at", "expires_at"}),
    "unknown mentor": ({**GOOD, "mentor_id": "mentor-nobody"}, {"mentor_id"}),
    "mentor of another case": ({**GOOD, "mentor_id": "MENTOR-1"}, {"mentor_id"}),
    "mentor with a trailing space": ({**GOOD, "mentor_id": "mentor-1 "}, {"mentor_id"}),
    "number for a mentor": ({**GOOD, "mentor_id": 42}, {"mentor_id"}),
    "null for a mentor": ({**GOOD, "mentor_id": None}, {"mentor_id"}),
    "list for a mentor": ({**GOOD, "mentor_id": ["mentor-1"]}, {"mentor_id"}),
    "object for a mentor": ({**GOOD, "mentor_id": {"id": "mentor-1"}}, {"mentor_id"}),
    "true for a mentor": ({**GOOD, "mentor_id": True}, {"mentor_id"}),
    "empty mentor": ({**GOOD, "mentor_id": ""}, {"mentor_id"}),
    "mentor too long": ({**GOOD, "mentor_id": "m" * 65}, {"mentor_id"}),
    "empty type": ({**GOOD, "certification_type": ""}, {"certification_type"}),
    "type too long": ({**GOOD, "certification_type": "t" * 65}, {"certification_type"}),
    "type with a line break": ({**GOOD, "certification_type": "a\nb"}, {"certification_type"}),
    "type with a control character": ({**GOOD, "certification_type": "a\x1bb"},
                                      {"certification_type"}),
    "dates swapped": ({**GOOD, "issued_at": GOOD["expires_at"], "expires_at": GOOD["issued_at"]},
                      {"expires_at"}),
    "ends as it begins": ({**GOOD, "expires_at": GOOD["issued_at"]}, {"expires_at"}),
    "no such day": ({**GOOD, "expires_at": "2098-02-30T00:00:00Z"}, {"expires_at"}),
    "no leap year": ({**GOOD, "expires_at": "2097-02-29T00:00:00Z"}, {"expires_at"}),
    "month 13": ({**GOOD, "expires_at": "2098-13-01T00:00:00Z"}, {"expires_at"}),
    "hour 24": ({**GOOD, "expires_at": "2098-01-01T24:00:00Z"}, {"expires_at"}),
    "leap second": ({**GOOD, "expires_at": "2098-06-30T23:59:60Z"}, {"expires_at"}),
    "offset 25:00": ({**GOOD, "expires_at": "2098-01-01T00:00:00+25:00"}, {"expires_at"}),
    "no offset": ({**GOOD, "expires_at": "2098-01-01T00:00:00"}, {"expires_at"}),
    "space for T": ({**GOOD, "expires_at": "2098-01-01 00:00:00Z"}, {"expires_at"}),
    "trailing word": ({**GOOD, "expires_at": "2098-01-01T00:00:00Z!"}, {"expires_at"}),
    "year 0": ({**GOOD, "issued_at": "0000-01-01T00:00:00Z"}, {"issued_at"}),
    "year 10000": ({**GOOD, "expires_at": "10000-01-01T00:00:00Z"}, {"expires_at"}),
    "beyond 9999 by its offset": ({**GOOD, "expires_at": "9999-12-31T23:30:00-01:00"},
                                  {"expires_at"}),
    "word for a date": ({**GOOD, "issued_at": "yesterday"}, {"issued_at"}),
    "number for a date": ({**GOOD, "issued_at": 1767225600}, {"issued_at"}),
    "unknown field": ({**GOOD, "colour": "red"}, {"colour"}),
    "read-only fields": ({**GOOD, "certification_id": "cert_mine", "auto_pause_applied": True,
                          "created_at": GOOD["issued_at"]},
                         {"certification_id", "auto_pause_applied", "created_at"}),
    "status is derived": ({**GOOD, "status": "valid"}, {"status"}),
    "everything at once": ({"mentor_id": 7, "certification_type": "", "issued_at": "soon",
                            "expires_at": None, "status": "valid", "colour": 1},
                           {"mentor_id", "certification_type", "issued_at", "expires_at", "status",
                            "colour"}),
    "unknown mentor and swapped dates": (
        {**GOOD, "mentor_id": "mentor-nobody", "issued_at": GOOD["expires_at"],
         "expires_at": GOOD["issued_at"]}, {"mentor_id", "expires_at"}),
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_bad_certification_is_refused_field_by_field(api, database, case):
    body, fields = BAD_BODIES[case]
    before = database.checksums()
    reply = api.post(CERTIFICATIONS, body)
    assert (reply.status, reply.fields) == (422, fields), reply
    assert database.checksums() == before


BAD_CHANGES = {
    "expired but valid": ({"expires_at": "2026-02-01T00:00:00Z", "status": "valid"}, {"status"}),
    "valid but expired": ({"status": "expired"}, {"status"}),
    "renewed but expired": ({"expires_at": "2099-01-01T00:00:00Z", "status": "expired"},
                            {"status"}),
    "no such status": ({"status": "paused"}, {"status"}),
    "number for a status": ({"status": 1}, {"status"}),
    "ends before it began": ({"expires_at": "2025-01-01T00:00:00Z"}, {"expires_at"}),
    "begins after its end": ({"issued_at": "2098-06-01T00:00:00Z"}, {"expires_at"}),
    "no such day": ({"expires_at": "2098-04-31T00:00:00Z"}, {"expires_at"}),
    "null": ({"expires_at": None}, {"expires_at"}),
    "another mentor": ({"mentor_id": "mentor-2"}, {"mentor_id"}),
    "read-only fields": ({"certification_id": "cert_mine", "auto_pause_applied": False,
                          "auto_pause_applied_at": GOOD["issued_at"],
                          "created_at": GOOD["issued_at"], "updated_at": GOOD["issued_at"]},
                         {"certification_id", "auto_pause_applied", "auto_pause_applied_at",
                          "created_at", "updated_at"}),
    "unknown field": ({"expires": "2099-01-01T00:00:00Z"}, {"expires"}),
    "everything at once": ({"expires_at": "never", "status": "gone", "colour": "red",
                            "issued_at": []}, {"expires_at", "status", "colour", "issued_at"}),
}


@pytest.mark.parametrize("case", BAD_CHANGES)
def test_a_bad_change_is_refused_field_by_field(api, database, stored, case):
    body, fields = BAD_CHANGES[case]
    before = database.checksums()
    reply = api.put(f"{CERTIFICATIONS}/{stored}", body)
    assert (reply.status, reply.fields) == (422, fields), reply
    assert database.checksums() == before


@pytest.mark.parametrize("body, fields", [
    ({"dry_run": "yes"}, {"dry_run"}),
    ({"dry_run": 1}, {"dry_run"}),
    ({"dry_run": None}, {"dry_run"}),
    ({"dry": True}, {"dry"}),
    ({"job_run_id": "job_01JAN2026_01"}, {"job_run_id"}),
])
def test_a_bad_order_runs_no_job(api, database, stored, body, fields):
    before = database.checksums()
    reply = api.post(RUN, body)
    assert (reply.status, reply.fields) == (422, fields), reply
    assert database.checksums() == before


MALFORMED = {
    "not JSON": b"hello",
    "cut short": b'{"mentor_id": "mentor-1"',
    "single quotes": b"{'mentor_id': 'mentor-1'}",
    "trailing comma": b'{"mentor_id": "mentor-1",}',
    "two objects": b"{} {}",
    "trailing bytes": b"{} x",
    "a list": b"[]",
    "a text": b'"mentor-1"',
    "a number": b"1",
    "null": b"null",
    "only spaces": b"   ",
    "a key twice": b'{"mentor_id": "mentor-1", "mentor_id": "mentor-2"}',
    "a key twice further in": b'{"x": {"a": 1, "a": 2}}',
    "too deep": b'{"x":' + b"[" * 17 + b"]" * 17 + b"}",
    "far too deep": b'{"x":' + b"[" * 30000,
    "NUL in a text": b'{"mentor_id": "mentor-\\u0000"}',
    "NUL in a key": b'{"mentor\\u0000_id": "mentor-1"}',
    "raw NUL": b'{"mentor_id": "mentor-\x00"}',
    "bad UTF-8": b'{"mentor_id": "\xff\xfe"}',
    "half a surrogate": b'{"mentor_id": "\\ud800"}',
    "bad escape": b'{"mentor_id": "\\x"}',
    "raw line break in a text": b'{"mentor_id": "a\nb"}',
    "NaN": b'{"mentor_id": NaN}',
    "huge number": b'{"mentor_id": 1e400}',
    "form": b"mentor_id=mentor-1",
}


@pytest.mark.parametrize("case", MALFORMED)
@pytest.mark.parametrize("path", [CERTIFICATIONS, RUN])
def test_what_cannot_be_read_is_400(api, database, case, path):
    before = database.checksums()
    assert api.post(path, MALFORMED[case]).status == 400
    assert database.checksums() == before


def test_what_cannot_be_read_does_not_change_anything(api, database, stored):
    before = database.checksums()
    for body in MALFORMED.values():
        assert api.put(f"{CERTIFICATIONS}/{stored}", body).status == 400
    assert database.checksums() == before


def test_depth_sixteen_is_still_read(api):
    body = b'{"x":' + b"[" * 15 + b"]" * 15 + b"}"
    reply = api.post(CERTIFICATIONS, body)
    assert (reply.status, reply.fields) == (422, set(GOOD) | {"x"})


def test_an_empty_body_lacks_what_is_required(api):
    for body in (b"", None):
        reply = api.post(CERTIFICATIONS, body)
        assert reply.status in (400, 422)


BAD_QUERIES = {
    "page=0": {"page"},
    "page=-1": {"page"},
    "page=x": {"page"},
    "page=": {"page"},
    "page=1.5": {"page"},
    "page=%2B1": {"page"},
    "page=99999999999999999999": {"page"},
    "limit=0": {"limit"},
    "limit=101": {"limit"},
    "limit=ten": {"limit"},
    "status=paused": {"status"},
    "status=VALID": {"status"},
    "expires_before=soon": {"expires_before"},
    "expires_before=2026-02-30": {"expires_before"},
    "expires_after=2026-01-01T00:00:00": {"expires_after"},
    "mentor_id=": {"mentor_id"},
    "mentor_id=" + "m" * 65: {"mentor_id"},
    "mentor_id=a%00b": {"mentor_id"},
    "mentor_id=%zz": {"mentor_id"},
    "mentor_id=%e": {"mentor_id"},
    "mentor_id=%ff": {"mentor_id"},
    "colour=red": {"colour"},
    "Page=1": {"Page"},
    "page=1&page=2": {"page"},
    "page=0&limit=1000&status=x&colour=red": {"page", "limit", "status", "colour"},
}


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_bad_query_is_400_parameter_by_parameter(api, query):
    reply = api.get(f"{CERTIFICATIONS}?{query}")
    assert (reply.status, reply.fields) == (400, BAD_QUERIES[query]), reply


@pytest.mark.parametrize("query, fields", [
    ("job_run_id=", {"job_run_id"}),
    ("status=valid", {"status"}),
    ("limit=0&page=0", {"limit", "page"}),
])
def test_a_bad_query_of_the_log_is_400(api, query, fields):
    reply = api.get(f"{LOGS}?{query}")
    assert (reply.status, reply.fields) == (400, fields)


def test_a_query_where_none_is_known_is_400(api, stored, database):
    before = database.checksums()
    for method, path in (("GET", f"{CERTIFICATIONS}/{stored}"), ("POST", RUN),
                         ("DELETE", f"{CERTIFICATIONS}/{stored}"), ("GET", "/healthz"),
                         ("POST", CERTIFICATIONS)):
        body = GOOD if path == CERTIFICATIONS else None
        reply = api.request(method, f"{path}?dry_run=true", body)
        assert (reply.status, reply.fields) == (400, {"dry_run"}), reply
    assert database.checksums() == before


def test_an_empty_query_is_none(api):
    assert api.get(f"{CERTIFICATIONS}?").status == 200


@pytest.mark.parametrize("path", ["%zz", "%00", "cert%ff", "a%0ab", "x" * 3000])
def test_a_bad_path_names_nothing(api, path):
    assert api.get(f"{CERTIFICATIONS}/{path}").status in (400, 404)


@pytest.mark.parametrize("change", [str.lower, "%20{}".format, "{}%20".format, "{}.".format])
def test_only_the_very_id_names_a_certification(api, stored, change):
    for method, body in (("GET", None), ("DELETE", None), ("PUT", {"expires_at": in_days(9)})):
        path = f"{CERTIFICATIONS}/{change(stored)}"
        assert api.request(method, path, body).status == 404


def test_a_change_of_nothing_is_refused(api, stored, database):
    before = database.checksums()
    assert api.put(f"{CERTIFICATIONS}/{stored}", {}).status == 422
    assert database.checksums() == before


# Sizes and media types

def padded(size):
    body = json.dumps(GOOD)
    return (body + " " * (size - len(body))).encode()


def test_a_body_of_the_largest_size_is_taken(api):
    assert api.post(CERTIFICATIONS, padded(65536)).status == 201


@pytest.mark.parametrize("size", [65537, 70000, 1000000])
def test_a_larger_body_is_413(api, database, size):
    before = database.checksums()
    assert api.post(CERTIFICATIONS, padded(size)).status == 413
    assert database.checksums() == before


def test_a_chunked_body_is_read(api):
    connection = api.nginx.connection()
    connection.request("POST", CERTIFICATIONS, iter([json.dumps(GOOD).encode()]),
                       {"Content-Type": "application/json"}, encode_chunked=True)
    assert connection.getresponse().status == 201
    connection.close()


@pytest.mark.parametrize("media_type", [
    "text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonp",
    "text/json", "multipart/form-data; boundary=x", "json"])
def test_another_media_type_is_415(api, database, media_type):
    before = database.checksums()
    reply = api.post(CERTIFICATIONS, GOOD, headers={"Content-Type": media_type})
    assert reply.status == 415
    assert database.checksums() == before


@pytest.mark.parametrize("media_type", [
    "application/json", "application/json; charset=utf-8", "Application/JSON",
    "application/json;charset=UTF-8"])
def test_json_by_any_of_its_names_is_taken(api, media_type):
    reply = api.post(CERTIFICATIONS, GOOD, headers={"Content-Type": media_type})
    assert reply.status == 201


def test_without_a_media_type_a_body_is_json(api):
    connection = api.nginx.connection()
    connection.request("POST", CERTIFICATIONS, json.dumps(GOOD))
    assert connection.getresponse().status == 201
    connection.close()


def test_sql_in_any_text_is_only_text(api, database):
    hostile = "x' OR '1'='1"
    assert api.get(CERTIFICATIONS, mentor_id=hostile).total == 0
    assert api.post(CERTIFICATIONS, {**GOOD, "mentor_id": hostile}).status == 422
    hostile = "'; DROP TABLE mentors; --"
    created = api.record("mentor-1", in_days(-1), in_days(1), hostile)
    assert api.find(created["certification_id"])["certification_type"] == hostile
    assert database.value("SELECT COUNT(*) FROM mentors") == 9
