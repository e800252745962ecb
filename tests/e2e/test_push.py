# SPDX-License-Identifier: MIT
"""Push: signed webhooks and templates, to targets that others chose."""
import base64
import concurrent.futures
import email.header
import json
import re
import shutil
import socket

import pytest

from stack import env
from stack.receiver import Receiver

SECRET = "whsec_" + base64.b64encode(bytes(range(24))).decode()
NEW_SECRET = "whsec_" + base64.b64encode(bytes(range(100, 164))).decode()
MENTOR = "mentor-1"
ON_LOOPBACK = {"PUSH_PRIVATE_ADDRESSES": "allow", "PUSH_PLAIN_HTTP": "allow",
               "PUSH_TIMEOUT": "5"}

pytestmark = pytest.mark.usefixtures("directory")


@pytest.fixture(scope="module")
def a_receiver():
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def receiver(a_receiver):
    a_receiver.forget()
    return a_receiver


@pytest.fixture(scope="module")
def quiet_api(settings, new_site):
    """The API where requests deliver nothing by themselves."""
    return new_site("quiet", {**settings, "MENTORWATCH_NOTIFY_DEADLINE": "0"})


class Pushing:
    """A mentor who is pushed to, and what becomes of a message to them."""

    def __init__(self, database, cli, api):
        self.database = database
        self.cli = cli.with_settings(PUSH_SECRET=SECRET, **ON_LOOPBACK)
        self.api = api

    def to(self, target):
        """From now on the mentor has this target and no address."""
        self.database.run("UPDATE mentors SET push_target = %s, channels = 'push', email = NULL"
                          " WHERE mentor_id = %s", target, MENTOR)
        return self

    def enqueue(self, **more):
        reply = self.api.post("/api/v1/pause-notifications/pause-activated",
                              {"mentor_id": MENTOR, "pause_reason": "studies", **more})
        assert reply.status == 200, reply

    def dispatch(self, **settings):
        """The message (a row) after one try."""
        self.again()
        self.cli.with_settings(**settings).run("dispatch")
        return self.message()

    def send(self, **settings):
        self.enqueue()
        return self.dispatch(**settings)

    def again(self):
        """As if the time for the next try had come."""
        self.database.run("UPDATE messages SET next_attempt_at = UTC_TIMESTAMP(3)"
                          " WHERE state = 'queued'")

    def message(self):
        return self.database.one(
            "SELECT m.*, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), next_attempt_at) AS wait,"
            " (SELECT GROUP_CONCAT(result ORDER BY a.seq) FROM message_attempts a"
            " WHERE a.message_seq = m.seq) AS results FROM messages m WHERE channel = 'push'")


@pytest.fixture
def pushing(database, cli, quiet_api):
    return Pushing(database, cli, quiet_api)


# A webhook

def test_a_webhook_is_signed_and_says_what_a_mail_would(pushing, receiver):
    message = pushing.to(receiver.at("/hook?key=1")).send()
    post = receiver.post
    assert (message["state"], message["results"]) == ("sent", "sent")
    assert post.path == "/hook?key=1"
    assert post.headers["Content-Type"] == "application/json"
    assert post.headers["webhook-id"] == message["delivery_id"]
    assert post.signatures() == [post.signature_by(SECRET)]
    now = pushing.database.value("SELECT UNIX_TIMESTAMP(UTC_TIMESTAMP())")
    assert abs(int(post.headers["webhook-timestamp"]) - now) < 60
    body = post.json
    assert set(body) == {"type", "timestamp", "data"}
    assert body["type"] == "pause_activated"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body["timestamp"])
    assert body["data"]["recipient_id"] == body["data"]["mentor_id"] == MENTOR
    assert body["data"]["recipient_role"] == "mentor"
    assert body["data"]["facts"]["reason"] == "studies"
    assert "studies" in body["data"]["text"] and body["data"]["title"]
    assert len(post.body) < 20_000


