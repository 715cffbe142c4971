from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from zianalytics.journal import Journal
from zianalytics.receiver import Desk, WebhookTokens

TOKEN = "the-right-token"


@pytest.fixture
def body() -> Callable[..., bytes]:
    """A delivery about companies."""

    def body(*records: dict[str, Any], object_type: str = "Company", **more: Any) -> bytes:
        details = {"id": "7", "title": "Changes", "objectType": object_type, "eventType": "Update"}
        return json.dumps({"webhookDetails": details, "data": list(records), **more}).encode()

    return body


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "account") as journal:
        yield journal


@pytest.fixture
def desk(journal: Journal) -> Desk:
    tokens = WebhookTokens(journal.folder)
    tokens.learn(7, SecretStr(TOKEN))
    return Desk(journal, tokens)
