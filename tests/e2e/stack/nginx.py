# SPDX-License-Identifier: MIT
"""nginx in front of a worker, with the very site file that production runs."""
import http.client
import os
import signal

from . import env


class Nginx:
    """edit: what a test changes in the site, a function from text to text."""

    def __init__(self, folder, worker_socket, edit=None, access_log=True):
        self.folder = folder
        self.edit = edit or (lambda text: text)
        self.access_log = folder / "access.log"
        self.port = env.free_port()
        self.process = None
        folder.mkdir()
        self._write("mentorwatch.conf", LISTEN=f"127.0.0.1:{self.port}", NAME="_",
                    SOCKET=str(worker_socket), DOCS=str(env.BUILD / "docs/site"),
                    ACCESS_LOG=f"{self.access_log} mentorwatch" if access_log else "off")
        self._write("nginx.conf", USER="user root;" if os.geteuid() == 0 else "")

    def _write(self, name, **words):
        text = (env.SOURCE / "nginx" / f"{name}.in").read_text()
        # The comments that explain the words name them too.
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        text = "".join(
            line for line in text.splitlines(keepends=True) if not line.startswith("#"))
        (self.folder / name).write_text(self.edit(text))

    def start(self):
        self.process = env.Process(
            "nginx", ["nginx", "-p", f"{self.folder}/", "-c", "nginx.conf", "-e", "error.log"],
            self.folder / "nginx.out")
        self.process.await_live(lambda: env.listens(self.port))

    def connection(self, timeout=env.PATIENCE):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def stop(self):
        return self.process.stop(signal.SIGQUIT)

    def log(self):
        errors = self.folder / "error.log"
        return errors.read_text(errors="replace")[-4000:] if errors.exists() else ""
