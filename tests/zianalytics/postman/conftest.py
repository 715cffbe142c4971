from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zianalytics.postman import cell_of, saved_request

Made = Callable[..., Path]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A collection with these items, and with these variables."""

    def made(*items: dict[str, Any], variable: list[dict[str, Any]] | None = None) -> Path:
        file = tmp_path / "mine.postman_collection.json"
        file.write_text(json.dumps({"info": {"name": "Mine"}, "variable": variable or [], "item": list(items)}))
        return file

    return made


def posted(name: str, path: str, body: Any, method: str = "POST") -> dict[str, Any]:
    """An item whose body is JSON, or a text as it stands."""
    raw = body if isinstance(body, str) else json.dumps(body)
    url = {"raw": f"{{{{baseUrl}}}}{path}", "host": ["{{baseUrl}}"], "path": path.strip("/").split("/")}
    return {"name": name, "request": {"method": method, "url": url, "body": {"mode": "raw", "raw": raw}}}


@pytest.fixture
def cell(made: Made) -> Callable[..., str]:
    """The cell for a request to this path with this body."""

    def cell(path: str, body: Any, method: str = "POST", **kwargs: Any) -> str:
        return cell_of(saved_request(made(posted("Asked", path, body, method), **kwargs), "Asked"))

    return cell
