# SPDX-License-Identifier: MIT
"""What a shared host does to a program: it recycles, ends and limits it."""
import concurrent.futures
import os
import random
import signal
import threading
import time

import pytest

from shared import programs_of
from stack import env
from stack.api import Api

REQUESTS = 10_000
CLIENTS = 6
RECYCLE = """
    FcgidMaxRequestsPerProcess 200
    FcgidIdleTimeout 2
    FcgidIdleScanInterval 1
    FcgidMinProcessesPerClass 0
    FcgidMaxProcesses 6
    FcgidSpawnScoreUpLimit 1000
"""


@pytest.fixture(scope="module")
def busy(hosting):
    home = hosting.home("busy")
    database = hosting.database("mw_busy")
    done = hosting.set_up(home, "mw_busy", **{"log.level": "error"})
    assert done.returncode == 0, done
    return home, hosting.apache(home, "fcgid", server_lines=RECYCLE), database


def ask_many(apache, count):
    """Over one connection; what was not as it should be."""
    bad = []
    connection = apache.connection()
    for number in range(count):
        try:
            connection.request("GET", "/api/v1/certifications" if number % 4 else "/readyz")
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200 or len(body) != int(answer.headers["Content-Length"]) or \
                    not body.endswith(b"}"):
                bad.append((answer.status, body[:200]))
        except OSError as error:
            bad.append(("cut", repr(error)))
            connection.close()
    connection.close()
    return bad


def test_ten_thousand_requests_while_processes_come_and_go(busy):
    home, apache, _ = busy
    over = threading.Event()
    seen, ended = set(), []

    def recycle():
        """A host ends processes when it likes, by SIGTERM."""
        while not over.wait(0.5):
            running = programs_of(home)
            seen.update(running)
            if running:
                victim = random.choice(running)
                try:
                    os.kill(victim, signal.SIGTERM)
                    ended.append(victim)
                except ProcessLookupError:
                    pass

    recycler = threading.Thread(target=recycle)
    recycler.start()
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        bad = sum(pool.map(lambda _: ask_many(apache, REQUESTS // CLIENTS + 1), range(CLIENTS)), [])
    over.set()
    recycler.join()
    print(f"{REQUESTS} requests in {time.monotonic() - begun:.0f} s, {len(seen)} processes seen, "
          f"{len(ended)} ended by us")
    assert bad == [], (len(bad), bad[:5], apache.log())
    assert len(ended) >= 5


def connections(database):
    return [row for row in database.server.run("SHOW PROCESSLIST")
            if row["db"] == database.name and row["User"].startswith("volunteer")]


def test_an_idle_process_gives_its_connection_back(hosting):
    home = hosting.home("idle")
    database = hosting.database("mw_idle")
    assert hosting.set_up(home, "mw_idle", **{"database.idle": "2"}).returncode == 0
    apache = hosting.apache(home, "fcgid")
    assert Api(apache).get("/readyz").status == 200
    assert connections(database)
    env.wait_until(lambda: not connections(database), "the connection to be closed", 8)
    assert programs_of(home), "the process itself goes on"
    assert Api(apache).get("/readyz").status == 200


@pytest.mark.parametrize("kind", ["cgi", "fcgid"])
def test_a_host_that_refuses_options(hosting, kind):
    """The host's own cgi-bin may run programs; .htaccess may say less."""
    home = hosting.home(f"narrow-{kind}")
    hosting.database(f"mw_narrow_{kind}")
    assert hosting.set_up(home, f"mw_narrow_{kind}").returncode == 0
    apache = hosting.apache(home, kind, overrides="FileInfo AuthConfig Limit",
                            more="Options ExecCGI FollowSymLinks")
    assert apache.fetch("/readyz")[0] == 500
    cgi_bin = home.site / "cgi-bin"
    (cgi_bin / "htaccess-without-options.txt").rename(cgi_bin / ".htaccess")
    assert Api(apache).get("/readyz").status == 200
    assert apache.fetch("/mentorwatch/config-path")[0] == 403
