"""Replies as one frame with a promised schema: each value exact or null, and each loss named.

polars' own JSON reader is not used: it turns a lone surrogate into another character, a scalar into a list of one and
1.50 into 1.5 without a word, and refuses a whole column for one odd value (docs/decisions/0001-exact-or-null.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat

import msgspec
import polars as pl

from zianalytics.api.enterprise import Entry, entries, layout
from zianalytics.api.spec import Operation
from zianalytics.errors import ValuesLost, warn
from zianalytics.frames.nested import Findings, Found
from zianalytics.frames.plain import read_records
from zianalytics.inert import visible
from zianalytics.memory import undisturbed

AT_A_TIME = 50
"""Replies that are read together: fewer take longer, more take memory."""

_SHOWN = 200
_NAMED = 3
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u([dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_MAYBE_LONE = re.compile(rb"\\u[dD][89a-fA-F]")
_LOST = pl.Schema({"reply": pl.Int64(), "row": pl.Int64(), "column": pl.String(), "value": pl.String()})


@dataclass(frozen=True)
class Served:
    """What one row of a reply is about: the facts that a charge follows from.

    Attributes
    ----------
    input_row
        Index of the input in its request; None in searches.
    status
        What became of that input; None in searches.
    is_record
        Whether a record came back.
    record_id
        Its id as text; None when there is none or it cannot be read.
    about
        Likewise the id of what is charged, where the record says that beside its own id: a signal, its company.
    echo
        The input as the service says it back.
    """

    input_row: int | None
    status: str | None
    is_record: bool
    record_id: str | None
    about: str | None = None
    echo: msgspec.Raw | None = None


@dataclass(frozen=True)
class Decoded:
    """What replies say, and what of them could not be read.

    Attributes
    ----------
    frame
        `reply` (index of the body), `input_row` (index of the input in its request; null in searches), `match_status`
        (likewise), the columns of the record, and `extra` (unknown fields as JSON; null when there are none).
    lost
        One row per value that was there and is null in `frame`: `reply`, `row` (among the rows of that reply), `column`
        (with its path inside lists and structs) and `value` (the JSON as received, shortened).
    """

    frame: pl.DataFrame
    lost: pl.DataFrame

    def warn(self, operation: Operation[...]) -> None:
        """Give one `ValuesLost` warning for all values that were lost, if there are any; it has `lost` as an attribute.

        The text names records and columns; values, which may be about people, are in the attribute alone.
        """
        if self.lost.is_empty():
            return
        key = operation.record.key[0]
        ids = self.frame.select("reply", pl.int_range(pl.len()).over("reply").alias("row"), key)
        named = self.lost.join(ids, on=["reply", "row"], how="left", maintain_order="left")
        first = [f"{column} of {key} {record}" for column, record in named.select("column", key).head(_NAMED).rows()]
        more = f", and {named.height - _NAMED:,} more" if named.height > _NAMED else ""
        message = (
            f"{operation.name}: {named.height:,} of the values received could not be read and are null here: "
            f"{visible(', '.join(first))}{more}. Nothing else is missing, and the bytes as received are in the journal."
        )
        warn(ValuesLost(message, lost=self.lost))


def decode(
    operation: Operation[...],
    bodies: Sequence[bytes],
    about: Sequence[int | None] = (),
    *,
    input_row: int | None = None,
    columns: Collection[str] | None = None,
) -> Decoded:
    """The records of some replies to one operation, in their order; always the same columns and dtypes.

    Parameters
    ----------
    operation
        Whose replies they are.
    bodies
        The bodies as received.
    about
        For each body, the id that its one input named, for columns that an answer leaves out; () where there are none.
    input_row
        The input of each request whose rows are wanted; None for those of all.
    columns
        The columns of the record that are wanted, its key among them; None for all.

    Raises
    ------
    AnswerUnreadable
        A body is not JSON, or not of the documented shape.
    """
    parts = [
        _decoded(operation, bodies[at : at + AT_A_TIME], about[at : at + AT_A_TIME], at, input_row, columns)
        for at in range(0, max(len(bodies), 1), AT_A_TIME)
    ]
    if len(parts) == 1:
        return parts[0]
    return Decoded(pl.concat([one.frame for one in parts]), pl.concat([one.lost for one in parts]))


@undisturbed()
def _decoded(
    operation: Operation[...],
    bodies: Sequence[bytes],
    about: Sequence[int | None],
    first: int,
    input_row: int | None,
    columns: Collection[str] | None,
) -> Decoded:
    """Some of the replies; what is made of them on the way has gone before the next are read."""
    mark = _unused(bodies)
    findings = Findings(mark)
    rows: list[tuple[int, int, Entry]] = []
    for reply, body in enumerate(bodies, first):
        found = [one for one in entries(operation, _unicode(body, mark)) if input_row in (None, one.input_row)]
        rows += [(reply, row, entry) for row, entry in enumerate(found)]
    found = [entry for _, _, entry in rows]
    readings = layout(operation.record)
    records = [None if one.record is None else bytes(one.record) for one in found]
    read = read_records(readings, records, findings, only=columns)
    if about:
        named = [None if one.record is None else about[reply - first] for reply, _, one in rows]
        asked = pl.Series(named, dtype=pl.Int64)
        left_out = [one.name for one in readings if one.form == "question" and one.name in read]
        read |= {name: read[name].fill_null(asked) for name in left_out}
    for row, entry in enumerate(found):
        findings.unknown += [Found(row, name, bytes(raw)) for name, raw in entry.beside.items()]
        if entry.unread is not None:
            findings.lost.append(Found(row, "match_status", bytes(entry.unread)))
    frame = pl.DataFrame(
        {
            "reply": pl.Series([reply for reply, _, _ in rows], dtype=pl.Int64),
            "input_row": pl.Series([one.input_row for one in found], dtype=pl.Int64),
            "match_status": pl.Series([one.status for one in found], dtype=pl.String),
            **read,
            "extra": _extra(len(rows), findings),
        }
    )
    lost = [
        (rows[one.row][0], rows[one.row][1], one.path, _shown(one.raw, mark))
        for one in sorted(findings.lost, key=lambda one: one.row)
    ]
    return Decoded(frame, pl.DataFrame(lost, schema=_LOST, orient="row"))


def served(operation: Operation[...], body: bytes) -> list[Served]:
    """Which records a reply holds, and for which inputs; a fraction of the work of `decode`.

    Raises
    ------
    AnswerUnreadable
        The body is not JSON, or not of the documented shape.
    """
    mark = _unused([body])
    found = entries(operation, _unicode(body, mark))
    key, about = operation.record.key[0], f"{operation.cost.entity}_id"
    readings = tuple(one for one in layout(operation.record) if one.name in (key, about))
    records = [None if one.record is None else bytes(one.record) for one in found]
    found_ids = read_records(readings, records, Findings(mark), are_all=False)
    read = {name: ids.cast(pl.String) for name, ids in found_ids.items()}
    others: Iterable[str | None] = read[about] if about in read else repeat(None, len(found))
    return [
        Served(one.input_row, one.status, one.record is not None, record_id, other, one.echo)
        for one, record_id, other in zip(found, read[key], others, strict=True)
    ]


def read_columns(operation: Operation[...], body: bytes, names: Collection[str]) -> dict[str, pl.Series]:
    """Some columns of the records of a reply, one value per row of it; a fraction of the work of `decode`.

    Raises
    ------
    AnswerUnreadable
        The body is not JSON, or not of the documented shape.
    """
    mark = _unused([body])
    records = [None if one.record is None else bytes(one.record) for one in entries(operation, _unicode(body, mark))]
    readings = tuple(one for one in layout(operation.record) if one.name in names)
    return read_records(readings, records, Findings(mark), are_all=False)


def _extra(height: int, findings: Findings) -> pl.Series:
    """Unknown fields as one JSON object per row; what is no Unicode is spelt out there, and counts as lost."""
    rows: dict[int, dict[str, bytes]] = {}
    for one in findings.unknown:
        path, raw = one.path, one.raw
        if findings.mark and findings.mark in path.encode() + raw:
            findings.lost.append(Found(one.row, f"extra.{path}", raw))
            path, raw = path.replace(findings.mark.decode(), "\\u"), raw.replace(findings.mark, b"\\\\u")
        found = rows.setdefault(one.row, {})
        while path in found:  # a key may look like the path of another
            path += "'"
        found[path] = raw
    texts = {
        row: "{" + ",".join(f"{json.dumps(path)}:{raw.decode()}" for path, raw in found.items()) + "}"
        for row, found in rows.items()
    }
    return pl.Series([texts.get(row) for row in range(height)], dtype=pl.String)


def _unused(bodies: Sequence[bytes]) -> bytes | None:
    """A text that no body holds, to mark what is no Unicode; None when all of it is."""
    if not any(_MAYBE_LONE.search(body) or not _is_utf8(body) for body in bodies):
        return None
    number = 0
    while any(b"not-unicode-%d-" % number in body for body in bodies):
        number += 1
    return b"not-unicode-%d-" % number


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


# docs/assumptions.md, "a lone surrogate, or a byte that is no UTF-8"
def _unicode(body: bytes, mark: bytes | None) -> bytes:
    """The body with the mark in front of each lone surrogate and each byte that is not UTF-8."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    if mark is None:
        return body
    if not _is_utf8(body):
        text = body.decode("utf-8", "surrogateescape")
        body = re.sub("[\udc80-\udcff]", lambda odd: f"{mark.decode()}{ord(odd[0]):04x}", text).encode()
    return _ESCAPE.sub(lambda one: mark + one[1] if one[1] else one[0], body)


def _shown(raw: bytes, mark: bytes | None) -> str:
    text = (raw.replace(mark, b"\\u") if mark else raw).decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
