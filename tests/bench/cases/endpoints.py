# SPDX-License-Identifier: MIT
"""each of the 30 endpoints of the contracts, beside a static file and an echo"""
import dataclasses
import json

from kit import fill, load, records, report
from stack import tokens

ROWS = 100_000
MENTORS = ROWS // 10
THREADS = 16
REMOVED_EACH_SECOND = 8_000  # more than any machine removes, so that none is asked for twice

API = "/api/v1"
PAUSES = f"{API}/pause-notifications"
NOTIFICATIONS = f"{API}/expiry-notifications"
REMINDERS = f"{API}/certification-reminders"
CERTIFICATIONS = f"{API}/certifications"
LATER = "2036-01-01T00:00:00Z"


@dataclasses.dataclass
class Endpoint:
    """What is asked n times: path(n) and body(n); `once`: each thing can be asked for once only."""
    method: str
    path: object
    body: object = None
    role: str | None = None
    once: bool = False  # counted from the end, so that the others find theirs
    clients: int = 32

    @property
    def name(self):
        path, query, _ = path_of(self, 0).removeprefix(API).partition("?")
        if not isinstance(self.path, str) and not query:
            path = path.rpartition("/")[0] + "/:id"
        return f"{self.method} {path}"


def path_of(endpoint, number):
    if isinstance(endpoint.path, str):
        return endpoint.path
    return endpoint.path(ROWS - 1 - number if endpoint.once else number)


def mentor(number):
    return fill.mentor_id(number % MENTORS)


def coordinator(number):
    """Whose mentor that is."""
    return f"coord_{number % MENTORS % 100}"


def about_mentor(**more):
    return lambda n: {"mentor_id": mentor(n), **more}


def below(base, name):
    """base/ID of the things 1, 2, … that name() names."""
    return lambda n: f"{base}/{name(1 + n % ROWS)}"


EVENT = below(PAUSES, records.pause_event_id)
NOTIFICATION = below(NOTIFICATIONS, records.expiry_notification_id)
REMINDER = below(REMINDERS, records.reminder_id)
CERTIFICATION = below(CERTIFICATIONS, fill.certification_id)

# Those that remove stand last.
ENDPOINTS = [
    Endpoint("POST", f"{PAUSES}/pause-activated",
             about_mentor(expected_return_date=LATER, pause_reason="personal_leave")),
    Endpoint("POST", f"{PAUSES}/pause-lifted", about_mentor()),
    Endpoint("POST", f"{PAUSES}/cert-expiry", about_mentor(expiry_date="2026-03-31T00:00:00Z")),
    Endpoint("POST", f"{PAUSES}/cert-expiry-reminder", about_mentor(days_remaining=14)),
    Endpoint("GET", PAUSES, role="org_admin", clients=1),  # of all 100,000
    Endpoint("GET", EVENT, role="org_admin"),
    Endpoint("POST", PAUSES, lambda n: {
        "peer_mentor_id": mentor(n), "event_type": "pause_activated",
        "effective_date": "2026-03-20T00:00:00.000Z", "reason": "Leave"}, role="org_admin"),
    Endpoint("PUT", EVENT, lambda n: {"reason": f"Leave {n}"}, role="org_admin"),
    Endpoint("GET", below(f"{PAUSES}/resolve-coordinator", mentor), role="org_admin"),
    Endpoint("GET", NOTIFICATIONS),
    Endpoint("GET", NOTIFICATION),
    Endpoint("POST", NOTIFICATIONS, lambda n: {
        "mentor_id": mentor(n), "coordinator_id": coordinator(n), "threshold": "30_day",
        "expiry_date": LATER}),
    Endpoint("PUT", NOTIFICATION, lambda n: {
        "status": "acknowledged", "acknowledged_at": "2026-03-26T14:30:00Z",
        "acknowledged_by": coordinator(1 + n)}),
    Endpoint("GET", REMINDERS),
    Endpoint("GET", REMINDER),
    Endpoint("POST", REMINDERS, lambda n: {
        "mentor_id": mentor(n), "coordinator_id": coordinator(n), "days_remaining": 14,
        "channel": "in_app"}),
    Endpoint("PUT", REMINDER, lambda n: {
        "status": "acknowledged", "acknowledged_at": "2026-03-26T09:15:00Z"}),
    Endpoint("GET", f"{REMINDERS}/upcoming"),
    Endpoint("POST", f"{REMINDERS}/check", lambda n: {"dry_run": True}, clients=1),
    Endpoint("GET", lambda n: f"{REMINDERS}/sent-check?mentor_id={mentor(n)}&threshold_days=30"),
    Endpoint("GET", CERTIFICATIONS),
    Endpoint("GET", CERTIFICATION),
    Endpoint("POST", CERTIFICATIONS, lambda n: {
        "mentor_id": mentor(n), "certification_type": fill.TYPES[n % len(fill.TYPES)],
        "issued_at": "2024-01-01T00:00:00Z", "expires_at": LATER}),
    Endpoint("PUT", CERTIFICATION, lambda n: {"expires_at": LATER, "status": "valid"}),
    Endpoint("POST", f"{CERTIFICATIONS}/expiry-job/run", lambda n: {"dry_run": True}, clients=1),
    Endpoint("GET", f"{CERTIFICATIONS}/expiry-job/logs"),
    Endpoint("DELETE", EVENT, role="global_admin", once=True),
    Endpoint("DELETE", NOTIFICATION, once=True),
    Endpoint("DELETE", REMINDER, once=True),
    Endpoint("DELETE", CERTIFICATION, once=True),
]


