# SPDX-License-Identifier: MIT
"""mentorwatch.fcgi, listening on a Unix socket of its own."""
from . import env


class Worker:
    def __init__(self, folder, settings, threads=4, name="worker"):
        self.folder = folder
        self.socket = folder / f"{name}.sock"
        self.settings = settings
        self.threads = threads
        self.name = name
        self.process = None

    def start(self):
        self.process = env.Process(
            self.name,
            [env.fcgi_program(), "--socket", str(self.socket), "--threads", str(self.threads)],
            self.folder / f"{self.name}.log", env=env.clean_environment(self.settings))
        self.process.await_live(lambda: env.accepts(self.socket))

    def stop(self):
        """SIGTERM, after which it must end well."""
        status = self.process.stop()
        assert status == 0, f"{self.name} ended with {status}:\n{self.process.log()}"

    def restart(self):
        self.stop()
        self.start()

    def log(self):
        return self.process.log()
