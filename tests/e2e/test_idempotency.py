# SPDX-License-Identifier: MIT
"""Idempotency-Key on every POST: whoever asks again gets the first answer again, and nothing
happens twice."""
import concurrent.futures
import threading
import time

import pytest

from stack import env, tokens
from stack.api import CERTIFICATIONS, PAUSES, RUN
from stack.contract import doubled
from stack.routes import find, those
from stack.times import in_days

pytestmark = pytest.mark.usefixtures("directory")

ACTIVATED = f"{PAUSES}/pause-activated"
ORDER = {"mentor_id": "mentor-1", "pause_reason": "studies"}
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
POSTS = those(lambda route: route.method == "POST" and not route.is_by_id)


def with_key(key):
    return {"Idempotency-Key": key}


def is_replayed(reply):
    replayed = reply.headers["Idempotency-Replayed"]
    assert replayed in (None, "true")
    return replayed is not None


def other_body(route):
    """Another good body for it."""
    if "dry_run" in route.body:
        return {"dry_run": True}
    key = "peer_mentor_id" if "peer_mentor_id" in route.body else "mentor_id"
    return {**route.body, key: "mentor-2"}


@pytest.mark.parametrize("route", **POSTS)
def test_the_same_request_again_is_the_first_answer_again(api, database, mail, route):
    first = route.call(api, headers=with_key(KEY))
    assert first.status in (200, 201) and not is_replayed(first)
    after, mails = database.checksums(), len(mail.mails)
    for path in (route.path, route.path, doubled(route.path)):
        again = route.client(api).post(path, route.body, headers=with_key(KEY))
        assert is_replayed(again)
        assert (again.status, again.body) == (first.status, first.body)
        assert again.headers["Location"] == first.headers["Location"]
        assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert database.checksums() == after
    assert len(mail.mails) == mails


@pytest.mark.parametrize("route", **POSTS)
def test_the_key_of_another_request_is_422(api, database, route):
    assert route.call(api, headers=with_key(KEY)).status in (200, 201)
    after = database.checksums()
    reply = route.client(api).post(route.path, other_body(route), headers=with_key(KEY))
    assert (reply.status, reply.fields) == (422, set())
    assert not is_replayed(reply)
    assert database.checksums() == after
    # The first answer is still there.
    assert is_replayed(route.call(api, headers=with_key(KEY)))


@pytest.mark.parametrize("route", **POSTS)
def test_while_the_first_request_runs_the_second_is_409(api, server, database, route):
    assert route.call(api, headers=with_key(KEY)).status in (200, 201)
    other = server.connect(database.name)
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT * FROM idempotency_keys WHERE idempotency_key = %s FOR UPDATE", KEY)
        reply = route.call(api, headers=with_key(KEY))
        cursor.execute("ROLLBACK")
    other.close()
    assert reply.status == 409
    assert is_replayed(route.call(api, headers=with_key(KEY)))


@pytest.mark.parametrize("route", **POSTS)
def test_without_a_key_all_happens_again(api, database, route):
    before = database.counts()
    route.call(api)
    once = database.counts()
    assert not is_replayed(route.call(api))
    twice = database.counts()
    table = next(t for t in ("job_runs", "certifications", "expiry_notifications", "messages")
                 if once[t] > before[t])
    assert twice[table] - once[table] == once[table] - before[table]
    assert twice["idempotency_keys"] == 0


@pytest.mark.parametrize("route", **POSTS)
def test_a_refusal_does_not_use_the_key_up(api, database, route):
    client = route.client(api)
    bad = {**route.body, "colour": "red"}
    for body, status in ((bad, 422), (b"{", 400), (bad, 422)):
        assert client.post(route.path, body, headers=with_key(KEY)).status == status
    assert database.counts()["idempotency_keys"] == 0
    reply = client.post(route.path, route.body, headers=with_key(KEY))
    assert reply.status in (200, 201) and not is_replayed(reply)


# A key

@pytest.mark.parametrize("key", ["x", "!", "~", "a b", '"8e03978e-40d5"', "/" * 255])
def test_a_key_is_any_printable_text(api, database, key):
    assert not is_replayed(api.post(ACTIVATED, ORDER, headers=with_key(key)))
    assert is_replayed(api.post(ACTIVATED, ORDER, headers=with_key(key)))
    assert database.counts()["pauses"] == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "nøkkel", "a\tb", "a\x7fb"])
def test_what_is_no_key_is_400(api, database, key):
    before = database.checksums()
    assert api.post(ACTIVATED, ORDER, headers=with_key(key.encode("latin-1"))).status == 400
    assert database.checksums() == before


def test_keys_differ_in_every_letter(api, database):
    for key in ("abc", "ABC", "abc.", "abcd"):
        assert not is_replayed(api.post(ACTIVATED, ORDER, headers=with_key(key)))
    assert database.counts()["pause_events"] == 4


def test_a_key_belongs_to_one_endpoint(api):
    for action in ("pause-activated", "pause-lifted"):
        reply = api.post(f"{PAUSES}/{action}", {"mentor_id": "mentor-1"}, headers=with_key(KEY))
        assert reply.status == 200 and not is_replayed(reply)


