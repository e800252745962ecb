# SPDX-License-Identifier: MIT
"""`mentorwatch explain MENTOR`: what was decided and why, and what comes next."""
import pytest

from stack.api import REMINDERS
from stack.cli import BAD_DATA
from stack.times import day, in_days


@pytest.fixture
def explain(cli):
    """The answer without its line breaks."""
    def ask(mentor="mentor-1"):
        return " ".join(cli.good("explain", mentor).out.split())
    return ask


def test_a_reminder_is_told_with_what_became_of_each_message(api, cli, explain):
    api.record("mentor-1", in_days(-300), in_days(10))
    cli.good("sweep")
    text = explain()
    assert f"It is valid until {day(in_days(10))}, 10 days from now." in text
    name = api.get(REMINDERS).items[0]["id"]
    assert f"The reminder for 14 days ({name}) was made on" in text
    assert f"Reminder to the mentor, by email: sent on {day(in_days(0))}." in text
    assert f"Reminder to the coordinator, by email: sent on {day(in_days(0))}." in text
    assert f"Next: the reminder for 7 days, on {day(in_days(3))}." in text
    assert f"The mentor will be paused on {day(in_days(10))} unless it is renewed." in text
    assert "Not paused." in text


def test_why_a_message_was_not_delivered_is_told(api, cli, explain, mail):
    mail.refused["mentor-1@example.org"] = "550 no such user here"
    api.record("mentor-1", in_days(-300), in_days(5))
    cli.run("sweep")
    assert "Reminder to the mentor, by email: failed: " in explain()
    assert "no such user here" in explain()
    assert "No reminder is left." in explain()


def test_a_pause_is_told_with_its_reason_and_its_missing_warning(api, cli, explain, ledger):
    api.record("mentor-1", in_days(-300), in_days(-2))
    ledger.pause_by_hand("mentor-1", "Personal leave")
    cli.good("sweep")
    text = explain()
    assert "by hand: Personal leave." in text
    assert f"Certification peer_mentor_basic expired on {day(in_days(-2))}." in text
    assert f"It expired on {day(in_days(-2))}, 2 days ago." in text
    assert "no warning had been delivered before" in text
    assert "Notice of the expiry to the coordinator, by email: sent on" in text
    assert "the pause ends when it is renewed" in text


def test_a_superseded_one_says_by_which_and_what_the_run_decided(api, cli, explain):
    api.record("mentor-1", in_days(-300), in_days(5))
    newer = api.record("mentor-1", in_days(-300), in_days(300))["certification_id"]
    cli.good("sweep")
    text = explain()
    assert f"{newer}, of the same type and ending later, supersedes it." in text
    assert f"about the reminder for 7 days: none to send: superseded by {newer}." in text
    assert "Next: nothing, as long as it is superseded." in text
    assert text.index(newer) < text.index("5 days from now"), "the last to expire comes first"


def test_a_revoked_one_has_no_future(api, explain):
    name = api.record("mentor-1", in_days(-300), in_days(5))["certification_id"]
    api.change(name, status="revoked")
    assert "Next: nothing, it is revoked." in explain()
    assert "will be paused" not in explain()


def test_a_failure_is_told_in_words(api, cli, explain, ledger):
    api.record("mentor-1", in_days(-300), in_days(-2))
    ledger.break_pausing_of("mentor-1")
    assert cli.run("sweep").status == BAD_DATA
    text = explain()
    assert "about its expiry: the mentor could not be paused: " in text
    assert "which tries again" in text


def test_one_whom_the_directory_has_lost_is_still_explained(api, cli, explain, directory):
    api.record("mentor-1", in_days(-300), in_days(5))
    directory.remove_mentor("mentor-1")
    cli.good("sweep")
    text = explain()
    assert "The directory does not have this mentor any more" in text
    assert "none to send: the directory has no mentor mentor-1." in text
    assert "until the directory has the mentor again" in text


def test_an_ordered_reminder_is_told(api, cli, explain, directory):
    api.record("mentor-1", in_days(-300), in_days(10))
    api.post(REMINDERS, {"mentor_id": "mentor-1", "coordinator_id": directory.COORDINATOR,
                         "days_remaining": 10, "channel": "email"})
    cli.good("sweep")
    text = explain()
    assert text.count("The reminder for 14 days") == 1
    assert "about the reminder for 14 days: none to send, there was one already." in text


def test_grace_days_and_thresholds_of_a_type_move_what_comes_next(api, cli):
    api.record("mentor-1", in_days(-300), in_days(70), "first_aid")
    other = cli.with_settings(JOBS_GRACE_DAYS=3, REMINDERS_THRESHOLDS_BY_TYPE="first_aid: 60,5")
    text = other.good("explain", "mentor-1").out
    assert f"Next: the reminder for 60 days, on {day(in_days(10))}." in text
    assert f"The mentor will be paused on {day(in_days(73))} unless it is renewed." in text


def test_lines_are_at_most_100_columns(api, cli, directory, ledger):
    directory.add_mentor("m" * 64, name="Ærlig " + "Ødegård-Ånesen " * 15)
    api.record("m" * 64, in_days(-300), in_days(5), ("æøå " * 16).strip())
    ledger.pause_by_hand("m" * 64, "Permisjon på grunn av påske " * 15)
    cli.good("sweep")
    lines = cli.good("explain", "m" * 64).out.splitlines()
    assert len(lines) > 10
    assert max(len(line) for line in lines) <= 100


def test_its_json_says_the_same(api, cli, explain):
    api.record("mentor-1", in_days(-300), in_days(10))
    cli.good("sweep")
    answer = cli.good("explain", "mentor-1", "--json").json()
    assert list(answer) == ["mentor_id", "mentor_name", "paused", "says", "certifications"]
    only, = answer["certifications"]
    assert (only["status"], only["superseded_by"]) == ("valid", None)
    assert only["next_reminder"] == f"{day(in_days(3))}T00:00:00Z"
    assert only["pause"] == only["expires_at"]
    text = explain()
    assert all(sentence in text for sentence in only["says"] + answer["says"])


def test_an_unknown_mentor_is_said_to_be_unknown(cli):
    done = cli.run("explain", "mentor-none")
    assert (done.status, done.out) == (BAD_DATA, "")
    assert "mentor-none" in done.err


def test_it_changes_nothing(api, cli, database, explain):
    api.record("mentor-1", in_days(-300), in_days(10))
    before = database.checksums()
    explain()
    assert database.checksums() == before
