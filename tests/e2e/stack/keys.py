# SPDX-License-Identifier: MIT
"""Key pairs for tokens, made by OpenSSL."""
import subprocess

from . import tokens

RSA = ("RSA", "rsa_keygen_bits:2048")
SHORT_RSA = ("RSA", "rsa_keygen_bits:1024")
EC = ("EC", "ec_paramgen_curve:P-256")
OTHER_EC = ("EC", "ec_paramgen_curve:P-384")
COORDINATE = 32  # bytes of one, on the curve P-256


def openssl(*arguments, stdin=None):
    return subprocess.run(["openssl", *arguments], input=stdin, capture_output=True,
                          check=True).stdout


class KeyPair:
    """Two PEM files in a folder."""

    def __init__(self, folder, name, kind=RSA):
        self.algorithm, option = kind
        self.name = name
        self.private = folder / f"{name}.pem"
        self.public = folder / f"{name}.pub"
        openssl("genpkey", "-algorithm", self.algorithm, "-pkeyopt", option,
                "-out", str(self.private))
        self.private.chmod(0o600)
        openssl("pkey", "-in", str(self.private), "-pubout", "-out", str(self.public))

    def jwk(self):
        """The public key as a JWKS file lists it, its name for a kid."""
        if self.algorithm == "RSA":
            modulus = openssl("rsa", "-pubin", "-in", str(self.public), "-noout", "-modulus")
            number = bytes.fromhex(modulus.decode().strip().partition("=")[2])
            return {"kty": "RSA", "kid": self.name, "alg": "RS256", "use": "sig",
                    "n": tokens.encode(number), "e": "AQAB"}
        point = openssl("pkey", "-pubin", "-in", str(self.public), "-outform", "DER")
        x, y = point[-2 * COORDINATE:-COORDINATE], point[-COORDINATE:]
        return {"kty": "EC", "crv": "P-256", "kid": self.name, "alg": "ES256", "use": "sig",
                "x": tokens.encode(x), "y": tokens.encode(y)}

    def sign(self, message):
        """As OpenSSL writes a signature: for an EC key that is DER, which tokens do not use."""
        return openssl("dgst", "-sha256", "-sign", str(self.private), stdin=message.encode())
