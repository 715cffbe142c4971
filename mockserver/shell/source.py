"""What can be served, as users name it: collection files, or something that answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from mockserver.replay import Replay
from mockserver.shell.served import Answering

Files: TypeAlias = str | Path | Sequence[str | Path]
Source: TypeAlias = Files | Answering


def answering(source: Source) -> Answering:
    """What answers: a replay of the files, or the source itself.

    Raises
    ------
    CollectionUnusable
        A file is not there, or is no collection.
    TypeError
        The source is neither.
    """
    if isinstance(source, str | Path):
        return Replay.read([Path(source)])
    if isinstance(source, Sequence):
        if source and all(isinstance(file, str | Path) for file in source):
            return Replay.read([Path(file) for file in source])
    elif callable(getattr(source, "answer", None)):
        return source
    raise TypeError(
        f"{type(source).__name__} cannot be served. Nothing is served. "
        "Give the path of a Postman collection, a list of them, a Replay or a Sandbox."
    )
