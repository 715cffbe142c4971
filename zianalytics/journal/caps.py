"""Budgets as rows: what calls may draw, what they have drawn, what is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal
from uuid import uuid4

import apsw

from zianalytics.errors import BudgetExceeded
from zianalytics.journal.files import Database, rows
from zianalytics.journal.values import Allowance, as_text
from zianalytics.schema.meters import Meters

METERS = ("credits", "records", "requests")
_NO_LIMIT = Allowance()


@dataclass(frozen=True)
class Short:
    """A limit that stands in the way of a call.

    Attributes
    ----------
    kind
        "call" for the call's own, "block" or "standing" for a budget, "unsaid" where nobody has allowed anything.
    left
        The meters that do not suffice, and how much of each there is.
    rest, allowed
        What is left of a budget, and what it allows in all, on every meter.
    """

    kind: Literal["call", "block", "standing", "unsaid"]
    left: Mapping[str, int]
    rest: Allowance = _NO_LIMIT
    allowed: Allowance = _NO_LIMIT


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

    def short(self, caps: Sequence[str], worst: Meters) -> list[Short]:
        """What stands in the way of a call now, cap by cap; only `Ledger.begin` reserves."""
        with self._db.reading() as db:
            return _short(db, caps, worst)


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
    if short := _short(db, caps, worst):
        raise over_budget(operation, worst, short)
    for cap in caps:
        db.execute("insert into draws values (?, ?, ?, ?, ?)", [cap, call, *asdict(worst).values()])


def _short(db: apsw.Connection, caps: Sequence[str], worst: Meters) -> list[Short]:
    wanted, found = asdict(worst), []
    for cap in caps:
        rest = asdict(left(db, cap))
        short = {name: n for name, n in rest.items() if n is not None and n < wanted[name]}
        if short:
            [(kind, *row)] = rows(db, "select kind, credits, records, requests from caps where id = ?", [cap])
            found.append(Short(kind, short, Allowance(**rest), Allowance(**dict(zip(METERS, row, strict=True)))))
    return found


def over_budget(
    operation: str,
    worst: Meters,
    shorts: Sequence[Short],
    *,
    sent: str = "Nothing was sent",
    smaller: str = "pass fewer rows",
) -> BudgetExceeded:
    """The refusal of a call: its price, what stands in its way, and the ways on, all of which work.

    Parameters
    ----------
    shorts
        All that stands in the way: every limit holds at once, so that each must give way.
    sent
        What was sent before it was known.
    smaller
        How the call is made to cost less.
    """
    there_is = ", and ".join(_there_is(one) for one in shorts)
    if [one.kind for one in shorts] == ["unsaid"]:
        wanted = _arguments(worst, shorts[0].left)
        ways = f"Pass {wanted} to this call, open `with zi.budget({wanted}):`, or use zi.budget.set({wanted})"
    else:
        ways = "; and ".join(_way(one, worst) for one in sorted(shorts, key=lambda one: one.kind != "unsaid"))
        ways = f"{ways[0].upper()}{ways[1:]}"
        if any(all(one.left.values()) for one in shorts):
            ways += f"; or {smaller}"
    return BudgetExceeded(f"{operation} would cost at most {worst}, and {there_is}. {sent}. {ways}.", **asdict(worst))


def _there_is(one: Short) -> str:
    amounts = " and ".join(f"{n:,} {name if n != 1 else name[:-1]}" for name, n in one.left.items())
    are = "is" if list(one.left.values()) == [1] else "are"
    whose = {
        "unsaid": "allowed for this call",
        "call": "allowed by the call itself",
        "block": f"left of the `with zi.budget({_said(one.allowed)})` block",
        "standing": f"left of the standing budget, zi.budget.set({_said(one.allowed)})",
    }
    return f"{amounts} {are} {whose[one.kind]}"


def _way(one: Short, worst: Meters) -> str:
    """How this limit gives way."""
    wanted, rest, allowed = asdict(worst), asdict(one.rest), asdict(one.allowed)
    if one.kind in ("unsaid", "call"):
        return f"pass {_arguments(worst, one.left)} to this call"
    if one.kind == "block":
        # what the block has spent stays spent
        more = ", ".join(f"max_{name}={allowed[name] - rest[name] + wanted[name]}" for name in one.left)
        return f"open that block with {more}"
    # A standing budget that is set anew counts from 0.
    anew = ", ".join(f"max_{name}={max(n, wanted[name])}" for name, n in allowed.items() if n is not None)
    asked = [name for name in ("credits", "records") if wanted[name]][:1]
    then = f" and pass {_arguments(worst, asked)} to this call" if asked else ""
    return f"begin the standing budget anew by zi.budget.set({anew}), or end it by zi.budget.set(){then}"


def _arguments(worst: Meters, names: Iterable[str]) -> str:
    return ", ".join(f"max_{name}={getattr(worst, name)}" for name in names)


def _said(allowed: Allowance) -> str:
    return ", ".join(f"max_{name}={n}" for name, n in asdict(allowed).items() if n is not None)
