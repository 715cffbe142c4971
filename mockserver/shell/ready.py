"""The files a started server leaves for scripts: the private key of its user, and where to find everything."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path


def write_private(file: Path, text: str) -> None:
    """Writes a file that only this user can read, whole or not at all."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # opened with mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as draft:
            draft.write(text)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


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
    write_private(file, json.dumps(content, indent=2) + "\n")
