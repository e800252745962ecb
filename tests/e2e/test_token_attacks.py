# SPDX-License-Identifier: MIT
"""What is not a good token is 401, however it is bent; what is good in an odd way is taken."""
import json
import subprocess
import time

import pytest

from stack import env, tokens
from stack.api import PAUSES
from stack.cli import CONFIG
from stack.keys import EC, OTHER_EC, RSA, SHORT_RSA, KeyPair
from stack.tokens import HEADER, SECRET, claims_of, encode, signature, token

pytestmark = pytest.mark.usefixtures("directory")

GOOD = claims_of("org_admin", "org-oslo")
LONGEST = 4096


def without(*names):
    return {name: value for name, value in GOOD.items() if name not in names}


def with_header(**more):
    return token(GOOD, {**HEADER, **more})


def with_claims(**more):
    return token({**GOOD, **more})


def as_text(**more):
    """The claims as JSON that may name a key twice: as_text(role='"x"')."""
    body = json.dumps(GOOD)[1:-1]
    return "{" + body + "".join(f', "{name}": {value}' for name, value in more.items()) + "}"


def parts():
    return token(GOOD).split(".")


def with_parts(header=None, claims=None, signed=None):
    """A good token with parts of it exchanged afterwards."""
    old = parts()
    return ".".join(new if new is not None else was
                    for new, was in zip((header, claims, signed), old))


