"""Where a command writes its rows: looked at before anything is paid, and there whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import polars as pl

from zianalytics.errors import RequestRefused
from zianalytics.inert import as_cell
from zianalytics.reports.export import WRITERS


def refuse_name(out: Path) -> None:
    """Refuse a name that no rows can be written under, before anything is paid for them.

    Raises
    ------
    RequestRefused
        Its end says no format, or its folder is not there.
    """
    if out.suffix.lower() not in WRITERS:
        raise RequestRefused(
            f"--out {as_cell(out.name)}: the ending must be .csv, .parquet or .json. Nothing was sent. Choose one."
        )
    if not out.parent.is_dir():
        raise RequestRefused(f"There is no folder {out.parent}. Nothing was sent. Make it, or name another one.")


def refuse_unwritable(out: Path, *, sample: pl.DataFrame, given: Path) -> None:
    """Refuse a file that rows could not be written to, before anything is paid for them.

    Parameters
    ----------
    sample
        Rows with columns that will be among those written; a few of them are written on trial.
    given
        The file that is read, which is not to be written over.

    Raises
    ------
    RequestRefused
        Its end says no format, it is a folder or the given file, or it cannot be written there.
    """
    refuse_name(out)
    trial = _beside(out)
    try:
        if out.exists() and out.samefile(given):
            raise RequestRefused(f"--out is the file that is read, {given}. Nothing was sent. Name another one.")
        if out.is_dir() or (out.exists() and not os.access(out, os.W_OK)):
            what = "a folder" if out.is_dir() else "a file that you may not write"
            raise RequestRefused(f"--out {out} is {what}. Nothing was sent. Name another one.")
        _write(sample.head(1), trial, out.suffix)
    except (OSError, pl.exceptions.PolarsError) as exc:
        raise RequestRefused(
            f"--out {out} cannot be written ({_why(exc)}). Nothing was sent. Name another one."
        ) from exc
    finally:
        with suppress(OSError):
            trial.unlink(missing_ok=True)


def write_whole(frame: pl.DataFrame, out: Path) -> None:
    """Write the rows beside the file and put them in its place: nobody ever sees half of them.

    Raises
    ------
    RequestRefused
        They cannot be written; what was there before is as it was.
    """
    target = out.resolve()
    partly = _beside(target)
    try:
        _write(frame, partly, out.suffix)
        with partly.open("rb+") as file:
            os.fsync(file.fileno())
        partly.replace(target)
    except (OSError, pl.exceptions.PolarsError) as exc:
        raise RequestRefused(
            f"--out {out} cannot be written ({_why(exc)}). What was paid for is kept. Run the same command again, "
            "with another --out: it costs nothing for those."
        ) from exc
    finally:
        with suppress(OSError):
            partly.unlink(missing_ok=True)


def _beside(out: Path) -> Path:
    return out.with_name(f".{out.name[:40]}.{uuid4().hex[:12]}.part")


def _write(frame: pl.DataFrame, path: Path, ending: str) -> None:
    path.touch()  # says in its own words why it cannot be made
    try:
        WRITERS[ending.lower()](frame, path)
    except RequestRefused as exc:
        if isinstance(exc.__cause__, OSError):  # its words are for a file that somebody named
            raise exc.__cause__ from None
        raise


def _why(exc: Exception) -> str:
    return (getattr(exc, "strerror", None) or str(exc) or type(exc).__name__).splitlines()[0]
