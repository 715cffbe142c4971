"""What to say when no example fits: the nearest ones, and what differs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import SequenceMatcher

from mockserver.message import Request, Response
from mockserver.postman.example import Example
from mockserver.replay.index import Candidate
from mockserver.replay.match import selectors

NEAREST = 3
# Likeness takes time with the square of the length, and a path may have sixty thousand characters.
COMPARED = 200


def explained(request: Request, examples: Sequence[Example], candidates: Sequence[Candidate]) -> Response:
    """A 404 as JSON that names the nearest examples."""
    if candidates:
        wanted = ", ".join(f"{name}: {value}" for name, value in selectors(request.headers).items())
        problem = f"{len(candidates)} saved example(s) of this method and path, none with {wanted}"
        nearest = [candidate.example for candidate in candidates[:NEAREST]]
    else:
        problem = "no saved example of this method and path"
        nearest = sorted(examples, key=lambda example: _likeness(example, request), reverse=True)[:NEAREST]
    body = {
        "error": f"{request.method} {request.path}: {problem}",
        "nearest": [_told(example, request) for example in nearest],
    }
    headers = (("Content-Type", "application/json"),)
    return Response(404, headers, json.dumps(body, indent=2).encode())


def _path(example: Example) -> str:
    return "/" + "/".join(segment.text for segment in example.path)


def _likeness(example: Example, request: Request) -> float:
    same_method = 0.25 if example.method == request.method else 0.0
    return SequenceMatcher(None, _path(example)[:COMPARED], request.path[:COMPARED]).ratio() + same_method


def _told(example: Example, request: Request) -> dict[str, object]:
    path = _path(example)
    differs = [
        f"{what}: {recorded} recorded, {asked} asked"
        for what, recorded, asked in (("method", example.method, request.method), ("path", path, request.path))
        if recorded != asked
    ]
    return {
        "example": example.place,
        "name": example.name,
        "code": example.status,
        "ids": sorted(example.ids),
        "request": f"{example.method} {path}",
        "differs": differs or ["name, code or id"],
    }
