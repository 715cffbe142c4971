"""What a way to sign in gives: the proof that is sent, and a mark that tells its credentials from others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretBytes, SecretStr


@dataclass(frozen=True, slots=True)
class Proof:
    """What one sign-in sends: a body or a bearer."""

    body: SecretBytes | None = None
    bearer: SecretStr | None = None


class SignIn(Protocol):
    """A way to sign in."""

    def proof(self, wall_s: float) -> Proof:
        """What to send at this wall time."""

    def mark(self, salt: bytes) -> str:
        """Tells these credentials from others, and cannot be turned back into them."""


def marked(salt: bytes, kind: str, secret: SecretStr) -> str:
    """Tells this secret from others of its kind, slowly: who guesses it must guess long."""
    return hashlib.scrypt(f"{kind} {secret.get_secret_value()}".encode(), salt=salt, n=2**14, r=8, p=1, dklen=16).hex()
