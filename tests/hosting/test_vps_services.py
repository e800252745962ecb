# SPDX-License-Identifier: MIT
"""What `make install` brings for systemd, cron, logrotate and bash."""
import os
import re
import signal
import stat
import subprocess

import pytest

import vps
from stack import env

UNITS = "/usr/lib/systemd/system"
SERVICES = ["mentorwatch.service", "mentorwatch-sweep.service", "mentorwatch-dispatch.service"]
WORST = 2.0  # of 10, as systemd-analyze counts


@pytest.fixture(scope="module")
def machine(open_folder, staged):
    machine = vps.Machine(open_folder, "services")
    machine.copy(staged)
    yield machine
    machine.end()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_do_little(machine, service):
    said = machine.good("systemd-analyze", "security", "--offline=true", "--no-pager",
                        f"{UNITS}/{service}")
    assert float(re.search(r"exposure level for \S+: ([0-9.]+)", said).group(1)) <= WORST


def test_systemd_finds_no_fault_in_the_units(machine):
    machine.good("systemd-sysusers")
    units = [f"{UNITS}/{name}" for name in os.listdir(machine.path(UNITS))
             if name.startswith("mentorwatch")]
    assert len(units) == 6
    done = machine.run("systemd-analyze", "verify", "--man=no", *units)
    about_us = [line for line in done.stderr.splitlines() if "mentorwatch" in line]
    assert about_us == [] and done.returncode == 0, done.stderr


@pytest.mark.parametrize("timer", ["mentorwatch-sweep", "mentorwatch-dispatch"])
def test_a_timer_names_a_moment_and_starts_a_service(machine, timer):
    text = machine.path(f"{UNITS}/{timer}.timer").read_text()
    moment = re.search(r"OnCalendar=(.*)", text).group(1)
    assert "Next elapse" in machine.good("systemd-analyze", "calendar", moment)
    service = machine.path(f"{UNITS}/{timer}.service").read_text()
    assert f"ExecStart=/usr/bin/mentorwatch {timer.removeprefix('mentorwatch-')}\n" in service


def test_the_account_and_the_modes_come_by_themselves(machine):
    machine.good("systemd-sysusers")
    machine.good("systemd-sysusers")  # and once more: nothing to do
    uid = int(machine.good("id", "-u", "mentorwatch"))
    assert 0 < uid < 1000
    machine.good("chmod", "644", "/etc/mentorwatch/mentorwatch.conf")
    machine.good("systemd-tmpfiles", "--create", "mentorwatch.conf")
    found = machine.path("/etc/mentorwatch/mentorwatch.conf").stat()
    assert stat.S_IMODE(found.st_mode) == 0o640
    assert (found.st_uid, found.st_gid) == (0, int(machine.good("id", "-g", "mentorwatch")))


def test_old_logs_are_put_aside_and_nginx_is_told(machine, folder):
    machine.good("install", "-d", "/var/log/mentorwatch")
    log = machine.path("/var/log/mentorwatch/access.log")
    log.write_text("{}\n")
    nginx = machine.start("sleep", folder / "sleep.log", "sleep", "60")
    machine.path("/run/nginx.pid").write_text(str(nginx.pid))
    machine.good("logrotate", "--force", "--state", "/run/logrotate.state",
                 "/etc/logrotate.d/mentorwatch")
    assert (log.parent / "access.log.1").read_text() == "{}\n"
    mode = log.stat()
    assert log.read_text() == "" and stat.S_IMODE(mode.st_mode) == 0o640
    # USR1 ends a process that does not know it.
    assert nginx.child.wait(env.PATIENCE) == -signal.SIGUSR1


def complete(*words):
    """What bash offers for the last word."""
    script = env.SOURCE / "cgi-bin/server/completion/mentorwatch"
    done = subprocess.run(
        ["bash", "-c", '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                       '_mentorwatch; printf "%s\\n" "${COMPREPLY[@]}"',
         str(script), env.cli_program(), *words],
        capture_output=True, text=True, check=True, env=env.clean_environment())
    return set(done.stdout.split())


def commands():
    told = subprocess.run([env.cli_program(), "help"], capture_output=True, text=True, check=True)
    return set(re.findall(r"^  ([a-z]+) ", told.stdout, re.MULTILINE))


def test_bash_offers_every_command():
    assert len(commands()) > 10
    assert commands() <= complete("")
    assert complete("sw") == {"sweep"} == complete("--config", "some.conf", "sw")
    assert complete("help", "sw") == {"sweep"}


def test_bash_offers_what_a_command_takes():
    assert complete("sweep", "--d") == {"--dry-run"}
    assert {"list", "retry", "hold", "release", "--state", "--limit"} <= complete("outbox", "")
    assert complete("person", "e") == {"export", "erase"}
    assert complete("sweep", "--w") == set()
