# SPDX-License-Identifier: MIT
"""Every route of the program, for tests that hold each of them to the same rule."""
import re

from . import contract, tokens
from .api import CERTIFICATIONS, CHECK, IN_APP, NOTIFICATIONS, PAUSES, REMINDERS, RUN
from .cli import Cli
from .directory import Directory
from .times import in_days

ORGANISATION = "org-oslo"
ROLES = ("coordinator", "org_admin", "global_admin", "mentor")

# A good body for each route that takes one; all about mentor-1.
BODIES = {
    f"POST {PAUSES}/pause-activated": {"mentor_id": "mentor-1", "pause_reason": "studies"},
    f"POST {PAUSES}/pause-lifted": {"mentor_id": "mentor-1"},
    f"POST {PAUSES}/cert-expiry": {"mentor_id": "mentor-1", "expiry_date": in_days(-1)},
    f"POST {PAUSES}/cert-expiry-reminder": {"mentor_id": "mentor-1", "days_remaining": 14},
    f"POST {PAUSES}": {"peer_mentor_id": "mentor-1", "event_type": "pause_activated",
                       "effective_date": "2026-03-20T00:00:00.000Z", "reason": "studies"},
    f"PUT {PAUSES}/:id": {"reason": "longer studies"},
    f"POST {NOTIFICATIONS}": {"mentor_id": "mentor-1", "coordinator_id": Directory.COORDINATOR,
                              "threshold": "30_day", "expiry_date": in_days(30)},
    f"PUT {NOTIFICATIONS}/:notification_id": {"status": "acknowledged"},
    f"POST {REMINDERS}": {"mentor_id": "mentor-1", "coordinator_id": Directory.COORDINATOR,
                          "days_remaining": 14, "channel": "email"},
    f"PUT {REMINDERS}/:id": {"status": "acknowledged"},
    f"POST {CHECK}": {"dry_run": False},
    f"POST {CERTIFICATIONS}": {"mentor_id": "mentor-1", "certification_type": "peer_mentor_basic",
                               "issued_at": in_days(-300), "expires_at": in_days(300)},
    f"PUT {CERTIFICATIONS}/:id": {"expires_at": in_days(400)},
    f"POST {RUN}": {"dry_run": False},
}
# A good query for the one route that needs one.
QUERIES = {f"GET {REMINDERS}/sent-check": "?mentor_id=mentor-1&threshold_days=30"}


class Route:
    def __init__(self, row):
        self.method = row["method"]
        self.path = row["path"]
        self.who = row["who"]

    def __str__(self):
        return f"{self.method} {self.path}"

    @property
    def is_public(self):
        return self.who == ["public"]

    @property
    def roles(self):
        return [role for role in ROLES if role in self.who]

    @property
    def is_by_id(self):
        return ":" in self.path

    @property
    def takes_body(self):
        return str(self) in BODIES

    @property
    def base(self):
        return self.path.partition("/:")[0]

    @property
    def query(self):
        return QUERIES.get(str(self), "")

    @property
    def body(self):
        return BODIES.get(str(self))

    def at(self, name="nothing"):
        """Its path, where it names one thing that of this id."""
        return re.sub(r":\w+", lambda _: name, self.path) + self.query

    def client(self, api, organisation=ORGANISATION):
        """The API as somebody sees it who may call this route."""
        if not self.roles:
            return api
        if self.path.startswith(IN_APP):
            return api.signed_in(tokens.of("mentor", sub="mentor-1"))
        role = self.roles[0]
        return api.signed_in(tokens.of(role, None if role == "global_admin" else organisation))

    def made(self, api):
        """The id of a new thing that it can name."""
        if self.base.endswith("/resolve-coordinator"):
            return "mentor-1"
        if self.base == IN_APP:
            order = find("POST", REMINDERS)
            assert api.post(order.path, {**order.body, "channel": "in_app"}).status == 201
            return self.client(api).get(IN_APP).items[0]["id"]
        making = find("POST", self.base)
        reply = making.client(api).post(self.base, making.body)
        assert reply.status == 201, reply
        return next(reply.json[key] for key in ("notification_id", "certification_id", "id")
                    if key in reply.json)

    def call(self, api, **options):
        """A request that is good in every way, of somebody who may."""
        path = self.at(self.made(api)) if self.is_by_id else self.at()
        return self.client(api).request(self.method, path, self.body, **options)


ALL_ROUTES = [Route(row) for row in Cli({}).good("routes", "--json").json()]
# What is switched off unless a host asks for it has tests of its own: test_cron.py.
ROUTES = [route for route in ALL_ROUTES if route.who != ["service"]]


def find(method, path):
    return next(r for r in ROUTES if (r.method, r.path) == (method, path))


def those(condition=lambda route: True):
    """For pytest.mark.parametrize: the routes in question, each under its name."""
    return {"argvalues": [r for r in ROUTES if condition(r)], "ids": str}


def in_contract(route):
    return route.path.startswith(tuple(contract.BASES))
