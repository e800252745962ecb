# SPDX-License-Identifier: MIT
"""Contract 5 as a client sees it: seven endpoints, each in both forms of its path. That keys and
times are the examples' is checked of every reply, by the client (stack/api.py)."""
import datetime

import pytest

from stack import times
from stack.api import CERTIFICATIONS, LOGS, RUN
from stack.contract import BASE
from stack.times import in_days

pytestmark = pytest.mark.usefixtures("directory")


# Creating

def test_recording_answers_201_and_what_was_recorded(api):
    before = times.now()
    reply = api.post(CERTIFICATIONS, {
        "mentor_id": "mentor-1", "certification_type": "peer_mentor_advanced",
        "issued_at": "2026-03-26T00:00:00Z", "expires_at": "2098-03-26T00:00:00Z"})
    assert reply.status == 201
    created = reply.json
    assert created["certification_id"].startswith("cert_")
    assert created == {
        "certification_id": created["certification_id"], "mentor_id": "mentor-1",
        "certification_type": "peer_mentor_advanced", "issued_at": "2026-03-26T00:00:00Z",
        "expires_at": "2098-03-26T00:00:00Z", "status": "valid", "auto_pause_applied": False,
        "created_at": created["created_at"]}
    assert before <= times.read(created["created_at"]) <= times.now()


def test_location_leads_to_what_was_recorded(api):
    reply = api.post(CERTIFICATIONS, {
        "mentor_id": "mentor-1", "certification_type": "peer_mentor_basic",
        "issued_at": in_days(-1), "expires_at": in_days(300)})
    location = reply.headers["Location"]
    assert location == f"{CERTIFICATIONS}/{reply.json['certification_id']}"
    found = api.get(location)
    assert found.status == 200
    assert found.json["certification_id"] == reply.json["certification_id"]


def test_a_certification_that_expired_already_can_be_recorded(api):
    created = api.record("mentor-1", in_days(-400), in_days(-1))
    assert created["status"] == "expired"
    assert created["auto_pause_applied"] is False


@pytest.mark.parametrize("written, read_back", [
    ("2098-03-26T02:00:00+02:00", "2098-03-26T00:00:00Z"),
    ("2098-03-25T18:30:00-05:30", "2098-03-26T00:00:00Z"),
    ("2098-03-26T00:00:00.999Z", "2098-03-26T00:00:00Z"),
    ("2098-03-26t00:00:00z", "2098-03-26T00:00:00Z"),
    ("2096-02-29T23:59:59Z", "2096-02-29T23:59:59Z"),
])
def test_times_with_any_offset_come_back_in_utc(api, written, read_back):
    created = api.record("mentor-1", "2026-01-01T00:00:00Z", written)
    assert created["expires_at"] == read_back
    assert api.find(created["certification_id"])["expires_at"] == read_back


def test_ids_of_every_shape_are_taken(api, directory):
    longest = "m" * 64
    for mentor in ("pm_551e8400", "mntr_01HX4V2K8P", "mentor_sarah_chen", longest):
        directory.add_mentor(mentor)
        created = api.record(mentor, in_days(-1), in_days(30))
        assert api.get(CERTIFICATIONS, mentor_id=mentor).items[0]["certification_id"] == \
            created["certification_id"]


def test_ids_that_differ_in_case_are_two_mentors(api, directory):
    directory.add_mentor("Mentor-1")
    api.record("mentor-1", in_days(-1), in_days(30))
    assert api.get(CERTIFICATIONS, mentor_id="Mentor-1").total == 0


def test_ids_never_repeat(api):
    ids = {api.record("mentor-1", in_days(-1), in_days(30))["certification_id"]
           for _ in range(50)}
    assert len(ids) == 50


def test_text_of_any_script_comes_back_as_it_was(api):
    kind = "samtalepartner_ÆØÅ_✓"
    created = api.record("mentor-1", in_days(-1), in_days(30), kind)
    assert api.find(created["certification_id"])["certification_type"] == kind
    assert api.get(CERTIFICATIONS, certification_type=kind).total == 1


# Reading one

def test_detail_tells_when_the_pause_was_applied_only_once_it_was(api):
    created = api.record("mentor-1", in_days(-400), in_days(-1))
    assert "auto_pause_applied_at" not in api.find(created["certification_id"])
    before = times.now()
    api.run_expiry_job()
    found = api.find(created["certification_id"])
    assert found["auto_pause_applied"] is True
    assert before <= times.read(found["auto_pause_applied_at"]) <= times.now()


