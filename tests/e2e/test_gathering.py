# SPDX-License-Identifier: MIT
"""Requests that look for a row by its id at the same moment share one statement. Nobody notices:
each gets its own answer, and one that comes after a change sees it."""
import concurrent.futures

from stack.api import CERTIFICATIONS
from stack.times import in_days

CLIENTS = 24
ROUNDS = 40


def at_once(what, arguments):
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(what, arguments))


def test_each_gets_its_own_row_and_what_is_missing_is_missing(api, crowd):
    recorded = [api.record(mentor, in_days(-9), in_days(90 + n)) for n, mentor in enumerate(crowd)]
    expiry = {one["certification_id"]: one["expires_at"] for one in recorded}
    some = list(expiry)[:3]
    asked = [*expiry, "cert_nowhere", *(i.lower() for i in some), some[0] + "%20"] * ROUNDS
    replies = at_once(lambda i: (i, api.get(f"{CERTIFICATIONS}/{i}")), asked)
    for wanted, reply in replies:
        if wanted in expiry:
            assert reply.status == 200 and reply.json["certification_id"] == wanted
            assert reply.json["expires_at"] == expiry[wanted]
        else:
            assert reply.status == 404, wanted


def test_who_asks_after_a_change_sees_it(api, crowd):
    ids = [api.record(mentor, in_days(-9), in_days(90))["certification_id"]
           for mentor in crowd[:CLIENTS]]

    def change_and_look(one):
        for n in range(10):
            moved = in_days(100 + n)
            assert api.put(f"{CERTIFICATIONS}/{one}", {"expires_at": moved}).status == 200
            assert api.get(f"{CERTIFICATIONS}/{one}").json["expires_at"] == moved
        assert api.delete(f"{CERTIFICATIONS}/{one}").status == 200
        assert api.get(f"{CERTIFICATIONS}/{one}").status == 404
        return True
    assert all(at_once(change_and_look, ids))
