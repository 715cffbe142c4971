"""The warehouse that users hold: tables to ask by SQL, a function of the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Self

import duckdb
import polars as pl

from zianalytics.errors import RequestRefused, StoreDamaged, StoreHeld, StoreUnusable
from zianalytics.frames.remembered import Remembered
from zianalytics.inert import as_html
from zianalytics.warehouse.asked import Values, check_values, read_query
from zianalytics.warehouse.file import PATIENCE_S, connect, damaged, held, interruptible, move_over, unusable, wal_of
from zianalytics.warehouse.load import Source, load
from zianalytics.warehouse.tables import TABLES
from zianalytics.warehouse.turns import turns_at

_READS = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}


class Warehouse:
    """One DuckDB file with what was received: current rows, and beside each table its history.

    DuckDB lets one process hold a file, so it is open during a statement or a `with` block and no longer. Everything
    in it comes from the journal: it may be deleted, and `rebuild` makes it again at no cost. Threads may share it:
    they ask at the same time, and load one after another.

    Parameters
    ----------
    path
        The file; None keeps the tables in memory.
    patience_s
        Seconds to wait while another process holds the file.

    Examples
    --------
    >>> Warehouse().sql("SELECT count(*) AS n FROM companies").item()
    0
    """

    def __init__(self, path: str | Path | None = None, *, patience_s: float = PATIENCE_S) -> None:
        self.path = None if path is None else Path(path)
        self._patience_s = patience_s
        self._lock = RLock()  # of the three lines below; whoever wants the turn, too, takes it after this
        self._held: duckdb.DuckDBPyConnection | None = None
        self._depth = 0
        self._ends_when_left = self.path is not None
        self._turns = turns_at(self.path)

    def __enter__(self) -> Self:
        with self._lock:
            self._opened()
            self._depth += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._depth -= 1
            if self._depth == 0 and self._ends_when_left:
                self.close()

    def close(self) -> None:
        """Let the file go once nobody is in a `with` block or a statement; tables in memory end with that."""
        with self._lock:
            self._ends_when_left = self.path is not None or self._depth > 0
            if self._held is not None and self._depth == 0:  # DuckDB closes all cursors with their connection
                with self._turns.turn:
                    self._held.close()
                    self._held = None
                    self._turns.open_by.discard(self)
                    self._turns.turn.notify_all()

    def sql(
        self, query: str, values: Sequence[Any] | Mapping[str, Any] | None = None, /, **params: Any
    ) -> pl.DataFrame:
        """What a query finds; spends nothing and changes nothing.

        Parameters
        ----------
        query
            One SELECT. `?` stands for the next of the values, `$name` for the one of that name.
        values
            Values for the query: a list for `?`, or a dict for `$name`.
        params
            Values for the query; a frame becomes a table of that name. Files are not read: read them into a frame.

        Returns
        -------
        polars.DataFrame
            Whole numbers as Int64, times in UTC; a sum above what Int64 holds stays a Decimal.

        Raises
        ------
        RequestRefused
            The query cannot run, or would change something, or its values are of both kinds, missing or not in use.

        Examples
        --------
        >>> Warehouse().sql("SELECT name FROM companies WHERE company_id = $id", id=1).height
        0
        >>> Warehouse().sql("SELECT count(*) AS n FROM companies WHERE country = ?", ["Germany"]).item()
        0
        """
        frames, bound = read_query(query, values, params)
        with self._cursor() as con:
            try:
                with interruptible():
                    return _found(con, query, frames, bound)
            except duckdb.Error as exc:
                if isinstance(exc, duckdb.FatalException) or _names(self.path, exc):
                    raise damaged(self.path, exc) from exc
                raise RequestRefused(
                    f"The query cannot run. Nothing was changed. Correct it and ask again; the database says:\n{exc}"
                ) from exc

    def load(self, journal: Source, remembered: Remembered | None = None) -> int:
        """Load what the journal holds and the tables do not; returns the number of new replies.

        Loading twice is loading once. An interrupted load goes on where it stopped.

        Parameters
        ----------
        journal
            The journal of the account.
        remembered
            What has been decoded of its newest replies; None for nothing.
        """
        with self._cursor() as con, self._turns.turn:
            try:
                with interruptible():
                    return load(con, journal, remembered or Remembered())
            except duckdb.Error as exc:
                raise unusable(self.path, exc) from exc

    def rebuild(self, journal: Source) -> int:
        """Make all tables again from the journal; returns the number of replies.

        The new file is built beside the old one and then takes its place, so that a failure leaves the old one.

        Parameters
        ----------
        journal
            The journal of the account.

        Raises
        ------
        RequestRefused
            This warehouse is open, in a `with` block or in another thread.
        StoreHeld
            Another process holds the file, or another `Warehouse` of this one, and did not let go.
        """
        if self.path is None:
            with self._lock:
                self._held = None  # who reads the old tables still has a cursor of them
                return self.load(journal)
        with self._turns.turn:
            if self._held is not None:
                raise RequestRefused(
                    "The warehouse is open. Nothing was changed. Leave its `with` block, then rebuild."
                )
            self._let_go_by_others(self.path)
            beside = self.path.with_name(f"{self.path.name}.new")
            for left in (beside, wal_of(beside)):
                left.unlink(missing_ok=True)
            with Warehouse(beside) as fresh:
                replies = fresh.load(journal)
            move_over(beside, self.path)
            return replies

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        asked = [f"SELECT '{t.name}' AS name, count(*) AS n FROM {t.name}" for t in TABLES.values()]  # noqa: S608  # our own names
        with self._cursor() as con:
            try:
                with interruptible():
                    return dict(con.sql(f"{' UNION ALL '.join(asked)} ORDER BY name").fetchall())
            except duckdb.Error as exc:
                raise unusable(self.path, exc) from exc

    def __repr__(self) -> str:
        lines = self._told()
        if isinstance(lines, str):
            return f"<Warehouse: {lines}>"
        width = max(len(name) for name in lines)
        rows = [f"  {name:<{width}}  {n:>9,}" for name, n in lines.items()]
        return "\n".join((f"<Warehouse: {_rows(sum(lines.values()))} in {len(lines)} tables>", *rows))

    def _repr_html_(self) -> str:
        lines = self._told()
        if isinstance(lines, str):
            return f"<p>Warehouse: {as_html(lines)}</p>"
        rows = "".join(f"<tr><th>{as_html(name)}</th><td>{n:,}</td></tr>" for name, n in lines.items())
        caption = f"Warehouse: {_rows(sum(lines.values()))} in {len(lines)} tables"
        head = "<thead><tr><th>table</th><th>rows</th></tr></thead>"
        return f"<table><caption>{caption}</caption>{head}<tbody>{rows}</tbody></table>"

    def _told(self) -> dict[str, int] | str:
        """Rows per table, or why they cannot be told; a repr never raises and never makes a file."""
        if self.path is not None and not self.path.exists():
            return "nothing loaded yet"
        try:
            return self.rows()
        except StoreUnusable as exc:
            return str(exc)

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for one thread and statement: what is registered, or left half done, ends with it."""
        with self:
            with self._lock:
                con = self._opened().cursor()
            with con:
                yield con

    def _opened(self) -> duckdb.DuckDBPyConnection:
        """The connection that all share, which who comes first opens; for who has the lock."""
        if self._held is None:
            with self._turns.turn:
                self._held = connect(self.path, patience_s=self._patience_s)
                self._turns.open_by.add(self)
        return self._held

    def _let_go_by_others(self, path: Path) -> None:
        """Raise when another holds the file; whether the file is sound does not matter here."""
        if not self._turns.all_left(patience_s=self._patience_s):
            raise held(path, "another `Warehouse` of this program")
        if path.exists():
            try:
                connect(path, patience_s=self._patience_s).close()
            except StoreDamaged:
                return


