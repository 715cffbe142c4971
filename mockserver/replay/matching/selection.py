"""What a client asks of the examples by Postman's own headers, `x-mock-*`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mockserver.replay.incoming import Incoming
from mockserver.replay.matching.marks import bits
from mockserver.replay.matching.route import Route

CODE, ID, NAME = "x-mock-response-code", "x-mock-response-id", "x-mock-response-name"
BODY, HEADERS = "x-mock-match-request-body", "x-mock-match-request-headers"
SELECTORS = frozenset({CODE, ID, NAME, BODY, HEADERS})
# How each of them is told in `X-Mock-Matched`.
WORDS = {
    CODE: "selected by code",
    ID: "selected by id",
    NAME: "selected by name",
    BODY: "selected by body",
    HEADERS: "selected by headers",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """The selectors of one request, and what they are held against.

    `wanted` has the selectors that were sent, blank ones aside; `headers` are all headers of the request.
    """

    wanted: Mapping[str, str]
    headers: Mapping[str, str]
    incoming: Incoming

    @property
    def words(self) -> tuple[str, ...]:
        """Why the examples that are left are left."""
        return tuple(WORDS[name] for name in self.wanted)

    def __call__(self, route: Route) -> int:
        """The examples of a route that every selector leaves."""
        left = route.everything
        for selector, value in self.wanted.items():
            left &= self.left_by(selector, value, route)
        return left

    def left_by(self, selector: str, value: str, route: Route) -> int:
        """The examples of a route that one selector leaves."""
        if selector == CODE:
            return bits(route.codes.get(value, ()))
        if selector == ID:
            return bits(route.ids.get(value, ())) | bits(route.ids.get(_without_owner(value), ()))
        if selector == NAME:
            return bits(route.names.get(value, ())) | bits(route.names.get(_as_utf8(value), ()))
        if selector == BODY:
            return route.bodies.equal(self.incoming) | route.bodies.open(self.incoming)
        left = route.everything
        for name in named(value):
            left &= self.with_header(name, route)
        return left

    def with_header(self, name: str, route: Route) -> int:
        """Who was recorded with the value that was sent, or without the header when none was.

        docs/assumptions.md, "a header that is named for matching and absent".
        """
        sent = self.headers.get(name)
        if name not in route.headed:
            return route.everything if sent is None else 0
        everyone, by_value, patterns = route.headed[name]
        if sent is None:
            return route.everything & ~everyone
        found = bits(by_value.get(sent.strip(), ()))
        for mark in patterns.fitting(sent.strip()):
            found |= bits(mark)
        return found


def selection(headers: Mapping[str, str], incoming: Incoming) -> Selection | None:
    """What was asked for by headers, or None for nothing."""
    if SELECTORS.isdisjoint(headers):
        return None
    wanted = {name: value for name in WORDS if (value := headers.get(name, "").strip())}
    if wanted.get(BODY, "true").lower() != "true":
        del wanted[BODY]
    return Selection(wanted, headers, incoming) if wanted else None


def _without_owner(uid: str) -> str:
    """The `id` in a `uid`, `<owner>-<id>`: a file that Postman has exported holds the id alone."""
    owner, _, identity = uid.partition("-")
    return identity if owner.isdecimal() and identity else uid


def named(value: str) -> list[str]:
    """The names of headers in a list with commas."""
    return [name for part in value.split(",") if (name := part.strip().lower())]


def _as_utf8(value: str) -> str:
    """A header value that was sent as UTF-8, though headers are read as Latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