def requests(endpoint, first, count):
    for number in range(first, first + count):
        body = "\t" + json.dumps(endpoint.body(number)) if endpoint.body else ""
        yield path_of(endpoint, number) + body


class Asking:
    """An endpoint as a target, with requests of its own in each round where that must be."""

    def __init__(self, stack, endpoint, index, nginx, worker):
        self.stack, self.endpoint, self.index = stack, endpoint, index
        self.target = stack.target(endpoint.name, nginx, None, None,
                                   {"app": worker.process.pid}, method=endpoint.method,
                                   token=endpoint.role and tokens.of(endpoint.role, "org_bench"))
        self.next = 0

    def ready(self, seconds):
        if self.target.lines is None or self.endpoint.once:
            count = REMOVED_EACH_SECOND * seconds if self.endpoint.once else 4000
            self.target.lines = self.stack.lines(
                f"endpoint{self.index}", requests(self.endpoint, self.next, count))
            self.next += count
        return self.target

    def run(self, seconds):
        return load.run(self.ready(seconds), seconds, clients=self.endpoint.clients)


def run(stack):
    rounds, seconds = stack.options.rounds, 1
    if REMOVED_EACH_SECOND * rounds * seconds > ROWS:
        raise SystemExit(f"endpoints: at most {ROWS // REMOVED_EACH_SECOND} rounds")
    schema = stack.schema("endpoints", ROWS, fresh=True,
                          more={"MENTORWATCH_TOKEN_SECRET": tokens.SECRET})
    records.plant(schema.database, ROWS, MENTORS)
    schema.cli.run("counts", "--repair")
    worker = stack.worker(schema, THREADS)
    nginx = stack.nginx(worker)
    echo, echo_socket = stack.echo(THREADS)
    ports = {"static": stack.add_static(nginx), "echo": stack.add_echo(nginx, echo_socket)}
    nginx.start()
    stack.keep(nginx)
    line = stack.lines("yardstick", ["/"])
    yardsticks = [
        stack.target("nginx static file", nginx, line, ports["static"]),
        stack.target("FastCGI echo", nginx, line, ports["echo"], {"app": echo.pid}),
    ]
    asked = [Asking(stack, endpoint, index, nginx, worker)
             for index, endpoint in enumerate(ENDPOINTS)]
    samples = {target.name: [] for target in (*yardsticks, *(one.target for one in asked))}
    for _ in range(rounds):
        for target in yardsticks:
            samples[target.name].append(load.run(target, seconds))
        for one in asked:
            samples[one.target.name].append(one.run(seconds))
    report.comparison(f"each endpoint, {ROWS:,} rows a list, {rounds} × {seconds} s", samples,
                      "FastCGI echo")
    report.goal("bad answers", sum(s.bad for all_of in samples.values() for s in all_of), 0,
                at_most=True)
