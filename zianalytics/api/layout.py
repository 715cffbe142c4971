"""Where a column stands in a record on the wire, and how it is written there: what a dialect tells the decoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

LEVEL, ABOVE = "level()", "above()"
"""Where a node of a tree has its level, the topmost being 1, and the key of the node above it."""


@dataclass(frozen=True)
class Reading:
    """How one column, or one field inside it, is read.

    Attributes
    ----------
    name
        Name of the column or field.
    at
        The keys that lead to it from the record, or from the object around it.
    dtype
        What it becomes.
    scale
        What a number on the wire is multiplied by.
    form
        "value" as is; "json" keeps whatever stands there as JSON text; "entries" is an object whose keys are data: it
        becomes a list with the key first and the value second; "tree" is a list of objects with such lists inside them:
        it becomes one list, each object behind the one around it, with its level and the key of that one; "question" is
        left out by an answer, and is the id that the question has named.
    inside
        The fields of a struct, or of the structs in a list.
    left_out
        Documented keys of the object that are no column: they are not kept.
    branches
        Of a tree: the key of the list inside each object.
    """

    name: str
    at: tuple[str, ...]
    dtype: pl.DataType
    scale: int = 1
    form: Literal["value", "json", "entries", "tree", "question"] = "value"
    inside: tuple[Reading, ...] = ()
    left_out: frozenset[str] = frozenset()
    branches: str = ""
