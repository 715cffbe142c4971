"""One input of a call, as a question: what it asks with, and when two ask the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from zianalytics.client.inputs.namesakes import unspelt


@dataclass(frozen=True)
class Question:
    """One input of an enrichment.

    Attributes
    ----------
    row
        Its place among the inputs.
    says
        What it asks with, by our names: {"company_id": 7}.
    id
        The id of the record, when the input is one.
    label
        The input in words, for the quote.
    criteria
        What the call asks beside its inputs.
    """

    row: int
    says: Mapping[str, Any]
    id: int | None
    label: str
    criteria: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """The same for all inputs that ask the same, however it is spelt."""
        return json.dumps({**unspelt(self.says), **self.criteria}, sort_keys=True, ensure_ascii=True, default=str)

    @property
    def by(self) -> str:
        """What it names, and what the call asks beside: "company_website", "city+company_name"."""
        return "+".join(sorted({**self.says, **self.criteria}))
