from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def results() -> Callable[..., bytes]:
    """Makes the body of an enrichment, of what it says to each input."""

    def body(*results: dict[str, Any]) -> bytes:
        return json.dumps({"success": True, "data": {"outputFields": [], "result": list(results)}}).encode()

    return body
