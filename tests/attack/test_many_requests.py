# SPDX-License-Identifier: MIT
"""Very many requests, bad ones and mixed: no answer that must not be, and nothing stays behind."""
import json
import random

import pytest

from stack import env
from stack.api import CERTIFICATIONS, NOTIFICATIONS, PAUSES, REMINDERS
from stack.kit import SEED
from stack.times import in_days

import pipeline
from burden import Burden
from malformed import Malformed

# KiB. After a few thousand requests the caches are still filling.
GROWTH_SHORT, GROWTH_LONG = 3 * 1024, 1024


@pytest.fixture
def growth(form):
    """How much is allowed. What a sanitizer holds is not for us to judge."""
    return float("inf") if env.SANITIZE_LOGS else form(GROWTH_SHORT, GROWTH_LONG)


def test_malformed_bodies_are_refused_and_do_nothing_else(nginx, worker, api, database, recorded,
                                                          form, growth):
    many = form(3000, 100_000)
    pid, before = worker.process.pid, database.counts()
    malformed = Malformed(SEED, pipeline.request, api)
    burden = Burden(worker, nginx)
    seen = pipeline.send_all(nginx.port, malformed.make, 0, many // 10)
    memory = burden.memory()["worker"]
    seen += pipeline.send_all(nginx.port, malformed.make, many // 10, many)
    print(f"\n{dict(seen)}; worker {memory} → {burden.memory()['worker']} KiB")
    assert set(seen) <= {400, 413, 415, 422}, seen
    assert seen.total() == many
    assert min(seen[status] for status in (400, 413, 415, 422)) > 0
    assert database.counts() == before
    assert burden.memory()["worker"] <= memory + growth
    assert worker.process.running() and worker.process.pid == pid
    assert api.get(f"{CERTIFICATIONS}/{recorded[0]}").status == 200


class Mixed:
    """What all sorts of clients ask for: most of them read, some write, some are wrong."""

    def __init__(self, seed, recorded):
        self.seed = seed
        self.recorded = recorded

    def make(self, number):
        chance = random.Random(self.seed * 1_000_003 + number)
        one = chance.choice(self.recorded)
        ask = chance.choices((self.find, self.list, self.change, self.new, self.wrong), weights=(
            60, 12, 8, 5, 15))[0]
        return ask(chance, one)

    def find(self, _, one):
        return pipeline.request("GET", f"{CERTIFICATIONS}/{one}")

    def list(self, chance, _):
        path = chance.choice((CERTIFICATIONS, NOTIFICATIONS, REMINDERS, f"{REMINDERS}/upcoming"))
        return pipeline.request("GET", f"{path}?limit={chance.randrange(1, 101)}")

    def change(self, chance, one):
        body = json.dumps({"expires_at": in_days(chance.randrange(100, 900))}).encode()
        return pipeline.request("PUT", f"{CERTIFICATIONS}/{one}", body)

    def new(self, chance, _):
        return pipeline.request("POST", CERTIFICATIONS, json.dumps({
            "mentor_id": f"mentor-{chance.randrange(1, 10)}",
            "certification_type": f"kind-{chance.randrange(10 ** 9)}",
            "issued_at": in_days(-10), "expires_at": in_days(300)}).encode())

    def wrong(self, chance, one):
        return chance.choice((
            pipeline.request("GET", f"{CERTIFICATIONS}/nobody"),
            pipeline.request("GET", f"{CERTIFICATIONS}?limit=many"),
            pipeline.request("GET", PAUSES),
            pipeline.request("DELETE", f"{CERTIFICATIONS}/nobody"),
            pipeline.request("PATCH", f"{CERTIFICATIONS}/{one}"),
            pipeline.request("POST", CERTIFICATIONS, b"{"),
            pipeline.request("GET", "/" + "x" * chance.randrange(4000))))


def test_a_soak_leaves_memory_and_open_files_as_they_were(nginx, worker, recorded, form,
                                                            growth):
    many = form(20_000, 1_000_000)
    first = form(10_000, 100_000)  # in which caches fill
    mixed = Mixed(SEED, recorded)
    burden = Burden(worker, nginx)
    seen = pipeline.send_all(nginx.port, mixed.make, 0, first)
    memory, files = burden.memory()["worker"], burden.files()
    seen += pipeline.send_all(nginx.port, mixed.make, first, many)
    print(f"\n{dict(seen)}; memory {memory} → {burden.memory()['worker']} KiB;"
          f" files {files} → {burden.files()}")
    assert set(seen) <= {200, 201, 400, 401, 404, 405, 409, 422}, seen
    assert seen.total() == many
    assert burden.memory()["worker"] <= memory + growth
    burden.await_files(files)
    assert worker.process.running()
