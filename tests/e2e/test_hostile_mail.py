# SPDX-License-Identifier: MIT
"""Names, reasons and addresses that want to be more than that: each mail has its headers and no
other, goes to its one recipient, and reads in any program."""
import csv
import io
import random
import string

import pytest

from stack.api import PAUSES
from stack.cli import BAD_DATA
from stack.directory import Directory

SEED = 20260301
NAMES = 1000
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
           "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"]

ATTACKS = [
    "\r\nBcc: evil@example.org", "\nBcc: evil@example.org\n\n", "\r\n.\r\nMAIL FROM:<x@y.no>\r\n",
    "\r\n\r\n<script>alert(1)</script>", "<evil@example.org>", "\" <evil@example.org>, \"",
    "Kari <kari@example.org>, evil@example.org", "evil@example.org;", "Group: a@b.no, c@d.no;",
    "=?UTF-8?Q?=0D=0ABcc:_evil@example.org?=", "=?UTF-8?B?DQpCY2M6IGV2aWxAZXhhbXBsZS5vcmc=?=",
    "(comment", "comment)", "\\", "\"", "\\\"", "\\\r\n", "{{mentor_id}}", "{{#paused}}", "{{!", "}}",
    "--=_0000000000000000--", "</title></p>", "<!--", "&amp;&#10;", "%0d%0aBcc:x", "\x00",
    "\x1b[31m", "\x7f", "\x85", "\u2028Bcc: evil@example.org", "\u2029", "\u200f\u202e", "\ufeff",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467", "a\u0301" * 30, "李雷" * 40, "Čáhppes Åse",
    "x" * 240, "x " * 120, "å" * 250, "a" + " " * 200 + "b", " ", "\t\r\n", ".", "..\r\n.",
    "From ", "NOTIFY=NEVER", "\r", "\n", "\v\f", "\x0b\x1c\x1d\x1e", "'; DROP TABLE messages; --",
    "%s%n", "$(id)",
]
PIECES = ["\r", "\n", "\r\n", " ", "\t", ":", ",", ";", "<", ">", "@", "\"", "\\", "=?", "?=", "(",
          ")", ".", "=", "_", "{{", "}}", "&", "Bcc", "To", "æ", "ø", "Å", "é", "ß", "漢", "🙂",
          "\u202e", "\u0301", "\u00a0", *string.ascii_letters[:6], *string.digits[:3]]


def hostile_texts(count, longest):
    """The attacks, then attacks put together, always the same ones."""
    chance = random.Random(SEED)
    texts = [text[:longest] for text in ATTACKS]
    while len(texts) < count:
        parts = chance.choices(PIECES + ATTACKS, k=chance.randint(1, 12))
        texts.append("".join(parts)[:longest])
    return texts


def folded(text):
    """As a header shows it: up to a NUL, where a text ends in C; other controls are spaces, and white
    space does not count."""
    text = text.partition("\0")[0]
    kept = "".join(" " if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in text)
    return "".join(kept.split())


def check_bytes(raw):
    assert raw.isascii()
    assert b"\r" not in raw.replace(b"\r\n", b"") and b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.endswith(b"\r\n")
    lines = raw.split(b"\r\n")
    assert max(len(line) for line in lines) <= 998
    head = raw.partition(b"\r\n\r\n")[0]
    assert max(len(line) for line in head.split(b"\r\n")) <= 78
    assert all(line.strip() for line in head.split(b"\r\n")), "a header goes on after a blank line"


def check_parts(message):
    assert message.keys() == HEADERS
    assert [part.get_content_type() for part in message.walk()] == \
        ["multipart/alternative", "text/plain", "text/html"]
    assert all(not part.defects for part in message.walk()), list(message.walk())
    assert all(not message[name].defects for name in HEADERS), message.items()


def check_letter(letter, recipient, name):
    assert letter.recipients == [recipient]
    check_bytes(letter.raw)
    check_parts(letter.message)
    to = letter["To"].addresses
    assert [address.addr_spec for address in to] == [recipient]
    assert folded(to[0].display_name) == folded(name), (name, to)
    html = letter.message.get_body(("html",)).get_content()
    for markup in ("<script", "</title></p>", "<!--", "<evil"):
        assert markup not in html


@pytest.fixture(scope="module")
def later(settings, new_site):
    """A server that leaves all delivery to the sweep."""
    return new_site("later-hostile", {**settings, "MENTORWATCH_NOTIFY_DEADLINE": "0"})


