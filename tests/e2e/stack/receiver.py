# SPDX-License-Identifier: MIT
"""A web server that others post to: it keeps what came, and answers as a test says."""
import base64
import hashlib
import hmac
import http.server
import json
import threading
import time

from . import env

# Leave to push to this machine.
PUSH_HERE = {"MENTORWATCH_PUSH_PRIVATE_ADDRESSES": "allow", "MENTORWATCH_PUSH_PLAIN_HTTP": "allow",
             "MENTORWATCH_PUSH_SECRET": "whsec_" + base64.b64encode(bytes(32)).decode()}


class Post:
    """One request as it arrived."""

    def __init__(self, path, headers, body):
        self.path = path
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    def signatures(self):
        return self.headers["webhook-signature"].split(" ")

    def signature_by(self, secret):
        """What Standard Webhooks says that the signature must be."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        text = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}."
        digest = hmac.new(key, text.encode() + self.body, hashlib.sha256).digest()
        return "v1," + base64.b64encode(digest).decode()


class Receiver:
    """Listens on a loopback port. ssl: a server context, for https."""

    def __init__(self, ssl=None):
        self.scheme = "http" if ssl is None else "https"
        self.posts = []
        self.connections = 0
        self.forget()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = env.PATIENCE

            def setup(self):
                receiver.connections += 1
                super().setup()

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                receiver.posts.append(Post(self.path, self.headers, self.rfile.read(length)))
                receiver.answer(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # clients that hang up are what tests are about
        self.server.daemon_threads = True
        if ssl is not None:
            self.server.socket = ssl.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def forget(self):
        """As good as new for the next test."""
        self.posts.clear()
        self.status = 200
        self.headers = {}  # of the answer
        self.body = b"ok"
        self.delay = 0  # seconds before it
        self.sent = 0  # bytes of it that somebody took
        self.mute = False  # no answer at all: the line is cut

    def at(self, path="/", host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.port}{path}"

    def answer(self, handler):
        time.sleep(self.delay)
        if self.mute:
            handler.close_connection = True
            return
        handler.send_response(self.status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(self.body)))
        handler.end_headers()
        self.sent = 0
        for start in range(0, len(self.body), 16384):
            handler.wfile.write(self.body[start:start + 16384])
            self.sent = start + 16384

    @property
    def post(self):
        assert len(self.posts) == 1, f"{len(self.posts)} posts"
        return self.posts[0]

    @property
    def paths(self):
        return [post.path for post in self.posts]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
