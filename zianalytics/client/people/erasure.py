"""Erasing people: who is meant, where they stand in the journal, and how each place is left."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import msgspec
import polars as pl

from zianalytics.api.enterprise.erased import Whom, is_about_people, people_in, request_without, said_of, without
from zianalytics.api.enterprise.requests import input_names
from zianalytics.api.table import DELIVERED, JOBS, OPERATIONS
from zianalytics.client.people.strays import Stray, strays
from zianalytics.client.people.suppression import digests_of
from zianalytics.clock import ServerClock
from zianalytics.errors import RequestRefused, StoreDamaged, StoreUnusable
from zianalytics.journal import SUPPRESSIONS, Answer, Erasing, Intent, Journal, Reply, Rewritten, plain_email

_ALL = {**OPERATIONS, **DELIVERED}
_ABOUT_PEOPLE = frozenset(name for name, row in _ALL.items() if is_about_people(row))
DONE = pl.Schema({"where": pl.String(), "what": pl.String(), "count": pl.Int64()})


@dataclass
class _Found:
    """What is to be changed, and how it is told."""

    replies: list[Rewritten] = field(default_factory=list)
    intents: list[Intent] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    gone: list[Answer] = field(default_factory=list)
    told: Counter[tuple[str, str]] = field(default_factory=Counter)


class Erasure:
    """Takes people out of everything that is kept in a home.

    Parameters
    ----------
    renew
        Makes the warehouse again from the journal, in a new file.
    check_left
        Raises StoreHeld where that cannot be, because this program is reading the old one.
    """

    def __init__(
        self,
        journal: Journal,
        clock: ServerClock,
        renew: Callable[[], None],
        check_left: Callable[[], None] = lambda: None,
    ) -> None:
        self._journal, self._clock, self._renew, self._check_left = journal, clock, renew, check_left
        self._erasing: Erasing = journal.erasing

    def preview(self, wanted: Iterable[Whom]) -> pl.DataFrame:
        """What would be erased, as counts; changes nothing."""
        whom = self._all_of(wanted)
        found = self._look(whom)
        return _told(found.told, strays(self._journal.folder, self._erasing.left_over(), whom), delete=False)

    def run(self, wanted: Iterable[Whom], *, delete: bool = False) -> pl.DataFrame:
        """Erase people; returns what was done, as counts."""
        named = list(wanted)
        kept_out = sum(bool(one.ids or one.emails) for one in named)  # a name alone is known by none of its marks
        with self._erasing.alone():
            self._check_left()
            whom = self._all_of(named)
            found = self._look(whom)
            self._erasing.begin(msgspec.json.encode(whom))
            with self._noted():
                return self._carry_out(whom, found, delete=delete, kept_out=kept_out)

    def finish(self) -> None:
        """Do an erasure again that was interrupted; where another client works here, it may be the one that does it."""
        if self._erasing.pending is None or not self._erasing.is_alone:
            return
        with self._erasing.alone():
            if (told := self._erasing.pending) is None:
                return
            try:
                whom = msgspec.json.decode(told, type=Whom)
            except msgspec.MsgspecError as exc:
                raise StoreDamaged(
                    f"{self._journal.folder / 'erasing'} cannot be read: it says who was to be erased when that was "
                    "interrupted. Nothing was sent or changed. Delete it, and erase them again."
                ) from exc
            with self._noted():
                self._carry_out(whom, self._look(whom), delete=False)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """The block, which is done again from its beginning where the disk does not let it end."""
        try:
            yield
        except (StoreUnusable, OSError) as exc:
            raise StoreUnusable(
                f"Erasing from {self._journal.folder} has not come to its end: {exc} Who is to be erased is noted, and "
                "nothing was sent or spent. Free the disk; then the next client of this home that is alone finishes "
                "it: run zia erase, zia ledger statement, or any call."
            ) from exc

    def _carry_out(self, whom: Whom, found: _Found, *, delete: bool, kept_out: int = 0) -> pl.DataFrame:
        now = self._clock.now()
        self._journal.people.erase(whom.ids, {*whom.emails, *whom.hashes}, at=now)
        left = strays(self._journal.folder, self._erasing.left_over(), whom)
        for one in left:
            one.delete(delete)
        self._erasing.write_gifts(SUPPRESSIONS, lambda payload: _without_values(payload, whom))
        self._erasing.write_replies(found.replies, at=now)
        self._erasing.write_ledger(found.intents, found.asked, found.gone)
        self._journal.people.forget()
        self._journal.addressed.forget()
        self._erasing.compact()
        self._renew()
        self._erasing.end()
        return _told(found.told, left, delete=delete, kept_out=kept_out)

    def _all_of(self, wanted: Iterable[Whom]) -> Whom:
        """All that is known of those who are wanted, each found by what is given of them."""
        known = Whom()
        for seed in wanted:
            known |= self._known(seed)
        hashes = frozenset(one for address in known.emails for one in digests_of(address))
        return known | Whom(hashes=hashes)

    def _known(self, seed: Whom) -> Whom:
        met = [said for reply in self._journal.replies() for said in self._people_in(reply)]
        met += [
            Whom(ids=frozenset([number]), emails=frozenset([address]))
            for given in self._journal.given(SUPPRESSIONS)
            for number, address in json.loads(given.payload).get("people", ())
            if number is not None and address is not None
        ]
        by_name = [one for one in met if one.names & seed.names and one.employers & seed.employers]
        if len(ids := frozenset[int]().union(*(one.ids for one in by_name))) > 1 and not seed.ids | seed.emails:
            raise RequestRefused(
                f"{len(ids)} people have that name at that company: {', '.join(map(str, sorted(ids)))}. Nobody was "
                "erased. Name one by contact_id, or all of them if they are one."
            )
        known = Whom(ids=seed.ids | ids, emails=seed.emails, hashes=seed.hashes)
        while True:
            more = known
            for one in met:
                if one.ids & more.ids or one.emails & more.emails:
                    more |= one
            for answer in self._erasing.answers(sorted(_ABOUT_PEOPLE)):
                if answer.record_id is not None and int(answer.record_id) in more.ids:
                    more |= replace_ids(said_of(_json(answer.asked)))
            if more == known:
                return more | Whom(names=seed.names, employers=seed.employers, phones=seed.phones)
            known = more

    def _people_in(self, reply: Reply) -> Iterator[Whom]:
        return people_in(_ALL[reply.operation], reply.body) if reply.operation in _ALL else iter(())

    def _look(self, whom: Whom) -> _Found:
        """Everything that is to be written over.

        Raises
        ------
        RequestRefused
            A request that names them has no end: asked again, it would bring them back.
        """
        found = _Found()
        answers = self._erasing.answers(sorted(_ABOUT_PEOPLE))
        whose = {one.asked: int(one.record_id) for one in answers if one.record_id is not None}
        found.gone = [one for one in answers if whose.get(one.asked) in whom.ids]
        waiting = 0
        for intent, is_over in self._erasing.intents():
            if (new := self._without(intent, whom, whose, found.asked)) != intent:
                found.intents.append(new)
                waiting += not is_over
        if waiting:
            raise RequestRefused(
                f"{waiting:,} requests that name them have no end: sent and never answered, or bulk jobs that go on. "
                "Nobody was erased. End them first: zia reconcile, or zi.bulk.resume()."
            )
        for reply in self._journal.replies():
            self._look_at(reply, whom, whose, found)
        count = sum(
            _without_values(given.payload, whom) != given.payload for given in self._journal.given(SUPPRESSIONS)
        )
        found.told["suppressions", "entries, kept without values"] += count
        return found

    def _look_at(self, reply: Reply, whom: Whom, whose: Mapping[str, int], found: _Found) -> None:
        operation = _ALL.get(reply.operation)
        if operation is None:
            return
        cut = without(operation, reply.body, whom)
        intent = reply.intent and self._without(reply.intent, whom, whose, {})
        rows = _rows(reply.intent, whom, whose) if reply.intent else {}
        request = request_without(reply.request, whom, rows)
        if (cut.body, intent, request) == (reply.body, reply.intent, reply.request):
            return
        found.replies.append(
            Rewritten(number=reply.id, request=request, intent=intent, body=cut.body, people=cut.people)
        )
        found.told[reply.operation, "replies written over"] += 1
        found.told[reply.operation, "records cut out"] += len(cut.people)

    def _without(self, intent: Intent, whom: Whom, whose: Mapping[str, int], changed: dict[str, str]) -> Intent:
        """A request that names them by nothing but their ids."""
        rows = _rows(intent, whom, whose)
        request = request_without(intent.request, whom, rows)
        asked, ids = list(intent.asked), list(intent.ids)
        for at, number in rows.items():
            words = input_names(JOBS.get(intent.operation) or _ALL[intent.operation])
            beside = {name: one for name, one in _json(asked[at]).items() if name not in words}
            new = json.dumps({"contact_id": number, **beside}, sort_keys=True)
            if new != asked[at]:
                changed[asked[at]] = asked[at] = new
                ids[at : at + 1] = [number]
        return replace(intent, request=request, asked=tuple(asked), ids=tuple(ids))


def replace_ids(said: Whom) -> Whom:
    """What an input says of somebody beside an id, which may be another's."""
    return Whom(emails=said.emails, names=said.names, phones=said.phones, hashes=said.hashes)


