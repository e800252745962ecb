# SPDX-License-Identifier: MIT
"""The database goes while a message is on its way: what was sent is written down once it is back,
and so is not sent again."""
import time

from stack import env
from stack.cli import GOOD

AWAY = 4  # seconds: longer than a unit of work waits that could be repeated without harm


def test_what_was_sent_while_the_database_went_is_written_down_and_not_sent_again(
        queue, cli, mail, server, database):
    server.run("SET GLOBAL innodb_flush_log_at_trx_commit = 2")
    queue("mentor-1", "mentor-2")
    mail.forget()
    mail.delay = 1  # in which the mail server has the text, and has not said so
    with cli.start("dispatch") as dispatch:
        env.wait_until(lambda: mail.connections, "a mail on its way")
        server.kill()
        try:
            time.sleep(AWAY)
            assert len(mail.mails) == 1
        finally:
            server.start()
        out, err = dispatch.communicate(timeout=env.PATIENCE)
    assert dispatch.returncode == GOOD, out + err
    assert database.run("SELECT DISTINCT state FROM messages") == [{"state": "sent"}]
    sent = [letter["Message-ID"] for letter in mail.mails]
    assert len(sent) == len(set(sent)) == database.value("SELECT COUNT(*) FROM messages")
