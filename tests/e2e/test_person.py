# SPDX-License-Identifier: MIT
"""mentorwatch person: what is stored about one person is handed out whole, and erased whole."""
import json

import pytest

from stack import env, tokens
from stack.api import CERTIFICATIONS, IN_APP, NOTIFICATIONS, PAUSES, REMINDERS
from stack.cli import BAD_DATA, BUSY, USAGE
from stack.directory import Directory
from stack.times import in_days

ANNA, NAME, ADDRESS = "mntr-anna-77", "Anna Quist-Lund", "anna.quist@example.org"
BOSS, BOSS_NAME, BOSS_ADDRESS = "coord-boss-88", "Bo Sørli-Berg", "bo.sorli@example.org"
REASON = "operated on the left knee"
TARGET = "https://push.example.org/anna-device"
TRACES = (ANNA, NAME, ADDRESS, REASON, TARGET)
BOSS_TRACES = (BOSS, BOSS_NAME, BOSS_ADDRESS)


def dump(database):
    """Every value in the database that is text, with the table and column that it is in."""
    return {(table, column): value for table in database.tables()
            for number, row in enumerate(database.run(f"SELECT * FROM {table}"))
            for column, value in ((f"{number}.{column}", value) for column, value in row.items())
            if isinstance(value, str)}


def found(database, traces):
    return [(place, value) for place, value in dump(database).items()
            if any(trace in value for trace in traces)]


def totals(api):
    return {path: api.get(path).total for path in (CERTIFICATIONS, NOTIFICATIONS, REMINDERS)}


def ask(api, path, **body):
    assert api.post(path, {"mentor_id": ANNA, **body}, headers={"Idempotency-Key": path}).status < 300


def settle(ledger):
    """Until each mail was tried."""
    env.wait_until(lambda: all(m["state"] == "superseded" or m["attempts"] > 0
                               and m["state"] != "sending"
                               for m in ledger.messages(ANNA) if m["channel"] == "email"),
                   "the mails to be tried")


@pytest.fixture
def told(api, cli, mail, directory, database, ledger):
    """Anna has a history with all that there can be: sent, failed and waiting messages among it."""
    directory.add_coordinator(BOSS, BOSS_NAME, BOSS_ADDRESS)
    directory.prefers(BOSS, "email,in_app")
    directory.add_mentor(ANNA, NAME, ADDRESS, coordinator_id=BOSS)
    database.run("UPDATE mentors SET push_target = %s, channels = 'email,in_app,push'"
                 " WHERE mentor_id = %s", TARGET, ANNA)
    database.run("INSERT INTO ended_push_targets VALUES"
                 " (SHA2(%s, 256), UTC_TIMESTAMP(3), 'gone')", TARGET)
    api.record(ANNA, in_days(-400), in_days(-1))
    api.record(ANNA, in_days(-300), in_days(14), kind="driving")
    api.record("mentor-2", in_days(-300), in_days(14))
    cli.run("sweep", "--accept")
    ask(api, f"{PAUSES}/pause-activated", pause_reason=REASON)
    made = api.post(NOTIFICATIONS, {"mentor_id": ANNA, "coordinator_id": BOSS,
                                    "threshold": "30_day", "expiry_date": in_days(30)})
    assert api.put(f"{NOTIFICATIONS}/{made.json['notification_id']}",
                   {"status": "acknowledged", "acknowledged_by": BOSS}).status == 200
    mail.refused[ADDRESS] = f"550 <{ADDRESS}> is not known here"
    ask(api, REMINDERS, coordinator_id=BOSS, days_remaining=14, channel="email")
    settle(ledger)
    mail.refused[ADDRESS] = mail.refused[BOSS_ADDRESS] = "450 busy"
    ask(api, f"{PAUSES}/pause-lifted")
    settle(ledger)
    database.run("INSERT INTO job_runs (job_run_id, job, run_day, number, started_at, failures)"
                 " VALUES ('run-x', 'expiry', '2020-01-01', 9, '2020-01-01', %s)",
                 json.dumps([{"mentor_id": ANNA, "reason": "x"}, {"mentor_id": "mentor-2"}]))
    assert {trace for trace in TRACES if found(database, [trace])} == set(TRACES)
    states = {row["state"] for row in database.run(
        "SELECT DISTINCT state FROM messages WHERE mentor_id = %s", ANNA)}
    assert {"sent", "failed", "queued"} <= states
    mail.refused.clear()
    mail.forget()
    return database


