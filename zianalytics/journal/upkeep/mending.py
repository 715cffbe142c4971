"""What becomes of a journal that is damaged: what is sound is used, what is lost is said, nothing is overwritten.

The two files vouch for each other. A damaged file is set aside under another name, and what is sound of it goes on in
its place. What the ledger lost is made again from the replies: each holds the whole intent that it answers. What may be
spent is never more than before: where a budget cannot be made again, it is 0 until it is set.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import msgspec

from zianalytics.errors import StoreDamaged
from zianalytics.journal.disk import LEDGER, REPLIES, SUSPECT, Database, Head, Kind, rows, translated
from zianalytics.journal.upkeep.inspection import Inspection, heard_of, inspect
from zianalytics.journal.upkeep.salvage import salvage, set_aside
from zianalytics.journal.values import Intent, as_text

UNFINISHED = "mending"
_CHARGED = {"intents", "charges", "found"}
_BUDGETED = {"caps", "calls", "draws", "intents"}


@dataclass
class Damage:
    """What was found when a journal was opened.

    Attributes
    ----------
    said
        What happened to each file, in words; nothing where both are whole.
    charges
        Whether charges must be made again from the replies.
    budgets
        Whether it is unknown what was reserved and spent of the budgets.
    intents
        Whether the ledger may lack intents that the replies answer.
    """

    said: list[str] = field(default_factory=list)
    charges: bool = False
    budgets: bool = False
    intents: bool = False

    @property
    def advice(self) -> str:
        """What it means, and what to do next."""
        ledger = (
            "What the replies prove is charged again from them; requests that were never answered are known no more, "
            "and the ledger may be too low by what they cost. "
            if self.intents
            else ""
        )
        budget = (
            "What was reserved and spent of the standing budget is unknown: it is 0 until zi.budget.set(...) says "
            "more, or zi.budget.clear() ends it. "
            if self.budgets
            else ""
        )
        return (
            f"Nothing was sent or spent, and nothing is paid again by itself. {ledger}{budget}Compare "
            "with what the service has counted by zia ledger compare; zia reconcile fetches again what is lost and "
            "costs no credit; zia doctor says how the files are."
        )


def set_right(folder: Path, *, is_alone: bool) -> Damage:
    """Look at both files, and set aside what is damaged; what is sound of it lies in its place when this returns.

    Parameters
    ----------
    is_alone
        Whether no other client has them open.

    Raises
    ------
    StoreDamaged
        The files are not of one journal; or one is damaged and another client works with it. Nothing was changed.
    """
    found = Damage()
    if (folder / UNFINISHED).exists():
        found.charges = found.budgets = found.intents = True
        found.said.append("The journal was damaged, and taking over what is sound of it was interrupted.")
    ledger, replies = look(folder, whole=(folder / SUSPECT).exists())
    for kind, this, other in ((LEDGER, ledger, replies), (REPLIES, replies, ledger)):
        if this.is_whole or this.is_ours is False or not (this.is_ours or other.is_ours):
            continue  # it is whole, or was never ours: then it is left alone, and refused when it is opened
        _refuse_company(this, is_alone)
        (folder / UNFINISHED).touch(mode=0o600)
        found.said.append(_mend(folder, kind, this, found))
    if found.said:
        ledger, replies = look(folder)
    compare(ledger, replies, found, is_alone=is_alone)
    return found


def look(folder: Path, *, whole: bool = False) -> tuple[Inspection, Inspection]:
    """Both files as they lie there, the ledger first.

    What each knows of the other is read before the other is: a client that goes on meanwhile makes them no liars.
    """
    heard = [heard_of(folder, kind) for kind in (LEDGER, REPLIES)]
    ledger, replies = (
        replace(inspect(folder, kind, whole=whole), heard=head)
        for kind, head in zip((LEDGER, REPLIES), heard, strict=True)
    )
    return ledger, replies


def _refuse_company(this: Inspection, is_alone: bool) -> None:
    if not is_alone:
        why = this.said or "it lacks what the other file of the journal knows of"
        raise StoreDamaged(
            f"{this.path} is damaged or was replaced while another client works with it ({why}). Nothing was sent or "
            "changed. Close every client of this home, and open it again: what is sound is used, and the rest is said."
        )


def _mend(folder: Path, kind: Kind, this: Inspection, found: Damage) -> str:
    """Put what is sound in the place of a damaged file; returns what to say of it."""
    aside = set_aside(this.path)
    with translated(this.path), closing(Database(folder, kind)) as new:
        saved = salvage(aside, new)
    if kind is LEDGER:
        found.charges |= bool(saved.suffered & _CHARGED)
        found.budgets |= bool(saved.suffered & _BUDGETED)
        found.intents = True
    lost = sum(table != "damages" for table, _ in saved.lost)
    taken = f"{saved.rows:,} of its rows are sound and are used" if saved.rows else "nothing of it could be used"
    gone = f"; what belonged to {lost:,} of its entries is gone" if lost else ""
    return f"{kind.name} is damaged: {this.said}. It was set aside as {aside.name}; {taken}{gone}."


def compare(ledger: Inspection, replies: Inspection, found: Damage, *, is_alone: bool) -> None:
    """Whether each file has all that the other has heard of it; what is lacking is added to what was found.

    Raises
    ------
    StoreDamaged
        They are not of one journal; or one is not what it was, and another client works with it.
    """
    known = ledger.heard, replies.heard
    if all(known) and not _knows(ledger.heard, replies) and not _knows(replies.heard, ledger):
        raise StoreDamaged(
            f"ledger.db and replies.db in {ledger.path.parent} belong to two journals. Nothing was sent or changed. "
            "Put back the one that belongs there; or move the wrong one elsewhere: what the other can tell is used."
        )
    for this, other in ((ledger, replies), (replies, ledger)):
        is_behind = other.heard is not None and not this.holds(other.heard)
        if not is_behind and (this.exists or not sum(other.counts.values())):
            continue
        _refuse_company(this, is_alone)
        if this is ledger:
            found.intents = found.budgets = True
        if not any(one.startswith(this.path.name) for one in found.said):
            what = "is an older copy, or its end was cut off" if this.exists else "is gone, and a new one was made"
            found.said.append(
                f"{this.path.name} {what}: it lacks what {other.path.name} knows of. Put the newest copy back while no "
                "client is open, if you have it."
            )


def _knows(heard: Head | None, other: Inspection) -> bool:
    return heard is not None and other.links.get(0) == heard.id


def marry(ledger: Database, replies: Database) -> None:
    """Let each file know the other as it is now, and hear of its commits from now on."""
    for this, other in ((ledger, replies), (replies, ledger)):
        with this.reading() as db:
            [(known, seq)] = rows(db, "select id, coalesce(seq, -1) from partner")
        head = other.head  # read after that: another client may write meanwhile, and note it
        if known != head.id or seq > head.seq:
            this.meet(head)
        this.partner = other


def remake(ledger: Database, replies: Database, *, charges: bool) -> int:
    """Put the intents that replies answer back into the ledger, to be settled by them; returns how many.

    Parameters
    ----------
    charges
        Whether what is there of such intents is to be made anew, too.
    """
    with replies.reading() as db:
        found = db.execute("select whole from replies where intent is not null group by intent order by min(id)")
        answered = [(msgspec.json.decode(whole, type=Intent), whole) for (whole,) in found]
    with ledger.copying() as db:
        db.execute("create temp table answered (id, call, operation, at, state, credits, records, requests, whole)")
        try:
            db.executemany(
                "insert into answered values (?, ?, ?, ?, 'unknown', ?, ?, ?, ?)",
                [(one.id, one.call, one.operation, as_text(one.at), *asdict(one.worst).values(), whole)
                 for one, whole in answered],
            )  # fmt: skip
            before = db.total_changes()
            for statement in (*(_ANEW if charges else ()), *_AGAIN):
                db.execute(statement)
            return db.total_changes() - before
        finally:
            db.execute("drop table answered")


# Windows depend on each other: where one charge is lost, all that a reply proves are made again, in their order.
_ANEW = (
    "delete from found where reply_to in (select id from answered)",
    "delete from charges where intent in (select id from answered)",
    "delete from readings",
    "update intents set state = 'unknown', credits = answered.credits, records = answered.records, "
    "requests = answered.requests from answered where intents.id = answered.id and intents.state = 'settled'",
)
_AGAIN = (
    "insert into intents select * from answered where id not in (select id from intents) order by rowid",
    # Charges that no reply proves are kept; their request is known by them alone.
    "insert into intents select intent, intent, operation, min(charged_at), 'settled', sum(credits), sum(records), "
    "1, '{}' from charges where intent not in (select id from intents) group by intent",
    "delete from found where intent not in (select id from intents)",
    "insert into calls (id, run, operation, question, owner, at, credits, records, requests, closed) "
    "select call, call, operation, '', '', min(at), sum(credits), sum(records), sum(requests), 1 from intents "
    "where call not in (select id from calls) group by call",
    "delete from draws where call not in (select id from calls) or cap not in (select id from caps)",
    "delete from looks",
)
