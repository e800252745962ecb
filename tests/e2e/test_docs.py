# SPDX-License-Identifier: MIT
"""The description of the API: what /openapi.json says, and what a browser makes of it at /docs/."""
import json
import re

import jsonschema
import pytest

from stack import env
from stack.browser import Browser

METHODS = {"get", "put", "post", "delete"}
EXAMPLES = json.loads((env.SOURCE / "src/api/examples.json").read_text())


@pytest.fixture(scope="module")
def document(api):
    return api.get("/openapi.json").json


@pytest.fixture(scope="module")
def operations(document):
    """By method and path, whatever the path's parameters are called."""
    return {(method.upper(), without_names(path)): operation
            for path, item in document["paths"].items()
            for method, operation in item.items() if method in METHODS}


@pytest.fixture(scope="module")
def browser(folder):
    browser = Browser(folder / "browser")
    yield browser
    browser.stop()


@pytest.fixture(scope="module")
def site(nginx):
    if not (env.BUILD / "docs/site/rapidoc-min.js").exists():
        raise FileNotFoundError(f"no viewer in {env.BUILD}/docs/site: make docs-site fetches it")
    return f"http://127.0.0.1:{nginx.port}"


def without_names(path):
    return re.sub(r"\{[^}]*\}|:[^/]+", "*", path)


def fetch(nginx, path, method="GET"):
    connection = nginx.connection()
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def media_of(body):
    return body["content"]["application/json"]


def example_of(body):
    (example,) = media_of(body)["examples"].values()
    return example["value"]


# ---- the document


def test_what_is_served_is_what_was_committed(nginx):
    _, _, body = fetch(nginx, "/openapi.json")
    assert body == (env.SOURCE / "docs/openapi.json").read_bytes()


def test_every_route_is_described(cli, operations):
    routes = json.loads(cli.good("routes", "--json").out)
    assert {(r["method"], without_names(r["path"])) for r in routes} == set(operations)
    doubled = [r for r in routes if "doubled_path" in r]
    assert len(doubled) >= len(EXAMPLES)
    for route in doubled:
        base = "/".join(route["path"].split("/")[:4])
        assert route["doubled_path"] == base + route["path"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e['method']} {e['path']}")
def test_an_example_of_the_contracts_stands_where_it_belongs(operations, example):
    operation = operations[example["method"], without_names(example["path"])]
    good = next(body for status, body in operation["responses"].items() if status.startswith("2"))
    assert example_of(good) == example["response"]
    if example["request"] is None:
        assert "requestBody" not in operation
    else:
        assert example_of(operation["requestBody"]) == example["request"]


def test_every_example_keeps_to_its_schema(document, operations):
    for (method, path), operation in operations.items():
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        bodies += [body for status, body in operation["responses"].items()
                   if status.startswith("2")]
        for body in bodies if path.startswith("/api/") else []:
            schema = {**media_of(body)["schema"], "components": document["components"]}
            jsonschema.Draft202012Validator(schema).validate(example_of(body))


def test_operation_ids_differ(operations):
    ids = [operation["operationId"] for operation in operations.values()]
    assert len(ids) == len(set(ids))


# ---- the page


def test_the_page_shows_every_operation_and_asks_nobody_else(site, browser, operations):
    browser.open(f"{site}/docs/")
    shown = "document.querySelector('rapi-doc')?.shadowRoot?.textContent ?? ''"
    last = list(operations.values())[-1]["summary"]
    browser.wait_for(f"({shown}).includes({json.dumps(last)})", "the viewer to show the API")
    text = browser.value(shown)
    assert [o["summary"] for o in operations.values() if o["summary"] not in text] == []
    assert browser.value("getComputedStyle(document.querySelector('.without-viewer')).display") \
        == "none"
    elsewhere = [url for url in browser.requests
                 if not url.startswith((f"{site}/", "data:", "blob:", "about:"))]
    assert elsewhere == []
    assert browser.complaints == []


def test_docs_leads_to_the_page(nginx):
    status, headers, _ = fetch(nginx, "/docs")
    assert (status, headers["Location"]) == (301, "/docs/")


def test_the_page_may_load_nothing_from_elsewhere(nginx):
    status, headers, body = fetch(nginx, "/docs/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = dict(part.split(" ", 1) for part in
                  headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert b"<script>" not in body


@pytest.mark.parametrize("path", ["/docs/nothing.js", "/docs/../mentorwatch.conf", "/docs/x/"])
def test_what_is_not_of_the_page_is_a_problem(nginx, path):
    status, headers, body = fetch(nginx, path)
    assert status == 404
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(body)["request_id"] == headers["X-Request-Id"]


def test_the_page_is_only_read(nginx):
    status, _, body = fetch(nginx, "/docs/", method="POST")
    assert status == 405
    assert json.loads(body)["status"] == 405
