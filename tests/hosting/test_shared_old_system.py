# SPDX-License-Identifier: MIT
"""The archive brings all that it needs: it runs in an older Debian that has none of it."""
import os
import pathlib
import subprocess

import pytest

from shared_fixtures import PASSWORD, USER
from stack import env

RELEASE = "bullseye"
CACHE = env.SOURCE / "var" / "hosting-cache" / RELEASE


def mirror():
    for path in pathlib.Path("/etc/apt").rglob("*.sources"):
        for line in path.read_text().splitlines():
            if line.startswith("URIs:") and "security" not in line:
                return line.split()[1]
    return "http://deb.debian.org/debian"


@pytest.fixture(scope="module")
def system():
    """Made once, kept for the next run."""
    if os.geteuid() != 0:
        pytest.skip("debootstrap needs root")
    if not (CACHE / "complete").exists():
        subprocess.run(["rm", "-rf", str(CACHE)], check=True)
        CACHE.mkdir(parents=True)
        done = subprocess.run(["/usr/sbin/debootstrap", "--variant=minbase", RELEASE, str(CACHE), mirror()],
                              capture_output=True, text=True, check=False, timeout=400)
        if done.returncode != 0:
            pytest.skip(f"debootstrap cannot fetch {RELEASE}: {done.stdout[-300:]}")
        (CACHE / "complete").touch()
    return CACHE


@pytest.fixture(scope="module")
def unpacked(system, archive):
    site = system / "srv/site"
    subprocess.run(["rm", "-rf", str(site)], check=True)
    site.mkdir(parents=True)
    subprocess.run(["tar", "-C", str(site), "-xzf", str(archive)], check=True)
    yield system
    subprocess.run(["rm", "-rf", str(site)], check=True)


def inside(system, *command, **environment):
    return subprocess.run(["/usr/sbin/chroot", str(system), *command], capture_output=True, text=True,
                          env={"PATH": "/bin:/usr/bin", **environment}, check=False,
                          stdin=subprocess.DEVNULL, timeout=env.PATIENCE)


def test_it_is_older_and_has_none_of_the_libraries(unpacked):
    assert (unpacked / "etc/debian_version").read_text().startswith("11")
    for name in ("libcurl", "libmariadb", "libfcgi", "libjansson"):
        assert not list((unpacked / "usr/lib").rglob(f"{name}*"))
    bare = inside(unpacked, "/srv/site/mentorwatch/bin/mentorwatch", "--version")
    assert bare.returncode != 0, "without what it brings it does not run there"


def test_the_command_runs(unpacked):
    done = inside(unpacked, "/srv/site/mentorwatch/mentorwatch", "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("mentorwatch ")


def test_it_is_set_up_and_answers_as_cgi(unpacked, host_database):
    database = host_database.give_schema("mw_old")
    done = inside(unpacked, "/srv/site/mentorwatch/mentorwatch", "setup", "--to",
                  "/srv/private/mentorwatch.conf", "database.host=127.0.0.1",
                  f"database.port={host_database.port}", "database.name=mw_old",
                  f"database.user={USER}_mw_old", MENTORWATCH_DATABASE_PASSWORD=PASSWORD)
    assert done.returncode == 0, done
    assert database.value("SELECT COUNT(*) FROM certifications") == 0
    done = inside(unpacked, "/srv/site/mentorwatch/mentorwatch", "migrate")
    assert done.returncode == 0, done
    done = inside(unpacked, "/srv/site/cgi-bin/mentorwatch.fcgi", GATEWAY_INTERFACE="CGI/1.1",
                  REQUEST_METHOD="GET", REQUEST_URI="/readyz")
    assert done.stdout.startswith("Status: 200\n"), done
    (unpacked / "srv/private/mentorwatch.conf").unlink()
