# SPDX-License-Identifier: MIT
"""Bad clients, each of one manner, in a process of their own so that what they do is not counted as
the good one's. They come from other addresses of the loopback network than it does."""
import heapq
import itertools
import multiprocessing
import os
import socket
import struct
import time

ANSWER = "/openapi.json"  # the largest that we give
GONE = struct.pack("ii", 1, 0)  # SO_LINGER: a close is a reset


class Client:
    """Connects, then does a little at each step, and begins again when it was thrown out."""
    receive_buffer = None

    def __init__(self, port, number):
        self.port = port
        self.address = f"127.{1 + number // 250}.66.{1 + number % 250}"
        self.number = number
        self.socket = None
        self.turns = self.thrown_out = 0

    def step(self):
        try:
            if self.socket is None:
                self.connect()
                self.turns = 0
            self.turns += 1
            self.act()
        except BlockingIOError:
            pass
        except OSError:
            self.thrown_out += 1
            self.leave()

    def connect(self):
        self.socket = socket.socket()
        if self.receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
        self.socket.bind((self.address, 0))
        self.socket.settimeout(5)
        self.socket.connect(("127.0.0.1", self.port))
        self.socket.setblocking(False)

    def leave(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def look(self):
        """Notice that it was thrown out."""
        if not self.socket.recv(4096):
            raise ConnectionError

    def act(self):
        raise NotImplementedError


class Silent(Client):
    def act(self):
        self.look()


class SlowHeader(Client):
    TEXT = b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: " + b"x" * 10_000

    def act(self):
        self.socket.send(self.TEXT[self.turns:self.turns + 1])
        self.look()


class SlowBody(Client):
    HEAD = (b"POST /api/v1/certifications HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            b"Content-Length: 60000\r\n\r\n")

    def act(self):
        self.socket.send(self.HEAD if self.turns == 1 else b"[")
        self.look()


class SlowChunks(Client):
    HEAD = (b"POST /api/v1/certifications HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n")

    def act(self):
        self.socket.send(self.HEAD if self.turns == 1 else b"1\r\n[\r\n")
        self.look()


class SlowReader(Client):
    receive_buffer = 2048

    def act(self):
        if self.turns == 1:
            self.socket.send(f"GET {ANSWER} HTTP/1.1\r\nHost: a\r\n\r\n".encode() * 2)
        elif not self.socket.recv(16):
            raise ConnectionError


class Aborting(Client):
    """Breaks off at each place in turn: within the header, the body, the answer."""
    TEXT = SlowBody.HEAD.replace(b"60000", b"200") + b" " * 200

    def act(self):
        length = (self.number * 7 + self.turns * 37) % (len(self.TEXT) + 1)
        turns = self.turns
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, GONE)
        self.socket.send(self.TEXT[:length])
        self.leave()
        self.connect()
        self.turns = turns


class Flooding(Client):
    """Asks again as soon as there is an answer."""
    TEXT = b"GET /api/v1/certifications?limit=100 HTTP/1.1\r\nHost: a\r\n\r\n"

    def act(self):
        if self.turns > 1:
            self.look()
        self.socket.send(self.TEXT)


class Knocking(Client):
    """Connects and leaves."""
    def act(self):
        self.leave()


SLOW = (Silent, SlowHeader, SlowBody, SlowChunks, SlowReader, Aborting)


class Horde:
    """`count` clients of these manners in turn, each of which does something every `pace` seconds,
    until stop()."""

    def __init__(self, port, manners, count, pace=1.0):
        self.ends = multiprocessing.RawValue("b", 0)
        self.thrown_out = multiprocessing.Value("q", 0)
        self.steps = multiprocessing.Value("q", 0)
        self.all_here = multiprocessing.Event()
        self.process = multiprocessing.Process(
            target=self._run, args=(port, manners, count, pace), daemon=True)
        self.process.start()
        assert self.all_here.wait(30 + count / 20), "the horde did not come"

    def _run(self, port, manners, count, pace):
        os.nice(5)  # it is the server that is to be under attack, not the machine
        clients = [manner(port, number) for number, manner in
                   zip(range(count), itertools.cycle(manners))]
        now = time.monotonic()
        queue = [(now + pace * number / count, number) for number in range(count)]
        while not self.ends.value:
            when, number = heapq.heappop(queue)
            time.sleep(max(0, when - time.monotonic()))
            clients[number].step()
            self.steps.value += 1
            if self.steps.value == count:
                self.all_here.set()
            heapq.heappush(queue, (max(when, time.monotonic() - 1) + pace, number))
        self.thrown_out.value = sum(client.thrown_out for client in clients)
        for client in clients:
            client.leave()

    def stop(self):
        self.ends.value = 1
        self.process.join(30)
        self.process.kill()
        self.process.join()
        assert self.process.exitcode == 0, "the horde has failed"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
