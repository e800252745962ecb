# SPDX-License-Identifier: MIT
"""The rules of certifications and pauses, through the API and the command line."""
import concurrent.futures
import time

import pytest

from stack.api import CERTIFICATIONS, LOGS, RUN
from stack.cli import BUSY
from stack.times import in_days, now, at

EXPIRED = "certification_expired"
LIFTED = "pause_lifted"


@pytest.fixture
def paused(api, ledger):
    """mentor-1, paused for a certification that expired 5 days ago."""
    created = api.record("mentor-1", in_days(-400), in_days(-5))
    assert api.run_expiry_job()["auto_paused"] == 1
    assert ledger.is_paused("mentor-1")
    return created["certification_id"]


def status(api, certification_id):
    return api.find(certification_id)["status"]


def applied(api, certification_id):
    return api.find(certification_id)["auto_pause_applied"]


# Status

def test_status_follows_the_dates(api):
    created = api.record("mentor-1", in_days(-400), in_days(30))["certification_id"]
    assert status(api, created) == "valid"
    api.change(created, expires_at=in_days(-1))
    assert status(api, created) == "expired"
    api.change(created, expires_at=in_days(1), status="valid")
    assert status(api, created) == "valid"


def test_a_certification_has_expired_from_its_moment_on(api):
    created = api.record("mentor-1", in_days(-400), at(now()))
    assert created["status"] == "expired"


def test_status_is_derived_in_lists_too(api, database):
    created = api.record("mentor-1", in_days(-400), in_days(30))["certification_id"]
    # Time goes by, and nobody writes to the row.
    database.run("UPDATE certifications SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND")
    assert status(api, created) == "expired"
    assert api.get(CERTIFICATIONS, status="expired").total == 1
    assert api.get(CERTIFICATIONS, status="valid").total == 0


def test_revoking_and_taking_it_back(api):
    created = api.record("mentor-1", in_days(-400), in_days(30))["certification_id"]
    assert api.change(created, status="revoked")["status"] == "revoked"
    assert status(api, created) == "revoked"
    assert api.change(created, expires_at=in_days(60))["status"] == "revoked"
    assert api.change(created, status="valid")["status"] == "valid"


def test_a_revoked_one_that_expires_is_still_revoked(api, ledger):
    created = api.record("mentor-1", in_days(-400), in_days(-1))["certification_id"]
    api.change(created, status="revoked")
    assert status(api, created) == "revoked"
    assert api.run_expiry_job()["expired_found"] == 0
    assert not ledger.is_paused("mentor-1")


def test_a_change_may_say_the_status_that_the_dates_say(api):
    created = api.record("mentor-1", in_days(-400), in_days(-1))["certification_id"]
    assert api.change(created, status="expired")["status"] == "expired"
    assert api.change(created, expires_at=in_days(-2), status="expired")["status"] == "expired"


# The pause

def test_an_expired_certification_pauses_once(api, ledger):
    created = api.record("mentor-1", in_days(-400), in_days(-5))
    first, second = api.run_expiry_job(), api.run_expiry_job()
    assert (first["expired_found"], first["auto_paused"]) == (1, 1)
    assert (second["expired_found"], second["auto_paused"]) == (0, 0)
    pauses = ledger.open_pauses("mentor-1")
    assert [(p["kind"], p["certification_id"]) for p in pauses] == \
        [("certification_expiry", created["certification_id"])]
    assert ledger.events("mentor-1") == ["pause_activated"]
    assert len(ledger.messages("mentor-1", EXPIRED)) == 2
    assert api.get(LOGS).total == 1


def test_a_valid_certification_does_not_pause(api, ledger):
    api.record("mentor-1", in_days(-400), in_days(1))
    assert api.run_expiry_job()["expired_found"] == 0
    assert not ledger.is_paused("mentor-1")


def test_the_event_tells_who_was_told_and_why(api, database, directory):
    created = api.record("mentor-1", in_days(-400), in_days(-5))
    api.run_expiry_job()
    event = database.one("SELECT * FROM pause_events")
    assert event["coordinator_id"] == directory.COORDINATOR
    assert set(event["notifications_sent"].split(",")) == \
        {"coordinator_email", "peer_mentor_email"}
    assert event["reason"] == \
        f"Certification peer_mentor_basic expired on {created['expires_at'][:10]}"


