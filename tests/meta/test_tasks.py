"""What people type: `make NAME` and `python3 tasks.py NAME` are the same list, and need nothing installed."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run_tasks(*arguments: str) -> subprocess.CompletedProcess[str]:
    # -I -S: no site-packages, as on a machine where nothing is installed yet
    command = [sys.executable, "-I", "-S", str(ROOT / "tasks.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_list_of_tasks_needs_no_installed_package() -> None:
    shown = run_tasks()
    assert shown.returncode == 0
    for name in ("demo", "test", "check", "fix", "lab", "mock", "docs", "bench"):
        assert f"\n  {name} " in shown.stdout


def test_an_unknown_task_is_answered_with_the_list() -> None:
    shown = run_tasks("dmeo")
    assert shown.returncode == 2
    assert "  demo " in shown.stdout


def test_tasks_imports_the_standard_library_alone() -> None:
    tree = ast.parse((ROOT / "tasks.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_make_offers_each_task() -> None:
    targets = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()[1].removeprefix("TASKS = ").split()
    offered = [line.split()[0] for line in run_tasks().stdout.splitlines() if line.startswith("  ")]
    assert targets == offered


PIP = """
Obtaining file:///home
  Installing build dependencies: started
Collecting polars>=2.0 (from zianalytics==0.1.0)
  Downloading polars-2.0.0-cp311-abi3-win_amd64.whl (32.1 MB)
Requirement already satisfied: pip in x
""" + "".join(f"Collecting p{n}<2 (from zianalytics==0.1.0)\n" for n in range(2, 13))


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tasks", ROOT / "tasks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_of_what_pip_prints_one_package_in_ten_is_told_and_the_silent_step() -> None:
    lines = [*PIP.splitlines(keepends=True), "Installing collected packages: pytz, polars, zianalytics\n"]
    assert list(loaded().stages(lines)) == [
        "2 of 3: fetching packages, number 1 is polars>=2.0 ...",
        "2 of 3: fetching packages, number 11 is p11<2 ...",
        "3 of 3: installing 3 packages, the longest step ...",
    ]


def program(folder: Path, name: str, code: str) -> Path:
    """A program of this name that writes its arguments down and then does as the code says."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / f"{name}.py"
    script.write_text(f"import sys\nprint(*sys.argv, file=open(r'{folder / name}.asked', 'a'))\n{code}\n", "utf-8")
    if os.name == "nt":
        path = folder / f"{name}.bat"
        path.write_text(f'@"{sys.executable}" "{script}" %*\n', "utf-8")
    else:
        path = folder / name
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n', "utf-8")
        path.chmod(0o755)
    return path


@pytest.fixture
def tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tasks of an empty project, with a stub for the Python of its environment: nothing is fetched."""
    module = loaded()
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    (tmp_path / "constraints.txt").write_text("", "utf-8")
    warned = "print('WARNING: Location nowhere is ignored', file=sys.stderr)"
    stub = program(tmp_path / ".venv", "python", f"print({PIP!r}); {warned}")
    places = {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "PYTHON": stub,
        "STAMP": tmp_path / ".venv" / "installed.txt",
    }
    for name, place in places.items():
        monkeypatch.setattr(module, name, place)
    monkeypatch.setattr(module, "CONSTRAINTS", tmp_path / "constraints.txt")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return module


def test_where_uv_fails_pip_installs_and_says_how_far_it_is(
    tasks: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program(tmp_path / "bin", "uv", "sys.exit('uv: invalid peer certificate')")
    tasks.prepare("dev")
    assert (tmp_path / "bin" / "uv.asked").read_text("utf-8").split()[1] == "venv"
    assert "-m pip install" in (tmp_path / ".venv" / "python.asked").read_text("utf-8")
    assert (tmp_path / ".venv" / "installed.txt").read_text("utf-8").endswith("\ndev")
    said, complained = capfd.readouterr()
    assert "uv did not succeed; going on with pip." in said
    assert "  2 of 3: fetching packages, number 11 is p11<2 ...\n" in said
    assert "invalid peer certificate" in complained
    assert "is ignored" not in complained


def test_where_uv_works_pip_is_not_asked(tasks: ModuleType, tmp_path: Path) -> None:
    program(tmp_path / "bin", "uv", "")
    tasks.prepare("dev")
    assert len((tmp_path / "bin" / "uv.asked").read_text("utf-8").splitlines()) == 2
    assert not (tmp_path / ".venv" / "python.asked").exists()


def test_an_installation_that_fails_is_not_taken_for_done(
    tasks: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program(tmp_path / ".venv", "python", "sys.exit('ERROR: No matching distribution found for polars')")
    with pytest.raises(SystemExit, match="The installation failed"):
        tasks.prepare("dev")
    assert "No matching distribution" in capfd.readouterr().err
    assert not (tmp_path / ".venv" / "installed.txt").exists()


def test_the_commit_hooks_are_local_and_run_whatever_a_commit_changes() -> None:
    written = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    lines = [line.partition(" #")[0].strip() for line in written.splitlines()]
    assert [line for line in lines if line.startswith("- repo:")] == ["- repo: local"]
    assert "always_run: true" in lines
    assert not [line for line in lines if line.startswith(("types", "files", "exclude"))]
    assert "entry: python3 tasks.py lint" in lines
    assert "pre-commit install" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
