# SPDX-License-Identifier: MIT
"""The server tells the kernel what it gives up (http/confine.h)."""
import pathlib

import pytest

from stack import env

BUILT_WITH_IT = "-DHAVE_SECCOMP=1" in (env.BUILD / "Makefile").read_text()
FILTERED = "Seccomp:\t2"


def threads_of(process):
    return [task.joinpath("status").read_text()
            for task in pathlib.Path(f"/proc/{process.pid}/task").iterdir()]


@pytest.mark.skipif(not BUILT_WITH_IT, reason="built without libseccomp, or with a sanitizer")
def test_every_thread_of_the_server_is_confined(api, worker):
    assert api.get("/healthz").status == 200
    statuses = threads_of(worker.process)
    assert len(statuses) > 4
    assert all(FILTERED in status for status in statuses)
    assert all("NoNewPrivs:\t1" in status for status in statuses)


@pytest.mark.skipif(BUILT_WITH_IT, reason="built with libseccomp")
def test_where_it_cannot_be_had_one_line_says_so(api, worker):
    assert api.get("/healthz").status == 200
    assert worker.process.log_path.read_text().count("event=not_confined") == 1
