"""A person cut out of bodies: of requests, of answers and of deliveries. All else stays byte for byte what it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from zianalytics.api.spec import Operation

_NULL = msgspec.Raw(b"null")
_IDS = ("id", "personid", "contactid")
_NAMES = ("firstname", "lastname", "fullname", "personfirstname", "personlastname", "personfullname")
_EMAILS = ("email", "emailaddress", "emailaddresses", "pastemailaddresses", "supplementalemail", "personemailaddress")
_PHONES = ("phone", "directphone", "mobilephone", "personphone")
_HASHED = ("hashedemail", "hashedemails")
_EMPLOYERS = ("companyid", "companyname")
_RECORDS_AT = ("data", "result")
_INPUTS_AT = ("input", "matchpersoninput")
_BROKEN = (msgspec.MsgspecError, ValueError, RecursionError)


class Whom(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to be cut out, by all that tells them from others; texts in lower case, numbers as their digits."""

    ids: frozenset[int] = frozenset()
    emails: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    hashes: frozenset[str] = frozenset()
    employers: frozenset[str] = frozenset()

    def __or__(self, other: Whom) -> Whom:
        return Whom(**{one: getattr(self, one) | getattr(other, one) for one in self.__struct_fields__})

    def is_meant(self, said: Whom) -> bool:
        """Whether an object that says this of somebody is about them: by id where it has one, else as far as can be."""
        if said.ids:
            return bool(said.ids & self.ids)
        if said.emails & self.emails or said.hashes & self.hashes:
            return True
        if said.phones & self.phones and not said.names:  # colleagues may share one
            return True
        return bool(said.names & self.names)

    def __bool__(self) -> bool:
        return any(getattr(self, one) for one in ("ids", "emails", "names", "hashes"))


@dataclass(frozen=True)
class Cut:
    """A body without them.

    Attributes
    ----------
    people
        Whose records were cut out, by id; None where a record had none.
    """

    body: bytes
    people: tuple[int | None, ...]


def people_in(operation: Operation[...], body: bytes) -> Iterator[Whom]:
    """What a body says of each person in it; nothing where it cannot be read."""
    try:
        told = json.loads(body)
    except _BROKEN:
        return
    yield from _people(told, "", is_about_people(operation))


def is_about_people(operation: Operation[...]) -> bool:
    """Whether its records are people."""
    return operation.record.key[:1] == ("contact_id",)


def without(operation: Operation[...], body: bytes, whom: Whom) -> Cut:
    """An answer or a delivery without them: of each record its id is left. One that cannot be read is emptied."""
    if not mentions(body, whom):
        return Cut(body, ())
    knife = _Knife(whom, is_about_people(operation))
    try:
        left = bytes(knife.value(msgspec.Raw(body.strip()), "", within=False))
    except _BROKEN:
        return Cut(b"", (None,))
    return Cut(left, tuple(knife.people)) if knife.has_cut else Cut(body, ())


def request_without(body: bytes, whom: Whom, rows: Mapping[int, int | None]) -> bytes:
    """A request that names them no more: an input becomes their id, a criterion is left out.

    Parameters
    ----------
    rows
        The inputs that are known to be about them, and the id of each.
    """
    if not body:
        return body
    try:
        told = json.loads(body)
    except _BROKEN:
        return b"" if mentions(body, whom) else body
    if not isinstance(told, dict):
        return body
    before = json.dumps(told)
    inputs = told.get("matchPersonInput")
    if isinstance(inputs, list):
        told["matchPersonInput"] = [
            _named(rows.get(at), "personId") if at in rows or _is_theirs(one, whom) else one
            for at, one in enumerate(inputs)
        ]
    for criteria in (told, told.get("query")):
        if isinstance(criteria, dict):
            _leave_out(criteria, whom)
    return body if json.dumps(told) == before else json.dumps(told, separators=(",", ":")).encode()


def mentions(body: bytes, whom: Whom) -> bool:
    """Whether a body may be about them; false only where it is certainly not."""
    if b"\\u" in body:
        return True
    try:
        text = body.decode().casefold()
    except UnicodeDecodeError:
        return True
    names = (name.split()[-1] for name in whom.names if name.split())
    return any(needle in text for needle in (*map(str, whom.ids), *whom.emails, *whom.hashes, *names))


def said_of(fields: Mapping[str, Any]) -> Whom:
    """What an object says of the person that it is about."""
    flat = {name.casefold().replace("_", ""): value for name, value in fields.items()}
    employer = flat.get("company")
    employers = [employer.get("id"), employer.get("name")] if isinstance(employer, dict) else []
    full = [flat.get("fullname"), flat.get("personfullname")]
    for before in ("", "person"):
        first, last = flat.get(f"{before}firstname"), flat.get(f"{before}lastname")
        full += [f"{first} {last}"] if first and last else []
    return Whom(
        ids=frozenset(number for name in _IDS if (number := _id(flat.get(name))) is not None),
        emails=frozenset(_plain(one) for name in _EMAILS for one in _texts(flat.get(name)) if "@" in one),
        names=frozenset(_plain(one) for one in full if isinstance(one, str) and one.strip()),
        phones=frozenset(filter(None, (digits(one) for name in _PHONES for one in _texts(flat.get(name))))),
        hashes=frozenset(_plain(one) for name in _HASHED for one in _texts(flat.get(name))),
        employers=frozenset(_plain(str(one)) for one in (*employers, *map(flat.get, _EMPLOYERS)) if one),
    )


