# SPDX-License-Identifier: MIT
"""sql/demo.sql: the contracts' examples work against it as they are printed."""
import datetime
import subprocess

import pytest

from stack import env
from stack.api import Api, CERTIFICATIONS, LOGS, RUN
from stack.cli import Cli, delivered
from stack.contract import BASE, EXAMPLES
from stack.ledger import Ledger
from stack.nginx import Nginx
from stack.times import in_days
from stack.worker import Worker

DOUBLED = BASE + CERTIFICATIONS


@pytest.fixture(scope="module")
def loaded(new_schema, folder):
    """A second worker and a second nginx, on a schema of the demo data's own."""
    database, settings = new_schema("demo")
    database.load(env.SOURCE / "sql/demo.sql")
    worker = Worker(folder, settings, name="demo")
    worker.start()
    nginx = Nginx(folder / "nginx-demo", worker.socket)
    nginx.start()
    yield database, Api(nginx), Cli(settings)
    nginx.stop()
    worker.stop()


@pytest.fixture
def demo(loaded, mail):
    """The demo as it is after loading, whatever the test before did to it."""
    database, api, cli = loaded
    database.empty()
    database.load(env.SOURCE / "sql/demo.sql")
    mail.forget()
    return api


@pytest.fixture
def tables(loaded):
    return loaded[0]


def example(method, path):
    return next(e for e in EXAMPLES if (e["method"], e["path"]) == (method, BASE + path))


def test_the_examples_of_reading_are_answered_as_printed(demo):
    listed = example("GET", "")["response"]
    reply = demo.get(DOUBLED)
    assert reply.items[:2] == listed["data"]
    assert reply.total == listed["pagination"]["total"]
    detail = example("GET", "/:id")["response"]
    assert demo.get(f"{DOUBLED}/{detail['certification_id']}").json == detail
    logs = example("GET", "/expiry-job/logs")["response"]
    reply = demo.get(f"{DOUBLED}/expiry-job/logs")
    assert reply.items[0] == logs["data"][0]
    assert reply.total == logs["pagination"]["total"]


def test_the_examples_of_writing_are_answered_as_printed_but_for_ids_and_times(demo):
    create = example("POST", "")
    reply = demo.post(DOUBLED, create["request"])
    assert reply.status == 201
    assert {k: v for k, v in reply.json.items() if k not in ("certification_id", "created_at")} \
        == {k: v for k, v in create["response"].items()
            if k not in ("certification_id", "created_at")}
    one = f"{DOUBLED}/cert_03PQ7SY1"
    change = example("PUT", "/:id")
    reply = demo.put(one, change["request"])
    assert (reply.status, reply.json["expires_at"], reply.json["status"]) == \
        (200, "2028-06-15T00:00:00Z", "valid")
    assert demo.delete(one).json["deleted"] is True
    run = demo.post(f"{DOUBLED}/expiry-job/run", example("POST", "/expiry-job/run")["request"])
    assert run.status == 200


def test_renewing_the_expired_example_lifts_its_pause(demo, tables, mail):
    ledger = Ledger(tables)
    assert ledger.is_paused("mntr_02BY7M3RL")
    demo.change("cert_03PQ7SY1", expires_at="2028-06-15T00:00:00Z", status="valid")
    assert not ledger.is_paused("mntr_02BY7M3RL")
    assert len(mail.mails) == 2


def test_the_first_sweep_finds_only_what_the_reader_recorded(loaded, demo, mail, tables):
    """The story that README tells."""
    _, _, cli = loaded
    assert demo.run_expiry_job(dry_run=True)["expired_found"] == 0
    created = demo.record("mntr_01HX4V2K8P", in_days(-365), in_days(-1), "peer_mentor_advanced")
    report = cli.sweep()
    assert report["expiry"]["expired_found"] == report["expiry"]["auto_paused"] == 1
    assert report["reminders"]["sent"] > 0, "of what is always about to expire"
    assert report["delivery"]["failed"] == 0
    assert demo.find(created["certification_id"])["auto_pause_applied"] is True
    assert demo.get(LOGS, mentor_id="mntr_01HX4V2K8P").total == 1
    assert tables.value("SELECT COUNT(*) FROM messages WHERE kind = 'certification_expired' AND"
                        " state = 'sent' AND certification_id = %s", created["certification_id"]) == 2
    mails = len(mail.mails)
    again = cli.sweep()
    assert (again["expiry"]["expired_found"], again["reminders"]["sent"],
            again["delivery"]["sent"]) == (0, 0, 0)
    assert len(mail.mails) == mails


