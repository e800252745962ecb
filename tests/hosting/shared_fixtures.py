# SPDX-License-Identifier: MIT
"""The shared host: its archive, its database over TCP, and homes that are set up."""
import subprocess

import pytest

from shared import Apache, Home
from stack import env
from stack.api import Api
from stack.mariadb import Database, NetworkedMariaDB

USER, PASSWORD = "volunteer", "pass word;with=signs"
RIGHTS = "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES"


class HostsMariaDB(NetworkedMariaDB):
    """As a host offers it."""

    def give_schema(self, name):
        """A schema with a user who may use it, and no other."""
        self.run(f"CREATE DATABASE {name}")
        self.run(f"CREATE USER {USER}_{name}@'%%' IDENTIFIED BY '{PASSWORD}'".replace("%%", "%"))
        self.run(f"GRANT {RIGHTS} ON {name}.* TO {USER}_{name}@'%'")
        return Database(self, name)


@pytest.fixture(scope="session")
def archive():
    """What `make hosting` packs."""
    done = subprocess.run(["make", "-C", str(env.BUILD), "-s", "hosting"], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = list(env.BUILD.glob("mentorwatch-*-hosting.tar.gz"))
    assert len(found) == 1
    return found[0]


@pytest.fixture(scope="session")
def open_folder(folder):
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def host_database(open_folder):
    server = HostsMariaDB(open_folder / "hostdb")
    server.start()
    yield server
    server.stop()


class Hosting:
    """Makes homes and web servers, and ends them."""

    def __init__(self, folder, archive, server, mail):
        self.folder, self.archive, self.server, self.mail = folder, archive, server, mail
        self.parts = []
        self.homes = []

    def home(self, name):
        home = Home(self.folder / f"home-{name}", self.archive)
        self.homes.append(home)
        return home

    def database(self, name):
        return self.server.give_schema(name)

    def answers(self, name):
        """What setup is told, secrets apart."""
        return {"database.host": "127.0.0.1", "database.port": str(self.server.port),
                "database.name": name, "database.user": f"{USER}_{name}",
                "mail.relay": self.mail.address, "mail.from": "mentorwatch@example.org"}

    def set_up(self, home, name, *more, **settings):
        answers = {**self.answers(name), **settings}
        return home.run("setup", "--to", str(home.folder / "private/mentorwatch.conf"), *more,
                        *(f"{key}={value}" for key, value in answers.items()),
                        MENTORWATCH_DATABASE_PASSWORD=PASSWORD)

    def apache(self, home, kind, name=None, **options):
        apache = Apache(self.folder / f"apache-{name or home.folder.name}", home, kind, **options)
        apache.start()
        self.parts.append(apache)
        return apache

    def end(self):
        for part in reversed(self.parts):
            part.stop()
        for home in self.homes:
            home.remove()


@pytest.fixture(scope="module")
def hosting(open_folder, archive, host_database, mail):
    hosting = Hosting(open_folder, archive, host_database, mail)
    yield hosting
    hosting.end()


@pytest.fixture(scope="module", params=["cgi", "fcgid"])
def site(request, hosting):
    """Set up by the command line, under mod_cgi and under mod_fcgid: home, database, Api."""
    kind = request.param
    name = f"{kind}_{request.module.__name__.removeprefix('test_shared_')}"
    home = hosting.home(name)
    database = hosting.database(f"mw_{name}")
    done = hosting.set_up(home, f"mw_{name}", **{"api.cron": "on"})
    assert done.returncode == 0, done.stdout + done.stderr
    apache = hosting.apache(home, kind, server_lines="FcgidMaxRequestsPerProcess 50")
    return home, database, Api(apache), apache
