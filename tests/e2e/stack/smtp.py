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
