# SPDX-License-Identifier: MIT
"""Contract 2: the events at which pauses begin and end. Who may call it is in test_tokens.py."""
import pytest

from stack import times
from stack.api import PAUSES
from stack.times import in_days

pytestmark = pytest.mark.usefixtures("directory")

BODY = {"peer_mentor_id": "mentor-1", "event_type": "pause_activated",
        "effective_date": "2026-03-20T00:00:00.000Z", "reason": "Personal leave"}


def record(client, **more):
    reply = client.post(PAUSES, {**BODY, **more})
    assert reply.status == 201, reply
    return reply


def find(client, event_id):
    reply = client.get(f"{PAUSES}/{event_id}")
    assert reply.status == 200, reply
    return reply.json


def test_an_event_is_recorded_and_told(coordinator, mail, ledger):
    reply = record(coordinator)
    created = reply.json
    assert created == {
        "id": created["id"], "peer_mentor_id": "mentor-1", "event_type": "pause_activated",
        "effective_date": "2026-03-20T00:00:00.000Z", "coordinator_id": "coord-nora",
        "notifications_sent": ["coordinator_email", "peer_mentor_email"],
        "created_at": created["created_at"]}
    assert created["id"].startswith("pn_")
    assert reply.headers["Location"] == f"{PAUSES}/{created['id']}"
    assert len(mail.mails) == 2
    [pause] = ledger.open_pauses("mentor-1")
    assert (pause["kind"], pause["reason"]) == ("manual", "Personal leave")


def test_the_detail_shows_what_became_of_the_messages_as_it_stands(coordinator, mail, cli, ledger):
    mail.refused["mentor-1@example.org"] = "451 later"
    created = record(coordinator).json
    detail = find(coordinator, created["id"])
    assert detail["reason"] == "Personal leave"
    assert {k: v for k, v in detail.items() if k not in ("reason", "dispatch_results")} == created
    results = {r["recipient_id"]: r for r in detail["dispatch_results"]}
    assert results["coord-nora"]["status"] == "delivered"
    assert results["coord-nora"]["sent_at"] >= created["created_at"]
    assert (results["mentor-1"]["status"], results["mentor-1"]["sent_at"]) == ("queued", None)
    mail.refused.clear()
    ledger.time_passes()
    cli.sweep()
    later = {r["recipient_id"]: r for r in find(coordinator, created["id"])["dispatch_results"]}
    assert later["mentor-1"]["status"] == "delivered" and later["mentor-1"]["sent_at"]
    assert later["coord-nora"] == results["coord-nora"]


def test_what_failed_for_good_is_shown(coordinator, mail):
    mail.refused["mentor-1@example.org"] = "550 unknown"
    detail = find(coordinator, record(coordinator).json["id"])
    assert [r["status"] for r in detail["dispatch_results"]] == ["delivered", "failed"]


def test_each_is_told_by_the_channels_that_they_prefer(coordinator, directory, mail):
    directory.prefers("mentor-1", "in_app,email")
    directory.prefers("coord-nora", "push")
    created = record(coordinator).json
    assert created["notifications_sent"] == ["coordinator_push", "peer_mentor_in_app",
                                             "peer_mentor_email"]
    detail = find(coordinator, created["id"])
    assert [(r["channel"], r["recipient_id"]) for r in detail["dispatch_results"]] == [
        ("push", "coord-nora"), ("in_app", "mentor-1"), ("email", "mentor-1")]
    assert len(mail.mails) == 1


def test_who_cannot_be_reached_is_in_the_results_alone(coordinator, directory):
    directory.add_mentor("mentor-mute", email=None)
    created = record(coordinator, peer_mentor_id="mentor-mute").json
    assert created["notifications_sent"] == ["coordinator_email"]
    detail = find(coordinator, created["id"])
    assert {r["recipient_id"]: r["status"] for r in detail["dispatch_results"]} == {
        "coord-nora": "delivered", "mentor-mute": "failed"}


def test_a_mentor_of_nobody_has_an_event_without_a_coordinator(org_admin, directory):
    directory.add_mentor("mentor-alone", coordinator_id=None)
    created = record(org_admin, peer_mentor_id="mentor-alone").json
    assert created["coordinator_id"] is None
    assert created["notifications_sent"] == ["peer_mentor_email"]
    reply = org_admin.get(f"{PAUSES}/resolve-coordinator/mentor-alone")
    assert reply.status == 404


@pytest.mark.parametrize("written, read_back", [
    ("2026-03-20T02:00:00+02:00", "2026-03-20T00:00:00.000Z"),
    ("2026-03-20T00:00:00.123456Z", "2026-03-20T00:00:00.123Z"),
    ("2026-03-20T00:00:00Z", "2026-03-20T00:00:00.000Z")])
