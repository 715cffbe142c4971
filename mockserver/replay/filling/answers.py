"""The answers of the examples, ready to be sent: each with the reason why it is this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy

from mockserver.message import Request, Response
from mockserver.postman.example import Example
from mockserver.replay.filling.contextual import Asked
from mockserver.replay.filling.dynamic import Dynamic, dynamic, path_values
from mockserver.replay.matched import explained
from mockserver.replay.matching.match import Match
from mockserver.replay.matching.paths import split

# Reasons hold counts, so that an example may have many in the course of time; so many are kept ready.
_READY = 16
# Slots take much more memory than the text that they stand in: those of so many answers are kept, if they are few.
_KEPT, _KEPT_SLOTS = 1_000, 200


class Answers:
    """The answers of all examples by their position; those without variables are made once and kept.

    Parameters
    ----------
    examples
        All there are.
    draw
        Gives a value for a dynamic variable.
    """

    def __init__(self, examples: Sequence[Example], draw: Callable[[str], str]) -> None:
        self._dynamic: dict[int, Dynamic | None] = {}
        self._ready: list[dict[str, Response]] = [{} for _ in examples]
        self._draw = draw

    def drawing(self, draw: Callable[[str], str]) -> Answers:
        """The same answers with other values for the dynamic variables."""
        others = copy(self)
        others._draw = draw
        return others

    def of(self, match: Match, request: Request) -> Response:
        """The answer of an example that was chosen for this reason."""
        position = match.route.positions[match.number]
        ready = self._ready[position]
        response = ready.get(match.why)
        if response is not None:
            return response
        example = match.route.examples[match.number]
        slotted = self._slotted(position, example)
        if slotted is not None:
            echoed = path_values(match.route, example, split(request.path))
            return explained(slotted.response(echoed, self._draw, Asked(request)), example.place, match.why)
        response = explained(example.response, example.place, match.why)
        if len(ready) < _READY:
            ready[match.why] = response
        return response

    def _slotted(self, position: int, example: Example) -> Dynamic | None:
        """The answer with its slots, looked for when it is first asked for."""
        if position in self._dynamic:
            return self._dynamic[position]
        slotted = dynamic(example)
        if slotted is None or (len(self._dynamic) < _KEPT and slotted.slots <= _KEPT_SLOTS):
            self._dynamic[position] = slotted
        return slotted
