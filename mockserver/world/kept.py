"""What a large population is asked for first, kept in a folder of this user: to read it takes a seventh of drawing it.

A file belongs to one population and one edition of this package: whatever draws companies is part of its name. It holds
plain values, never code, and is read only where nobody else can have written it; one that is damaged is drawn anew.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from sys import intern
from typing import Any, TypeVar, get_type_hints

import msgspec
import platformdirs

from mockserver.memory import undisturbed
from mockserver.private import write_private
from mockserver.world.catalogue import Lists
from mockserver.world.crowd import Crowd
from mockserver.world.records import Company, Funding, Technology

T = TypeVar("T")
LEAST = 10_000  # companies; fewer are drawn as fast
FILES = 3  # populations that are kept, and crowds of people, those used latest
_PLACE_OF = {name: place for place, name in enumerate(Company.__struct_fields__)}
# Texts that come often.
_SHARED = [_PLACE_OF[n] for n in ("city", "state", "country", "continent", "metro_area", "kind", "sub_unit_type")]
_INDUSTRIES, _TECHNOLOGIES, _FUNDING = (_PLACE_OF[name] for name in ("industries", "technologies", "funding"))
_DIGEST = hashlib.sha256().digest_size
# How they are written: what the catalogue has, by its place there.
_WRITTEN: dict[str, Any] = {
    "industries": tuple[int, ...],
    "technologies": tuple[tuple[int, date, date], ...],
    "funding": tuple[tuple[date, str, int | None, tuple[str, ...]], ...],
}
_Row = msgspec.defstruct(
    "_Row",
    [(name, _WRITTEN.get(name, hint)) for name, hint in get_type_hints(Company).items()],
    array_like=True,
    gc=False,
)


def folder() -> Path:
    """Where the populations of this user are kept."""
    return platformdirs.user_cache_path("mockserver") / "worlds"


def companies(
    lists: Lists, draw: Callable[[], Sequence[Company]], *, seed: int, count: int, today: date, within: Path | None
) -> Sequence[Company]:
    """The companies of this population: as they are kept, or as `draw` makes them, which are then kept.

    Parameters
    ----------
    lists
        The catalogue that they are drawn from.
    draw
        Draws all of them.
    seed, count, today
        What decides how they are.
    within
        The folder; None keeps nothing.
    """

    def read(content: memoryview) -> Sequence[Company]:
        found = _companies(content, lists)
        if len(found) != count:
            raise ValueError("this was written of another population")
        return found

    with undisturbed():  # millions of values are made: to look for garbage would take a quarter of the time
        file = _file(within, ".msgpack", seed, count, today)
        return _kept(file, read, draw, lambda drawn: _written(drawn, lists))


def crowd(
    ids: Sequence[int], look: Callable[[], Crowd], *, seed: int, count: int, today: date, within: Path | None
) -> Crowd:
    """What the people with these ids have in common: as it is kept, or as `look` finds it, which is then kept.

    `seed`, `count`, `today` and `within` are those of their `companies`.
    """
    file = _file(within, ".crowd", seed, count, today)
    return _kept(file, lambda content: Crowd.read(content, ids), look, lambda seen: seen.content)


def _file(within: Path | None, kind: str, seed: int, count: int, today: date) -> Path | None:
    """Where something of this population is kept; None where nothing is."""
    if within is None or count < LEAST:
        return None
    return within / f"{seed}-{count}-{today}-{_edition()}{kind}"


def _kept(
    file: Path | None, read: Callable[[memoryview], T], make: Callable[[], T], written: Callable[[T], bytes]
) -> T:
    """What `read` finds in a file; where it cannot be believed, what `make` makes, which is then written there."""
    if file is None:
        return make()
    with suppress(OSError, ValueError, LookupError, TypeError, msgspec.MsgspecError):
        found = read(_content(file))
        os.utime(file)
        return found
    made = make()
    with suppress(OSError):  # it is made again the next time
        _write(file, written(made))
    return made


def _companies(content: memoryview, lists: Lists) -> list[Company]:
    read = msgspec.msgpack.Decoder(_Row).decode  # row by row: all at once would take twice the memory
    rows = msgspec.msgpack.decode(content, type=list[msgspec.Raw])
    return [_company(read(row), lists) for row in rows]


def _content(file: Path) -> memoryview:
    for path in (file.parent, file):
        if not _is_ours(path):
            raise PermissionError(f"{path} may have been written by somebody else")
    content = file.read_bytes()
    if hashlib.sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
        raise ValueError(f"{file} is damaged")
    return memoryview(content)[_DIGEST:]


def _written(drawn: Sequence[Company], lists: Lists) -> bytes:
    industries = {industry.id: place for place, industry in enumerate(lists.industries)}
    products = {product: place for place, product in enumerate(lists.technologies)}
    return msgspec.msgpack.encode([_row(company, industries, products) for company in drawn])


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not _is_ours(file.parent):
        return
    write_private(file, hashlib.sha256(content).digest(), content)
    latest = sorted(file.parent.glob(f"*{file.suffix}"), key=lambda one: one.stat().st_mtime_ns)
    for old in latest[:-FILES]:
        old.unlink(missing_ok=True)


def _row(company: Company, industries: dict[str, int], products: dict[Any, int]) -> list[Any]:
    told = list(msgspec.structs.astuple(company))
    told[_INDUSTRIES] = [industries[industry.id] for industry in company.industries]
    told[_TECHNOLOGIES] = [(products[t.product], t.first_seen, t.last_seen) for t in company.technologies]
    told[_FUNDING] = [(r.on, r.kind, r.amount_usd, r.investors) for r in company.funding]
    return told


def _company(row: Any, lists: Lists) -> Company:
    told = list(msgspec.structs.astuple(row))
    for place in _SHARED:
        if told[place] is not None:
            told[place] = intern(told[place])
    told[_INDUSTRIES] = tuple([lists.industries[place] for place in row.industries])
    told[_TECHNOLOGIES] = tuple(
        [Technology(lists.technologies[place], first, last) for place, first, last in row.technologies]
    )
    told[_FUNDING] = tuple([Funding(*one) for one in row.funding])
    return Company(*told)


def _is_ours(path: Path) -> bool:
    """Whether this user alone can write there. Windows keeps the folder to its user by itself."""
    found = path.lstat()
    if not hasattr(os, "getuid"):
        return True
    others = stat.S_IWGRP | stat.S_IWOTH
    return found.st_uid == os.getuid() and not found.st_mode & others and not stat.S_ISLNK(found.st_mode)


@cache
def _edition() -> str:
    """A name for all that decides what is drawn: the files of this room."""
    digest = hashlib.sha256()
    for file in sorted(_files(files(__package__)), key=str):
        digest.update(f"{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _files(under: Traversable) -> Iterator[Traversable]:
    for one in under.iterdir():
        if one.is_dir():
            yield from _files(one) if one.name != "__pycache__" else ()
        elif not one.name.endswith(".pyc"):
            yield one
