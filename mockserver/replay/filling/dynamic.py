"""Answers with variables in them: drawn anew for each request, or taken from it. Nothing is carried out."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from mockserver.message import Response
from mockserver.postman.example import Example
from mockserver.postman.variables import PLACEHOLDER
from mockserver.replay.filling.contextual import Asked, Helper, Json, helper
from mockserver.replay.filling.invented import VARIABLES
from mockserver.replay.matched import PLAIN
from mockserver.replay.matching.route import Route
from mockserver.replay.matching.template import names_in, pieces_of, values_in

_BARE_JSON = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
# An answer with more is sent as it was recorded, and so is what stands for a longer part of a path.
MAX_BYTES, MAX_SLOTS, MAX_ECHO = 1024 * 1024, 10_000, 1_000
Write = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a value goes, and how it is written there so that it changes nothing around it.

    `stood` is what was recorded there, for a variable of the path that has no value: it was asked for as it stands, or
    belongs to a base path that was left out.
    """

    name: str
    stood: str
    write: Write
    helper: Helper | None = None


_Text = tuple[str | _Slot, ...]


@dataclass(frozen=True, slots=True)
class Dynamic:
    """An answer with slots."""

    status: int
    headers: tuple[tuple[str, _Text], ...]
    body: _Text

    @property
    def slots(self) -> int:
        """How many there are."""
        return sum(
            not isinstance(part, str) for text in (self.body, *(text for _, text in self.headers)) for part in text
        )

    def response(self, echoed: Mapping[str, str], draw: Callable[[str], str], asked: Asked) -> Response:
        """The answer to one request; each slot is drawn by itself."""

        def valued(slot: _Slot) -> str:
            if slot.helper is not None:
                found = asked.value(slot.helper)
                return slot.stood if found is None else slot.write(found)
            if slot.name in echoed:
                return slot.write(echoed[slot.name])
            return slot.write(draw(slot.name)) if slot.name in VARIABLES else slot.stood

        def written(text: _Text) -> str:
            return "".join(part if isinstance(part, str) else valued(part) for part in text)

        headers = tuple((name, written(text)) for name, text in self.headers)
        return Response(self.status, headers, written(self.body).encode("utf-8", "replace"))


def dynamic(example: Example) -> Dynamic | None:
    """The answer of an example with its slots, or None when nothing in it changes."""
    response = example.response
    names = path_names(example)
    if len(response.body) > MAX_BYTES or not (example.is_dynamic or _may_echo(response, names)):
        return None
    try:
        body = response.body.decode()
    except UnicodeDecodeError:  # binary, or in another charset: it goes out as it came
        body = None
    write = _writer(response, body or "")
    headers = tuple((name, _slotted(value, names, lambda _: _in_header)) for name, value in response.headers)
    slotted = _slotted(body, names, write) if body is not None else ()
    found = Dynamic(response.status, headers, slotted)
    return found if body is not None and 0 < found.slots <= MAX_SLOTS else None


def _may_echo(response: Response, names: frozenset[str]) -> bool:
    """Whether a `:name` stands anywhere: most answers name nothing of their path, and need no closer look."""
    texts = (response.body, *(value.encode("utf-8", "replace") for _, value in response.headers))
    return any(f":{name}".encode("utf-8", "replace") in text for name in names for text in texts)


def is_made(name: str) -> bool:
    """Whether an answer has a value of its own for a variable of this name: drawn, or taken from the request."""
    return name in VARIABLES or helper(name) is not None


def unknown(example: Example) -> Iterator[tuple[str, str]]:
    """Field and name of each `{{$variable}}` in an answer that Postman has not got."""
    if not example.is_dynamic or len(example.response.body) > MAX_BYTES:
        return
    texts = [("body", example.response.body.decode("utf-8", "replace"))]
    texts += [("header", value) for _, value in example.response.headers]
    for field, text in texts:
        for name in dict.fromkeys(names_in(text)):
            if name.startswith("$") and not is_made(name):
                yield field, name


def path_names(example: Example) -> frozenset[str]:
    """The names of the variables in the path of an example."""
    whole = (segment.name for segment in example.path if segment.is_open and segment.name)
    inside = (name for segment in example.path if not segment.is_open for name in names_in(segment.text))
    return frozenset((*whole, *inside))


def path_values(route: Route, example: Example, asked: Sequence[str]) -> dict[str, str]:
    """What was asked for in the place of each of these variables."""
    values: dict[str, str] = {}
    for segment, text in zip(route.path_of(example), asked, strict=True):
        if len(text) > MAX_ECHO:
            continue
        if segment.is_open:
            values[segment.name] = text
        elif (names := names_in(segment.text)) and segment.text != text:
            values |= dict(zip(names, values_in(pieces_of(segment.text), text) or (), strict=False))
    return values


def _slotted(text: str, names: frozenset[str], write: Callable[[bool], Write]) -> _Text:
    """The text around its slots; `write(inside)` says how a value is written inside and outside of quotation marks."""
    echoes = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    # docs/assumptions.md, "path values in answers".
    named = rf'|(?<=[/"]):(?:{echoes})(?=[/"?#&]|$)' if names else ""
    parts: list[str | _Slot] = []
    start, inside = 0, False
    for hit in re.finditer(rf'\\.|"|{PLACEHOLDER.pattern}{named}', text, re.DOTALL):
        if hit[0] == '"':
            inside = not inside
        if len(hit[0]) == 1 or hit[0][0] == "\\":
            continue
        name = hit[1].strip() if hit[0][0] == "{" else hit[0][1:]
        if name in names or is_made(name):
            parts += [text[start : hit.start()], _Slot(name, hit[0], write(inside), helper(name))]
            start = hit.end()
    return (*parts, text[start:])


def _writer(response: Response, body: str) -> Callable[[bool], Write]:
    """How values are written into this body."""
    media_type = next((value.lower() for name, value in response.headers if name.lower() == "content-type"), "")
    begins = "" if body.lstrip().startswith("{{") else body.lstrip()[:1]  # a variable is no JSON
    if "json" in media_type or (begins in ("{", "[") and not media_type):
        return lambda inside: _in_json_text if inside else _in_json
    if "xml" in media_type or "html" in media_type or (begins == "<" and not media_type):
        return lambda _: html.escape
    return lambda _: str


def _in_json_text(value: str) -> str:
    return json.dumps(value)[1:-1]


def _in_json(value: str) -> str:
    return value if isinstance(value, Json) or _BARE_JSON.fullmatch(value) else json.dumps(value)


def _in_header(value: str) -> str:
    return quote(value, safe=PLAIN, errors="replace")