def digits(phone: str) -> str:
    """A number as it is compared: its digits; "" for one too short to be a number."""
    found = re.sub(r"\D", "", phone)
    return found if len(found) > 6 else ""


class _Knife:
    def __init__(self, whom: Whom, is_about_people: bool) -> None:
        self._whom, self._is_about_people = whom, is_about_people
        self.people: list[int | None] = []
        self.has_cut = False

    def value(self, raw: msgspec.Raw, key: str, *, within: bool) -> msgspec.Raw:
        """What is left of a value; `within` another person's record their names may be that person's own."""
        first = bytes(raw).lstrip()[:1]
        if first == b"{":
            return self._object(raw, key, within)
        if first == b"[":
            before = msgspec.json.decode(raw, type=list[msgspec.Raw])
            after = [self.value(one, key, within=within) for one in before]
            if all(one is other for one, other in zip(before, after, strict=True)):
                return raw
            return msgspec.Raw(msgspec.json.encode([one for one in after if one is not _NULL]))
        if first == b'"' and self._is_theirs(json.loads(bytes(raw)), within):
            self.has_cut = True
            return _NULL
        return raw

    def _object(self, raw: msgspec.Raw, key: str, within: bool) -> msgspec.Raw:
        fields = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        if is_person := _is_person(fields, key, self._is_about_people):
            said = said_of(json.loads(bytes(raw)))
            if self._whom.is_meant(said):
                self.has_cut = True
                if key.casefold() in _INPUTS_AT:
                    return msgspec.Raw(json.dumps(_named(min(said.ids, default=None), "personid")).encode())
                self.people.append(min(said.ids, default=None))
                return msgspec.Raw(msgspec.json.encode({n: one for n, one in fields.items() if n.casefold() in _IDS}))
        count = len(self.people)
        inside = within or (is_person and key.casefold() not in _INPUTS_AT)
        left = {name: self.value(one, name, within=inside) for name, one in fields.items()}
        if all(left[name] is one for name, one in fields.items()):
            return raw
        if "input" in left and len(self.people) > count:  # the input that was answered with them
            left["input"] = msgspec.Raw(json.dumps(_named(self.people[-1], "personid")).encode())
        return msgspec.Raw(msgspec.json.encode(left))

    def _is_theirs(self, text: str, within: bool) -> bool:
        plain = _plain(text)
        return plain in self._whom.emails or (not within and plain in self._whom.names)


def _is_person(fields: Mapping[str, Any], key: str, is_about_people: bool) -> bool:
    names = {name.casefold() for name in fields}
    if names & set(_NAMES) or key.casefold() in _INPUTS_AT:
        return True
    listed = "contact" in key.casefold() or "person" in key.casefold()
    return bool(names & set(_IDS)) and (listed or (is_about_people and key in _RECORDS_AT))


def _people(told: Any, key: str, is_about_people: bool) -> Iterator[Whom]:
    if isinstance(told, dict):
        if key.casefold() not in _INPUTS_AT and _is_person(told, key, is_about_people):
            yield said_of(told)
        for name, one in told.items():
            yield from _people(one, name, is_about_people)
    elif isinstance(told, list):
        for one in told:
            yield from _people(one, key, is_about_people)


def _leave_out(criteria: dict[str, Any], whom: Whom) -> None:
    """Leave out the criteria of a search that name them."""
    for name in [one for one in criteria if one.casefold() in (*_EMAILS, *_PHONES, *_HASHED, *_NAMES)]:
        told = criteria[name]
        kept = [one for one in _texts(told) if not _names(one, name.casefold(), whom)]
        if len(kept) < len(_texts(told)):
            criteria[name] = kept if isinstance(told, list) else ",".join(kept)
            if not kept:
                del criteria[name]
    if said_of(criteria).names & whom.names:
        for name in [one for one in criteria if one.casefold() in _NAMES]:
            del criteria[name]


def _names(text: str, criterion: str, whom: Whom) -> bool:
    if criterion in _PHONES:
        return digits(text) in whom.phones
    return _plain(text) in whom.emails | whom.hashes | whom.names


def _is_theirs(given: Any, whom: Whom) -> bool:
    return isinstance(given, dict) and whom.is_meant(said_of(given))


def _named(number: int | None, word: str) -> dict[str, Any]:
    return {} if number is None else {word: number}


def _texts(told: Any) -> list[str]:
    found: Iterable[Any] = told if isinstance(told, list) else told.split(",") if isinstance(told, str) else ()
    return [one.strip() for one in found if isinstance(one, str) and one.strip()]


def _id(told: Any) -> int | None:
    text = str(told)
    return int(text) if not isinstance(told, bool) and text.isascii() and text.isdecimal() else None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
