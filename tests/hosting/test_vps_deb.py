# SPDX-License-Identifier: MIT
"""make deb: what Debian's own judge says, and what the package does to a machine."""
import shutil
import stat
import subprocess

import pytest

import vps
from stack import env

CONFIGURATION = "/etc/mentorwatch/mentorwatch.conf"
DPKG = ["dpkg", "--force-unsafe-io", "--no-triggers"]


@pytest.fixture(scope="module")
def package(open_folder):
    done = vps.make("deb")
    assert done.returncode == 0, done.stdout + done.stderr
    found, = env.BUILD.glob("mentorwatch_*.deb")
    return shutil.copy(found, open_folder)


@pytest.fixture(scope="module")
def machine(open_folder, package):
    machine = vps.Machine(open_folder, "debian")
    machine.good(*DPKG, "--install", "--force-depends", str(package))
    yield machine
    machine.end()


def test_lintian_finds_no_error(package):
    done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error", str(package)],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_names_the_libraries_that_it_needs(package):
    depends = subprocess.run(["dpkg-deb", "--field", str(package), "Depends"],
                             capture_output=True, text=True, check=True).stdout
    for library in ("libc6", "libcurl4", "libfcgi0ldbl", "libjansson4", "libssl3", "libmariadb3"):
        assert library in depends


def test_the_programs_run_and_the_account_is_there(machine):
    assert machine.good("mentorwatch", "--version").startswith("mentorwatch ")
    assert "mentorwatch" in machine.good("id", "mentorwatch")
    found = machine.path(CONFIGURATION).stat()
    assert stat.S_IMODE(found.st_mode) == 0o640
    assert found.st_gid == int(machine.good("id", "-g", "mentorwatch"))
    state = machine.path("/var/lib/mentorwatch").stat()
    assert (state.st_mode & 0o777, state.st_uid) == \
        (0o750, int(machine.good("id", "-u", "mentorwatch")))
    assert machine.good("dpkg", "--verify", "mentorwatch") == ""


def test_an_upgrade_keeps_the_configuration_and_a_purge_takes_it(machine, package):
    ours = machine.path(CONFIGURATION)
    ours.write_text("[mail]\nfrom = kari@example.org\n")
    machine.good(*DPKG, "--install", "--force-depends", str(package))
    assert "kari@" in ours.read_text()
    machine.good(*DPKG, "--remove", "mentorwatch")
    assert ours.exists() and not machine.path("/usr/bin/mentorwatch").exists()
    machine.good(*DPKG, "--purge", "mentorwatch")
    for place in ("/etc/mentorwatch", "/var/log/mentorwatch", "/var/lib/mentorwatch",
                  "/etc/cron.d/mentorwatch"):
        assert not machine.path(place).exists()


def test_other_places_are_refused(open_folder):
    done = vps.make("deb", "prefix=/opt")
    assert done.returncode != 0 and "--prefix=/usr" in done.stderr