def test_a_sweep_changes_nothing_that_the_examples_show(loaded, demo):
    shown = [demo.get(f"{CERTIFICATIONS}/cert_{name}").json for name in ("03PQ7SY1", "04QR8TZ2")]
    loaded[2].sweep()
    assert [demo.get(f"{CERTIFICATIONS}/cert_{name}").json
            for name in ("03PQ7SY1", "04QR8TZ2")] == shown


def test_a_token_of_no_role_is_refused():
    done = subprocess.run([env.SOURCE / "dev", "token", "amdin"], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 1 and done.stdout == ""
    assert "there is no role amdin; it is coordinator, org_admin" in done.stderr


def test_lists_have_several_pages_and_every_status(demo):
    assert demo.get(CERTIFICATIONS, page=4).items
    for status, least in (("valid", 50), ("expired", 5), ("revoked", 1)):
        assert demo.get(CERTIFICATIONS, status=status).total >= least


def test_something_is_always_about_to_expire(demo):
    for days in (3, 7, 14, 30, 60):
        assert demo.get(CERTIFICATIONS, status="valid", expires_before=in_days(days)).total >= 1
    assert demo.get(CERTIFICATIONS, expires_after=in_days(0), expires_before=in_days(1)).total == 0


def test_whoever_is_paused_for_an_expiry_is_paused_by_the_rules(demo, tables):
    """Open pauses and applied certifications are the same set, none of them superseded."""
    applied = {r["certification_id"] for r in tables.run(
        "SELECT certification_id FROM certifications WHERE auto_pause_applied_at IS NOT NULL")}
    paused = {r["certification_id"] for r in tables.run(
        "SELECT certification_id FROM pauses WHERE closed_at IS NULL"
        " AND kind = 'certification_expiry'")}
    assert applied == paused
    expired = {item["certification_id"] for item in
               demo.get(CERTIFICATIONS, status="expired", limit=100).items}
    assert applied <= expired


# The other contracts' examples, as their endpoints will find them.

def moment(text):
    return datetime.datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")


def test_contract_2_finds_its_events_and_their_deliveries(demo, tables):
    event = tables.one("SELECT * FROM pause_events WHERE id = 'pn_8a1b2c3d4e5f'")
    assert event["mentor_id"] == "pm_551e8400"
    assert event["coordinator_id"] == "coord_9f8e7d6c"
    assert event["event_type"] == "pause_activated"
    assert event["effective_date"] == moment("2026-03-20T00:00:00")
    assert event["reason"] == "Personal leave"
    assert event["notifications_sent"] == "coordinator_email,peer_mentor_push"
    assert event["created_at"] == moment("2026-03-19T14:30:00")
    results = tables.run("SELECT channel, recipient_id, state, sent_at FROM messages"
                         " WHERE event_id = 'pn_8a1b2c3d4e5f' ORDER BY seq")
    assert [tuple(row.values()) for row in results] == [
        ("push", "coord_9f8e7d6c", "sent", moment("2026-03-19T14:30:05")),
        ("in_app", "pm_551e8400", "sent", moment("2026-03-19T14:30:06"))]
    other = tables.one("SELECT * FROM pause_events WHERE id = 'pn_6b7c8d9e0f1a'")
    assert (other["mentor_id"], other["coordinator_id"], other["event_type"], other["reason"]) == \
        ("pm_662f9511", "coord_2a3b4c5d", "pause_deactivated", None)
    assert other["effective_date"] == moment("2026-03-26T00:00:00")
    coordinator = tables.one(
        "SELECT c.* FROM coordinators c JOIN mentors m USING (coordinator_id)"
        " WHERE m.mentor_id = 'pm_551e8400'")
    assert (coordinator["coordinator_id"], coordinator["name"], coordinator["email"]) == \
        ("coord_9f8e7d6c", "Ingrid Bakke", "ingrid.bakke@nhf-oslo.no")


@pytest.mark.parametrize("notification_id, mentor, threshold, expires, sent", [
    ("a1b2c3d4-e5f6-7890-abcd-ef1234567890", "mentor_sarah_chen", 30, "2026-04-15T00:00:00",
     "2026-03-16T08:00:00"),
    ("b2c3d4e5-f6a7-8901-bcde-f12345678901", "mentor_james_okafor", 7, "2026-04-01T00:00:00",
     "2026-03-25T08:00:00")])
def test_contract_3_finds_its_records(demo, tables, notification_id, mentor, threshold, expires,
                                      sent):
    row = tables.one("SELECT * FROM expiry_notifications WHERE notification_id = %s",
                     notification_id)
    assert (row["mentor_id"], row["coordinator_id"]) == (mentor, "coord_maya_patel")
    assert (row["threshold_days"], row["status"]) == (threshold, "active")
    assert row["expiry_date"] == moment(expires)
    assert row["sent_at"] == row["created_at"] == moment(sent)
    assert row["acknowledged_at"] is None


def test_contract_4_finds_its_reminder_of_the_current_cycle(demo, tables):
    row = tables.one("SELECT r.*, c.expires_at AS now_expires FROM reminders r"
                     " JOIN certifications c USING (certification_id) WHERE r.id = 'rem-001'")
    assert (row["mentor_id"], row["coordinator_id"]) == ("mentor-19", "coord-03")
    assert (row["threshold_days"], row["days_remaining"]) == (30, 30)
    assert (row["channel"], row["status"]) == ("email", "delivered")
    assert row["sent_at"] == moment("2026-03-11T08:00:00")
    assert row["expires_at"] == row["now_expires"] == moment("2026-04-10T00:00:00")
    names = tables.run("SELECT mentor_id, name FROM mentors WHERE mentor_id IN"
                       " ('mentor-19', 'mentor-55') ORDER BY mentor_id")
    assert [n["name"] for n in names] == ["Lars Eriksen", "Anita Berge"]


def test_nobody_is_reminded_twice_for_one_threshold(demo, tables):
    assert tables.run(
        "SELECT certification_id FROM reminders GROUP BY certification_id, expires_at,"
        " threshold_days HAVING COUNT(*) > 1") == []


def test_the_examples_people_are_in_one_organisation_and_others_in_another(demo, tables):
    people = ("mentor-042", "pm_551e8400", "pm_662f9511", "mentor_sarah_chen",
              "mentor_james_okafor", "mentor-19", "mentor-55", "mntr_01HX4V2K8P",
              "mntr_02BY7M3RL")
    organisations = tables.run(
        f"SELECT DISTINCT organisation_id FROM mentors WHERE mentor_id IN {people}")
    assert len(organisations) == 1
    assert tables.value("SELECT COUNT(DISTINCT organisation_id) FROM mentors") == 2


def test_only_addresses_that_nobody_has(demo, tables):
    addresses = [r["email"] for table in ("mentors", "coordinators") for r in tables.run(
        f"SELECT email FROM {table} WHERE email IS NOT NULL")]
    strangers = [a for a in addresses if not a.endswith("@example.org")]
    assert strangers == ["ingrid.bakke@nhf-oslo.no"]
    assert all(a.isascii() for a in addresses)


def test_who_has_no_address_is_a_visible_failure_in_the_demo_too(loaded, demo, tables):
    demo.record("mentor-124", in_days(-365), in_days(-1), "crisis_support")
    assert loaded[2].sweep("--dry-run")["expiry"]["expired_found"] == 1
    assert demo.post(RUN, {}).json["auto_paused"] == 1
    states = {m["recipient_role"]: m["state"] for m in Ledger(tables).messages("mentor-124")}
    assert states == {"mentor": "failed", "coordinator": "sent"}
