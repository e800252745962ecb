# SPDX-License-Identifier: MIT
"""Totals of lists that are so long that they are kept and not counted: exact whatever happens."""
import concurrent.futures
import random
import subprocess
import threading
import time

import pytest

from stack import env, tokens
from stack.api import CERTIFICATIONS, CHECK, NOTIFICATIONS, PAUSES, REMINDERS
from stack.cli import BAD_DATA
from stack.many import LISTS, plant, plant_all
from stack.tables import numbers, rows_read
from stack.times import in_days

ROWS = 900  # of each list: some blocks of 256, and a rest
# What was planted, by its number.
CERTIFICATION = CERTIFICATIONS + "/cert_{n}"
EVENT = PAUSES + "/pn_{n}"
REMINDER = REMINDERS + "/reminder-{n}"
NOTIFICATION = NOTIFICATIONS + "/00000000-0000-4000-8000-{n:012}"
TABLES = [table for table, _ in LISTS.values()]


@pytest.fixture(autouse=True)
def people(directory):
    """Bergen's too; who are told in the program itself, so that no mail is waited for."""
    directory.add_bergen()
    for person in (*directory.MENTORS, directory.COORDINATOR, "mentor-bergen", "coord-bergen"):
        directory.prefers(person, "in_app")
    return directory


@pytest.fixture
def many(database, cli):
    plant_all(database, ROWS)
    cli.good("counts", "--repair")


def uncounted(database, table):
    return database.value(f"SELECT COUNT(*) FROM {table} WHERE NOT counted")


def test_whole_blocks_are_kept_and_the_rest_is_counted(many, database, wrong):
    assert {table: uncounted(database, table) for table in TABLES} == \
        dict.fromkeys(TABLES, ROWS % 256)
    assert not wrong()


def test_an_organisation_has_its_own_total(many, api, coordinator, database):
    of_oslo = "mentor_id IN (SELECT mentor_id FROM mentors WHERE organisation_id = 'org-oslo')"
    for query, sql in (({}, "TRUE"), ({"event_type": "pause_activated"},
                                      "event_type = 'pause_activated'")):
        assert coordinator.get(PAUSES, limit=1, **query).total == database.value(
            f"SELECT COUNT(*) FROM pause_events WHERE {sql} AND {of_oslo}")
    database.run("UPDATE mentors SET organisation_id = 'org-bergen' WHERE mentor_id = 'mentor-1'")
    assert coordinator.get(PAUSES, limit=1).total == \
        database.value(f"SELECT COUNT(*) FROM pause_events WHERE {of_oslo}")


@pytest.fixture(params=["org-oslo", "org-bergen", "org-rare"])
def staff(request, api, database, directory):
    """Of an organisation with most of the events, some of them, five old ones: (its api, the ids
    of its events, newest first)."""
    organisation = request.param
    database.run("INSERT INTO organisations VALUES ('org-rare', 'Rare')")
    directory.add_mentor("mentor-rare", organisation="org-rare")
    plant(database, "pause_events", 2000)
    database.run("UPDATE pause_events SET mentor_id = 'mentor-rare' WHERE seq % 30 = 7"
                 " ORDER BY seq LIMIT 5")
    rows = database.run("SELECT id FROM pause_events JOIN mentors USING (mentor_id)"
                        " WHERE organisation_id = %s ORDER BY seq DESC", organisation)
    return (api.signed_in(tokens.of("coordinator", organisation)), [row["id"] for row in rows])


def ids(reply):
    return [event["id"] for event in reply.items]


