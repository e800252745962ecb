# SPDX-License-Identifier: MIT
"""A port that leads to another one, while it is told to: a host that goes down and comes back."""
import contextlib
import socket
import threading

from . import env


class Forward:
    def __init__(self, target):
        self.target = target
        self.port = env.free_port()
        self.taken = 0  # connections so far
        self.cut_after = None  # so many bytes of answers all are cut off, once
        self.open = []
        self.listener = None
        self.lock = threading.Lock()

    def up(self):
        listener = socket.create_server(("127.0.0.1", self.port))
        self.listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def down(self):
        """Nobody listens any more, and whoever was connected is cut off."""
        listener, self.listener = self.listener, None
        if listener is not None:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self.lock:
            ends, self.open = self.open, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                with self.lock:
                    self.taken += 1
                    self.open += [client, server]
                for pair in ((client, server, False), (server, client, True)):
                    threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source, sink, answers):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if answers and self.cut_after is not None:
                    self.cut_after -= len(data)
                    if self.cut_after < 0:
                        sink.sendall(data[:self.cut_after])
                        self.cut_after = None
                        break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
