"""JSON objects and lists as polars structs and lists, read column by column.

Every level is flattened into one long column per field, read by `scalars.py`, and folded up again, so that a value
inside a list is read as exactly as one outside, and a loss there keeps its path: `tech_attributes[3].first_seen`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import msgspec
import polars as pl

from zianalytics.api.layout import ABOVE, LEVEL, Reading
from zianalytics.frames.scalars import scalar

Raws: TypeAlias = Sequence[bytes | None]
"""One JSON value per row; None where nothing stood."""

_NOTHING = (b"null", b'""')  # docs/assumptions.md, "an empty text"
_NAMELESS = '""'  # an empty key, where it is part of a path
_RAW_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_RAW_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_TIMES = pl.max_horizontal("length", 1)
_MEMBERS = (
    pl.int_range(pl.len()).repeat_by(_TIMES).explode().set_sorted().alias("row"),
    pl.col("length").repeat_by(_TIMES).explode(),
)
_FOLDED = (pl.col("value").slice(0, pl.first("length").fill_null(0)), pl.first("length"))


@dataclass(frozen=True)
class Found:
    """A value that stands out: in which row, under which path, and the JSON as it came."""

    row: int
    path: str
    raw: bytes


@dataclass
class Findings:
    """What reading came across: values that could not be read, and values under unknown names.

    Attributes
    ----------
    mark
        Text that stands for what is no Unicode; a value that holds it cannot be read.
    """

    mark: bytes | None = None
    lost: list[Found] = field(default_factory=list)
    unknown: list[Found] = field(default_factory=list)

    def below(self) -> Findings:
        """Empty findings for a level below."""
        return Findings(self.mark)

    def take(self, inner: Findings, name: str, rows: Sequence[int] | None = None, places: Sequence[int] = ()) -> None:
        """Add what was found a level below: in the field `name`, or in the items of a list that stand at `places`."""
        for mine, theirs in ((self.lost, inner.lost), (self.unknown, inner.unknown)):
            if rows is None:
                mine += [replace(one, path=_joined(name, one.path)) for one in theirs]
            else:
                mine += [Found(rows[one.row], _joined(f"[{places[one.row]}]", one.path), one.raw) for one in theirs]


def read_objects(
    readings: Sequence[Reading],
    raws: Raws,
    findings: Findings,
    left_out: frozenset[str] = frozenset(),
    only: Collection[str] | None = None,
) -> dict[str, pl.Series]:
    """A column for each reading, from one object per row; what has no reading is found as unknown.

    Parameters
    ----------
    only
        The readings that are wanted, by their names; None for all.
    """
    objects = [_opened(raw, row, findings) for row, raw in enumerate(raws)]
    columns = {}
    for one in readings:
        inner, values = findings.below(), _taken(objects, one.at)
        if only is None or one.name in only:
            columns[one.name] = read_values(one, values, inner)
            findings.take(inner, one.name)
    findings.unknown += [
        Found(row, path, raw)
        for row, thing in enumerate(objects)
        if thing and not thing.keys() <= left_out
        for path, raw in _left(thing)
        if path not in left_out
    ]
    return columns


def read_values(reading: Reading, raws: Raws, findings: Findings) -> pl.Series:
    """The column of one reading, from one JSON value per row."""
    present = [None if raw in _NOTHING else raw for raw in raws]
    if present.count(None) == len(present):
        return pl.Series([None] * len(present), dtype=reading.dtype)
    if reading.form == "entries":
        present = [_as_list(reading, raw) for raw in present]
    if reading.form == "tree":
        present = [_felled(reading, raw) for raw in present]
    if isinstance(reading.dtype, pl.List) and reading.form != "json":
        return _lists(reading, reading.dtype, present, findings)
    if isinstance(reading.dtype, pl.Struct):
        return _structs(reading, present, findings)
    raw = pl.Series([None if one is None else one.decode() for one in present], dtype=pl.String)
    column = raw if reading.form == "json" else scalar(raw, reading.dtype, reading.scale)
    if findings.mark and raw.str.contains(findings.mark.decode(), literal=True).any():
        column = column.set(raw.str.contains(findings.mark.decode(), literal=True).fill_null(value=False), None)
    gone = raw.is_not_null() & column.is_null()
    findings.lost += [Found(row, "", present[row] or b"") for row in gone.arg_true()]
    return column


def _structs(reading: Reading, raws: Raws, findings: Findings) -> pl.Series:
    """A struct per row; null where there is no object."""
    inside = pl.DataFrame(read_objects(reading.inside, raws, findings, reading.left_out))
    there = pl.Series([raw is not None and raw.startswith(b"{") for raw in raws], dtype=pl.Boolean)
    return inside.select(pl.when(there).then(pl.struct(pl.all())).alias("struct"))["struct"].cast(reading.dtype)


def _lists(reading: Reading, dtype: pl.List, raws: Raws, findings: Findings) -> pl.Series:
    """A list per row; null where there is no list."""
    rows: list[int] = []
    places: list[int] = []
    items: list[bytes | None] = []
    lengths: list[int | None] = []
    for row, raw in enumerate(raws):
        if raw is None or not raw.startswith(b"["):
            lengths.append(None)
            if raw is not None:
                findings.lost.append(Found(row, "", raw))
            found = []
        else:
            found = _RAW_LIST.decode(raw)
            lengths.append(len(found))
        rows += [row] * max(len(found), 1)
        places += range(max(len(found), 1))
        items += [bytes(one) for one in found] or [None]
    inner = findings.below()
    values = read_values(item_of(reading, dtype), items, inner)
    findings.take(inner, "", rows, places)
    return folded(values, members(lengths), dtype)


def item_of(reading: Reading, dtype: pl.List) -> Reading:
    """How the members of a list are read; their dtype may be said by its class alone."""
    inner = dtype.inner() if isinstance(dtype.inner, type) else dtype.inner
    return Reading("", (), inner, scale=reading.scale, inside=reading.inside, left_out=reading.left_out)


def members(lengths: Sequence[int | None]) -> pl.DataFrame:
    """A row for each member of lists of these lengths, and one for each list without members.

    Parameters
    ----------
    lengths
        None where there is no list.

    Returns
    -------
    polars.DataFrame
        `row`, the place of the list, and its `length`.
    """
    return pl.DataFrame([pl.Series("length", lengths, dtype=pl.Int64)]).select(_MEMBERS)


def folded(values: pl.Series, among: pl.DataFrame, dtype: pl.List) -> pl.Series:
    """The values as one list per row: its own, empty where its length is 0, null where that is null.

    Parameters
    ----------
    values
        One for each row of `members`; what stands for a list without members is passed over.
    """
    flat = pl.DataFrame([*among.get_columns(), values.alias("value")])
    lists = flat.group_by("row", maintain_order=True).agg(*_FOLDED)
    if among["length"].null_count():
        lists = lists.select(pl.when(pl.col("length").is_not_null()).then("value").alias("value"))
    return lists["value"].cast(dtype)


def _opened(raw: bytes | None, row: int, findings: Findings) -> dict[str, Any] | None:
    """The keys of an object; None where there is none."""
    if raw is None or raw == b"null":
        return None
    if not raw.startswith(b"{"):
        findings.lost.append(Found(row, "", raw))
        return None
    return _RAW_OBJECT.decode(raw)


def _taken(objects: Sequence[dict[str, Any] | None], at: tuple[str, ...]) -> list[bytes | None]:
    """The value at the end of a path, taken out of each object, so that what is left at last is unknown."""
    *around, key = at
    for step in around:
        objects = [_stepped(thing, step) for thing in objects]
    values = [thing.pop(key, None) if thing else None for thing in objects]
    return [None if value is None else bytes(value) for value in values]


def _stepped(thing: dict[str, Any] | None, step: str) -> dict[str, Any] | None:
    """The object inside an object, opened where it stands; None where there is none."""
    inner = thing.get(step) if thing else None
    if thing and inner is not None and not isinstance(inner, dict) and bytes(inner).startswith(b"{"):
        inner = thing[step] = _RAW_OBJECT.decode(inner)
    return inner if isinstance(inner, dict) else None


def _left(thing: dict[str, Any], around: str = "") -> Iterator[tuple[str, bytes]]:
    for key, value in thing.items():
        if isinstance(value, dict):
            yield from _left(value, f"{around}{key}.")
        elif (raw := bytes(value)) != b"null":
            yield f"{around}{key or _NAMELESS}", raw


def _as_list(reading: Reading, raw: bytes | None) -> bytes | None:
    """An object whose keys are data as the list of its entries; anything else as it is."""
    if raw is None or not raw.startswith(b"{"):
        return raw
    name, value = (json.dumps(one.at[0]).encode() for one in reading.inside)
    entries = (
        b"{%b:%b,%b:%b}" % (name, json.dumps(key).encode(), value, bytes(one))
        for key, one in _RAW_OBJECT.decode(raw).items()
    )
    return b"[%b]" % b",".join(entries)


def _felled(reading: Reading, raw: bytes | None) -> bytes | None:
    """A list of trees as one list of nodes, each behind the one above it; anything else as it is."""
    if raw is None or not raw.startswith(b"["):
        return raw
    key, nodes = reading.inside[0].at[0], []
    waiting = [(bytes(one), 1, b"null") for one in reversed(_RAW_LIST.decode(raw))]
    while waiting:
        node, level, above = waiting.pop()
        if not node.startswith(b"{"):
            nodes.append(node)
            continue
        fields = _RAW_OBJECT.decode(node)
        if bytes(fields.get(reading.branches, b"")).startswith(b"["):
            own = bytes(fields.get(key, b"null"))
            inside = _RAW_LIST.decode(fields.pop(reading.branches))
            waiting += [(bytes(one), level + 1, own) for one in reversed(inside)]
        fields |= {LEVEL: msgspec.Raw(b"%d" % level), ABOVE: msgspec.Raw(above)}
        nodes.append(b"{%b}" % b",".join(b"%b:%b" % (json.dumps(k).encode(), bytes(v)) for k, v in fields.items()))
    return b"[%b]" % b",".join(nodes)


def _joined(name: str, path: str) -> str:
    return f"{name}.{path}" if name and path and not path.startswith("[") else f"{name}{path}"