def of_length(length):
    """A good token of just so many bytes, padded by a claim."""
    for padding in range(length):
        made = with_claims(padding="x" * (padding + (length - len(token(GOOD))) // 2))
        if len(made) >= length:
            return made if len(made) == length else None
    return None


def with_other_last_bits():
    """The same signature to a careless decoder: the last character's unused bits are set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    good = token(GOOD)
    return good[:-1] + alphabet[alphabet.index(good[-1]) | 1]


ATTACKS = {
    # The algorithm is the server's to choose.
    "alg none, unsigned": f"{encode({'alg': 'none'})}.{encode(GOOD)}.",
    "alg none, signed": token(GOOD, {"alg": "none"}),
    "alg None": f"{encode({'alg': 'None'})}.{encode(GOOD)}.",
    "alg NONE": f"{encode({'alg': 'NONE'})}.{encode(GOOD)}.",
    "alg nOnE": token(GOOD, {"alg": "nOnE"}),
    "alg empty": token(GOOD, {"alg": ""}),
    "no alg": token(GOOD, {"typ": "JWT"}),
    "alg null": token(GOOD, {"alg": None}),
    "alg a number": token(GOOD, {"alg": 256}),
    "alg a list": token(GOOD, {"alg": ["HS256"]}),
    "alg in lower case": token(GOOD, {"alg": "hs256"}),
    "HS384": token(GOOD, {"alg": "HS384"}, digest="sha384"),
    "HS512": token(GOOD, {"alg": "HS512"}, digest="sha512"),
    "RS256 in the header, HMAC below": token(GOOD, {"alg": "RS256"}),
    "ES256 in the header, HMAC below": token(GOOD, {"alg": "ES256"}),
    "PS256": token(GOOD, {"alg": "PS256"}),
    # The token may not say with what it is to be checked.
    "kid a path to nothing": token(GOOD, {**HEADER, "kid": "../../../../dev/null"}, secret=""),
    "kid a path to a file": token(GOOD, {**HEADER, "kid": "/etc/hostname"}, secret="x"),
    "kid an injection": token(GOOD, {**HEADER, "kid": "x' UNION SELECT 'x"}, secret="x"),
    "kid a number": with_header(kid=1),
    "jwk": with_header(jwk={"kty": "oct", "k": encode("x")}),
    "jku": with_header(jku="http://127.0.0.1/keys"),
    "x5u": with_header(x5u="http://127.0.0.1/keys"),
    "x5c": with_header(x5c=["MIIB"]),
    "crit": with_header(crit=["exp"]),
    "crit with an unencoded payload": with_header(crit=["b64"], b64=False),
    "typ of something else": with_header(typ="JWE"),
    # The signature
    "another secret": token(GOOD, secret="y" * 40),
    "an empty secret": token(GOOD, secret=""),
    "the secret cut": token(GOOD, secret=SECRET[:-1]),
    "no signature": with_parts(signed=""),
    "signature a character short": token(GOOD)[:-1],
    "signature cut to one byte": with_parts(signed=parts()[2][:2]),
    "signature a byte longer": with_parts(
        signed=encode(signature(".".join(parts()[:2])) + b"\0")),
    "signature of zeros": with_parts(signed=encode(bytes(32))),
    "signature of another token": with_parts(
        signed=token(claims_of("coordinator", "org-oslo")).split(".")[2]),
    "signature over the claims alone": with_parts(signed=encode(signature(parts()[1]))),
    "signature in hexadecimal": with_parts(signed=signature(".".join(parts()[:2])).hex()),
    "signature with loose last bits": with_other_last_bits(),
    "claims changed after signing": with_parts(claims=encode({**GOOD, "role": "global_admin"})),
    "header changed after signing": with_parts(header=encode({**HEADER, "kid": "x"})),
    # The shape
    "one part": parts()[0],
    "two parts": ".".join(parts()[:2]),
    "four parts": token(GOOD) + ".",
    "five parts": token(GOOD) + ".AA.AA",
    "only dots": "..",
    "padding": with_parts(signed=parts()[2] + "="),
    "base64 of the other alphabet": with_parts(signed="+/" + parts()[2][2:]),
    "a space within": token(GOOD).replace(".", " .", 1),
    "a space behind a space": " " + token(GOOD) + " x",
    "percent code": token(GOOD).replace(".", "%2E"),
    "quoted": f'"{token(GOOD)}"',
    "a token in a token": token(token(GOOD)),
    "longer than may be": with_claims(padding="x" * LONGEST),
    "one byte longer than may be": of_length(LONGEST + 1) or of_length(LONGEST + 2),
    # Header and claims as JSON
    "header not JSON": token(GOOD, "hello"),
    "header a list": token(GOOD, ["HS256"]),
    "header empty": token(GOOD, ""),
    "alg twice": token(GOOD, '{"alg": "none", "alg": "HS256"}'),
    "claims not JSON": token("hello"),
    "claims a list": token([GOOD]),
    "claims empty": token(""),
    "claims null": token("null"),
    "claims of two objects": token(json.dumps(GOOD) * 2),
    "claims in bad UTF-8": token(b'{"sub": "\xff", ' + json.dumps(GOOD)[1:].encode()),
    "claims behind a byte order mark": token("\ufeff" + json.dumps(GOOD)),
    "claims too deep": token(as_text(x="[" * 500 + "]" * 500)),
    "NUL in a claim": token(as_text(x='"\\u0000"')),
    "role twice": token(as_text(role='"global_admin"')),
    "exp twice": token(as_text(exp=str(GOOD["exp"]))),
    "org_id twice": token(as_text(org_id='"org-bergen"')),
    # Times
    "no exp": token(without("exp")),
    "exp null": with_claims(exp=None),
    "exp a text": with_claims(exp=str(GOOD["exp"])),
    "exp true": with_claims(exp=True),
    "exp a list": with_claims(exp=[GOOD["exp"]]),
    "exp huge": token(json.dumps(without("exp"))[:-1] + ', "exp": 1e400}'),
    "exp beyond 64 bits": with_claims(exp=2 ** 64 + GOOD["exp"]),
    "exp negative": with_claims(exp=-1),
    "exp 0": with_claims(exp=0),
    "expired long ago": with_claims(exp=1),
    "expired beyond the leeway": tokens.of("org_admin", "org-oslo", seconds=-61),
    "not yet valid": with_claims(nbf=GOOD["iat"] + 7200),
    "nbf a text": with_claims(nbf="0"),
    "issued in the future": with_claims(iat=GOOD["iat"] + 7200),
    # Who it is
    "no role": token(without("role")),
    "role a list": with_claims(role=["org_admin", "global_admin"]),
    "role null": with_claims(role=None),
    "role with a NUL behind it": token(as_text().replace('"org_admin"', '"org_admin\\u0000"')),
    "no organisation": token(without("org_id")),
    "organisation empty": with_claims(org_id=""),
    "organisation null": with_claims(org_id=None),
    "organisation a number": with_claims(org_id=1),
    "organisation a list": with_claims(org_id=["org-oslo", "org-bergen"]),
    "organisation too long": with_claims(org_id="o" * 65),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_401(api, attack):
    reply = api.signed_in(ATTACKS[attack]).get(PAUSES)
    assert reply.status == 401, reply
    for secret in (SECRET, "org-oslo", "somebody"):
        assert secret not in reply.body.decode()


def test_the_very_token_that_they_are_bent_from_is_good(api):
    assert api.signed_in(token(GOOD)).get(PAUSES).status == 200
    assert len(ATTACKS) >= 40


ODD_BUT_GOOD = {
    "no typ": token(GOOD, {"alg": "HS256"}),
    "typ in lower case": with_header(typ="jwt"),
    "typ of an access token": with_header(typ="at+jwt"),
    "a kid where there is but one key": with_header(kid="x"),
    "an unknown header": with_header(colour="red"),
    "unknown claims": with_claims(jti="1", scope="all", nested={"a": [1, 2]}),
    "an audience where none is asked for": with_claims(aud="somebody-else", iss="anybody"),
    "no iat": token(without("iat")),
    "no sub": token(without("sub")),
    "spaces in the JSON": token("\n " + json.dumps(GOOD, indent=4) + "\n"),
    "claims in UTF-8": with_claims(sub="Åse Ødegård ✓"),
    "as long as may be": of_length(LONGEST) or of_length(LONGEST - 1),
}


@pytest.mark.parametrize("case", ODD_BUT_GOOD)
def test_what_is_good_in_an_odd_way_is_taken(api, case):
    assert api.signed_in(ODD_BUT_GOOD[case]).get(PAUSES).status == 200


def test_clocks_may_differ_by_a_minute(api):
    soon = int(time.time()) + 50
    for made in (tokens.of("org_admin", "org-oslo", seconds=-50),
                 tokens.of("org_admin", "org-oslo", nbf=soon, iat=soon)):
        assert api.signed_in(made).get(PAUSES).status == 200


# Issuer and audience

@pytest.fixture(scope="module")
def choosy(settings, new_site):
    return new_site("choosy", {**settings, "MENTORWATCH_TOKEN_ISSUER": "https://id.example.org",
                               "MENTORWATCH_TOKEN_AUDIENCE": "mentorwatch",
                               "MENTORWATCH_TOKEN_LEEWAY": "0"})


PARTIES = {"iss": "https://id.example.org", "aud": "mentorwatch"}


@pytest.mark.parametrize("change, status", [
    ({}, 200), ({"aud": ["other", "mentorwatch"]}, 200),
    ({"aud": None}, 401), ({"aud": "other"}, 401), ({"aud": []}, 401), ({"aud": ["other"]}, 401),
    ({"aud": "mentorwatch2"}, 401), ({"aud": 1}, 401), ({"aud": ["mentorwatch", 1]}, 401),
    ({"aud": {"mentorwatch": 1}}, 401), ({"aud": "Mentorwatch"}, 401),
    ({"iss": None}, 401), ({"iss": "https://id.example.org/"}, 401), ({"iss": ""}, 401),
    ({"iss": ["https://id.example.org"]}, 401), ({"exp": GOOD["iat"] - 2}, 401)])
def test_issuer_and_audience_are_those_of_the_settings(choosy, change, status):
    made = token(claims_of("org_admin", "org-oslo", **{**PARTIES, **change}))
    assert choosy.signed_in(made).get(PAUSES).status == status


def test_the_command_line_makes_tokens_for_the_issuer_and_audience_of_the_settings(cli, choosy):
    done = cli.with_settings(TOKEN_ISSUER=PARTIES["iss"], TOKEN_AUDIENCE=PARTIES["aud"]).good(
        "token", "--role", "org_admin", "--org", "org-oslo")
    assert choosy.signed_in(done.out.strip()).get(PAUSES).status == 200


# Key pairs

@pytest.fixture(scope="module")
def pairs(folder):
    return {name: KeyPair(folder, name, kind) for name, kind in (
        ("rsa-1", RSA), ("rsa-2", RSA), ("ec-1", EC), ("ec-2", EC), ("short", SHORT_RSA),
        ("curve", OTHER_EC))}


@pytest.fixture(scope="module")
def key_set(folder, pairs):
    """A JWKS file with two keys for each algorithm."""
    path = folder / "jwks.json"
    path.write_text(json.dumps({"keys": [
        pairs[name].jwk() for name in ("rsa-1", "rsa-2", "ec-1", "ec-2")]}))
    return path


@pytest.fixture(scope="module")
def sites(settings, new_site, pairs, key_set):
    """Servers by algorithm and kind of key file."""
    plain = {k: v for k, v in settings.items() if k != "MENTORWATCH_TOKEN_SECRET"}
    files = {("RS256", "pem"): pairs["rsa-1"].public, ("RS256", "jwks"): key_set,
             ("ES256", "pem"): pairs["ec-1"].public, ("ES256", "jwks"): key_set}
    return {(algorithm, kind): new_site(f"{algorithm}-{kind}", {
        **plain, "MENTORWATCH_TOKEN_ALGORITHM": algorithm,
        "MENTORWATCH_TOKEN_KEY_FILE": str(path)}) for (algorithm, kind), path in files.items()}


@pytest.fixture
def mint(cli, pairs):
    """A token signed with one of the pairs: mint("rsa-1", "--kid", "rsa-1")."""
    def make(name, *arguments):
        algorithm = "RS256" if pairs[name].algorithm == "RSA" else "ES256"
        signer = cli.with_settings(TOKEN_ALGORITHM=algorithm, TOKEN_SECRET="",
                                   TOKEN_PRIVATE_KEY_FILE=pairs[name].private)
        return signer.good("token", "--role", "org_admin", "--org", "org-oslo",
                           *arguments).out.strip()
    return make


FAMILIES = [("RS256", "rsa"), ("ES256", "ec")]


@pytest.mark.parametrize("algorithm, family", FAMILIES)
def test_a_key_file_checks_what_its_private_key_signed(sites, mint, algorithm, family):
    site = sites[algorithm, "pem"]
    assert site.signed_in(mint(f"{family}-1")).get(PAUSES).status == 200
    assert site.signed_in(mint(f"{family}-2")).get(PAUSES).status == 401


@pytest.mark.parametrize("algorithm, family", FAMILIES)
def test_of_several_keys_the_token_names_one(sites, mint, algorithm, family):
    site = sites[algorithm, "jwks"]
    for signed_with, named, status in (("1", "1", 200), ("2", "2", 200), ("1", "2", 401),
                                       ("2", "1", 401)):
        made = mint(f"{family}-{signed_with}", "--kid", f"{family}-{named}")
        assert site.signed_in(made).get(PAUSES).status == status, (signed_with, named)
    for kid in ("nobody", "../rsa-1", "rsa-1\n", ""):
        made = mint(f"{family}-1", "--kid", kid)
        assert site.signed_in(made).get(PAUSES).status == 401, kid
    assert site.signed_in(mint(f"{family}-1")).get(PAUSES).status == 401


@pytest.mark.parametrize("kind", ["pem", "jwks"])
@pytest.mark.parametrize("algorithm, family", FAMILIES)
def test_a_public_key_is_no_secret(sites, pairs, key_set, algorithm, family, kind):
    """The attack of swapping the algorithm: HS256 signed with the text of the public key."""
    site = sites[algorithm, kind]
    public = pairs[f"{family}-1"].public.read_text()
    for secret in (public, public.strip(), key_set.read_text()):
        for alg in ("HS256", algorithm):
            made = token(GOOD, {"alg": alg, "typ": "JWT", "kid": f"{family}-1"}, secret=secret)
            assert site.signed_in(made).get(PAUSES).status == 401


@pytest.mark.parametrize("algorithm, family", FAMILIES)
def test_a_key_of_the_other_kind_is_of_no_use(sites, mint, algorithm, family):
    other = "ec" if family == "rsa" else "rsa"
    made = mint(f"{other}-1", "--kid", f"{other}-1")
    for kind in ("pem", "jwks"):
        assert sites[algorithm, kind].signed_in(made).get(PAUSES).status == 401
        assert sites[algorithm, kind].signed_in(token(GOOD)).get(PAUSES).status == 401


def bent_signatures(good):
    """Of a signature of r and s, or of one number."""
    half = len(good) // 2
    return [b"", bytes(len(good)), bytes(len(good) - 1) + b"\1", good[:-1], good + b"\0",
            b"\0" + good, good[half:] + good[:half], b"\xff" * len(good), good[:half],
            bytes(half) + good[half:], good[:half] + bytes(half)]


@pytest.mark.parametrize("algorithm, family", FAMILIES)
def test_a_bent_signature_is_401(sites, mint, pairs, algorithm, family):
    site = sites[algorithm, "pem"]
    message, _, signed = mint(f"{family}-1").rpartition(".")
    for bent in bent_signatures(tokens.decode(signed)):
        assert site.signed_in(f"{message}.{encode(bent)}").get(PAUSES).status == 401
    none = f"{encode({'alg': 'none'})}.{message.split('.')[1]}"
    assert site.signed_in(f"{none}.{signed}").get(PAUSES).status == 401
    assert site.signed_in(f"{none}.").get(PAUSES).status == 401
    as_der = encode(pairs[f"{family}-1"].sign(message))
    expected = 200 if family == "rsa" else 401  # RSA has but one way to write a signature
    assert site.signed_in(f"{message}.{as_der}").get(PAUSES).status == expected


def test_a_bad_key_file_is_refused_at_once(cli, pairs, key_set, folder):
    empty = folder / "empty.json"
    empty.write_text('{"keys": []}')
    unnamed = folder / "unnamed.json"
    unnamed.write_text(json.dumps({"keys": [
        {k: v for k, v in pairs[name].jwk().items() if k != "kid"}
        for name in ("rsa-1", "rsa-2")]}))
    word = folder / "word.pem"
    word.write_text("hello")
    for algorithm, path in (
            ("RS256", "/nonexistent"), ("RS256", word), ("RS256", empty), ("RS256", unnamed),
            ("RS256", pairs["short"].public), ("RS256", pairs["ec-1"].public),
            ("ES256", pairs["curve"].public), ("ES256", pairs["rsa-1"].public),
            ("HS256", key_set)):
        changed = cli.with_settings(TOKEN_ALGORITHM=algorithm, TOKEN_KEY_FILE=path,
                                    **({} if algorithm == "HS256" else {"TOKEN_SECRET": ""}))
        done = start_of_worker(changed)
        assert done.returncode == CONFIG, (algorithm, path, done.stderr)
        assert b"token." in done.stderr


def test_a_secret_beside_a_key_file_is_a_mistake(cli, pairs):
    changed = cli.with_settings(TOKEN_ALGORITHM="RS256", TOKEN_KEY_FILE=pairs["rsa-1"].public)
    assert start_of_worker(changed).returncode == CONFIG


def test_a_private_key_that_everybody_can_read_signs_nothing(cli, pairs, folder):
    copy = folder / "open.pem"
    copy.write_bytes(pairs["rsa-1"].private.read_bytes())
    copy.chmod(0o644)
    done = cli.with_settings(TOKEN_ALGORITHM="RS256", TOKEN_SECRET="",
                             TOKEN_PRIVATE_KEY_FILE=copy).run("token", "--role", "global_admin")
    assert (done.status, done.out) == (CONFIG, "")


def start_of_worker(cli):
    """mentorwatch.fcgi with these settings, which it must refuse."""
    return subprocess.run([env.fcgi_program(), "--socket", "/nonexistent/x.sock"],
                              env=env.clean_environment(cli.settings), capture_output=True,
                              timeout=env.PATIENCE, check=False)
