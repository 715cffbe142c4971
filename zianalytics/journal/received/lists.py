"""Answers to look-ups, one file each beside the journal: a cache, which may be deleted or damaged at no cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from zianalytics.errors import StoreUnusable
from zianalytics.journal.disk import private_folder, write_whole

_VERSION = 1


class HeldList(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a look-up as it was received; or that an operation was answered, or refused, with an empty body.

    Attributes
    ----------
    name
        Whose answer it is: "lookup.countries".
    asked
        What the request asked beside its path.
    received
        When it came, by the service's time.
    body
        What came.
    digest
        SHA-256 of the body, in hexadecimal.
    """

    name: str
    asked: dict[str, str]
    received: datetime
    body: str
    digest: str
    version: int = _VERSION


class HeldLists:
    """The look-ups of one account; shared by its processes, each file written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str, asked: dict[str, str]) -> HeldList | None:
        """The newest answer; None when there is none, or none that can be relied on."""
        held = _read(self._place(name, asked))
        return held if held and (held.name, held.asked) == (name, asked) else None

    def keep(self, name: str, asked: dict[str, str], *, received: datetime, body: bytes) -> None:
        """Keep an answer in the place of the one before; where that fails it is asked again another time."""
        text = body.decode("utf-8", "replace")
        digest = sha256(text.encode()).hexdigest()
        held = HeldList(name=name, asked=asked, received=received, body=text, digest=digest)
        with suppress(OSError, StoreUnusable):
            private_folder(self._folder)
            write_whole(self._place(name, asked), msgspec.json.encode(held))

    def all(self) -> Iterator[HeldList]:
        """All that can be relied on, by name."""
        for path in sorted(self._folder.glob("*.json")):
            if held := _read(path):
                yield held

    def _place(self, name: str, asked: dict[str, str]) -> Path:
        beside = sha256(msgspec.json.encode(asked, order="sorted")).hexdigest()[:12]
        return self._folder / f"{name}{f'-{beside}' if asked else ''}.json"


def _read(path: Path) -> HeldList | None:
    try:
        held = msgspec.json.decode(path.read_bytes(), type=HeldList)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    is_sound = held.version == _VERSION and held.digest == sha256(held.body.encode()).hexdigest()
    return held if is_sound and held.received.tzinfo else None
