# SPDX-License-Identifier: MIT
"""mails a second, from the outbox to mail servers that only count them"""
import os
import shutil
import smtplib
import socket
import statistics
import subprocess
import time
from email.mime.text import MIMEText

from kit import processes, report, site
from stack import env
from stack.api import Api
from stack.worker import Worker

EXPIRING = 2500  # certifications, each with a mail to the mentor and one to the coordinator
CONNECTIONS = (1, 4, 16)
SLOW = 2  # milliseconds before each reply of the slower mail server, of which a mail takes four
TEXT = 16 * (70 * "x" + "\n")
LETTER = ("From: mentorwatch <mentorwatch@example.org>\nTo: m@example.org\n"
          "Subject: first_aid has expired\n\n" + TEXT)
COUNTED = ("Questions", "Com_commit")


class OurSink:
    """The mail server tests/bench/c/mail_sink.c."""

    def __init__(self, delay):
        self.child = subprocess.Popen([site.program("mail_sink"), str(delay)], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)
        self.port = int(self.child.stdout.readline())

    def stop(self):
        self.child.communicate()


class PostfixSink:
    """The one that comes with postfix, as the goal was set with it."""

    def __init__(self):
        self.port = env.free_port()
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        self.child = subprocess.Popen(
            [shutil.which("smtp-sink"), *user, f"127.0.0.1:{self.port}", "256"])
        env.wait_until(self.answers, "smtp-sink")

    def answers(self):
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        self.child.terminate()
        self.child.wait()


def sinks():
    """Name → how it is started, how many mails it gets for each that the fastest one gets."""
    found = {"smtp-sink": (PostfixSink, 1)} if shutil.which("smtp-sink") else {}
    return {**found, "ours, 0 ms": (lambda: OurSink(0), 1),
            f"ours, {SLOW} ms": (lambda: OurSink(SLOW), 10)}


def fill_outbox(stack, schema):
    """A run of the expiry job fills it with real messages, to 250 mentors and 100 coordinators: the
    certifications expired in no order of people."""
    schema.database.run("UPDATE mentors SET coordinator_id = CONCAT('coord_', SUBSTR(mentor_id, 6)"
                        " DIV 10 % 100)")
    schema.database.run("UPDATE certifications SET expires_at = expires_at -"
                        " INTERVAL (seq * 7919 % 86399) SECOND WHERE expires_at < UTC_DATE()")
    worker = Worker(stack.folder, {**schema.settings, "MENTORWATCH_NOTIFY_DEADLINE": "0"},
                    threads=2, name="filler")
    worker.start()
    nginx = stack.nginx(worker, "filling")
    nginx.start()
    try:
        answer = Api(nginx).post("/api/v1/certifications/expiry-job/run", {})
        if answer.status != 200:
            raise RuntimeError(f"the expiry job: {answer.status}")
    finally:
        nginx.stop()
        worker.stop()
    waiting = schema.database.value("SELECT COUNT(*) FROM messages WHERE state = 'queued'")
    if waiting != 2 * EXPIRING:
        raise RuntimeError(f"{waiting} messages wait and not {2 * EXPIRING}")


def wait_again(database, count):
    """So many of them have never been tried."""
    database.run("DELETE FROM message_attempts")
    database.run("UPDATE messages SET state = 'held', attempts = 0, sent_at = NULL")
    database.run("UPDATE messages SET state = 'queued', next_attempt_at = UTC_TIMESTAMP(3)"
                 " ORDER BY seq LIMIT %s", count)
    env.wait_until(lambda: counted(database, ("Innodb_history_list_length",))[0] < 10,
                   "the database to tidy up after that")


def counted(database, names=COUNTED):
    figures = {row["Variable_name"]: int(row["Value"])
               for row in database.run("SHOW GLOBAL STATUS WHERE Variable_name IN %s", names)}
    return [figures[name] for name in names]