def test_two_types_that_expired_are_two_pauses(api, ledger):
    basic = api.record("mentor-1", in_days(-400), in_days(-5))["certification_id"]
    api.record("mentor-1", in_days(-400), in_days(-3), "peer_mentor_advanced")
    run = api.run_expiry_job()
    assert (run["expired_found"], run["auto_paused"]) == (2, 2)
    api.change(basic, expires_at=in_days(100))
    assert [p["certification_id"] == basic for p in ledger.open_pauses("mentor-1")] == [False]


def test_a_pause_without_a_delivered_warning_says_so(api, ledger, paused, mail, directory):
    assert [p["warned"] for p in ledger.open_pauses("mentor-1")] == [0]
    assert "ingen påminnelse" in mail.mail_to(directory.COORDINATOR_ADDRESS).text.lower()


def test_a_pause_after_a_delivered_warning_says_nothing(api, ledger, database, mail, directory):
    created = api.record("mentor-1", "2024-02-01T00:00:00Z", "2026-02-01T00:00:00Z")
    database.run(
        "INSERT INTO reminders (id, certification_id, mentor_id, expires_at, threshold_days,"
        " days_remaining, channel, status, sent_at, created_at, updated_at) VALUES ('rem-9', %s,"
        " 'mentor-1', '2026-02-01', 7, 7, 'email', 'delivered', '2026-01-25', '2026-01-25',"
        " '2026-01-25')", created["certification_id"])
    api.run_expiry_job()
    assert [p["warned"] for p in ledger.open_pauses("mentor-1")] == [1]
    assert "påminnelse" not in mail.mail_to(directory.COORDINATOR_ADDRESS).text


# Renewing

def test_renewing_lifts_the_pause_and_tells_both(api, ledger, paused, mail, directory):
    mail.forget()
    api.change(paused, expires_at=in_days(700), status="valid")
    assert not ledger.is_paused("mentor-1")
    assert ledger.endings("mentor-1") == ["renewed"]
    assert ledger.events("mentor-1") == ["pause_activated", "pause_deactivated"]
    assert len(ledger.messages("mentor-1", LIFTED)) == 2
    assert {r for m in mail.mails for r in m.recipients} == \
        {"mentor-1@example.org", directory.COORDINATOR_ADDRESS}


def test_renewing_begins_a_new_cycle(api, ledger, paused):
    assert applied(api, paused)
    api.change(paused, expires_at=in_days(700))
    assert not applied(api, paused)
    # And that cycle ends as the first did.
    api.change(paused, expires_at=in_days(-1))
    assert api.run_expiry_job()["auto_paused"] == 1
    assert applied(api, paused)
    assert ledger.is_paused("mentor-1")
    assert api.get(LOGS, mentor_id="mentor-1").total == 2


def test_renewing_to_a_day_still_past_lifts_nothing(api, ledger, paused):
    api.change(paused, expires_at=in_days(-2))
    assert ledger.is_paused("mentor-1")
    assert not applied(api, paused)
    assert ledger.messages("mentor-1", LIFTED) == []
    assert api.run_expiry_job()["auto_paused"] == 1
    assert applied(api, paused)
    assert len(ledger.open_pauses("mentor-1")) == 1
    assert ledger.messages("mentor-1", LIFTED) == []


def test_another_moment_of_the_day_that_has_come_is_no_new_cycle(api, mail, ledger):
    day = in_days(-5)[:10]
    name = api.record("mentor-1", in_days(-400), f"{day}T12:00:00Z")["certification_id"]
    api.run_expiry_job()
    api.change(name, expires_at=f"{day}T12:00:01Z")
    assert applied(api, name)
    assert api.run_expiry_job()["expired_found"] == 0
    assert len(mail.mails) == 2
    assert len(ledger.open_pauses("mentor-1")) == 1


def test_correcting_an_expired_date_to_an_earlier_one_is_no_new_cycle(api, ledger, paused):
    api.change(paused, expires_at=in_days(-9))
    assert applied(api, paused)
    assert api.run_expiry_job()["auto_paused"] == 0
    assert len(ledger.open_pauses("mentor-1")) == 1


def test_a_change_of_something_else_lifts_nothing(api, ledger, paused):
    api.change(paused, issued_at=in_days(-500))
    assert ledger.is_paused("mentor-1")
    assert applied(api, paused)
    assert ledger.messages("mentor-1", LIFTED) == []


def test_revoking_lifts_nothing_until_it_is_taken_back(api, ledger, paused):
    api.change(paused, status="revoked")
    assert ledger.is_paused("mentor-1")
    api.change(paused, expires_at=in_days(300))
    assert ledger.is_paused("mentor-1")
    assert ledger.messages("mentor-1", LIFTED) == []
    api.change(paused, status="valid")
    assert not ledger.is_paused("mentor-1")
    assert len(ledger.messages("mentor-1", LIFTED)) == 2


