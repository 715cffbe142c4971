"""Which columns `fields=` stands for."""

import polars as pl
import pytest

from zianalytics.errors import RequestRefused
from zianalytics.schema.column import Column, Record
from zianalytics.schema.company import COMPANY
from zianalytics.schema.holdings import TECHNOLOGY_IN_USE
from zianalytics.schema.structure import COMPANY_LOCATION, HIERARCHY

RECORD = Record(
    name="tree",
    key=("tree_id",),
    default=("tree_id", "name", "height_m"),
    minimal=("tree_id", "name"),
    columns=tuple(Column(name, pl.Int64(), "") for name in ("tree_id", "name", "height_m", "age_years", "owner")),
)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        (None, ["tree_id", "name", "height_m"]),
        ("default", ["tree_id", "name", "height_m"]),
        ("minimal", ["tree_id", "name"]),
        ("all", ["tree_id", "name", "height_m", "age_years", "owner"]),
        ("owner", ["tree_id", "owner"]),
        (["owner", "name"], ["tree_id", "name", "owner"]),
        ([], ["tree_id"]),
        (["all", "-owner", "-height_m"], ["tree_id", "name", "age_years"]),
        (["default", "owner"], ["tree_id", "name", "height_m", "owner"]),
        (["-name"], ["tree_id", "height_m"]),
        (["all", "-tree_id", "-owner"], ["tree_id", "name", "height_m", "age_years"]),
    ],
)
def test_fields_are_presets_and_names_and_what_is_left_out(fields: str | list[str] | None, names: list[str]) -> None:
    assert [column.name for column in RECORD.pick(fields)] == names


@pytest.mark.parametrize("fields", ["ownr", ["ownr"], ["all", "-ownr"], ["-all"]])
def test_an_unknown_name_is_refused_with_the_nearest(fields: str | list[str]) -> None:
    with pytest.raises(RequestRefused, match=r"No such tree field: .*Nothing was sent"):
        RECORD.pick(fields)
    with pytest.raises(RequestRefused, match=r'Use names of the tree columns, "default", "minimal" or "all"\.$'):
        RECORD.pick("ownr")
    with pytest.raises(
        RequestRefused, match=r'of the company columns, "default", "minimal", "firmographics" or "all"\.$'
    ):
        COMPANY.pick("firmografics")


def test_records_have_a_name_for_several() -> None:
    names = [one.plural for one in (COMPANY, TECHNOLOGY_IN_USE, COMPANY_LOCATION, HIERARCHY)]
    assert names == ["companies", "technologies in use", "company locations", "hierarchies"]
