"""The answers of the examples, ready to be sent: each with the reason why it is this one."""

from __future__ import annotations

from mockserver.message import Response
from mockserver.replay.match import Match
from mockserver.replay.matched import explained

# Reasons hold counts, so that an example may have many in the course of time; so many are kept ready.
_READY = 16


class Answers:
    """Answers of all examples, by their position; made when they are first asked for, and kept."""

    def __init__(self, count: int) -> None:
        self._ready: list[dict[str, Response]] = [{} for _ in range(count)]

    def of(self, match: Match) -> Response:
        """The answer of an example that was chosen for this reason."""
        ready = self._ready[match.route.positions[match.number]]
        response = ready.get(match.why)
        if response is None:
            example = match.route.examples[match.number]
            response = explained(example.response, example.place, match.why)
            if len(ready) < _READY:
                ready[match.why] = response
        return response
