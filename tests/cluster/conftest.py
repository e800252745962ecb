# SPDX-License-Identifier: MIT
"""A cluster: the stack of tests/e2e, with three nodes of MariaDB Galera in the place of the one
database, and two hosts that share them."""
import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "e2e"), str(TESTS / "faults")]

# pylint: disable=wrong-import-position
from stack import kit  # noqa: E402

globals().update(kit.fixtures())

import galera  # noqa: E402
from stack.receiver import PUSH_HERE  # noqa: E402


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
    return {**common_settings, **PUSH_HERE}
