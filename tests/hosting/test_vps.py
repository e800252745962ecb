# SPDX-License-Identifier: MIT
"""docs/hosting/vps.md, walked: its commands, nginx with the installed site, a sweep by a real cron."""
import http.client
import json
import re

import pytest

import vps
from stack import env
from stack.api import CERTIFICATIONS, Api
from stack.mariadb import APP_PASSWORD
from stack.directory import Directory
from stack.times import in_days

PAGE = env.SOURCE / "docs/hosting/vps.md"
SITE = "/etc/nginx/sites-available/mentorwatch"
CONFIGURATION = "/etc/mentorwatch/mentorwatch.conf"

# Cron sleeps to the next full minute: these are just before those that its lines name.
BEFORE_THE_SWEEP = "@2031-01-01 05:59:58"
BEFORE_A_DELIVERY = "@2031-01-01 09:09:58"


def commands(heading, begin=""):
    """What the page says to type below a heading."""
    section = PAGE.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    section = re.sub(r"```.*?```", "", section, flags=re.DOTALL)
    return [line.strip() for line in section.splitlines() if line.startswith(f"    {begin}")]


class Server:
    """A machine on which it is done as the page says. What systemd would do with the units is done
    by hand, from what they say."""

    def __init__(self, folder, machine, database, mail):
        self.folder, self.machine, self.database = folder, machine, database
        self.port = env.free_port()
        self.parts = []
        self.follow("1. Install", "systemd-")
        self._configure(mail)
        self.follow("3. Configure")
        self.follow("4. Make the tables, and fill the directory", "runuser -u mentorwatch -- "
                    "mentorwatch migrate")
        Directory(database).fill()

    def follow(self, heading, begin=""):
        """Type the commands of the page."""
        found = commands(heading, begin)
        assert found
        for command in found:
            self.machine.good("sh", "-c", command)

    def _configure(self, mail):
        """Fill in what the sample leaves open."""
        path = self.machine.path(CONFIGURATION)
        text = path.read_text()
        for line, ours in {
                ";socket = /run/mysqld/mysqld.sock": f"socket = {self.database.server.socket}",
                ";name = mentorwatch": f"name = {self.database.name}",
                ";password =": f"password = {APP_PASSWORD}",
                ";relay = localhost:25": f"relay = {mail.address}"}.items():
            assert text.count(f"{line}\n") == 1, line
            text = text.replace(f"{line}\n", f"{ours}\n")
        path.write_text(text)

    def unit(self, name, key):
        text = self.machine.path(f"/usr/lib/systemd/system/{name}").read_text()
        return re.search(rf"^{key}=(.*)$", text, re.MULTILINE).group(1)

    def start(self, name, *command):
        process = self.machine.start(name, self.folder / f"vps-{name}.log", *command)
        self.parts.append(process)
        return process

    def serve(self):
        """The socket and the service, as their units say, and nginx."""
        user = self.unit("mentorwatch.service", "User")
        path = self.unit("mentorwatch.socket", "ListenStream")
        self.machine.good("install", "-d", path.rpartition("/")[0])
        service = self.start("activated", "systemd-socket-activate", "--listen", path, "setpriv",
                             f"--reuid={user}", f"--regid={user}", "--init-groups",
                             *self.unit("mentorwatch.service", "ExecStart").split())
        service.await_live(self.machine.path(path).exists)
        self.machine.good("chgrp", self.unit("mentorwatch.socket", "SocketGroup"), path)
        self.machine.good("chmod", self.unit("mentorwatch.socket", "SocketMode"), path)
        self._open_site()
        nginx = self.start("nginx", "nginx", "-g", "daemon off;")
        nginx.await_live(lambda: env.listens(self.port))

    def _open_site(self):
        copy, name, link, test = commands("5. Open the site")[:4]
        for command in (copy, name, link):
            self.machine.good("sh", "-c", command)
        site = self.machine.path(SITE)
        site.write_text(site.read_text().replace("listen 80;", f"listen 127.0.0.1:{self.port};"))
        self.machine.good("sh", "-c", test)

    def connection(self, timeout=env.PATIENCE):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def cron(self, moment):
        """A cron that thinks it is that moment. What it starts knows the true time."""
        return self.start("cron", "env", f"LD_PRELOAD={vps.libfaketime()}", f"FAKETIME={moment}",
                          "cron", "-f", "-L", "15")

    def sweeps(self):
        return [row["result"] for row in self.database.run("SELECT result FROM sweeps")]

    def end(self):
        for process in reversed(self.parts):
            process.stop()


