# SPDX-License-Identifier: MIT
"""docs/openapi.json, held against what was asked and answered."""
import json
import re

import jsonschema

from . import contract, env

METHODS = {"get", "put", "post", "delete"}
# Headers that are there only sometimes.
SOMETIMES = {"Idempotency-Replayed"}


class Document:
    def __init__(self, path):
        self.document = json.loads(path.read_text())
        self.operations = {}  # (method, path with :parameters) → operation
        for path_text, item in self.document["paths"].items():
            for method, operation in item.items():
                if method in METHODS:
                    key = method.upper(), re.sub(r"\{(\w+)\}", r":\1", path_text)
                    self.operations[key] = operation
        self._validators = {}

    def key_of(self, method, path):
        """(method, path) of the operation that answers this request, or None."""
        method = "GET" if method == "HEAD" else method
        paths = [path for known, path in self.operations if known == method]
        found = contract.find(paths, contract.canonical(path))
        return (method, found) if found else None

    def declared(self):
        """Every (method, path, status) that it tells of; "default" is what should never be."""
        return {(method, path, int(status))
                for (method, path), operation in self.operations.items()
                for status in operation["responses"] if status != "default"}

    def resolve(self, part):
        while "$ref" in part:
            found = self.document
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            part = found
        return part

    def _validator(self, key, content):
        """For a content object: {"application/json": {"schema": …}}. References lead into the
        document, so its components come along."""
        if key not in self._validators:
            [media] = content.values()
            schema = {"components": self.document["components"], "allOf": [media["schema"]]}
            jsonschema.Draft202012Validator.check_schema(schema)
            self._validators[key] = jsonschema.Draft202012Validator(schema)
        return self._validators[key]

    def _faults(self, key, content, body):
        return [f"{error.json_path}: {error.message}"
                for error in self._validator(key, content).iter_errors(body)]

    def check(self, reply):
        """A reply of ours to a request that some operation answers."""
        key = self.key_of(reply.method, reply.path)
        if key is None or reply.status == 405 or reply.is_of_nginx:
            return
        declared = self.operations[key]["responses"].get(str(reply.status))
        assert declared, f"{key} does not declare {reply.status}: {reply}"
        response = self.resolve(declared)
        missing = set(response.get("headers", {})) - SOMETIMES - set(reply.headers.keys())
        assert not missing, f"without {missing}: {reply}"
        if not reply.body:
            return
        [media_type] = response["content"]
        assert reply.headers["Content-Type"] == media_type, reply
        if reply.json is None:
            return
        faults = self._faults((*key, reply.status), response["content"], reply.json)
        assert not faults, f"{faults} in {reply}"

    def check_request(self, reply, body):
        """What was taken is what the document says may be sent."""
        key = self.key_of(reply.method, reply.path)
        if key is None or not body or reply.status >= 300:
            return
        content = self.resolve(self.operations[key].get("requestBody", {})).get("content")
        if content is not None:
            faults = self._faults((*key, "request"), content, json.loads(body))
            assert not faults, f"{faults} in the body of {reply}"


DOCUMENT = Document(env.SOURCE / "docs/openapi.json")