def test_a_key_belongs_to_one_caller(api, directory):
    """Nobody can be told another's answer by guessing a key."""
    directory.add_bergen()
    body = find("POST", PAUSES).body
    callers = [api.signed_in(tokens.of("org_admin", organisation, sub=subject))
               for organisation, subject in (("org-oslo", "a"), ("org-oslo", "b"),
                                             ("org-oslo", None))]
    ids = {caller.post(PAUSES, body, headers=with_key(KEY)).json["id"] for caller in callers}
    assert len(ids) == 3
    stranger = api.signed_in(tokens.of("org_admin", "org-bergen", sub="a"))
    assert stranger.post(PAUSES, body, headers=with_key(KEY)).status == 422
    body = {**body, "peer_mentor_id": "mentor-bergen"}
    assert not is_replayed(stranger.post(PAUSES, body, headers=with_key(KEY)))
    assert all(is_replayed(caller.post(PAUSES, find("POST", PAUSES).body, headers=with_key(KEY)))
               for caller in callers)


@pytest.mark.parametrize("subject", ["s" * 64, "s" * 255, ("Åse Ødegård ✓ " * 18).strip(),
                                     "a/b c"],
                         ids=["64", "255", "of any script", "with a slash"])
def test_a_caller_of_any_name_may_use_keys(api, subject):
    caller = api.signed_in(tokens.of("org_admin", "org-oslo", sub=subject))
    body = find("POST", PAUSES).body
    assert caller.post(PAUSES, body, headers=with_key("k" * 255)).status == 201
    assert is_replayed(caller.post(PAUSES, body, headers=with_key("k" * 255)))


def test_callers_whose_names_run_together_are_two(api, directory, database):
    """Organisation and subject are told apart, whatever characters they have."""
    database.run("INSERT INTO organisations VALUES ('org', 'Org'), ('org/a', 'Org A')")
    directory.add_mentor("mentor-x", organisation="org")
    directory.add_mentor("mentor-y", organisation="org/a")
    body = {**find("POST", PAUSES).body, "peer_mentor_id": "mentor-x"}
    one = api.signed_in(tokens.of("org_admin", "org", sub="a/b"))
    other = api.signed_in(tokens.of("org_admin", "org/a", sub="b"))
    assert one.post(PAUSES, body, headers=with_key(KEY)).status == 201
    reply = other.post(PAUSES, body, headers=with_key(KEY))
    assert not is_replayed(reply)
    assert (reply.status, reply.fields) == (422, {"peer_mentor_id"})


def test_another_method_has_no_use_for_a_key(api, database):
    made = find("PUT", f"{CERTIFICATIONS}/:id").made(api)
    for days in (400, 500):
        reply = api.put(f"{CERTIFICATIONS}/{made}", {"expires_at": in_days(days)},
                        headers=with_key(KEY))
        assert reply.status == 200 and not is_replayed(reply)
    assert api.get(CERTIFICATIONS, headers=with_key("")).status == 200
    assert database.counts()["idempotency_keys"] == 0


def test_the_same_order_in_other_words_is_another_body(api):
    assert api.post(ACTIVATED, b'{"mentor_id": "mentor-1"}', headers=with_key(KEY)).status == 200
    assert api.post(ACTIVATED, b'{"mentor_id":"mentor-1"}', headers=with_key(KEY)).status == 422


# How long

def age(database, hours):
    database.run("UPDATE idempotency_keys SET created_at = created_at - INTERVAL %s HOUR,"
                 " expires_at = expires_at - INTERVAL %s HOUR", hours, hours)


def test_a_key_is_kept_for_a_day_and_then_free(api, database):
    assert not is_replayed(api.post(ACTIVATED, ORDER, headers=with_key(KEY)))
    age(database, 23)
    assert is_replayed(api.post(ACTIVATED, ORDER, headers=with_key(KEY)))
    age(database, 2)
    other = {"mentor_id": "mentor-2"}
    assert not is_replayed(api.post(ACTIVATED, other, headers=with_key(KEY)))
    assert is_replayed(api.post(ACTIVATED, other, headers=with_key(KEY)))


def test_a_sweep_clears_away_what_is_older(api, cli, database):
    api.post(ACTIVATED, ORDER, headers=with_key("old"))
    age(database, 25)
    api.post(ACTIVATED, ORDER, headers=with_key("new"))
    cli.sweep()
    assert [row["idempotency_key"] for row in database.run(
        "SELECT idempotency_key FROM idempotency_keys")] == ["new"]


# Many at once

def parallel(count, call):
    """call(0 … count - 1), all let go at the same moment."""
    gate = threading.Barrier(count)

    def wait_and_call(n):
        gate.wait(env.PATIENCE)
        return call(n)
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(wait_and_call, range(count)))


def check_one_effect(replies):
    """One did it; the others were told what came of it, or that it still runs."""
    assert {reply.status for reply in replies} <= {200, 201, 409}
    done = [reply for reply in replies if reply.status != 409]
    assert len([reply for reply in done if not is_replayed(reply)]) == 1
    return next(reply for reply in done if not is_replayed(reply)), done


