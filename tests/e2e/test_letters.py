# SPDX-License-Identifier: MIT
"""What mails say and how they are made: languages, dates, HTML, headers, and the templates that
people edit."""
import email
import email.policy
import re
import shutil
import subprocess

import pytest

from stack import env, tokens
from stack.api import CERTIFICATIONS, IN_APP, PAUSES, REMINDERS
from stack.cli import BAD_DATA, CONFIG, USAGE
from stack.directory import Directory
from stack.times import in_days

KINDS = ("certification_expired", "certification_expiring", "pause_activated", "pause_lifted")
ROLES = ("mentor", "coordinator")
MENTOR = "mentor-1@example.org"
# Words that only one of the three languages has.
MARKS = {"en": "This message was sent automatically.", "nb": "Denne meldingen er sendt automatisk.",
         "nn": "Denne meldinga er send automatisk."}
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
           "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"]


@pytest.fixture
def templates(tmp_path):
    """A copy that the operator may edit."""
    copy = tmp_path / "templates"
    shutil.copytree(env.SOURCE / "src/notify/templates", copy)
    return copy


@pytest.fixture(scope="module")
def later(settings, new_site):
    """A server that leaves all delivery to the sweep."""
    return new_site("later-letters", {**settings, "MENTORWATCH_NOTIFY_DEADLINE": "0"})


def preview(cli, *arguments):
    raw = cli.good("preview", *arguments).out
    return email.message_from_string(raw, policy=email.policy.default)


def text_of(message):
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html_of(message):
    return message.get_body(("html",)).get_content().replace("\r\n", "\n")


def remind(api, days, mentor_id="mentor-1", **more):
    reply = api.post(REMINDERS, {"mentor_id": mentor_id, "coordinator_id": Directory.COORDINATOR,
                                 "days_remaining": days, "channel": "email", **more})
    assert reply.status == 201, reply


# What they say

@pytest.mark.parametrize("language", MARKS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_letter_is_written_in_each_language(cli, kind, role, language):
    message = preview(cli, kind, "--lang", language, "--role", role)
    text = text_of(message)
    assert [word for word in MARKS if MARKS[word] in text] == [language]
    assert "Kari Nordmann" in text + message["Subject"] and message["Subject"].strip()
    assert "{{" not in text and "}}" not in text and "  " not in text and "\n\n\n" not in text
    assert not re.search(r"[.,] ?[.,]| [.,!]|\(\)", text + message["Subject"])


@pytest.mark.parametrize("language,says", [
    ("nb", ["om 14 dager", "i morgen", "i dag"]), ("nn", ["om 14 dagar", "i morgon", "i dag"]),
    ("en", ["in 14 days", "tomorrow", "today"])])
def test_a_reminder_says_how_far_off_the_day_is(api, mail, directory, language, says):
    for days, words in zip((14, 1, 0), says):
        mentor = directory.add_mentor(f"m-{days}", email=f"m-{days}@example.org",
                                      language=language)
        api.record(mentor, in_days(-300), in_days(days)[:11] + "23:59:59Z")
        remind(api, max(days, 1), mentor)
        letter = mail.mail_to(f"m-{days}@example.org")
        assert letter["Subject"].endswith(words)
        assert f" {words}, " in letter.text


def test_a_mail_that_was_delayed_for_days_tells_the_truth(later, cli, mail):
    later.record("mentor-1", in_days(-300), in_days(30))
    remind(later, 30)
    assert mail.mails == []
    cli.sweep("--as-of", in_days(2))
    letter = mail.mail_to(MENTOR)
    assert letter["Subject"] == "Sertifiseringen din peer_mentor_basic utløper om 28 dager"
    assert "om 28 dager" in letter.text and "30 dager" not in letter.text


def test_a_person_without_a_language_gets_the_one_of_the_settings(api, cli, mail, directory):
    directory.add_mentor("m-none", email="none@example.org", language=None)
    api.record("m-none", in_days(-300), in_days(-1))
    cli.with_settings(NOTIFY_LANGUAGE="nn").good("sweep")
    assert "1 dag" not in mail.mail_to("none@example.org").text
    assert MARKS["nn"] in mail.mail_to("none@example.org").text


@pytest.mark.parametrize("language", ["no", "nb-NO", "../nb", ""])
def test_a_language_that_is_not_known_here_is_as_none(api, cli, mail, directory, language):
    directory.add_mentor("m-other", email="other@example.org", language=language)
    api.record("m-other", in_days(-300), in_days(-1))
    cli.with_settings(NOTIFY_LANGUAGE="en").good("sweep")
    assert MARKS["en"] in mail.mail_to("other@example.org").text


# HTML

def test_the_html_says_what_the_text_says(cli):
    for kind in KINDS:
        message = preview(cli, kind, "--lang", "nn")
        assert message.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in message.iter_parts()] == \
            ["text/plain", "text/html"]
        html = html_of(message)
        assert '<html lang="nn">' in html and f"<title>{message['Subject']}</title>" in html
        body = re.sub(r"<[^>]*>", "", html.partition("<body")[2].partition(">")[2])
        assert body.split() == text_of(message).split()


