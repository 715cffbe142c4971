"""The requests that came before, and the examples that answer them: what is asked again needs no search."""

from __future__ import annotations

from mockserver.message import Headers, Request
from mockserver.replay.matching.match import Match

# In bytes: what one request may have beside its headers, what all of them may, and what each takes beside its own.
_LARGEST = 2_048
_ALL = 24 * 1024 * 1024
_EACH = 512
# Nearly all requests of a client have the same header lines; one that numbers its requests in them gains nothing here.
_HEADERS = 64

_Rest = tuple[str, str, tuple[tuple[str, str], ...], bytes]


class Known:
    """What was found for requests that are the same in everything, header lines and body included.

    Large requests are not kept, and where there are too many, all are forgotten: its size is bounded.
    """

    def __init__(self) -> None:
        self._found: dict[Headers, dict[_Rest, Match]] = {}
        self._bytes = 0

    def of(self, request: Request) -> Match | None:
        """What was found for the same request."""
        headers = request.headers
        found = self._found.get(headers) if isinstance(headers, Headers) else None
        return None if found is None else found.get((request.method, request.path, request.query, request.body))

    def keep(self, request: Request, match: Match) -> None:
        """Keep what was found for a request, where its header lines have come before."""
        headers = request.headers
        if not isinstance(headers, Headers):
            return
        found = self._found.get(headers)
        if found is None:
            self._expect(headers)
            return
        size = len(request.path) + len(request.body) + sum(len(name) + len(value) for name, value in request.query)
        if size > _LARGEST:
            return
        self._bytes += size + _EACH
        if self._bytes > _ALL:
            self._found, self._bytes = {headers: {}}, size + _EACH
            found = self._found[headers]
        found[request.method, request.path, request.query, request.body] = match

    def _expect(self, headers: Headers) -> None:
        if len(self._found) >= _HEADERS:
            self._found, self._bytes = {}, 0
        if headers.size <= _LARGEST:
            self._found[headers] = {}
