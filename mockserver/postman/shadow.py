"""Examples of a later collection that an earlier one hides: the same request, answered by the earlier file."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from mockserver.postman.example import Collection, Example, Segment
from mockserver.postman.variables import PLACEHOLDER


@dataclass(frozen=True, slots=True)
class Shadow:
    """An example that comes back by a selector alone, and the one of an earlier collection that comes in its place."""

    hidden: Example
    by: Example

    def __str__(self) -> str:
        return (
            f"{self.hidden.file.name}: {self.hidden.place}: answered by {self.by.file.name}: {self.by.place},"
            " which has the same request; it comes back by its name, code or id alone"
        )


def shadows(collections: Iterable[Collection]) -> Iterator[Shadow]:
    """Each hidden example with the first that hides it, in the order of the collections.

    Of examples with the same request the first 2xx answers, else the first, so that a later 2xx hides behind an earlier
    2xx alone. Requests are the same where they differ in nothing but the names of open variables.
    """
    earlier: dict[Hashable, list[Example]] = defaultdict(list)
    for collection in collections:
        for example in collection.examples:
            by = next((one for one in earlier[_request(example)] if _answers_before(one, example)), None)
            if by is not None:
                yield Shadow(example, by)
        for example in collection.examples:
            earlier[_request(example)].append(example)


def _answers_before(earlier: Example, later: Example) -> bool:
    # Whoever asks without the base path reaches the one that has it in its host alone.
    asked_alike = later.base_length in (0, earlier.base_length)
    return asked_alike and (_is_fine(earlier) or not _is_fine(later))


def _is_fine(example: Example) -> bool:
    return 200 <= example.status <= 299


def _request(example: Example) -> Hashable:
    query = sorted((_open(name), _open(value)) for name, value in example.query)
    try:
        value = json.dumps(example.body.value, sort_keys=True)
    except RecursionError:  # as deep as a body can be read it cannot always be written; it is like no other then
        value = f"{example.file}: {example.position}"
    return (
        example.method,
        tuple(map(_segment, example.path)),
        example.ends_in_slash,
        tuple(query),
        example.body.kind,
        _open(value),
    )


def _segment(segment: Segment) -> tuple[str, bool]:
    unfilled = segment.is_open and segment.text.startswith((":", "{{"))
    return "" if unfilled else _open(segment.text), segment.is_open


def _open(text: str) -> str:
    return PLACEHOLDER.sub("{{}}", text)