def by_us(stack, schema, start, connections, count):
    """Of our delivery of what waits: mails a second; a mail's CPU µs in the program, the database
    and the mail server, its statements and commits."""
    wait_again(schema.database, count)
    sink = start()
    pids = stack.server.process.pid, sink.child.pid
    before = [processes.cpu(pid) for pid in pids], counted(schema.database)
    status, wall, cpu = processes.measured(
        [env.cli_program(), "dispatch"], stdin=subprocess.DEVNULL,
        env=env.clean_environment({**schema.settings,
                                   "MENTORWATCH_MAIL_RELAY": f"127.0.0.1:{sink.port}",
                                   "MENTORWATCH_NOTIFY_SENDERS": str(connections)}))
    asked = [now - then for now, then in zip(counted(schema.database), before[1])]
    spent = [processes.cpu(pid) - then for pid, then in zip(pids, before[0])]
    sink.stop()
    sent = schema.database.value("SELECT COUNT(*) FROM messages WHERE state = 'sent'")
    if status != 0 or sent != count:
        raise RuntimeError(f"dispatch ended with {status}, {sent} were sent")
    return [count / wall, *(seconds * 1e6 / count for seconds in (cpu, *spent)),
            *(number / count for number in asked)]


def written(number):
    """A mail as a script would write it for each recipient: Python's own, of the shortest kind."""
    mail = MIMEText(TEXT)
    mail["From"] = "mentorwatch <mentorwatch@example.org>"
    mail["To"] = f"Mentor {number} <m{number}@example.org>"
    mail["Subject"] = "first_aid has expired"
    return mail.as_string()


def ready(_number):
    """One text again and again: what a mail costs that nobody writes."""
    return LETTER


def by_smtplib(start, count, letter):
    """Of Python's own client, a plain loop over one kept connection, which asks no database and
    writes nothing down: mails a second; a mail's CPU µs in it and the mail server."""
    sink = start()
    with smtplib.SMTP("127.0.0.1", sink.port) as client:
        begun, before = time.monotonic(), time.process_time() + processes.cpu(sink.child.pid)
        for number in range(count):
            client.sendmail("mentorwatch@example.org", [f"m{number}@example.org"], letter(number))
        taken = time.monotonic() - begun
        spent = time.process_time() + processes.cpu(sink.child.pid) - before
    sink.stop()
    return count / taken, spent * 1e6 / count


def rows_of(stack, schema, name, start, count):
    """The table's rows for one mail server, and the ratio of the last. Python and its mail server
    take turns, so that the two never use more than one core; we use all that there are. The cap
    ratio compares what that would give if nobody else were there."""
    cores = os.cpu_count()
    seen = {connections: [] for connections in CONNECTIONS}
    for _ in range(stack.options.rounds):
        others = [by_smtplib(start, count, letter) for letter in (written, ready)]
        for connections, rounds in seen.items():
            ours = by_us(stack, schema, start, connections, count)
            rounds.append([*ours, *(rate for rate, _ in others), others[0][1],
                           *(ours[0] / rate for rate, _ in others),
                           cores * others[0][1] / sum(ours[1:4])])
    medians = {connections: [statistics.median(column) for column in zip(*rounds)]
               for connections, rounds in seen.items()}
    return [[name, connections, report.number(rate), f"{ours:.0f} + {db:.0f} + {sink:.0f}",
             f"{statements:.2f}", f"{commits:.2f}", report.number(write), report.number(send),
             f"{spent:.0f}", f"{ratio:.2f}", f"{less:.2f}", f"{cap:.2f}"]
            for connections, (rate, ours, db, sink, statements, commits, write, send, spent, ratio,
                              less, cap)
            in medians.items()], medians[CONNECTIONS[-1]][-3]


def run(stack):
    schema = stack.schema("delivery", 10 * EXPIRING, fresh=True, expired=True, channels="email")
    fill_outbox(stack, schema)
    table, ratios = [], {}
    for name, (start, share) in sinks().items():
        rows, ratios[name] = rows_of(stack, schema, name, start, 2 * EXPIRING // share)
        table += rows
    report.table(f"{2 * EXPIRING} mails from the outbox, against Python smtplib on one kept"
                 " connection without any outbox: each mail written, or one text again and again",
                 ["mail server", "connections", "ours per s", "CPU µs a mail: ours + db + server",
                  "statements a mail", "commits", "written per s", "again per s", "written: CPU µs a mail",
                  "ours / written", "ours / again", "cap ratio"], table)
    name = next(iter(ratios))
    report.goal(f"mails, {CONNECTIONS[-1]} connections, ours / smtplib that writes each, {name}", ratios[name], 3.5)
