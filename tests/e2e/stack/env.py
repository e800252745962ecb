# SPDX-License-Identifier: MIT
"""Where things are, and processes that end when we say so.

TEST_BUILD_DIR    the build folder, with mentorwatch and mentorwatch.fcgi in it
TEST_SOURCE_DIR   the source folder (default: the one these tests stand in)
TEST_SANITIZE_LOGS  a folder for sanitizer reports; any report in it fails the run
"""
import contextlib
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).parents[3]
SOURCE = pathlib.Path(os.environ.get("TEST_SOURCE_DIR") or HERE).resolve()
BUILD = pathlib.Path(os.environ.get("TEST_BUILD_DIR") or SOURCE).resolve()
SANITIZE_LOGS = os.environ.get("TEST_SANITIZE_LOGS")

# Sanitized binaries are several times slower; patience costs nothing when all goes well.
PATIENCE = 60.0 if SANITIZE_LOGS else 20.0


def program(name, folder):
    """Path of one of our programs, wherever automake put it."""
    for place in (BUILD / name, BUILD / folder / name):
        if place.exists():
            return str(place)
    raise FileNotFoundError(f"no {name} in {BUILD} or {BUILD / folder}: build it first, "
                            "and name the build folder in TEST_BUILD_DIR")


def cli_program():
    return program("mentorwatch", "src/cli")


def fcgi_program():
    return program("mentorwatch.fcgi", "cgi-bin")


def temporary_folder():
    """A folder with a short path: a Unix socket's may have 107 bytes."""
    return pathlib.Path(tempfile.mkdtemp(prefix="mw", dir="/tmp"))


def remove_folder(path):
    shutil.rmtree(path, ignore_errors=True)


def clean_environment(extra=None):
    """What a program of ours is started with: nothing of the caller's settings gets in."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MENTORWATCH_")}
    if SANITIZE_LOGS:
        kept["ASAN_OPTIONS"] = f"log_path={SANITIZE_LOGS}/asan:detect_leaks=1:abort_on_error=0"
        kept["UBSAN_OPTIONS"] = f"log_path={SANITIZE_LOGS}/ubsan:print_stacktrace=1"
        kept["TSAN_OPTIONS"] = (f"log_path={SANITIZE_LOGS}/tsan:exitcode=0:"
                                f"suppressions={SOURCE}/tests/attack/tsan.suppressions")
    kept.update(extra or {})
    return kept


# Below those that the kernel gives to outgoing connections, so that nobody takes one between our
# look and its use. Processes of one run (gw0, gw1, …) have different ones.
PORTS = range(10_000, 32_000)
OURS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 16


def free_port():
    while True:
        port = random.choice(PORTS[OURS::16])
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_until(condition, what, patience=None):
    """Poll until condition() is true; what it gives back. Fails with the name of what we await."""
    limit = time.monotonic() + (patience or PATIENCE)
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > limit:
            raise TimeoutError(f"waited in vain for {what}")
        time.sleep(0.02)


class Process:
    """A server of ours, its output in a file."""

    def __init__(self, name, command, log, **options):
        self.name = name
        self.log_path = pathlib.Path(log)
        with open(self.log_path, "ab") as out:
            self.child = subprocess.Popen(command, stdin=options.pop("stdin", subprocess.DEVNULL),
                                          stdout=out, stderr=out, **options)

    @property
    def pid(self):
        return self.child.pid

    def running(self):
        return self.child.poll() is None

    def log(self, last=4000):
        return self.log_path.read_text(errors="replace")[-last:]

    def await_live(self, condition):
        """Poll until the server answers; says what it wrote when it ends instead."""
        def live():
            if not self.running():
                raise RuntimeError(f"{self.name} ended with {self.child.returncode}:\n{self.log()}")
            return condition()
        wait_until(live, f"{self.name} to answer")

    def stop(self, sign=signal.SIGTERM):
        """Ask it to end and give back its exit status; one that will not is killed."""
        if self.running():
            self.child.send_signal(sign)
        try:
            return self.child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise RuntimeError(f"{self.name} did not end on {sign!r}:\n{self.log()}") from None

    def kill(self):
        self.child.kill()
        return self.child.wait()


def accepts(path):
    """Whether somebody listens on a Unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def listens(port):
    """Whether somebody listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# What a process says that is killed while it looks for leaks: no finding. `dev` knows it too.
KILLED_WHILE_LOOKING = re.compile(r"==\d+==Unable to get registers from thread \d+\.")


def finds_something(report):
    """Whether a sanitizer's report has a line that tells of a fault."""
    return any(not KILLED_WHILE_LOOKING.fullmatch(line)
               for line in report.read_text(errors="replace").splitlines())


def sanitizer_reports():
    if not SANITIZE_LOGS:
        return []
    return sorted(filter(finds_something, pathlib.Path(SANITIZE_LOGS).glob("*san*")))
