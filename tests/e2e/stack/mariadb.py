# SPDX-License-Identifier: MIT
"""A private MariaDB on a Unix socket: ours to fill, to lock and to kill."""
import os
import signal
import subprocess

import pymysql
from pymysql.constants import ER

from . import env
from .cli import Cli

APP_USER = "mentorwatch"
APP_PASSWORD = "only-for-tests"
# What operations.md asks a host for, and no more.
APP_RIGHTS = "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES"


class MariaDB:
    """durable: what is committed survives a kill of the server."""

    # Added to the server's options; the last word counts.
    more_options = ()

    def __init__(self, folder, durable=False):
        self.folder = folder
        self._flush = 2 if durable else 0
        self.socket = folder / "db.sock"
        self.process = None
        self._root = None
        folder.mkdir()
        (folder / "tmp").mkdir()
        self._as_root = ["--user=root"] if os.geteuid() == 0 else []
        done = subprocess.run(self._making(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def _making(self):
        """The command that makes the data folder."""
        # A temporary folder of its own: a server that starts clears away what others have there.
        return ["mariadb-install-db", "--no-defaults", *self._as_root, "--force",
                f"--datadir={self.folder}/data", f"--tmpdir={self.folder}/tmp",
                "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"]

    def _serving(self):
        """How the command begins that serves it."""
        return ["mariadbd", "--no-defaults", "--innodb-log-file-size=8M",
                "--aria-pagecache-buffer-size=1M"]

    def start(self):
        self.process = env.Process("database", [
            *self._serving(), *self._as_root, f"--datadir={self.folder}/data",
            f"--socket={self.socket}", f"--pid-file={self.folder}/db.pid",
            f"--tmpdir={self.folder}/tmp", "--skip-networking", "--skip-log-bin",
            "--innodb-buffer-pool-size=32M",
            f"--innodb-flush-log-at-trx-commit={self._flush}", "--innodb-flush-method=nosync",
            "--key-buffer-size=1M", "--performance-schema=OFF",
            "--max-connections=80", "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_unicode_ci", *self.more_options,
        ], self.folder / "database.log")
        self.process.await_live(lambda: env.accepts(self.socket))

    def stop(self):
        self._forget_connection()
        self.process.stop()

    def kill(self):
        self._forget_connection()
        self.process.child.send_signal(signal.SIGKILL)
        self.process.child.wait()

    def _forget_connection(self):
        if self._root is not None and self._root.open:
            self._root.close()
        self._root = None

    def connect(self, database=None):
        """A new connection as root, for a test that holds a lock."""
        return pymysql.connect(unix_socket=str(self.socket), user="root", charset="utf8mb4",
                               database=database, cursorclass=pymysql.cursors.DictCursor,
                               autocommit=True, init_command="SET time_zone = '+00:00'")

    def run(self, sql, *values, database=None):
        """One statement as root; the rows as dictionaries. It is a transaction of its own, so one
        that lost a deadlock against the programs under test has done nothing and is said again."""
        if self._root is None or not self._root.open:
            self._root = self.connect()
        if database is not None:
            self._root.select_db(database)
        for attempt in range(10):
            with self._root.cursor() as cursor:
                try:
                    cursor.execute(sql, values or None)
                    return list(cursor.fetchall())
                except pymysql.err.OperationalError as error:
                    if error.args[0] != ER.LOCK_DEADLOCK or attempt == 9:
                        raise

    def load(self, path, database):
        """A file of SQL, through the command line client as an operator would."""
        with open(path, "rb") as script:
            done = subprocess.run(["mariadb", "--no-defaults", "-uroot", "-S", str(self.socket),
                                   database], stdin=script, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()

    def new_database(self, name):
        self.run(f"DROP DATABASE IF EXISTS {name}")
        self.run(f"CREATE DATABASE {name}")
        self.run(f"CREATE USER IF NOT EXISTS {APP_USER}@localhost IDENTIFIED BY '{APP_PASSWORD}'")
        self.run(f"GRANT {APP_RIGHTS} ON {name}.* TO {APP_USER}@localhost")
        return Database(self, name)


class NetworkedMariaDB(MariaDB):
    """Over TCP, too."""

    def __init__(self, folder):
        super().__init__(folder)
        self.port = env.free_port()
        self.more_options = ("--skip-networking=0", "--bind-address=127.0.0.1",
                             f"--port={self.port}")

    def new_database(self, name):
        database = super().new_database(name)
        self.run(f"CREATE USER {APP_USER}@'127.0.0.1' IDENTIFIED BY '{APP_PASSWORD}'")
        self.run(f"GRANT {APP_RIGHTS} ON {name}.* TO {APP_USER}@'127.0.0.1'")
        return database


class Database:
    """One schema in it."""

    # What `mentorwatch migrate` keeps its own record in.
    OWN_RECORD = "schema_migrations"

    def __init__(self, server, name):
        self.server = server
        self.name = name

    def run(self, sql, *values):
        return self.server.run(sql, *values, database=self.name)

    def one(self, sql, *values):
        rows = self.run(sql, *values)
        assert len(rows) == 1, f"{len(rows)} rows for {sql} {values}"
        return rows[0]

    def value(self, sql, *values):
        return next(iter(self.one(sql, *values).values()))

    def tables(self):
        return sorted(next(iter(row.values()))
                      for row in self.run("SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'"))

    def checksums(self):
        """CHECKSUM TABLE of every table: what a dry run must not change."""
        rows = self.run("CHECKSUM TABLE " + ", ".join(self.tables()))
        return {row["Table"]: row["Checksum"] for row in rows}

    def counts(self):
        return {table: self.value(f"SELECT COUNT(*) FROM {table}") for table in self.tables()}

    def empty(self):
        """Every table but migrate's own record, without a trigger left behind by a test."""
        for trigger in self.run("SHOW TRIGGERS"):
            self.run(f"DROP TRIGGER {trigger['Trigger']}")
        self.run("SET foreign_key_checks = 0")
        for table in self.tables():
            if table != self.OWN_RECORD:
                self.run(f"DELETE FROM {table}")
        self.run("SET foreign_key_checks = 1")

    def load(self, path):
        self.server.load(path, self.name)

    def separate_accounts(self, folder):
        """Server, jobs and schema get an account each, as the programs ask for; how they find these.
        The schema must have been migrated."""
        cli = Cli(self.settings())
        paths = {}
        for whose in ("app", "sweep", "migrate"):
            user = APP_USER if whose == "app" else f"{APP_USER}_{whose}"
            account = f"{user}@localhost"
            self.run(f"CREATE USER IF NOT EXISTS {account} IDENTIFIED BY '{APP_PASSWORD}'")
            paths[whose] = folder / f"{whose}-account.conf"
            paths[whose].write_text(
                f"[database]\nuser = {user}\npassword = {APP_PASSWORD}\n")
            paths[whose].chmod(0o640)
            if whose == "app":
                self.run(f"REVOKE {APP_RIGHTS} ON {self.name}.* FROM {account}")
            for grant in cli.good("grants", whose, account).out.splitlines():
                self.run(grant)
        return {**self.settings(),
                "MENTORWATCH_DATABASE_SWEEP_ACCOUNT": str(paths["sweep"]),
                "MENTORWATCH_DATABASE_MIGRATE_ACCOUNT": str(paths["migrate"])}

    def settings(self):
        """How a program of ours finds it, with one account for all."""
        return {
            "MENTORWATCH_DATABASE_SOCKET": str(self.server.socket),
            "MENTORWATCH_DATABASE_NAME": self.name,
            "MENTORWATCH_DATABASE_USER": APP_USER,
            "MENTORWATCH_DATABASE_PASSWORD": APP_PASSWORD,
        }