def test_pages_of_an_organisation_are_its_events_and_no_others(staff):
    client, events = staff
    for page in (1, 2, 5, 1 + len(events) // 7):
        reply = client.get(PAUSES, limit=7, page=page)
        assert (ids(reply), reply.total) == (events[7 * page - 7:7 * page], len(events))
    reply, seen = client.get(PAUSES, limit=100), []
    while reply.items:
        seen += ids(reply)
        if "next" not in reply.links:
            break
        reply = client.get(reply.links["next"])
    assert seen == events
    if len(events) > 100:
        before = client.get(client.get(PAUSES, limit=50, page=2).links["next"])
        assert ids(client.get(before.links["prev"])) == events[50:100]


class Hand:
    """Somebody who does this and that to every list, by a die."""

    def __init__(self, api, coordinator, admin, seed):
        self.api = api
        self.coordinator = coordinator
        self.admin = admin
        self.die = random.Random(seed)

    def some(self, name):
        return name.format(n=self.die.randint(1, ROWS))

    def record(self):
        mentor = f"mentor-{self.die.randint(1, 7)}"
        assert self.api.post(CERTIFICATIONS, {
            "mentor_id": mentor, "certification_type": self.die.choice(["basic", "advanced"]),
            "issued_at": in_days(-900), "expires_at": in_days(self.die.randint(-800, 800)),
        }).status == 201
        assert self.coordinator.post(PAUSES, {
            "peer_mentor_id": mentor, "event_type": "pause_activated",
            "effective_date": in_days(self.die.randint(-9, 9))}).status in (201, 409)
        assert self.api.post(REMINDERS, {
            "mentor_id": mentor, "coordinator_id": "coord-nora", "channel": "in_app",
            "days_remaining": self.die.choice([7, 14, 30])}).status == 201
        assert self.api.post(NOTIFICATIONS, {
            "mentor_id": mentor, "coordinator_id": "coord-nora", "threshold": "14_day",
            "expiry_date": in_days(self.die.randint(1, 99))}).status == 201

    def change(self):
        self.api.put(self.some(CERTIFICATION), self.die.choice([
            {"expires_at": in_days(self.die.randint(-800, 800))}, {"status": "revoked"},
            {"certification_type": "advanced"}, {"expires_at": in_days(5), "status": "valid"}]))
        assert self.admin.put(self.some(EVENT), {
            "effective_date": in_days(self.die.randint(-9, 9))}).status in (200, 404)
        self.api.put(self.some(REMINDER), {"status": "acknowledged"})
        self.api.put(self.some(NOTIFICATION), {"status": "acknowledged", "acknowledged_by": "coord-nora"})

    def remove(self):
        for client, name in ((self.api, CERTIFICATION), (self.admin, EVENT),
                             (self.api, REMINDER), (self.api, NOTIFICATION)):
            assert client.delete(self.some(name)).status in (200, 404)

    def run_jobs(self):
        assert self.api.post(CHECK, {}).status in (200, 409)

    def act(self):
        self.die.choices([self.record, self.change, self.remove, self.run_jobs],
                         [10, 10, 5, 0.2])[0]()


@pytest.fixture
def hand(api, coordinator, global_admin):
    return lambda seed: Hand(api, coordinator, global_admin, seed)


@pytest.mark.parametrize("seed", [1, 2])
def test_totals_are_exact_after_hundreds_of_operations_and_sweeps(many, hand, wrong, cli, seed):
    one = hand(seed)
    for _ in range(3):
        for _ in range(40):
            one.act()
        assert not wrong()
        report = cli.sweep()
        assert report["expiry"]["failures"] == []
        assert not wrong()
    done = cli.good("counts")
    assert "right" in done.out


def test_totals_are_exact_after_many_hands_at_once(many, hand, wrong, cli):
    def work(seed):
        one = hand(seed)
        for _ in range(25):
            one.act()
    with concurrent.futures.ThreadPoolExecutor(1) as sweeper, \
            concurrent.futures.ThreadPoolExecutor(4) as pool:
        swept = sweeper.submit(lambda: [cli.run("counts", "--repair").out for _ in range(5)])
        list(pool.map(work, range(10, 14)))
        # Recounting while others write finds nothing wrong.
        assert all("right" in out for out in swept.result())
    assert not wrong()
    cli.good("counts")


def test_a_total_is_never_ahead_of_what_was_committed_nor_behind(many, api):
    """While eight insert and whole blocks are taken in, somebody reads."""
    begun, answered = [], []
    lock = threading.Lock()

    def write(n):
        for i in range(60):
            with lock:
                begun.append(1)
            api.record(f"mentor-{n}", in_days(-9), in_days(900), f"type-{i}")
            with lock:
                answered.append(1)

    def read():
        least = len(answered)
        total = api.get(CERTIFICATIONS, limit=1).total - ROWS
        assert least <= total <= len(begun)
        return total

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        writers = [pool.submit(write, n) for n in range(1, 9)]
        totals = [read()]
        while not all(writer.done() for writer in writers):
            totals.append(read())
        for writer in writers:
            writer.result()
    assert totals == sorted(totals)
    assert read() == 480


def test_the_worker_takes_blocks_in_as_it_goes(database, api, many):
    for n in range(1, 8):
        for i in range(60):
            api.record(f"mentor-{n}", in_days(-9), in_days(900), f"type-{i}")
    assert uncounted(database, "certifications") < ROWS % 256 + 420


@pytest.mark.parametrize("path", LISTS)
def test_a_wrong_count_is_told_and_repaired(many, wrong, cli, database, path):
    table, _ = LISTS[path]
    all_rows = "list = %s AND level = 0 AND filter NOT IN ('opened', 'lock')"
    database.run(f"UPDATE counts SET number = number + 5 WHERE {all_rows}", table)
    spoilt = database.value(f"SELECT COUNT(*) FROM counts WHERE {all_rows}", table)
    database.run("DELETE FROM counts WHERE list = %s AND filter = 'seq' LIMIT 1", table)
    assert wrong([path])
    told = cli.run("counts")
    assert told.status == BAD_DATA
    assert "counts were wrong; counts --repair repairs them" in told.out
    assert told.err.count("count_wrong") == int(told.out.split()[0]) >= spoilt
    assert "missing=-5" in told.err or '"missing":-5' in told.err
    assert wrong([path])
    repaired = cli.good("counts", "--repair")
    assert "have been repaired" in repaired.out
    assert repaired.err.count("count_repaired") >= spoilt
    assert not wrong([path])
    assert "right" in cli.good("counts").out


def test_a_sweep_repairs_and_says_so(many, wrong, cli, database):
    database.run("UPDATE counts SET number = number - 7 WHERE list = 'certifications'"
                 " AND filter = 'certification_type'")
    assert wrong()
    done = cli.run("sweep")
    assert "counts were wrong and have been repaired" in done.err
    assert not wrong()
    assert "counts" not in cli.run("sweep").err


def test_rows_from_before_counting_are_counted_until_a_sweep_opens_their_list(
        database, hand, wrong, cli):
    """As the migration leaves them: said to be counted, and in no count."""
    plant_all(database, ROWS)
    for table in TABLES:
        database.run(f"UPDATE {table} SET counted = TRUE")
    database.run("DELETE FROM counts")
    assert not wrong()
    one = hand(3)
    for _ in range(40):
        one.act()
    assert not wrong()
    assert "counts" not in cli.run("sweep").err, "a first count is no repair"
    assert not wrong()
    assert database.value("SELECT COUNT(*) FROM counts WHERE filter = 'opened'") == len(TABLES)
    assert "right" in cli.good("counts").out


def test_repairs_at_once_add_what_is_missing_once(many, wrong, cli, database):
    database.run("DELETE FROM counts WHERE filter <> 'opened'")
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: cli.good("counts", "--repair"), range(6)))
    assert "right" in cli.good("counts").out
    assert not wrong()


