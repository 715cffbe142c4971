"""The house keeps its own rules: who may import whom, how long a room may be, what is public and documented."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FLOORS = {
    "zianalytics": [
        "errors clock inert memory tab",
        "schema",
        "settings journal api scoring",
        "transport frames reports sandbox receiver postman",
        "client warehouse",
        "features zoominfo doctor",
        "cli",
        "__main__",
    ],
    "mockserver": [
        "message memory private bits",
        "contract postman state guard",
        "replay world",
        "sandbox check",
        "shell",
        "__main__ pytest_plugin",
    ],
}

# Rooms that are longer than they should be, each with the reason.
LONG_ROOMS: dict[str, str] = {
    "zianalytics/schema/company.py": "one line a documented column",
    "zianalytics/schema/office.py": "one line a documented column",
}

# Written with classes of one letter, so that this file does not hold what it looks for.
WORDS_ABOUT_THE_WORKSHOP = re.compile(
    r"\.\./[s]hared|/[w]ork/|/[r]oot/|/[t]mp/|/[h]ome/\w|\b[s]ubagent|\b[b]lueprint\b|\b[i]ssue \d", re.IGNORECASE
)


def ours(pattern: str) -> list[Path]:
    """Files of the project that match, wherever they stand; not what was installed or made by a run."""
    made = {".venv", ".env", ".git", ".hypothesis", "demo", "build", "dist"}
    return [
        path
        for path in sorted(ROOT.rglob(pattern))
        if path.is_file()
        and not any(part in made or part.endswith(("_cache", "__pycache__", ".egg-info")) for part in path.parts)
    ]


def imports(package: str) -> Iterator[tuple[str, str, str]]:
    """(file, room, room or package it imports) for each import in the package, wherever in the file it stands."""
    for path in sorted((ROOT / package).rglob("*.py")):
        inside = path.relative_to(ROOT / package)
        room = inside.parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module] if node.module != package else [f"{package}.{a.name}" for a in node.names]
            else:
                continue
            for name in names:
                if name != f"{package}.ZoomInfo" and name != f"{package}.Warehouse":
                    yield str(inside), room, name


@pytest.mark.parametrize("package", FLOORS)
def test_imports_point_down(package: str) -> None:
    floor = {room: n for n, rooms in enumerate(FLOORS[package]) for room in rooms.split()}
    climbing, homeless = [], set()
    for file, room, name in imports(package):
        if room == "__init__" or not name.startswith(f"{package}."):
            continue
        other = name.split(".")[1]
        homeless |= {r for r in (room, other) if r not in floor}
        if room != other and floor.get(other, 0) >= floor.get(room, 0):
            climbing.append(f"{file} -> {name}")
    assert not homeless, f"rooms without a floor: {sorted(homeless)}"
    assert not climbing, "\n".join(climbing)


def run_time_imports(tree: ast.AST) -> Iterator[str]:
    """What a module imports when it runs, wherever it does; not what type checkers alone are told."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from run_time_imports(node)


def neighbours(package: str) -> dict[str, dict[str, set[str]]]:
    """For each folder of a package: which of its modules and folders imports which others of them."""
    modules = {}
    for file in (ROOT / package).rglob("*.py"):
        parts = file.relative_to(ROOT).with_suffix("").parts
        modules[".".join(parts).removesuffix(".__init__")] = parts
    found: dict[str, dict[str, set[str]]] = {}
    for one in modules.values():
        for name in run_time_imports(ast.parse(ROOT.joinpath(*one).with_suffix(".py").read_text(encoding="utf-8"))):
            while name and name not in modules:
                name = name.rpartition(".")[0]
            other = modules.get(name, one)
            if other != one:
                shared = next(n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
                within = found.setdefault("/".join(one[:shared]), {})
                within.setdefault(one[shared], set()).add(other[shared])
    return found


@pytest.mark.parametrize("package", FLOORS)
def test_neighbours_in_a_folder_import_each_other_in_no_circle(package: str) -> None:
    circles = []
    for folder, within in neighbours(package).items():
        try:
            TopologicalSorter(within).prepare()
        except CycleError as exc:
            circles.append(f"{folder}: {' <- '.join(exc.args[1])}")
    assert not circles, "\n".join(circles)


def test_a_folder_of_the_client_or_the_mock_holds_few_enough_modules_to_look_through() -> None:
    tops = [ROOT / "zianalytics" / "client", ROOT / "mockserver"]
    folders = [folder for top in tops for folder in (top, *top.rglob("*/"))]
    held = {folder.relative_to(ROOT).as_posix(): len(list(folder.glob("[!_]*.py"))) for folder in folders}
    crowded = [f"{folder}: {number} modules" for folder, number in held.items() if number > 15]
    assert sum(held.values()) > 50
    assert not crowded, "\n".join(crowded)


def test_client_and_mock_never_import_each_other() -> None:
    crossing = [
        f"zianalytics/{file} -> {name}"
        for file, room, name in imports("zianalytics")
        if name.split(".")[0] == "mockserver" and room != "cli"
    ]
    crossing += [
        f"mockserver/{file} -> {name}" for file, _, name in imports("mockserver") if name.split(".")[0] == "zianalytics"
    ]
    assert not crossing, "\n".join(crossing)


def test_no_room_is_longer_than_350_lines_without_a_reason() -> None:
    long = []
    for path in ours("*.py"):
        name = path.relative_to(ROOT).as_posix()
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > 350 and name not in LONG_ROOMS:
            long.append(f"{name}: {lines}")
    assert not long, "\n".join(long)


def test_all_names_exactly_the_public_face() -> None:
    package = importlib.import_module("zianalytics")
    assert list(package.__all__) == sorted(package.__all__)
    missing = [name for name in package.__all__ if not hasattr(package, name)]
    assert not missing, missing


@pytest.mark.parametrize(
    "module",
    [
        "zianalytics",
        "zianalytics.errors",
        "zianalytics.features",
        "zianalytics.scoring",
        "zianalytics.reports",
        "zianalytics.warehouse",
        "mockserver",
    ],
)
def test_every_public_name_says_what_it_is(module: str) -> None:
    face = importlib.import_module(module)
    silent = [name for name in face.__all__ if not inspect.getdoc(getattr(face, name))]
    assert not silent, silent


def test_nothing_speaks_of_a_machine_or_of_how_the_project_is_worked_on() -> None:
    spoken = []
    for path in ours("*"):
        if path.name in {"run", "LICENSE"} or path.suffix in {".png", ".svg", ".parquet", ".pyc"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if WORDS_ABOUT_THE_WORKSHOP.search(line):
                spoken.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert not spoken, "\n".join(spoken)


def test_the_conda_environment_is_python_pip_and_everything() -> None:
    lines = [line.strip() for line in (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert lines[-4:] == [f"- python{project['requires-python']}", "- pip", "- pip:", "- -e .[all]"]


def test_each_requirement_has_a_floor_and_a_place_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = {
        re.split("==", line)[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    loose = []
    for requirement in [*project["dependencies"], *chain(*project["optional-dependencies"].values())]:
        name = re.split(r"[\[>=<]", requirement)[0]
        if name != "zianalytics" and (">=" not in requirement or name.lower() not in locked):
            loose.append(requirement)
    assert not loose, loose
