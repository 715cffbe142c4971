"""A journal, whole: both files, what they say of each other, balances, and what has no end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw

from zianalytics.doctor.finding import Finding
from zianalytics.errors import StoreDamaged
from zianalytics.journal.disk import SUSPECT, rows
from zianalytics.journal.upkeep import PENDING, UNREADABLE, Damage, Inspection, compare, look, looking_at, noted

_OVER_BUDGET = """
select count(*) from (
    select 1 from caps join draws on draws.cap = caps.id group by caps.id
    having sum(draws.credits) > caps.credits or sum(draws.records) > caps.records
        or sum(draws.requests) > caps.requests
)
"""
_OVER_CALL = """
select count(*) from (
    select 1 from calls join intents on intents.call = calls.id group by calls.id
    having sum(intents.credits) > calls.credits or sum(intents.records) > calls.records
)
"""
_MEND = "Close all clients of it; the next that opens it uses what is sound, sets the rest aside and says what is lost."


def journal(folder: Path) -> Iterator[Finding]:
    """Every row, index and link of both files, and whether they fit together."""
    ledger, replies = look(folder, whole=True)
    for one in (ledger, replies):
        yield from _file(folder, one)
    yield from _each_other(folder, ledger, replies)
    for aside in sorted([*folder.glob("*.damaged-*.db"), *folder.glob("*.replaced-*.db")]):
        advice = "Keep it until what is missing was found elsewhere or given up; then delete it."
        what = (
            "a damaged file that was set aside" if ".damaged-" in aside.name else "set aside when a copy was put back"
        )
        yield Finding("warn", f"{folder.name}/{aside.name}", what, advice)
    if (folder / PENDING).exists():
        advice = "The next client that opens this home alone finishes it: run zia erase, or any call."
        yield Finding("bad", f"{folder.name}/{PENDING}", "somebody is being erased, or that was interrupted", advice)
    for note, place in noted(folder):
        found = f"a copy is being made in {place}, or that was interrupted: what lies there names people"
        advice = "The next client, or the next zia backup, removes what was interrupted. Else delete both."
        yield Finding("warn", f"{folder.name}/{note.name}", found, advice)
    if ledger.is_ours and ledger.is_whole and ledger.exists:
        with looking_at(ledger.path) as db:
            yield from _ledger(f"{folder.name}/ledger.db", db, ledger)


def _file(folder: Path, one: Inspection) -> Iterator[Finding]:
    what = f"{folder.name}/{one.path.name}"
    if not one.exists:
        yield Finding("warn", what, "it is not there", "Put the newest copy back, if there was one.")
    elif one.is_ours is False:
        yield Finding("bad", what, "it is not the file that belongs there, or of a newer version", "Move it elsewhere.")
    elif not one.is_whole:
        (folder / SUSPECT).touch(mode=0o600)  # the next opening looks at everything, too, however large it is
        yield Finding("bad", what, one.said, _MEND)
    elif not one.is_sealed:
        found = "sound as far as SQLite can tell; it is of an earlier version, and has no digests"
        yield Finding("ok", what, found, "It is brought up to date when it is next opened.")
    else:
        counts = ", ".join(f"{count:,} {table}" for table, count in one.counts.items()) or "no rows"
        yield Finding("ok", what, f"whole: {counts}; {len(one.links) - 1:,} commits, each linked to the one before")


def _each_other(folder: Path, ledger: Inspection, replies: Inspection) -> Iterator[Finding]:
    what, found = f"{folder.name}: ledger and replies", Damage()
    try:
        compare(ledger, replies, found, is_alone=True)
    except StoreDamaged as exc:
        yield Finding("bad", what, str(exc))
        return
    yield from (Finding("bad", what, said, _MEND) for said in found.said)
    if not (ledger.is_ours and replies.is_ours and ledger.exists and replies.exists):
        return
    try:
        with looking_at(ledger.path) as db, looking_at(replies.path) as other:
            kept = set(other.execute("select id, intent from replies where intent is not null").fetchall())
            known = {intent for (intent,) in db.execute("select id from intents").fetchall()}
            settled = set(db.execute("select distinct reply, reply_to from found").fetchall())
    except UNREADABLE:  # which of them, and what to do, is told by the line of the file
        return
    if lost := len(settled - kept):
        advice = "Put the newest copy of replies.db back; or zia reconcile fetches the records again, at no credit."
        yield Finding("bad", what, f"{lost:,} replies that are settled are not there", advice)
    if bare := len({intent for _, intent in kept} - known):
        yield Finding("bad", what, f"the ledger lacks the intents of {bare:,} replies", _MEND)
    if not (lost or bare or found.said):
        yield Finding("ok", what, "each has all that the other knows of")


def _ledger(what: str, db: apsw.Connection, ledger: Inspection) -> Iterator[Finding]:
    dangling = len(db.execute("pragma foreign_key_check").fetchall())
    over = sum(rows(db, question)[0][0] for question in (_OVER_BUDGET, _OVER_CALL))
    if dangling or over:
        found = f"{dangling:,} rows without the row they belong to, {over:,} budgets or calls above what they allow"
        yield Finding("bad", what, found, "Please report this, it should not happen.")
    else:
        yield Finding(
            "ok", f"{what}: balances", "reserved and spent are within every budget; every charge has its request"
        )
    [(unknown,)] = rows(db, "select count(*) from intents where state in ('open', 'unknown')")
    if unknown:
        found = f"{unknown:,} requests have no end: under way, never answered, or jobs that go on"
        advice = (
            "See zi.ledger.unanswered(). Run zia reconcile, or the same calls again: their records count again, their "
            "credits do not."
        )
        yield Finding("warn", f"{what}: unanswered", found, advice)
    if "damages" in ledger.counts:
        for at, said in rows(db, "select at, said from damages order by number desc limit 3"):
            yield Finding("warn", f"{what}: history", f"on {at[:10]} damage was found: {said}")