def test_a_kill_while_rows_are_taken_in_leaves_every_total_right(database, cli, wrong):
    chance = random.Random(11)
    killed = 0
    for round_number in range(8):
        plant_all(database, 1500, first=1 + 1500 * round_number)
        with cli.start("counts", "--repair") as taking:
            try:
                taking.wait(chance.uniform(0.01, 0.2))
            except subprocess.TimeoutExpired:
                taking.kill()
                killed += 1
        assert not wrong()
    assert killed > 4, "too fast to be killed: this test shows nothing"
    cli.good("counts", "--repair")
    assert "right" in cli.good("counts").out


@pytest.mark.parametrize("path", LISTS)
def test_a_page_reads_few_rows_of_a_long_list(reader, database, cli, path):
    table, queries = LISTS[path]
    plant(database, table, 12000)
    cli.good("counts", "--repair")
    database.run(f"ANALYZE TABLE {table}")
    client = reader(path)
    client.get(path)
    nothing = rows_read(database)
    nothing = rows_read(database) - nothing
    asked = [{}, {"page": 100}, *(query for query, _ in queries if len(query) == 1)]
    for query in asked:
        before = rows_read(database)
        client.get(path, limit=50, **query)
        read = rows_read(database) - before - nothing
        assert read < 4000, query


