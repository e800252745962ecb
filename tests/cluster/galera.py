# SPDX-License-Identifier: MIT
"""MariaDB Galera on loopback: nodes that fill each other, and can be killed."""
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess

import pymysql

from stack import env
from stack.mariadb import APP_PASSWORD, APP_RIGHTS, APP_USER, Database, MariaDB

PROVIDER = "/usr/lib/galera/libgalera_smm.so"
# What a node uses beside its own port.
PORTS_EACH = 4
# Failures are noticed sooner than by default (5 s and 15 s): while the others agree that a node is
# dead, nobody can commit.
SUSPICION = ("evs.keepalive_period=PT0.5S;evs.suspect_timeout=PT2S;evs.inactive_timeout=PT4S;"
             "evs.inactive_check_period=PT0.5S")
# The folder of a node that is filled by another must not belong to root: rsync would drop its
# rights and then be refused.
ACCOUNT = "mysql"
SYNCED = "4"


def missing():
    """What has to be installed; None: nothing."""
    if not pathlib.Path(PROVIDER).exists():
        return "galera-4"
    for program in ("wsrep_sst_rsync", "rsync"):
        if shutil.which(program) is None:
            return {"wsrep_sst_rsync": "mariadb-server"}.get(program, program)
    return None


class Node(MariaDB):
    """One server. It is made from nothing (first=True), or filled by the others."""

    def __init__(self, folder, number, ports):
        self.folder = folder
        self.number = number
        self.socket = folder / "db.sock"
        self.process = None
        self._root = None
        self.port, self.group_port, self.catch_up_port, self.fill_port = ports
        folder.mkdir()
        (folder / "tmp").mkdir()
        (folder / "data").mkdir()
        self._as_account = []
        if os.geteuid() == 0:
            self._as_account = ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--clear-groups"]
            for path in (folder, folder / "tmp", folder / "data"):
                os.chown(path, pwd.getpwnam(ACCOUNT).pw_uid, pwd.getpwnam(ACCOUNT).pw_gid)

    def install(self):
        done = subprocess.run(
            [*self._as_account, "mariadb-install-db", "--no-defaults", "--force",
             f"--datadir={self.folder}/data", f"--tmpdir={self.folder}/tmp",
             "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"],
            capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def _server(self):
        return [*self._as_account, "mariadbd", "--no-defaults", f"--datadir={self.folder}/data",
                f"--socket={self.socket}", f"--pid-file={self.folder}/db.pid",
                f"--tmpdir={self.folder}/tmp", "--innodb-log-file-size=8M",
                "--binlog-format=ROW", "--wsrep-on=ON", f"--wsrep-provider={PROVIDER}"]

    def _recovered_position(self):
        """How far a killed node had come, as systemd's galera_recovery finds out: it then gets what
        it missed, and not everything anew."""
        done = subprocess.run([*self._server(), "--wsrep-recover", "--wsrep-cluster-address=gcomm://"],
                              capture_output=True, text=True, check=True)
        found = re.search(r"Recovered position: (\S+)", done.stderr)
        return [f"--wsrep-start-position={found[1]}"]

    def begin(self, nodes, first=False):
        """Start, and do not wait."""
        members = ",".join(f"127.0.0.1:{node.group_port}" for node in nodes)
        known = self._recovered_position() if (self.folder / "data/grastate.dat").exists() else []
        self.process = env.Process(f"node {self.number}", [
            *self._server(), *known, f"--port={self.port}", "--bind-address=127.0.0.1",
            "--skip-name-resolve", "--innodb-autoinc-lock-mode=2",
            "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=2", "--performance-schema=OFF",
            "--max-connections=80", "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_unicode_ci",
            "--wsrep-cluster-name=mentorwatch",
            f"--wsrep-cluster-address=gcomm://{'' if first else members}",
            *(["--wsrep-new-cluster"] if first else []),
            f"--wsrep-node-name=n{self.number}", "--wsrep-slave-threads=2",
            f"--wsrep-node-address=127.0.0.1:{self.group_port}",
            f"--wsrep-node-incoming-address=127.0.0.1:{self.port}",
            "--wsrep-sst-method=rsync", f"--wsrep-sst-receive-address=127.0.0.1:{self.fill_port}",
            f"--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:{self.group_port};"
            f"ist.recv_addr=127.0.0.1:{self.catch_up_port};gcache.size=16M;{SUSPICION}",
        ], self.folder / "mariadbd.log")

    def connect(self, database=None):
        """Sees what was committed on any node."""
        connection = super().connect(database)
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION wsrep_sync_wait = 1")
        return connection

    def await_synced(self):
        self.process.await_live(self.is_synced)

    def is_synced(self):
        try:
            rows = self.run("SHOW STATUS LIKE 'wsrep_local_state'")
        except (pymysql.err.MySQLError, OSError):
            self._forget_connection()
            return False
        return rows[0]["Value"] == SYNCED

    def kill(self):
        self._forget_connection()
        self.process.child.send_signal(signal.SIGKILL)
        self.process.child.wait()


class Cluster:
    def __init__(self, folder, count=3):
        folder.chmod(0o755)
        ports = set()
        while len(ports) < count * PORTS_EACH:
            ports.add(env.free_port())
        self.nodes = [Node(folder / f"node{number}", number, [ports.pop() for _ in range(PORTS_EACH)])
                      for number in range(1, count + 1)]

    def start(self):
        self.nodes[0].install()
        self.nodes[0].begin(self.nodes, first=True)
        self.nodes[0].await_synced()
        for node in self.nodes[1:]:
            self.join(node)

    def join(self, node):
        node.begin(self.nodes)
        node.await_synced()

    def new_database(self, name):
        """The schema, as the first node has it."""
        node = self.nodes[0]
        node.run(f"CREATE DATABASE {name}")
        node.run(f"CREATE USER {APP_USER}@'127.0.0.1' IDENTIFIED BY '{APP_PASSWORD}'")
        node.run(f"GRANT {APP_RIGHTS} ON {name}.* TO {APP_USER}@'127.0.0.1'")
        return Database(node, name)

    def settings(self, name, first=0):
        """How a program of ours finds it, beginning with that node."""
        order = self.nodes[first:] + self.nodes[:first]
        return {
            "MENTORWATCH_DATABASE_HOSTS": ",".join(f"127.0.0.1:{node.port}" for node in order),
            "MENTORWATCH_DATABASE_NAME": name,
            "MENTORWATCH_DATABASE_USER": APP_USER,
            "MENTORWATCH_DATABASE_PASSWORD": APP_PASSWORD,
        }

    def stop(self):
        for node in reversed(self.nodes):
            if node.process is not None and node.process.running():
                node.kill()