def test_removing_the_certification_lifts_its_pause(api, ledger, paused):
    assert api.delete(f"{CERTIFICATIONS}/{paused}").status == 200
    assert not ledger.is_paused("mentor-1")
    assert ledger.endings("mentor-1") == ["removed"]
    assert len(ledger.messages("mentor-1", LIFTED)) == 2


def test_the_pause_of_one_who_left_the_directory_is_lifted_in_silence(
        api, ledger, paused, directory):
    directory.remove_mentor("mentor-1")
    api.change(paused, expires_at=in_days(700))
    assert not ledger.is_paused("mentor-1")
    assert not applied(api, paused)
    assert ledger.messages("mentor-1", LIFTED) == []


# Superseding

def test_a_newer_certification_supersedes_before_the_job(api, ledger):
    api.record("mentor-1", in_days(-400), in_days(-5))
    api.record("mentor-1", in_days(-10), in_days(300))
    assert api.run_expiry_job()["expired_found"] == 0
    assert not ledger.is_paused("mentor-1")


def test_recording_a_newer_certification_lifts_the_pause(api, ledger, paused):
    api.record("mentor-1", in_days(-1), in_days(300))
    assert not ledger.is_paused("mentor-1")
    assert ledger.endings("mentor-1") == ["superseded"]
    assert not applied(api, paused)
    assert len(ledger.messages("mentor-1", LIFTED)) == 2
    assert api.run_expiry_job()["expired_found"] == 0


def test_renewing_another_of_the_same_type_lifts_the_pause(api, ledger):
    older = api.record("mentor-1", in_days(-400), in_days(-5))["certification_id"]
    newer = api.record("mentor-1", in_days(-400), in_days(-3))["certification_id"]
    assert api.run_expiry_job()["auto_paused"] == 1
    assert (applied(api, older), applied(api, newer)) == (False, True)
    api.change(older, expires_at=in_days(100))
    assert not ledger.is_paused("mentor-1")
    assert len(ledger.messages("mentor-1", LIFTED)) == 2


@pytest.mark.parametrize("mentor, kind", [
    ("mentor-1", "peer_mentor_advanced"), ("mentor-2", "peer_mentor_basic")])
def test_another_type_or_mentor_supersedes_nothing(api, ledger, paused, mentor, kind):
    api.record(mentor, in_days(-1), in_days(300), kind)
    assert ledger.is_paused("mentor-1")


def test_one_that_expired_too_does_not_lift_but_takes_over(api, ledger, paused):
    newer = api.record("mentor-1", in_days(-400), in_days(-2))["certification_id"]
    assert ledger.is_paused("mentor-1")
    assert api.run_expiry_job()["auto_paused"] == 1
    assert [p["certification_id"] for p in ledger.open_pauses("mentor-1")] == [newer]
    assert ledger.messages("mentor-1", LIFTED) == []


def test_a_revoked_one_supersedes_nothing(api, ledger):
    api.record("mentor-1", in_days(-400), in_days(-5))
    newer = api.record("mentor-1", in_days(-10), in_days(300))["certification_id"]
    api.change(newer, status="revoked")
    assert api.run_expiry_job()["auto_paused"] == 1
    assert ledger.is_paused("mentor-1")


def test_revoking_the_newer_one_lets_the_older_one_count_again(api, ledger, paused):
    newer = api.record("mentor-1", in_days(-1), in_days(300))["certification_id"]
    assert not ledger.is_paused("mentor-1")
    api.change(newer, status="revoked")
    assert api.run_expiry_job()["auto_paused"] == 1
    assert ledger.is_paused("mentor-1")


# Manual pauses

def test_the_two_kinds_of_pause_do_not_close_each_other(api, ledger, paused):
    ledger.pause_by_hand("mentor-1")
    assert len(ledger.open_pauses("mentor-1")) == 2
    api.change(paused, expires_at=in_days(700))
    assert [p["kind"] for p in ledger.open_pauses("mentor-1")] == ["manual"]


def test_a_lifted_pause_beside_another_says_that_the_mentor_is_paused(
        api, ledger, paused, mail):
    ledger.pause_by_hand("mentor-1")
    mail.forget()
    api.change(paused, expires_at=in_days(700))
    assert "fortsatt på pause" in mail.mail_to("mentor-1@example.org").text