def test_sixty_four_requests_with_one_key_have_one_effect(api, database, mail):
    replies = parallel(64, lambda n: api.post(ACTIVATED, ORDER, headers=with_key(KEY)))
    first, _ = check_one_effect(replies)
    counts = database.counts()
    assert (counts["pauses"], counts["pause_events"], counts["messages"]) == (1, 1, 2)
    assert [n["status"] for n in first.json["notifications_dispatched"]] == ["sent", "sent"]
    assert len(mail.mails) == 2
    assert mail.mail_to("mentor-1@example.org") and mail.mail_to("nora.asen@example.org")
    again = api.post(ACTIVATED, ORDER, headers=with_key(KEY))
    assert is_replayed(again) and again.body == first.body


def test_whoever_is_replayed_while_mails_go_out_is_told_no_other_answer(api, mail):
    """The answer says what became of the messages, so it is the first one's or none yet."""
    mail.delay = 0.3

    def late(n):
        time.sleep(n * 0.05)
        return api.post(ACTIVATED, ORDER, headers=with_key(KEY))
    replies = parallel(16, late)
    first, done = check_one_effect(replies)
    assert {reply.body for reply in done} == {first.body}


def test_sixty_four_requests_with_one_key_create_one_thing(api, database):
    route = find("POST", CERTIFICATIONS)
    replies = parallel(64, lambda n: route.call(api, headers=with_key(KEY)))
    first, done = check_one_effect(replies)
    assert {reply.body for reply in done} == {first.body}
    assert database.counts()["certifications"] == 1


def test_sixty_four_requests_with_keys_of_their_own_all_happen(api, database):
    route = find("POST", CERTIFICATIONS)
    replies = parallel(64, lambda n: route.call(api, headers=with_key(f"key-{n}")))
    assert {reply.status for reply in replies} == {201}
    assert database.counts()["certifications"] == 64


# Jobs

def test_a_job_with_a_key_runs_once(api, database, ledger):
    api.record("mentor-1", in_days(-400), in_days(-1))
    first = api.post(RUN, {"dry_run": False}, headers=with_key(KEY))
    assert first.json["auto_paused"] == 1
    again = api.post(RUN, {"dry_run": False}, headers=with_key(KEY))
    assert is_replayed(again) and again.body == first.body
    assert database.counts()["job_runs"] == 1
    assert api.post(RUN, {"dry_run": True}, headers=with_key(KEY)).status == 422


def test_while_a_job_runs_its_key_is_409_and_then_its_answer(api, ledger):
    for mentor in ("mentor-1", "mentor-2"):
        api.record(mentor, in_days(-400), in_days(-1))
    ledger.slow_down("pauses", 0.5)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(api.post, RUN, {}, headers=with_key(KEY))
        env.wait_until(lambda: ledger.database.counts()["leases"], "the job to begin")
        second = api.post(RUN, {}, headers=with_key(KEY))
        other = api.post(RUN, {}, headers=with_key("another"))
        first = running.result()
    assert first.json["auto_paused"] == 2
    assert (second.status, other.status) == (409, 409)
    assert "Idempotency-Key" in second.json["detail"]
    assert "Idempotency-Key" not in other.json["detail"]
    assert is_replayed(api.post(RUN, {}, headers=with_key(KEY)))
    # What was refused has not used its key up.
    free = api.post(RUN, {}, headers=with_key("another"))
    assert free.status == 200 and not is_replayed(free)


def test_sixteen_runs_with_one_key_are_one(api, database, mail):
    api.record("mentor-1", in_days(-400), in_days(-1))
    replies = parallel(16, lambda n: api.post(RUN, {}, headers=with_key(KEY)))
    first, done = check_one_effect(replies)
    assert {reply.body for reply in done} == {first.body}
    assert database.counts()["job_runs"] == 1
    assert len(mail.mails) == 2


def test_a_job_whose_worker_died_leaves_its_key_free_after_a_while(api, database):
    api.post(RUN, {}, headers=with_key(KEY))
    database.run("UPDATE idempotency_keys SET status = 0, body = ''")
    assert api.post(RUN, {}, headers=with_key(KEY)).status == 409
    database.run("UPDATE idempotency_keys SET created_at = created_at - INTERVAL 11 MINUTE")
    reply = api.post(RUN, {}, headers=with_key(KEY))
    assert reply.status == 200 and not is_replayed(reply)


# Mail that does not go out at once

def test_queued_messages_stay_queued_in_the_answer(api, mail, cli, ledger):
    """The first answer again, not what has become of it since: that is asked elsewhere."""
    mail.refused["mentor-1@example.org"] = "451 later"
    first = api.post(ACTIVATED, ORDER, headers=with_key(KEY))
    assert [n["status"] for n in first.json["notifications_dispatched"]] == ["queued", "sent"]
    mail.refused.clear()
    ledger.time_passes()
    cli.sweep()
    again = api.post(ACTIVATED, ORDER, headers=with_key(KEY))
    assert is_replayed(again) and again.body == first.body
