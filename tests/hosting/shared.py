# SPDX-License-Identifier: MIT
"""A shared host: Apache as somebody who is not root, a home folder, and the archive unpacked in it
as its owner would."""
import http.client
import os
import pathlib
import shutil
import signal
import subprocess

from stack import env

UID = 28471  # nobody's on this machine
MODULES = ["mpm_event", "authz_core", "mime", "dir", "alias", "rewrite", "setenvif", "unixd"]
MODULE_FOLDER = pathlib.Path("/usr/lib/apache2/modules")


def as_owner():
    """How a command begins that the host's customer runs."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups"]


def give(path):
    """To the customer."""
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", f"{UID}:{UID}", str(path)], check=True)


class Home:
    """A customer's home folder, with the archive unpacked into a site."""

    def __init__(self, folder, archive):
        self.folder = folder
        self.site = folder / "site"
        self.site.mkdir(parents=True)
        folder.chmod(0o755)
        give(folder)
        self.unpack(archive)

    def unpack(self, archive):
        subprocess.run([*as_owner(), "tar", "-C", str(self.site), "-xzf", str(archive)],
                       check=True)

    @property
    def inner(self):
        return self.site / "mentorwatch"

    def run(self, *arguments, **environment):
        """The command line, with nothing in its environment but what is said."""
        return subprocess.run([*as_owner(), str(self.inner / "mentorwatch"), *arguments],
                              env=environment, cwd="/", capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=env.PATIENCE, check=False)

    def write(self, name, text):
        path = self.inner / name
        path.write_text(text)
        give(path)
        return path

    def forget(self):
        """What deliveries remember, after the tables were emptied: they would hold the outbox."""
        for path in self.inner.glob("state/delivered-*"):
            path.unlink()

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Apache:
    """kind: cgi or fcgid. overrides: what .htaccess may say. more: lines for the folder."""

    def __init__(self, folder, home, kind, overrides="All", more="", server_lines=""):
        self.folder = folder
        self.port = env.free_port()
        self.process = None
        self.kind = kind
        folder.mkdir()
        for name in ("run", "log"):
            (folder / name).mkdir()
        modules = MODULES + ([kind] if kind == "fcgid" else ["cgi"])
        lines = "\n".join(f"LoadModule {name}_module {MODULE_FOLDER}/mod_{name}.so"
                          for name in modules if (MODULE_FOLDER / f"mod_{name}.so").exists())
        fcgid = "" if kind != "fcgid" else f"""
            FcgidIPCDir {folder}/run/ipc
            FcgidProcessTableFile {folder}/run/table
            {server_lines}"""
        (folder / "httpd.conf").write_text(f"""
            ServerRoot {folder}
            ServerName site.test
            Listen 127.0.0.1:{self.port}
            PidFile {folder}/run/httpd.pid
            DefaultRuntimeDir {folder}/run
            Mutex file:{folder}/run default
            ErrorLog {folder}/log/error.log
            {lines}
            TypesConfig /dev/null
            DocumentRoot {home.site}
            {fcgid}
            <Directory />
                Require all denied
            </Directory>
            <Directory {home.site}>
                Require all granted
                AllowOverride {overrides}
                {more}
            </Directory>
            """)
        give(folder)

    def start(self):
        self.process = env.Process(
            "apache", [*as_owner(), "apache2", "-d", str(self.folder), "-f",
                       str(self.folder / "httpd.conf"), "-DFOREGROUND"],
            self.folder / "out.log", env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
        self.process.await_live(lambda: env.listens(self.port))

    def connection(self, timeout=env.PATIENCE):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def fetch(self, path, method="GET", body=None, headers=None):
        """Status and body, whatever answers."""
        connection = self.connection()
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace"), answer.headers
        finally:
            connection.close()

    def stop(self):
        self.process.stop(signal.SIGTERM)

    def log(self):
        errors = self.folder / "log" / "error.log"
        return errors.read_text(errors="replace")[-6000:] if errors.exists() else ""


def programs_of(home):
    """Our processes that serve this home, by their own number."""
    wanted = str(home.inner / "bin" / "mentorwatch.fcgi")
    # The script names it by the way that it took.
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if any(os.path.normpath(word) == wanted for word in words if word.startswith("/")):
            found.append(int(entry.name))
    return found
