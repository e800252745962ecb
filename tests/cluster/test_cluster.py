# SPDX-License-Identifier: MIT
"""Two hosts over three nodes. Each host begins with another node, so that they write to two at once:
more than the docs advise."""
import collections
import concurrent.futures
import threading
import time

import pytest

import oracle
from stack import env
from stack.api import CERTIFICATIONS
from stack.cli import BUSY, GOOD, UNAVAILABLE, Cli
from stack.client import Client
from stack.mariadb import Database
from stack.times import in_days
from world import World

NAME = "mw"
CLIENTS = 6
LOADED = 2  # seconds of work before a node dies, and after it is back
AWAY = 3.5  # seconds for which it stays dead
OUTAGE = 10  # seconds: no longer may anybody be refused, or wait
KINDS = {"expired": 30, "expiring": 30, "renewed": 10}


@pytest.fixture(scope="module")
def database(cluster):
    return cluster.new_database(NAME)


@pytest.fixture(scope="module")
def of_host(cluster, database, settings_of_all):
    """of_host(0), of_host(1): the settings of each."""
    def settings(host):
        return {**settings_of_all, **cluster.settings(NAME, first=host)}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for done in pool.map(lambda host: Cli(settings(host)).run("migrate"), range(2)):
            assert done.status == GOOD, done
    return settings


@pytest.fixture(scope="module")
def hosts(of_host, new_site):
    """The API of each."""
    return [new_site(f"host{host}", of_host(host)) for host in range(2)]


@pytest.fixture
def world(database, hosts, mail, receiver):
    world = World(database, mail, receiver)
    world.begin(**KINDS)
    return world


def on(cluster, node):
    return Database(cluster.nodes[node], NAME)


def test_two_migrators_on_two_nodes_do_not_disturb_each_other(of_host, cluster):
    assert Cli(of_host(2)).good("migrate").out.startswith("up to date")
    for node in range(3):
        rows = on(cluster, node).run("SELECT finished_at IS NOT NULL AS good FROM schema_migrations")
        assert rows and all(row["good"] for row in rows)


def test_what_was_written_on_one_node_is_read_on_another_however_late_it_comes_there(
        world, cluster, hosts, of_host, new_site):
    """Asked of a host that knows this node alone: another one would use the next."""
    reader = new_site("reader", {**of_host(1), "MENTORWATCH_DATABASE_HOSTS":
                                 f"127.0.0.1:{cluster.nodes[1].port}"})
    late = cluster.nodes[1].connect()
    with late.cursor() as cursor, concurrent.futures.ThreadPoolExecutor() as pool:
        cursor.execute("FLUSH TABLES WITH READ LOCK")
        made = hosts[0].record("mentor-1", in_days(-10), in_days(400))["certification_id"]
        answer = pool.submit(reader.get, f"{CERTIFICATIONS}/{made}")
        time.sleep(0.5)
        assert not answer.done()
        cursor.execute("UNLOCK TABLES")
        assert answer.result().status == 200
    late.close()


def test_a_node_that_is_cut_off_from_the_others_is_not_used(world, cluster, hosts):
    cut_off = cluster.nodes[0]
    hosts[0].record("mentor-1", in_days(-10), in_days(300))
    cut_off.run("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'")
    try:
        env.wait_until(lambda: cut_off.run("SHOW STATUS LIKE 'wsrep_ready'")[0]["Value"] == "OFF",
                       "the node to be cut off")
        for number in range(5):
            hosts[0].record("mentor-1", in_days(-10), in_days(301 + number))
    finally:
        cut_off.run("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'")
        env.wait_until(cut_off.is_synced, "the node to be back")


class Sweeps(threading.Thread):
    """The cron of one host, in a hurry."""

    def __init__(self, cli, stop):
        super().__init__()
        self.cli = cli
        self.stop = stop
        self.statuses = collections.Counter()
        self.unexpected = []

    def run(self):
        while not self.stop.is_set():
            done = self.cli.run("sweep", "--accept", patience=60)
            self.statuses[done.status] += 1
            if done.status not in (GOOD, BUSY, UNAVAILABLE):
                self.unexpected.append(done)
            self.stop.wait(0.3)


@pytest.fixture
def at_work(world, hosts, of_host):
    """People at both hosts, and the cron of both."""
    stop = threading.Event()
    clients = [Client(hosts[number % 2], number, stop) for number in range(CLIENTS)]
    sweeps = [Sweeps(Cli(of_host(host)), stop) for host in range(2)]
    for thread in clients + sweeps:
        thread.start()
    yield clients, sweeps
    stop.set()
    for thread in clients + sweeps:
        thread.join(env.PATIENCE)


def kill_and_rejoin(cluster, node):
    """When it was killed, by the monotonic clock."""
    killed = time.monotonic()
    cluster.nodes[node].kill()
    time.sleep(AWAY)
    cluster.join(cluster.nodes[node])
    time.sleep(LOADED)
    return killed


def rows_of(database):
    return {table: sorted(str(tuple(row.values())) for row in database.run(f"SELECT * FROM {table}"))
            for table in database.tables()}


def judge_effects(world, cluster):
    """Each of those who were there from the beginning got what they should, once."""
    database = world.database
    paused = database.value("SELECT COUNT(*) FROM pauses WHERE kind = 'certification_expiry'"
                            " AND closed_at IS NULL")
    reminded = database.value("SELECT COUNT(*) FROM reminders")
    assert (paused, reminded) == (KINDS["expired"], KINDS["expiring"])
    lost_mails, mails = oracle.letters(database, world.mail)
    lost_posts, posts = oracle.posts(database, world.receiver)
    faults = oracle.doubles(database) + oracle.halves(database) + lost_mails + lost_posts
    assert not faults, "\n".join(faults[:20])
    contents = [rows_of(on(cluster, node)) for node in range(3)]
    assert contents[0] == contents[1] == contents[2]
    return mails + posts


def test_a_node_killed_and_back_twice_costs_nothing_but_seconds(
        world, cluster, at_work, of_host, database):
    clients, sweeps = at_work
    time.sleep(LOADED)
    kills = [kill_and_rejoin(cluster, 0), kill_and_rejoin(cluster, 1)]
    clients[0].stop.set()
    for thread in clients + sweeps:
        thread.join(env.PATIENCE)
    assert [client.fault for client in clients] == [None] * CLIENTS
    assert not [done for sweep in sweeps for done in sweep.unexpected]
    # Nobody was refused for long.
    refusals = sorted(moment for client in clients for moment in client.refusals)
    outages = [max((moment - killed for moment in refusals if killed < moment < end), default=0)
               for killed, end in zip(kills, kills[1:] + [float("inf")])]
    slowest = max(client.slowest for client in clients)
    assert max(outages) < OUTAGE and slowest < OUTAGE, (outages, slowest)
    assert not [moment for moment in refusals if moment < kills[0]]
    # What was acknowledged is there, once, on each node.
    for node in range(3):
        there = on(cluster, node)
        assert not [fault for client in clients for fault in client.lost(there)]
        assert not [fault for client in clients for fault in client.doubled(there)]
    world.run_out()
    for _ in range(2):
        Cli(of_host(0)).good("sweep", "--accept")
    repeated = judge_effects(world, cluster)
    acknowledged = sum(len(client.certifications) for client in clients)
    assert acknowledged > 100, "too few to show anything"
    assert repeated == 0
    print(f"{acknowledged} certifications acknowledged, {len(refusals)} requests refused,"
          f" until {outages} s after the kills, the slowest took {slowest:.1f} s;"
          f" sweeps ended with {[dict(sweep.statuses) for sweep in sweeps]}")
