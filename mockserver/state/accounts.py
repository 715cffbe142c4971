"""Who may ask: one account with a password and a key pair, made with a fresh state and kept with it."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


@dataclass(frozen=True, slots=True)
class Account:
    """The account of a sandbox. Its repr shows the user name alone."""

    username: str
    password: str = field(repr=False)
    client_id: str = field(repr=False)
    private_key_pem: str = field(repr=False)
    public_key_pem: str = field(repr=False)
    token_secret: str = field(repr=False)

    @classmethod
    def fresh(cls) -> Account:
        """An account that nobody has seen before."""
        private, public = _key_pair()
        return cls(
            # docs/assumptions.md, "the user of a sandbox"
            username=f"sandbox-{secrets.token_hex(4)}@example.com",
            password=secrets.token_urlsafe(12),
            client_id=secrets.token_hex(16),
            private_key_pem=private,
            public_key_pem=public,
            token_secret=secrets.token_hex(32),
        )

    def to_json(self) -> str:
        """Everything, as the store keeps it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Account:
        """The account that `to_json` wrote."""
        return cls(**json.loads(text))


@cache
def _key_pair() -> tuple[str, str]:
    """A private and a public key, as PEM. To draw a pair takes up to half a second, so that all fresh accounts of a
    process have the same; an assertion names user and client, and no other account takes it.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode("ascii"), public.decode("ascii")
