"""What the user gave to an enrichment or a match, as questions that can be asked, and the answers laid beside it.

A frame keeps its columns; ids, names and dicts get columns, too, so that every row of the result says what was asked.
Names here are ours (`company_id`, `company_website`); how they are written on the wire is the business of `api/`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from zianalytics.api.foreign import plain
from zianalytics.api.kinds import DAYS, IDS, KINDS, NUMBERS, NUMERALS, Kind
from zianalytics.api.spec import Operation
from zianalytics.client.inputs.given import as_id, as_numeral, given_frame
from zianalytics.client.inputs.question import Question
from zianalytics.client.inputs.weblog import address_of, is_internal
from zianalytics.errors import RequestRefused, ResultsCut, warn

_ROW = "input_row"
EMPTY = "it is empty"
"""Why an input without any value cannot be asked."""


@dataclass(frozen=True)
class Inputs:
    """The inputs of a call, in order.

    Attributes
    ----------
    given
        What the user gave, one row per input.
    questions
        What can be asked, one per usable input.
    unusable
        Why the other inputs cannot be asked, by their row; they are not sent and cost nothing.
    opted_out
        Rows about people who are suppressed; they are not sent, either.
    """

    given: pl.DataFrame
    questions: tuple[Question, ...]
    unusable: Mapping[int, str]
    opted_out: frozenset[int] = frozenset()

    # docs/assumptions.md, "order of results"
    def lay_out(
        self, operation: Operation[...], answers: pl.DataFrame, fields: str | Sequence[str] | None
    ) -> pl.DataFrame:
        """The result for the user: what was given, and what was answered.

        Parameters
        ----------
        operation
            What was asked.
        answers
            `input_row` (among these inputs), `match_status`, the columns of the record and `extra`.
        fields
            Which columns of the record the user wants.

        Returns
        -------
        polars.DataFrame
            Of an operation on records: the given columns, match_status, the chosen columns and extra, one row per input
            in order; a name that the user had already gets `_zi`. Of one that answers lists: input_row, match_status,
            the chosen columns and extra, in the order of the inputs. An input without an answer has nulls.
        """
        chosen = ["match_status", *(column.name for column in operation.record.pick(fields)), "extra"]
        rows = pl.DataFrame({_ROW: pl.int_range(self.given.height, eager=True)})
        found = answers.select(_ROW, *chosen).with_columns(
            pl.col("match_status").fill_null("error").alias("match_status")
        )
        # Most often each input has its answer, in their order: then no copy is made of all of them.
        result = found if found[_ROW].equals(rows[_ROW]) else self._laid_beside(rows, found, operation)
        if operation.long:
            return result
        return pl.concat([self.given, result.drop(_ROW).rename(apart(chosen, self.given.columns))], how="horizontal")

    def _laid_beside(self, rows: pl.DataFrame, found: pl.DataFrame, operation: Operation[...]) -> pl.DataFrame:
        """What was found for each of the rows, which have no answer yet, or several, or stand in another order."""
        if not operation.long:
            found = found.pipe(_first_of_each, operation)
        status = (
            pl.when(pl.col(_ROW).is_in(list(self.unusable)))
            .then(pl.lit("invalid_input"))
            .when(pl.col(_ROW).is_in(list(self.opted_out)))
            .then(pl.lit("opted_out"))
            .otherwise(pl.lit("error"))
        )
        return rows.join(found, on=_ROW, how="left", maintain_order="left_right").with_columns(
            pl.coalesce("match_status", status)
        )


def read_inputs(
    operation: Operation[...], of: Any, criteria: Mapping[str, Any] | None = None, *, call: str = ""
) -> Inputs:
    """The inputs that `of` holds.

    Parameters
    ----------
    operation
        What they are for.
    of
        A frame with columns that the operation understands, ids, texts, or dicts; of IP addresses also the Path of a
        web server's log. Inputs that were read are what they are.
    criteria
        What the call asks beside its inputs.
    call
        What the user called, for refusals; "" for the operation itself.

    Raises
    ------
    RequestRefused
        It is none of these, holds nothing that can be asked with, or a key that is not understood.
    """
    if isinstance(of, Inputs):
        return of
    kind, call = KINDS[operation.record.name], call or operation.name
    given = given_frame(call, kind, of)
    known = [name for name in kind.names if name in given.columns]
    questions, unusable = [], {}
    for row, values in enumerate(given.select(known).iter_rows(named=True)):
        says = _says(kind, values)
        if isinstance(says, str):
            unusable[row] = says
        else:
            number = says.get(kind.key) if kind.key in IDS else None
            questions.append(Question(row, says, number, _label(says), criteria or {}))
    if unusable and not questions:
        row, why = next(iter(unusable.items()))
        raise RequestRefused(
            f"{call}: no input can be asked; input {row}: {why}. Nothing was sent. Give {kind.advice}."
        )
    return Inputs(_shown(of, given), tuple(questions), unusable)


def read_one(
    operation: Operation[...], named: Mapping[str, Any], criteria: Mapping[str, Any], *, advice: str
) -> Inputs:
    """One input, by what it is named by.

    Parameters
    ----------
    operation
        What it is for.
    named
        Keywords and their values.
    criteria
        What the call asks beside it.
    advice
        What names a record, in words.

    Raises
    ------
    RequestRefused
        That does not name a record.
    """
    kind = KINDS[operation.record.name]
    says = _says(kind, named)
    if isinstance(says, str):
        raise RequestRefused(f"{operation.name}.one: {says}. Nothing was sent. Pass {advice}.")
    question = Question(0, says, says.get(kind.key) if kind.key in IDS else None, _label(says), criteria)
    return Inputs(pl.DataFrame({"input": [question.label]}), (question,), {})


def _shown(of: Any, given: pl.DataFrame) -> pl.DataFrame:
    """What the user sees of the inputs: a list of ids or texts is one column, `input`."""
    if isinstance(of, pl.DataFrame | pl.LazyFrame) or given.width == 0:
        return given
    values = plain(of)
    if isinstance(values, Sequence) and not any(isinstance(one, Mapping) for one in values):
        return given.select(pl.coalesce(pl.all()).alias("input"))
    return given


def _says(kind: Kind, values: Mapping[str, Any]) -> dict[str, Any] | str:
    """What an input asks with, or why it cannot be asked."""
    says: dict[str, Any] = {}
    for name, value in values.items():
        target = kind.names[name]
        if value is None or value != value or not str(value).strip() or target in says:  # NaN
            continue
        asked, why = _value_of(target, name, value)
        if why is None:
            says[target] = asked
        elif target != "ip_address" or target == kind.key:  # a company may be named by something else, too
            return why
    if not any(combination <= says.keys() for combination in kind.combinations):
        return f"it has only {', '.join(says)}" if says else EMPTY
    decisive = next((name for name in kind.decisive if name in says), None)
    if decisive is None:
        return says
    return {name: value for name, value in says.items() if name == decisive or name in kind.decisive[decisive]}


def _value_of(target: str, name: str, value: Any) -> tuple[Any, str | None]:
    """A value as it is asked with, or None and why it cannot be.

    Parameters
    ----------
    target
        What it says of a record.
    name
        The user's name for that.
    """
    if target in NUMBERS:
        number, what = as_id(value), "an id" if target in IDS else "a whole number above 0"
        return number, None if number else f"{name} {value!r} is not {what}"
    if target in DAYS:
        day = _as_day(value)
        return day, None if day else f"{name} {value!r} is not a day (YYYY-MM-DD)"
    if target == "ip_address":
        address = address_of(str(value))
        if address is None:
            return None, f"{value!r} is not an IP address"
        return str(address), f"{value} is an internal address" if is_internal(address) else None
    return as_numeral(value) if target in NUMERALS else str(value).strip(), None


def _as_day(value: Any) -> str | None:
    """A day as the service takes it, of a date, a moment or a text."""
    try:
        day = value if isinstance(value, date) else datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return f"{day:%Y-%m-%d}"


def _label(says: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" if name in IDS else str(value) for name, value in says.items())


def _first_of_each(found: pl.DataFrame, operation: Operation[...]) -> pl.DataFrame:
    """One answer per input; the service promises no more, and if it gives more, that is said."""
    first = found.unique(_ROW, keep="first", maintain_order=True)
    if more := found.height - first.height:
        warn(
            ResultsCut(
                f"{operation.name}: inputs were answered with {more:,} records more than asked for. The first of each "
                "is here; the others are in the journal and in zi.warehouse."
            )
        )
    return first


def apart(names: Sequence[str], taken: Sequence[str]) -> dict[str, str]:
    """New names for those that the user has already."""
    apart: dict[str, str] = {}
    for name in names:
        if name in taken:
            other = f"{name}_zi"
            while other in taken or other in names:
                other += "_zi"
            apart[name] = other
    return apart