def test_a_webhook_that_is_repeated_keeps_its_id_and_is_signed_anew(pushing, receiver):
    pushing.to(receiver.at())
    receiver.status = 500
    pushing.send()
    receiver.status = 200
    assert pushing.dispatch()["state"] == "sent"
    first, second = receiver.posts
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert second.signatures() == [second.signature_by(SECRET)]


def test_each_secret_signs_while_they_are_changed(pushing, receiver):
    pushing.to(receiver.at()).send(PUSH_SECRET=f"{SECRET} {NEW_SECRET}")
    post = receiver.post
    assert post.signatures() == [post.signature_by(SECRET), post.signature_by(NEW_SECRET)]


def test_without_a_secret_no_webhook_is_sent_and_the_message_waits(pushing, receiver):
    message = pushing.to(receiver.at()).send(PUSH_SECRET="")
    assert receiver.posts == []
    assert message["state"] == "queued" and "push.secret" in message["last_error"]


def test_the_largest_message_stays_below_the_limit_of_the_standard(pushing, receiver):
    pushing.to(receiver.at())
    pushing.database.run("UPDATE mentors SET name = REPEAT('\U0001F600', 255)")
    pushing.enqueue(pause_reason="\U0001F600\"\\" * 166)
    pushing.dispatch()
    assert receiver.post.json["data"]["facts"]["mentor_name"] == "\U0001F600" * 255
    assert len(receiver.post.body) < 20_000


# What the answer means

@pytest.mark.parametrize("status, state", [
    (200, "sent"), (202, "sent"), (204, "sent"), (299, "sent"),
    (301, "queued"), (307, "queued"), (400, "queued"), (401, "queued"), (404, "queued"),
    (408, "queued"), (410, "failed"), (425, "queued"), (429, "queued"), (500, "queued"),
    (502, "queued"), (503, "queued"), (504, "queued")])
def test_nothing_but_2xx_is_success_and_nothing_but_410_is_for_good(
        pushing, receiver, status, state):
    receiver.status = status
    receiver.headers = {"Location": receiver.at("/elsewhere")}
    receiver.body = b"" if status == 204 else b"why\r\n\x1b[31mnot"
    message = pushing.to(receiver.at("/hook")).send()
    assert message["state"] == state
    assert [post.path for post in receiver.posts] == ["/hook"]
    if state == "queued":
        assert message["last_error"].startswith(f"HTTP {status}: why   [31mnot")
        assert 250 < message["wait"] <= 330


def test_a_target_that_is_gone_is_never_tried_again(pushing, receiver):
    receiver.status = 410
    pushing.to(receiver.at()).send()
    pushing.database.run("UPDATE mentors SET email = 'kari@example.org'")
    pushing.enqueue()
    pushing.cli.run("dispatch")
    assert len(receiver.posts) == 1
    assert pushing.database.value("SELECT channel FROM messages WHERE recipient_role = 'mentor'"
                                  " ORDER BY seq DESC LIMIT 1") == "email"
    assert json.loads(pushing.cli.run("status", "--json").out)["ended_push_targets"] == 1


def test_what_waits_for_a_target_that_is_gone_is_not_posted(pushing, receiver):
    receiver.status = 410
    pushing.to(receiver.at())
    pushing.enqueue()
    pushing.enqueue()
    pushing.cli.run("dispatch")
    assert len(receiver.posts) == 1
    first, second = pushing.database.run(
        "SELECT state, last_error FROM messages WHERE channel = 'push' ORDER BY seq")
    assert (first["state"], second["state"]) == ("failed", "failed")
    assert second["last_error"] == "the push target has said that it is gone (410)"


@pytest.mark.parametrize("header, least, most", [
    ("7200", 7190, 7200), ("999999999", 86390, 86400), ("10", 250, 330), ("soon", 250, 330),
    ("-5", 250, 330), ("Fri, 01 Jan 2100 00:00:00 GMT", 86390, 86400)])
