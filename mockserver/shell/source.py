"""What can be served, as users name it: collection files, or something that answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from mockserver.replay import Replay
from mockserver.shell.answering import Answering

Files: TypeAlias = str | Path | Sequence[str | Path]
Source: TypeAlias = Files | Answering


def answering(source: Source, seed: int | None = None) -> Answering:
    """What answers: a replay of the files, or the source itself.

    `seed` is that of the values which files leave open; None is the usual one.

    Raises
    ------
    CollectionUnusable
        A file is not there, or is no collection.
    TypeError
        The source is neither; or a seed is given beside something that was made with one.
    """
    files = [source] if isinstance(source, str | Path) else source
    if isinstance(files, Sequence):
        if files and all(isinstance(file, str | Path) for file in files):
            paths = [Path(file) for file in files]
            return Replay.read(paths) if seed is None else Replay.read(paths, seed=seed)
    elif callable(getattr(files, "answer", None)):
        if seed is None:
            return files
        raise TypeError(
            f"seed= is of files, and a {type(files).__name__} was made with its own. Nothing is served. "
            "Give it where that is made, as in Replay.read(files, seed=8)."
        )
    kind = type(source).__name__
    given = f"An empty {kind}" if isinstance(source, Sequence) and not source else kind
    raise TypeError(
        f"{given} cannot be served. Nothing is served. "
        "Give the path of a Postman collection, a list of them, a Replay or a Sandbox."
    )
