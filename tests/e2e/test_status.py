# SPDX-License-Identifier: MIT
"""mentorwatch status: how things stand, for people and for whatever watches."""
import pytest

from stack import cli as exits
from stack.cli import Cli
from stack.tables import add_message, add_sweep, numbers, pause_relay, rows_read
from stack.times import in_days

pytestmark = pytest.mark.usefixtures("directory")


@pytest.fixture
def swept(database):
    """The last sweep was a good one, an hour ago."""
    add_sweep(database, "good", hours_ago=1)


def status_of(cli, expected):
    done = cli.run("status", "--json")
    assert done.status == (exits.GOOD if expected else exits.UNAVAILABLE), done
    found = done.json()
    assert found["well"] is expected
    assert bool(found["troubles"]) is not expected
    return found


@pytest.mark.usefixtures("swept")
def test_all_is_well_after_a_good_sweep(cli):
    status_of(cli, True)
    done = cli.good("status")
    assert done.out.endswith("All is well.\n")
    assert done.err == ""


def test_without_any_good_sweep_it_is_not(cli, database):
    assert "no sweep" in status_of(cli, False)["troubles"][0]
    add_sweep(database, "failures", hours_ago=1, says="a mentor is gone")
    found = status_of(cli, False)
    assert found["last_sweep"]["result"] == "failures"
    assert found["last_good_sweep"] is None
    assert "a mentor is gone" in cli.run("status").out


@pytest.mark.parametrize("hours, well", [(25.9, True), (26.1, False)])
def test_a_good_sweep_lasts_for_26_hours(cli, database, hours, well):
    add_sweep(database, "good", hours_ago=hours)
    add_sweep(database, "left", hours_ago=0)
    found = status_of(cli, well)
    assert found["last_sweep"]["result"] == "left"
    assert well or "ended well was 1 day ago" in found["troubles"][0]


@pytest.mark.parametrize("result", ["failures", "braked", "refused", "failed"])
def test_a_sweep_that_wants_somebody_is_told_whatever_was_good_before(cli, database, result):
    add_sweep(database, "good", hours_ago=1)
    add_sweep(database, result, hours_ago=0, says="a mentor is gone")
    [trouble] = status_of(cli, False)["troubles"]
    assert result in trouble and "a mentor is gone" in trouble
    add_sweep(database, "good", hours_ago=0)
    status_of(cli, True)


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("minutes, well", [(59, True), (61, False)])
def test_a_message_may_wait_for_an_hour_after_it_was_due(cli, database, minutes, well):
    add_message(database, "queued", minutes_overdue=minutes)
    found = status_of(cli, well)
    assert well or "mentorwatch dispatch" in found["troubles"][0]


@pytest.mark.usefixtures("swept")
def test_what_was_put_off_is_not_overdue(cli, database):
    add_message(database, "queued", minutes_overdue=-120, age_hours=50)
    [queue] = status_of(cli, True)["queue"]
    assert queue["overdue_seconds"] == 0
    assert 50 * 3600 <= queue["oldest_seconds"] < 50 * 3600 + 60


@pytest.mark.usefixtures("swept")
def test_the_outbox_is_counted_by_channel_and_state_without_what_was_sent(cli, database):
    for state, channel in (("queued", "email"), ("queued", "email"), ("queued", "push"),
                           ("held", "email"), ("failed", "push"), ("sent", "email"),
                           ("superseded", "email"), ("sent", "in_app")):
        add_message(database, state, channel=channel)
    assert [(q["channel"], q["state"], q["messages"]) for q in status_of(cli, True)["queue"]] == [
        ("email", "held", 1), ("email", "queued", 2), ("push", "failed", 1), ("push", "queued", 1)]
    assert "outbox list --state failed" in cli.good("status").out


@pytest.mark.usefixtures("swept")
def test_a_paused_relay_is_told_with_its_reason(cli, database):
    pause_relay(database, 5)
    found = status_of(cli, False)
    assert "connection refused" in found["troubles"][0]
    assert found["relays"][0]["used_this_hour"] == 17
    database.run("DELETE FROM relays")
    pause_relay(database, -1)
    assert status_of(cli, True)["relays"][0]["paused"] is False


@pytest.mark.usefixtures("swept")
def test_what_the_jobs_would_find_is_counted(cli, api, directory):
    api.record("mentor-1", in_days(-300), in_days(-1))
    api.record("mentor-2", in_days(-300), in_days(5))
    api.record("mentor-3", in_days(-300), in_days(300))
    found = status_of(cli, True)
    assert (found["certifications_due"], found["reminders_due"]) == (1, 1)


@pytest.mark.usefixtures("swept")
def test_who_runs_a_job_now_is_told_while_the_lease_lasts(cli, database):
    database.run("INSERT INTO leases (name, holder, token, until_at, heartbeat_at) VALUES"
                 " ('expiry', 'host/7/abc', 1, UTC_TIMESTAMP(3) + INTERVAL 1 MINUTE,"
                 " UTC_TIMESTAMP(3)), ('reminders', 'dead', 1,"
                 " UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE, NULL)")
    assert [lease["holder"] for lease in status_of(cli, True)["running"]] == ["host/7/abc"]
    assert "expiry, by host/7/abc" in cli.good("status").out


@pytest.mark.usefixtures("swept")
def test_attempts_are_the_sum_of_their_shards(cli, database):
    database.run("INSERT INTO delivery_counters (channel, result, shard, attempts) VALUES"
                 " ('email', 'sent', 0, 2), ('email', 'sent', 7, 3), ('push', 'put_off', 1, 1)")
    assert status_of(cli, True)["attempts"] == [
        {"channel": "email", "result": "sent", "attempts": 5},
        {"channel": "push", "result": "put_off", "attempts": 1}]
    out = cli.good("status").out
    assert "email attempts     5 sent\n" in out and "push attempts      1 put_off\n" in out


def test_an_old_schema_is_told_in_one_sentence(server, common_settings):
    database = server.new_database("mw_bare")
    done = Cli({**common_settings, **database.settings()}).run("status")
    assert done.status == exits.BUSY
    assert "mentorwatch migrate" in done.err and done.out == ""


@pytest.mark.usefixtures("swept")
def test_looking_changes_nothing(cli, database):
    add_message(database, "queued")
    before = database.checksums()
    status_of(cli, True)
    assert database.checksums() == before


def test_counting_does_not_read_what_was_sent(cli, database):
    database.run(
        "INSERT INTO messages (delivery_id, kind, channel, recipient_role, recipient_id,"
        " recipient_name, language, mentor_id, facts, state, next_attempt_at, created_at)"
        " SELECT UUID(), 'pause_lifted', 'email', 'mentor', 'mentor-1', 'K', 'nb', 'mentor-1',"
        " '{}', 'sent', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM " + numbers(20_000))
    database.run("ANALYZE TABLE messages")
    before = rows_read(database)
    cli.run("status")
    assert rows_read(database) - before < 2000
