"""The headers of a request, read when somebody looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


class Headers(Mapping[str, str]):
    """Header lines as a mapping by lower-case name; a name that comes twice has its values joined, as HTTP allows.

    Parameters
    ----------
    lines
        As they came, names in lower case. Decoded when the first value is asked for: many answers need none.
    """

    __slots__ = ("_joined", "_lines")

    def __init__(self, lines: Sequence[tuple[bytes, bytes]]) -> None:
        self._lines = lines
        self._joined: dict[str, str] | None = None

    def __getitem__(self, name: str) -> str:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a header, or the default."""
        return self._read().get(name, default)

    def _read(self) -> dict[str, str]:
        if self._joined is None:
            self._joined = {}
            for line in self._lines:
                name, value = line[0].decode("latin-1"), line[1].decode("latin-1")
                self._joined[name] = f"{self._joined[name]}, {value}" if name in self._joined else value
        return self._joined
