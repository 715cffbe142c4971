"""A column and a record: what a frame promises, whatever the reply held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

import polars as pl

from zianalytics.errors import RequestRefused


@dataclass(frozen=True)
class Column:
    """One column of a frame or table."""

    name: str
    dtype: pl.DataType | type[pl.DataType]
    doc: str
    unit: str | None = None


@dataclass(frozen=True)
class Record:
    """The columns of one kind of record, in order, and which of them come without asking.

    Attributes
    ----------
    name
        Singular noun: "company", "contact", "intent signal".
    columns
        All columns that the service documents for it.
    default
        The names that `fields=None` stands for; empty when there is nothing to choose.
    minimal
        The names that `fields="minimal"` stands for: enough to know whom one holds.
    firmographics
        The names that `fields="firmographics"` stands for: what kind of company it is; empty when the record has none.
    key
        The columns that tell two records apart.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    default: tuple[str, ...] = ()
    minimal: tuple[str, ...] = ()
    firmographics: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __hash__(self) -> int:
        return hash(self.name)  # what is made of a record is looked up by it, and all its dtypes take long to hash

    @property
    def plural(self) -> str:
        """Its name for several: "company locations", "technologies in use"."""
        noun, within, where = self.name.partition(" in ")
        return f"{noun.removesuffix('y')}ies{within}{where}" if noun.endswith("y") else f"{noun}s{within}{where}"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def schema(self) -> pl.Schema:
        """The polars schema of all columns."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    def pick(self, fields: str | Sequence[str] | None) -> tuple[Column, ...]:
        """The columns that `fields` asks for, in the record's own order; the key is always among them.

        Parameters
        ----------
        fields
            None for the default, "all", "minimal", "firmographics" (of companies and contacts), or names of columns
            and these words, as a list or with commas between them; a name with a minus in front is left out:
            ["all", "-engagements"].

        Raises
        ------
        RequestRefused
            A name is not a column of this record; the message has the nearest ones.
        """
        given = (fields or "default").split(",") if fields is None or isinstance(fields, str) else fields
        words = [str(word).strip() for word in given]
        presets = {"all": self.names, "minimal": self.minimal or self.names, "default": self.default or self.names}
        presets |= {"firmographics": self.firmographics} if self.firmographics else {}
        if unknown := [word for word in words if word not in presets and word.removeprefix("-") not in self.names]:
            raise RequestRefused(_no_such_column(self, unknown))
        chosen = set(presets["default"]) if words and words[0].startswith("-") else set[str]()
        for word in words:
            chosen = chosen - {word[1:]} if word.startswith("-") else chosen.union(presets.get(word, (word,)))
        chosen.update(self.key)
        return tuple(column for column in self.columns if column.name in chosen)


def _no_such_column(record: Record, unknown: Sequence[str]) -> str:
    hints = []
    for name in unknown:
        near = get_close_matches(name, record.names, n=3, cutoff=0.5)
        hints.append(f"{name!r} (did you mean {', '.join(near)}?)" if near else repr(name))
    presets = (
        '"default", "minimal", "firmographics" or "all"' if record.firmographics else '"default", "minimal" or "all"'
    )
    return (
        f"No such {record.name} field: {'; '.join(hints)}. Nothing was sent. "
        f"Use names of the {record.name} columns, {presets}."
    )
