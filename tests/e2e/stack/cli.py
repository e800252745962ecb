# SPDX-License-Identifier: MIT
"""The command line program, run as cron would: no terminal, nothing but its settings."""
import json
import os
import pty
import subprocess
import threading

from . import env

GOOD, USAGE, BAD_DATA, UNAVAILABLE, BUG, IO, BUSY, CONFIG = 0, 64, 65, 69, 70, 74, 75, 78


def delivered(**figures):
    """What a delivery reports when nothing else than this happened."""
    return {"sent": 0, "put_off": 0, "failed": 0, "superseded": 0, "queued": 0, "held": 0,
            "relay_away": False, "capped": False, **figures}


class Done:
    """How a run ended, and what it said."""

    def __init__(self, arguments, status, out, err):
        self.arguments = arguments
        self.status = status
        self.out = out
        self.err = err

    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"mentorwatch {' '.join(self.arguments)} → {self.status}\n{self.out}\n{self.err}"


class Cli:
    def __init__(self, settings):
        self.settings = settings

    def with_settings(self, **more):
        """The same program with other settings: with_settings(JOBS_GRACE_DAYS=3)."""
        extra = {f"MENTORWATCH_{key}": str(value) for key, value in more.items()}
        return Cli({**self.settings, **extra})

    def start(self, *arguments, **options):
        return subprocess.Popen([env.cli_program(), *arguments], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=env.clean_environment(self.settings), **options)

    def run(self, *arguments, stdin=None, patience=env.PATIENCE):
        done = subprocess.run([env.cli_program(), *arguments], capture_output=True,
                              input=stdin or b"", env=env.clean_environment(self.settings),
                              timeout=patience, check=False)
        return Done(arguments, done.returncode, done.stdout.decode(), done.stderr.decode())

    def good(self, *arguments, **options):
        """Run, and insist on success."""
        done = self.run(*arguments, **options)
        assert done.status == GOOD, done
        return done

    def sweep(self, *arguments):
        """A sweep that went to its end, and the JSON that it reports. Its status tells whether
        something could not be handled: some tests are about that alone."""
        done = self.run("sweep", "--json", *arguments)
        assert done.status in (GOOD, BAD_DATA), done
        return done.json()

    def on_terminal(self, *arguments):
        """With a terminal for its output; what was shown on it."""
        ours, its = pty.openpty()
        shown = []

        def listen():
            # Reading fails with an I/O error once nobody has the other end open.
            while True:
                try:
                    piece = os.read(ours, 4096)
                except OSError:
                    return
                if not piece:
                    return
                shown.append(piece)

        with subprocess.Popen([env.cli_program(), *arguments], stdin=its, stdout=its, stderr=its,
                              env=env.clean_environment(self.settings)) as child:
            os.close(its)
            listener = threading.Thread(target=listen)
            listener.start()
            status = child.wait(env.PATIENCE)
            listener.join(env.PATIENCE)
        os.close(ours)
        return Done(arguments, status, b"".join(shown).decode(), "")
