# SPDX-License-Identifier: MIT
"""A shared host, set up by `mentorwatch setup`, under mod_cgi and mod_fcgid."""
import configparser
import json
import os
import stat

import pytest

import replay
from shared import UID
from stack import env, tokens
from stack.api import CERTIFICATIONS

ORGANISATION = "org_nhf_oslo"


def setting(home, section, key):
    parser = configparser.RawConfigParser(comment_prefixes=(";",), strict=False)
    parser.read(home.folder / "private/mentorwatch.conf")
    return parser[section][key]


@pytest.fixture
def demo(site, mail):
    _, database, api, _ = site
    database.empty()
    database.load(env.SOURCE / "sql/demo.sql")
    mail.forget()
    return api


def token_for(home, role):
    secret = setting(home, "token", "secret")
    claims = tokens.claims_of(role, None if role == "global_admin" else ORGANISATION)
    return tokens.token(claims, secret=secret)


def test_every_example_is_answered_as_printed(site, demo):
    home = site[0]

    def ask(method, path, body, role):
        client = demo.signed_in(token_for(home, role)) if role else demo
        reply = client.request(method, path, body)
        return reply.status, reply.headers, reply.json
    done = replay.Replay(ask)
    assert done.run(), f"{done}\n{site[3].log()}"
    assert str(done) == "60 of 60 match"


def test_the_configuration_is_the_owners_alone_and_outside_of_the_web(site):
    home = site[0]
    path = home.folder / "private/mentorwatch.conf"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert home.site not in path.parents
    assert os.geteuid() != 0 or path.stat().st_uid == UID


@pytest.mark.parametrize("path", [
    "/mentorwatch/config-path", "/mentorwatch/", "/mentorwatch", "/mentorwatch/README.txt",
    "/mentorwatch/lib/libc.so.6", "/mentorwatch/bin/mentorwatch", "/mentorwatch/templates/nb/",
    "/private/mentorwatch.conf", "/../private/mentorwatch.conf", "/.htaccess", "/metrics",
    "/mentorwatch/.htaccess", "//mentorwatch/config-path", "/%6dentorwatch/config-path",
    "/docs/../mentorwatch/config-path"])
def test_what_is_not_for_the_web_cannot_be_fetched(site, path):
    status, body, _ = site[3].fetch(path)
    assert status in (400, 403, 404), (status, body)
    assert "password" not in body


def test_the_folder_is_closed_where_rewriting_is_off(site):
    """Two locks: the second one is its own file of rules."""
    home, _, _, apache = site
    rules = home.site / ".htaccess"
    before = rules.read_text()
    rules.write_text("")
    try:
        assert apache.fetch("/mentorwatch/config-path")[0] == 403
    finally:
        rules.write_text(before)


def test_the_setup_page_is_gone(site):
    home, _, _, apache = site
    home.write("setup-token", "0123456789abcdef\n")
    status, body, _ = apache.fetch("/setup")
    assert status == 404
    assert "setup-token" not in body
    (home.inner / "setup-token").unlink()


def test_a_second_setup_refuses(site, hosting):
    home, database, _, _ = site
    done = hosting.set_up(home, database.name)
    assert done.returncode == 75
    assert "set up already" in done.stderr


@pytest.mark.parametrize("rewrite_only", [False, True], ids=["CGIPassAuth", "rewrite"])
def test_authorization_arrives(site, demo, rewrite_only):
    home = site[0]
    rules = home.site / ".htaccess"
    before = rules.read_text()
    assert before.count("CGIPassAuth On") == 1
    if rewrite_only:
        rules.write_text(before.replace("CGIPassAuth On", ""))
    try:
        path = "/api/v1/pause-notifications"
        assert demo.get(path).status == 401
        assert demo.signed_in(token_for(home, "coordinator")).get(path).status == 200
    finally:
        rules.write_text(before)


@pytest.mark.parametrize("size", [127 * 1024, 128 * 1024 - 1, 128 * 1024, 128 * 1024 + 1,
                                  132_000, 1 << 20, 10_000_000])
def test_a_large_body_is_answered_413_as_a_problem(site, demo, size):
    body = b'{"mentor_id": "' + b"x" * (size - 17) + b'"}'
    assert len(body) == size
    reply = site[3].fetch(CERTIFICATIONS, "POST", body, {"Content-Type": "application/json"})
    assert reply[0] == 413, reply
    assert reply[2]["Content-Type"] == "application/problem+json"
    assert json.loads(reply[1])["type"] == "urn:mentorwatch:problem:too-large"


def test_the_commands_find_the_configuration_without_an_environment(site, mail, demo):
    home = site[0]
    done = home.run("status", "--json")
    assert done.returncode in (0, 69), done.stderr
    done = home.run("cron")
    assert done.returncode in (0, 65, 75), done.stdout + done.stderr


def test_an_upgrade_is_unpacked_over_it(site, hosting, demo):
    home = site[0]
    home.unpack(hosting.archive)
    assert home.run("migrate").returncode == 0
    assert demo.get("/readyz").status == 200
