"""A large population is drawn once and read from then on; what cannot be believed is drawn again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from mockserver.world import World, kept
from mockserver.world.catalogue import read
from mockserver.world.records import Company

TODAY = date(2026, 10, 1)


@dataclass
class Drawing:
    """Draws the same companies each time, and counts how often."""

    world: World
    times: int = field(default=0)

    def __call__(self) -> Sequence[Company]:
        self.times += 1
        return list(self.world.companies.values())

    def ask(self, within: Path | None, seed: int = 7) -> Sequence[Company]:
        count = len(self.world.companies)
        return kept.companies(read(), self, seed=seed, count=count, today=TODAY, within=within)


@pytest.fixture
def drawing(world: World, monkeypatch: pytest.MonkeyPatch) -> Drawing:
    monkeypatch.setattr(kept, "LEAST", 3_000)
    return Drawing(world)


def only_file(folder: Path) -> Path:
    [file] = folder.iterdir()
    return file


def test_what_is_read_is_what_was_drawn(tmp_path: Path, drawing: Drawing) -> None:
    first, second = drawing.ask(tmp_path / "worlds"), drawing.ask(tmp_path / "worlds")
    assert drawing.times == 1
    assert list(second) == list(first)
    assert second[5].industries[0] is first[5].industries[0]


def test_a_small_population_is_not_kept(tmp_path: Path, world: World) -> None:
    drawing = Drawing(world)
    drawing.ask(tmp_path)
    drawing.ask(tmp_path)
    assert drawing.times == 2
    assert not list(tmp_path.iterdir())


def test_another_seed_is_another_population(tmp_path: Path, drawing: Drawing) -> None:
    drawing.ask(tmp_path / "worlds")
    drawing.ask(tmp_path / "worlds", seed=8)
    assert drawing.times == 2


def test_another_edition_of_the_package_draws_anew(
    tmp_path: Path, drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing.ask(tmp_path / "worlds")
    monkeypatch.setattr(kept, "_edition", lambda: "next")
    drawing.ask(tmp_path / "worlds")
    assert drawing.times == 2


def test_no_more_than_three_populations_are_kept_those_used_latest(tmp_path: Path, drawing: Drawing) -> None:
    folder = tmp_path / "worlds"
    for seed in (1, 2, 3):
        drawing.ask(folder, seed=seed)
        [file] = folder.glob(f"{seed}-*")
        os.utime(file, (seed, seed))
    drawing.ask(folder, seed=1)
    drawing.ask(folder, seed=4)
    assert sorted(file.name[0] for file in folder.iterdir()) == ["1", "3", "4"]


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "another"])
def test_a_damaged_file_is_drawn_and_written_anew(tmp_path: Path, drawing: Drawing, damage: str) -> None:
    folder = tmp_path / "worlds"
    whole = list(drawing.ask(folder))
    file = only_file(folder)
    content = file.read_bytes()
    half = len(content) // 2
    flipped = content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :]
    file.write_bytes({"cut": content[:half], "flipped": flipped, "emptied": b"", "another": b"no world"}[damage])
    assert list(drawing.ask(folder)) == whole
    assert (drawing.times, file.read_bytes()) == (2, content)


def test_it_is_written_for_this_user_alone(tmp_path: Path, drawing: Drawing) -> None:
    drawing.ask(tmp_path / "worlds")
    assert oct((tmp_path / "worlds").stat().st_mode & 0o777) == "0o700"
    assert oct(only_file(tmp_path / "worlds").stat().st_mode & 0o777) == "0o600"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows keeps the folder to its user by itself")
@pytest.mark.parametrize("whose", ["folder", "file"])
def test_what_others_may_have_written_is_not_read(tmp_path: Path, drawing: Drawing, whose: str) -> None:
    folder = tmp_path / "worlds"
    drawing.ask(folder)
    (folder if whose == "folder" else only_file(folder)).chmod(0o777)
    drawing.ask(folder)
    assert drawing.times == 2


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows keeps the folder to its user by itself")
def test_nothing_is_written_where_others_may_write(tmp_path: Path, drawing: Drawing) -> None:
    folder = tmp_path / "worlds"
    folder.mkdir()
    folder.chmod(0o777)
    drawing.ask(folder)
    assert not list(folder.iterdir())


def test_a_folder_that_cannot_be_made_costs_only_time(tmp_path: Path, drawing: Drawing) -> None:
    (tmp_path / "worlds").write_text("a file in its place", encoding="utf-8")
    assert len(drawing.ask(tmp_path / "worlds")) == 3_000
