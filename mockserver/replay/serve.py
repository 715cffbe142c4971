"""A replay: collections in, answers out; no socket, and no state but what was asked last."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Any

from mockserver.message import Request, Response
from mockserver.postman import Collection, Example, Fault, Unanswered, read_files
from mockserver.replay.filling.answers import Answers
from mockserver.replay.filling.dynamic import unknown
from mockserver.replay.filling.invented import Invented
from mockserver.replay.incoming import Incoming
from mockserver.replay.matched import NOTHING, matched
from mockserver.replay.matching.index import Index
from mockserver.replay.matching.known import Known
from mockserver.replay.matching.match import Match, best
from mockserver.replay.matching.selection import selection
from mockserver.replay.misses.miss import missed
from mockserver.replay.misses.near import Near
from mockserver.replay.misses.seen import Seen
from mockserver.replay.misses.silent import Silent

_LOG = logging.getLogger(__name__)
METHODS = "methods of this path"


class Replay:
    """Answers every request with the saved example that fits best; refuses nothing that was recorded.

    Parameters
    ----------
    collections
        The collections to serve together; of equal fits the earlier collection answers.
    seed
        Of the values that `{{$guid}}` and its like stand for: the same seed, collections and requests, in the same
        order, give the same answers, times aside.
    clock
        The seconds since 1970 that `{{$timestamp}}` tells.

    Examples
    --------
    >>> replay = Replay.read([Path("orders.postman_collection.json")])  # doctest: +SKIP
    >>> replay.answer(Request("GET", "/orders/7")).status  # doctest: +SKIP
    200
    """

    def __init__(
        self, collections: Iterable[Collection], *, seed: int = 7, clock: Callable[[], float] = time.time
    ) -> None:
        self.collections = tuple(collections)
        self.examples: tuple[Example, ...] = tuple(
            example for collection in self.collections for example in collection.examples
        )
        self.faults: tuple[Fault, ...] = (
            *(fault for collection in self.collections for fault in collection.faults),
            *(fault for example in self.examples for fault in _of_unknown_variables(example)),
        )
        self.unanswered: tuple[Unanswered, ...] = tuple(
            request for collection in self.collections for request in collection.unanswered
        )
        self._clock = clock
        self._index = Index(self.examples)
        self._answers = Answers(self.examples, Invented(seed, clock).draw)
        self._known = Known()
        self._seen = Seen()

    @classmethod
    def read(cls, files: Iterable[Path], *, seed: int = 7) -> Replay:
        """A replay of collection files, with the environments and globals among them.

        Raises
        ------
        CollectionUnusable
            One of the files is neither, or none is a collection; the message names it.
        """
        return cls(read_files(files), seed=seed)

    def anew(self, *, seed: int = 7) -> Replay:
        """A replay of the same examples that was asked nothing yet; at once, however many there are.

        What never changes is shared, so that both may answer at the same time.
        """
        fresh = copy(self)
        fresh._answers = self._answers.drawing(Invented(seed, self._clock).draw)
        fresh._known = Known()
        fresh._seen = Seen()
        return fresh

    def answer(self, request: Request) -> Response:
        """The recorded answer, or a 404 that names the nearest examples."""
        match = self._known.of(request)
        if match is not None:
            return self._answered(match, request)
        incoming = Incoming(request.body, request.headers)
        selected = selection(request.headers, incoming)
        match = best(self._index, request, incoming, selected)
        if match is not None:
            self._known.keep(request, match)
            return self._answered(match, request)
        if request.method == "OPTIONS" and (allowed := self._methods(request.path)):
            self._seen.hit(request, None, METHODS)
            return Response(204, (("Allow", ", ".join(allowed)), matched(NOTHING, METHODS)))
        miss = missed(self._index, self._near, self._silent, request, incoming, selected)
        self._seen.miss(request, miss)
        _LOG.warning("no example for %s %.200r; nearest: %s", request.method, request.path, miss.words)
        return miss.response()

    def find(self, request: Request, incoming: Incoming) -> Match | None:
        """Which example answers and why, or None; nothing is noted, as if nobody had asked.

        Parameters
        ----------
        request
            What is asked.
        incoming
            Its body, which may be shared by requests that have the same one.
        """
        return best(self._index, request, incoming, selection(request.headers, incoming))

    def _answered(self, match: Match, request: Request) -> Response:
        self._seen.hit(request, match.route.examples[match.number], match.why)
        return self._answers.of(match, request)

    def requests(self) -> list[dict[str, Any]]:
        """The last hundred requests, the latest one last: which example answered and why, or what kept it from it."""
        return self._seen.listed()

    @cached_property
    def _near(self) -> Near:
        return Near(self._index.routes)

    @cached_property
    def _silent(self) -> Silent:
        return Silent(self.unanswered)

    def _methods(self, path: str) -> list[str]:
        """The methods that were recorded for this path, and those that follow from them."""
        methods = [method for method in self._index.methods if next(self._index.fitting(method, path), None)]
        more = ["HEAD"] if "GET" in methods and "HEAD" not in methods else []
        return [*methods, *more, "OPTIONS"] if methods else []


def _of_unknown_variables(example: Example) -> Iterator[Fault]:
    for field, name in unknown(example):
        problem = f"{{{{{name[:40]}}}}} is no dynamic variable that is known; sent as it stands"
        yield Fault(example.file, example.place, f"response.{field}", problem)
