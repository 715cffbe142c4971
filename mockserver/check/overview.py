"""How much there is in a collection and in each of its folders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mockserver.postman.example import Collection, Example


@dataclass(frozen=True, slots=True)
class Share:
    """Examples in one place: of how many requests they are, with which methods and statuses."""

    requests: int
    examples: int
    methods: Mapping[str, int]
    statuses: Mapping[int, int]

    @classmethod
    def of(cls, examples: Iterable[Example]) -> Share:
        """What these examples come to."""
        held = list(examples)
        return cls(
            len({(each.file, each.item) for each in held}),
            len(held),
            dict(Counter(each.method for each in held)),
            dict(sorted(Counter(each.status for each in held).items())),
        )

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "requests": self.requests,
            "examples": self.examples,
            "methods": dict(self.methods),
            "statuses": {str(status): count for status, count in self.statuses.items()},
        }


@dataclass(frozen=True, slots=True)
class Overview:
    """A collection: all of it, and what lies directly in each folder, told by its names from the top."""

    file: Path
    name: str
    all: Share
    folders: Mapping[tuple[str, ...], Share]

    @classmethod
    def of(cls, collection: Collection) -> Overview:
        """What the collection comes to."""
        by_folder: dict[tuple[str, ...], list[Example]] = {}
        for example in collection.examples:
            by_folder.setdefault(example.trail[:-2], []).append(example)
        folders = {folder: Share.of(held) for folder, held in by_folder.items()}
        return cls(collection.file, collection.name, Share.of(collection.examples), folders)

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        folders = [{"folder": list(folder), **share.told()} for folder, share in self.folders.items()]
        return {"file": str(self.file), "name": self.name, **self.all.told(), "folders": folders}
