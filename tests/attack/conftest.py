# SPDX-License-Identifier: MIT
"""Attacks on the real stack: nginx with the site of this tree, the worker and MariaDB. A good
client works beside them, and is to notice little.

The long form has the numbers that are promised: minutes instead of seconds.
"""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))

# pylint: disable=wrong-import-position
from stack import kit  # noqa: E402
from stack.kit import chance, form  # noqa: E402,F401
from stack.times import in_days  # noqa: E402
from stack.worker import Worker  # noqa: E402

globals().update(kit.fixtures())


def pytest_report_header():
    return kit.header("attack")


@pytest.fixture(scope="session")
def worker(folder, settings):
    """Two threads: so few slow clients would do if one held a thread."""
    worker = Worker(folder, settings, threads=2)
    worker.start()
    yield worker
    worker.stop()


@pytest.fixture
def recorded(api, directory):
    """The ids of some certifications."""
    return [api.record(mentor, in_days(-10), in_days(300 + n))["certification_id"]
            for n, mentor in enumerate(directory.MENTORS)]
