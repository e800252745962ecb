#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""An SMTP server that keeps what it receives: one file a mail, NNNN-<recipient>.eml.

The demo runs it beside the program, so that its mails can be read under var/mail/. A file appears
whole or not at all, its bytes are the mail as it came, and numbers go on where an earlier run
stopped. Port 0 takes any free port; --port-file tells which. SIGTERM and SIGINT end it.
"""

import argparse
import asyncio
import os
import re
import signal
from pathlib import Path

from aiosmtpd.smtp import SMTP


def write_whole(path, data):
    """Readers find the old file or the new one, never half of one."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(data)
    os.replace(unfinished, path)


class Folder:
    """aiosmtpd handler: stores each accepted mail."""

    def __init__(self, path):
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        numbers = (re.match(r"(\d+)-", file.name) for file in path.glob("*.eml"))
        self.last = max((int(number[1]) for number in numbers if number), default=0)

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (aiosmtpd's name)
        self.last += 1
        recipient = re.sub(r"[^A-Za-z0-9@.+_-]", "_", envelope.rcpt_tos[0])
        name = f"{self.last:04d}-{recipient[:200]}.eml"
        write_whole(self.path / name, envelope.original_content)
        return f"250 2.0.0 kept as {name}"


async def serve(arguments):
    folder = Folder(arguments.folder)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: SMTP(folder, hostname="localhost", enable_SMTPUTF8=True, loop=loop),
        host=arguments.host,
        port=arguments.port,
    )
    if arguments.port_file:
        port = server.sockets[0].getsockname()[1]
        write_whole(arguments.port_file, f"{port}\n".encode())
    await stop.wait()
    server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port-file", type=Path)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
