"""Signing in with a private key: how it is read, and what it signs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import SecretBytes, SecretStr

from zianalytics.errors import KeyUnusable
from zianalytics.transport.proof import Proof, marked

ASSERTION_S = 300


@dataclass(frozen=True)
class PkiSignIn:
    """By an assertion signed with a private key."""

    username: str
    client_id: str
    key: RSAPrivateKey = field(repr=False)

    def proof(self, wall_s: float) -> Proof:
        """An assertion that holds for five minutes of wall time: the one clock that both sides share beforehand."""
        claims = {
            "aud": "enterprise_api",
            "iss": "api-client@zoominfo.com",
            "iat": int(wall_s),
            "exp": int(wall_s) + ASSERTION_S,
            "client_id": self.client_id,
            "username": self.username,
        }
        return Proof(bearer=SecretStr(jwt.encode(claims, self.key, algorithm="RS256")))

    def mark(self, salt: bytes) -> str:
        """Made of the public half, which names the key and opens nothing."""
        return marked(salt, self.client_id, SecretStr(str(self.key.public_key().public_numbers().n)))


def read_key(pem: SecretStr) -> RSAPrivateKey:
    """The RSA key in a PEM text that copy and paste may have mangled.

    Raises
    ------
    KeyUnusable
        It is no PEM, is encrypted, or is another kind of key.
    """
    # A literal backslash n comes from pasting into a variable; the library forgives indentation and line ends.
    text = SecretBytes(
        pem.get_secret_value().replace("\\r", "").replace("\\n", "\n").encode("latin-1", errors="replace")
    )
    labels = re.findall(rb"-----BEGIN ([A-Z0-9 ]+)-----", text.get_secret_value())
    private = [label for label in labels if label.endswith(b"PRIVATE KEY")]
    if not labels:
        raise _unusable(
            "is not PEM text: it has no line -----BEGIN PRIVATE KEY-----",
            "Give the whole file, both marker lines included",
        )
    if not private:
        kind = labels[0].decode().lower()
        raise _unusable(f"is a {kind}, not a private key", "Give the file that begins with -----BEGIN PRIVATE KEY-----")
    if b"ENCRYPTED" in private[0] or b"Proc-Type: 4,ENCRYPTED" in text.get_secret_value():
        raise _unusable(
            "is encrypted with a passphrase",
            "Store it decrypted, for your eyes only: openssl pkey -in key.pem -out plain.pem",
        )
    if private[0].startswith(b"OPENSSH"):
        raise _unusable("is in the format of OpenSSH", "Convert a copy: ssh-keygen -p -m PEM -f key")
    try:
        key: object = load_pem_private_key(text.get_secret_value(), password=None)
    except (ValueError, TypeError) as exc:
        raise _unusable(
            "is damaged: its markers are there and what lies between them is not a key",
            "Copy it again from the file that ZoomInfo gave you",
        ) from exc
    except UnsupportedAlgorithm:
        key = None
    if not isinstance(key, RSAPrivateKey):
        kind = type(key).__name__.removesuffix("PrivateKey") if key else "unknown"
        raise _unusable(
            f"is of the kind {kind}, and ZoomInfo signs with RSA",
            "Use the key that the Admin Portal made with your client id",
        )
    return key


def _unusable(what: str, then: str) -> KeyUnusable:
    return KeyUnusable(f"The private key {what}. Nothing was sent. {then}.")
