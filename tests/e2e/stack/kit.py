# SPDX-License-Identifier: MIT
"""What the conftest.py of another folder of tests takes over from the end to end tests:

    globals().update(kit.fixtures())

TEST_LONG=1  the long form of those tests that have one
TEST_SEED    the seed of all that happens by chance; a run prints its own
"""
import importlib.util
import os
import pathlib
import random

import pytest

# Processes that this one starts have the same.
SEED = int(os.environ.get("TEST_SEED") or random.randrange(1 << 32))
os.environ["TEST_SEED"] = str(SEED)


def fixtures():
    """The fixtures and hooks of tests/e2e/conftest.py."""
    path = pathlib.Path(__file__).parents[1] / "conftest.py"
    spec = importlib.util.spec_from_file_location("end_to_end", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: value for name, value in vars(module).items() if not name.startswith("__")}


def header(name):
    """What a report begins with."""
    return f"{name}: TEST_SEED={SEED}, {'long' if os.environ.get('TEST_LONG') else 'short'} form"


@pytest.fixture
def chance():
    return random.Random(SEED)


@pytest.fixture(scope="session")
def form():
    """form(short, long): the number that this run takes."""
    return lambda short, long: long if os.environ.get("TEST_LONG") else short
