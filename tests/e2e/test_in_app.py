# SPDX-License-Identifier: MIT
"""In-app messages: each person reads his or her own, and nobody else's."""
import concurrent.futures

import pytest

from stack import tokens
from stack.api import CERTIFICATIONS, IN_APP, PAUSES, REMINDERS
from stack.contract import doubled
from stack.directory import Directory
from stack.tables import numbers
from stack.times import in_days

KEYS = ["id", "kind", "title", "text", "mentor_id", "certification_id", "created_at", "read_at"]
KEY = {"Idempotency-Key": "a-key-of-this-test"}


def reader(api, subject, role="mentor", organisation=None):
    return api.signed_in(tokens.of(role, organisation, sub=subject))


@pytest.fixture
def mentor(api, directory):
    """Mentor 1, who reads in the app and nowhere else."""
    directory.prefers("mentor-1", "in_app")
    return reader(api, "mentor-1")


@pytest.fixture
def nora(api, directory):
    directory.prefers(Directory.COORDINATOR, "in_app")
    return reader(api, Directory.COORDINATOR, "coordinator", "org-oslo")


def pause(api, mentor_id="mentor-1", **more):
    reply = api.post(f"{PAUSES}/pause-activated", {"mentor_id": mentor_id, **more})
    assert reply.status == 200, reply


def remind(api, days=14, **more):
    reply = api.post(REMINDERS, {"mentor_id": "mentor-1", "coordinator_id": Directory.COORDINATOR,
                                 "days_remaining": days, "channel": "in_app", **more})
    assert reply.status == 201, reply


def mark(client, item):
    return client.post(f"{IN_APP}/{item['id']}/read")


def test_a_mentor_reads_what_he_was_told(api, mentor):
    certification = api.record("mentor-1", in_days(-300), in_days(14))["certification_id"]
    remind(api)
    reply = mentor.get(IN_APP)
    assert (reply.status, reply.total) == (200, 1)
    item = reply.items[0]
    assert list(item) == KEYS
    assert item["id"].startswith("msg-") and item["kind"] == "certification_expiring"
    assert item["title"] == "Sertifiseringen din peer_mentor_basic utløper om 14 dager"
    assert item["text"].startswith("Hei Mentor 1!\n\nSertifiseringen din peer_mentor_basic")
    assert (item["mentor_id"], item["certification_id"]) == ("mentor-1", certification)
    assert item["read_at"] is None
    assert mentor.get(doubled(IN_APP)).json == reply.json


def test_mentor_and_coordinator_each_read_their_own_words(api, mentor, nora):
    pause(api, pause_reason="studies")
    to_mentor, to_nora = mentor.get(IN_APP).items, nora.get(IN_APP).items
    assert [item["title"] for item in to_mentor] == ["Du er satt på pause som likeperson"]
    assert [item["title"] for item in to_nora] == ["Mentor 1 er satt på pause"]
    assert to_nora[0]["certification_id"] is None


def test_a_message_is_read_once_and_stays_read(api, mentor, database):
    pause(api)
    item = mentor.get(IN_APP).items[0]
    first = mark(mentor, item)
    assert first.status == 200
    assert first.json == {**item, "read_at": first.json["read_at"]} and first.json["read_at"]
    database.run("UPDATE messages SET read_at = '2026-01-02T03:04:05'")
    again = mark(mentor, item)
    assert (again.status, again.json["read_at"]) == (200, "2026-01-02T03:04:05Z")
    assert mentor.get(IN_APP).items == [again.json]


def test_only_what_is_unread_is_listed_when_that_is_asked(api, mentor):
    for _ in range(3):
        pause(api)
    newest, middle, oldest = mentor.get(IN_APP).items
    assert mark(mentor, middle).status == 200
    unread = mentor.get(IN_APP, unread="true")
    assert unread.total == 2
    assert [item["id"] for item in unread.items] == [newest["id"], oldest["id"]]
    assert mentor.get(IN_APP, unread="false").total == 3
    assert mentor.get(IN_APP, unread="maybe").fields == {"unread"}


def test_the_list_is_walked_by_pages_and_by_links_in_either_order(api, mentor):
    for _ in range(5):
        pause(api)
    ids = [item["id"] for item in mentor.get(IN_APP).items]
    assert ids == sorted(ids, reverse=True)
    assert [i["id"] for i in mentor.get(IN_APP, sort="created_at").items] == ids[::-1]
    assert [i["id"] for i in mentor.get(IN_APP, page=2, limit=2).items] == ids[2:4]
    seen, reply = [], mentor.get(IN_APP, limit=2)
    while True:
        seen += [item["id"] for item in reply.items]
        if "next" not in reply.links:
            break
        reply = mentor.get(reply.links["next"])
    assert seen == ids


def test_nobody_reads_or_marks_what_is_anothers(api, mentor, nora, database):
    pause(api)
    item = mentor.get(IN_APP).items[0]
    others = [reader(api, "mentor-2"), nora, reader(api, "mentor-1", "coordinator", "org-oslo"),
              reader(api, "mentor-1", "global_admin"), reader(api, "MENTOR-1"),
              reader(api, "mentor-11"), reader(api, "%")]
    for other in others:
        assert item["id"] not in [i["id"] for i in other.get(IN_APP).items]
        assert mark(other, item).status == 404
    assert [row["read_at"] for row in database.run("SELECT read_at FROM messages")] == [None, None]


