# SPDX-License-Identifier: MIT
"""The way to the mail server: login, encryption and slowness."""
import concurrent.futures
import json
import time

import pytest
from aiosmtpd.smtp import AuthResult

from stack import env
from stack.api import CERTIFICATIONS
from stack.cli import UNAVAILABLE
from stack.fastcgi import Connection
from stack.smtp import MailServer, SilentServer
from stack.times import in_days
from stack.worker import Worker

LOGIN = {"MAIL_USER": "mentorwatch", "MAIL_PASSWORD": "open sesame"}


def knows(server, session, envelope, mechanism, data):
    known = (data.login, data.password) == (b"mentorwatch", b"open sesame")
    return AuthResult(success=known, handled=False)


@pytest.fixture
def relay():
    """Start a mail server of another kind: relay(…); it is stopped at the end."""
    servers = []

    def start(**options):
        servers.append(MailServer(**options))
        return servers[-1]
    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def expired(api):
    return api.record("mentor-1", in_days(-400), in_days(-1))


def states(ledger):
    return {message["state"] for message in ledger.messages("mentor-1")}


# Login (aiosmtpd warns that it happens in the clear; here that never leaves the machine)

clear_text = pytest.mark.filterwarnings("ignore:Requiring AUTH")


@clear_text
def test_it_logs_in_where_it_has_an_account(cli, relay, expired):
    server = relay(auth_required=True, auth_require_tls=False, authenticator=knows)
    cli.with_settings(MAIL_RELAY=server.address, **LOGIN).good("sweep")
    assert len(server.mails) == 2


@clear_text
@pytest.mark.parametrize("login", [{}, {**LOGIN, "MAIL_PASSWORD": "wrong"}])
def test_a_refused_login_puts_all_off_and_gives_up_no_message(cli, relay, ledger, expired, login):
    server = relay(auth_required=True, auth_require_tls=False, authenticator=knows)
    done = cli.with_settings(MAIL_RELAY=server.address, **login).run("sweep")
    assert done.status == UNAVAILABLE, done
    assert server.mails == [] and states(ledger) == {"queued"}
    assert "wrong" not in done.err
    assert cli.sweep()["delivery"]["sent"] == 2


# Encryption

def test_starttls_is_used_when_asked_for(cli, relay, certificate, expired):
    context, chain = certificate
    server = relay(tls_context=context, require_starttls=True)
    cli.with_settings(MAIL_RELAY=server.address, MAIL_TLS="starttls",
                      MAIL_CA_FILE=chain).good("sweep")
    assert len(server.mails) == 2


def test_tls_from_the_first_byte_is_used_when_asked_for(cli, relay, certificate, expired):
    context, chain = certificate
    server = relay(ssl=context)
    cli.with_settings(MAIL_RELAY=server.address, MAIL_TLS="tls", MAIL_CA_FILE=chain).good("sweep")
    assert len(server.mails) == 2


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_asked_for_encryption_it_never_goes_without(cli, mail, ledger, expired, tls):
    done = cli.with_settings(MAIL_TLS=tls, MAIL_TIMEOUT=2).run("sweep")
    assert done.status == UNAVAILABLE, done
    assert mail.mails == [] and states(ledger) == {"queued"}


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(
        cli, relay, certificate, ledger, expired, tls):
    context, _ = certificate
    server = relay(**({"tls_context": context} if tls == "starttls" else {"ssl": context}))
    done = cli.with_settings(MAIL_RELAY=server.address, MAIL_TLS=tls).run("sweep")
    assert done.status == UNAVAILABLE, done
    assert server.mails == [] and states(ledger) == {"queued"}


# Slowness

@pytest.fixture
def slow_worker(settings, folder):
    """Four threads, and a mail server that takes connections but never says a word."""
    silent = SilentServer()
    worker = Worker(folder, {**settings, "MENTORWATCH_MAIL_RELAY": silent.address,
                             "MENTORWATCH_NOTIFY_DEADLINE": "3000"}, name="slow")
    worker.start()
    yield worker
    worker.stop()
    silent.stop()


def ask(worker, method, path, body=b""):
    with Connection(worker.socket, timeout=env.PATIENCE) as connection:
        return connection.ask(method, path, body)


def test_a_silent_mail_server_keeps_a_request_no_longer_than_its_deadline(
        api, slow_worker, ledger, expired):
    began = time.monotonic()
    status, _, answer = ask(slow_worker, "POST", f"{CERTIFICATIONS}/expiry-job/run")
    assert time.monotonic() - began < 6
    assert (status, json.loads(answer)["auto_paused"]) == (200, 1)
    assert states(ledger) <= {"queued", "sending"}


def test_a_silent_mail_server_slows_no_get(api, cli, slow_worker, mail):
    """At most half of the threads wait for it, however many requests have something to send."""
    ids = [api.record(f"mentor-{n}", in_days(-400), in_days(-1))["certification_id"]
           for n in range(1, 9)]
    cli.good("sweep")
    renewal = json.dumps({"expires_at": in_days(300)}).encode()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        renewals = [pool.submit(ask, slow_worker, "PUT", f"{CERTIFICATIONS}/{i}", renewal)
                    for i in ids]
        longest = 0
        while not all(future.done() for future in renewals):
            began = time.monotonic()
            assert ask(slow_worker, "GET", CERTIFICATIONS)[0] == 200
            longest = max(longest, time.monotonic() - began)
            time.sleep(0.01)
        assert all(future.result()[0] == 200 for future in renewals)
    assert longest < 2


def test_while_the_mail_server_is_known_to_be_away_nobody_waits_for_it(
        api, slow_worker, ledger, mail):
    api.record("mentor-1", in_days(-400), in_days(-1))
    api.record("mentor-2", in_days(-400), in_days(-1))
    ask(slow_worker, "POST", f"{CERTIFICATIONS}/expiry-job/run")
    began = time.monotonic()
    api.record("mentor-3", in_days(-400), in_days(-1))
    assert ask(slow_worker, "POST", f"{CERTIFICATIONS}/expiry-job/run")[0] == 200
    assert time.monotonic() - began < 2
    assert {m["state"] for m in ledger.messages("mentor-3")} == {"queued"}


def test_two_senders_at_once_send_each_mail_once(api, cli, mail, ledger):
    mail.away()
    for n in range(1, 10):
        api.record(f"mentor-{n}", in_days(-400), in_days(-1))
    assert cli.run("sweep").status == UNAVAILABLE
    mail.back()
    mail.delay = 0.05
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for done in pool.map(lambda _: cli.run("sweep"), range(3)):
            assert done.status in (0, 75), done
    assert len(mail.mails) == 18
    assert len({letter["Message-ID"] for letter in mail.mails}) == 18
