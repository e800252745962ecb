# SPDX-License-Identifier: MIT
"""A database that was restored from a backup: what went out since is not sent again before somebody
has looked."""
import subprocess

import pytest

from stack.api import PAUSES
from stack.cli import BUSY, GOOD, Cli
from stack.times import in_days


@pytest.fixture
def site(settings, tmp_path):
    """host(name): the command line of a host, with a memory of its own."""
    def host(name):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        return Cli({**settings, "MENTORWATCH_NOTIFY_STATE": str(folder)})
    return host


@pytest.fixture
def backup(server, database, tmp_path):
    """backup() keeps the database, backup.restore() puts it back, as docs/backups.md has it."""
    def dump():
        done = subprocess.run(
            ["mariadb-dump", "--no-defaults", "-uroot", "-S", str(server.socket),
             "--single-transaction", "--no-tablespaces", "--hex-blob", database.name],
            capture_output=True, check=True)
        (tmp_path / "backup.sql").write_bytes(done.stdout)
    dump.restore = lambda: database.load(tmp_path / "backup.sql")
    return dump


@pytest.fixture
def restored(site, backup, api, mail, queue):
    """Two messages were sent after the backup and are queued again: the host that sent them."""
    host = site("one")
    queue("mentor-1")
    host.good("dispatch")
    queue("mentor-2")
    backup()
    mail.forget()
    host.good("dispatch")
    assert len(mail.mails) == 2
    mail.forget()
    backup.restore()
    return host


def test_nothing_is_sent_again_until_an_operator_lets_it_go(restored, mail, database, api):
    for command in (("dispatch",), ("sweep", "--accept"), ("cron",)):
        done = restored.run(*command)
        assert done.status == BUSY and "outbox release" in done.err, done
    assert not mail.mails
    told = restored.run("status")
    assert "the outbox is on hold" in told.out + told.err and told.status != GOOD
    metrics = api.get("/metrics")
    assert 'channel_paused{channel="outbox"} 1' in metrics.body.decode()
    assert restored.good("outbox", "release").out == "the outbox goes on\n"
    restored.good("dispatch")
    assert len(mail.mails) == 2
    assert "! the outbox" not in restored.run("status").out


def test_every_host_is_held_and_goes_on(restored, site, mail):
    other = site("two")
    assert restored.run("dispatch").status == BUSY
    assert other.run("dispatch").status == BUSY and not mail.mails, "that one has no memory yet"
    other.good("outbox", "release")
    other.good("dispatch")
    restored.good("dispatch")
    assert len(mail.mails) == 2


def test_what_is_held_singly_stays_so(restored, mail, database):
    assert restored.run("dispatch").status == BUSY
    [first, _] = [row["seq"] for row in database.run(
        "SELECT seq FROM messages WHERE state = 'queued' ORDER BY seq")]
    restored.good("outbox", "hold", f"msg-{first:05}")
    restored.good("outbox", "release")
    restored.good("dispatch")
    assert len(mail.mails) == 1


def test_requests_send_nothing_meanwhile(restored, mail, api, directory):
    assert restored.run("dispatch").status == BUSY
    paused = api.post(f"{PAUSES}/pause-activated",
                      {"mentor_id": "mentor-5", "pause_reason": "away"})
    assert paused.status < 300
    assert not mail.mails


def test_a_database_that_goes_forward_is_not_held(site, api, mail, queue, database):
    host, other = site("one"), site("two")
    for mentor in ("mentor-1", "mentor-2", "mentor-3"):
        queue(mentor)
        host.good("dispatch")
        other.good("dispatch")
        api.record(mentor, in_days(-10), in_days(300))
    assert len(mail.mails) >= 6


def test_without_a_folder_nothing_is_remembered(site, settings, tmp_path):
    Cli({**settings, "MENTORWATCH_NOTIFY_STATE": str(tmp_path / "nowhere")}).good("dispatch")
    assert not (tmp_path / "nowhere").exists()
