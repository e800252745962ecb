# SPDX-License-Identifier: MIT
"""Faults on purpose. The stack is that of tests/e2e, with a database that loses nothing when it is
killed, and the programs are built with crash points (src/base/crash_point.h).

TEST_LONG=1  every crash point, every kill: minutes instead of seconds
TEST_SEED    the seed of all that happens by chance; a run prints its own
"""
import base64
import importlib.util
import os
import pathlib
import random
import sys

import pytest

END_TO_END = pathlib.Path(__file__).parents[1] / "e2e"
sys.path.insert(0, str(END_TO_END))


def the_kit():
    """The fixtures and hooks of tests/e2e/conftest.py."""
    spec = importlib.util.spec_from_file_location("end_to_end", END_TO_END / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: value for name, value in vars(module).items() if not name.startswith("__")}


globals().update(the_kit())

# pylint: disable=wrong-import-position
from stack.mariadb import MariaDB  # noqa: E402
from stack.receiver import Receiver  # noqa: E402
from world import World  # noqa: E402

# Processes that this one starts have the same.
SEED = int(os.environ.get("TEST_SEED") or random.randrange(1 << 32))
os.environ["TEST_SEED"] = str(SEED)


def pytest_report_header():
    return f"faults: TEST_SEED={SEED}, {'long' if os.environ.get('TEST_LONG') else 'short'} form"


@pytest.fixture(scope="session")
def server(folder):
    """The database server; what it has committed survives its kill."""
    mariadb = MariaDB(folder / "db", durable=True)
    mariadb.start()
    yield mariadb
    mariadb.stop()


@pytest.fixture(scope="session")
def settings(schema):
    """With leave to push to this machine."""
    return {**schema[1], "MENTORWATCH_PUSH_PRIVATE_ADDRESSES": "allow",
            "MENTORWATCH_PUSH_PLAIN_HTTP": "allow",
            "MENTORWATCH_PUSH_SECRET": "whsec_" + base64.b64encode(bytes(32)).decode()}


@pytest.fixture(scope="session")
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def chance():
    return random.Random(SEED)


@pytest.fixture(scope="session")
def form():
    """form(short, long): the number that this run takes."""
    return lambda short, long: long if os.environ.get("TEST_LONG") else short


@pytest.fixture
def world(database, mail, receiver):
    return World(database, mail, receiver)
