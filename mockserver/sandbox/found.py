"""What a handler answers, and which records are in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: its JSON body, and the (entity, id) of each record that a meter may count."""

    body: Any
    served: tuple[tuple[str, str], ...] = ()
    status: int = 200
