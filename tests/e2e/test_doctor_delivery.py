# SPDX-License-Identifier: MIT
"""mentorwatch doctor: mail, push messages and cron, good, and broken with what to do about it."""
import pytest
from aiosmtpd.smtp import AuthResult

from stack import env
from stack.cli import GOOD
from stack.doctor import assert_wrong, diagnose
from stack.receiver import Receiver
from stack.smtp import MailServer
from stack.tables import add_message, add_sweep, pause_relay

pytestmark = pytest.mark.usefixtures("directory")


@pytest.mark.usefixtures("well")
def test_a_mail_server_that_is_away_is_told(cli, mail):
    mail.away()
    found = assert_wrong(cli, "mail", "mail.relay", arguments=["--mail", "kari@example.org"])
    assert found.result("test mail") == ["skipped"]


@pytest.fixture
def strict_mail(certificate):
    """Wants TLS and a login."""
    def check(_server, _session, _envelope, _mechanism, login):
        good = login.login == b"kari" and login.password == b"right horse"
        return AuthResult(success=good, handled=False)
    server = MailServer(tls_context=certificate[0], require_starttls=True, authenticator=check,
                        auth_required=True)
    yield server
    server.stop()


@pytest.mark.usefixtures("well")
def test_a_login_is_tried_without_a_mail(cli, strict_mail, certificate):
    strict = cli.with_settings(MAIL_RELAY=strict_mail.address, MAIL_TLS="starttls",
                               MAIL_CA_FILE=certificate[1], MAIL_USER="kari",
                               MAIL_PASSWORD="right horse")
    found = diagnose(strict)
    assert found.result("mail") == ["ok"] and "with our login" in found.says("mail")
    assert strict_mail.connections == 1 and not strict_mail.mails
    assert_wrong(strict.with_settings(MAIL_PASSWORD="wrong horse"), "mail", "mail.password")
    assert_wrong(strict.with_settings(MAIL_CA_FILE=""), "mail", "mail.ca_file")
    assert_wrong(strict.with_settings(MAIL_TLS="tls"), "mail", "mail.tls")


@pytest.mark.usefixtures("well")
def test_a_server_without_tls_is_told(cli):
    assert_wrong(cli.with_settings(MAIL_TLS="starttls"), "mail", "mail.tls")


@pytest.mark.usefixtures("well")
def test_a_sender_that_is_no_address_is_told(cli):
    assert_wrong(cli.with_settings(MAIL_FROM="not an address"), "mail", "mail.from")


@pytest.mark.usefixtures("well")
def test_a_test_mail_that_is_not_taken_is_told(cli, mail):
    mail.refused["kari@example.org"] = "550 who is that"
    assert_wrong(cli, "test mail", "550 who is that", "mail.from",
                 arguments=["--mail", "kari@example.org"])
    assert_wrong(cli, "test mail", "no mail address", arguments=["--mail", "kari"])


@pytest.fixture
def target():
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def pushing(cli):
    """Push messages may go to servers of ours."""
    return cli.with_settings(PUSH_PLAIN_HTTP="allow", PUSH_PRIVATE_ADDRESSES="allow",
                             PUSH_SECRET="whsec_" + "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0")


def add_target(directory, mentor, target):
    directory.add_mentor(mentor)
    directory.database.run("UPDATE mentors SET push_target = %s WHERE mentor_id = %s", target,
                           mentor)


@pytest.mark.usefixtures("well")
def test_servers_of_push_targets_are_asked_and_nothing_is_posted(pushing, directory, target):
    assert "nobody" in diagnose(pushing).says("push")
    add_target(directory, "m-1", target.at("/secret-hook"))
    add_target(directory, "m-2", "ntfy:" + target.at("/topic"))
    found = diagnose(pushing)
    assert found.result("push") == ["ok"] and "1 server of push targets" in found.says("push")
    assert target.connections == 1 and not target.posts


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize("change, words", [
    ({"PUSH_SECRET": ""}, "set push.secret"),
    ({"PUSH_PLAIN_HTTP": "refuse"}, "push.plain_http"),
    ({"PUSH_PRIVATE_ADDRESSES": "refuse"}, "push.private_addresses")])
def test_a_setting_that_holds_push_messages_back_is_told(pushing, directory, target, change, words):
    add_target(directory, "m-1", target.at("/secret-hook"))
    found = assert_wrong(pushing.with_settings(**change), "push", words)
    assert "secret-hook" not in found.done.out


@pytest.mark.usefixtures("well")
def test_push_targets_that_cannot_be_reached_are_told(pushing, directory):
    add_target(directory, "m-1", f"http://127.0.0.1:{env.free_port()}/secret-hook")
    add_target(directory, "m-2", "carrier-pigeon:https://example.org")
    found = assert_wrong(pushing, "push", "push/carrier-pigeon.txt")
    directory.database.run("DELETE FROM mentors WHERE mentor_id = 'm-2'")
    found = assert_wrong(pushing, "push", "does not answer")
    assert "secret-hook" not in found.done.out


# Cron

def test_a_sweep_that_never_was_or_long_ago_is_told(cli, database):
    assert_wrong(cli, "sweep", "let cron run")
    add_sweep(database, "good", hours_ago=27)
    assert_wrong(cli, "sweep", "1 day ago", "cron")
    add_sweep(database, "good", hours_ago=1)
    assert diagnose(cli).done.status == GOOD


@pytest.mark.usefixtures("well")
def test_messages_that_nobody_sends_are_told(cli, database):
    assert "no message was tried yet" in diagnose(cli).says("dispatch")
    add_message(database, "queued", minutes_overdue=90)
    assert_wrong(cli, "dispatch", 'cron run "mentorwatch dispatch"')
    database.run("INSERT INTO message_attempts (message_seq, attempted_at, result) SELECT seq,"
                 " UTC_TIMESTAMP(3) - INTERVAL 20 MINUTE, 'put_off' FROM messages")
    database.run("UPDATE messages SET state = 'held'")
    assert "20 minutes ago" in diagnose(cli).says("dispatch")
    pause_relay(database, 5)
    assert_wrong(cli, "dispatch", "paused until")
