# SPDX-License-Identifier: MIT
"""A line to the database that breaks at the worst moment: around COMMIT."""
import socket
import threading

# A COMMIT is this packet: length 7, number 0, "query", and the word.
COMMIT = b"\x07\x00\x00\x00\x03COMMIT"


class CutLine:
    """Listens on a socket and passes everything on to the server's, until told to cut: that COMMIT
    is then the last thing that its connection sees, forwarded or not, and never answered."""

    def __init__(self, path, server):
        self.path = path
        self._server = str(server)
        self._commits_left = 0  # until the cut; 0: there will be none
        self._forwarded = False
        self._for_good = False
        self.cuts = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_commit(self, number, forwarded, for_good=False):
        """Cut the number-th COMMIT from now on; for good: nobody gets through any more."""
        self._commits_left, self._forwarded, self._for_good = number, forwarded, for_good

    def stop(self):
        try:
            self._listener.shutdown(socket.SHUT_RDWR)  # or accept() would keep it listening
        except OSError:
            pass
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            threading.Thread(target=self._forth, args=(client, server), daemon=True).start()
            threading.Thread(target=self._back, args=(client, server), daemon=True).start()

    def _forth(self, client, server):
        while data := self._receive(client):
            if data.endswith(COMMIT) and self._commits_left:
                self._commits_left -= 1
                if self._commits_left == 0:
                    self._break(client, server, data)
                    return
            server.sendall(data)
        self._close(client, server)

    def _break(self, client, server, data):
        self.cuts += 1
        if self._for_good:
            self.stop()
        # The client hears nothing any more, whatever the server still has to say.
        client.shutdown(socket.SHUT_RDWR)
        if self._forwarded:
            server.sendall(data)
            server.shutdown(socket.SHUT_WR)
        else:
            self._close(client, server)

    def _back(self, client, server):
        while data := self._receive(server):
            try:
                client.sendall(data)
            except OSError:
                continue
        self._close(client, server)

    @staticmethod
    def _receive(line):
        try:
            return line.recv(65536)
        except OSError:
            return b""

    @staticmethod
    def _close(*lines):
        for line in lines:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            line.close()
