# SPDX-License-Identifier: MIT
"""A mail server in a thread: keeps what it accepts, and refuses or stalls when a test says so."""
import asyncio
import email
import email.policy
import socket
import threading

from aiosmtpd.smtp import SMTP


class Mail:
    """One accepted message: who it was for, and the message as Python's email reads it."""

    def __init__(self, recipients, content):
        self.recipients = recipients
        self.raw = content
        self.message = email.message_from_bytes(content, policy=email.policy.default)

    @property
    def text(self):
        return self.message.get_body(("plain",)).get_content()

    def __getitem__(self, header):
        return self.message[header]

    def __repr__(self):
        return f"<Mail to {self.recipients}: {self.message['Subject']}>"


class MailServer:
    """Started on a port of its own; away() and back() keep that port. ssl: speak TLS from the
    first byte; the options are those of aiosmtpd's SMTP."""

    def __init__(self, ssl=None, **options):
        self.ssl = ssl
        self.options = options
        self.mails = []
        self.refused = {}  # address → reply to RCPT TO, such as "550 no such user"
        self.reply_to_data = None  # reply to every message instead of "250 accepted"
        self.delay = 0  # seconds that the reply to a message takes
        self.mute = False  # keep a message, and break off without a reply
        self.connections = 0
        self._loop = asyncio.new_event_loop()
        self._server = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = 0
        self.back()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def back(self):
        """Listen, again on the same port."""
        if self._server is None:
            self._server = self._do(self._listen())
            self.port = self._server.sockets[0].getsockname()[1]

    def away(self):
        """Nobody listens any more."""
        if self._server is not None:
            self._do(self._close())
            self._server = None

    def forget(self):
        """As good as new for the next test."""
        self.mails.clear()
        self.refused.clear()
        self.reply_to_data = None
        self.delay = 0
        self.mute = False
        self.connections = 0
        self.back()

    def stop(self):
        self.away()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def mails_to(self, address):
        return [mail for mail in self.mails if address in mail.recipients]

    def mail_to(self, address):
        mails = self.mails_to(address)
        assert len(mails) == 1, f"{len(mails)} mails to {address} among {self.mails}"
        return mails[0]

    def _do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _listen(self):
        return await self._loop.create_server(self._session, "127.0.0.1", self.port,
                                              reuse_address=True, ssl=self.ssl)

    async def _close(self):
        self._server.close()
        await self._server.wait_closed()

    def _session(self):
        self.connections += 1
        return SMTP(self, hostname="mail.test", loop=self._loop, enable_SMTPUTF8=True,
                    **self.options)

    # What aiosmtpd calls.

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.delay)
        if self.reply_to_data is not None:
            return self.reply_to_data
        self.mails.append(Mail(list(envelope.rcpt_tos), envelope.original_content))
        if self.mute:
            server.transport.abort()
        return "250 accepted"


class SilentServer:
    """Accepts connections and never says a word."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))

    @property
    def address(self):
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def stop(self):
        self._socket.close()


class FaultyServer:
    """Plain SMTP, with one fault at one place. The places: connect, EHLO, MAIL, RCPT, DATA, text
    (amid it) and dot (after it). The faults: a reply such as "450 later", DROP, STALL, and a number
    of seconds by which the answer is late. With `only` it is the fault of that recipient. It takes
    commands in a row, and says so, when told to (`rows`)."""

    DROP, STALL = "drop", "stall"

    def __init__(self, rows=False):
        self.rows = rows
        self.place = self.fault = self.only = None
        self.mails = []  # what was taken over, even if its sender never learned of it
        self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._ending = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self):
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def fails(self, place, fault):
        self.place, self.fault = place, fault

    def recovers(self):
        self.place = self.fault = None

    def stop(self):
        if not self._ending.is_set():
            self._ending.set()
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
            self._socket.close()

    def _accept(self):
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line):
        with line, line.makefile("rb") as bytes_in:
            try:
                self._serve(line, bytes_in)
            except (ConnectionError, EOFError):
                pass

    def _answer(self, line, place, usual, said=b""):
        """Whether the dialogue goes on as usual."""
        spared = self.only is not None and self.only.encode() not in said
        fault = self.fault if place == self.place and not spared else None
        if fault == self.STALL:
            self._ending.wait(60)
        if fault in (self.DROP, self.STALL):
            raise EOFError
        if isinstance(fault, (int, float)):
            self._ending.wait(fault)
            fault = None
        line.sendall((fault or usual).encode() + b"\r\n")
        if (fault or "").startswith("421"):
            raise EOFError
        return fault is None

    def _serve(self, line, bytes_in):
        self._answer(line, "connect", "220 mail.test")
        recipients = []
        while True:
            said = bytes_in.readline()
            word = said[:4].upper().decode("ascii", "replace").replace("HELO", "EHLO")
            if not said:
                return
            if word == "QUIT":
                line.sendall(b"221 bye\r\n")
                return
            usual = "250-mail.test\r\n250 PIPELINING" if word == "EHLO" and self.rows else "250 OK"
            if word == "DATA":
                if self._answer(line, "DATA", "354 go on"):
                    self._take_text(line, bytes_in, recipients)
            elif self._answer(line, word, usual, said) and word == "RCPT":
                recipients.append(said.partition(b"<")[2].partition(b">")[0].decode())
            elif word == "MAIL":
                recipients = []

    def _take_text(self, line, bytes_in, recipients):
        if self.place == "text":
            bytes_in.readline()
            self._answer(line, "text", "")
        lines = []
        while (said := bytes_in.readline()) != b".\r\n":
            if not said:
                raise EOFError
            lines.append(said[1:] if said.startswith(b".") else said)
        refused = self.place == "dot" and isinstance(self.fault, str) and self.fault[0] in "45"
        if not refused:
            self.mails.append(Mail(recipients, b"".join(lines)))
        self._answer(line, "dot", "250 accepted")