@pytest.fixture(scope="module")
def host(open_folder, staged, server, mail):
    machine = vps.Machine(open_folder, "host")
    machine.copy(staged)
    host = Server(open_folder, machine, server.new_database("vps"), mail)
    host.serve()
    yield host
    host.end()
    machine.end()


@pytest.fixture(scope="module")
def site(host):
    return Api(host)


@pytest.fixture(autouse=True)
def afresh(host, mail):
    mail.forget()
    host.database.empty()
    for path in host.machine.path("/var/lib/mentorwatch").glob("delivered-*"):
        path.unlink()  # it remembers more than there is now
    Directory(host.database).fill()


@pytest.fixture
def cron(host):
    """Runs a cron until something is true: cron(moment, condition, what)."""
    def run(moment, condition, what):
        process = host.cron(moment)
        try:
            return env.wait_until(condition, what)
        finally:
            process.stop()
    return run


def test_the_site_answers(host, site):
    assert site.get("/readyz").json["status"] == "ok"
    assert site.get(CERTIFICATIONS).total == 0
    connection = host.connection()
    connection.request("GET", "/docs/")
    assert b"<html" in connection.getresponse().read()
    connection.close()


def test_nginx_writes_its_log_where_logrotate_looks(host, site):
    request_id = site.get("/readyz").headers["X-Request-Id"]
    log = host.machine.path("/var/log/mentorwatch/access.log")
    env.wait_until(lambda: request_id in log.read_text(), "the line of the request")
    assert all(json.loads(line)["status"] for line in log.read_text().splitlines())


def test_nobody_else_reads_the_configuration_or_the_socket(host):
    assert host.machine.run("mentorwatch", "status", user="nobody").returncode == 78
    assert host.machine.run("mentorwatch", "migrate", "--plan",
                            user="mentorwatch").returncode == 0
    done = host.machine.run(
        "/usr/bin/python3", "-c",
        "import socket; socket.socket(socket.AF_UNIX).connect('/run/mentorwatch/mentorwatch.sock')",
        user="nobody")
    assert "PermissionError" in done.stderr


def test_cron_sweeps_by_the_line_that_was_installed(host, site, cron, mail):
    site.record("mentor-1", in_days(-400), in_days(-1))
    cron(BEFORE_THE_SWEEP, lambda: host.sweeps() == ["good"], "the sweep")
    assert {mail.mail_to(address)["Subject"] is not None for address in (
        "mentor-1@example.org", Directory.COORDINATOR_ADDRESS)} == {True}
    assert site.get(CERTIFICATIONS).items[0]["auto_pause_applied"] is True


def test_cron_delivers_what_waits(host, site, cron, mail):
    site.record("mentor-1", in_days(-400), in_days(-1))
    mail.away()
    assert host.machine.run("mentorwatch", "sweep", user="mentorwatch").returncode == 69
    assert not mail.mails
    mail.back()
    host.database.run("DELETE FROM relays")
    cron(BEFORE_A_DELIVERY, lambda: len(mail.mails) == 2, "the mails")
    assert len(host.sweeps()) == 1


def test_where_systemd_has_timers_cron_does_nothing(host):
    lines = host.machine.path("/etc/cron.d/mentorwatch").read_text().splitlines()
    jobs = [line.split(None, 6)[5:] for line in lines if re.match(r"[0-9*]", line)]
    assert [user for user, _ in jobs] == ["mentorwatch"] * 2
    host.machine.good("install", "-d", "/run/systemd/system")
    try:
        for user, command in jobs:
            host.machine.good("sh", "-c", command, user=user)
        assert host.sweeps() == []
    finally:
        host.machine.good("rmdir", "/run/systemd/system")
    for user, command in jobs:
        host.machine.good("sh", "-c", command, user=user)
    assert host.sweeps() == ["good"]