def test_an_id_may_be_percent_encoded(api):
    created = api.record("mentor-1", in_days(-1), in_days(30))
    encoded = created["certification_id"].replace("_", "%5F")
    assert api.get(f"{CERTIFICATIONS}/{encoded}").status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_id_is_not_found(api, method):
    body = {"expires_at": in_days(30)} if method == "PUT" else None
    reply = api.request(method, f"{CERTIFICATIONS}/cert_nobody", body)
    assert reply.status == 404


# Changing

def test_changing_answers_the_new_dates_and_they_stay(api):
    created = api.record("mentor-1", in_days(-10), in_days(30))
    renewed = in_days(700)
    before = times.now()
    answer = api.change(created["certification_id"], expires_at=renewed, status="valid")
    assert answer == {"certification_id": created["certification_id"], "expires_at": renewed,
                      "status": "valid", "updated_at": answer["updated_at"]}
    assert before <= times.read(answer["updated_at"]) <= times.now()
    assert api.find(created["certification_id"])["expires_at"] == renewed


def test_what_a_change_does_not_name_stays(api):
    created = api.record("mentor-1", in_days(-10), in_days(30))
    api.change(created["certification_id"], certification_type="peer_mentor_advanced")
    found = api.find(created["certification_id"])
    assert found["certification_type"] == "peer_mentor_advanced"
    for key in ("mentor_id", "issued_at", "expires_at", "status"):
        assert found[key] == created[key]


# Removing

def test_removing_answers_once_and_then_nothing_is_there(api):
    created = api.record("mentor-1", in_days(-10), in_days(30))
    path = f"{CERTIFICATIONS}/{created['certification_id']}"
    reply = api.delete(path)
    assert reply.status == 200
    assert reply.json["certification_id"] == created["certification_id"]
    assert reply.json["deleted"] is True
    assert api.get(path).status == 404
    assert api.delete(path).status == 404
    assert api.get(CERTIFICATIONS).total == 0


def test_the_log_outlives_the_certification(api):
    created = api.record("mentor-1", in_days(-400), in_days(-1))
    api.run_expiry_job()
    assert api.delete(f"{CERTIFICATIONS}/{created['certification_id']}").status == 200
    assert api.get(LOGS, mentor_id="mentor-1").total == 1


# Lists

def test_an_empty_list_is_a_page_of_nothing(api):
    reply = api.get(CERTIFICATIONS)
    assert reply.json == {"data": [], "pagination": {"page": 1, "limit": 20, "total": 0}}


@pytest.fixture
def seven(api):
    """Two valid basic, two valid advanced, two expired, one revoked, of several mentors."""
    def record(mentor, days, kind):
        return api.record(mentor, in_days(-900), in_days(days), kind)["certification_id"]
    ids = {
        "soon": record("mentor-1", 10, "peer_mentor_basic"),
        "later": record("mentor-2", 100, "peer_mentor_basic"),
        "advanced": record("mentor-1", 40, "peer_mentor_advanced"),
        "far": record("mentor-3", 500, "peer_mentor_advanced"),
        "expired": record("mentor-4", -5, "peer_mentor_basic"),
        "long ago": record("mentor-5", -300, "peer_mentor_advanced"),
        "revoked": record("mentor-2", 200, "peer_mentor_advanced"),
    }
    api.change(ids["revoked"], status="revoked")
    return ids


@pytest.mark.parametrize("query, names", [
    ({}, "soon later advanced far expired|long ago|revoked"),
    ({"mentor_id": "mentor-1"}, "soon advanced"),
    ({"mentor_id": "nobody"}, ""),
    ({"status": "valid"}, "soon later advanced far"),
    ({"status": "expired"}, "expired|long ago"),
    ({"status": "revoked"}, "revoked"),
    ({"certification_type": "peer_mentor_basic"}, "soon later expired"),
    ({"expires_before": 50}, "soon advanced expired|long ago"),
    ({"expires_after": 50}, "later far revoked"),
    ({"expires_after": 0, "expires_before": 150}, "soon later advanced"),
    ({"mentor_id": "mentor-2", "status": "valid"}, "later"),
    ({"mentor_id": "mentor-2", "certification_type": "peer_mentor_advanced"}, "revoked"),
    ({"status": "valid", "certification_type": "peer_mentor_advanced"}, "advanced far"),
    ({"status": "expired", "expires_before": -100}, "long ago"),
    ({"status": "valid", "certification_type": "peer_mentor_advanced", "expires_after": 50,
      "expires_before": 600, "mentor_id": "mentor-3"}, "far"),
    ({"status": "expired", "expires_after": 0}, ""),
])
def test_filters_alone_and_together(api, seven, query, names):
    wanted = {seven[name] for part in names.split("|") for name in
              ([part] if part in seven else part.split())}
    query = {key: in_days(value) if isinstance(value, int) else value
             for key, value in query.items()}
    reply = api.get(CERTIFICATIONS, **query)
    assert {item["certification_id"] for item in reply.items} == wanted
    assert reply.total == len(wanted)


