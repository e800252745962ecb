# SPDX-License-Identifier: MIT
"""The HTTP client of the tests: records every exchange, and holds every reply to what all
replies promise, so that no test needs to."""
import json
import re
import urllib.parse

from . import contract, openapi

PAUSES = "/api/v1/pause-notifications"
NOTIFICATIONS = "/api/v1/expiry-notifications"
REMINDERS = "/api/v1/certification-reminders"
CERTIFICATIONS = contract.BASE
IN_APP = "/api/v1/in-app-notifications"
CHECK = f"{REMINDERS}/check"
RUN = f"{CERTIFICATIONS}/expiry-job/run"
METRICS = "/metrics"
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LOGS = f"{CERTIFICATIONS}/expiry-job/logs"


def without_repeats(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key twice among {keys}"
    return dict(pairs)


class Reply:
    def __init__(self, method, path, status, headers, body):
        self.method = method
        self.path = path
        self.status = status
        self.headers = headers
        self.body = body
        self.json = None
        if body and headers["Content-Type"] != METRICS_TYPE:
            self.json = json.loads(body, object_pairs_hook=without_repeats)

    def __repr__(self):
        return f"{self.method} {self.path} → {self.status} {self.body.decode(errors='replace')}"

    @property
    def fields(self):
        """The fields that a problem names."""
        return {error["field"] for error in self.json.get("errors", [])}

    @property
    def allow(self):
        return set(self.headers["Allow"].replace(" ", "").split(","))

    @property
    def is_of_nginx(self):
        """Not from our program, as far as a problem tells."""
        return self.status >= 400 and self.json["type"] == "about:blank"

    @property
    def etag(self):
        return self.headers["ETag"]

    @property
    def links(self):
        """The Link headers (RFC 8288): relation → where it leads."""
        return {relation: target for target, relation in
                re.findall(r'<([^>]*)>; rel="([^"]*)"', self.headers["Link"])}

    @property
    def items(self):
        return self.json["data"]

    @property
    def total(self):
        return self.json["pagination"]["total"]


def check(reply):
    """What every reply promises."""
    request_id = reply.headers["X-Request-Id"]
    assert request_id, f"no X-Request-Id: {reply}"
    if reply.method == "HEAD" or reply.status in (204, 304):
        assert reply.body == b"", reply
        return
    media_type = reply.headers["Content-Type"]
    if reply.status < 400:
        expected = METRICS_TYPE if reply.path == METRICS else "application/json"
        assert media_type == expected, (media_type, reply)
    else:
        assert media_type == "application/problem+json", (media_type, reply)
        check_problem(reply, request_id)
    openapi.DOCUMENT.check(reply)
    example = contract.example_of(reply.method, reply.path)
    if example is not None and reply.status < 300:
        found = contract.differences(example["response"], reply.json)
        assert not found, f"{found} in {reply}"


def check_problem(reply, request_id):
    problem = reply.json
    # `errors` is there when single fields are to blame, and only then.
    expected = [k for k in contract.PROBLEM_KEYS if k != "errors" or problem.get("errors")]
    assert list(problem) == expected, reply
    assert problem["status"] == reply.status, reply
    assert problem["request_id"] == request_id, reply
    for key in ("type", "title", "detail"):
        assert isinstance(problem[key], str) and problem[key], (key, reply)
    for error in problem.get("errors", []):
        assert list(error) == ["field", "message"], reply
        assert error["field"] and error["message"], reply
    if reply.status == 401:
        assert reply.headers["WWW-Authenticate"].startswith("Bearer realm="), reply
    if reply.status == 405:
        assert reply.headers["Allow"], reply
    if reply.status == 503:
        assert int(reply.headers["Retry-After"]) > 0, reply
    # What is ours alone to know stays in the log.
    for secret in ("SELECT", "INSERT", "mysql", "MariaDB", ".c:"):
        assert secret not in reply.body.decode(), reply


class Api:
    exchanges = []  # of this process, whoever asked

    def __init__(self, nginx, token=None):
        self.nginx = nginx
        self.token = token

    def signed_in(self, token):
        """The same server, asked by somebody with this token."""
        return Api(self.nginx, token)

    def request(self, method, path, body=None, headers=None):
        """Any request. A body that is not bytes is sent as JSON."""
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        # A header given as None is not sent at all.
        headers = {name: value for name, value in headers.items() if value is not None}
        connection = self.nginx.connection()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            reply = Reply(method, path, answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        self.exchanges.append(reply)
        check(reply)
        openapi.DOCUMENT.check_request(reply, body)
        return reply

    def get(self, path, headers=None, **query):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        return self.request("GET", path, headers=headers)

    def post(self, path, body=None, **options):
        return self.request("POST", path, body, **options)

    def put(self, path, body, **options):
        return self.request("PUT", path, body, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    # The sentences that tests begin with.

    def record(self, mentor_id, issued_at, expires_at, kind="peer_mentor_basic"):
        """Record a certification; what was answered."""
        reply = self.post(CERTIFICATIONS, {
            "mentor_id": mentor_id, "certification_type": kind,
            "issued_at": issued_at, "expires_at": expires_at})
        assert reply.status == 201, reply
        return reply.json

    def find(self, certification_id):
        reply = self.get(f"{CERTIFICATIONS}/{certification_id}")
        assert reply.status == 200, reply
        return reply.json

    def change(self, certification_id, **changes):
        reply = self.put(f"{CERTIFICATIONS}/{certification_id}", changes)
        assert reply.status == 200, reply
        return reply.json

    def run_expiry_job(self, **order):
        reply = self.post(RUN, order)
        assert reply.status == 200, reply
        return reply.json
