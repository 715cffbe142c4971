"""What came back, as a plain value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole reply of the service; its repr shows no content, which may be about people."""

    status: int
    """HTTP status."""
    headers: Mapping[str, str] = field(repr=False)
    """Header names in lower case."""
    body: bytes = field(repr=False)
    """The body as sent, unpacked where it was compressed."""
    received: datetime
    """When it arrived, by the service's clock."""