def test_the_job_pauses_one_who_is_on_leave_too(api, ledger):
    ledger.pause_by_hand("mentor-1")
    api.record("mentor-1", in_days(-400), in_days(-5))
    assert api.run_expiry_job()["auto_paused"] == 1
    assert {p["kind"] for p in ledger.open_pauses("mentor-1")} == \
        {"manual", "certification_expiry"}


# Grace

@pytest.mark.parametrize("days_ago, paused", [(1, 0), (2.9, 0), (3.1, 1), (10, 1)])
def test_grace_days_delay_the_pause(api, cli, days_ago, paused):
    api.record("mentor-1", in_days(-400), in_days(-days_ago))
    expiry = cli.with_settings(JOBS_GRACE_DAYS=3).sweep()["expiry"]
    assert (expiry["expired_found"], expiry["auto_paused"]) == (paused, paused)


# Dry runs

def test_a_dry_run_tells_the_same_and_changes_no_table(api, database, mail):
    api.record("mentor-1", in_days(-400), in_days(-5))
    api.record("mentor-2", in_days(-400), in_days(-5))
    api.record("mentor-3", in_days(-400), in_days(5))
    before = database.checksums()
    dry = api.run_expiry_job(dry_run=True)
    assert database.checksums() == before
    assert mail.mails == []
    wet = api.run_expiry_job(dry_run=False)
    for key in ("mentors_scanned", "expired_found", "auto_paused", "failures"):
        assert dry[key] == wet[key]
    assert (wet["mentors_scanned"], wet["auto_paused"]) == (3, 2)
    assert database.checksums() != before


def test_a_dry_run_leaves_out_those_who_left_the_directory(api, directory, database):
    api.record("mentor-1", in_days(-400), in_days(-5))
    api.record("mentor-2", in_days(-400), in_days(-5))
    directory.remove_mentor("mentor-1")
    before = database.checksums()
    run = api.run_expiry_job(dry_run=True)
    assert (run["expired_found"], run["auto_paused"], run["failures"]) == (1, 1, [])
    assert database.checksums() == before


# Failures

def test_a_mentor_who_left_the_directory_is_no_failure_and_the_others_are_paused(
        api, directory, ledger):
    gone = api.record("mentor-2", in_days(-400), in_days(-5))["certification_id"]
    for mentor in ("mentor-1", "mentor-3"):
        api.record(mentor, in_days(-400), in_days(-5))
    directory.remove_mentor("mentor-2")
    run = api.run_expiry_job()
    assert (run["expired_found"], run["auto_paused"], run["failures"]) == (2, 2, [])
    assert ledger.is_paused("mentor-1") and ledger.is_paused("mentor-3")
    assert not applied(api, gone)


def test_what_the_database_refuses_for_one_is_a_failure_and_the_others_are_paused(
        api, ledger, database):
    ids = {mentor: api.record(mentor, in_days(-400), in_days(-5))["certification_id"]
           for mentor in ("mentor-1", "mentor-2", "mentor-3")}
    ledger.break_pausing_of("mentor-2")
    run = api.run_expiry_job()
    assert [f["mentor_id"] for f in run["failures"]] == ["mentor-2"]
    assert run["auto_paused"] == 2
    assert not applied(api, ids["mentor-2"])
    assert ledger.messages("mentor-2") == [] and ledger.events("mentor-2") == []
    assert database.value("SELECT COUNT(*) FROM expiry_logs") == 2


def test_a_failed_one_is_handled_once_it_can_be(api, ledger, database):
    api.record("mentor-2", in_days(-400), in_days(-5))
    ledger.break_pausing_of("mentor-2")
    assert len(api.run_expiry_job()["failures"]) == 1
    database.run("DROP TRIGGER refuse_pause")
    run = api.run_expiry_job()
    assert (run["auto_paused"], run["failures"]) == (1, [])
    assert ledger.is_paused("mentor-2")


# Many at once

def test_more_than_one_batch_is_handled_completely(api, cli, ledger, database):
    for n in range(9):
        for kind in ("a", "b", "c"):
            api.record(f"mentor-{n + 1}", in_days(-400), in_days(-5), kind)
    ledger.break_pausing_of("mentor-4")
    expiry = cli.with_settings(JOBS_BATCH=4).sweep()["expiry"]
    assert (expiry["expired_found"], expiry["auto_paused"]) == (27, 24)
    assert {f["mentor_id"] for f in expiry["failures"]} == {"mentor-4"}
    assert len(expiry["failures"]) == 3
    assert database.value("SELECT COUNT(*) FROM pauses WHERE closed_at IS NULL") == 24


