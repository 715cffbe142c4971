"""What people type: `make NAME` and `python3 tasks.py NAME` are the same list, and need nothing installed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_tasks(*arguments: str) -> subprocess.CompletedProcess[str]:
    # -I -S: no site-packages, as on a machine where nothing is installed yet
    command = [sys.executable, "-I", "-S", str(ROOT / "tasks.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_list_of_tasks_needs_no_installed_package() -> None:
    shown = run_tasks()
    assert shown.returncode == 0
    for name in ("demo", "test", "check", "fix", "lab", "mock", "bench"):
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