def test_a_longer_wait_that_the_target_asks_for_is_kept_up_to_a_day(
        pushing, receiver, header, least, most):
    receiver.status = 503
    receiver.headers = {"Retry-After": header}
    assert least <= pushing.to(receiver.at()).send()["wait"] <= most


def test_of_a_huge_answer_no_more_than_64_kib_are_read(pushing, receiver):
    receiver.body = b"x" * 50_000_000
    message = pushing.to(receiver.at()).send()
    assert message["state"] == "sent"
    assert receiver.sent < 20_000_000  # what the kernel's buffers hold, and no more


def test_a_lost_answer_is_not_taken_for_a_refusal(pushing, receiver):
    receiver.mute = True
    message = pushing.to(receiver.at()).send()
    assert (message["state"], message["results"]) == ("queued", "unknown")


def test_a_slow_target_is_given_up_in_time(pushing, receiver):
    receiver.delay = 3
    message = pushing.to(receiver.at()).send(PUSH_TIMEOUT=1)
    assert (message["state"], message["results"]) == ("queued", "unknown")


def test_a_target_that_cannot_be_reached_is_tried_again(pushing):
    message = pushing.to(f"http://127.0.0.1:{env.free_port()}/").send()
    assert (message["state"], message["results"]) == ("queued", "put_off")


def test_what_may_be_secret_in_a_target_is_not_logged(pushing):
    port = env.free_port()
    target = f"http://user:passw0rd@127.0.0.1:{port}/path-secret?token=query-secret"
    pushing.to(target).enqueue()
    done = pushing.cli.run("dispatch", "-v")
    told = done.out + done.err + pushing.message()["last_error"]
    assert f"http://127.0.0.1:{port}" in told
    for secret in ("passw0rd", "path-secret", "query-secret"):
        assert secret not in told


# Where it may go

@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "2130706433", "0x7f.1",
                                  "[::1]", "[::ffff:127.0.0.1]"])
def test_private_addresses_are_refused_whatever_they_are_called(pushing, receiver, host):
    message = pushing.to(receiver.at(host=host)).send(PUSH_PRIVATE_ADDRESSES="refuse")
    assert receiver.connections == 0 or receiver.posts == []
    assert (message["state"], message["results"]) == ("failed", "failed")
    assert "push.private_addresses" in message["last_error"]


def test_a_target_without_tls_is_refused(pushing, receiver):
    message = pushing.to(receiver.at()).send(PUSH_PLAIN_HTTP="refuse")
    assert receiver.posts == []
    assert message["state"] == "failed" and "push.plain_http" in message["last_error"]


def test_a_server_is_believed_for_its_certificate_alone(pushing, certificate):
    context, chain = certificate
    secure = Receiver(ssl=context)
    pushing.to(secure.at())
    assert pushing.send(PUSH_PLAIN_HTTP="refuse")["state"] == "queued"
    assert secure.posts == []
    message = pushing.dispatch(PUSH_PLAIN_HTTP="refuse", PUSH_CA_FILE=chain)
    secure.stop()
    assert message["state"] == "sent" and secure.post


@pytest.mark.parametrize("target", [
    "device-token", "ftp://example.org/", "file:///etc/passwd", "https://", "ntfy:topic",
    "../ntfy:https://example.org/", "https://example.org/\r\nX: y"])
def test_what_is_no_target_fails_at_once(pushing, target):
    message = pushing.to(target).send()
    assert message["state"] == "failed" and "push target" in message["last_error"]


def test_no_proxy_of_the_environment_is_asked(pushing, receiver, monkeypatch):
    dead = f"http://127.0.0.1:{env.free_port()}"
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, dead)
    assert pushing.to(receiver.at()).send()["state"] == "sent"


