"""The tour leaves nothing out: every operation of the client is asked in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from zianalytics.api.table import OPERATIONS

TOUR = Path(__file__).resolve().parents[2] / "notebooks" / "02_every_endpoint.ipynb"
COLUMNS = ["behind", "count", "method"]
ROW = re.compile(r"<tr><td>&quot;(.*?)&quot;</td><td>(\d+)</td><td>&quot;(.*?)&quot;</td></tr>")


def tables() -> list[str]:
    cells = json.loads(TOUR.read_text(encoding="utf-8"))["cells"]
    outputs = [one.get("data", {}) for cell in cells for one in cell.get("outputs", [])]
    return ["".join(one["text/html"]) for one in outputs if "text/html" in one]


def asked() -> set[str]:
    """The operations in its last table, which is made of the log of its requests; nbval holds that a run gives it."""
    [table] = [one for one in tables() if re.findall(r"<th>(.*?)</th>", one) == COLUMNS]
    rows = [(behind, int(count), methods.split(", ")) for behind, count, methods in ROW.findall(table)]
    assert [len(methods) for _, _, methods in rows] == [count for _, count, _ in rows], "a row is cut off"
    return {f"{behind}.{method}".lstrip(".") for behind, _, methods in rows for method in methods}


def test_every_operation_is_asked_in_the_tour() -> None:
    assert sorted({"sign-in", *OPERATIONS} - asked()) == []


def test_what_the_tour_asks_is_an_operation() -> None:
    assert sorted(asked() - {"sign-in", *OPERATIONS}) == []
