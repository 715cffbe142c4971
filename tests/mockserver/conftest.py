"""Things that the tests of the mock need: collections, and a line to a server without a client in between."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import strategies as st

WriteCollection = Callable[..., Path]
V21 = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


@pytest.fixture
def write_collection(tmp_path: Path) -> WriteCollection:
    """Writes a collection of these items and gives its file."""

    def write(*items: Any, name: str = "orders", schema: str = V21, **more: Any) -> Path:
        file = tmp_path / f"{name}.json"
        document = {"info": {"name": name, "schema": schema}, "item": list(items), **more}
        file.write_text(json.dumps(document), encoding="utf-8")
        return file

    return write


@pytest.fixture
def exchange() -> Callable[[int, bytes], bytes]:
    """Sends bytes to a port of this machine and gives all that comes back until the other side closes."""

    def exchange(port: int, sent: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            line.sendall(sent)
            received = b""
            while chunk := line.recv(65536):
                received += chunk
            return received

    return exchange


@pytest.fixture
def outcome(pytester: pytest.Pytester) -> Callable[..., pytest.RunResult]:
    """Runs tests, given as text, in a process of its own; everything that warns is an error there."""
    others = " ".join(f"-p no:{name}" for name in ("anyio", "hypothesispytest", "nbval", "schemathesis"))
    pytester.makeini(f"[pytest]\naddopts = {others} -p no:cacheprovider -W error --strict-markers --strict-config\n")

    def outcome(tests: str, *flags: str) -> pytest.RunResult:
        folder = pytester.path / "tests"
        folder.mkdir(exist_ok=True)
        (folder / "test_theirs.py").write_text(tests, encoding="utf-8")
        return pytester.runpytest_subprocess(*flags)

    return outcome


@dataclass(frozen=True)
class Saved:
    """An example as it was saved: what comes back, and the request that asks for it."""

    name: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    sent: bytes
    media_type: str
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes


@dataclass(frozen=True)
class Drawn:
    """A collection, and what was saved in it, in the order of the file."""

    document: dict[str, Any]
    saved: tuple[Saved, ...]


BASE = "https://api.example.com/v1"
BOUNDARY = "a-line-between"
LETTERS = st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="/\\?#{}:&=%+.\"'")
WORDS = st.text(LETTERS, min_size=1, max_size=5)
SENTENCES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
PAIRS = st.lists(st.tuples(WORDS, SENTENCES), max_size=3).map(tuple)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | SENTENCES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


def listed(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
    """Pairs as Postman lists them, with one among them that is switched off."""
    return [*({"key": key, "value": value} for key, value in pairs), {"key": "off", "value": "x", "disabled": True}]


@st.composite
def urls(draw: st.DrawFn, path: tuple[str, ...], query: tuple[tuple[str, str], ...]) -> Any:
    """An address in the manner of one maker or another."""
    host = draw(st.sampled_from(["{{baseUrl}}", BASE, "{{proto}}://{{host}}/v1"]))
    path = tuple(quote(segment) for segment in path) if draw(st.booleans()) else path
    joined = "/".join(path)
    search = "&".join(f"{quote_plus(key)}={quote_plus(value)}" for key, value in query)
    text = f"{host}/{joined}{'?' if query else ''}{search}{draw(st.sampled_from(['', '#part']))}"
    return draw(
        st.sampled_from(
            [
                text,
                {"raw": text},
                {"raw": text, "host": [host], "path": [*path], "query": listed(query)},
                {"host": host, "path": joined, "query": listed(query)},
            ]
        )
    )


@st.composite
def bodies(draw: st.DrawFn) -> tuple[Any, bytes, str]:
    """A recorded body, and the bytes and media type that a client sends for it."""
    mode = draw(st.sampled_from(["none", "raw", "json", "urlencoded", "formdata", "graphql"]))
    if mode == "none":
        return draw(st.sampled_from([None, {}, {"mode": "raw", "raw": ""}])), b"", ""
    if mode == "raw":
        text = f"<{draw(SENTENCES)}>"
        return {"mode": "raw", "raw": text}, text.encode(), "application/xml"
    if mode == "json":
        value = draw(VALUES)
        note = draw(st.sampled_from(["", "// a note\n", "/* a note */ "]))
        text = json.dumps(value, ensure_ascii=draw(st.booleans()))
        return {"mode": "raw", "raw": note + text}, json.dumps(value).encode(), "application/json"
    if mode == "graphql":
        query, variables = f"query {{ {draw(SENTENCES)} }}", draw(st.dictionaries(WORDS, VALUES, max_size=2))
        saved = {"query": query, "variables": json.dumps(variables)}
        return (
            {"mode": mode, mode: saved},
            json.dumps({"query": query, "variables": variables}).encode(),
            "application/json",
        )
    pairs = draw(PAIRS.filter(bool))
    if mode == "urlencoded":
        return {"mode": mode, mode: listed(pairs)}, urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    parts = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in pairs
    )
    return (
        {"mode": mode, mode: listed(pairs)},
        f"{parts}--{BOUNDARY}--\r\n".encode(),
        f"multipart/form-data; boundary={BOUNDARY}",
    )


@st.composite
def items(draw: st.DrawFn, position: int) -> tuple[dict[str, Any], Saved]:
    """An item with one saved answer."""
    path = tuple(draw(st.lists(WORDS, min_size=1, max_size=3)))
    query = draw(PAIRS)
    method = draw(st.sampled_from(["GET", "post", "PUT", "PURGE", "COPY", "X-OWN"]))
    body, sent, media_type = draw(bodies())
    status = draw(st.integers(200, 599).filter(lambda status: status not in (204, 304)))
    names = st.sampled_from(["X-One", "X-Two", "Set-Cookie", "Location"])
    headers = tuple(draw(st.lists(st.tuples(names, st.text("abc;=/ ", max_size=6).map(str.strip)), max_size=3)))
    content = draw(st.just("") | VALUES.map(json.dumps) | SENTENCES.map("<a>{}</a>".format))
    name = f"{position} {draw(WORDS)}"
    request = {"method": method, "url": draw(urls(path, query)), "header": draw(st.sampled_from([None, [], ""]))}
    request |= {} if body is None else {"body": body}
    saved = {"id": f"id-{position}", "name": name, "code": status, "header": listed(headers), "body": content}
    of_its_own = {**saved, "originalRequest": request}
    item: dict[str, Any] = draw(
        st.sampled_from(
            [
                {"request": request, "response": [saved]},
                {"request": {"method": "GET", "url": "/elsewhere"}, "response": [of_its_own]},
                {"name": "named", "request": None, "response": [None, of_its_own]},
            ]
        )
    )
    asked = f"/v1/{'/'.join(path)}"
    return item, Saved(name, method.upper(), asked, query, sent, media_type, status, headers, content.encode())


@st.composite
def folded(draw: st.DrawFn, plain: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same items in the same order, some of them inside folders."""
    if len(plain) < 2 or not draw(st.booleans()):
        return plain
    at = draw(st.integers(1, len(plain)))
    inner = draw(folded(plain[:at])) if at < len(plain) else plain
    return [{"name": draw(WORDS), "item": inner}, *draw(folded(plain[at:]))]


@st.composite
def drawn_collections(draw: st.DrawFn) -> Drawn:
    """A collection of some examples, each item in a manner of its own."""
    made = draw(st.permutations([draw(items(position)) for position in range(draw(st.integers(1, 5)))]))
    variables = {"baseUrl": "{{proto}}://{{host}}/v1", "proto": "https", "host": "api.example.com"}
    document = {
        "info": {"name": "drawn", "schema": V21},
        "item": draw(folded([item for item, _ in made])),
        "variable": [{"key": key, "value": value} for key, value in variables.items()],
    }
    return Drawn(document, tuple(saved for _, saved in made))


@pytest.fixture(scope="session")
def collections() -> st.SearchStrategy[Drawn]:
    """Draws collections of which it is known what was saved in them: `data.draw(collections)`."""
    return drawn_collections()
