"""What is said of all who share an aspect is what each of them would say; and it is looked for once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from operator import eq
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mockserver import bits
from mockserver.world import World, kept
from mockserver.world.crowd import ASPECTS, Crowd

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def small() -> World:
    return World.build(seed=7, companies=150, now=NOW)


def values(aspect: str, world: World) -> list[Any]:
    return [ASPECTS[aspect].of(p, world.companies[p.company_id]) for p in world.contacts.values()]


@pytest.mark.parametrize("aspect", ASPECTS)
def test_those_with_a_value_are_told_from_all_others(aspect: str, small: World) -> None:
    everybody = values(aspect, small)
    read = Crowd.read(small.crowd.content, small.crowd.ids)
    for crowd in (small.crowd, read):
        for value in set(everybody):
            found = bits.places(crowd.those(aspect, partial(eq, value)))
            assert found == [place for place, one in enumerate(everybody) if one == value]


def test_all_are_ordered_by_what_is_made_of_their_value(small: World) -> None:
    names, column = values("last name", small), small.crowd.column("last name", str.casefold)
    everybody = (1 << len(names)) - 1
    found = column.first_places(everybody, 50, descending=False)
    assert found == sorted(range(len(names)), key=lambda place: names[place].casefold())[:50]
    assert list(small.crowd.ids) == list(small.contacts)


def test_a_crowd_is_looked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LEAST", 100)
    first, second = (World.build(seed=7, companies=100, now=NOW, kept_in=tmp_path / "worlds") for _ in range(2))
    content = first.crowd.content
    monkeypatch.setattr(Crowd, "of", None)
    assert second.crowd.content == content


def test_a_damaged_crowd_is_looked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LEAST", 100)
    first, second = (World.build(seed=7, companies=100, now=NOW, kept_in=tmp_path / "worlds") for _ in range(2))
    content = first.crowd.content
    [file] = (tmp_path / "worlds").glob("*.crowd")
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert second.crowd.content == content


def test_a_crowd_of_other_people_is_refused(small: World) -> None:
    with pytest.raises(ValueError, match="other people"):
        Crowd.read(small.crowd.content, [1, 2, 3])
    with pytest.raises(ValueError, match="other people"):
        Crowd.read(msgspec.msgpack.encode({}), [])
