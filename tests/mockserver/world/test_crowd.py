"""What is said of all who share an aspect is what each of them would say; and it is looked for once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mockserver.world import Contact, World, kept
from mockserver.world.crowd import ASPECTS, Crowd

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def small() -> World:
    return World.build(seed=7, companies=150, now=NOW)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_everybody_with_a_value_says_the_same(aspect: str, small: World) -> None:
    of = ASPECTS[aspect]
    told = small.crowd.told(aspect, lambda i: of(p := small.contacts[i], small.companies[p.company_id]))
    assert [told(i) for i in small.contacts] == [of(p, small.companies[p.company_id]) for p in small.contacts.values()]


def test_those_who_pass_all_tests_are_found(small: World) -> None:
    def by(test: Callable[[Contact], bool]) -> Callable[[int], bool]:
        return lambda person_id: test(small.contacts[person_id])

    found = small.crowd.those(
        {"post": by(lambda p: "Director" in p.management_levels), "score": by(lambda p: p.accuracy_score > 90)}
    )
    people = small.contacts.values()
    assert found == [p.id for p in people if "Director" in p.management_levels and p.accuracy_score > 90]
    assert found
    assert list(small.crowd.those({})) == list(small.contacts)


def test_people_are_told_by_their_employers(small: World) -> None:
    some = set(list(small.companies)[::7])
    assert list(small.employed_by(list(small.contacts), some)) == [
        p.id for p in small.contacts.values() if p.company_id in some
    ]


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
