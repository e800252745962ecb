# SPDX-License-Identifier: MIT
"""The line to the database breaks at COMMIT, before or after the server has heard it. The client
gets the true answer, and what it asked for is done once."""
import concurrent.futures
import json
import threading

import pytest

from stack.api import CERTIFICATIONS, PAUSES
from stack.cut import CutLine
from stack.fastcgi import Connection
from stack.times import in_days
from stack.worker import Worker

SHORT, LONG = 60, 200


@pytest.fixture
def line(server, folder):
    line = CutLine(folder / "line.sock", server.socket)
    yield line
    line.stop()
    line.path.unlink()


@pytest.fixture
def threads():
    return 2


@pytest.fixture
def behind(line, settings, folder, directory, threads):
    """ask(method, path, body, **CGI variables): one request to a worker behind that line."""
    worker = Worker(folder, {**settings, "MENTORWATCH_DATABASE_SOCKET": str(line.path)},
                    name="behind", threads=threads)
    worker.start()

    def ask(method, path, body=None, **more):
        data = b"" if body is None else json.dumps(body).encode()
        with Connection(worker.socket) as connection:
            status, headers, answer = connection.ask(method, path, data, **more)
        return status, headers, json.loads(answer) if answer else None
    yield ask
    worker.stop()


class Cutter:
    """Cuts one COMMIT for each request, and sees that it was."""

    def __init__(self, line, behind, database):
        self.line = line
        self.behind = behind
        self.database = database
        self.number = 0

    def kind(self):
        self.number += 1
        return f"kind-{self.number}"

    def cut(self, forwarded, *request, commit=1, **more):
        before = self.line.cuts
        self.line.cut_commit(commit, forwarded)
        answer = self.behind(*request, **more)
        assert self.line.cuts == before + 1, answer
        return answer

    def holds(self, **expected):
        """One certification with these columns."""
        where = " AND ".join(f"{name} = %s" for name in expected)
        return self.database.value(f"SELECT COUNT(*) FROM certifications WHERE {where}",
                                   *expected.values())

    @staticmethod
    def body(kind):
        return {"mentor_id": "mentor-1", "certification_type": kind, "issued_at": in_days(-10),
                "expires_at": in_days(400)}

    def made(self):
        status, headers, _ = self.behind("POST", CERTIFICATIONS, self.body(self.kind()))
        assert status == 201
        status, headers, answer = self.behind("GET", headers["location"])
        assert status == 200
        return answer["certification_id"], headers["etag"]

    # The kinds of requests.

    def post(self, forwarded):
        kind = self.kind()
        status, _, answer = self.cut(forwarded, "POST", CERTIFICATIONS, self.body(kind))
        assert status == 201
        assert self.holds(certification_type=kind) == 1
        assert self.holds(certification_id=answer["certification_id"]) == 1

    def post_with_key(self, forwarded):
        kind = self.kind()
        body = self.body(kind)
        status, headers, answer = self.cut(forwarded, "POST", CERTIFICATIONS, body,
                                           HTTP_IDEMPOTENCY_KEY=kind)
        assert status == 201 and "idempotency-replayed" not in headers
        status, headers, again = self.behind("POST", CERTIFICATIONS, body,
                                             HTTP_IDEMPOTENCY_KEY=kind)
        assert (status, headers["idempotency-replayed"], again) == (201, "true", answer)
        assert self.holds(certification_type=kind) == 1

    def put_with_etag(self, forwarded):
        name, etag = self.made()
        becomes = in_days(500)
        status, _, answer = self.cut(forwarded, "PUT", f"{CERTIFICATIONS}/{name}",
                                     {"expires_at": becomes}, HTTP_IF_MATCH=etag)
        assert (status, answer["expires_at"]) == (200, becomes), answer
        status, _, _ = self.behind("PUT", f"{CERTIFICATIONS}/{name}",
                                   {"expires_at": in_days(600)}, HTTP_IF_MATCH=etag)
        assert status == 412
        assert self.holds(certification_id=name, version=2) == 1

    def delete(self, forwarded):
        name, _ = self.made()
        status, _, answer = self.cut(forwarded, "DELETE", f"{CERTIFICATIONS}/{name}")
        assert (status, answer["deleted"]) == (200, True), answer
        assert self.behind("DELETE", f"{CERTIFICATIONS}/{name}")[0] == 404

    def pause(self, forwarded):
        """Its answer is made after the delivery: the messages of the unit are known all the same."""
        reason = self.kind()
        status, _, answer = self.cut(forwarded, "POST", f"{PAUSES}/pause-activated",
                                     {"mentor_id": "mentor-2", "pause_reason": reason})
        assert status == 200
        assert [told["status"] for told in answer["notifications_dispatched"]] == ["sent", "sent"]
        assert self.database.value("SELECT COUNT(*) FROM pause_events WHERE reason = %s",
                                   reason) == 1


