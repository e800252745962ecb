# SPDX-License-Identifier: MIT
"""JSON Web Tokens made by hand, so that they can be as bad as a test wants them."""
import base64
import hashlib
import hmac
import json
import time

SECRET = "a secret of the tests, of 32 bytes and more"
HEADER = {"alg": "HS256", "typ": "JWT"}
HOUR = 3600


def encode(data):
    """base64url of bytes, of a text, or of anything else as JSON."""
    if not isinstance(data, (bytes, str)):
        data = json.dumps(data)
    if isinstance(data, str):
        data = data.encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def signature(message, secret=SECRET, digest="sha256"):
    if isinstance(secret, str):
        secret = secret.encode()
    return hmac.new(secret, message.encode(), getattr(hashlib, digest)).digest()


def token(claims, header=None, secret=SECRET, digest="sha256"):
    """Header and claims, each a dictionary or the very text."""
    message = f"{encode(HEADER if header is None else header)}.{encode(claims)}"
    return f"{message}.{encode(signature(message, secret, digest))}"


def claims_of(role, organisation=None, seconds=HOUR, **more):
    """A claim given as None is left out."""
    now = int(time.time())
    claims = {"iat": now, "exp": now + seconds, "sub": "somebody", "role": role,
              "org_id": organisation, **more}
    return {name: value for name, value in claims.items() if value is not None}


def of(role, organisation=None, **options):
    """A token that is good in every way."""
    return token(claims_of(role, organisation, **options))
