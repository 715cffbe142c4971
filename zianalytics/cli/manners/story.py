"""How the demo speaks: numbered steps, small tables, and after each step what it cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zianalytics.inert import visible
from zianalytics.schema import Meters
from zianalytics.zoominfo import ZoomInfo

INDENT = (0, 0, 0, 3)


class Story:
    """Tells steps on the terminal; reads the cost of each from the client's ledger."""

    def __init__(self, zi: ZoomInfo) -> None:
        self._zi = zi
        self._console = Console(highlight=False)
        self._steps: list[tuple[str, Meters]] = []

    @contextmanager
    def step(self, question: str) -> Iterator[None]:
        """A step: its question first, its cost last."""
        self._console.print(f"\n[bold]{len(self._steps) + 1}. {question}[/bold]")
        before = self._zi.ledger.totals().spent
        yield
        after = self._zi.ledger.totals().spent
        cost = Meters(
            credits=after.credits - before.credits,
            records=after.records - before.records,
            requests=after.requests - before.requests,
        )
        self._steps.append((question, cost))
        self._console.print(Padding(f"[green]cost: {cost}[/green]", INDENT))

    @property
    def costs(self) -> pl.DataFrame:
        """What each finished step cost: step, credits, records, requests."""
        return pl.DataFrame([{"step": question, **asdict(cost)} for question, cost in self._steps])

    def say(self, line: str) -> None:
        """One line, as it is: what comes from data is shown, never interpreted."""
        self._console.print(Padding(Text(visible(line)), INDENT))

    def place(self, name: str, path: Path, note: str) -> None:
        """Where something lies, relative to the working folder where it is below it; never broken over lines."""
        path, here = path.resolve(), Path.cwd()
        shown = path.relative_to(here) if path.is_relative_to(here) else path
        self._console.print(Text(f"   {name:<10} {shown}  ({note})"), soft_wrap=True)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A small table; numbers stand right."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        shown = [list(row) for row in rows]
        for index, name in enumerate(columns):
            right = all(isinstance(row[index], int | float) for row in shown)
            table.add_column(name, justify="right" if right else "left", style=None, header_style="dim")
        for row in shown:
            table.add_row(*(Text(_cell(value)) for value in row))
        self._console.print(Padding(table, INDENT))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else visible(str(value))
