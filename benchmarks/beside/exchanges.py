"""One list of exchanges, and the same as a Postman collection, as an OpenAPI document and as bytes to send."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Exchange:
    """A recorded request and its answer; `template` is the path as it is saved, where that has variables."""

    method: str
    path: str
    answer: str
    body: str | None = None
    template: str | None = None
    token: str = "abc"  # noqa: S105 (nobody is signed in by it)

    def raw(self, port: int, number: int | None = None) -> bytes:
        """What a client sends, the headers of a usual one with it; some number their requests."""
        body = (self.body or "").encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        lines += ["User-Agent: measuring/1", "Accept: application/json", f"Authorization: Bearer {self.token}"]
        if number is not None:
            lines.append(f"X-Request-Id: {number}")
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body


def answer(number: int, size: int = 300) -> str:
    """A JSON answer of so many bytes."""
    told = {"id": number, "name": f"Company {number}", "city": "Ulm", "tags": ["a", "b"], "note": ""}
    return json.dumps(told | {"note": "x" * max(0, size - len(json.dumps(told)))})


def reads(paths: int) -> list[Exchange]:
    """A GET for each of so many paths."""
    return [Exchange("GET", f"/companies/{number}/summary", answer(number)) for number in range(paths)]


def posts(paths: int, bodies: int) -> list[Exchange]:
    """POSTs to so many paths, each with so many bodies that alone tell the answers apart."""
    return [
        Exchange(
            "POST",
            f"/search{path}/companies",
            answer(path * bodies + body),
            json.dumps({"country": "Germany", "industry": ["software", "retail"], "page": body, "rpp": 25}),
        )
        for path in range(paths)
        for body in range(bodies)
    ]


def wild(paths: int, bodies: int) -> list[Exchange]:
    """The same with a variable in each path, whose value in the request is not the recorded one."""
    return [
        Exchange(one.method, f"{one.path}/7/lists/9", one.answer, one.body, f"{one.path}/:id/lists/{{{{list}}}}")
        for one in posts(paths, bodies)
    ]


def collection(exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """A Postman collection with one saved example an exchange."""
    return {
        "info": {
            "name": "measured",
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "item": [_item(number, one) for number, one in enumerate(exchanges)],
    }


def _item(number: int, one: Exchange) -> dict[str, Any]:
    kind = [{"key": "Content-Type", "value": "application/json"}]
    request: dict[str, Any] = {"method": one.method, "header": kind if one.body else []}
    request["url"] = {"raw": "{{base}}" + (one.template or one.path), "host": ["{{base}}"]}
    request["url"]["path"] = (one.template or one.path).strip("/").split("/")
    if one.body is not None:
        request["body"] = {"mode": "raw", "raw": one.body, "options": {"raw": {"language": "json"}}}
    saved = {"name": f"answer {number}", "originalRequest": request, "status": "OK", "code": 200}
    saved |= {"_postman_previewlanguage": "json", "header": kind, "body": one.answer}
    return {"name": f"{one.method} {one.path}", "request": request, "response": [saved]}


def openapi(exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """An OpenAPI document with the first answer of each method and path as its example."""
    paths: dict[str, dict[str, Any]] = {}
    for one in exchanges:
        said = {"type": "object", "properties": {"page": {"type": "integer"}}}
        told = json.loads(one.answer)
        # One of the two reads the example of the schema, the other that of the answer.
        answered = {"schema": {"type": "object", "example": told}, "example": told}
        operation: dict[str, Any] = {
            "responses": {"200": {"description": "OK", "content": {"application/json": answered}}}
        }
        if one.body is not None:
            operation["requestBody"] = {"content": {"application/json": {"schema": said}}}
        paths.setdefault(one.path, {}).setdefault(one.method.lower(), operation)
    return {"openapi": "3.0.3", "info": {"title": "measured", "version": "1"}, "paths": paths}
