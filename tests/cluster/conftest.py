# SPDX-License-Identifier: MIT
"""A cluster: the stack of tests/e2e, with three nodes of MariaDB Galera in the place of the one
database, and two hosts that share them."""
import base64
import importlib.util
import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "e2e"), str(TESTS / "faults")]


def the_kit():
    """The fixtures and hooks of tests/e2e/conftest.py."""
    spec = importlib.util.spec_from_file_location("end_to_end", TESTS / "e2e/conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: value for name, value in vars(module).items() if not name.startswith("__")}


globals().update(the_kit())

# pylint: disable=wrong-import-position
import galera  # noqa: E402
from stack.receiver import Receiver  # noqa: E402


@pytest.fixture(scope="session")
def cluster(folder):
    if galera.missing():
        pytest.skip(f"the package {galera.missing()} is not installed")
    cluster = galera.Cluster(folder)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def settings_of_all(common_settings):
    """What the hosts have in common, with leave to push to this machine."""
    return {**common_settings, "MENTORWATCH_PUSH_PRIVATE_ADDRESSES": "allow",
            "MENTORWATCH_PUSH_PLAIN_HTTP": "allow",
            "MENTORWATCH_PUSH_SECRET": "whsec_" + base64.b64encode(bytes(32)).decode()}


@pytest.fixture(scope="session")
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.stop()
