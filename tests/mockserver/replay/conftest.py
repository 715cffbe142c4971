"""A replay written in a few words: each line a request and what was saved for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver import Replay


@pytest.fixture
def replay_of(write_collection: Callable[..., Path]) -> Callable[..., Replay]:
    """A replay of (request line, answer) pairs: `("GET /orders?page=1", {"name": ..., "body": ...})`."""

    def replay_of(*saved: tuple[str, dict[str, Any]], **more: Any) -> Replay:
        items = []
        for line, answer in saved:
            method, url = line.split(" ", 1)
            request = {"method": method, "url": url, "body": answer.get("asked")}
            items.append({"name": line, "request": request, "response": [answer]})
        return Replay.read([write_collection(*items, **more)])

    return replay_of
