"""A large collection that others made, as real input; its path comes from the environment, it is no part of this."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver import Replay, serve

FILE = os.environ.get("ZOOMINFO_PUBLIC_COLLECTION")

pytestmark = pytest.mark.skipif(FILE is None, reason="ZOOMINFO_PUBLIC_COLLECTION names no file")


def saved_answers(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield from saved_answers(item.get("item", []))
        yield from item.get("response", [])


def test_every_saved_answer_comes_back_as_recorded() -> None:
    assert FILE is not None
    by_request: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for saved in saved_answers(json.loads(Path(FILE).read_bytes())["item"]):
        asked = saved["originalRequest"]
        body = (asked.get("body") or {}).get("raw", "")
        by_request[asked["method"], asked["url"]["raw"].removeprefix("{{baseUrl}}"), body].append(saved)
    replay = Replay.read([Path(FILE)])
    assert replay.faults == ()

    wrong, held = [], 0
    with serve(replay) as mock, httpx.Client(base_url=mock.base_url) as client:
        for (method, path, body), answers in by_request.items():

            def comes_back(saved: dict[str, Any], selectors: dict[str, str]) -> bool:
                sent = {"Content-Type": "application/json", **selectors}
                answer = client.request(method, path, content=body.encode(), headers=sent)  # noqa: B023
                return (answer.status_code, answer.content) == (saved["code"], (saved["body"] or "").encode())

            first = next((saved for saved in answers if saved["code"] // 100 == 2), answers[0])
            checks: list[tuple[dict[str, Any], dict[str, str]]] = [(first, {})]
            for saved in answers[1:] if len(answers) > 1 else ():
                checks += [
                    (saved, {"x-mock-response-name": saved["name"]}),
                    (saved, {"x-mock-response-code": str(saved["code"])}),
                    (saved, {"x-mock-response-id": saved["id"]}),
                ]
            held += len(checks)
            wrong += [f"{method} {path} {saved['name']} {how}" for saved, how in checks if not comes_back(saved, how)]

    assert not wrong, "\n".join(wrong)
    assert len(replay.examples) == sum(map(len, by_request.values())) >= 100
    assert held >= len(replay.examples)
