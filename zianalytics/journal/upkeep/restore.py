"""A copy in the place of a journal: looked through first, put there whole or not at all, and what it lacks is said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from zianalytics.errors import RequestRefused, StoreHeld
from zianalytics.journal.disk import anyone, clear_gone, private_folder, rows
from zianalytics.journal.received import SUPPRESSIONS, Replies, unpack
from zianalytics.journal.spending import Ledger
from zianalytics.journal.upkeep.backup import KINDS, unpacked
from zianalytics.journal.upkeep.inspection import UNREADABLE, looking_at
from zianalytics.journal.upkeep.salvage import set_aside
from zianalytics.journal.values import Allowance

RESTORING = "restoring"
_READY = "ready"
_DERIVED = "warehouse.duckdb"


@dataclass(frozen=True)
class Restored:
    """What a copy lacks of the journal in whose place it was put.

    Attributes
    ----------
    made_at
        When the copy was made.
    is_known
        Whether the journal that was there could be read; else what the copy lacks is not known.
    credits, records, replies
        What was charged and received since.
    suppressions
        Suppressions made since; they are taken over.
    has_budget
        Whether a standing budget is 0 now, because what was spent of it since is not in the copy.
    erased
        Ids of people who were erased since, and are in the copy.
    aside
        The files that were set aside.
    """

    made_at: datetime
    is_known: bool
    credits: int = 0
    records: int = 0
    replies: int = 0
    suppressions: tuple[tuple[str, bytes], ...] = ()
    has_budget: bool = False
    erased: tuple[int, ...] = ()
    aside: tuple[str, ...] = ()

    @property
    def is_older(self) -> bool:
        """Whether it lacks anything that is known."""
        return bool(self.credits or self.records or self.replies or self.suppressions)


def restore(copy: Path, folder: Path) -> Restored:
    """Put a copy in the place of the journal of an account, which is set aside.

    Raises
    ------
    StoreDamaged
        It is no sound copy.
    RequestRefused
        It is a copy of another account.
    StoreHeld
        A client has the home open.
    """
    private_folder(folder)
    with FileLock(folder / "opening.lock", mode=0o600):
        clear_gone(folder)
        if anyone(folder):
            raise StoreHeld(
                f"A client has {folder} open. Nothing was changed. Close the notebooks and commands of this home (zia "
                "webhooks serve, too), and run it again."
            )
        go_on(folder)
        new = folder / RESTORING
        try:
            with unpacked(copy, new) as found:
                if found.manifest.account != folder.name:
                    raise RequestRefused(
                        f"{copy} is a copy of the account {found.manifest.account}, not of {folder.name}. Nothing was "
                        "changed. Name the account that it belongs to with --account."
                    )
                told = _take_over(_lacking(folder, new, found.manifest.made_at), new)
                (new / _READY).touch(mode=0o600)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        return replace(told, aside=tuple(go_on(folder)))


def go_on(folder: Path) -> list[str]:
    """End a restoration: forwards once the copy is there whole, else backwards; returns what was set aside.

    Each step may be done twice. Nobody may open the journal meanwhile.
    """
    new, aside = folder / RESTORING, list[str]()
    if (new / _READY).exists():
        for kind in KINDS:
            if (new / kind.name).exists():
                if (folder / kind.name).exists():
                    aside.append(set_aside(folder / kind.name, "replaced").name)
                (new / kind.name).rename(folder / kind.name)
        for left in folder.glob(f"{_DERIVED}*"):
            left.unlink()
    shutil.rmtree(new, ignore_errors=True)
    return aside


def _lacking(folder: Path, new: Path, made_at: datetime) -> Restored:
    """What the copy lacks of the journal that is there."""
    if not all((folder / kind.name).exists() for kind in KINDS):
        return Restored(made_at, is_known=False)
    ledger, replies = (kind.name for kind in KINDS)
    try:
        sums = "select coalesce(sum(credits), 0), coalesce(sum(records), 0) from charges"
        before, after = _one(new / ledger, sums), _one(folder / ledger, sums)
        kept = [_one(at / replies, "select count(*), coalesce(max(id), 0) from replies") for at in (new, folder)]
        last = _one(new / replies, "select coalesce(max(id), 0) from given")[0]
        with looking_at(folder / replies) as db:
            given = rows(
                db, "select at, payload from given where kind = ? and id > ? order by id", [SUPPRESSIONS, last]
            )
    except UNREADABLE:
        return Restored(made_at, is_known=False)
    gifts = tuple((at, unpack(packed)) for at, packed in given)
    return Restored(
        made_at,
        is_known=True,
        credits=max(0, after[0] - before[0]),
        records=max(0, after[1] - before[1]),
        replies=max(0, kept[1][0] - kept[0][0]),
        suppressions=gifts,
        erased=tuple(_erased(payload for _, payload in gifts)),
    )


def _take_over(told: Restored, new: Path) -> Restored:
    """Bring the copy up to what must not be forgotten: suppressions are made again, a budget is ended."""
    with closing(Replies(new)) as replies:
        for at, payload in told.suppressions:
            replies.give(SUPPRESSIONS, payload, at=datetime.fromisoformat(at))
        now = replies.last_received() or told.made_at
    with closing(Ledger(new)) as ledger:
        has_budget = bool((told.is_older or not told.is_known) and ledger.caps.standing())
        if has_budget:
            ledger.caps.open(Allowance(credits=0, records=0, requests=0), "standing", at=now)
    return replace(told, has_budget=has_budget)


def _erased(payloads: Iterable[bytes]) -> list[int]:
    told = [json.loads(payload) for payload in payloads]
    return sorted({int(one) for entry in told if entry.get("what") == "erase" for one in entry["ids"]})


def _one(path: Path, sql: str) -> tuple[int, ...]:
    with looking_at(path) as db:
        return rows(db, sql)[0]
