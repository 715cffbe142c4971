"""Signing in to the Enterprise API: what is sent to prove who you are, and what comes back."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import SecretBytes, SecretStr

from zianalytics.errors import AuthFailed, NotAnswered, RateLimited, SettingsRefused
from zianalytics.settings import Settings
from zianalytics.transport.answer import Answer
from zianalytics.transport.proof import Proof, SignIn, marked

PATH = "/authenticate"
LIFETIME = timedelta(minutes=60)
RENEW_BEFORE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token, since when and until when (by the service's clock) it is used."""

    secret: SecretStr
    since: datetime
    renew_at: datetime


@dataclass(frozen=True)
class PasswordSignIn:
    """By user name and password."""

    username: str
    password: SecretStr

    def proof(self, wall_s: float) -> Proof:
        """The JSON body of the documentation."""
        return Proof(
            body=SecretBytes(
                json.dumps({"username": self.username, "password": self.password.get_secret_value()}).encode()
            )
        )

    def mark(self, salt: bytes) -> str:
        """A slow hash: a password is short enough to be guessed by a fast one."""
        return marked(salt, "password", self.password)


def sign_in(settings: Settings) -> SignIn:
    """By private key where there is one, else by password."""
    if settings.private_key and settings.client_id:
        from zianalytics.transport.keys import PkiSignIn, read_key  # here: PyJWT and cryptography load late

        return PkiSignIn(settings.username, settings.client_id, read_key(settings.private_key))
    if settings.password:
        return PasswordSignIn(settings.username, settings.password)
    raise SettingsRefused(
        f"There is neither a password nor a private key for {settings.username}. Nothing was sent. Set "
        "ZOOMINFO_PASSWORD, or ZOOMINFO_CLIENT_ID and ZOOMINFO_PRIVATE_KEY_FILE; or store the password with: "
        f"keyring set {settings.base_url} {settings.username}"
    )


def bearer(text: object) -> SecretStr | None:
    """The text as a secret, when it is one that a header can carry."""
    return SecretStr(text) if isinstance(text, str) and re.fullmatch(r"[A-Za-z0-9._~+/=-]+", text) else None


def token_in(answer: Answer) -> Token:
    """The token that a sign-in brought.

    Raises
    ------
    AuthFailed, RateLimited
        The service refused the credentials, or the pace of sign-ins.
    NotAnswered
        The reply holds no token.
    """
    # docs/assumptions.md, "a refused sign-in"
    if answer.status in {400, 401, 403, 429}:
        reason = str(_member(answer.body, "message") or "no reason given")[:200].rstrip(".")
        refusal = RateLimited if answer.status == 429 else AuthFailed
        code, then = _refused(answer.status, reason)
        raise refusal(
            f"ZoomInfo refused the sign-in (HTTP {answer.status}): {reason}. Nothing was spent. {then}.",
            status=answer.status,
            code=code,
            request_id=answer.headers.get("x-request-id"),
        )
    secret = bearer(_member(answer.body, "jwt"))
    if secret is None:
        raise NotAnswered(
            f"The sign-in was answered with HTTP {answer.status} and without a token. Nothing was spent. Check "
            "that the base URL is that of ZoomInfo's Enterprise API or of a sandbox, and run it again.",
            outcome_known=True,
        )
    # docs/assumptions.md, "life of a token"
    expires = _expiry(secret) or answer.received + LIFETIME
    # Five minutes ahead, as ZoomInfo advises; a token of shorter life is used for most of it.
    return Token(secret, answer.received, expires - min(RENEW_BEFORE, (expires - answer.received) / 12))


def _refused(status: int, reason: str) -> tuple[str, str]:
    """The word for a refused sign-in, and what to do next."""
    if status == 429:
        return "rate_limit", "Wait a minute and run it again"
    if "no roles" in reason.lower():
        return "no_roles", "This user has no role that may use the API: ask your ZoomInfo admin or sales representative"
    check = "Check user name and password, or client id and private key, and the base URL they belong to"
    return "authentication", check


def _expiry(secret: SecretStr) -> datetime | None:
    """When the token says that it expires. It is read, not trusted: the service decides."""
    try:  # here, and not by PyJWT, which brings cryptography: who signs in by password needs neither
        claims = json.loads(urlsafe_b64decode(secret.get_secret_value().split(".")[1] + "=="))
        return datetime.fromtimestamp(claims["exp"], UTC)
    except (LookupError, TypeError, ValueError, OverflowError, OSError):
        return None


def _member(body: bytes, name: str) -> object:
    """What a JSON object holds by this name; None when it is not there or the body is no such thing."""
    try:
        return json.loads(body)[name]
    except (ValueError, KeyError, TypeError):
        return None
