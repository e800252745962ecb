# SPDX-License-Identifier: MIT
"""A server of one's own: what `make install` puts where, in a folder that stands for the root."""
import os
import pathlib
import subprocess

import pytest

from stack import env

BARE = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}


def make(*arguments):
    return subprocess.run(["make", "-C", str(env.BUILD), "-s", *arguments], capture_output=True,
                          text=True, check=False)


def install(root, goal="install", **places):
    """make install into a DESTDIR; places: prefix="/opt/mw", …"""
    done = make(goal, f"DESTDIR={root}", *(f"{name}={path}" for name, path in places.items()))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def staged(open_folder):
    """A DESTDIR, to be looked at and copied from."""
    root = open_folder / "staged"
    install(root)
    return root


def files_in(root):
    """All files below, each as its path from there: "/etc/mentorwatch/mentorwatch.conf"."""
    return {"/" + str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}


# The machine that runs the tests, as far as its files go: what is written stays in memory and goes
# with the process that holds it. There is no systemd, and no cron job but ours.
HOLD = """
set -eu
machine=$0 seen=$1
mount -t tmpfs tmpfs "$machine"
mkdir "$machine/upper" "$machine/work" "$machine/root"
mount -t overlay -o "lowerdir=/,upperdir=$machine/upper,workdir=$machine/work" overlay "$machine/root"
cd "$machine/root"
mount --rbind /proc proc
mount -t tmpfs tmpfs dev
for device in null zero urandom random full tty; do
    : >"dev/$device"
    mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd dev/fd
for place in run tmp; do
    mount -t tmpfs tmpfs "$place"
done
chmod 1777 tmp
mkdir run/lock
mkdir -p ".$seen"
mount --bind "$seen" ".$seen"
find etc/cron.* var/spool/cron etc/nginx/sites-enabled -mindepth 1 ! -type d -exec rm -f {} +
: >etc/crontab
touch run/ready
exec chroot . sleep infinity
"""


class Machine:
    """A server as its administrator has it: run() and start() do things there, as root unless told
    otherwise. `folder` is seen from within, by the same path."""

    def __init__(self, folder, name):
        if os.geteuid() != 0:
            pytest.skip("only root can try a server of one's own")
        self.place = folder / name
        self.place.mkdir()
        self.holder = env.Process(
            name, ["unshare", "--mount", "--propagation", "private", "sh", "-c", HOLD,
                   str(self.place), str(folder)], folder / f"{name}.log")
        self.holder.await_live((self.root / "run/ready").exists)

    @property
    def root(self):
        """The machine's root, from outside."""
        return pathlib.Path(f"/proc/{self.holder.pid}/root")

    def _inside(self, user):
        become = ["runuser", "-u", user, "--"] if user else []
        return ["nsenter", "-t", str(self.holder.pid), "--mount", "--root", "--wd", *become]

    def run(self, *command, user=None, stdin=""):
        return subprocess.run([*self._inside(user), *command], env=BARE, input=stdin,
                              capture_output=True, text=True, timeout=env.PATIENCE, check=False)

    def good(self, *command, **how):
        """Run, and insist on success."""
        done = self.run(*command, **how)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self, name, log, *command, user=None):
        return env.Process(name, [*self._inside(user), *command], log, env=BARE)

    def copy(self, tree):
        """Put what was staged in a folder where it belongs."""
        self.good("cp", "-a", f"{tree}/.", "/")

    def path(self, inside):
        return self.root / str(inside).lstrip("/")

    def end(self):
        self.holder.kill()


def libfaketime():
    return next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