def check_left(account: Path) -> None:
    """Raise StoreHeld while a `with` block or a thread of this program has the warehouse in an account's folder."""
    if turns_at(account / "warehouse.duckdb").open_by:
        raise StoreHeld(
            "The warehouse of this account is open in this program. Nothing was changed. Leave the "
            "`with zi.warehouse:` block, or let the thread that reads it end, and run this again."
        )


def renew(account: Path, journal: Source) -> None:
    """Make the warehouse in an account's folder again in a new file, if there is one; the old one is gone."""
    path = account / "warehouse.duckdb"
    if path.exists():
        Warehouse(path).rebuild(journal)
    for left in account.glob(f"{path.name}.*"):
        left.unlink()


def _found(
    con: duckdb.DuckDBPyConnection, query: str, frames: Mapping[str, pl.DataFrame], bound: Values
) -> pl.DataFrame:
    """What one SELECT finds in the tables and in these frames."""
    statements = con.extract_statements(query)
    if len(statements) != 1 or statements[0].type not in _READS:
        raise RequestRefused(
            "A warehouse is asked by one SELECT at a time. Nothing was changed. "
            "Its tables follow from the journal: `zi.warehouse` adds what is new by itself, and "
            "`zia rebuild` makes them all again."
        )
    check_values(statements[0].named_parameters, bound)
    for name, frame in frames.items():
        con.register(name, frame)
    with _changing_nothing(con):
        return _plain(con.sql(query, params=bound or None).pl())


@contextmanager
def _changing_nothing(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """The block, in which the database refuses every write: a SELECT can hold one, in WITH."""
    con.execute("BEGIN TRANSACTION READ ONLY")
    try:
        yield
    finally:
        con.execute("ROLLBACK")


def _names(path: Path | None, exc: duckdb.Error) -> bool:
    """Whether the database speaks of its own file, which no query may do."""
    return path is not None and str(path) in str(exc) and not isinstance(exc, duckdb.PermissionException)


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Sums of whole numbers as Int64 where it holds all of them, and UTC by its usual name."""
    sums = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Decimal) and dtype.scale == 0]
    whole = [one for one in sums if frame[one].cast(pl.Int64, strict=False).null_count() == frame[one].null_count()]
    times = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime) and dtype.time_zone]
    return frame.with_columns(
        *(pl.col(name).cast(pl.Int64) for name in whole), *(pl.col(name).dt.convert_time_zone("UTC") for name in times)
    )


def _rows(n: int) -> str:
    return f"{n:,} row{'' if n == 1 else 's'}"