def importable(name):
    return name == name.strip() != "" and not any(
        ord(c) < 32 or 127 <= ord(c) < 160 for c in name)


def fill_directory(cli, database, names):
    """By the import where it takes the name; what it refuses the platform's own tables may hold."""
    file = io.StringIO()
    lines = csv.writer(file)
    lines.writerow(Directory.MENTOR.split(", "))
    count = 0
    for n, name in enumerate(names):
        row = (f"m-{n}", "org-oslo", Directory.COORDINATOR, name, f"m-{n}@example.org", "nb")
        if importable(name):
            lines.writerow(row)
            count += 1
        else:
            database.run(f"INSERT INTO mentors ({Directory.MENTOR})"
                         " VALUES (%s, %s, %s, %s, %s, %s)", *row)
    cli.good("import", "-", stdin=file.getvalue().encode())
    assert NAMES / 10 < count < NAMES


def test_a_thousand_hostile_names_and_reasons_stay_what_they_are(
        api, cli, mail, database, directory):
    names = hostile_texts(NAMES, 250)
    reasons = [text[:200] for text in reversed(names)]
    fill_directory(cli, database, names)
    taken = 0
    for n, reason in enumerate(reasons):
        order = {"mentor_id": f"m-{n}", "pause_reason": reason}
        reply = api.post(f"{PAUSES}/pause-activated", order)
        if reply.status in (400, 422):
            assert reply.fields <= {"pause_reason"}
            order.pop("pause_reason")
            reply = api.post(f"{PAUSES}/pause-activated", order)
        taken += reply.status == 200 and "pause_reason" in order
        assert reply.status == 200, (reason, reply)
    assert taken > NAMES / 20  # what the API lets through is no mere handful
    assert len(mail.mails) == 2 * NAMES
    assert len({letter["Message-ID"] for letter in mail.mails}) == 2 * NAMES
    for n, name in enumerate(names):
        check_letter(mail.mail_to(f"m-{n}@example.org"), f"m-{n}@example.org", name)
    for letter in mail.mails_to(directory.COORDINATOR_ADDRESS):
        check_letter(letter, directory.COORDINATOR_ADDRESS, "Nora Åsen")
    assert not any("evil@example.org" in letter.recipients for letter in mail.mails)


def test_hostile_reasons_that_got_into_the_tables_stay_reasons(later, cli, mail, database):
    reasons = [text for text in hostile_texts(300, 250) if "\0" not in text]  # no JSON of ours
    for _ in reasons:
        assert later.post(f"{PAUSES}/pause-activated", {"mentor_id": "mentor-1"}).status == 200
    rows = database.run("SELECT seq FROM messages ORDER BY seq")
    for row, reason in zip(rows, [reason for reason in reasons for _ in range(2)]):
        database.run("UPDATE messages SET facts = JSON_SET(facts, '$.reason', %s),"
                     " next_attempt_at = UTC_TIMESTAMP(3) WHERE seq = %s", reason, row["seq"])
    assert cli.sweep()["delivery"]["sent"] == 2 * len(reasons)
    for letter in mail.mails:
        check_bytes(letter.raw)
        check_parts(letter.message)
        assert len(letter.recipients) == 1


@pytest.mark.parametrize("name", ["a\r\nBcc: x@y.no", "a\nb", "a\x00b"])
def test_the_import_refuses_a_name_with_line_breaks(cli, database, name):
    file = f"mentor_id,organisation_id,name,email\nm-x,org-oslo,\"{name}\",x@example.org\n"
    done = cli.run("import", "-", stdin=file.encode())
    assert done.status == BAD_DATA, done
    assert database.run("SELECT 1 FROM mentors WHERE mentor_id = 'm-x'") == []


BAD_ADDRESSES = ["x@example.org\r\nRCPT TO:<evil@example.org>", "<x@example.org> NOTIFY=NEVER",
                 "x@example.org, evil@example.org", "\"x y\"@example.org", "x@[127.0.0.1]",
                 "x@example.org>", "x y@example.org", "x@example.org ", "é@example.org"]


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_an_address_that_is_more_than_one_gets_no_mail(api, mail, database, directory, ledger,
                                                       address):
    directory.add_mentor("m-x", email=address)
    api.post(f"{PAUSES}/pause-activated", {"mentor_id": "m-x"})
    assert [letter.recipients for letter in mail.mails] == [[directory.COORDINATOR_ADDRESS]]
    assert {m["recipient_role"]: m["state"] for m in ledger.messages("m-x")} == \
        {"mentor": "failed", "coordinator": "sent"}
