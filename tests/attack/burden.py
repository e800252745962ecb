# SPDX-License-Identifier: MIT
"""What our processes hold: memory and open files."""
import pathlib

from stack import env

PROC = pathlib.Path("/proc")


def with_children(pid):
    """A process and what it has started."""
    children = PROC / str(pid) / "task" / str(pid) / "children"
    return [pid, *map(int, children.read_text().split())]


def resident(pid):
    """KiB."""
    for line in (PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError(f"no VmRSS of process {pid}")


def descriptors(pid):
    return len(list((PROC / str(pid) / "fd").iterdir()))


class Burden:
    """Of the worker, and of nginx with its workers."""

    def __init__(self, worker, nginx):
        self.worker = worker.process.pid
        self.nginx = nginx.process.pid

    def memory(self):
        return {"worker": resident(self.worker),
                "nginx": sum(map(resident, with_children(self.nginx)))}

    def files(self):
        return {"worker": descriptors(self.worker),
                "nginx": sum(map(descriptors, with_children(self.nginx)))}

    def await_files(self, most):
        """No more than these, once all who left are gone."""
        env.wait_until(lambda: all(self.files()[name] <= count for name, count in most.items()),
                       f"no more open files than {most}: {self.files()}", patience=60)
