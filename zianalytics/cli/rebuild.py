"""`zia rebuild`: makes the warehouse again from the journal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def rebuild(home: Annotated[Path, typer.Option("--home")] = Path()) -> None:
    """Make the warehouse again from the journal."""
