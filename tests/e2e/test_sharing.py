# SPDX-License-Identifier: MIT
"""Certifications that are recorded at the same moment share a transaction. Nobody notices: each gets
the answer that it would get alone. A worker of many threads is asked directly, so that many meet."""
import concurrent.futures
import re
import threading

import pymysql

from stack.api import CERTIFICATIONS
from stack.recorder import THREADS, at_once
from stack.times import in_days

LIFTED = "pause_lifted"


def kinds(database):
    """Of all certifications, by mentor."""
    return sorted((row["mentor_id"], row["certification_type"]) for row in database.run(
        "SELECT mentor_id, certification_type FROM certifications"))


def log_of(worker):
    """All of it."""
    return (worker.folder / f"{worker.name}.log").read_text()


def await_waiting(database, count):
    """Until so many wait for the lock of a mentor."""
    while database.value("SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE"
                         " '%INTO mentor_locks%' AND id <> CONNECTION_ID()") < count:
        pass


def test_each_gets_its_own_row_and_its_own_answer(recorder, database, api, crowd, shared):
    def record(number):
        mentor = crowd[number % 3 if number % 2 else number % len(crowd)]
        return number, mentor, recorder.record(mentor, f"kind-{number}", ends=100 + number,
                                               HTTP_X_REQUEST_ID=f"request-{number}")
    answers = at_once(record)
    shared["requests"] = len(answers)
    for number, mentor, (status, headers, made) in answers:
        assert (status, headers["x-request-id"]) == (201, f"request-{number}"), made
        assert (made["mentor_id"], made["certification_type"]) == (mentor, f"kind-{number}")
        assert headers["location"] == f"{CERTIFICATIONS}/{made['certification_id']}"
        detail = api.find(made["certification_id"])
        assert detail == {key: made[key] for key in detail}
    assert kinds(database) == sorted((mentor, f"kind-{number}") for number, mentor, _ in answers)
    assert api.get(CERTIFICATIONS).total == len(answers)
    told = re.findall(r"request_id=(request-\d+) ", log_of(recorder.worker))
    assert sorted(told) == sorted(f"request-{number}" for number, _, _ in answers)


def test_what_is_refused_alone_is_refused_and_nobody_else_suffers(recorder, database, crowd, shared):
    wrong = {"nobody": ("somebody-else", {}), "dates": (crowd[0], {"ends": -20}),
             "nobody, dates": ("somebody-else", {"ends": -20}), "x" * 70: (crowd[1], {})}
    alone = {kind: recorder.record(mentor, kind, **more) for kind, (mentor, more) in wrong.items()}

    def record(number):
        if number % 5:
            return None, recorder.record(crowd[number % len(crowd)], f"kind-{number}")
        kind = list(wrong)[number // 5 % len(wrong)]
        return kind, recorder.record(wrong[kind][0], kind, **wrong[kind][1])
    answers = at_once(record)
    shared["requests"] = len(answers)
    for kind, (status, _, answer) in answers:
        if kind is None:
            assert status == 201, answer
        else:
            assert status == 422 and answer["errors"] == alone[kind][2]["errors"]
            assert answer["detail"] == alone[kind][2]["detail"]
    assert len(kinds(database)) == sum(kind is None for kind, _ in answers)
    assert "level=error" not in log_of(recorder.worker)
    assert database.value("SELECT COUNT(*) FROM mentor_locks WHERE mentor_id = 'somebody-else'") == 0


def test_a_pause_is_lifted_once_while_others_record(recorder, api, crowd, ledger, shared):
    paused = crowd[:8]
    for mentor in paused:
        api.record(mentor, in_days(-400), in_days(-5), kind="driving")
    assert api.run_expiry_job()["auto_paused"] == len(paused)

    def record(number):
        if number % 10 < 2:  # both renew what each of these mentors is paused for
            return recorder.record(paused[number // 10 % len(paused)], "driving")[0]
        return recorder.record(crowd[8 + number % 20], f"kind-{number}")[0]
    answers = at_once(record)
    shared["requests"] = len(answers)
    assert set(answers) == {201}
    for mentor in paused:
        assert not ledger.is_paused(mentor)
        assert ledger.events(mentor) == ["pause_activated", "pause_deactivated"]
        assert len(ledger.messages(mentor, LIFTED)) == 2


def test_connections_that_are_lost_meanwhile_are_replaced_and_nothing_is_done_twice(
        recorder, database, crowd, shared):
    done = threading.Event()
    answers = []
    killed = []

    def record(number):
        answers.append(recorder.record(crowd[number % 30], f"kind-{number}")[0])

    def kill():
        """Each time that several times as many were answered as there are at once, so that nobody
        is always the one who loses."""
        last = 0
        while not done.wait(0.05):
            if len(answers) < last + 4 * THREADS:
                continue
            last = len(answers)
            for row in database.run("SELECT id FROM information_schema.processlist WHERE id <>"
                                     " CONNECTION_ID() AND command <> 'Daemon'"):
                try:
                    database.run(f"KILL {int(row['id'])}")
                    killed.append(row["id"])
                except pymysql.err.OperationalError:  # it has ended by itself
                    pass
    killer = threading.Thread(target=kill)
    killer.start()
    try:
        at_once(record)
    finally:
        done.set()
        killer.join()
    shared["requests"] = len(answers)
    assert killed
    assert set(answers) == {201}
    assert len(set(kinds(database))) == len(kinds(database)) == len(answers)


def test_who_waits_for_a_mentor_holds_nobody_up_for_long(recorder, database, server, crowd):
    """One mentor is locked: whoever comes a moment later has their answer before it is let go."""
    for mentor in crowd[:2]:
        assert recorder.record(mentor, "first")[0] == 201
    holder = server.connect(database.name)
    with holder.cursor() as cursor, concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        cursor.execute("START TRANSACTION")
        cursor.execute("UPDATE mentor_locks SET taken = 0 WHERE mentor_id = %s", crowd[0])
        held = pool.submit(recorder.record, crowd[0], "waits")
        await_waiting(database, 1)
        others = [pool.submit(recorder.record, crowd[1], f"kind-{n}") for n in range(8)]
        assert {other.result(timeout=4)[0] for other in others} == {201}
        assert not held.done()
        cursor.execute("ROLLBACK")
        assert held.result()[0] == 201
    holder.close()


def test_a_mentor_who_is_locked_for_too_long_is_their_own_trouble(recorder, database, server, crowd):
    """A lock is waited for 5 seconds, and then by each alone. While the first request leads, and is
    stuck, the others come; a tenth of a second later they share a transaction."""
    for mentor in crowd[:10]:
        assert recorder.record(mentor, "first")[0] == 201
    holder = server.connect(database.name)
    with holder.cursor() as cursor, concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        cursor.execute("START TRANSACTION")
        cursor.execute("UPDATE mentor_locks SET taken = 0 WHERE mentor_id IN (%s, %s)",
                       (crowd[8], crowd[9]))
        first = pool.submit(recorder.record, crowd[9], "second")
        await_waiting(database, 1)
        others = [pool.submit(recorder.record, mentor, "second") for mentor in crowd[:9]]
        await_waiting(database, 2)
        assert [other.result(timeout=9)[0] for other in others[:8]] == [201] * 8
        assert not others[8].done() and not first.done()
        cursor.execute("ROLLBACK")
        assert {first.result()[0], others[8].result()[0]} == {201}
    holder.close()
    assert len(kinds(database)) == 20
