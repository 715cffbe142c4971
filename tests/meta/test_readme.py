"""What the README promises is typed here as a reader would type it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)


def test_its_python_runs_from_top_to_bottom_and_prints_what_it_says(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code = "\n".join(blocks("python"))
    names: dict[str, Any] = {}
    try:
        exec(compile(code, "README.md", "exec"), names)  # noqa: S102  # the very text that readers copy
        printed = capsys.readouterr().out
        assert "Quote(credits=20, records=20, requests=1)\n" in printed
        assert "\n0\n" in printed
        assert len(names["companies"]) == 20
        assert len(names["signals"]) == names["n"]
        assert names["offices"]["match_status"].to_list() == ["matched"]
    finally:
        names["zi"].close()


def test_its_tests_pass(tmp_path: Path) -> None:
    answer = {"name": "sent", "code": 200, "body": '{"id": 7, "status": "sent"}'}
    order = {"name": "order", "request": {"method": "GET", "url": "{{host}}/orders/7"}, "response": [answer]}
    collection = {"info": {"name": "orders"}, "item": [order]}
    (tmp_path / "orders.postman_collection.json").write_text(json.dumps(collection), encoding="utf-8")
    tests = "\n".join(block for block in blocks("python") if "def test_" in block)
    (tmp_path / "test_theirs.py").write_text(f"from zianalytics import ZoomInfo\n{tests}", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "3 passed" in done.stdout, done.stdout


def test_its_make_commands_are_tasks() -> None:
    targets = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()[1].removeprefix("TASKS = ").split()
    asked = re.findall(r"^make (\w+)", "\n".join(blocks("sh")), flags=re.MULTILINE)
    assert asked[:2] == ["demo", "test"]
    assert set(re.findall(r"`make (\w+)", README)) | set(asked) <= set(targets)


def test_its_links_lead_to_files() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_its_settings_are_those_that_are_read() -> None:
    from zianalytics.settings import NAMES, PREFIX

    named = set(re.findall(r"ZOOMINFO_[A-Z_]+", README))
    assert named
    assert named <= {PREFIX + name for name in NAMES}
