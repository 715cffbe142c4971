"""Who is not to be asked for, paid for or shown: the suppressions of an account, kept among what the user gave."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Protocol

import polars as pl

from zianalytics.errors import StoreDamaged
from zianalytics.journal.received.replies import Given, Replies

SUPPRESSIONS = "suppressions"
_FRAME = pl.Schema(
    {
        "contact_id": pl.Int64(),
        "email": pl.String(),
        "reason": pl.String(),
        "suppressed_at": pl.Datetime("us", "UTC"),
    }
)


@dataclass(frozen=True)
class Person:
    """Whom an entry means, by an id or an e-mail address, or by both."""

    contact_id: int | None = None
    email: str | None = None

    @property
    def keys(self) -> tuple[int | str, ...]:
        """What this person is found by; case and blanks around an address play no part."""
        return tuple(key for key in (self.contact_id, self.plain) if key is not None)

    @property
    def plain(self) -> str | None:
        """The address as it is compared."""
        return plain_email(self.email)


def plain_email(email: str | None) -> str | None:
    """An address as it is compared; None for an empty one."""
    return (email or "").strip().casefold() or None


def mark(secret: bytes, text: str) -> str:
    """What an address, or a digest of one, is recognised by when it must not be kept itself."""
    return hmac.digest(secret, text.encode(), "sha256").hex()


class Gifts(Protocol):
    """What the user gave, in order."""

    def given(self, kind: str, *, after: int = 0) -> Iterable[Given]:
        """What was given of this kind, oldest first."""


class Suppressed:
    """The suppressions, in the order in which they were made; what every process has written counts at once."""

    def __init__(self, gifts: Gifts) -> None:
        self._gifts = gifts
        self._lock = Lock()
        self._read_up_to = 0
        self._entries: list[dict[str, Any]] = []
        self._keys: frozenset[int | str] = frozenset()
        self._secret, self._marks = b"", frozenset[str]()

    def forget(self) -> None:
        """Read all of them anew when they are next asked for: they were written over."""
        with self._lock:
            self._read_up_to, self._entries = 0, []

    def marked(self, texts: Iterable[str]) -> set[str]:
        """Those of some addresses, or of digests of addresses, that belong to people who were erased."""
        self._current()
        return {one for one in texts if mark(self._secret, one) in self._marks} if self._marks else set()

    def keys(self) -> frozenset[int | str]:
        """Every id and every address that is suppressed now."""
        self._current()
        return self._keys

    def frame(self) -> pl.DataFrame:
        """One row per entry that is in force, oldest first: contact_id, email, reason, suppressed_at."""
        rows = [
            (one["contact_id"], one["email"], one["reason"], datetime.fromisoformat(one["at"]))
            for one in self._current()
        ]
        return pl.DataFrame(rows, schema=_FRAME, orient="row")

    def _current(self) -> Sequence[Mapping[str, Any]]:
        """The entries in force, with all that was written meanwhile."""
        with self._lock:
            for given in self._gifts.given(SUPPRESSIONS, after=self._read_up_to):
                try:
                    self._take(json.loads(given.payload), given.at)
                except (ValueError, KeyError, TypeError) as exc:
                    raise StoreDamaged(
                        f"Entry {given.id} of the suppressions in the journal cannot be read. Nothing was sent. "
                        "Put a copy of the journal back if you have one."
                    ) from exc
                self._read_up_to = given.id
            return self._entries

    def _take(self, told: Mapping[str, Any], at: datetime) -> None:
        if told["what"] == "suppress":
            there = self._keys
            for person in (Person(contact_id, email) for contact_id, email in told["people"]):
                if there.issuperset(person.keys):
                    self._entries = [_renewed(one, person, told["reason"]) for one in self._entries]
                else:
                    one = {"contact_id": person.contact_id, "email": person.email, "reason": told["reason"]}
                    self._entries.append(one | {"at": at.isoformat()})
        elif told["what"] == "erase":
            self._secret, marks = bytes.fromhex(told["secret"]), frozenset(told["marks"])
            self._entries += [
                {"contact_id": one, "email": None, "reason": "erased", "at": at.isoformat(), "marks": marks}
                for one in told["ids"] or [None]
            ]
        else:
            allowed = {key for contact_id, email in told["people"] for key in Person(contact_id, email).keys}
            marks = frozenset(mark(self._secret, key) for key in allowed if isinstance(key, str))
            self._entries = [
                one
                for one in self._entries
                if not allowed & {one["contact_id"], one["email"]} and not marks & one.get("marks", frozenset())
            ]
        keys = (Person(one["contact_id"], one["email"]).keys for one in self._entries)
        self._keys = frozenset(key for found in keys for key in found)
        self._marks = frozenset(mark for one in self._entries for mark in one.get("marks", ()))


def _renewed(entry: dict[str, Any], person: Person, reason: str) -> dict[str, Any]:
    """An entry with a new reason, where it means this person; that somebody was erased stays the reason."""
    is_theirs = bool({entry["contact_id"], entry["email"]} & set(person.keys)) and "marks" not in entry
    return entry | {"reason": reason} if is_theirs else entry


def _counted(entries: Sequence[Mapping[str, Any]], same: set[tuple[int, str]]) -> int:
    """How many people entries are about: an id and an address that are known to be of one person are one."""
    ids = {one["contact_id"] for one in entries} - {None}
    theirs = {email for number, email in same if number in ids}
    theirs |= {one["email"] for one in entries if one["contact_id"] is not None}
    return len(ids) + len({one["email"] for one in entries} - theirs - ({None} if ids else set()))


class People(Suppressed):
    """The suppressions, and how they come about."""

    def __init__(self, replies: Replies) -> None:
        super().__init__(replies)
        self._replies = replies

    def suppress(self, people: Iterable[Person], *, reason: str, at: datetime, anew: bool = False) -> int:
        """Keep that these people are not to be asked for or shown; returns how many of them were not there yet.

        Parameters
        ----------
        anew
            Whether the reason is also that of those who are there already.
        """
        already = self.keys()
        known, new, renewed = set(already), list[Person](), list[Person]()
        for person in people:
            if not known.issuperset(person.keys):
                new.append(person)
                known.update(person.keys)
            elif anew and already.issuperset(person.keys):
                renewed.append(person)
        self._write("suppress", [*new, *renewed], at, reason=reason)
        return len(new)

    def allow(self, people: Iterable[Person], *, at: datetime, same: Iterable[tuple[int, str]] = ()) -> int:
        """Keep that the entries which mean one of these people are ended; returns how many people that were.

        Parameters
        ----------
        same
            Ids, each with an address that is known to be of the same person.
        """
        before = list(self._current())
        meant = [one for one in people if set(one.keys) & self.keys() or self.marked(filter(None, [one.plain]))]
        self._write("allow", meant, at)
        left = self._current()
        return _counted([one for one in before if one not in left], set(same))

    def erase(self, ids: Iterable[int], texts: Iterable[str], *, at: datetime) -> None:
        """Keep that people are suppressed whose addresses are not to be kept: by their ids, and by marks of these.

        Parameters
        ----------
        texts
            Addresses, and digests of addresses, as they are compared.
        """
        self._current()
        wanted = sorted(set(ids) - {one["contact_id"] for one in self._entries if "marks" in one})
        marked = self.marked(said := set(texts))
        if wanted or marked != said:
            secret = self._secret or secrets.token_bytes(32)
            entry = {"what": "erase", "ids": wanted, "secret": secret.hex(), "marks": [mark(secret, t) for t in said]}
            self._replies.give(SUPPRESSIONS, json.dumps(entry).encode(), at=at)

    def _write(self, what: str, people: Sequence[Person], at: datetime, **more: str) -> None:
        if people:
            entry = {"what": what, "people": [[one.contact_id, plain_email(one.email)] for one in people], **more}
            self._replies.give(SUPPRESSIONS, json.dumps(entry).encode(), at=at)
