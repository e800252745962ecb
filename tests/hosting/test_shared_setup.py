# SPDX-License-Identifier: MIT
"""The setup, by command and by page: what it refuses, what it leaves behind."""
import os
import stat
import urllib.parse

import pytest

from shared_fixtures import PASSWORD
from stack import env

TOKEN = "a1b2c3d4e5f6a7b8c9d0"


@pytest.fixture(scope="module")
def fresh(hosting):
    """A home without a configuration, under FastCGI; a test may set it up and take it back."""
    home = hosting.home("fresh")
    hosting.database("mw_fresh")
    apache = hosting.apache(home, "fcgid")
    return home, apache


@pytest.fixture(autouse=True)
def as_unpacked(fresh, mail):
    yield
    home = fresh[0]
    for name in ("config-path", "setup-token"):
        (home.inner / name).unlink(missing_ok=True)
    for path in home.folder.rglob("*mentorwatch.conf"):
        path.unlink()


def form(hosting, token=TOKEN, **more):
    return urllib.parse.urlencode({**hosting.answers("mw_fresh"), "token": token,
                                   "database.password": PASSWORD, **more})


def send(apache, body):
    return apache.fetch("/setup", "POST", body,
                        {"Content-Type": "application/x-www-form-urlencoded"})


def place(home):
    return str(home.folder / "private/mentorwatch.conf")


def configurations(home):
    return [path for path in home.folder.rglob("*mentorwatch.conf*") if path.is_file()]


# By command.

def test_it_sends_a_test_mail_and_prints_the_line_for_cron(fresh, hosting, mail):
    home = fresh[0]
    mail.forget()
    done = hosting.set_up(home, "mw_fresh", "--test-mail", "kari@example.org")
    assert done.returncode == 0, done
    assert mail.mail_to("kari@example.org")["Subject"] == "mentorwatch can send mail"
    line = done.stdout.splitlines()[-1]
    assert line == f"*/10 * * * * {home.inner}/mentorwatch cron"
    assert PASSWORD not in done.stdout + done.stderr
    # The line works as it stands: a shell with nothing in its environment.
    assert home.run("status").returncode in (0, 69)


def test_a_mail_server_that_is_away_is_told_and_all_else_stands(fresh, hosting, mail):
    mail.away()
    try:
        done = hosting.set_up(fresh[0], "mw_fresh", "--test-mail", "kari@example.org")
    finally:
        mail.back()
    assert done.returncode == 69
    assert "the test mail was not taken" in done.stdout
    assert configurations(fresh[0])


@pytest.mark.parametrize("place", ["site/private.conf", "site/cgi-bin/x.conf",
                                   "site/mentorwatch/x.conf", "public_html/x/x.conf"])
def test_it_refuses_a_place_that_the_web_sees(fresh, hosting, place):
    home = fresh[0]
    answers = [f"{k}={v}" for k, v in hosting.answers("mw_fresh").items()]
    done = home.run("setup", "--to", str(home.folder / place), *answers,
                    MENTORWATCH_DATABASE_PASSWORD=PASSWORD)
    assert done.returncode == 65, done
    assert "which the web may see" in done.stderr
    assert not configurations(home) and not list(home.folder.rglob("x.conf"))


@pytest.mark.parametrize("change, says", [
    ({"database.user": "nobody"}, "cannot be reached"),
    ({"database.name": "mw_other"}, "cannot be reached"),
    ({"mail.tls": "maybe"}, "mail.tls"),
    ({"no.such": "1"}, "no.such"),
    ({"mail.from_name": "x ; y"}, "cannot stand in the file")])
def test_nothing_is_left_when_it_fails(fresh, hosting, change, says):
    home = fresh[0]
    done = hosting.set_up(home, "mw_fresh", **change)
    assert done.returncode in (65, 69), done
    assert says in done.stderr
    assert not configurations(home)
    assert not (home.inner / "config-path").exists()


def test_a_secret_among_the_arguments_is_refused(fresh, hosting):
    done = hosting.set_up(fresh[0], "mw_fresh", **{"database.password": "seen-by-all"})
    assert done.returncode == 65
    assert "is a secret" in done.stderr
    assert "seen-by-all" not in done.stderr


# By page.

def test_before_the_setup_the_api_says_so(fresh):
    status, body, headers = fresh[1].fetch("/api/v1/certifications")
    assert (status, headers["Content-Type"]) == (503, "application/problem+json")
    assert "/setup" in body


def test_without_a_token_file_the_page_is_closed(fresh, hosting):
    home, apache = fresh
    for answer in (apache.fetch("/setup"), send(apache, form(hosting))):
        assert answer[0] == 403
        assert "<form" not in answer[1]
    assert not configurations(home)


@pytest.mark.parametrize("token", ["", "short", "0123456789"])
def test_a_token_file_that_can_be_guessed_opens_nothing(fresh, hosting, token):
    fresh[0].write("setup-token", token + "\n")
    assert send(fresh[1], form(hosting, token))[0] == 403


@pytest.mark.parametrize("token", ["", TOKEN[:-1], TOKEN + "0", TOKEN.upper(), "x" * 20])
def test_a_wrong_token_is_refused(fresh, hosting, token):
    home, apache = fresh
    home.write("setup-token", TOKEN + "\n")
    status, body, _ = send(apache, form(hosting, token))
    assert status == 403
    assert TOKEN not in body and PASSWORD not in body
    assert not configurations(home)


def test_the_page_sets_up_and_closes_itself(fresh, hosting, mail):
    home, apache = fresh
    mail.forget()
    home.write("setup-token", TOKEN + "\n")
    assert "<form" in apache.fetch("/setup")[1]
    body = form(hosting, test_mail="kari@example.org", file=place(home),
                **{"database.name": "mw_other"})
    # A page that fails tells what it knows, but no secret; what was typed stays.
    status, answer, _ = send(apache, body)
    assert status == 422
    assert PASSWORD not in answer and "volunteer_mw_fresh" in answer
    assert not configurations(home) and (home.inner / "setup-token").exists()

    body = form(hosting, test_mail="kari@example.org", file=place(home))
    status, answer, _ = send(apache, body)
    assert status == 200, answer + apache.log()
    assert f"{home.inner}/mentorwatch cron" in answer
    assert PASSWORD not in answer
    assert mail.mail_to("kari@example.org")
    path = home.folder / "private/mentorwatch.conf"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not (home.inner / "setup-token").exists()

    # Used up: the page is gone, also for whoever has the token, and the API is there.
    env.wait_until(lambda: apache.fetch("/readyz")[0] == 200, "the API")
    home.write("setup-token", TOKEN + "\n")
    assert send(apache, form(hosting))[0] == 404


def test_a_folder_that_others_may_write_to_is_refused(fresh, hosting):
    home = fresh[0]
    os.chmod(home.inner, 0o777)
    try:
        done = hosting.set_up(home, "mw_fresh")
    finally:
        os.chmod(home.inner, 0o755)
    assert done.returncode == 65
    assert "may be written by others" in done.stderr
