# SPDX-License-Identifier: MIT
"""Where it runs: the stack of tests/e2e, and hosts as their users have them."""
import importlib.util
import pathlib
import sys

END_TO_END = pathlib.Path(__file__).parents[1] / "e2e"
sys.path.insert(0, str(END_TO_END))


def the_kit():
    """The fixtures and hooks of tests/e2e/conftest.py."""
    spec = importlib.util.spec_from_file_location("end_to_end", END_TO_END / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: value for name, value in vars(module).items() if not name.startswith("__")}


globals().update(the_kit())

from shared_fixtures import *  # noqa: E402,F401,F403  pylint: disable=wrong-import-position,wildcard-import
