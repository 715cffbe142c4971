"""Which held record an address belongs to: a company's website, a contact's e-mail.

What was asked for by id is known by its address, too, so that a form finds it. The addresses are read from the kept
replies, and kept as digests for the next process: see `journal/received/addressed.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

import polars as pl

from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS
from zianalytics.client.inputs.namesakes import domain_of, site_of
from zianalytics.client.inputs.question import Question
from zianalytics.errors import AnswerUnreadable, ZoomInfoError
from zianalytics.frames.decode import read_columns
from zianalytics.journal import Addressed, Journal, plain_email

_AT_ONCE = 100
_WORTH_KEEPING = 20
"""How many further replies are read again by the next process, rather than that the file is written anew."""


@dataclass(frozen=True)
class _Way:
    """What an input names, the column of the record that says it, and how it is compared."""

    says: str
    column: str
    plain: Callable[[str], str | None]


_WAYS: Mapping[str, _Way] = {
    "company": _Way("company_website", "website", domain_of),
    "contact": _Way("email", "email", plain_email),
}
"""By the name of the record. docs/assumptions.md, "a held record that has the address"."""


class Addresses:
    """The addresses in the records that a journal holds; threads may share it."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = Lock()

    def id_of(self, operation: Operation[...], says: Mapping[str, object]) -> int | None:
        """The only record that has the address, where an input names nothing else; None for none or several."""
        way = _WAYS.get(operation.record.name)
        if way is None or set(says) != {way.says}:
            return None
        address = way.plain(str(says[way.says]))
        if not address:
            return None
        with self._lock:
            return self._current(operation, way).record_of(address)

    def of(self, operation: Operation[...], questions: Sequence[Question]) -> dict[int, int]:
        """The record that each of these inputs of a list has the address of, by its row, where it is the only one.

        A website with a path is none of them: several companies may have pages at one domain.
        """
        named = {one.row: one for one in questions if one.id is None}
        named = {row: one for row, one in named.items() if "/" not in site_of(str(one.says.get("company_website", "")))}
        found = {row: self.id_of(operation, one.says) for row, one in named.items()}
        return {row: record for row, record in found.items() if record is not None}

    def learn(self, operation: Operation[...], read: pl.DataFrame) -> None:
        """Take in what a call has just paid for, so that a form of another process need not.

        Parameters
        ----------
        read
            Replies to it that are decoded already: `reply`, their numbers, and the columns of the record.
        """
        way = _WAYS.get(operation.record.name)
        if way is not None:
            with self._lock, suppress(ZoomInfoError):  # what was paid for is not lost over it
                self._current(operation, way, read)

    def _current(self, operation: Operation[...], way: _Way, read: pl.DataFrame | None = None) -> Addressed:
        """What is known, with what was settled since."""
        known = self._journal.addressed.of(operation.name)
        fresh, up_to = self._journal.statements.matched(operation.kept_as, after=known.up_to)
        if up_to < known.up_to:  # rows were taken out of the ledger, and the others have moved up
            known = self._journal.addressed.begin_anew(operation.name)
            fresh, up_to = self._journal.statements.matched(operation.kept_as, after=0)
        others = fresh
        if read is not None:
            told = read.select("reply", operation.record.key[0], way.column).filter(pl.col("reply").is_in(fresh))
            _add(known, way, told[operation.record.key[0]], told[way.column])
            others = sorted(set(fresh) - set(told["reply"]))
        for start in range(0, len(others), _AT_ONCE):
            for name, bodies in self._bodies(others[start : start + _AT_ONCE]).items():
                self._take(OPERATIONS[name], way, known, bodies)
        known.up_to = up_to
        if len(fresh) >= _WORTH_KEEPING:
            self._journal.addressed.write(operation.name)
        return known

    def _bodies(self, numbers: Sequence[int]) -> dict[str, list[bytes]]:
        bodies: dict[str, list[bytes]] = {}
        for reply in self._journal.some_replies(numbers).values():
            bodies.setdefault(reply.operation, []).append(reply.body)
        return bodies

    def _take(self, operation: Operation[...], way: _Way, known: Addressed, bodies: Sequence[bytes]) -> None:
        key = operation.record.key[0]
        for body in bodies:
            try:
                told = read_columns(operation, body, (key, way.column))
            except AnswerUnreadable:
                continue
            _add(known, way, told[key], told[way.column])


def _add(known: Addressed, way: _Way, records: pl.Series, addresses: pl.Series) -> None:
    for record, address in zip(records, addresses, strict=True):
        if record is not None and address and (compared := way.plain(address)):
            known.add(compared, record)
