# SPDX-License-Identifier: MIT
"""Many requests in a short time: several processes, each of which has sent a few before it reads
the answer to the first."""
import collections
import multiprocessing
import socket

SENDERS = 4
AHEAD = 16


def request(method, path, body=b"", kind="application/json", token=None):
    lines = [f"{method} {path} HTTP/1.1", "Host: a"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body or method in ("POST", "PUT"):
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """Sends again what was not answered, when nginx ends a connection as it does from time to
    time."""

    def __init__(self, port, address):
        self.port = port
        self.address = address
        self.socket = self.reader = None
        self.waiting = collections.deque()

    def open(self):
        self.close()
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60,
                                               source_address=(self.address, 0))
        self.reader = self.socket.makefile("rb")

    def close(self):
        if self.socket is not None:
            self.reader.close()
            self.socket.close()

    def send(self, data):
        self.waiting.append(data)
        if self.socket is None:
            self.open()
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # reading will tell what became of it

    def status(self):
        """Of the answer to the first that waits."""
        for _ in range(3):
            try:
                found = self.read()
                self.waiting.popleft()
                return found
            except OSError:
                self.open()
                for data in list(self.waiting)[:1 if _ else None]:
                    try:
                        self.socket.sendall(data)
                    except OSError:
                        break
        return f"no answer to {self.waiting.popleft()[:200]}"

    def read(self):
        line = self.reader.readline()
        if not line.startswith(b"HTTP/1.1 "):
            raise ConnectionError(line)
        length, closes = 0, False
        while (header := self.reader.readline()) not in (b"\r\n", b""):
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            closes = closes or header.lower() == b"connection: close\r\n"
        if len(self.reader.read(length)) < length:
            raise ConnectionError("half an answer")
        if closes:
            self.open()
            for data in list(self.waiting)[1:]:
                self.socket.sendall(data)
        return int(line[9:12])


def _send(port, number, make, first, last, out):
    """make(n) → a request. Every status, and how often."""
    connection = Connection(port, f"127.77.{number}.1")
    seen = collections.Counter()
    for n in range(first, last):
        connection.send(make(n))
        if len(connection.waiting) == AHEAD:
            seen[connection.status()] += 1
    while connection.waiting:
        seen[connection.status()] += 1
    connection.close()
    out.put(seen)


def send_all(port, make, first, last):
    """Requests first … last - 1: how often there was which status."""
    out = multiprocessing.Queue()
    edges = [first + (last - first) * n // SENDERS for n in range(SENDERS + 1)]
    senders = [multiprocessing.Process(target=_send, args=(port, n, make, *edges[n:n + 2], out))
               for n in range(SENDERS)]
    for sender in senders:
        sender.start()
    seen = collections.Counter()
    for _ in senders:
        seen += out.get(timeout=600)
    for sender in senders:
        sender.join()
    return seen