def test_a_name_is_text_in_html_too(api, mail, directory):
    name = "<script>alert('x')</script> & \"Co\""
    directory.add_mentor("m-x", name, "x@example.org")
    api.post(f"{PAUSES}/pause-activated", {"mentor_id": "m-x", "pause_reason": "<b>bold</b>&amp;"})
    letter = mail.mail_to("x@example.org")
    html = letter.message.get_body(("html",)).get_content()
    assert "<script" not in html and "<b>" not in html
    assert "&lt;b&gt;bold&lt;/b&gt;&amp;amp;" in html
    assert f"Hei {name}!" in letter.text


def test_an_operators_own_html_goes_before_the_layout(api, cli, mail, templates):
    (templates / "nb/pause_activated.mentor.html").write_text(
        "<p>Pause, {{recipient_name}}!{{#reason}} {{reason}}{{/reason}}</p>\n")
    message = preview(cli.with_settings(NOTIFY_TEMPLATES=templates), "pause_activated")
    assert html_of(message) == "<p>Pause, Kari Nordmann! studies</p>\n"
    other = preview(cli.with_settings(NOTIFY_TEMPLATES=templates), "pause_activated", "--lang", "en")
    assert "<title>" in html_of(other)


def test_a_folder_without_a_layout_sends_text_alone(cli, templates):
    (templates / "layout.html").unlink()
    other = cli.with_settings(NOTIFY_TEMPLATES=templates)
    message = preview(other, "pause_lifted")
    assert message.get_content_type() == "text/plain" and MARKS["nb"] in message.get_content()
    done = other.run("preview", "pause_lifted", "--html")
    assert done.status == BAD_DATA and "layout.html" in done.err and done.out == ""


# Headers

def test_a_mail_has_these_headers_and_no_other(api, mail):
    api.post(f"{PAUSES}/pause-activated", {"mentor_id": "mentor-1"})
    letter = mail.mail_to(MENTOR)
    assert letter.message.keys() == HEADERS
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["X-Auto-Response-Suppress"] == "All"


def test_a_reminder_says_where_to_ask_for_no_more_and_a_pause_does_not(cli):
    address = "mailto:nomore@example.org?subject=Unsubscribe"
    told = cli.with_settings(MAIL_LIST_UNSUBSCRIBE=address)
    for kind in KINDS:
        expected = f"<{address}>" if kind == "certification_expiring" else None
        assert preview(told, kind)["List-Unsubscribe"] == expected
        assert preview(cli, kind)["List-Unsubscribe"] is None


@pytest.mark.parametrize("address", ["http://example.org/", "x", "mailto:a@b.no>", "https://x y",
                                     "https://x\r\nBcc: a@b.no"])
def test_an_address_that_would_break_the_header_is_a_bad_setting(cli, address):
    done = cli.with_settings(MAIL_LIST_UNSUBSCRIBE=address).run("preview", "pause_lifted")
    assert done.status == CONFIG and "MAIL_LIST_UNSUBSCRIBE" in done.err


# mentorwatch preview

def test_a_preview_is_the_mail_that_goes_out(api, cli, mail):
    api.record("mentor-1", in_days(-300), in_days(7))
    remind(api, 7)
    sent = mail.mail_to(MENTOR).message
    shown = preview(cli, "certification_expiring")
    assert shown.keys() == sent.keys()
    assert shown["From"] == sent["From"]
    assert text_of(shown).split("\n\n")[2] == text_of(sent).split("\n\n")[2]
    assert cli.good("preview", "certification_expiring", "--html").out == html_of(shown)


def test_a_preview_needs_no_database(cli):
    cli.with_settings(DATABASE_SOCKET="/nonexistent").good("preview", "pause_lifted")


