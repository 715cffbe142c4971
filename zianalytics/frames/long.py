"""Nested columns as long frames: one row per item, with the keys of its record and its place in the list."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import polars as pl

from zianalytics.errors import RequestRefused

_KEYS = ("input_row", "input", "company_id", "contact_id", "location_id", "signal_id")
_ITEMS = "\x00items"


def long(frame: pl.DataFrame, column: str, *, keys: Sequence[str] | None = None) -> pl.DataFrame:
    """One row per item of a list column: technologies, funding rounds, positions held, recommended contacts.

    Spends nothing. A record whose list is empty or null gives no row; join the result back to see which.

    Parameters
    ----------
    frame
        Records, as enrichments and searches give them.
    column
        A column of lists ("tech_attributes", "company_funding", "employment_history", "recommended_contacts", ...), or
        a list inside a struct ("employee_growth.data_points").
    keys
        Columns to repeat on every row; None for the ids in the frame.

    Returns
    -------
    polars.DataFrame
        The keys, `item` (place in the list, from 0), and a column for each field of the items; a struct inside them is
        opened, too. A field that is called like a key gets the name of its column in front. Items that are no structs
        are in one column of the list's own name.

    Raises
    ------
    RequestRefused
        There is no such column, or it holds no lists.

    Examples
    --------
    >>> companies = pl.DataFrame({"company_id": [7], "products": [["Vault", "Key"]]})
    >>> long(companies, "products").rows()
    [(7, 0, 'Vault'), (7, 1, 'Key')]
    """
    outer, *inner = column.split(".")
    if outer not in frame.columns:
        near = get_close_matches(outer, frame.columns, n=3, cutoff=0.5)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise RequestRefused(f"The frame has no column {outer!r}. Nothing was changed.{hint}")
    lists = frame[outer]
    for step in inner:
        lists = _field(lists, step, column)
    if not isinstance(lists.dtype, pl.List):
        named = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
        raise RequestRefused(
            f"{column} holds {lists.dtype} and no lists. Nothing was changed. Lists: {', '.join(named) or 'none'}."
        )
    kept = list(keys) if keys is not None else [name for name in frame.columns if name.removesuffix("_zi") in _KEYS]
    name = (inner or [outer])[-1]
    rows = (
        pl.DataFrame([lists.alias(_ITEMS), *(frame[one] for one in kept)])
        .filter(pl.col(_ITEMS).list.len() > 0)
        .with_columns(pl.int_ranges(pl.col(_ITEMS).list.len()).alias("item"))
        .explode(_ITEMS, "item")
    )
    return _opened(rows, name, [*kept, "item"])


def _field(structs: pl.Series, name: str, column: str) -> pl.Series:
    if not isinstance(structs.dtype, pl.Struct) or name not in [one.name for one in structs.dtype.fields]:
        raise RequestRefused(f"There is no {name!r} in {column!r}. Nothing was changed. Its type is {structs.dtype}.")
    return structs.struct.field(name)


def _opened(rows: pl.DataFrame, name: str, keys: Sequence[str]) -> pl.DataFrame:
    """The rows with their items' fields as columns, structs inside them opened, too."""
    columns = _fields(rows[_ITEMS], name, keys)
    return rows.select(*keys).with_columns(series.alias(field) for field, series in columns.items())


def _fields(items: pl.Series, name: str, keys: Sequence[str]) -> dict[str, pl.Series]:
    if not isinstance(items.dtype, pl.Struct):
        return {f"{name}_item" if name in keys else name: items}
    found: dict[str, pl.Series] = {}
    for one in items.dtype.fields:
        series = items.struct.field(one.name)
        if isinstance(one.dtype, pl.Struct):
            found |= {
                inner if inner.startswith(f"{one.name}_") else f"{one.name}_{inner}": value
                for inner, value in _fields(series, one.name, ()).items()
            }
        else:
            found[one.name] = series
    return {f"{name}_{field}" if field in keys else field: series for field, series in found.items()}
