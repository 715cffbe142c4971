"""Budgets as rows: what calls may draw, what they have drawn, what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Literal
from uuid import uuid4

import apsw

from zianalytics.errors import BudgetExceeded
from zianalytics.journal.files import Database, rows
from zianalytics.journal.values import Allowance, as_text
from zianalytics.schema.meters import Meters

METERS = ("credits", "records", "requests")


class Caps:
    """The budgets in a ledger: one standing for the account, and one for each open block."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def open(self, allowance: Allowance, kind: Literal["standing", "block"], *, at: datetime) -> str:
        """A new cap; a standing one takes the place of the one before."""
        cap = uuid4().hex
        with self._db.writing() as db:
            if kind == "standing":
                db.execute("update caps set closed_at = ? where kind = 'standing' and closed_at is null", [as_text(at)])
            db.execute(
                "insert into caps values (:id, :kind, :credits, :records, :requests, :at, null)",
                {"id": cap, "kind": kind, "at": as_text(at), **asdict(allowance)},
            )
        return cap

    def close(self, cap: str, *, at: datetime) -> None:
        """End a cap; what was drawn on it stays written."""
        with self._db.writing() as db:
            db.execute("update caps set closed_at = ? where id = ? and closed_at is null", [as_text(at), cap])

    def standing(self) -> str | None:
        """The cap that is in force for the whole account, in all processes; None when there is none."""
        with self._db.reading() as db:
            found = rows(db, "select id from caps where kind = 'standing' and closed_at is null")
        return found[0][0] if found else None

    def allowance(self, cap: str) -> Allowance:
        """What the cap allows in all."""
        with self._db.reading() as db:
            [row] = rows(db, "select credits, records, requests from caps where id = ?", [cap])
        return Allowance(**dict(zip(METERS, row, strict=True)))

    def left(self, cap: str) -> Allowance:
        """What of the cap is neither reserved nor spent."""
        with self._db.reading() as db:
            return left(db, cap)

    def require(self, caps: Sequence[str], operation: str, worst: Meters) -> None:
        """Refuse a call that would not fit now; only `Ledger.begin` reserves.

        Raises
        ------
        BudgetExceeded
            One of the caps has less left.
        """
        with self._db.reading() as db:
            _require(db, caps, operation, worst)


def left(db: apsw.Connection, cap: str) -> Allowance:
    """What of the cap is neither reserved nor spent; None where it sets no limit."""
    [row] = rows(
        db,
        "select caps.credits - coalesce(sum(draws.credits), 0), caps.records - coalesce(sum(draws.records), 0), "
        "caps.requests - coalesce(sum(draws.requests), 0) from caps left join draws on draws.cap = caps.id "
        "where caps.id = ? group by caps.id",
        [cap],
    )
    return Allowance(**dict(zip(METERS, row, strict=True)))


def draw(db: apsw.Connection, caps: Sequence[str], call: str, operation: str, worst: Meters) -> None:
    """Draw a call's worst case on each cap, or refuse it whole.

    Raises
    ------
    BudgetExceeded
        One of them has less left.
    """
    _require(db, caps, operation, worst)
    for cap in caps:
        db.execute("insert into draws values (?, ?, ?, ?, ?)", [cap, call, *asdict(worst).values()])


def _require(db: apsw.Connection, caps: Sequence[str], operation: str, worst: Meters) -> None:
    wanted = asdict(worst)
    for cap in caps:
        rest = asdict(left(db, cap))
        if short := {name: rest[name] for name in METERS if rest[name] is not None and rest[name] < wanted[name]}:
            raise over_budget(operation, worst, short, "left of the budget")


def over_budget(operation: str, worst: Meters, short: Mapping[str, int], whose: str) -> BudgetExceeded:
    """The refusal of a call: its price, what is short, and the ways on.

    Parameters
    ----------
    short
        The meters that do not suffice, and how much of each there is.
    whose
        "left of the budget" or "allowed for this call".
    """
    there_is = " and ".join(f"{amount:,} {name if amount != 1 else name[:-1]}" for name, amount in short.items())
    are = "is" if list(short.values()) == [1] else "are"
    ways = ", ".join(f"max_{name}={getattr(worst, name)}" for name in short)
    return BudgetExceeded(
        f"{operation} would cost at most {worst}, and {there_is} {are} {whose}. Nothing was sent. "
        f"Pass {ways} to this call, open `with zi.budget({ways}):`, use zi.budget.set({ways}), or pass fewer rows.",
        **asdict(worst),
    )
