"""Budgets as rows: what calls may draw, what they have drawn, what is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal
from uuid import uuid4

import apsw

from zianalytics.errors import BudgetExceeded
from zianalytics.journal.disk import Database, rows
from zianalytics.journal.spending.holds import Holds
from zianalytics.journal.spending.periods import NOW_IN_WORDS, Per, began, ends
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
    per, until
        How often it counts from 0, and when it does so next; None where it does not.
    """

    kind: Literal["call", "block", "standing", "unsaid"]
    left: Mapping[str, int]
    rest: Allowance = _NO_LIMIT
    allowed: Allowance = _NO_LIMIT
    per: Per | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Cap:
    """A budget.

    Attributes
    ----------
    allowed
        What it allows in all; of a budget that counts from 0 again and again, in each period.
    per
        How often it does so; None for never.
    opened_at
        When it was opened; of a budget that has counted from 0 since it was set, some moment in its period.
    """

    id: str
    kind: Literal["standing", "block"]
    allowed: Allowance
    per: Per | None
    opened_at: datetime
    is_open: bool

    def is_over(self, at: datetime) -> bool:
        """Whether its period has ended by then."""
        return self.per is not None and began(self.per, at) > began(self.per, self.opened_at)


class Caps:
    """The budgets in a ledger: one standing for the account, and one for each open block.

    Of a standing budget that counts from 0 in each period, each period is a cap of its own: the first call that begins
    in it opens it, in the commit that reserves, so that all processes agree. A call draws on the period in which it
    reserves, and on no other, whenever it is settled.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self.holds = Holds()
        """What was reserved for several calls at once."""

    def open(
        self, allowance: Allowance, kind: Literal["standing", "block"], *, at: datetime, per: Per | None = None
    ) -> str:
        """A new cap; a standing one takes the place of the one before."""
        with self._db.writing() as db:
            return _open(db, allowance, kind, at, per)

    def close(self, cap: str, *, at: datetime) -> None:
        """End a cap; what was drawn on it stays written."""
        with self._db.writing() as db:
            db.execute("update caps set closed_at = ? where id = ? and closed_at is null", [as_text(at), cap])

    def end_standing(self, *, at: datetime) -> None:
        """End the cap that is in force for the whole account, if there is one."""
        with self._db.writing() as db:
            _end_standing(db, at)

    def standing(self) -> str | None:
        """The cap that is in force for the whole account, in all processes; None when there is none."""
        with self._db.reading() as db:
            return _standing(db)

    def cap(self, cap: str) -> Cap:
        """What is written of a cap."""
        with self._db.reading() as db:
            return _cap(db, cap)

    def left(self, cap: str, *, at: datetime | None = None) -> Allowance:
        """What of the cap is neither reserved nor spent.

        Parameters
        ----------
        at
            When: all of it, once its period is over. None for the period that it was opened for.
        """
        with self._db.reading() as db:
            return _left(db, _cap(db, cap), at)

    def short(self, caps: Sequence[str], worst: Meters, *, at: datetime) -> list[Short]:
        """What stands in the way of a call now, cap by cap; only `Ledger.begin` reserves."""
        with self._db.reading() as db:
            return _short(db, [_cap(db, one) for one in caps], worst, at, but=self.holds.current)


def draw(db: apsw.Connection, caps: Sequence[str], call: str, operation: str, worst: Meters, at: datetime) -> None:
    """Draw a call's worst case on each cap, or refuse it whole.

    Raises
    ------
    BudgetExceeded
        One of them has less left.
    """
    in_force = [_in_force(db, _cap(db, one), at) for one in caps]
    if short := _short(db, in_force, worst, at):
        raise over_budget(operation, worst, short)
    for cap in in_force:
        db.execute("insert into draws values (?, ?, ?, ?, ?)", [cap.id, call, *asdict(worst).values()])


def draw_beyond(db: apsw.Connection, intent: str, over: Meters) -> None:
    """Draw what replies brought beyond a reservation, as far as there is room: it was charged, so it is not left.

    It is drawn as a call of its own that has ended, on what the call of the intent drew on.
    """
    [(of, operation, at)] = rows(
        db,
        "select calls.id, calls.operation, calls.at from calls join intents on intents.call = calls.id "
        "where intents.id = ?",
        [intent],
    )
    beyond = uuid4().hex
    db.execute(
        "insert into calls (id, run, operation, question, owner, at, credits, records, requests, closed, finished) "
        "values (?1, ?1, ?2, '', '', ?3, ?4, ?5, ?6, 1, 1)",
        [beyond, operation, at, *asdict(over).values()],
    )
    for (cap,) in rows(db, "select cap from draws where call = ?", [of]):
        left = asdict(_left(db, _cap(db, cap), None))
        drawn = [n if left[name] is None else min(n, left[name]) for name, n in asdict(over).items()]
        db.execute("insert into draws values (?, ?, ?, ?, ?)", [cap, beyond, *drawn])


def _in_force(db: apsw.Connection, cap: Cap, at: datetime) -> Cap:
    """The cap itself; of a standing budget the one that is in force now, in the period that has come."""
    if cap.kind == "standing" and not cap.is_open and (newer := _standing(db)):
        cap = _cap(db, newer)  # it was set anew, or another process was first in this period
    if not cap.is_open or cap.per is None or began(cap.per, at) == began(cap.per, cap.opened_at):
        return cap
    is_unused = not rows(db, "select 1 from draws where cap = ? limit 1", [cap.id])
    if cap.is_over(at) or is_unused:  # an unused one may have been set before the service's time was known
        return _cap(db, _open(db, cap.allowed, "standing", at, cap.per))
    return cap


def _open(
    db: apsw.Connection, allowance: Allowance, kind: Literal["standing", "block"], at: datetime, per: Per | None
) -> str:
    cap = uuid4().hex
    if kind == "standing":
        _end_standing(db, at)
    db.execute(
        "insert into caps (id, kind, credits, records, requests, opened_at, per) "
        "values (:id, :kind, :credits, :records, :requests, :at, :per)",
        {"id": cap, "kind": kind, "at": as_text(at), "per": per, **asdict(allowance)},
    )
    return cap


def _end_standing(db: apsw.Connection, at: datetime) -> None:
    db.execute("update caps set closed_at = ? where kind = 'standing' and closed_at is null", [as_text(at)])


def _standing(db: apsw.Connection) -> str | None:
    found = rows(db, "select id from caps where kind = 'standing' and closed_at is null")
    return found[0][0] if found else None


def _cap(db: apsw.Connection, cap: str) -> Cap:
    [(kind, per, opened_at, is_open, *allowed)] = rows(
        db,
        "select kind, per, opened_at, closed_at is null, credits, records, requests from caps where id = ?",
        [cap],
    )
    allowance = Allowance(**dict(zip(METERS, allowed, strict=True)))
    return Cap(cap, kind, allowance, per, datetime.fromisoformat(opened_at), bool(is_open))


def _left(db: apsw.Connection, cap: Cap, at: datetime | None, *, but: str = "") -> Allowance:
    """What of the cap is neither reserved nor spent, but for what one call reserves; None where it sets no limit."""
    if at is not None and cap.is_over(at):
        return cap.allowed
    [row] = rows(
        db,
        "select coalesce(sum(credits), 0), coalesce(sum(records), 0), coalesce(sum(requests), 0) from draws "
        "where cap = ? and call <> ?",
        [cap.id, but],
    )
    drawn = dict(zip(METERS, row, strict=True))
    return Allowance(**{name: None if n is None else n - drawn[name] for name, n in asdict(cap.allowed).items()})


def _short(db: apsw.Connection, caps: Sequence[Cap], worst: Meters, at: datetime, *, but: str = "") -> list[Short]:
    wanted, found = asdict(worst), []
    for cap in caps:
        rest = _left(db, cap, at, but=but)
        short = {name: n for name, n in asdict(rest).items() if n is not None and n < wanted[name]}
        if short:
            until = ends(cap.per, max(at, cap.opened_at)) if cap.per else None
            found.append(Short(cap.kind, short, rest, cap.allowed, cap.per, until))
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
        "standing": f"left of the standing budget, zi.budget.set({_said(one.allowed, one.per)})",
    }
    until = f", {NOW_IN_WORDS[one.per]} (until {one.until:%Y-%m-%d %H:%M} UTC)" if one.per and one.until else ""
    return f"{amounts} {are} {whose[one.kind]}{until}"


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
    enough = Allowance(**{name: n if n is None else max(n, wanted[name]) for name, n in allowed.items()})
    is_enough = one.until and all((allowed[name] or 0) >= wanted[name] for name in one.left)
    wait = "wait until then, when it counts from 0 by itself; or " if is_enough else ""
    asked = [name for name in ("credits", "records") if wanted[name]][:1]
    then = f" and pass {_arguments(worst, asked)} to this call" if asked else ""
    anew = f"zi.budget.set({_said(enough, one.per)})"
    return f"{wait}begin the standing budget anew by {anew}, or end it by zi.budget.clear(){then}"


def _arguments(worst: Meters, names: Iterable[str]) -> str:
    return ", ".join(f"max_{name}={getattr(worst, name)}" for name in names)


def _said(allowed: Allowance, per: Per | None = None) -> str:
    said = [f"max_{name}={n}" for name, n in asdict(allowed).items() if n is not None]
    return ", ".join([*said, f'per="{per}"'] if per else said)
