# SPDX-License-Identifier: MIT
"""what a GET by id costs inside the program, counted by callgrind"""
import collections
import re
import shutil
import subprocess

from kit import fill, report
from stack import env
from stack.nginx import Nginx

ROWS = 100_000
WARM, COUNTED = 200, 500
ALLOCATORS = {"malloc", "calloc", "realloc", "free", "posix_memalign", "strdup"}


class Profile:
    """A callgrind dump: instructions of each function itself, and who called the allocator."""

    def __init__(self, path):
        self.total = 0
        self.own = collections.Counter()
        self.below = collections.Counter()  # own, and all that it called
        self.objects = {}
        self.allocations = collections.Counter()
        self._names = {}
        self._object = self._function = self._callee = ""
        self._called = False
        with open(path, encoding="utf-8", errors="replace") as dump:
            for line in dump:
                self._take(line.rstrip("\n"))

    def _name(self, text):
        """Names are compressed: "(7) text" says what "(7)" means from then on."""
        number, _, name = text.partition(" ")
        if name:
            self._names[number] = name
        return self._names.get(number, text)

    def _take(self, line):
        key, _, value = line.partition("=")
        if key == "ob":
            self._object = "ob" + value.partition(" ")[0]
            self._names.setdefault(self._object, value.partition(" ")[2])
        elif key == "fn":
            self._function = self._name(value)
            self.objects[self._function] = self._names.get(self._object, "")
        elif key == "cob":
            number, _, name = value.partition(" ")
            if name:
                self._names["ob" + number] = name
        elif key == "cfn":
            self._callee = self._name(value)
        elif key == "calls":
            self._called = True
            if self._callee in ALLOCATORS and self._function not in ALLOCATORS:
                self.allocations[self._function, self._callee] += int(value.split()[0])
        elif re.match(r"[+\-*\d]", line):
            self._count(line.split())

    def _count(self, cells):
        if len(cells) < 2:
            self._called = False
            return
        spent = int(cells[1])
        if not self._called:
            self.own[self._function] += spent
            self.total += spent
        self.below[self._function] += spent
        self._called = False

    def allocated(self):
        """Allocations that are not those of the libraries for the database and for FastCGI."""
        return sum(calls for (caller, what), calls in self.allocations.items()
                   if what != "free" and not re.search(
                       "lib(mariadb|mysqlclient|fcgi)", self.objects.get(caller, "")))


def control(pid, *words):
    subprocess.run(["callgrind_control", *words, str(pid)], check=True, capture_output=True)


def ask(nginx, count):
    connection = nginx.connection(60)
    for number in range(1, count + 1):
        connection.request("GET", "/api/v1/certifications/" + fill.certification_id(number))
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} under callgrind")
    connection.close()


def measure(stack, schema):
    """The profile of COUNTED requests, once everything is warm."""
    socket = stack.folder / "callgrind.sock"
    process = stack.keep(env.Process(
        "callgrind",
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={stack.folder}/callgrind.out",
         env.fcgi_program(), "--socket", str(socket), "--threads", "1"],
        stack.folder / "callgrind.log", env=env.clean_environment(schema.settings)))
    process.await_live(lambda: env.accepts(socket))
    nginx = stack.keep(Nginx(stack.folder / "nginx-callgrind", socket))
    nginx.start()
    ask(nginx, WARM)
    control(process.pid, "-z")
    ask(nginx, COUNTED)
    control(process.pid, "-d")
    return Profile(stack.folder / "callgrind.out.1")


def run(stack):
    if shutil.which("valgrind") is None:
        print("valgrind is not there")
        return
    profile = measure(stack, stack.schema("bench", ROWS, expired=True))
    each = profile.total / COUNTED
    report.table("instructions per GET by id: the dearest functions",
                 ["function", "where", "itself", "share"],
                 [[name[:48], profile.objects.get(name, "").rpartition("/")[2][:24],
                   f"{spent / COUNTED:,.0f}", f"{100 * spent / profile.total:.1f} %"]
                  for name, spent in profile.own.most_common(25)])
    by_object = collections.Counter()
    for name, spent in profile.own.items():
        by_object[profile.objects.get(name, "").rpartition("/")[2]] += spent
    report.table("our own functions, with all that they call", ["function", "instructions", "share"],
                 [[name, f"{spent / COUNTED:,.0f}", f"{100 * spent / profile.total:.1f} %"]
                  for name, spent in profile.below.most_common(60)
                  if profile.objects.get(name, "").endswith("mentorwatch.fcgi")][:25])
    report.table("by program and library", ["where", "instructions", "share"],
                 [[name, f"{spent / COUNTED:,.0f}", f"{100 * spent / profile.total:.1f} %"]
                  for name, spent in by_object.most_common(8)])
    report.table("calls to the allocator for each request", ["by", "what", "calls"],
                 [[f"{caller} ({profile.objects.get(caller, '').rpartition('/')[2]})", what,
                   f"{calls / COUNTED:.2f}"]
                  for (caller, what), calls in profile.allocations.most_common(20)])
    report.goal("instructions per GET by id", each, 120_000, at_most=True)
    report.goal("allocations per request by the program itself",
                profile.allocated() / COUNTED, 0, at_most=True)
