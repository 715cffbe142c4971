"""Things that the tests of the mock need: a collection file, and a line to a server without a client in between."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
