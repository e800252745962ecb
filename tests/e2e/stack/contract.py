# SPDX-License-Identifier: MIT
"""What the contracts' printed examples promise, held against what was answered."""
import datetime
import json
import pathlib
import re

EXAMPLES = json.loads((pathlib.Path(__file__).parents[1] / "contracts.json").read_text())
BASES = sorted({example["base"] for example in EXAMPLES})
BASE = "/api/v1/certifications"

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
TIME_MS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
# List items of the examples that print an empty list.
FAILURE = {"mentor_id": "mntr_02BY7M3RL", "certification_id": "cert_03PQ7SY1", "reason": "why"}
# What a record need not have, whatever the example shows.
NULLABLE = {"reason", "coordinator_id", "coordinator_email", "acknowledged_at", "sent_at"}
PROBLEM_KEYS = ["type", "title", "status", "detail", "errors", "request_id"]


def canonical(path):
    """The path without its query, and without the base path in front that the contracts print."""
    parts = path.partition("?")[0].split("/")
    return "/".join(parts[:1] + parts[4:] if parts[1:4] == parts[4:7] else parts)


def doubled(path):
    """The path as the contracts print it."""
    base = "/".join(path.partition("?")[0].split("/")[:4])
    return base + path


def matches(pattern, path):
    """Whether a route's path, with :parameters, is that of a request."""
    return re.fullmatch(re.sub(r":\w+", "[^/]+", pattern) + "/?", path) is not None


def find(patterns, path):
    """The one of these routes' paths that answers a request; fixed segments win."""
    return next((pattern for pattern in sorted(patterns, key=lambda p: p.count(":"))
                 if matches(pattern, path)), None)


def example_of(method, path):
    """The example of the endpoint that answers this request, or None."""
    examples = {e["path"]: e for e in EXAMPLES if e["method"] == method}
    return examples.get(find(examples, canonical(path)))


def is_time(text, shown=TIME):
    if not shown.fullmatch(text):
        return False
    try:
        datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return False
    return True


def differences_of_text(example, found, where):
    for shown in (TIME, TIME_MS):
        if is_time(example, shown) and not is_time(found, shown):
            return [f"{where} is {found!r}, which is no time like {example}"]
    return []


def differences_of_object(example, found, where):
    if not isinstance(found, dict):
        return [f"{where} is no object"]
    expected = list(example)
    # Only what the expiry job has acted on tells when.
    if "auto_pause_applied_at" in example and found.get("auto_pause_applied") is False:
        expected.remove("auto_pause_applied_at")
    if list(found) != expected:
        return [f"{where} has the keys {list(found)}, the contract {expected}"]
    return [d for key in expected if not (key in NULLABLE and None in (example[key], found[key]))
            for d in differences(example[key], found[key], f"{where}.{key}")]


def differences(example, found, where="body"):
    """Where the shape of an answer is not the example's: keys, their order, types, times."""
    if isinstance(example, dict):
        return differences_of_object(example, found, where)
    if isinstance(example, list):
        if not isinstance(found, list):
            return [f"{where} is no list"]
        item = example[0] if example else FAILURE
        return [d for i, one in enumerate(found) for d in differences(item, one, f"{where}[{i}]")]
    if type(example) is not type(found):
        return [f"{where} is {found!r}, the contract shows {example!r}"]
    if isinstance(example, str):
        return differences_of_text(example, found, where)
    return []
