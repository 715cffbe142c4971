"""What the authorization of a collection, a folder or a request adds to the requests under it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping

from mockserver.postman.example import Auth
from mockserver.postman.variables import PLACEHOLDER, Variables, defined

Added = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]


def read_auth(definition: object, place: str, variables: Variables, inherited: Auth | None) -> Auth | None:
    """What an authorization adds to a request; `noauth` ends what is inherited, and no authorization leaves it.

    docs/assumptions.md, "`null` as authorization": that is as good as none.

    Raises
    ------
    ValueError
        Its variables, written out, pass the bounds.
    """
    if not isinstance(definition, dict) or not isinstance(definition.get("type"), str):
        return inherited
    kind: str = definition["type"]
    if kind == "noauth":
        return None
    # A list of key and value in v2.1, an object in v2.0.
    settings = {name: variables.fill(value) for name, value in defined(definition.get(kind)).items()}
    headers, query = _KINDS.get(kind, _signed)(settings)
    return Auth(kind, place, headers, query)


def _bearer(settings: Mapping[str, str]) -> Added:
    return (("Authorization", f"Bearer {settings.get('token', '')}".strip()),), ()


def _basic(settings: Mapping[str, str]) -> Added:
    pair = f"{settings.get('username', '')}:{settings.get('password', '')}"
    if PLACEHOLDER.search(pair):
        return (("Authorization", "Basic {{basic}}"),), ()
    return (("Authorization", f"Basic {b64encode(pair.encode('utf-8', 'replace')).decode()}"),), ()


def _api_key(settings: Mapping[str, str]) -> Added:
    added = ((settings.get("key", ""), settings.get("value", "")),)
    if not added[0][0]:
        return (), ()
    return ((), added) if settings.get("in") == "query" else (added, ())


def _token(settings: Mapping[str, str]) -> Added:
    """OAuth 2 and JWT: a token that came from elsewhere, in a header or in the query."""
    token = settings.get("accessToken") or "{{token}}"
    if settings.get("addTokenTo") in ("queryParams", "query"):
        return (), ((settings.get("queryParamKey") or "access_token", token),)
    return (("Authorization", f"{settings.get('headerPrefix', 'Bearer').strip()} {token}".strip()),), ()


def _signed(_: Mapping[str, str]) -> Added:
    return (("Authorization", "{{authorization}}"),), ()


_KINDS: Mapping[str, Callable[[Mapping[str, str]], Added]] = {
    "bearer": _bearer,
    "basic": _basic,
    "apikey": _api_key,
    "oauth2": _token,
    "jwt": _token,
}
