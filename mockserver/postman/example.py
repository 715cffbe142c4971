"""The values a collection is read into: one `Example` per saved response, one `Fault` per thing that was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from mockserver.message import Response


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a path between slashes, decoded.

    `is_open` says that the whole segment came from a variable (`:id`, `{{id}}`): its text is the value that was
    recorded, if any, yet it may stand for any other. A text that still holds `{{name}}` is open in that place. `name`
    is that of the variable of an open segment.
    """

    text: str
    is_open: bool = False
    name: str = ""


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
class Auth:
    """How a request signs in, and what this adds to it; its repr shows no value.

    `kind` is Postman's word ("bearer", "apikey"), `place` where it was set: the request's own or what it inherits.
    What is worked out anew for each request (digests, signatures) stands as an open variable.
    """

    kind: str
    place: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Example:
    """One saved response, with the request that it answers.

    `base_length` counts the leading segments of `path` that came out of the host (`{{baseUrl}}` with a path in it).
    `status` is the recorded one; `response.status` differs from it where the recorded one cannot be sent.

    `headers` are those of the recorded request, in its order, without what `auth` adds; both may hold secrets: name
    them, never show their values. `trail` are the names of folders, request and example, and `position` counts the
    examples of a file from 0, `item` the requests that hold them. `is_dynamic` says that variables are left open in the
    answer, in its body or headers.
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
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    auth: Auth | None = None
    collection: str = ""
    trail: tuple[str, ...] = ()
    position: int = 0
    item: int = 0
    is_dynamic: bool = False

    @property
    def sent_headers(self) -> tuple[tuple[str, str], ...]:
        """The headers of the recorded request with those that its authorization adds; they may hold secrets."""
        return self.headers if self.auth is None else (*self.headers, *self.auth.headers)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A request for which no answer was saved; `path` is None where its address cannot be read."""

    file: Path
    place: str
    method: str
    path: tuple[Segment, ...] | None = None
    base_length: int = 0
    query: tuple[tuple[str, str], ...] = ()


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
class Ignored:
    """Something in a collection that is never carried out.

    `kind` is "prerequest", "test" or another event of a script, "certificate" or "protocolProfileBehavior"; `lines` are
    those of a script that are not blank.
    """

    file: Path
    place: str
    kind: str
    lines: int


@dataclass(frozen=True, slots=True)
class Collection:
    """A file read whole: its name, its examples in the order of the file, its faults, what of it is ignored, and the
    requests that have no example.
    """

    file: Path
    name: str
    examples: tuple[Example, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[Ignored, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
