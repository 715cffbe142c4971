from __future__ import annotations

from pathlib import Path

import pytest

from zianalytics import ZoomInfo
from zianalytics.errors import StoreHeld


def test_nobody_is_erased_while_the_warehouse_is_open_here_and_then_the_tables_lack_them(tmp_path: Path) -> None:
    with ZoomInfo.mock(home=tmp_path, companies=60, progress=False) as zi:
        people = zi.search.contacts(country="United States", limit=3)["contact_id"].to_list()
        zi.enrich.contacts(people, max_credits=3)
        with zi.warehouse as open_here:
            with pytest.raises(StoreHeld, match=r"open in this program\. Nothing was changed\. Leave the `with zi"):
                zi.compliance.erase(people[:1])
            assert open_here.rows()["contacts"] == 3
        assert zi.compliance.suppressions().is_empty()
        zi.compliance.erase(people[:1])
        assert sorted(zi.warehouse.sql("SELECT contact_id FROM contacts")["contact_id"]) == sorted(people[1:])
