# SPDX-License-Identifier: MIT
"""mentorwatch.fcgi under a supervisor that speaks systemd's protocol."""
import socket

import pytest

from stack import env, fastcgi

# The number of the process is known only in it, and stays through exec. $0: our descriptor.
STARTER = 'LISTEN_FDS=1 LISTEN_PID=${LISTEN_PID-$$} exec "$@" 3<&"$0"'
OFTEN = "200000"  # microseconds


class Supervisor:
    """Holds the socket, starts programs on it, and hears what they say."""

    def __init__(self, folder, settings, notify):
        self.folder, self.settings, self.notify = folder, settings, notify
        self.path = folder / "front.sock"
        self.front = socket.socket(socket.AF_UNIX)
        self.front.bind(str(self.path))
        self.front.listen()
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ear.bind("\0" + notify[1:] if notify[0] == "@" else notify)
        self.processes = []

    def start(self, *arguments, **environment):
        number = str(self.front.fileno())
        process = env.Process(
            "supervised", ["bash", "-c", STARTER, number, env.fcgi_program(), *arguments],
            self.folder / "supervised.log", pass_fds=[self.front.fileno()],
            env=env.clean_environment({**self.settings, "NOTIFY_SOCKET": self.notify,
                                       **environment}))
        self.processes.append(process)
        return process

    def hears(self, patience=env.PATIENCE):
        self.ear.settimeout(patience)
        try:
            return self.ear.recv(1000).decode()
        except TimeoutError:
            return None

    def end(self):
        for process in self.processes:
            process.stop()
        self.front.close()
        self.ear.close()


@pytest.fixture(params=["file", "abstract"])
def supervisor(request, settings):
    place = env.temporary_folder()
    notify = f"@{place}" if request.param == "abstract" else str(place / "notify")
    supervisor = Supervisor(place, settings, notify)
    yield supervisor
    supervisor.end()
    env.remove_folder(place)


def ask(supervisor):
    with fastcgi.Connection(supervisor.path) as connection:
        return connection.ask("GET", "/healthz")[0]


def test_it_serves_the_socket_that_it_was_handed(supervisor):
    first = supervisor.start()
    assert supervisor.hears() == "READY=1"
    assert ask(supervisor) == 200
    assert first.stop() == 0
    assert supervisor.hears() == "STOPPING=1"
    # Whoever comes while none runs waits in the socket, which is the supervisor's.
    with fastcgi.Connection(supervisor.path) as connection:
        connection.send(fastcgi.request_bytes("GET", "/healthz"))
        supervisor.start()
        assert connection.answer()[0] == 200


def test_a_socket_that_was_handed_to_another_is_left_alone(supervisor):
    process = supervisor.start(LISTEN_PID="1")
    assert process.child.wait(env.PATIENCE) == 64
    assert "usage" in process.log()


def test_it_says_again_and_again_that_it_lives(supervisor):
    supervisor.start(WATCHDOG_USEC=OFTEN)
    assert supervisor.hears() == "READY=1"
    assert [supervisor.hears(2) for _ in range(5)] == ["WATCHDOG=1"] * 5
    assert ask(supervisor) == 200


def test_it_is_silent_when_nobody_waits_for_it(supervisor):
    supervisor.start(WATCHDOG_USEC=OFTEN, WATCHDOG_PID="1")
    assert supervisor.hears() == "READY=1"
    assert supervisor.hears(0.6) is None


def test_a_program_whose_threads_all_hang_does_not_say_that_it_lives(supervisor):
    supervisor.start("--threads", "1", WATCHDOG_USEC=OFTEN)
    assert supervisor.hears() == "READY=1"
    with fastcgi.Connection(supervisor.path) as connection:
        connection.send(fastcgi.request_bytes("GET", "/healthz")[:12])
        said = [supervisor.hears(0.6) for _ in range(4)]
        assert said[-1] is None
    assert supervisor.hears() == "WATCHDOG=1"


def test_systemds_own_activation_starts_it(settings):
    place = env.temporary_folder()
    process = env.Process(
        "activate", ["systemd-socket-activate", "--listen", str(place / "x.sock"),
                     *(f"--setenv={name}={value}" for name, value in settings.items()),
                     env.fcgi_program()],
        place / "activate.log")
    process.await_live(lambda: env.accepts(place / "x.sock"))
    with fastcgi.Connection(place / "x.sock") as connection:
        assert connection.ask("GET", "/healthz")[0] == 200
    assert process.stop() == 0
    env.remove_folder(place)
