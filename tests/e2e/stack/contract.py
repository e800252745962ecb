# SPDX-License-Identifier: MIT
"""What the contract's printed examples promise, held against what was answered."""
import datetime
import json
import pathlib
import re

EXAMPLES = json.loads((pathlib.Path(__file__).parents[1] / "contract5.json").read_text())
BASE = EXAMPLES[0]["base"]

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
# A list item of the examples that print an empty list.
FAILURE = {"mentor_id": "mntr_02BY7M3RL", "certification_id": "cert_03PQ7SY1", "reason": "why"}
PROBLEM_KEYS = ["type", "title", "status", "detail", "errors", "request_id"]


def canonical(path):
    """The path without its query, and without the base path in front that the contract prints."""
    path = path.partition("?")[0]
    if path.startswith(BASE + BASE):
        return path[len(BASE):]
    return path


def example_of(method, path):
    """The example of the endpoint that answers this request, or None."""
    path = canonical(path)
    if re.fullmatch(f"{BASE}/[^/]+", path):
        path = f"{BASE}/:id"
    for example in EXAMPLES:
        if (example["method"], example["path"]) == (method, path):
            return example
    return None


def is_time(text):
    if not TIME.fullmatch(text):
        return False
    try:
        datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return False
    return True


def differences(example, found, where="body"):
    """Where the shape of an answer is not the example's: keys, their order, types, times."""
    if isinstance(example, dict):
        if not isinstance(found, dict):
            return [f"{where} is no object"]
        expected = list(example)
        # Only what the expiry job has acted on tells when.
        if "auto_pause_applied_at" in example and found.get("auto_pause_applied") is False:
            expected.remove("auto_pause_applied_at")
        if list(found) != expected:
            return [f"{where} has the keys {list(found)}, the contract {expected}"]
        return [d for key in expected
                for d in differences(example[key], found[key], f"{where}.{key}")]
    if isinstance(example, list):
        if not isinstance(found, list):
            return [f"{where} is no list"]
        item = example[0] if example else FAILURE
        return [d for i, one in enumerate(found) for d in differences(item, one, f"{where}[{i}]")]
    if type(example) is not type(found):
        return [f"{where} is {found!r}, the contract shows {example!r}"]
    if isinstance(example, str) and is_time(example) and not is_time(found):
        return [f"{where} is {found!r}, which is no time like {example}"]
    return []
