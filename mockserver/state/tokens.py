"""The tokens that the service hands out: JSON Web Tokens of sixty minutes, by the sandbox clock."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import jwt

LIFETIME = timedelta(minutes=60)


class Tokens:
    """Issues tokens and knows its own again.

    Revoking is by generation: a token carries the one it was born in, and only the present one is taken.
    """

    def __init__(self, secret: str, *, generation: int = 0) -> None:
        self._secret = secret
        self.generation = generation
        # A client sends one token with all its requests: it is read once, and judged each time.
        self._claims = lru_cache(maxsize=64)(self._read)

    def issue(self, username: str, now: datetime) -> str:
        """A token that is good for an hour from `now`."""
        claims = {
            "sub": username,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
            "jti": secrets.token_hex(8),
            "gen": self.generation,
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")

    def is_good(self, token: str, now: datetime) -> bool:
        """Whether a token is ours, not revoked and not expired at `now`."""
        claims = self._claims(token)
        return bool(claims and claims.get("gen") == self.generation and now.timestamp() < claims["exp"])

    def revoke_all(self) -> None:
        """Make every token so far worthless."""
        self.generation += 1

    def _read(self, token: str) -> dict[str, Any] | None:
        """What a token says, when it is signed by us."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                options={"verify_exp": False, "verify_iat": False, "require": ["exp", "iat"]},  # those go by `now`
            )
        except jwt.InvalidTokenError:
            return None
        return claims
