# SPDX-License-Identifier: MIT
"""What processes have cost, as the kernel counts it."""
import os
import pathlib
import subprocess
import time

TICK = 1 / os.sysconf("SC_CLK_TCK")
PROC = pathlib.Path("/proc")


def _fields(pid):
    """Of /proc/PID/stat, from the state on: the name before it may hold blanks."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def tree(pid):
    """A process and all that it started."""
    parents = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(_fields(entry.name)[1])
            except (OSError, IndexError):
                continue
    found = [pid]
    for parent in found:
        found.extend(child for child, its in parents.items() if its == parent)
    return found


def cpu(pid):
    """Seconds of CPU time that a process and its children have used."""
    spent = 0
    for one in tree(pid):
        try:
            fields = _fields(one)
        except OSError:
            continue
        spent += int(fields[11]) + int(fields[12])
    return spent * TICK


def resident(pid, what="VmRSS"):
    """KiB of memory that a process holds now; VmHWM: that it held at most."""
    for line in (PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1])
    raise RuntimeError(f"no {what} of process {pid}")


def measured(command, **options):
    """Run a command to its end: (exit status, wall seconds, CPU seconds)."""
    begun = time.monotonic()
    child = subprocess.Popen(command, **options)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, time.monotonic() - begun, usage.ru_utime + usage.ru_stime


def peak(command, **options):
    """Run a command to its end: (exit status, wall seconds, most KiB that it held). What wait4
    calls the largest begins with the size of this program, so /proc is asked meanwhile."""
    begun = time.monotonic()
    most = 0
    with subprocess.Popen(command, **options) as child:
        while child.poll() is None:
            try:
                most = max(most, resident(child.pid, "VmHWM"))
            except RuntimeError:  # between its end and our asking
                pass
            time.sleep(0.01)
    return child.returncode, time.monotonic() - begun, most