# One run at a time

def test_while_a_run_goes_on_a_second_one_is_a_conflict(api, cli, database, ledger):
    api.record("mentor-1", in_days(-400), in_days(-5))
    database.run("INSERT INTO leases (name, holder, token, until_at) VALUES"
                 " ('expiry', 'another host', 7, UTC_TIMESTAMP(3) + INTERVAL 60 SECOND)")
    before = database.checksums()
    assert api.post(RUN, {}).status == 409
    assert database.checksums() == before
    done = cli.run("sweep")
    assert (done.status, done.out, done.err) == (BUSY, "", "")
    assert not ledger.is_paused("mentor-1")


def test_a_dead_runs_lease_runs_out(api, database):
    api.record("mentor-1", in_days(-400), in_days(-5))
    database.run("INSERT INTO leases (name, holder, token, until_at) VALUES"
                 " ('expiry', 'dead host', 7, UTC_TIMESTAMP(3) - INTERVAL 1 SECOND)")
    assert api.run_expiry_job()["auto_paused"] == 1


def test_a_dry_run_waits_for_nobody(api, database):
    api.record("mentor-1", in_days(-400), in_days(-5))
    database.run("INSERT INTO leases (name, holder, token, until_at) VALUES"
                 " ('expiry', 'another host', 7, UTC_TIMESTAMP(3) + INTERVAL 60 SECOND)")
    assert api.run_expiry_job(dry_run=True)["auto_paused"] == 1


def test_of_two_runs_at_once_one_works_and_one_is_refused(api, ledger, database):
    api.record("mentor-1", in_days(-400), in_days(-5))
    ledger.slow_down("pauses", 1)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        replies = list(pool.map(lambda _: api.post(RUN, {}), range(2)))
    assert sorted(reply.status for reply in replies) == [200, 409]
    assert len(ledger.open_pauses("mentor-1")) == 1
    assert len(ledger.messages("mentor-1")) == 2
    assert database.value("SELECT COUNT(*) FROM job_runs") == 1


def test_a_renewal_during_a_run_wins_or_waits_but_never_half(api, ledger):
    """Whatever the order, the mentor ends up free: never paused for a renewed certification."""
    certifications = [api.record("mentor-1", in_days(-400), in_days(-5), f"type-{n}")
                      ["certification_id"] for n in range(4)]
    ledger.slow_down("expiry_logs", 0.1)
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        run = pool.submit(api.post, RUN, {})
        renewals = [pool.submit(api.put, f"{CERTIFICATIONS}/{c}", {"expires_at": in_days(300)})
                    for c in certifications]
        assert all(future.result().status == 200 for future in [run, *renewals])
    assert not ledger.is_paused("mentor-1")
    assert not any(applied(api, c) for c in certifications)


def test_simultaneous_recordings_for_one_mentor_all_succeed(api):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        created = list(pool.map(
            lambda n: api.record("mentor-1", in_days(-1), in_days(30 + n))["certification_id"],
            range(24)))
    assert len(set(created)) == 24
    assert api.get(CERTIFICATIONS).total == 24


def test_a_recording_that_had_to_wait_sees_the_pause_that_was_opened_meanwhile(
        api, server, database, ledger):
    expired = api.record("mentor-1", in_days(-400), in_days(-5))["certification_id"]
    job = server.connect(database.name)
    job.autocommit(False)
    with job.cursor() as cursor, concurrent.futures.ThreadPoolExecutor(1) as pool:
        cursor.execute("SELECT 1 FROM mentor_locks WHERE mentor_id = 'mentor-1' FOR UPDATE")
        recording = pool.submit(api.record, "mentor-1", in_days(-1), in_days(300))
        time.sleep(0.5)
        assert not recording.done()
        cursor.execute("INSERT INTO pauses (mentor_id, kind, certification_id, opened_at)"
                       " VALUES ('mentor-1', 'certification_expiry', %s, UTC_TIMESTAMP(3))", expired)
        job.commit()
        recording.result()
    job.close()
    assert ledger.endings("mentor-1") == ["superseded"]


def test_recording_takes_six_statements(api, server):
    """Begin, lock, look for mentor and pauses, insert, write down who did it, commit. Threads that have not connected yet
    take more at first."""
    def statements():
        [row] = server.run("SHOW GLOBAL STATUS LIKE 'Questions'")
        return int(row["Value"])

    took = []
    for _ in range(20):
        before = statements()
        api.record("mentor-1", in_days(-1), in_days(300))
        took.append(statements() - before - 1)
    assert min(took) == 6