@pytest.mark.parametrize("arguments,says", [
    (["letter"], KINDS), (["pause_lifted", "--lang", "fr"], ["en, nb or nn"]),
    (["pause_lifted", "--role", "org_admin"], ["mentor or coordinator"]), ([], ["KIND"]),
    (["pause_lifted", "pause_lifted"], ["fewer"])])
def test_what_there_is_no_preview_of_is_said(cli, arguments, says):
    done = cli.run("preview", *arguments)
    assert done.status == USAGE and done.out == ""
    assert all(word in done.err for word in says), done


# Templates that people edit

def test_an_edited_template_counts_from_the_next_mail_on(api, cli, mail, templates):
    api.record("mentor-1", in_days(-400), in_days(-1))
    path = templates / "nb/certification_expired.mentor.txt"
    path.write_text("Subject: Kjære {{recipient_name}} – æ\n\n.\n..\nFrom here {{mentor_id}} æøå\n"
                    "{{! a remark }}\n{{^removed}}Ikke slettet{{/removed}}\n")
    cli.with_settings(NOTIFY_TEMPLATES=templates).good("sweep")
    letter = mail.mail_to(MENTOR)
    assert letter["Subject"] == "Kjære Mentor 1 – æ"
    assert letter.text.splitlines()[:4] == [".", "..", "From here mentor-1 æøå", "Ikke slettet"]


def test_line_ends_of_any_kind_will_do(cli, templates):
    path = templates / "nb/pause_lifted.mentor.txt"
    before = preview(cli, "pause_lifted")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    message = preview(cli.with_settings(NOTIFY_TEMPLATES=templates), "pause_lifted")
    assert text_of(message) == text_of(before) and html_of(message) == html_of(before)


def test_an_older_folder_without_a_language_speaks_the_next_best(cli, templates):
    """Folders that operators have made their own know no nynorsk and no layout."""
    shutil.rmtree(templates / "nn")
    other = cli.with_settings(NOTIFY_TEMPLATES=templates, NOTIFY_LANGUAGE="en")
    message = preview(other, "certification_expiring", "--lang", "nn")
    assert MARKS["nb"] in text_of(message) and "om 7 dager" in message["Subject"]
    assert '<html lang="nb">' in html_of(message)
    shutil.rmtree(templates / "nb")
    for language in ("nb", "nn"):
        assert MARKS["en"] in text_of(preview(other, "pause_lifted", "--lang", language))


BROKEN = [
    ("nb/certification_expired.mentor.txt", b"no subject\n", "line 1"),
    ("nb/certification_expired.mentor.txt", b"Subject: x\n\n{{colour}}\n", "line 3"),
    ("nb/certification_expired.mentor.txt", b"Subject: x\n\n{{#removed}}\n", "line 3"),
    ("nb/certification_expired.mentor.txt", b"Subject: x\n\n{{name", "line 3"),
    ("nb/certification_expired.mentor.txt", b"Subject: x\n\n{{/removed}}\n", "line 3"),
    ("nn/pause_lifted.coordinator.txt", b"Subject: x\n\n{{paragraphs}}\n", "line 3"),
    ("en/pause_lifted.coordinator.txt", "Subject: x\n\nå\n".encode("latin-1"), "UTF-8"),
    ("en/pause_lifted.coordinator.txt", b"Subject: x\n\n\0\n", "UTF-8"),
    ("en/pause_lifted.coordinator.txt", b"Subject: x\n\n" + b"x" * 65536, "longer"),
    ("en/pause_lifted.mentor.html", b"<p>\n{{nmae}}</p>", "line 2"),
    ("layout.html", b"<p>\n\n{{mentor_name}}</p>", "line 3"),
    ("push/ntfy.txt", b"Content-Type: text/plain\nTitle: {{title}\n\nx\n", "line 2"),
    ("push/gotify.txt", b"Content-Type: text/plain\n\n{{text}}\n{{colour}}\n", "line 4"),
    ("push/of_the_house.txt", b"Content-Type: text/plain\n", "no empty line"),
    ("push/of_the_house.txt", b"to whom it may concern\n\nx\n", "to whom it may concern"),
]