def test_all_that_is_stored_about_a_mentor_is_handed_out(told, cli):
    data = cli.good("person", "export", ANNA).json()
    assert data["id"] == ANNA
    (mentor,) = data["mentor"]
    assert (mentor["name"], mentor["email"], mentor["push_target"]) == (NAME, ADDRESS, TARGET)
    assert REASON in {pause["reason"] for pause in data["pauses"]}
    assert NAME in {message["facts"]["mentor_name"] for message in data["messages_as_mentor"]}
    assert any(ADDRESS in (attempt["detail"] or "") for attempt in data["attempts"])
    assert data["certifications"][0]["issued_at"].endswith("Z")
    # Each row of each table that names her is there.
    for table, parts in {"certifications": ["certifications"], "pauses": ["pauses"],
                         "pause_events": ["pause_events"], "reminders": ["reminders"],
                         "expiry_notifications": ["expiry_notifications"],
                         "expiry_logs": ["expiry_log"], "decisions": ["decisions"],
                         "messages": ["messages_as_mentor", "messages_to_others"]}.items():
        rows = told.value(f"SELECT COUNT(*) FROM {table} WHERE mentor_id = %s", ANNA)
        assert sum(len(data[part]) for part in parts) == rows > 0, table


def test_the_audit_remembers_who_handed_it_out_and_nothing_more(told, cli):
    before = told.counts()
    cli.good("person", "export", ANNA)
    [line] = cli.good("audit", "--json", "--about", ANNA, "--limit", "1").json()
    assert line["deed"] == "mentorwatch person export" and line["role"] == "command"
    after = told.counts()
    assert {table for table in after if after[table] != before[table]} <= {"audit", "unit_marks"}
    assert after["audit"] == before["audit"] + 1
    assert cli.good("person", "export", ANNA).out.count("mentorwatch person export") == 1
    cli.good("person", "erase", ANNA)
    assert found(told, TRACES) == []


def test_what_others_are_called_is_not_handed_out(told, cli):
    assert not [trace for trace in (BOSS_ADDRESS,)
                if trace in cli.good("person", "export", ANNA).out]
    text = cli.good("person", "export", BOSS).out
    assert not [trace for trace in TRACES if trace in text]
    data = json.loads(text)
    assert data["coordinator"][0]["email"] == BOSS_ADDRESS
    assert data["messages_as_coordinator"] and data["pause_events_as_coordinator"]
    assert data["expiry_notifications_acknowledged"]


def test_nothing_in_the_database_tells_of_who_was_erased(told, api, cli):
    before, total = told.counts(), totals(api)
    said = cli.good("person", "erase", ANNA)
    assert ANNA not in said.out
    assert found(told, TRACES) == []
    gone = {table: before[table] - count for table, count in told.counts().items()}
    assert {table: n for table, n in gone.items() if n > 0} == {
        "mentors": 1, "mentor_locks": 1, "ended_push_targets": 1, "idempotency_keys": 3}
    assert totals(api) == total
    cli.good("counts")
    assert json.loads(told.value("SELECT failures FROM job_runs WHERE job_run_id = 'run-x'")
                      )[1] == {"mentor_id": "mentor-2"}


def test_who_was_erased_hears_nothing_more_and_nobody_hears_of_it(told, api, cli, mail):
    cli.good("person", "erase", ANNA)
    told.run("UPDATE messages SET next_attempt_at = UTC_TIMESTAMP(3), lease_until = NULL")
    told.run("DELETE FROM relays")
    cli.good("sweep", "--as-of", in_days(2))
    assert not [m for m in mail.mails if m.recipients[0] in (ADDRESS, BOSS_ADDRESS)]
    assert told.value("SELECT COUNT(*) FROM pauses WHERE closed_at IS NULL") == 0
    assert told.value("SELECT COUNT(*) FROM certifications WHERE revoked_at IS NULL") == 1
    assert cli.run("explain", ANNA).status == BAD_DATA
    # The coordinator's inbox can still be read.
    boss = api.signed_in(tokens.of("coordinator", "org-oslo", sub=BOSS))
    items = boss.get(IN_APP).items
    assert items and all(NAME not in item["text"] + item["title"] for item in items)


def test_a_coordinator_who_has_mentors_must_hand_them_over_first(told, cli):
    before = told.checksums()
    done = cli.run("person", "erase", BOSS)
    assert done.status == BUSY and "coordinator of 1 mentor" in done.err
    assert told.checksums() == before
    told.run("UPDATE mentors SET coordinator_id = %s WHERE mentor_id = %s",
             Directory.COORDINATOR, ANNA)
    cli.good("person", "erase", BOSS)
    assert found(told, BOSS_TRACES) == []
    assert found(told, [ANNA]) and found(told, [NAME])
    cli.good("counts")


def test_one_id_may_be_two_people_of_the_directory(told, api, cli, directory):
    directory.add_coordinator(ANNA, NAME, ADDRESS)
    assert api.post(REMINDERS, {"mentor_id": ANNA, "coordinator_id": ANNA, "days_remaining": 14,
                                "channel": "in_app"}).status == 201
    cli.good("sweep")
    total = totals(api)
    cli.good("person", "erase", ANNA)
    assert found(told, TRACES) == []
    assert totals(api) == total
    cli.good("counts")


def test_somebody_of_whom_nothing_is_known(told, cli):
    before = told.checksums()
    for word in ("export", "erase"):
        done = cli.run("person", word, "nobody-at-all")
        assert (done.status, done.out) == (BAD_DATA, "")
        assert "nothing is stored about nobody-at-all" in done.err
    assert told.checksums() == before
    assert cli.run("person", "forget", ANNA).status == USAGE
