# SPDX-License-Identifier: MIT
"""A FastCGI client in the small, for what nginx would never do to a worker; and a program in the
small that only looks at what nginx hands over."""
import socket
import struct
import threading

BEGIN, PARAMS, STDIN, STDOUT, STDERR, END = 1, 4, 5, 6, 7, 3


def record(kind, content=b""):
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content


def records(read):
    """What comes, as kind and content; read(n) gives n bytes."""
    while True:
        _, kind, _, length, padding = struct.unpack(">BBHHBx", read(8))
        yield kind, read(length + padding)[:length]


def pair(name, value):
    return struct.pack(">II", len(name) | 1 << 31, len(value) | 1 << 31) + name + value


def request_bytes(method, path, body=b"", keep=False, **more):
    """One whole request. Names in `more` are CGI variables."""
    variables = {
        "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1", "REQUEST_METHOD": method,
        "REQUEST_URI": path, "SCRIPT_NAME": "", "PATH_INFO": path.partition("?")[0],
        "QUERY_STRING": path.partition("?")[2], "CONTENT_LENGTH": str(len(body)) if body else "",
        "CONTENT_TYPE": "application/json" if body else "", "REMOTE_ADDR": "127.0.0.1", **more,
    }
    params = b"".join(pair(k.encode(), v.encode()) for k, v in variables.items())
    return (record(BEGIN, struct.pack(">HB5x", 1, int(keep))) + record(PARAMS, params)
            + record(PARAMS) + (record(STDIN, body) if body else b"") + record(STDIN))


def parse_answer(text):
    """CGI output → status, headers, body."""
    head, _, body = text.partition("\r\n\r\n")
    headers = {}
    for line in head.split("\r\n"):
        name, _, value = line.partition(": ")
        headers[name.lower()] = value
    return int(headers.get("status", "200")[:3]), headers, body


class Connection:
    """One connection to a worker's socket."""

    def __init__(self, path, timeout=10):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(str(path))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise ConnectionError("the worker closed the connection")
            data += piece
        return data

    def answer(self):
        """Read records to the end of the request."""
        out = b""
        for kind, content in records(self._exactly):
            if kind == STDOUT:
                out += content
            elif kind == END:
                break
        return parse_answer(out.decode())

    def ask(self, method, path, body=b"", **more):
        self.send(request_bytes(method, path, body, **more))
        return self.answer()


def pairs_of(content):
    """What pair() wrote, read back; nginx writes short lengths in one byte."""
    found, at = {}, 0

    def length():
        nonlocal at
        size = 1 if content[at] < 128 else 4
        number = int.from_bytes(content[at:at + size], "big") & 0x7FFFFFFF
        at += size
        return number
    while at < len(content):
        name, value = length(), length()
        found[content[at:at + name].decode()] = content[at + name:at + name + value].decode()
        at += name + value
    return found


class Listener:
    """Answers 204 to one request after the other, and keeps its variables."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(path))
        self.socket.listen()

    def _serve_one(self, seen):
        connection, _ = self.socket.accept()
        with connection, connection.makefile("rb") as request:
            params = b""
            for kind, content in records(request.read):
                if kind == PARAMS:
                    params += content
                elif kind == STDIN and not content:
                    break
            connection.sendall(record(STDOUT, b"Status: 204\r\n\r\n") + record(STDOUT)
                               + record(END, bytes(8)))
        seen.update(pairs_of(params))

    def variables_of(self, nginx, headers):
        """Ask nginx for /probe?a=b with these headers."""
        seen = {}
        thread = threading.Thread(target=self._serve_one, args=(seen,))
        thread.start()
        connection = nginx.connection()
        connection.request("GET", "/probe?a=b", headers=headers)
        assert connection.getresponse().status == 204
        connection.close()
        thread.join()
        return seen

    def close(self):
        self.socket.close()
