"""The values a collection is read into: one `Example` per saved response, one `Fault` per thing that was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from mockserver.message import Response


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a path between slashes, decoded.

    `is_open` says that the whole segment came from a variable (`:id`, `{{id}}`): its text is the value that was
    recorded, if any, yet it may stand for any other. A text that still holds `{{name}}` is open in that place.
    """

    text: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """A recorded request body, kept in the form in which it is compared.

    `value` by kind: "none" and "any" carry nothing ("any" is a file whose content was not recorded), "json" a parsed
    value, "graphql" a pair of query text and variables, "text" a string, "form" and "parts" pairs of name and value
    (None: an uploaded file).
    """

    kind: Literal["none", "any", "json", "graphql", "text", "form", "parts"] = "none"
    value: Any = None


@dataclass(frozen=True, slots=True)
class Example:
    """One saved response, with the request that it answers.

    `base_length` counts the leading segments of `path` that came out of the host (`{{baseUrl}}` with a path in it).
    `status` is the recorded one; `response.status` differs from it where the recorded one cannot be sent.
    """

    file: Path
    place: str
    name: str
    ids: frozenset[str]
    method: str
    path: tuple[Segment, ...]
    base_length: int
    ends_in_slash: bool
    query: tuple[tuple[str, str], ...]
    body: Body
    status: int
    response: Response


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a collection that could not be taken as it stands, and what became of it."""

    file: Path
    place: str
    field: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file.name}: {self.place}: {self.field}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Collection:
    """A file read whole: its name, its examples in the order of the file, and its faults."""

    file: Path
    name: str
    examples: tuple[Example, ...]
    faults: tuple[Fault, ...]
