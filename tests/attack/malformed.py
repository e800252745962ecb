# SPDX-License-Identifier: MIT
"""Bodies that nobody may accept, made from good ones by chance. Each kind of damage is certain to
be one: where chance could leave a body good, the kind is not here."""
import json
import random

from stack.routes import BODIES, find

DEEP = 40
TOO_LARGE = 70_000
NO_UTF8 = (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82")
OTHER_KINDS = ("text/plain", "application/xml", "multipart/form-data; boundary=x",
               "application/jsonp", "application/json-seq")


def _inside(chance, body):
    return chance.randrange(1, len(body))


def cut_off(chance, body):
    return body[:_inside(chance, body)]


def more_behind(chance, body):
    return body + chance.choice((b"{}", b"]", b",", b"x", b"\x01", b"\xef\xbb\xbf"))


def no_utf8(chance, body):
    at = body.index(b'": "') + 4
    return body[:at] + chance.choice(NO_UTF8) + body[at:]


def raw_control(chance, body):
    at = body.index(b'": "') + 4
    return body[:at] + bytes([chance.randrange(32)]) + body[at:]


def bad_escape(chance, body):
    at = body.index(b'": "') + 4
    return body[:at] + chance.choice((rb"\x41", rb"\u12g4", rb"\ud800", rb"\u0000", b"\\\n")) + body[at:]


def twice(chance, body):
    members = json.loads(body)
    name = chance.choice(sorted(members))
    return body[:-1] + b", " + json.dumps({name: members[name]}).encode()[1:]


def too_deep(chance, body):
    depth = chance.randrange(17, 2000)
    return body[:-1] + b', "x": ' + b"[" * depth + b"]" * depth + b"}"


def unclosed(chance, _):
    return chance.choice((b"[", b'{"a":', b'{"')) * chance.randrange(1, 9000)


def no_object(chance, _):
    return json.dumps(chance.choice((None, True, 1, -0.5, "text", [], [{}], [[]] * 99))).encode()


def bad_number(chance, body):
    return body[:-1] + b', "x": ' + chance.choice(
        (b"NaN", b"Infinity", b"01", b"+1", b"1.", b".5", b"0x1", b"1e", b"--1")) + b"}"


def bad_quotes(_, body):
    return body.replace(b'"', b"'")


def noise(chance, _):
    return b"\x00" + chance.randbytes(chance.randrange(1, 3000))


def too_large(chance, body):
    return body + b" " * (TOO_LARGE - chance.randrange(1000))


def unknown_member(chance, body):
    name = json.dumps("x" * chance.randrange(1, 2000)).encode()
    return body[:-1] + b", " + name + b": 1}"


DAMAGES = (cut_off, more_behind, no_utf8, raw_control, bad_escape, twice, too_deep, unclosed,
           no_object, bad_number, bad_quotes, noise, too_large, unknown_member)


class Malformed:
    """Of this seed: make(n) is always the same. `clients` are the APIs of who may call a route."""

    def __init__(self, seed, request, api):
        self.seed = seed
        self.request = request
        routes = [find(*name.split(" ")) for name, body in BODIES.items()
                  if any(isinstance(value, str) for value in body.values())]
        self.routes = [(route.method, route.at(), json.dumps(route.body).encode(),
                        route.client(api).token) for route in routes]

    def make(self, number):
        chance = random.Random(self.seed * 1_000_003 + number)
        method, path, body, token = chance.choice(self.routes)
        if chance.randrange(20) == 0:
            return self.request(method, path, body, chance.choice(OTHER_KINDS), token)
        return self.request(method, path, chance.choice(DAMAGES)(chance, body), token=token)
