# SPDX-License-Identifier: MIT
"""Contract 3: what coordinators were told, until they acknowledge it."""
import re

import pytest

from stack import times
from stack.api import CHECK, NOTIFICATIONS
from stack.times import in_days

pytestmark = pytest.mark.usefixtures("directory")

BODY = {"mentor_id": "mentor-1", "coordinator_id": "coord-nora", "threshold": "30_day",
        "expiry_date": "2026-04-15T00:00:00Z"}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def record(api, **more):
    reply = api.post(NOTIFICATIONS, {**BODY, **more})
    assert reply.status == 201, reply
    return reply.json


def change(api, record_id, **changes):
    return api.put(f"{NOTIFICATIONS}/{record_id}", changes)


def test_a_record_is_active_from_now_on(api, mail):
    before = times.now()
    reply = api.post(NOTIFICATIONS, BODY)
    created = reply.json
    assert UUID.fullmatch(created["notification_id"])
    assert reply.headers["Location"] == f"{NOTIFICATIONS}/{created['notification_id']}"
    assert created == {"notification_id": created["notification_id"], **BODY, "status": "active",
                       "sent_at": created["sent_at"], "acknowledged_at": None,
                       "created_at": created["created_at"]}
    assert before <= times.read(created["sent_at"]) <= times.now()
    assert created["sent_at"] == created["created_at"]
    assert api.get(reply.headers["Location"]).json == created
    assert api.get(NOTIFICATIONS).items == [created]
    assert mail.mails == []  # a record, no order to write to anybody


@pytest.mark.parametrize("threshold", ["1_day", "7_day", "30_day", "365_day"])
def test_a_threshold_is_a_number_of_days(api, threshold):
    assert record(api, threshold=threshold)["threshold"] == threshold
    assert api.get(NOTIFICATIONS, threshold=threshold).total == 1


def test_several_records_of_the_same_may_be_made_by_hand(api):
    assert record(api)["notification_id"] != record(api)["notification_id"]


def test_acknowledging_tells_when(api, database):
    created = record(api)
    reply = change(api, created["notification_id"], status="acknowledged",
                   acknowledged_at="2026-03-26T15:30:00+01:00", acknowledged_by="coord-maya")
    assert reply.json == {**created, "status": "acknowledged",
                          "acknowledged_at": "2026-03-26T14:30:00Z"}
    assert database.value("SELECT acknowledged_by FROM expiry_notifications") == "coord-maya"
    assert api.get(f"{NOTIFICATIONS}/{created['notification_id']}").json == reply.json


def test_acknowledging_without_a_moment_is_now(api):
    created = record(api)
    before = times.now()
    found = change(api, created["notification_id"], status="acknowledged").json
    assert before <= times.read(found["acknowledged_at"]) <= times.now()


def test_who_acknowledged_first_and_when_stays(api, database):
    name = record(api)["notification_id"]
    first = change(api, name, status="acknowledged", acknowledged_at="2026-03-26T14:30:00Z",
                   acknowledged_by="coord-nora").json
    for more in ({"acknowledged_at": "2026-03-27T00:00:00Z", "acknowledged_by": "coord-maya"}, {}):
        again = change(api, name, status="acknowledged", **more)
        assert (again.status, again.json) == (200, first)
    assert database.value("SELECT acknowledged_by FROM expiry_notifications") == "coord-nora"


def test_acknowledged_it_does_not_become_active_again(api, database):
    name = record(api)["notification_id"]
    change(api, name, status="acknowledged")
    before = database.checksums()
    reply = change(api, name, status="active")
    assert (reply.status, reply.fields) == (422, {"status"})
    assert database.checksums() == before


def test_an_active_one_may_stay_active(api):
    created = record(api)
    reply = change(api, created["notification_id"], status="active")
    assert (reply.status, reply.json) == (200, created)


@pytest.mark.parametrize("changes, fields", [
    ({"acknowledged_at": "2026-03-26T14:30:00Z"}, {"acknowledged_at"}),
    ({"acknowledged_by": "coord-nora"}, {"acknowledged_by"}),
    ({"status": "active", "acknowledged_at": "2026-03-26T14:30:00Z",
      "acknowledged_by": "coord-nora"}, {"acknowledged_at", "acknowledged_by"})])
def test_only_who_acknowledges_says_when_and_who(api, changes, fields):
    reply = change(api, record(api)["notification_id"], **changes)
    assert (reply.status, reply.fields) == (422, fields)


def test_removing_answers_once_and_then_nothing_is_there(api):
    name = record(api)["notification_id"]
    assert api.delete(f"{NOTIFICATIONS}/{name}").json == {"deleted": True, "notification_id": name}
    for method in ("GET", "DELETE"):
        assert api.request(method, f"{NOTIFICATIONS}/{name}").status == 404
    assert change(api, name, status="acknowledged").status == 404
    assert api.get(NOTIFICATIONS).total == 0


def test_the_check_leaves_a_record_for_the_coordinator(api):
    created = api.record("mentor-1", in_days(-300), in_days(7))
    assert api.post(CHECK, {}).json["reminders_sent"] == 1
    [found] = api.get(NOTIFICATIONS).items
    assert UUID.fullmatch(found["notification_id"])
    assert (found["mentor_id"], found["coordinator_id"]) == ("mentor-1", "coord-nora")
    assert (found["threshold"], found["status"]) == ("7_day", "active")
    assert found["expiry_date"] == created["expires_at"]
    assert api.get(NOTIFICATIONS, coordinator_id="coord-nora", status="active").total == 1


def test_a_record_of_the_check_that_was_removed_does_not_come_back(api):
    api.record("mentor-1", in_days(-300), in_days(7))
    api.post(CHECK, {})
    name = api.get(NOTIFICATIONS).items[0]["notification_id"]
    assert api.delete(f"{NOTIFICATIONS}/{name}").status == 200
    assert api.post(CHECK, {}).json["reminders_sent"] == 0
    assert api.get(NOTIFICATIONS).total == 0