def test_a_deep_page_of_one_value_does_not_walk_through_all_its_rows(api, database, cli):
    plant(database, "certifications", 40_000)
    cli.good("counts", "--repair")
    database.run("ANALYZE TABLE certifications")
    query = {"certification_type": "basic", "limit": 20}
    last = api.get(CERTIFICATIONS, **query).total // 20
    assert last * 20 > 26_000, last
    for page in (last // 2, last - 1):
        before = rows_read(database)
        reply = api.get(CERTIFICATIONS, page=page, **query)
        assert len(reply.items) == 20
        assert rows_read(database) - before < 10_000
        before = rows_read(database)
        assert api.get(reply.links["next"]).items, "by cursor"
        assert rows_read(database) - before < 1000


@pytest.mark.parametrize("path", LISTS)
def test_deep_pages_by_number_are_the_same_as_walking(reader, database, cli, path):
    """Through kept blocks, the rest that is not kept, and past the end."""
    table, _ = LISTS[path]
    plant(database, table, 2000)
    database.run(f"DELETE FROM {table} WHERE seq MOD 3 = 0 AND seq > 300 LIMIT 400")
    cli.good("counts", "--repair")
    plant(database, table, 90, first=3001)
    listed = "deleted_at IS NULL" if table == "reminders" else "TRUE"
    client = reader(path)
    sorts = {CERTIFICATIONS: ["expires_at", "-expires_at", "-created_at"],
             PAUSES: ["effective_date", "-created_at"], REMINDERS: ["sent_at"],
             NOTIFICATIONS: ["-expiry_date"]}.get(path, ["-applied_at"])
    key = {"certifications": "certification_id", "expiry_logs": "log_id",
           "expiry_notifications": "notification_id"}.get(table, "id")
    for sort in (None, *sorts):
        column, way = (sort or "-seq").lstrip("-"), "" if sort and sort[0] != "-" else "DESC"
        expected = [row[key] for row in database.run(
            f"SELECT {key} FROM {table} WHERE {listed} ORDER BY {column} {way}, seq {way}")]
        assert 1000 < len(expected) < 2090
        for page in (1, 5, 6, 7, 11, 14, len(expected) // 100, len(expected) // 100 + 1, 99):
            query = {"limit": 100, "page": page, **({"sort": sort} if sort else {})}
            reply = client.get(path, **query)
            assert [item[key] for item in reply.items] == \
                expected[100 * (page - 1):100 * page], (sort, page)
            assert reply.total == len(expected)
            assert ("next" in reply.links) == (100 * page < len(expected))


@pytest.mark.parametrize("path", LISTS)
def test_deep_pages_with_one_filter_are_the_same_as_walking(reader, database, cli, path):
    """Across the blocks of ten thousand numbers, and of hundred thousand, in which a value is kept."""
    table, queries = LISTS[path]
    plant(database, table, 1000)
    database.run(f"ALTER TABLE {table} AUTO_INCREMENT = 88500")
    plant(database, table, 2000, first=1001)
    database.run(f"ALTER TABLE {table} AUTO_INCREMENT = 99500")
    plant(database, table, 1000, first=3001)
    cli.good("counts", "--repair")
    plant(database, table, 90, first=4001)
    key = {"certifications": "certification_id", "expiry_logs": "log_id",
           "expiry_notifications": "notification_id"}.get(table, "id")
    for query, sql in queries:
        if len(query) != 1:
            continue
        expected = [row[key] for row in database.run(
            f"SELECT {key} FROM {table} WHERE {sql} ORDER BY seq DESC")]
        for page in (1, 6, 7, 8, 10, 13, 20, 25, 99):
            reply = reader(path).get(path, limit=100, page=page, **query)
            assert [item[key] for item in reply.items] == \
                expected[100 * (page - 1):100 * page], (query, page)
            assert ("next" in reply.links) == (100 * page < len(expected))


def test_a_count_does_not_grow_by_changing_the_same_rows(many, api, cli, database):
    """Each change is a part of its own, until parts are added up."""
    cert = database.value("SELECT certification_id FROM certifications WHERE counted LIMIT 1")
    for day in range(30):
        api.change(cert, expires_at=in_days(900 + day))
        database.run("UPDATE certifications SET counted = TRUE WHERE certification_id = 'nobody'")
    cli.good("counts", "--repair")
    assert database.value("SELECT COUNT(*) FROM counts WHERE part > 0") < 256 + 20


def plant_late(database, count):
    """Certifications that expired yesterday."""
    database.run(
        "INSERT INTO certifications (certification_id, mentor_id, certification_type, issued_at,"
        " expires_at, created_at, updated_at) SELECT CONCAT('late_', seq), CONCAT('mentor-', 1 + seq"
        " MOD 7), CONCAT('type-', seq), '2020-01-01', UTC_TIMESTAMP() - INTERVAL 1 DAY,"
        f" '2020-01-01', '2020-01-01' FROM {numbers(count)}")


def test_what_a_batch_writes_is_kept_at_once(database, wrong, cli):
    plant_late(database, 250)
    cli.sweep("--accept")
    assert database.value("SELECT COUNT(*) FROM expiry_logs") == 250
    assert {table: uncounted(database, table) for table in ("expiry_logs", "pause_events")} == \
        {"expiry_logs": 0, "pause_events": 0}
    assert not wrong()
    assert "right" in cli.good("counts").out


@pytest.fixture(params=[1, 3])
def step(request, server):
    """How far the numbers are apart that rows get: on a cluster, as many as it has nodes."""
    server.run(f"SET GLOBAL auto_increment_increment = {request.param}")
    yield request.param
    server.run("SET GLOBAL auto_increment_increment = 1")


def test_a_batch_is_counted_right_whatever_the_gaps_between_numbers(step, database, wrong, cli):
    cli.good("counts", "--repair")
    plant_late(database, 250)
    database.run("UPDATE certifications SET expires_at = UTC_TIMESTAMP() + INTERVAL 5 DAY"
                 " WHERE seq MOD 2 = 0")
    assert cli.good("sweep", "--accept").err == ""
    for table in ("expiry_logs", "pause_events", "reminders", "expiry_notifications"):
        first, last, rows = database.one(
            f"SELECT MIN(seq), MAX(seq), COUNT(*) FROM {table}").values()
        assert rows == 125 and last - first >= step * 124, table
    assert not wrong()


def test_adding_up_the_parts_of_many_batches_leaves_nothing_to_repair(database, wrong, cli):
    cli.good("counts", "--repair")
    plant_late(database, 6400)
    done = cli.with_settings(JOBS_BATCH=100).good("sweep", "--accept", patience=3 * env.PATIENCE)
    assert done.err == ""
    assert database.value("SELECT COUNT(*) FROM counts WHERE part > 0") == 0
    assert not wrong()


def test_lists_that_have_not_been_counted_are_told_and_counted_once(database, cli):
    database.run("DELETE FROM counts")
    assert "not been counted yet" in cli.good("counts").out
    cli.good("counts", "--repair")
    assert cli.good("counts").out == "all counts are right\n"


def test_nobody_waits_for_whoever_recounts(many, api, server, database, wrong):
    """Changes write parts, and adding these up takes the lock that a recount holds."""
    recounting = server.connect(database.name)
    recounting.begin()
    with recounting.cursor() as cursor:
        cursor.execute("SELECT number FROM counts WHERE list = 'expiry_notifications' AND filter ="
                       " 'lock' AND level = 0 AND value = '' AND part = 0 FOR UPDATE")
        begun = time.monotonic()
        for n in range(1, 140):
            api.put(NOTIFICATION.format(n=n), {
                "status": "acknowledged", "acknowledged_by": "coord-nora"})
        assert time.monotonic() - begun < 5  # as long as a lock is waited for
    recounting.rollback()
    recounting.close()
    assert database.value("SELECT COUNT(DISTINCT part) FROM counts WHERE list ="
                          " 'expiry_notifications'") > 64
    assert not wrong([NOTIFICATIONS])
