"""What a notebook shows of an error of ours, in a kernel as Jupyter starts it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

CELLS = (
    """from zianalytics import ZoomInfo
zi = ZoomInfo.mock(companies=60, progress=False)""",
    """def ask():
    return zi.search.companies(contry="Germany")

ask()""",
    "import traceback; traceback.print_last()",
    "1 / 0",
    "zi.close()",
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each cell brought: a traceback, or what was printed."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])  # type: ignore[no-untyped-call]
    NotebookClient(
        book,
        timeout=120,
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path_factory.mktemp("book"))}},
    ).execute()
    return [
        "\n".join(one.get("text", "") + "\n".join(one.get("traceback", [])) for one in cell.outputs)
        for cell in book.cells
    ]


def test_it_shows_the_lines_of_the_user_and_the_message_and_no_frame_of_ours(outputs: list[str]) -> None:
    *lines, blank, message, gap, hint = outputs[1].splitlines()
    assert lines == ["line 4:", "----> ask()", "line 2:", '----> return zi.search.companies(contry="Germany")']
    assert message.startswith("RequestRefused: search.companies has no argument 'contry' (did you mean country")
    assert (blank, gap, hint) == ("", "", "(Every frame: import traceback; traceback.print_last())")


def test_every_frame_is_shown_on_demand_and_errors_of_others_are_as_ever(outputs: list[str]) -> None:
    assert "check_arguments" in outputs[2]
    assert "zianalytics.errors.RequestRefused: search.companies has no argument 'contry'" in outputs[2]
    assert "Traceback (most recent call last)" in outputs[3]
    assert "ZeroDivisionError" in outputs[3]


def test_a_script_has_pythons_own_traceback(tmp_path: Path) -> None:
    code = "from zianalytics.errors import RequestRefused\ndef f():\n    raise RequestRefused('No.')\nf()\n"
    (tmp_path / "script.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr.splitlines()[0] == "Traceback (most recent call last):"
    assert done.stderr.splitlines()[-1] == "zianalytics.errors.RequestRefused: No."
