"""Values that may be secret, kept so that no repr and no traceback shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr


class Unshown(Mapping[str, Any]):
    """Values by name, of which a repr shows the names: a traceback may print every variable that holds it."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<unshown: {', '.join(self)}>"


def covered(value: str | Path | SecretStr) -> SecretStr:
    """The value as one whose repr shows nothing."""
    return value if isinstance(value, SecretStr) else SecretStr(str(value))


def uncovered(value: object) -> object:
    """The value in the open, for the one who reads it."""
    return value.get_secret_value() if isinstance(value, SecretStr) else value
