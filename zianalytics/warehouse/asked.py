"""What a query of the warehouse is asked with: frames as tables, values in order or by name, each of them in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from zianalytics.api.foreign import as_polars, is_frame, plain
from zianalytics.errors import RequestRefused

Values = list[Any] | dict[str, Any]


def read_query(query: str, values: object, params: Mapping[str, Any]) -> tuple[dict[str, pl.DataFrame], Values]:
    """The frames of a query, and its values as the database takes them: in order, or by name.

    Parameters
    ----------
    query
        What is asked.
    values
        A list, a dict or None.
    params
        What was given by name.

    Raises
    ------
    RequestRefused
        The query is no text, its values are of both kinds, or a frame cannot be read.
    """
    if not isinstance(query, str):
        raise RequestRefused(
            f"A query is a text, not {type(query).__name__}. Nothing was asked. "
            'Write zi.warehouse.sql("FROM companies").'
        )
    frames = {
        name: as_polars(value, call=f"zi.warehouse.sql({name}=...)", harm="Nothing was asked.")
        for name, value in params.items()
        if is_frame(value)
    }
    named = {name: _bound(value) for name, value in params.items() if name not in frames}
    values = plain(values)
    if values is None:
        return frames, named
    if isinstance(values, Mapping):
        return frames, {**{name: _bound(value) for name, value in values.items()}, **named}
    if named or isinstance(values, str | bytes) or not isinstance(values, Sequence):
        raise RequestRefused(
            "The values of a query are a list for `?` or a dict for `$name`, and not both. Nothing was asked. "
            'Write zi.warehouse.sql("... WHERE country = ?", ["Germany"]).'
        )
    return frames, [_bound(value) for value in values]


def _bound(value: Any) -> Any:
    """A value as the database takes it, and those of a list in the same way."""
    value = plain(value)
    return [_bound(one) for one in value] if isinstance(value, list | tuple) else value


def check_values(wanted: set[str], given: Values) -> None:
    """Refuse values that a query does not use, and a query whose values are not given.

    Parameters
    ----------
    wanted
        The names that the query asks for; those of `?` are their numbers.
    given
        Its values.

    Raises
    ------
    RequestRefused
        The two differ.
    """
    names = [str(n) for n in range(1, len(given) + 1)] if isinstance(given, list) else list(given)
    used, known = {name.lower() for name in wanted}, {name.lower() for name in names}
    unused = [name for name in names if name.lower() not in used]
    missing = sorted(name for name in wanted if name.lower() not in known)
    in_order = isinstance(given, list) or any(name.isdecimal() for name in missing)
    if in_order and (unused or missing):
        places = sum(name.isdecimal() for name in wanted)
        raise RequestRefused(
            f"The query has {places} `?`, and {len(given) if isinstance(given, list) else 'no'} values in a list. "
            "Nothing was asked. Give a list with one value for each; or values by name, for `$name`."
        )
    if unused:
        raise RequestRefused(
            f"The query does not use {', '.join(unused)}. Nothing was asked. Write ${unused[0]} where its value "
            "belongs, or leave it out; a frame is a table of its name."
        )
    if missing:
        raise RequestRefused(
            f"The query asks for ${', $'.join(missing)}, which is not given. Nothing was asked. Pass {missing[0]}=... ."
        )