@pytest.mark.parametrize("forwarded", [True, False], ids=["forwarded", "not forwarded"])
@pytest.mark.parametrize("kind", ["post", "post_with_key", "put_with_etag", "delete", "pause"])
def test_a_request_whose_commit_is_cut_is_done_once_and_answered(
        line, behind, database, mail, form, forwarded, kind):
    cutter = Cutter(line, behind, database)
    number = form(SHORT, LONG) // 10
    for _ in range(number):
        getattr(cutter, kind)(forwarded)
    assert line.cuts == number
    assert len({letter["Message-ID"] for letter in mail.mails}) == len(mail.mails)


@pytest.mark.parametrize("forwarded", [True, False], ids=["forwarded", "not forwarded"])
def test_a_job_that_was_ordered_tells_what_it_did_wherever_it_is_cut(
        line, behind, database, world, forwarded):
    """With a key, there are commits for the key, the lease, the run, each batch and the end."""
    for commit in range(1, 20):
        world.begin(expired=2, two=1)
        line.cuts = 0
        line.cut_commit(commit, forwarded)
        status, _, answer = behind("POST", f"{CERTIFICATIONS}/expiry-job/run", {},
                                   HTTP_IDEMPOTENCY_KEY="run")
        assert (status, answer["auto_paused"]) == (200, 3), answer
        assert database.value("SELECT COUNT(*) FROM job_runs") == 1
        assert database.value("SELECT COUNT(*) FROM messages WHERE state = 'sent'"
                              " AND channel = 'email'") == 6
        if line.cuts == 0:
            break
    assert commit > 6


# A transaction that several requests share (src/http/together.h).

MANY, EACH = 12, 4
IN_DOUBT = "look whether the change was made"


def record_at_once(behind, name):
    """{kind: status and answer} of MANY threads that record EACH, all beginning together."""
    start = threading.Barrier(MANY)

    def run(thread):
        start.wait()
        answers = {}
        for n in range(EACH):
            kind = f"{name}-{thread}-{n}"
            status, _, answer = behind("POST", CERTIFICATIONS, {
                **Cutter.body(kind), "mentor_id": f"mentor-{1 + thread % 6}"})
            answers[kind] = (status, answer)
        return answers
    with concurrent.futures.ThreadPoolExecutor(MANY) as pool:
        return {kind: answer for answers in pool.map(run, range(MANY))
                for kind, answer in answers.items()}


def times_made(database):
    return {row["certification_type"]: row["n"] for row in database.run(
        "SELECT certification_type, COUNT(*) AS n FROM certifications GROUP BY 1")}


@pytest.mark.parametrize("forwarded", [True, False], ids=["forwarded", "not forwarded"])
@pytest.mark.parametrize("threads", [MANY])
def test_requests_that_share_a_transaction_whose_commit_is_cut_are_done_once_and_answered(
        line, behind, database, form, forwarded):
    wanted = {}
    for number in range(form(5, 50)):
        line.cut_commit(2 + number % 3, forwarded)
        answers = record_at_once(behind, f"round-{number}")
        assert {status for status, _ in answers.values()} == {201}
        wanted.update(dict.fromkeys(answers, 1))
    assert line.cuts == form(5, 50)
    assert times_made(database) == wanted


@pytest.mark.parametrize("forwarded", [True, False], ids=["forwarded", "not forwarded"])
@pytest.mark.parametrize("threads", [MANY])
def test_requests_that_share_a_commit_that_stays_unknown_all_hear_so(
        line, behind, database, ledger, forwarded):
    """The first one inserts alone; all others come meanwhile."""
    ledger.slow_down("certifications", 0.005)
    line.cut_commit(2, forwarded, for_good=True)
    answers = record_at_once(behind, "kind")
    doubtful = [kind for kind, (status, answer) in answers.items()
                if status == 503 and IN_DOUBT in answer["detail"]]
    assert {status for status, _ in answers.values()} == {201, 503}
    assert len(doubtful) > 1, "none was shared: this shows nothing"
    made = times_made(database)
    for kind, (status, _) in answers.items():
        there = status == 201 or (forwarded and kind in doubtful)
        assert made.get(kind, 0) == there, kind
