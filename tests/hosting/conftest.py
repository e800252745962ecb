# SPDX-License-Identifier: MIT
"""Where it runs: the stack of tests/e2e, and hosts as their users have them."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))

from stack import kit  # noqa: E402  pylint: disable=wrong-import-position

globals().update(kit.fixtures())

from shared_fixtures import *  # noqa: E402,F401,F403  pylint: disable=wrong-import-position,wildcard-import
from vps import staged  # noqa: E402,F401  pylint: disable=wrong-import-position
