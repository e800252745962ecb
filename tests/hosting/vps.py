# SPDX-License-Identifier: MIT
"""A server of one's own: what `make install` puts where, in a folder that stands for the root."""
import subprocess

from stack import env


def make(*arguments):
    return subprocess.run(["make", "-C", str(env.BUILD), "-s", *arguments], capture_output=True,
                          text=True, check=False)


def install(root, goal="install", **places):
    """make install into a DESTDIR; places: prefix="/opt/mw", …"""
    done = make(goal, f"DESTDIR={root}", *(f"{name}={path}" for name, path in places.items()))
    assert done.returncode == 0, done.stdout + done.stderr


def files_in(root):
    """All files below, each as its path from there: "/etc/mentorwatch/mentorwatch.conf"."""
    return {"/" + str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}
