"""Power cuts: what an account has been told is kept, is kept, whatever the disk makes of what it was not told to sync.

Runs a journal on a layer under SQLite that writes down each write and each sync. Then, for each of many moments, makes
the files as a disk may have left them: all that was synced, and of every sector that was not, by lot, the new content,
the old, or garbage. Each is opened again. Prints how many acknowledged replies, charges and reservations are missing,
and how often sound files were called damaged. docs/decisions/0002-damage-is-noticed.md quotes the output.
Run: python benchmarks/power_cuts.py [300] [--deaf: a disk that only says it has synced]
"""

from __future__ import annotations

import random
import sys
import tempfile
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import apsw

from zianalytics.errors import JournalDamaged, StoreUnusable
from zianalytics.journal import Allowance, Charge, Intent, Journal, Settlement
from zianalytics.schema.meters import Meters

SECTOR = 512
NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Event:
    """Something that happened to a file, or that the journal has acknowledged."""

    what: str
    name: str
    at: int = 0
    content: bytes = b""


class Recorded(apsw.VFSFile):
    """A file that writes down what is done to it."""

    def __init__(self, base: str, name: str | apsw.URIFilename | None, flags: list[int], events: list[Event]) -> None:
        super().__init__(base, name, flags)
        self._name = Path(name.filename() if isinstance(name, apsw.URIFilename) else str(name)).name
        self._events = events

    def xWrite(self, data: bytes, offset: int) -> None:
        """Write, and write it down."""
        super().xWrite(data, offset)
        self._events.append(Event("write", self._name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        """Cut off, and write it down."""
        super().xTruncate(newsize)
        self._events.append(Event("truncate", self._name, newsize))

    def xSync(self, flags: int) -> None:
        """Sync, and write it down."""
        super().xSync(flags)
        self._events.append(Event("sync", self._name))


class Recorder(apsw.VFS):
    """The usual layer, with files that write down what is done to them."""

    def __init__(self, events: list[Event]) -> None:
        self._base, self._events = apsw.vfs_names()[0], events
        super().__init__("recorder", self._base, makedefault=True)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> Recorded:
        """A file of ours."""
        return Recorded(self._base, name, flags, self._events)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        """Delete, and write it down."""
        super().xDelete(filename, syncdir)
        self._events.append(Event("delete", Path(filename).name))


def live(folder: Path, events: list[Event]) -> None:
    """Purchases in four sessions; each step that returns is written down as acknowledged."""
    bought = 0
    for _ in range(4):
        with Journal.open(folder) as journal:
            if journal.ledger.caps.standing() is None:
                journal.ledger.caps.open(Allowance(credits=10_000, records=10_000), "standing", at=NOW)
            cap = journal.ledger.caps.standing()
            for _ in range(12):
                ids = range(bought, bought := bought + 7)
                buy(journal, str(cap), list(ids), events)
        events.append(Event("rest", ""))


def buy(journal: Journal, cap: str, ids: list[int], events: list[Event]) -> None:
    """One call of two requests, from its reservation to its charges; the second is kept when the first is settled."""
    at = NOW + timedelta(minutes=ids[0])
    worst = Meters(credits=len(ids), records=len(ids), requests=2)
    call = journal.ledger.begin("enrich.companies", worst, at=at, caps=[cap])
    batches = ids[:4], ids[4:]
    intents = [
        Intent(
            id=str(uuid4()), call=call.id, operation="enrich.companies", request=b"{}",
            worst=Meters(credits=len(batch), records=len(batch), requests=1), at=at,
            asked=tuple(f"company {n}" for n in batch), ids=tuple(batch),
        )
        for batch in batches
    ]  # fmt: skip
    for intent in intents:
        journal.reserve(intent)
        events.append(Event("reserved", intent.id))
    for intent, batch in zip(intents, batches, strict=True):
        body = random.Random(batch[0]).randbytes(3000)
        number = journal.keep(intent, intent.operation, b"{}", status=200, headers={}, received=at, body=body)
        events.append(Event("kept", intent.id, number, body))
        charges = tuple(Charge(entity="company", record_id=str(n), redeems=True) for n in batch)
        journal.settle(Settlement(intent=intent.id, charged_at=at, reply=number, charges=charges))
    journal.ledger.end(call, finished=True)
    events.extend(Event("charged", intent.id, len(batch)) for intent, batch in zip(intents, batches, strict=True))


def left_by(events: list[Event], chance: random.Random, *, deaf: bool) -> dict[str, bytes]:
    """The files as a disk may have left them after these events."""
    synced: dict[str, bytearray] = {}
    waiting: dict[str, list[Event]] = {}
    for event in events:
        if event.what in ("write", "truncate"):
            synced.setdefault(event.name, bytearray())
            waiting.setdefault(event.name, []).append(event)
        elif event.what == "sync" and not deaf:
            for one in waiting.pop(event.name, []):
                apply(synced[event.name], one, one.content)
        elif event.what == "delete":
            synced.pop(event.name, None)
            waiting.pop(event.name, None)
    for name, writes in waiting.items():
        for one in writes:
            if one.what == "truncate":
                if chance.random() < 0.5:
                    apply(synced[name], one, b"")
                continue
            for start in range(0, len(one.content), SECTOR):
                piece = one.content[start : start + SECTOR]
                fate = chance.choice(["new", "new", "old", "garbage"])
                if fate != "old":
                    part = Event("write", name, one.at + start)
                    apply(synced[name], part, piece if fate == "new" else chance.randbytes(len(piece)))
    return {name: bytes(content) for name, content in synced.items()}


def apply(content: bytearray, event: Event, written: bytes) -> None:
    """Do to the content of a file what was done."""
    if event.what == "truncate":
        del content[event.at :]
        return
    content.extend(bytes(max(0, event.at + len(written) - len(content))))
    content[event.at : event.at + len(written)] = written


def missing(events: list[Event], folder: Path) -> tuple[int, int, int, int]:
    """Replies and charges that were acknowledged and are not there; reservations, too; and whether it cried damage."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            with Journal.open(folder) as journal:
                bodies = {one.intent.id: one.body for one in journal.replies() if one.intent}
                charged = journal.statements.ledger().group_by("intent_id").len()
                counts = dict(charged.rows())
                known = {one.intent.id for one in journal.open_intents()} | set(counts)
        except StoreUnusable:
            bodies, counts, known = {}, {}, set()
    kept = [one for one in events if one.what == "kept"]
    return (
        sum(bodies.get(one.name) != one.content for one in kept),
        sum(counts.get(one.name, 0) != one.at for one in events if one.what == "charged"),
        sum(one.name not in known for one in events if one.what == "reserved"),
        sum(issubclass(one.category, JournalDamaged) for one in said),
    )


def main() -> None:
    """Print what was lost."""
    deaf = "--deaf" in sys.argv
    cuts = int(next((one for one in sys.argv[1:] if one.isdigit()), "300"))
    events: list[Event] = []
    usual = apsw.vfs_names()[0]
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as home:  # noqa: S108
        recorder = Recorder(events)
        live(Path(home) / "account", events)
        apsw.set_default_vfs(usual)
        del recorder
        chance, lost, told = random.Random(11), [0, 0, 0, 0], [0, 0, 0]
        first = next(at for at, one in enumerate(events) if one.what == "reserved")
        for cut in range(cuts):
            before = events[: chance.randrange(first, len(events))]
            folder = Path(home) / f"cut-{cut}"
            folder.mkdir()
            for name, content in left_by(before, chance, deaf=deaf).items():
                (folder / name).write_bytes(content)
            lost = [sum(both) for both in zip(lost, missing(before, folder), strict=True)]
            kinds = ("kept", "charged", "reserved")
            told = [n + sum(one.what == kind for one in before) for n, kind in zip(told, kinds, strict=True)]
    print(
        f"{cuts} power cuts: {lost[0]:,} of {told[0]:,} acknowledged replies lost, {lost[1]:,} of {told[1]:,} charges, "
        f"{lost[2]:,} of {told[2]:,} reservations; called damaged {lost[3]:,} times"
    )


if __name__ == "__main__":
    main()
