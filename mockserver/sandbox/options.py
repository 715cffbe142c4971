"""What a sandbox is made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

BUNDLES = ("standard", "scaling")


@dataclass(frozen=True)
class Options:
    """What a sandbox is made from; the flags of `python -m mockserver`.

    What is None is taken from the state file; a fresh state begins with 3,000 companies by seed 7 at
    2026-10-01T09:00:00Z, as "standard".

    Raises
    ------
    ValueError
        One of them is nothing that a sandbox can be made from.

    Examples
    --------
    >>> Options(companies=500, bundle="scaling").companies
    500
    """

    companies: int | None = None
    seed: int | None = None
    now: datetime | None = None
    bundle: str | None = None
    state: Path | None = None
    no_limits: bool = False

    def __post_init__(self) -> None:
        if wrong := "; ".join(self._wrong()):
            raise ValueError(f"{wrong}. Nothing was started.")

    def _wrong(self) -> Iterator[str]:
        for name, least in (("companies", 1), ("seed", None)):
            value = getattr(self, name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int) or (least is not None and value < least):
                yield f"{name}={value!r} is not a whole number{f' of {least} or more' if least else ''}"
        if self.now is not None and (not isinstance(self.now, datetime) or self.now.tzinfo is None):
            yield f"now={self.now!r} is not a datetime with a time zone"
        if self.bundle not in (None, *BUNDLES):
            yield f"bundle={self.bundle!r} is neither {' nor '.join(map(repr, BUNDLES))}"
        if not isinstance(self.no_limits, bool):
            yield f"no_limits={self.no_limits!r} is neither True nor False"
