"""What the authorization of a collection, a folder or a request adds to the requests under it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.postman.example import Auth
from mockserver.postman.variables import PLACEHOLDER, Variables, defined

NONE = "noauth"
Added = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Source:
    """An authorization as it stands in the file, and the place that set it."""

    definition: Mapping[str, Any]
    place: str


def nearest(node: Mapping[str, Any], place: str, inherited: Source | None) -> Source | None:
    """The node's own authorization, or the inherited one where it has none.

    docs/assumptions.md, "`null` as authorization": that is as good as none.
    """
    own = node.get("auth")
    return Source(own, place) if isinstance(own, dict) and isinstance(own.get("type"), str) else inherited


def read_auth(source: Source | None, variables: Variables) -> Auth | None:
    """What the authorization adds to a request; None for none, and for `noauth`, which ends what is inherited.

    Raises
    ------
    ValueError
        Its variables, written out, pass the bounds.
    """
    if source is None or source.definition["type"] == NONE:
        return None
    kind: str = source.definition["type"]
    # A list of key and value in v2.1, an object in v2.0.
    settings = {name: variables.fill(value) for name, value in defined(source.definition.get(kind)).items()}
    headers, query = _KINDS.get(kind, _signed)(settings)
    return Auth(kind, source.place, headers, query)


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
