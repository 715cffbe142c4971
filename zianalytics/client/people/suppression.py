"""Nobody who is suppressed is asked for, paid for or shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from zianalytics.api.spec import Operation
from zianalytics.client.inputs.read import Inputs
from zianalytics.clock import ServerClock
from zianalytics.journal import People, Person, plain_email

_HASHES = ("md5", "sha1", "sha256", "sha512")
_ID, _EMAILS = "contact_id", ("email", "emails", "supplemental_email")
TOLD_BY = frozenset((_ID, *_EMAILS))
"""The columns that say whom a row is about."""


class Suppression:
    """What the suppressions of an account mean for inputs, answers and frames."""

    def __init__(self, people: People, clock: ServerClock) -> None:
        self._people, self._clock = people, clock

    def withhold(self, operation: Operation[...], inputs: Inputs) -> Inputs:
        """The inputs without the questions about people who are suppressed; they are neither sent nor paid."""
        if _ID not in operation.record.names:
            return inputs
        keys = self._people.keys()
        hashes = _hashed(keys) if any("hashed_email" in one.says for one in inputs.questions) else frozenset()
        rows = frozenset(one.row for one in inputs.questions if _is_among(one.says, keys, hashes))
        said = {one.row: _addresses(one.says) for one in inputs.questions}
        erased = self._people.marked(text for texts in said.values() for text in texts)
        rows |= {row for row, texts in said.items() if texts & erased}
        if not rows:
            return inputs
        return replace(inputs, questions=tuple(q for q in inputs.questions if q.row not in rows), opted_out=rows)

    def hide(self, operation: Operation[...], answers: pl.DataFrame) -> pl.DataFrame:
        """The answers, with nothing of people who turn out to be suppressed but their `match_status`.

        Their ids and addresses must be among the columns, as far as the record has them (`TOLD_BY`).
        Who was found by an address is remembered by their id, too.
        """
        is_theirs = self._is_suppressed(answers)
        if is_theirs is None or not is_theirs.any():
            return answers
        self.learn([Person(contact_id=one) for one in answers.filter(is_theirs)[_ID].drop_nulls()])
        columns = [name for name in (*operation.record.names, "extra") if name in answers.columns]
        return answers.with_columns(
            pl.when(is_theirs).then(pl.lit("opted_out")).otherwise("match_status").alias("match_status"),
            *(pl.when(~is_theirs).then(name).alias(name) for name in columns),
        )

    def without(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame without the rows of people who are suppressed, and without those people in lists of people."""
        keys = self._people.keys()
        is_theirs = self._is_suppressed(frame)
        kept = frame if is_theirs is None else frame.filter(~is_theirs)
        ids = [key for key in keys if isinstance(key, int)]
        listed = [name for name, dtype in kept.schema.items() if _lists_people(dtype)] if ids else []
        return kept.with_columns(_without(name, ids) for name in listed)

    def learn(self, people: Iterable[Person]) -> None:
        """Remember people who have opted out, as the service says."""
        named = [one for one in people if one.keys]
        self._people.suppress(named, reason="the service says that they have opted out", at=self._clock.now())

    def learn_from(self, inputs: Inputs, rows: Iterable[int]) -> None:
        """Remember the people whom the service has answered to have opted out, as far as the inputs name them."""
        says = {one.row: one.says for one in inputs.questions}
        self.learn(Person(says[row].get(_ID), says[row].get("email")) for row in rows if row in says)

    def _is_suppressed(self, frame: pl.DataFrame) -> pl.Series | None:
        """Which rows are about people who are suppressed; None when the frame names nobody."""
        keys = self._people.keys()
        ids = pl.Series([key for key in keys if isinstance(key, int)], dtype=pl.Int64)
        erased = self._people.marked(_addresses_in(frame))
        emails = pl.Series([*(key for key in keys if isinstance(key, str)), *erased], dtype=pl.String)
        tests = [
            pl.col(name).cast(pl.Int64, strict=False).is_in(ids.implode())
            for name, dtype in frame.schema.items()
            if name.removesuffix("_zi") == _ID and not dtype.is_nested()
        ]
        for name, dtype in frame.schema.items():
            if name.removesuffix("_zi") in _EMAILS and dtype == pl.String():
                tests.append(pl.col(name).str.strip_chars().str.to_lowercase().is_in(emails.implode()))
            elif name.removesuffix("_zi") in _EMAILS and dtype == pl.List(pl.String()):
                lower = pl.col(name).list.eval(pl.element().str.to_lowercase())
                tests.append(lower.list.set_intersection(pl.lit(emails.to_list(), pl.List(pl.String))).list.len() > 0)
        if not tests:
            return None
        return frame.select(pl.any_horizontal(test.fill_null(value=False) for test in tests).alias("theirs"))["theirs"]


# docs/assumptions.md, "who is suppressed"
def _is_among(says: Mapping[str, Any], keys: frozenset[int | str], hashes: frozenset[str]) -> bool:
    hashed = str(says.get("hashed_email", "")).strip().lower()
    return says.get(_ID) in keys or plain_email(says.get("email")) in keys or hashed in hashes


def _addresses(says: Mapping[str, Any]) -> set[str]:
    """The addresses that an input names, plain or hashed, as they are compared."""
    return {one for name in ("email", "hashed_email") if (one := plain_email(str(says.get(name) or "")))}


def digests_of(address: str) -> set[str]:
    """The digests under which the service knows an address."""
    return {hashlib.new(kind, address.encode(), usedforsecurity=False).hexdigest() for kind in _HASHES}


def _addresses_in(frame: pl.DataFrame) -> Iterator[str]:
    for name, dtype in frame.schema.items():
        if name.removesuffix("_zi") in _EMAILS and dtype in (pl.String(), pl.List(pl.String())):
            texts = frame[name].explode() if isinstance(dtype, pl.List) else frame[name]
            yield from texts.drop_nulls().str.strip_chars().str.to_lowercase().unique()


def _hashed(keys: Iterable[int | str]) -> frozenset[str]:
    return frozenset(one for key in keys if isinstance(key, str) for one in digests_of(key))


def _lists_people(dtype: pl.DataType) -> bool:
    inner = dtype.inner if isinstance(dtype, pl.List) else None
    return isinstance(inner, pl.Struct) and _ID in [one.name for one in inner.fields]


def _without(name: str, ids: list[int]) -> pl.Expr:
    return pl.col(name).list.filter(~pl.element().struct.field(_ID).is_in(ids).fill_null(value=False)).alias(name)
