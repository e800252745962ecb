# SPDX-License-Identifier: MIT
"""`mentorwatch doctor` on a shared host: what Apache does to headers, paths and files."""
import contextlib
import json
import shutil

import pytest

from shared import give

PASS_AUTH = "CGIPassAuth On"
HEADER = "E=HTTP_AUTHORIZATION:%{HTTP:Authorization},"


@pytest.fixture
def swept(site, mail):
    """Cron has run."""
    site[1].empty()
    site[0].forget()
    done = site[0].run("cron")
    assert done.returncode == 0, done


@contextlib.contextmanager
def changed(path, change):
    """A file of the archive, as its owner would edit it."""
    before = path.read_text()
    after = change(before)
    assert after != before
    path.write_text(after)
    try:
        yield
    finally:
        path.write_text(before)


def diagnose(site):
    """The findings that are wrong, by check."""
    home, _, _, apache = site
    done = home.run("doctor", "--json", "--url", f"http://127.0.0.1:{apache.port}")
    report = json.loads(done.stdout)
    wrong = {f["check"]: f["says"] for f in report["findings"] if f["result"] == "wrong"}
    assert done.returncode == (1 if wrong else 0), done
    skipped = {f["check"] for f in report["findings"] if f["result"] == "skipped"}
    assert wrong or skipped == {"test mail"}, done
    return wrong


@pytest.mark.usefixtures("swept")
def test_what_setup_leaves_is_ok(site):
    assert not diagnose(site)


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("left", [PASS_AUTH, HEADER], ids=["CGIPassAuth", "rewrite"])
def test_either_way_of_the_header_will_do(site, left):
    taken = HEADER if left == PASS_AUTH else PASS_AUTH
    with changed(site[0].site / ".htaccess", lambda text: text.replace(taken, "")):
        assert not diagnose(site)


@pytest.mark.usefixtures("swept")
def test_a_header_that_apache_keeps_is_told(site):
    with changed(site[0].site / ".htaccess",
                 lambda text: text.replace(PASS_AUTH, "").replace(HEADER, "")):
        wrong = diagnose(site)
    assert list(wrong) == ["authorization"]
    assert "CGIPassAuth On" in wrong["authorization"]


@pytest.mark.usefixtures("swept")
def test_a_doubled_path_that_apache_keeps_is_told(site):
    with changed(site[0].site / ".htaccess",
                 lambda text: text.replace("RewriteEngine On",
                                           "RewriteEngine On\nRewriteRule ^api/.+/api/ - [R=404,L]")):
        wrong = diagnose(site)
    assert list(wrong) == ["doubled path"]
    assert ".htaccess" in wrong["doubled path"]


@pytest.mark.usefixtures("swept")
def test_rules_that_do_not_count_are_told(site):
    with changed(site[0].site / ".htaccess", lambda text: ""):
        assert list(diagnose(site)) == ["web"]


@pytest.mark.usefixtures("swept")
def test_a_configuration_in_the_site_is_told(site):
    home = site[0]
    private, shown = home.folder / "private/mentorwatch.conf", home.site / "mentorwatch.conf"
    shutil.copy(private, shown)
    give(shown)
    with changed(home.inner / "config-path", lambda text: f"{shown}\n"):
        wrong = diagnose(site)
    shown.unlink()
    assert set(wrong) == {"files", "hidden files"}
    assert "/mentorwatch.conf" in wrong["hidden files"] and "move" in wrong["hidden files"]
    assert "which the web may see" in wrong["files"]


@pytest.mark.usefixtures("swept")
def test_a_folder_that_is_not_closed_is_told(site):
    home = site[0]
    with changed(home.site / ".htaccess",
                 lambda text: text.replace("RewriteRule ^mentorwatch(/|$) - [F,L]", "")), \
            changed(home.inner / ".htaccess", lambda text: ""):
        wrong = diagnose(site)
    assert list(wrong) == ["hidden files"]
    assert "/mentorwatch/config-path" in wrong["hidden files"]


@pytest.mark.usefixtures("swept")
def test_a_folder_that_others_may_write_to_is_told(site):
    home = site[0]
    home.inner.chmod(0o777)
    try:
        wrong = diagnose(site)
    finally:
        home.inner.chmod(0o755)
    assert list(wrong) == ["files"]
    assert f"chmod go-w {home.inner}" in wrong["files"]