def test_times_come_back_in_milliseconds_of_utc(coordinator, written, read_back):
    created = record(coordinator, effective_date=written).json
    assert created["effective_date"] == read_back
    assert find(coordinator, created["id"])["effective_date"] == read_back


def test_an_end_lifts_the_pause(coordinator, ledger, mail):
    record(coordinator)
    mail.forget()
    record(coordinator, event_type="pause_deactivated", reason=None)
    assert not ledger.is_paused("mentor-1")
    assert ledger.events("mentor-1") == ["pause_activated", "pause_deactivated"]
    assert len(mail.mails) == 2


def test_contract_1_and_the_expiry_job_leave_events_too(api, coordinator):
    api.record("mentor-2", in_days(-400), "2026-03-01T00:00:00Z")
    api.run_expiry_job()
    api.post(f"{PAUSES}/pause-activated", {"mentor_id": "mentor-1", "pause_reason": "studies"})
    by_hand, by_job = coordinator.get(PAUSES).items
    assert (by_hand["peer_mentor_id"], by_hand["reason"]) == ("mentor-1", "studies")
    assert (by_job["peer_mentor_id"], by_job["reason"]) == (
        "mentor-2", "Certification peer_mentor_basic expired on 2026-03-01")
    for event in (by_hand, by_job):
        results = find(coordinator, event["id"])["dispatch_results"]
        assert [r["status"] for r in results] == ["delivered", "delivered"]


def test_correcting_changes_what_is_named_and_nothing_else(coordinator, org_admin, ledger, mail):
    created = record(coordinator).json
    mail.forget()
    before = times.now()
    reply = org_admin.put(f"{PAUSES}/{created['id']}", {
        "reason": "Extended medical leave", "effective_date": "2026-03-21T00:00:00.000Z"})
    assert reply.status == 200
    assert reply.json == {
        "id": created["id"], "peer_mentor_id": "mentor-1", "event_type": "pause_activated",
        "effective_date": "2026-03-21T00:00:00.000Z", "reason": "Extended medical leave",
        "coordinator_id": "coord-nora", "updated_at": reply.json["updated_at"]}
    assert times.at(before)[:19] <= reply.json["updated_at"]
    again = org_admin.put(f"{PAUSES}/{created['id']}", {"reason": None}).json
    assert (again["reason"], again["effective_date"]) == (None, "2026-03-21T00:00:00.000Z")
    detail = find(coordinator, created["id"])
    assert detail["reason"] is None
    for key in ("notifications_sent", "created_at", "event_type"):
        assert detail[key] == created[key]
    assert mail.mails == []
    assert ledger.is_paused("mentor-1")


def test_a_reason_may_have_several_lines_of_any_script(org_admin, mail):
    reason = "Permisjon ✓\nfra mars\ttil mai \"sitat\" \\ <b>"
    created = record(org_admin, reason=reason).json
    assert find(org_admin, created["id"])["reason"] == reason
    assert all("✓" in m.text for m in mail.mails)


def test_removing_takes_the_record_and_not_the_pause(coordinator, global_admin, ledger, mail):
    created = record(coordinator).json
    mail.forget()
    before = times.now()
    reply = global_admin.delete(f"{PAUSES}/{created['id']}")
    assert reply.json == {"message": "Pause notification record deleted",
                          "deleted_id": created["id"], "deleted_at": reply.json["deleted_at"]}
    assert times.at(before)[:19] <= reply.json["deleted_at"]
    for client in (coordinator, global_admin):
        assert client.get(f"{PAUSES}/{created['id']}").status == 404
    assert global_admin.delete(f"{PAUSES}/{created['id']}").status == 404
    assert coordinator.get(PAUSES).total == 0
    assert ledger.is_paused("mentor-1")
    assert mail.mails == []


def test_the_responsible_coordinator_is_named_with_an_address(coordinator, global_admin, directory):
    expected = {"peer_mentor_id": "mentor-1", "coordinator_id": "coord-nora",
                "coordinator_name": "Nora Åsen", "coordinator_email": "nora.asen@example.org"}
    for client in (coordinator, global_admin):
        assert client.get(f"{PAUSES}/resolve-coordinator/mentor-1").json == expected
    assert coordinator.get(f"{PAUSES}/resolve-coordinator/nobody").status == 404
    directory.add_coordinator("coord-mute", "Uten Adresse", None)
    directory.add_mentor("mentor-x", coordinator_id="coord-mute")
    reply = coordinator.get(f"{PAUSES}/resolve-coordinator/mentor-x")
    assert reply.json["coordinator_email"] is None


def test_fixed_paths_win_over_ids(coordinator, api):
    assert coordinator.get(f"{PAUSES}/resolve-coordinator").status == 404
    assert coordinator.get(f"{PAUSES}/pause-activated").status == 405
    assert api.post(f"{PAUSES}/pause-activated/x", {}).status in (404, 405)
