# SPDX-License-Identifier: MIT
"""mails a second, from the outbox to a mail server that only counts them"""
import smtplib
import statistics
import subprocess
import time

from kit import processes, report, site
from stack import env
from stack.api import Api
from stack.worker import Worker

EXPIRING = 500  # certifications, each with a mail to the mentor and one to the coordinator
SENDERS = 16
SLOW = 2  # milliseconds before each reply of the slower mail server, of which a mail takes four
LETTER = ("From: mentorwatch <mentorwatch@example.org>\r\nTo: m@example.org\r\n"
          "Subject: first_aid has expired\r\n\r\n" + 16 * (70 * "x" + "\r\n"))


class Sink:
    """The mail server: tests/bench/c/mail_sink.c."""

    def __init__(self, delay):
        self.child = subprocess.Popen([site.program("mail_sink"), str(delay)], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)
        self.port = int(self.child.stdout.readline())

    def stop(self):
        """How many mails it took."""
        return int(self.child.communicate()[0])


def by_smtplib(delay, count):
    """Mails a second of Python's own client over one kept connection."""
    sink = Sink(delay)
    with smtplib.SMTP("127.0.0.1", sink.port) as client:
        begun = time.monotonic()
        for number in range(count):
            client.sendmail("mentorwatch@example.org", [f"m{number}@example.org"], LETTER)
        taken = time.monotonic() - begun
    sink.stop()
    return count / taken


def fill_outbox(stack, schema, count):
    """A run of the expiry job fills it with `count` real messages that nobody has tried yet."""
    worker = Worker(stack.folder, {**schema.settings, "MENTORWATCH_NOTIFY_DEADLINE": "0"},
                         threads=2, name="filler")
    worker.start()
    nginx = stack.nginx(worker, f"filling-{time.monotonic_ns()}")
    nginx.start()
    try:
        answer = Api(nginx).post("/api/v1/certifications/expiry-job/run", {})
        if answer.status != 200:
            raise RuntimeError(f"the expiry job: {answer.status}")
    finally:
        nginx.stop()
        worker.stop()
    waiting = schema.database.value("SELECT COUNT(*) FROM messages WHERE state = 'queued'")
    if waiting != count:
        raise RuntimeError(f"{waiting} messages wait and not {count}")


def deliver(schema, delay, count):
    """(mails a second, CPU µs a mail) of our delivery of what waits."""
    command = ["dispatch"] if schema.cli.run("help", "dispatch").status == 0 else ["sweep"]
    sink = Sink(delay)
    status, wall, cpu = processes.measured(
        [env.cli_program(), *command], stdin=subprocess.DEVNULL,
        env=env.clean_environment({**schema.settings,
                                   "MENTORWATCH_MAIL_RELAY": f"127.0.0.1:{sink.port}",
                                   "MENTORWATCH_NOTIFY_SENDERS": str(SENDERS)}))
    taken = sink.stop()
    if status != 0 or taken != count:
        raise RuntimeError(f"{command} ended with {status}, the mail server took {taken}")
    return count / wall, cpu * 1e6 / count


def one_round(stack, delay):
    """(our rate, our CPU µs a mail, smtplib's rate)"""
    count = 2 * EXPIRING
    schema = stack.schema("delivery", 10 * EXPIRING, fresh=True, expired=True, channels="email")
    fill_outbox(stack, schema, count)
    rate, cpu = deliver(schema, delay, count)
    schema.database.run(f"DROP DATABASE {schema.name}")
    return rate, cpu, by_smtplib(delay, count if delay == 0 else count // 5)


def run(stack):
    rows = []
    for delay, rounds in ((0, stack.options.rounds), (SLOW, 1)):
        seen = [one_round(stack, delay) for _ in range(rounds)]
        ratio = statistics.median(ours / other for ours, _, other in seen)
        rows.append([f"{delay} ms", *(report.number(statistics.median(column))
                                      for column in zip(*seen)), f"{ratio:.2f}"])
        if delay == 0:
            goal = ratio
    report.table(f"{2 * EXPIRING} mails from the outbox by {SENDERS} senders, against Python smtplib"
                 " on one kept connection without any outbox",
                 ["reply takes", "ours per s", "our CPU µs a mail", "smtplib per s", "ours / it"],
                 rows)
    report.goal("mails, ours / smtplib", goal, 3.5)