def test_a_connection_that_says_nothing_holds_nobody_else_up(pushing, receiver):
    """Another mentor's message goes out though this one's target is silent."""
    silent = socket.create_server(("127.0.0.1", 0))
    pushing.to(f"http://127.0.0.1:{silent.getsockname()[1]}/").enqueue()
    pushing.database.run("UPDATE mentors SET push_target = %s, channels = 'push', email = NULL"
                         " WHERE mentor_id = 'mentor-2'", receiver.at())
    pushing.enqueue(mentor_id="mentor-2")
    pushing.cli.with_settings(PUSH_TIMEOUT=1).run("dispatch")
    silent.close()
    assert {row["recipient_id"]: row["state"] for row in pushing.database.run(
        "SELECT * FROM messages WHERE channel = 'push'")} == {
            "mentor-1": "queued", "mentor-2": "sent"}


def test_a_push_message_that_comes_later_does_not_wait_for_all_mails(
        pushing, receiver, mail, queue, crowd):
    queue(*crowd)
    mail.delay = 0.1
    sender = pushing.cli.with_settings(NOTIFY_SENDERS=1)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        dispatched = pool.submit(sender.good, "dispatch")
        env.wait_until(lambda: mail.mails, "a mail")
        pushing.to(receiver.at()).enqueue()
        env.wait_until(lambda: receiver.posts, "the push message")
        assert len(mail.mails) < 40
        dispatched.result()


# Services by template

def test_ntfy_gets_a_title_and_a_text(pushing, receiver):
    pushing.database.run("UPDATE mentors SET language = 'nb'")
    message = pushing.to(f"ntfy:{receiver.at('/topic')}").send()
    post = receiver.post
    assert message["state"] == "sent" and post.path == "/topic"
    [(title, charset)] = email.header.decode_header(post.headers["Title"])
    title = title if charset is None else title.decode(charset)
    assert title.strip() and "\n" not in title
    assert "studies" in post.body.decode() and not post.body.endswith(b"\n")
    assert "webhook-signature" not in post.headers


def test_gotify_gets_json(pushing, receiver):
    message = pushing.to(f"gotify:{receiver.at('/message?token=A')}").send()
    post = receiver.post
    assert message["state"] == "sent" and post.path == "/message?token=A"
    assert post.headers["Content-Type"] == "application/json"
    assert set(post.json) == {"title", "message", "priority"}
    assert "studies" in post.json["message"]


@pytest.mark.parametrize("service", ["ntfy", "gotify"])
@pytest.mark.parametrize("name", [
    'Kari "Q" \\ Nordmann', "Åse\u2028{{title}}", "\U0001F600", "=?UTF-8?B?w6U=?=", '","x":"'])
def test_no_name_breaks_out_of_its_place(pushing, receiver, service, name):
    pushing.database.run("UPDATE coordinators SET push_target = %s, channels = 'push',"
                         " email = NULL", f"{service}:{receiver.at()}")
    pushing.database.run("UPDATE mentors SET name = %s, channels = 'in_app'", name)
    pushing.send()
    post = receiver.post
    if service == "gotify":
        assert set(post.json) == {"title", "message", "priority"}
        assert name in post.json["message"].replace("\n", " ")
    else:
        assert name in post.body.decode().replace("\n", " ")
    assert set(post.headers) <= {"Host", "User-Agent", "Accept", "Content-Type", "Content-Length",
                                 "Title"}


def test_an_operator_adds_a_service_with_a_file(pushing, receiver, tmp_path):
    templates = tmp_path / "templates"
    shutil.copytree(env.SOURCE / "src/notify/templates", templates)
    (templates / "push/our-own.txt").write_text(
        "Content-Type: text/plain\nX-Kind: {{kind}}\nX-Id: {{message_id}}\n\n{{title}}!\n")
    message = pushing.to(f"our-own:{receiver.at()}").send(NOTIFY_TEMPLATES=templates)
    assert receiver.post.headers["X-Kind"] == "pause_activated"
    assert receiver.post.headers["X-Id"] == message["delivery_id"]


def test_a_template_that_is_not_there_puts_the_message_off(pushing, receiver):
    message = pushing.to(f"nobody:{receiver.at()}").send()
    assert message["state"] == "queued" and "push/nobody.txt" in message["last_error"]
