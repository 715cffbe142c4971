"""Signing in to the Enterprise API: what is sent to prove who you are, and what comes back."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import SecretBytes, SecretStr

from zianalytics.errors import AuthFailed, KeyUnusable, NotAnswered, RateLimited, SettingsRefused
from zianalytics.settings import Settings
from zianalytics.transport.answer import Answer

PATH = "/authenticate"
ASSERTION_S = 300
LIFETIME = timedelta(minutes=60)
RENEW_BEFORE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token, since when and until when (by the service's clock) it is used."""

    secret: SecretStr
    since: datetime
    renew_at: datetime


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
        return _mark(salt, "password", self.password)


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
        return _mark(salt, self.client_id, SecretStr(str(self.key.public_key().public_numbers().n)))


def sign_in(settings: Settings) -> SignIn:
    """By private key where there is one, else by password."""
    if settings.private_key and settings.client_id:
        return PkiSignIn(settings.username, settings.client_id, read_key(settings.private_key))
    if settings.password:
        return PasswordSignIn(settings.username, settings.password)
    raise SettingsRefused(
        f"There is neither a password nor a private key for {settings.username}. Nothing was sent. Set "
        "ZOOMINFO_PASSWORD, or ZOOMINFO_CLIENT_ID and ZOOMINFO_PRIVATE_KEY_FILE; or store the password with: "
        f"keyring set {settings.base_url} {settings.username}"
    )


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
    try:
        claims = jwt.decode(secret.get_secret_value(), options={"verify_signature": False, "verify_exp": False})
        return datetime.fromtimestamp(claims["exp"], UTC)
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def _member(body: bytes, name: str) -> object:
    """What a JSON object holds by this name; None when it is not there or the body is no such thing."""
    try:
        return json.loads(body)[name]
    except (ValueError, KeyError, TypeError):
        return None


def _unusable(what: str, then: str) -> KeyUnusable:
    return KeyUnusable(f"The private key {what}. Nothing was sent. {then}.")


def _mark(salt: bytes, kind: str, secret: SecretStr) -> str:
    return hashlib.scrypt(f"{kind} {secret.get_secret_value()}".encode(), salt=salt, n=2**14, r=8, p=1, dklen=16).hex()
