"""The files a started server leaves for scripts: the private key of its user, and where to find everything."""

from __future__ import annotations

import json
import os
from pathlib import Path

from mockserver.private import write_private


def key_file(state: Path | None, folder: Path) -> Path:
    """Where the private key goes: beside the state, so that both live equally long, else into `folder`."""
    return folder / "private_key.pem" if state is None else state.with_name(f"{state.name}.key.pem")


def write_ready(file: Path, *, base_url: str, credentials: dict[str, str], private_key_file: Path | None) -> None:
    """Says in one file where the server listens and who may log in."""
    content = {
        "base_url": base_url,
        "username": credentials.get("username"),
        "password": credentials.get("password"),
        "client_id": credentials.get("client_id"),
        "private_key_file": None if private_key_file is None else str(private_key_file.absolute()),
        "pid": os.getpid(),
    }
    write_private(file, json.dumps(content, indent=2).encode(), b"\n")
