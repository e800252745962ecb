# SPDX-License-Identifier: MIT
"""Lets the n-th call of a kind fail in a program: the other end of c/failing.c."""
import ctypes
import errno
import mmap

from stack import env

ALLOCATION, SOCKET, DATABASE = 1, 2, 3
# Errors of a database: a deadlock, a connection that was lost, and one that nobody can repair.
ERRORS = {ALLOCATION: (0,), SOCKET: (errno.ECONNRESET,), DATABASE: (1213, 2013, 1105)}
NAMES = {ALLOCATION: "allocation", SOCKET: "socket", DATABASE: "database"}
PLACES = 32768  # as in failing.c
RANDOM = 2  # calls of each place, beside its first and its last


class Control(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_longlong), ("at", ctypes.c_longlong),
                ("error", ctypes.c_longlong), ("calls", ctypes.c_longlong),
                ("where", ctypes.c_char * 992), ("places", ctypes.c_ulonglong * PLACES)]


class Failing:
    """Programs started with `environment` are under its control."""

    def __init__(self, path):
        path.write_bytes(bytes(ctypes.sizeof(Control)))
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), ctypes.sizeof(Control))
        self.control = Control.from_buffer(self.memory)
        self.environment = {"FAILING": str(path),
                            "LD_PRELOAD": env.program("failing.so", "tests/faults/c")}
        if env.SANITIZE_LOGS:
            sanitizer = env.clean_environment()["ASAN_OPTIONS"]
            self.environment["ASAN_OPTIONS"] = f"{sanitizer}:verify_asan_link_order=0"

    def arm(self, kind, at, error=0):
        control = self.control
        control.kind = 0
        control.at, control.error, control.calls, control.where = at, error, 0, b""
        control.kind = kind

    def disarm(self):
        """How many calls there were."""
        self.control.kind = 0
        return self.control.calls

    def numbers(self, kind, chance):
        """Which calls to let fail, after a run in which none did. Of the thousands of allocations
        most come from a few loops: so of each place the first, the last and some between. Of the
        other kinds each one, since it matters what has been said before it."""
        control = self.control
        if kind != ALLOCATION:
            return list(range(1, control.calls + 1))
        assert control.calls <= PLACES
        places = {}
        for number, place in enumerate(control.places[:control.calls], 1):
            places.setdefault(place, []).append(number)
        return sorted({number for calls in places.values()
                       for number in (calls[0], calls[-1],
                                      *chance.sample(calls[1:-1], min(RANDOM, len(calls[1:-1]))))})

    @property
    def where(self):
        return self.control.where.decode(errors="replace")
