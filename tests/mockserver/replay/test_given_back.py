"""Any collection is given back whole: each example by its own request, those that share one by a selector."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver import Replay, Request, Response


def replay_of(document: dict[str, Any]) -> Replay:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "drawn.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        return Replay.read([file])


def asked(saved: Any, **headers: str) -> Request:
    sent = headers | ({"content-type": saved.media_type} if saved.media_type else {})
    query = tuple((name.replace("+", " "), value.replace("+", " ")) for name, value in saved.query)
    return Request(saved.method, saved.path, query, sent, saved.sent)


def is_of(saved: Any, response: Response) -> bool:
    headers = tuple(header for header in response.headers if header[0] != "X-Mock-Matched")
    return (response.status, headers, response.body) == (saved.status, saved.headers, saved.content)


@settings(max_examples=60)
@given(data=st.data())
def test_every_example_comes_back_whatever_the_order(data: st.DataObject, collections: st.SearchStrategy[Any]) -> None:
    drawn = data.draw(collections)
    shuffled = {**drawn.document, "item": data.draw(st.permutations(drawn.document["item"]))}

    for replay in (replay_of(drawn.document), replay_of(shuffled)):
        for number, saved in enumerate(drawn.saved):
            by_id = replay.answer(asked(saved, **{"x-mock-response-id": replay_id(replay, saved)}))
            assert is_of(saved, by_id), number
            alike = [other for other in drawn.saved if request_of(other) == request_of(saved)]
            response = replay.answer(asked(saved))
            good = [other for other in alike if 200 <= other.status <= 299]
            assert any(is_of(other, response) for other in good or alike)
            told = dict(response.headers)["X-Mock-Matched"]
            assert len(alike) == 1 or told.endswith(f" of {len(alike)})")


def replay_id(replay: Replay, saved: Any) -> str:
    (example,) = (example for example in replay.examples if example.name == saved.name)
    return next(iter(example.ids))


def request_of(saved: Any) -> tuple[object, ...]:
    """What tells a request from another one: JSON by its value, forms by their pairs, the rest as it is sent."""
    sent: object = saved.sent
    if saved.media_type == "application/json":
        sent = json.dumps(json.loads(saved.sent), sort_keys=True)
    elif saved.media_type:
        sent = saved.media_type, tuple(sorted(saved.sent.split(b"&" if "urlencoded" in saved.media_type else b"--")))
    return saved.method, saved.path, tuple(sorted(saved.query)), sent