@pytest.mark.parametrize("name,content,says", BROKEN)
def test_a_broken_template_is_told_at_start_with_its_line(
        api, cli, mail, ledger, templates, name, content, says):
    api.record("mentor-1", in_days(-400), in_days(-1))
    (templates / name).write_bytes(content)
    other = cli.with_settings(NOTIFY_TEMPLATES=templates)
    for arguments in (["sweep"], ["sweep", "--dry-run"], ["dispatch"],
                      ["preview", "pause_activated"]):
        done = other.run(*arguments)
        assert done.status == CONFIG, done
        assert str(templates / name) in done.err and says in done.err
        assert len(done.err.splitlines()) == 1
    started = subprocess.run(
        [env.fcgi_program(), "--socket", templates / "socket"], capture_output=True, check=False,
        env=env.clean_environment(other.settings), timeout=env.PATIENCE)
    assert started.returncode == CONFIG
    assert str(templates / name) in started.stderr.decode() and says in started.stderr.decode()
    assert not ledger.is_paused("mentor-1") and mail.mails == []


def test_a_template_that_is_nowhere_is_told_by_its_name(cli, templates):
    for language in MARKS:
        (templates / language / "pause_lifted.mentor.txt").unlink()
    done = cli.with_settings(NOTIFY_TEMPLATES=templates).run("sweep")
    assert done.status == CONFIG and "pause_lifted.mentor.txt" in done.err


def test_a_folder_without_push_templates_will_do_and_other_files_in_it_are_none(cli, templates):
    other = cli.with_settings(NOTIFY_TEMPLATES=templates)
    (templates / "push/ntfy.txt~").write_text("half a")
    (templates / "push/.ntfy.txt").write_text("half a")
    other.good("sweep")
    shutil.rmtree(templates / "push")
    other.good("sweep")


def test_what_needs_no_letters_looks_at_none(cli):
    other = cli.with_settings(NOTIFY_TEMPLATES="/nonexistent")
    other.good("routes")
    other.good("migrate")


@pytest.fixture(scope="module")
def edited(folder, settings, new_site):
    """A running server, and the template folder that it reads."""
    copy = folder / "edited-templates"
    shutil.copytree(env.SOURCE / "src/notify/templates", copy)
    return new_site("edited", {**settings, "MENTORWATCH_NOTIFY_TEMPLATES": str(copy)}), copy


@pytest.fixture
def broken_later(edited):
    """… in which one template was broken after the start."""
    site, folder = edited
    path = folder / "nb/certification_expired.mentor.txt"
    good = path.read_bytes()
    path.write_text("Subject: {{nmae}}\n\n")
    yield site
    path.write_bytes(good)


def test_a_template_that_is_broken_later_holds_its_mails_back_and_no_other(
        broken_later, api, cli, mail, directory, database, ledger):
    api.record("mentor-1", in_days(-400), in_days(-1))
    assert broken_later.post(f"{CERTIFICATIONS}/expiry-job/run").json["auto_paused"] == 1
    assert [letter.recipients for letter in mail.mails] == [[directory.COORDINATOR_ADDRESS]]
    held = {m["recipient_role"]: m for m in ledger.messages("mentor-1")}
    assert {role: m["state"] for role, m in held.items()} == \
        {"mentor": "queued", "coordinator": "sent"}
    assert "there is no {{nmae}}" in held["mentor"]["last_error"]
    database.run("UPDATE messages SET next_attempt_at = UTC_TIMESTAMP(3)")
    assert cli.sweep()["delivery"]["sent"] == 1


def test_in_the_app_a_broken_template_takes_no_other_message_away(
        broken_later, api, cli, directory):
    directory.prefers("mentor-1", "in_app")
    api.record("mentor-1", in_days(-400), in_days(-1))
    cli.good("sweep")
    api.post(f"{PAUSES}/pause-activated", {"mentor_id": "mentor-1"})
    items = broken_later.signed_in(tokens.of("mentor", sub="mentor-1")).get(IN_APP).items
    assert [(item["title"], item["text"] != "") for item in items] == \
        [("Du er satt på pause som likeperson", True), ("certification_expired", False)]


def test_plain_cgi_starts_without_reading_all_templates(settings):
    """A process for each request cannot; a broken template then puts off its own messages."""
    environment = {**env.clean_environment(settings), "GATEWAY_INTERFACE": "CGI/1.1",
                   "REQUEST_METHOD": "GET", "REQUEST_URI": "/healthz",
                   "MENTORWATCH_NOTIFY_TEMPLATES": "/nonexistent"}
    done = subprocess.run([env.fcgi_program()], env=environment, capture_output=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=env.PATIENCE)
    assert done.returncode == 0 and b'"ok"' in done.stdout