def test_bounds_of_the_expiry_are_exclusive(api):
    moment = "2097-05-01T12:00:00Z"
    api.record("mentor-1", in_days(-1), moment)
    assert api.get(CERTIFICATIONS, expires_before=moment).total == 0
    assert api.get(CERTIFICATIONS, expires_after=moment).total == 0
    assert api.get(CERTIFICATIONS, expires_before="2097-05-01T12:00:01Z").total == 1
    assert api.get(CERTIFICATIONS, expires_after="2097-05-01T11:59:59Z").total == 1


def test_a_bare_date_bounds_by_its_first_moment(api):
    api.record("mentor-1", in_days(-1), "2097-05-01T00:00:00Z")
    assert api.get(CERTIFICATIONS, expires_before="2097-05-02").total == 1
    assert api.get(CERTIFICATIONS, expires_before="2097-05-01").total == 0
    assert api.get(CERTIFICATIONS, expires_after="2097-04-30").total == 1


def test_an_offset_in_a_query_is_read_with_its_plus_encoded(api):
    api.record("mentor-1", in_days(-1), "2097-05-01T00:00:00Z")
    assert api.get(CERTIFICATIONS, expires_before="2097-05-01T02:00:01+02:00").total == 1


def test_pages_together_hold_everything_once(api):
    ids = [api.record(f"mentor-{1 + n % 9}", in_days(-1), in_days(30 + n))["certification_id"]
           for n in range(23)]
    seen = []
    for page, size in ((1, 10), (2, 10), (3, 3), (4, 0)):
        reply = api.get(CERTIFICATIONS, page=page, limit=10)
        assert reply.json["pagination"] == {"page": page, "limit": 10, "total": 23}
        assert len(reply.items) == size
        seen += [item["certification_id"] for item in reply.items]
    assert sorted(seen) == sorted(ids)


def test_twenty_items_are_a_page_unless_asked_otherwise(api):
    for n in range(21):
        api.record("mentor-1", in_days(-1), in_days(30 + n))
    assert len(api.get(CERTIFICATIONS).items) == 20
    assert len(api.get(CERTIFICATIONS, limit=100).items) == 21
    assert len(api.get(CERTIFICATIONS, limit=1).items) == 1


def test_a_page_far_beyond_the_last_is_empty(api):
    api.record("mentor-1", in_days(-1), in_days(30))
    reply = api.get(CERTIFICATIONS, page=1000000, limit=100)
    assert (reply.items, reply.total) == ([], 1)


# The job and its log

def test_a_run_answers_what_it_did(api):
    api.record("mentor-1", in_days(-400), in_days(-1))
    api.record("mentor-2", in_days(-400), in_days(30))
    api.record("mentor-2", in_days(-400), in_days(30), "peer_mentor_advanced")
    before = times.now()
    run = api.run_expiry_job(dry_run=False)
    day = before.strftime("%d%b%Y").upper()
    assert run["job_run_id"] == f"job_{day}_01"
    assert before <= times.read(run["started_at"]) <= times.read(run["completed_at"])
    assert run["mentors_scanned"] == 2
    assert (run["expired_found"], run["auto_paused"], run["failures"]) == (1, 1, [])


def test_runs_of_a_day_are_numbered(api):
    numbers = [api.run_expiry_job()["job_run_id"][-3:] for _ in range(3)]
    assert numbers == ["_01", "_02", "_03"]


@pytest.mark.parametrize("body", [None, {}, {"dry_run": False}, b""])
def test_a_run_needs_no_body(api, body):
    assert api.post(RUN, body).status == 200


def test_the_log_names_mentor_reason_and_run(api):
    created = api.record("mentor-1", in_days(-400), in_days(-1))
    run = api.run_expiry_job()
    reply = api.get(LOGS)
    assert reply.total == 1
    line = reply.items[0]
    assert line["log_id"].startswith("log_")
    assert line["mentor_id"] == "mentor-1"
    expired_on = times.day(created["expires_at"])
    assert line["reason"] == f"Certification peer_mentor_basic expired on {expired_on}"
    assert line["job_run_id"] == run["job_run_id"]


def test_the_log_is_filtered_by_mentor_and_run(api):
    api.record("mentor-1", in_days(-400), in_days(-1))
    api.record("mentor-2", in_days(-400), in_days(-1))
    first = api.run_expiry_job()["job_run_id"]
    api.record("mentor-3", in_days(-400), in_days(-1))
    second = api.run_expiry_job()["job_run_id"]
    assert api.get(LOGS).total == 3
    assert api.get(LOGS, job_run_id=first).total == 2
    assert [line["mentor_id"] for line in api.get(LOGS, job_run_id=second).items] == ["mentor-3"]
    assert api.get(LOGS, mentor_id="mentor-2").total == 1
    assert api.get(LOGS, mentor_id="mentor-2", job_run_id=second).total == 0
    assert len(api.get(LOGS, limit=2, page=2).items) == 1


