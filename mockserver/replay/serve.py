"""A replay: collections in, answers out; no socket, no state."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from mockserver.message import Request, Response
from mockserver.postman import Collection, Example, Fault, read_files
from mockserver.replay.index import Index
from mockserver.replay.match import best
from mockserver.replay.miss import explained

_LOG = logging.getLogger(__name__)


class Replay:
    """Answers every request with the saved example that fits best; refuses nothing that was recorded.

    Parameters
    ----------
    collections
        The collections to serve together; of equal fits the earlier collection answers.

    Examples
    --------
    >>> replay = Replay.read([Path("orders.postman_collection.json")])  # doctest: +SKIP
    >>> replay.answer(Request("GET", "/orders/7")).status  # doctest: +SKIP
    200
    """

    def __init__(self, collections: Iterable[Collection]) -> None:
        self.collections = tuple(collections)
        self.examples: tuple[Example, ...] = tuple(
            example for collection in self.collections for example in collection.examples
        )
        self.faults: tuple[Fault, ...] = tuple(fault for collection in self.collections for fault in collection.faults)
        self._index = Index(self.examples)

    @classmethod
    def read(cls, files: Iterable[Path]) -> Replay:
        """A replay of collection files, with the environments and globals among them.

        Raises
        ------
        CollectionUnusable
            One of the files is neither, or none is a collection; the message names it.
        """
        return cls(read_files(files))

    def answer(self, request: Request) -> Response:
        """The recorded answer, or a 404 that names the nearest examples."""
        candidates = list(self._index.candidates(request.method, request.path))
        example = best(candidates, request)
        if example is not None:
            return example.response
        _LOG.warning("no example for %s %.200r", request.method, request.path)
        return explained(request, self.examples, candidates)
