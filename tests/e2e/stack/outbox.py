# SPDX-License-Identifier: MIT
"""What tests of the outbox do again and again."""
from . import env
from .api import PAUSES
from .cli import BAD_DATA, GOOD
from .times import in_days

REMINDERS = "/api/v1/certification-reminders"
MENTOR, MAILBOX = "mentor-1", "mentor-1@example.org"


def dispatch(cli):
    """A delivery that went to its end, and the figures that it reports."""
    done = cli.run("dispatch", "--json")
    assert done.status in (GOOD, BAD_DATA), done
    return done.json()


def the_message(ledger, role="mentor", kind="%", mentor=MENTOR):
    (message,) = [m for m in ledger.messages(mentor, kind) if m["recipient_role"] == role]
    return message


def message_id(row):
    return f"msg-{row['seq']:05}"


def attempts(database, message):
    return [row["result"] for row in database.run(
        "SELECT result FROM message_attempts WHERE message_seq = %s ORDER BY seq", message["seq"])]


def await_tried(ledger):
    """The senders have tried what the mentor's requests put into the outbox: a request need not have
    waited for that, and on a busy machine it has not."""
    env.wait_until(lambda: all(m["attempts"] > 0 and m["state"] != "sending"
                               for m in ledger.messages(MENTOR)), "the mails to be tried")


def by_hand(api, ledger, step, reason="leave"):
    """Contract 1's order to pause a mentor, or to let the pause end; its mails are tried."""
    reply = api.post(f"{PAUSES}/pause-{step}", {
        "mentor_id": MENTOR, **({"pause_reason": reason} if step == "activated" else {})})
    assert reply.status < 300, reply.json
    await_tried(ledger)


def remind(api):
    """Let the job remind the mentor of a certification that has 20 days left."""
    certification = api.record(MENTOR, in_days(-300), in_days(20))["certification_id"]
    api.post(f"{REMINDERS}/check")
    return certification
