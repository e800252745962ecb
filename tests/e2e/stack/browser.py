# SPDX-License-Identifier: MIT
"""A headless Chromium, spoken to over its debugging pipe: one JSON message after another, each
with a NUL behind it. It notes what a page asks for and what it complains of."""
import json
import os
import shutil
import subprocess

from . import env

FLAGS = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
         "--window-size=1280,1000", "--remote-debugging-pipe"]


class Browser:
    def __init__(self, folder):
        program = shutil.which("chromium")
        if program is None:
            raise FileNotFoundError("no chromium: install Debian's package of that name")
        flags = [*FLAGS, f"--user-data-dir={folder}"]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")  # which needs a user other than root
        orders, self.orders = os.pipe()
        self.answers, answers = os.pipe()
        self.log = open(f"{folder}.log", "ab")
        # It reads orders from descriptor 3 and answers on 4; the shell puts ours there.
        self.child = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{orders} 4>&{answers}', "bash", program, *flags],
            pass_fds=(orders, answers), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        os.close(orders)
        os.close(answers)
        self.unread = b""
        self.last_id = 0
        self.requests = []
        self.complaints = []
        self.session = None
        target = self.order("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.order("Target.attachToTarget", targetId=target,
                                  flatten=True)["sessionId"]
        for part in ("Page", "Network", "Log", "Runtime"):
            self.order(f"{part}.enable")

    def order(self, method, **parameters):
        """Send one order; its result."""
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.orders, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self.last_id:
                assert "error" not in answer, answer
                return answer["result"]
            self._note(answer.get("method"), answer.get("params", {}))

    def _read(self):
        while b"\0" not in self.unread:
            more = os.read(self.answers, 1 << 16)
            if not more:
                raise RuntimeError("chromium has ended")
            self.unread += more
        message, _, self.unread = self.unread.partition(b"\0")
        return json.loads(message)

    def _note(self, method, told):
        if method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif method == "Log.entryAdded":
            self.complaints.append(told["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(told["exceptionDetails"]))

    def open(self, url):
        self.order("Page.navigate", url=url)

    def value(self, expression):
        """What a line of JavaScript comes to in the page."""
        result = self.order("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_for(self, expression, what):
        return env.wait_until(lambda: self.value(expression), what)

    def picture(self):
        """A PNG of what it shows, in base64."""
        return self.order("Page.captureScreenshot", format="png")["data"]

    def stop(self):
        os.close(self.orders)
        try:
            self.child.wait(env.PATIENCE)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        os.close(self.answers)
        self.log.close()
