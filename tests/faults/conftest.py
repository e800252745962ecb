# SPDX-License-Identifier: MIT
"""Faults on purpose. The stack is that of tests/e2e, with a database that loses nothing when it is
killed, and the programs are built with crash points (src/base/crash_point.h).

The long form has every crash point, every kill: minutes instead of seconds.
"""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))

# pylint: disable=wrong-import-position
from stack import kit  # noqa: E402
from stack.kit import chance, form  # noqa: E402,F401
from stack.mariadb import MariaDB  # noqa: E402
from stack.receiver import PUSH_HERE  # noqa: E402
from world import World  # noqa: E402

globals().update(kit.fixtures())


def pytest_report_header():
    return kit.header("faults")


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
    return {**schema[1], **PUSH_HERE}


@pytest.fixture
def world(database, mail, receiver):
    return World(database, mail, receiver)
