"""Who asks: a password as JSON or as a form, or an assertion signed with the registered key."""

from __future__ import annotations

import hmac
import json
from urllib.parse import parse_qsl

import jwt

from mockserver.message import Request
from mockserver.sandbox.refusals import INVALID_FIELDS, MALFORMED, NOT_AUTHENTICATED, Refused
from mockserver.state import Account

AUDIENCE = "enterprise_api"
ISSUER = "api-client@zoominfo.com"


def claimed_username(request: Request) -> str:
    """The user name that a login claims, before it is believed.

    Raises
    ------
    Refused
        There is neither a readable body nor an assertion.
    """
    if assertion := _assertion(request):
        try:
            return str(jwt.decode(assertion, options={"verify_signature": False}).get("username", ""))
        except jwt.InvalidTokenError:
            raise Refused(NOT_AUTHENTICATED) from None
    return _fields(request).get("username", "")


def is_believed(request: Request, account: Account) -> bool:
    """Whether the login proves to be the account."""
    if assertion := _assertion(request):
        return _is_signed(assertion, account)
    said = _fields(request)
    return _same(said.get("username", ""), account.username) and _same(said.get("password", ""), account.password)


def bearer(request: Request) -> str | None:
    """The token of the Authorization header, or None."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def _assertion(request: Request) -> str | None:
    """The assertion of a login with a key, which has no body; beside a password a bearer means nothing."""
    return None if request.body else bearer(request)


# docs/assumptions.md, "assertion of a key"
def _is_signed(assertion: str, account: Account) -> bool:
    """Signed RS256 with the registered key, for us, and not expired by the wall clock (the signer's own)."""
    try:
        claims = jwt.decode(
            assertion,
            account.public_key_pem,
            algorithms=["RS256"],
            audience=AUDIENCE,
            issuer=ISSUER,
            leeway=5,
            options={"require": ["exp", "iat", "aud", "iss"]},
        )
    except jwt.InvalidTokenError:
        return False
    return _same(str(claims.get("client_id", "")), account.client_id) and _same(
        str(claims.get("username", "")), account.username
    )


def _fields(request: Request) -> dict[str, str]:
    """What a login says, from a form or from JSON."""
    if request.headers.get("content-type", "").partition(";")[0].strip() == "application/x-www-form-urlencoded":
        try:
            said = dict(parse_qsl(request.body.decode("utf-8"), keep_blank_values=True))
        except UnicodeDecodeError:
            raise Refused(MALFORMED) from None
    else:
        try:
            said = json.loads(request.body)
        except (ValueError, RecursionError):
            raise Refused(MALFORMED) from None
    if not isinstance(said, dict):
        raise Refused(MALFORMED)
    if blamed := [name for name in said if name not in ("username", "password") or not isinstance(said[name], str)]:
        raise Refused(INVALID_FIELDS, blamed)
    return said


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
