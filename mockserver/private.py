"""Files that this user alone can read, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_private(file: Path, *parts: bytes) -> None:
    """Write a file of these parts, in the place of one that may be there."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # opened with mode 0600
    try:
        with os.fdopen(descriptor, "wb") as draft:
            draft.writelines(parts)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
