"""Whether the warehouse can be opened; it can be made again from the journal at any time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zianalytics.doctor.finding import Finding
from zianalytics.errors import StoreHeld, StoreUnusable


def warehouse(folder: Path) -> Iterator[Finding]:
    """Open it and count its rows."""
    what, path = f"{folder.name}/warehouse.duckdb", folder / "warehouse.duckdb"
    if not path.exists():
        yield Finding("ok", what, "not made yet; it is built from the journal when it is first asked")
        return
    from zianalytics.warehouse import Warehouse

    try:
        count = sum(Warehouse(path, patience_s=1.0).rows().values())
    except StoreHeld as exc:
        yield Finding("warn", what, str(exc))
    except StoreUnusable as exc:
        yield Finding("bad", what, str(exc), "Make it again, at no cost: zia rebuild")
    else:
        yield Finding("ok", what, f"opens; {count:,} rows")
