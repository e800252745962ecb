# SPDX-License-Identifier: MIT
"""The log of our programs: as JSON, and to syslog."""
import json
import os
import socket
import subprocess

import pytest

from stack import env
from stack.times import in_days

DAEMON = 3 << 3  # as RFC 3164 numbers them
INFO = 6


@pytest.fixture(scope="module")
def json_site(new_site, settings):
    return new_site("json-log", {**settings, "MENTORWATCH_LOG_FORMAT": "json"})


def json_lines(folder):
    text = (folder / "json-log.log").read_bytes().decode()  # strict UTF-8
    return [json.loads(line) for line in text.splitlines()]


def test_each_line_is_an_object_whatever_is_asked(json_site, folder):
    connection = json_site.nginx.connection()
    for path in ("/a%22b", "/%ff%0a%C3", "/%F0%9F%98%80", "/x" * 1000, "/" + "%0a%22" * 1200,
                 "/kari@example.org"):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status in (400, 404), path
    connection.close()
    requests = [line for line in json_lines(folder) if line["event"] == "request"]
    assert len(requests) >= 6
    # What a very long path leaves no room for is not there.
    assert all(isinstance(line.get("status", 0), int) and line["time"][:2] == "20"
               for line in requests)


def test_of_a_mail_address_json_says_no_more_either(json_site, folder, directory, mail):
    mail.refused["nora.asen@example.org"] = "550 5.1.1 <nora.asen@example.org> is unknown"
    json_site.record("mentor-1", in_days(-400), in_days(14))
    json_site.post("/api/v1/certification-reminders/check")
    found = env.wait_until(lambda: [line for line in json_lines(folder)
                                    if line["event"] == "delivery"], "a line about the delivery")
    assert "n***@example.org" in found[0]["detail"]
    assert "nora" not in json.dumps(json_lines(folder))


def has_namespaces():
    return subprocess.run([*unshared(), "true"], capture_output=True, check=False).returncode == 0


def unshared():
    return ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]


# /dev as it is, as far as we need it, with a log of our own in it.
WITH_OUR_LOG = """
set -eu
for device in null urandom zero; do
    : >"$0/$device"
    mount --bind "/dev/$device" "$0/$device"
done
mount --rbind "$0" /dev
exec "$@"
"""


@pytest.fixture
def syslog(folder):
    """A folder to be /dev, and the socket in it that stands for the system's log."""
    if not has_namespaces():
        pytest.skip("this user may have no mount namespace")
    devices = folder / "dev"
    devices.mkdir()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(devices / "log"))
        listener.settimeout(env.PATIENCE)
        yield devices, listener


def test_it_goes_to_syslog(syslog, folder, settings):
    devices, listener = syslog
    socket_path = folder / "syslog.sock"
    process = env.Process(
        "syslog", [*unshared(), "sh", "-c", WITH_OUR_LOG, str(devices), env.fcgi_program(),
                   "--socket", str(socket_path)],
        folder / "syslog.log", env=env.clean_environment({**settings,
                                                          "MENTORWATCH_LOG_TO": "syslog"}))
    process.await_live(lambda: env.accepts(socket_path))
    assert process.stop() == 0
    lines = [listener.recv(8192).decode()]
    while "event=ended" not in lines[-1]:
        lines.append(listener.recv(8192).decode())
    for line in lines:
        assert line.startswith(f"<{DAEMON | INFO}>") and f"mentorwatch[{process.pid}]: time=" in line
        assert "level=info event=" in line and not line.endswith("\n")
    assert "event=started" in lines[0]
    assert process.log() == ""