def _rows(intent: Intent, whom: Whom, whose: Mapping[str, int]) -> dict[int, int | None]:
    """The inputs of a request that are about them, and the id of each.

    Parameters
    ----------
    whose
        By what was asked, the id of the record that answered: a namesake's is not touched.
    """
    if intent.operation not in _ABOUT_PEOPLE:
        return {}
    rows: dict[int, int | None] = {}
    for at, asked in enumerate(intent.asked):
        said = said_of(_json(asked))
        if whose[asked] in whom.ids if asked in whose else said and whom.is_meant(said):
            rows[at] = whose.get(asked, min(said.ids or whom.ids, default=None))
    return rows


def _json(text: str) -> dict[str, object]:
    try:
        told = json.loads(text)
    except ValueError:  # the page of a search
        return {}
    return told if isinstance(told, dict) else {}


def _without_values(payload: bytes, whom: Whom) -> bytes:
    """An entry of the suppressions without their addresses, and without a reason that names them."""
    told = json.loads(payload)
    people = [
        [number, None] if number in whom.ids or plain_email(address) in whom.emails else [number, address]
        for number, address in told.get("people", ())
    ]
    people = [one for one in people if one != [None, None]]
    reason = str(told.get("reason", "")).casefold()
    named = any(one in reason for one in (*whom.emails, *(name.split()[-1] for name in whom.names)))
    if people == told.get("people", []) and not named:
        return payload
    return json.dumps({**told, "people": people, **({"reason": "not kept"} if named else {})}).encode()


def _told(counts: Counter[tuple[str, str]], left: Iterable[Stray], *, delete: bool, kept_out: int = 0) -> pl.DataFrame:
    rows = [(where, what, count) for (where, what), count in sorted(counts.items()) if count]
    if not rows:
        rows = [("journal", "nobody so named is held", 0)]
        rows += [("suppressions", "kept out from now on", kept_out)] if kept_out else []
    rows += [(one.name, one.fate(delete), 1) for one in left]
    return pl.DataFrame(rows, schema=DONE, orient="row")
