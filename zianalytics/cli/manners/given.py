"""The file of inputs that a command is given: a table with a header, or one value a line."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path

import polars as pl

from zianalytics.api.foreign import LARGEST_ID
from zianalytics.api.kinds import NUMBERS, Kind
from zianalytics.errors import RequestRefused

_PARQUET = b"PAR1"
_DIVIDERS = (",", ";", "\t")
_WHOLE = re.compile(r"\s*([0-9]+)(?:\.0+)?\s*", re.ASCII)
_BARE = ("company_website", "email")
"""What a line may be beside an id: a bare name is too little to pay for."""


def inputs_in(file: Path, kind: Kind) -> pl.DataFrame | list[str]:
    """The rows of a Parquet or CSV file, or the values of a file with one a line.

    Parameters
    ----------
    file
        Parquet; or text in UTF-8 (or UTF-16 with its mark), divided by commas, semicolons or tabs.
    kind
        What can be asked with. A header is known by one of its names, whatever its case and blanks.

    Returns
    -------
    polars.DataFrame or list of str
        All columns of the file, those that can be asked with under the names they are known by; ids as numbers where
        all of them are.

    Raises
    ------
    RequestRefused
        It cannot be read, holds nothing, or nothing that can be asked with.
    """
    try:
        content = file.read_bytes()
    except OSError as exc:
        raise RequestRefused(
            f"{file} cannot be read ({exc.strerror or exc}). Nothing was sent. Name a file that is there."
        ) from exc
    frame = _table(file, content) if content.startswith(_PARQUET) else _from_text(file, _text(file, content), kind)
    if isinstance(frame, list):
        return frame
    frame = _under_known_names(file, frame, kind)
    if not frame.height:
        raise RequestRefused(f"{file} holds no rows. Nothing was sent. Put {kind.advice} into it.")
    return frame.with_columns(_ids(frame[name]) for name in frame.columns if kind.names.get(name) in NUMBERS)


def columns_for(kind: Kind) -> str:
    """What columns a file may have, in words: those that it is asked with, what may stand beside them, other names.

    Examples
    --------
    >>> from zianalytics.api.kinds import KINDS
    >>> columns_for(KINDS["contact preview"]).partition(" with ")[0]
    'email, or a full_name (or name, or first_name and last_name)'
    """
    told = set(re.findall(r"\w+", kind.advice))
    beside = [name for name, stands_for in kind.names.items() if name == stands_for and name not in told]
    others = [f"{name} for {of}" for name, of in kind.names.items() if name != of and name not in told]
    return "; ".join([kind.advice, *([f"beside them {', '.join(beside)}"] if beside else []), *others])


def _table(file: Path, content: bytes) -> pl.DataFrame:
    try:
        return pl.read_parquet(io.BytesIO(content))
    except pl.exceptions.PolarsError as exc:
        raise RequestRefused(f"{file} is not a sound Parquet file. Nothing was sent. Write it again.") from exc


def _text(file: Path, content: bytes) -> str:
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as exc:
        raise RequestRefused(f'{file} is not UTF-8 text. Nothing was sent. Save it as "CSV UTF-8".') from exc
    if "\0" in text:
        raise RequestRefused(f"{file} is neither text nor Parquet. Nothing was sent. Give a CSV or Parquet file.")
    return text


def _from_text(file: Path, text: str, kind: Kind) -> pl.DataFrame | list[str]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise RequestRefused(f"{file} is empty. Nothing was sent. Put {kind.advice} into it.")
    known = {divider: _known_in(first, divider, kind) for divider in _DIVIDERS}
    divider = max(known, key=lambda one: known[one])
    return _rows(file, text, divider) if known[divider] else _lines(file, text, kind)


def _known_in(line: str, divider: str, kind: Kind) -> int:
    """How many names in a line are those of columns that can be asked with."""
    return sum(_plain(name) in kind.names for name in next(csv.reader([line], delimiter=divider), []))


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def _rows(file: Path, text: str, divider: str) -> pl.DataFrame:
    """A table with a header; a blank line is none of its rows, an empty cell is null."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
    header: list[str] = []
    rows: list[list[str | None]] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [cell.strip() or f"column_{n}" for n, cell in enumerate(cells, 1)]
                continue
            if any(cell.strip() for cell in cells[len(header) :]):
                raise RequestRefused(
                    f"{file}, line {reader.line_num}: {len(cells)} cells, and {len(header)} in the header. Nothing was "
                    "sent. Put cells that hold the dividing sign into quotation marks."
                )
            cells = cells[: len(header)] + [""] * (len(header) - len(cells))
            rows.append([cell if cell.strip() else None for cell in cells])
    except csv.Error as exc:
        raise RequestRefused(
            f"{file}, line {reader.line_num}, cannot be read ({exc}). Nothing was sent. Correct its quotation marks."
        ) from exc
    if twice := {name for n, name in enumerate(header) if name in header[:n]}:
        raise RequestRefused(
            f"{file} has two columns called {', '.join(sorted(twice))}. Nothing was sent. Rename one of them."
        )
    return pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String()), orient="row")


def _lines(file: Path, text: str, kind: Kind) -> list[str]:
    """One value a line: an id, or an address."""
    values: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        value = line.strip().strip('"').strip()
        if whole := _WHOLE.fullmatch(value):
            value = whole[1]
        if value and kind.name_of(value) not in (kind.key, *_BARE):
            what = "no column that can be asked with, and its first line" if not values else f"a line {number} that"
            raise RequestRefused(
                f"{file} has {what} is neither an id nor an address. Nothing was sent. Give it a header with "
                f"{kind.advice}; or one id or address a line."
            )
        if value:
            values.append(value)
    if not values:
        raise RequestRefused(f"{file} holds no values. Nothing was sent. Put {kind.advice} into it.")
    return values


def _under_known_names(file: Path, frame: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """The frame with columns such as "Company ID" as company_id."""
    renamed = {
        name: _plain(name)
        for name in frame.columns
        if name not in kind.names and _plain(name) in kind.names and _plain(name) not in frame.columns
    }
    if len(set(renamed.values())) < len(renamed):
        raise RequestRefused(
            f"{file} has columns that are the same but for case and blanks: {', '.join(sorted(renamed))}. Nothing was "
            "sent. Rename one of them."
        )
    return frame.rename(renamed)


def _ids(column: pl.Series) -> pl.Series:
    """Texts of whole numbers as numbers ("12.0", too), where all of them are; others as they are."""
    if column.dtype != pl.String():
        return column
    whole = [None if value is None else _WHOLE.fullmatch(value) for value in column]
    texts = pl.Series(column.name, [said[1] if said else value for said, value in zip(whole, column, strict=True)])
    are_ids = all(
        value is None or (said is not None and len(said[1]) < 40 and int(said[1]) <= LARGEST_ID)
        for said, value in zip(whole, column, strict=True)
    )
    return texts.cast(pl.Int64) if are_ids else texts.cast(pl.String)
