# SPDX-License-Identifier: MIT
"""What was asked and answered in a whole run, which may be the work of several processes.

TEST_EXCHANGES  a folder for it; without it, nothing is kept
"""
import json
import os
import pathlib
import typing

from .api import Api

FOLDER = os.environ.get("TEST_EXCHANGES")


class Exchange(typing.NamedTuple):
    method: str
    path: str
    status: int
    body: str  # of what should never be, 500; of others it is left out


def keep():
    """Add those of this process."""
    if not FOLDER or not Api.exchanges:
        return
    seen = {Exchange(reply.method, reply.path, reply.status,
                     reply.body.decode(errors="replace") if reply.status == 500 else "")
            for reply in Api.exchanges}
    with open(pathlib.Path(FOLDER) / f"{os.getpid()}.json", "w", encoding="utf-8") as file:
        json.dump(sorted(seen), file)


def kept():
    """Those of all processes, each once."""
    assert FOLDER, "there is no whole run to look back on: ./dev test e2e makes one"
    return {Exchange(*row) for path in pathlib.Path(FOLDER).glob("*.json")
            for row in json.loads(path.read_text())}