def test_a_mentor_and_a_coordinator_of_the_same_id_do_not_see_each_others(api, directory):
    directory.add_coordinator("same", "Same Coordinator", None)
    directory.add_mentor("same", "Same Mentor", None, coordinator_id="same")
    directory.prefers("same", "in_app")
    pause(api, "same")
    assert [i["title"] for i in reader(api, "same").get(IN_APP).items] == \
        ["Du er satt på pause som likeperson"]
    assert [i["title"] for i in reader(api, "same", "coordinator", "org-oslo").get(IN_APP).items] \
        == ["Same Mentor er satt på pause"]


def test_mails_are_not_shown_in_the_app(api, directory):
    directory.prefers("mentor-1", "in_app,email")
    pause(api)
    assert reader(api, "mentor-1").get(IN_APP).total == 1


@pytest.mark.parametrize("subject", [None, ""])
def test_a_token_that_names_nobody_has_no_messages(api, subject):
    client = reader(api, subject, "coordinator", "org-oslo")
    reply = client.get(IN_APP)
    assert reply.status == 403 and "sub" in reply.json["detail"]
    assert client.post(f"{IN_APP}/msg-00001/read").status == 403


@pytest.mark.parametrize("subject", [None, ""])
def test_a_mentors_token_must_say_which_mentor(api, subject):
    assert reader(api, subject).get(IN_APP).status == 401


@pytest.mark.parametrize("name", ["msg-0", "msg-1", "msg-000001", "1", "msg--0001", "msg-00001x",
                                  "msg-99999999999999999999", "x-00001"])
def test_an_id_has_one_form(api, mentor, database, name):
    pause(api)
    database.run("UPDATE messages SET seq = 1 WHERE channel = 'in_app'")
    assert mentor.post(f"{IN_APP}/{name}/read").status == 404
    assert mentor.post(f"{IN_APP}/msg-00001/read").status == 200


def test_a_key_makes_a_repeat_the_first_answer(api, mentor, server, database):
    pause(api)
    path = f"{IN_APP}/{mentor.get(IN_APP).items[0]['id']}/read"
    first = mentor.post(path, headers=KEY)
    other = server.connect(database.name)
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT * FROM idempotency_keys FOR UPDATE")
        assert mentor.post(path, headers=KEY).status == 409
        cursor.execute("ROLLBACK")
    other.close()
    again = mentor.post(path, headers=KEY)
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_two_who_mark_it_at_once_agree_when_it_was_read(api, mentor):
    pause(api)
    item = mentor.get(IN_APP).items[0]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: mark(mentor, item), range(8)))
    assert {reply.status for reply in replies} == {200}
    assert len({reply.json["read_at"] for reply in replies}) == 1


def test_a_message_says_what_is_true_when_it_is_read(api, mentor, database):
    """A reminder of last week, about a certification that has expired since."""
    api.record("mentor-1", in_days(-300), in_days(5))
    remind(api, 7)
    database.run("UPDATE messages SET facts = JSON_SET(facts, '$.expires_at', %s)", in_days(-3))
    assert mentor.get(IN_APP).items[0]["title"] == \
        "Sertifiseringen din peer_mentor_basic er utløpt"
    assert "utløp for 3 dager siden" in mentor.get(IN_APP).items[0]["text"]


def test_a_hundred_messages_are_one_page(api, mentor, database):
    pause(api)
    for _ in range(7):
        database.run(
            "INSERT INTO messages (delivery_id, kind, channel, recipient_role, recipient_id,"
            " recipient_name, address, language, mentor_id, facts, state, sent_at,"
            " next_attempt_at, created_at) SELECT UUID(), kind, channel, recipient_role,"
            " recipient_id, recipient_name, address, language, mentor_id, facts, state, sent_at,"
            " next_attempt_at, created_at FROM messages WHERE channel = 'in_app'")
    reply = mentor.get(IN_APP, limit=100)
    assert (len(reply.items), reply.total) == (100, 128)
    assert {item["title"] for item in reply.items} == {"Du er satt på pause som likeperson"}


def test_the_recipients_list_costs_no_look_at_others(api, mentor, database):
    """One index finds one person's messages among all, and has them in their order."""
    pause(api)
    columns = ("kind, channel, recipient_role, recipient_name, address, language, mentor_id, facts,"
               " state, sent_at, next_attempt_at, created_at")
    database.run(
        f"INSERT INTO messages (delivery_id, recipient_id, {columns}) SELECT CONCAT(m.seq, '/',"
        f" numbers.seq), IF(numbers.seq MOD 10 = 0, 'mentor-1', CONCAT('other-', numbers.seq)), {columns}"
        f" FROM messages m JOIN {numbers(4000)} WHERE channel = 'in_app' AND"
        " recipient_id = 'mentor-1'")
    database.run("ANALYZE TABLE messages")
    plan = database.one(
        "EXPLAIN FORMAT = TRADITIONAL SELECT seq, read_at FROM messages WHERE channel = 'in_app' AND"
        " recipient_id = 'mentor-1' AND recipient_role = 'mentor' AND state = 'sent'"
        " ORDER BY seq DESC LIMIT 21")
    assert plan["key"] == "messages_in_order" and "filesort" not in plan["Extra"], plan
    assert (len(mentor.get(IN_APP).items), mentor.get(IN_APP).total) == (20, 401)


def test_contract_2_stays_closed_to_mentors(mentor):
    assert mentor.get(PAUSES).status == 403
    assert mentor.get(CERTIFICATIONS).status == 200