# Paths and methods

DOUBLED = BASE + CERTIFICATIONS


def test_all_seven_endpoints_answer_to_the_printed_path_too(api):
    created = api.post(DOUBLED, {
        "mentor_id": "mentor-1", "certification_type": "peer_mentor_basic",
        "issued_at": in_days(-10), "expires_at": in_days(-1)})
    assert created.status == 201
    one = f"{DOUBLED}/{created.json['certification_id']}"
    assert api.get(DOUBLED, status="expired").total == 1
    assert api.get(one).json["status"] == "expired"
    assert api.post(f"{DOUBLED}/expiry-job/run", {"dry_run": False}).json["auto_paused"] == 1
    assert api.get(f"{DOUBLED}/expiry-job/logs").total == 1
    assert api.put(one, {"expires_at": in_days(30)}).status == 200
    assert api.delete(one).status == 200


@pytest.mark.parametrize("path", [
    "/", "/api", "/api/v1", "/api/v1/nothing", f"{BASE}/a/b", f"{LOGS}/more",
    BASE + BASE + BASE, f"{BASE}/expiry-job", "/API/V1/CERTIFICATIONS", f"/{BASE}",
    "/api/v1/certifications/..%2f..%2fhealthz",
    "/api/v1/pause-notifications/api/v1/certifications",
    "/api/v1/certification-reminders/api/v1/certification-reminders/api/v1/certifications"])
def test_other_paths_are_not_found(api, path):
    assert api.get(path).status == 404


@pytest.mark.parametrize("path, allowed", [
    (CERTIFICATIONS, "GET HEAD POST OPTIONS"),
    (DOUBLED, "GET HEAD POST OPTIONS"),
    (f"{CERTIFICATIONS}/cert_1", "GET HEAD PUT DELETE OPTIONS"),
    (RUN, "POST OPTIONS"),
    (LOGS, "GET HEAD OPTIONS"),
    ("/healthz", "GET HEAD OPTIONS"),
    ("/readyz", "GET HEAD OPTIONS"),
])
def test_options_and_405_tell_what_is_allowed(api, path, allowed):
    allowed = set(allowed.split())
    reply = api.request("OPTIONS", path)
    assert (reply.status, reply.allow) == (204, allowed)
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - allowed:
        body = {} if method in ("POST", "PUT", "PATCH") else None
        reply = api.request(method, path, body)
        assert (reply.status, reply.allow) == (405, allowed), method


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "PATCH", "HEAD"])
def test_no_method_makes_an_unknown_path_known(api, method):
    assert api.request(method, "/api/v1/nothing").status == 404


@pytest.mark.parametrize("path", [CERTIFICATIONS, LOGS, "/healthz", "/readyz"])
def test_head_is_get_without_the_body(api, path):
    got = api.get(path)
    head = api.request("HEAD", path)
    assert head.status == got.status == 200
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    # nginx may leave the length away, but a wrong one would break the next answer.
    assert head.headers.get("Content-Length") in (None, str(len(got.body)))


def test_head_of_an_unknown_id_is_404(api):
    assert api.request("HEAD", f"{CERTIFICATIONS}/cert_nobody").status == 404


def test_a_harmless_request_id_is_kept(api):
    for path in (CERTIFICATIONS, f"{CERTIFICATIONS}/cert_nobody"):
        reply = api.request("GET", path, headers={"X-Request-Id": "caller-42.a_b"})
        assert reply.headers["X-Request-Id"] == "caller-42.a_b"


@pytest.mark.parametrize("hostile", ["a b", "x" * 65, "<script>", "a\"b", "å".encode()])
def test_a_harmful_request_id_is_replaced(api, hostile):
    reply = api.request("GET", CERTIFICATIONS, headers={"X-Request-Id": hostile})
    assert reply.headers["X-Request-Id"] != hostile
    assert len(reply.headers["X-Request-Id"]) <= 64


def test_two_requests_have_two_ids(api):
    ids = {api.get("/healthz").headers["X-Request-Id"] for _ in range(10)}
    assert len(ids) == 10


def test_the_database_holds_utc_milliseconds(api, database):
    api.record("mentor-1", "2026-01-01T00:00:00.250Z", "2098-01-01T01:00:00+01:00")
    row = database.one("SELECT issued_at, expires_at FROM certifications")
    assert row["issued_at"] == datetime.datetime(2026, 1, 1, 0, 0, 0, 250000)
    assert row["expires_at"] == datetime.datetime(2098, 1, 1)
