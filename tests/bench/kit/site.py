# SPDX-License-Identifier: MIT
"""The stack under measurement: a MariaDB that commits durably, the worker, and one nginx in front
of it, of the yardsticks and of the peers. The parts are those of the end to end tests."""
import re
import subprocess
import time

from stack import env
from stack.cli import Cli
from stack.mariadb import APP_PASSWORD, APP_USER, MariaDB
from stack.nginx import Nginx
from stack.worker import Worker

from . import fill, processes
from .load import Target

CONSTANT = '{"certification_id":"constant","status":"valid"}\n'


class DurableMariaDB(MariaDB):
    """As a host would run it that wants speed and its data."""
    more_options = (
        "--innodb-buffer-pool-size=2G", "--innodb-log-file-size=512M",
        "--innodb-flush-log-at-trx-commit=1", "--innodb-flush-method=O_DIRECT",
        "--max-connections=400", "--plugin-load-add=ha_sequence", "--tmp-table-size=256M",
    )


class BenchNginx(Nginx):
    """The site, and further servers on ports of their own: add() before start()."""

    def __init__(self, folder, worker_socket, keepalive=None):
        # The yardsticks beside it keep no log either.
        super().__init__(folder, worker_socket, access_log=False)
        self.others = []
        if keepalive is not None:
            site = folder / "mentorwatch.conf"
            site.write_text(re.sub(r"keepalive \d+;", f"keepalive {keepalive};", site.read_text()))

    def add(self, location, upstream=""):
        port = env.free_port()
        self.others.append(f"{upstream}\nserver {{\n    listen 127.0.0.1:{port};\n"
                           f"    location / {{\n{location}\n    }}\n}}\n")
        return port

    def start(self):
        with open(self.folder / "mentorwatch.conf", "a", encoding="utf-8") as site:
            site.writelines(self.others)
        self.others = []
        super().start()


class Schema:
    """One migrated schema, full of rows."""

    def __init__(self, server, folder, name, count, more=None, **how):
        self.name = name
        self.count = count
        self.folder = folder
        self.database = server.new_database(name)
        self.settings = {
            **self.database.settings(),
            "MENTORWATCH_MAIL_RELAY": "127.0.0.1:9",
            "MENTORWATCH_MAIL_FROM": "mentorwatch@example.org",
            "MENTORWATCH_NOTIFY_TEMPLATES": str(env.SOURCE / "src/notify/templates"),
            **(more or {}),
        }
        self.cli = Cli(self.settings)
        self.cli.good("migrate")
        if count:
            fill.certifications(self.database, count, **how)

    def worker(self, threads=8):
        worker = Worker(self.folder, self.settings, threads=threads, name=f"w-{self.name}")
        worker.start()
        return worker


class Stack:
    """Starts what a benchmark asks for, and stops all of it. The database stays for the next one;
    all else of it is in `folder`, which is each benchmark's own."""

    def __init__(self, options):
        self.options = options
        self.root = env.temporary_folder()
        self.folder = None
        self.parts = []
        self.schemas = {}
        self._server = None

    @property
    def server(self):
        if self._server is None:
            self._server = DurableMariaDB(self.root / "db")
            self._server.start()
        return self._server

    def begin(self, name):
        """A benchmark."""
        self.folder = self.root / name
        self.folder.mkdir()

    def schema(self, name, count, fresh=False, **how):
        """A schema of that name; it is filled once, unless a fresh one is asked for."""
        if fresh or name not in self.schemas:
            self.schemas[name] = Schema(self.server, self.root, name, count, **how)
        return self.schemas[name]

    def keep(self, part):
        """Have it stopped with the benchmark."""
        self.parts.append(part)
        return part

    def worker(self, schema, threads=8):
        return self.keep(schema.worker(threads))

    def nginx(self, worker, name="nginx", **options):
        return BenchNginx(self.folder / name, worker.socket, **options)

    def lines(self, name, lines):
        """A file of requests for wrk."""
        path = self.folder / f"{name}.lines"
        path.write_text("".join(f"{line}\n" for line in lines))
        return path

    def target(self, name, nginx, lines, port=None, more=None, **request):
        """What nginx serves at a port, its own unless said; `more`: what takes part beside nginx
        and the database."""
        parts = {"nginx": nginx.process.pid, "db": self.server.process.pid, **(more or {})}
        return Target(name, f"http://127.0.0.1:{port or nginx.port}", lines, parts, **request)

    def echo(self, threads):
        """A program that answers a constant through our own FastCGI front."""
        socket = self.folder / "echo.sock"
        process = self.keep(env.Process("echo", [program("echo"), str(socket), str(threads)],
                                        self.folder / "echo.log"))
        process.await_live(lambda: env.accepts(socket))
        return process, socket

    def add_echo(self, nginx, socket):
        """nginx serves it with the very parameters of our site."""
        site = (nginx.folder / "mentorwatch.conf").read_text()
        location = re.search(r"location / \{\n(.*?)\n    \}", site, re.DOTALL).group(1)
        keepalive = re.search(r"keepalive \d+;", site).group(0)
        return nginx.add(location.replace("fastcgi_pass mentorwatch;", "fastcgi_pass echo;"),
                         f"upstream echo {{ server unix:{socket}; {keepalive} }}")

    def add_static(self, nginx):
        """A file as long as the answer of a GET."""
        folder = nginx.folder / "static"
        folder.mkdir()
        (folder / "one.json").write_text(CONSTANT * 5)
        return nginx.add(f"        root {folder};\n        try_files /one.json =404;\n"
                         "        default_type application/json;")

    def settle(self):
        """Wait until the database does nothing by itself: it writes pages back and removes old
        versions of rows long after they were changed."""
        pid = self.server.process.pid

        def rests():
            before = processes.cpu(pid)
            time.sleep(0.5)
            return processes.cpu(pid) - before < 0.01

        env.wait_until(rests, "the database to come to rest", patience=60)

    def stop_parts(self):
        while self.parts:
            self.parts.pop().stop()

    def close(self):
        try:
            self.stop_parts()
        finally:
            if self._server is not None:
                self._server.stop()
            env.remove_folder(self.root)


def program(name):
    """One of the programs of tests/bench/c."""
    return str(env.BUILD / "tests/bench/c" / name)


def point_selects(schema, threads, seconds):
    """How many rows a second the client library alone finds by their ids."""
    done = subprocess.run(
        [program("point_select"), str(schema.database.server.socket), APP_USER, APP_PASSWORD,
         schema.name, str(threads), str(seconds), str(schema.count)],
        capture_output=True, text=True, check=True)
    return float(done.stdout)
