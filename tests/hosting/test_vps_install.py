# SPDX-License-Identifier: MIT
"""make install and make uninstall."""
import re
import shutil
import stat
import subprocess

import pytest

import vps
from stack import env

CONFIGURATION = "etc/mentorwatch/mentorwatch.conf"


@pytest.mark.parametrize("path", [
    "/usr/bin/mentorwatch", "/usr/libexec/cgi-bin/mentorwatch.fcgi", f"/{CONFIGURATION}",
    "/usr/share/man/man1/mentorwatch.1", "/usr/share/man/man5/mentorwatch.conf.5",
    "/usr/share/man/man8/mentorwatch.fcgi.8", "/usr/share/mentorwatch/sql/0001-directory.sql",
    "/usr/share/mentorwatch/templates/nb/pause_lifted.mentor.txt",
    "/usr/share/mentorwatch/templates/push/ntfy.txt", "/usr/share/mentorwatch/docs/index.html",
    "/usr/share/doc/mentorwatch/README.md", "/etc/cron.d/mentorwatch",
    "/etc/logrotate.d/mentorwatch", "/usr/lib/systemd/system/mentorwatch.socket",
    "/usr/lib/sysusers.d/mentorwatch.conf", "/usr/lib/tmpfiles.d/mentorwatch.conf",
    "/usr/share/bash-completion/completions/mentorwatch",
    "/usr/share/doc/mentorwatch/examples/mentorwatch.conf",
    "/usr/share/doc/mentorwatch/examples/nginx-site.conf"])
def test_it_is_where_the_fhs_says(staged, path):
    assert path in vps.files_in(staged)


def test_the_site_names_the_places_of_this_installation(staged):
    site = (staged / "usr/share/doc/mentorwatch/examples/nginx-site.conf").read_text()
    for line in ("server unix:/run/mentorwatch/mentorwatch.sock;", "listen 80;",
                 "alias /usr/share/mentorwatch/docs/;", "server_name mentors.example.org;",
                 "access_log /var/log/mentorwatch/access.log mentorwatch buffer=32k flush=1s;"):
        assert line in site
    assert "@" not in site and (staged / "var/log/mentorwatch").is_dir()


def test_nothing_names_the_folder_that_it_was_staged_in(staged):
    for path in vps.files_in(staged):
        text = (staged / path[1:]).read_bytes()
        assert str(staged).encode() not in text, path
        assert re.search(rb"@[A-Z]{3,}@", text) is None, path


def test_each_place_can_be_chosen(folder):
    root = folder / "elsewhere"
    vps.install(root, prefix="/opt/mw", exec_prefix="/opt/mw", libexecdir="/opt/mw/libexec",
                sysconfdir="/opt/etc", localstatedir="/opt/var", runstatedir="/opt/run")
    found = vps.files_in(root)
    assert all(path.startswith("/opt/") for path in found), sorted(found)
    assert {"/opt/mw/bin/mentorwatch", "/opt/etc/mentorwatch/mentorwatch.conf"} <= found


def test_the_sample_is_good_and_not_for_everybody(staged):
    path = staged / CONFIGURATION
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    done = subprocess.run([staged / "usr/bin/mentorwatch", "--config", path, "routes"],
                          env=env.clean_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_the_sample_shows_can_be_taken_as_it_stands(staged, folder):
    path = folder / "all.conf"
    lines = (staged / CONFIGURATION).read_text().splitlines()
    path.write_text("".join(f"{line.removeprefix(';')}\n" if not line.startswith("; ") else ""
                            for line in lines))
    path.chmod(0o600)
    done = subprocess.run([staged / "usr/bin/mentorwatch", "--config", path, "routes"],
                          env=env.clean_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_configuration_that_is_there_stays_and_an_untouched_one_goes(folder):
    root = folder / "again"
    vps.install(root)
    ours = root / CONFIGURATION
    ours.write_text("[mail]\nfrom = kari@example.org\n")
    vps.install(root)
    assert "kari@" in ours.read_text()
    vps.install(root, goal="uninstall")
    assert vps.files_in(root) == {f"/{CONFIGURATION}"}
    shutil.copy(env.SOURCE / "cgi-bin/server/mentorwatch.conf", ours)
    vps.install(root, goal="uninstall")
    assert vps.files_in(root) == set()
