"""Inputs: what the user gave, as questions, and the answers beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from zianalytics.api.table import OPERATIONS
from zianalytics.client.inputs.read import Inputs, read_inputs
from zianalytics.errors import RequestRefused, ResultsCut

COMPANIES = OPERATIONS["enrich.companies"]
CONTACTS = OPERATIONS["enrich.contacts"]
OFFICES = OPERATIONS["enrich.master_data"]


def asked(inputs: Inputs) -> list[tuple[int, dict[str, Any], int | None]]:
    return [(one.row, dict(one.says), one.id) for one in inputs.questions]


def test_ids_ask_by_id_and_stay_visible() -> None:
    inputs = read_inputs(COMPANIES, [7, 8])
    assert asked(inputs) == [(0, {"company_id": 7}, 7), (1, {"company_id": 8}, 8)]
    assert inputs.given.to_dict(as_series=False) == {"input": [7, 8]}
    assert [one.label for one in inputs.questions] == ["company_id 7", "company_id 8"]


def test_ids_may_be_numbers_of_numpy() -> None:
    inputs = read_inputs(COMPANIES, list(np.array([7, 8])))
    assert asked(inputs) == [(0, {"company_id": 7}, 7), (1, {"company_id": 8}, 8)]


def test_the_name_of_a_file_is_answered_with_its_path() -> None:
    with pytest.raises(RequestRefused, match=r"and not str\. Nothing was sent\. Write Path\('mine\.csv'\)\."):
        read_inputs(COMPANIES, "mine.csv")


def test_texts_are_ids_websites_or_names() -> None:
    inputs = read_inputs(COMPANIES, ["7", "https://www.aster.example/about", "Birch Ltd.", "cedar.example"])
    assert asked(inputs) == [
        (0, {"company_id": 7}, 7),
        (1, {"company_website": "https://www.aster.example/about"}, None),
        (2, {"company_name": "Birch Ltd."}, None),
        (3, {"company_website": "cedar.example"}, None),
    ]
    assert inputs.given["input"].to_list() == ["7", "https://www.aster.example/about", "Birch Ltd.", "cedar.example"]


def test_a_text_about_a_contact_is_an_address_of_mail() -> None:
    assert asked(read_inputs(CONTACTS, ["ada@aster.example"])) == [(0, {"email": "ada@aster.example"}, None)]


def test_a_frame_asks_by_id_where_it_has_one_and_by_the_rest_where_not() -> None:
    frame = pl.DataFrame(
        {"deal": ["a", "b"], "company_id": [7, None], "website": ["x.example", "y.example"], "name": ["X", "Y"]}
    )
    inputs = read_inputs(COMPANIES, frame)
    assert asked(inputs) == [
        (0, {"company_id": 7}, 7),
        (1, {"company_website": "y.example", "company_name": "Y"}, None),
    ]
    assert inputs.given.equals(frame)


def test_a_fuller_name_goes_before_a_plain_one() -> None:
    frame = pl.DataFrame({"name": ["Ada Birch", "Max Oak"], "company_name": ["Aster", None]})
    assert asked(read_inputs(COMPANIES, frame)) == [
        (0, {"company_name": "Aster"}, None),
        (1, {"company_name": "Max Oak"}, None),
    ]


def test_an_office_is_asked_by_company_and_country() -> None:
    frame = pl.DataFrame({"company_id": [7, 7], "name": ["Aster", "Aster"], "country": ["Germany", "Japan"]})
    assert asked(read_inputs(OFFICES, frame)) == [
        (0, {"company_id": 7, "country": "Germany"}, None),
        (1, {"company_id": 7, "country": "Japan"}, None),
    ]


def test_a_contact_may_be_asked_by_name_and_company() -> None:
    inputs = read_inputs(
        CONTACTS, [{"full_name": "Ada Birch", "company_id": 7}, {"email": "a@b.example", "job_title": "CTO"}]
    )
    assert asked(inputs) == [
        (0, {"full_name": "Ada Birch", "company_id": 7}, None),
        (1, {"email": "a@b.example"}, None),
    ]


def test_inputs_that_cannot_be_asked_are_named_and_the_others_go_on() -> None:
    frame = pl.DataFrame({"company_id": ["7", "x7", None, " ", "0"]})
    inputs = read_inputs(COMPANIES, frame)
    assert asked(inputs) == [(0, {"company_id": 7}, 7)]
    assert inputs.unusable == {
        1: "company_id 'x7' is not an id",
        2: "it is empty",
        3: "it is empty",
        4: "company_id '0' is not an id",
    }


@pytest.mark.parametrize("whole", [7.0, "7", " 7 ", Decimal(7)])
def test_an_id_may_come_as_a_number_with_a_point_or_as_text(whole: float | str | Decimal) -> None:
    assert asked(read_inputs(COMPANIES, pl.DataFrame({"company_id": [whole]}))) == [(0, {"company_id": 7}, 7)]


LARGEST = 9_223_372_036_854_775_807


@pytest.mark.parametrize("of", [[LARGEST], [str(LARGEST)], [{"company_id": LARGEST}], [{"company_id": str(LARGEST)}]])
def test_the_largest_id_is_the_same_for_numbers_and_texts(of: Any) -> None:
    assert asked(read_inputs(COMPANIES, of)) == [(0, {"company_id": LARGEST}, LARGEST)]


@pytest.mark.parametrize("number", [LARGEST + 1, 2**70, 10**400])
def test_a_number_too_large_for_an_id_is_not_asked_in_whatever_form_it_comes(number: int) -> None:
    for of in ([7, number], ["7", str(number)], [{"company_id": 7}, {"company_id": number}]):
        inputs = read_inputs(COMPANIES, of)
        assert asked(inputs) == [(0, {"company_id": 7}, 7)]
        assert inputs.unusable == {1: f"company_id '{number}' is not an id"}
    with pytest.raises(RequestRefused, match="no input can be asked"):
        read_inputs(COMPANIES, [number])


@pytest.mark.parametrize(
    "odd",
    [
        pl.Series([LARGEST + 6], dtype=pl.UInt64),
        pl.Series([LARGEST + 6], dtype=pl.Int128),
        pl.Series([Decimal("7.5")], dtype=pl.Decimal(38, 1)),
        pl.Series([1e30]),
        pl.Series([float("inf")]),
    ],
)
def test_a_frame_with_numbers_that_are_no_ids_is_refused(odd: pl.Series) -> None:
    with pytest.raises(RequestRefused, match="is not an id"):
        read_inputs(COMPANIES, odd.alias("company_id").to_frame())


@pytest.mark.parametrize("of", [["Aster", "\ud800bc"], [{"company_name": "\udfff"}]])
def test_half_a_character_is_refused(of: Any) -> None:
    with pytest.raises(RequestRefused, match=r"'\\ud[8f][0f][0f](bc)?' holds half a character\. Nothing was sent"):
        read_inputs(COMPANIES, of)


def test_frames_of_other_libraries_are_taken() -> None:
    assert asked(read_inputs(COMPANIES, pa.table({"company_id": [7]}))) == [(0, {"company_id": 7}, 7)]


@pytest.mark.parametrize(
    ("of", "says"),
    [
        ("aster.example", "Put a single one into a list"),
        (7, "a list of ids"),
        ({7, 8}, "a list of ids"),
        ([7, "Aster"], "inputs of one kind"),
        ([7, True], "inputs of one kind"),
        ([{"compny_id": 7}], r"'compny_id' \(did you mean company_id"),
        ([{"country": "Japan"}], "it has only country"),
        (pl.DataFrame({"deal": ["a"]}), "none of the columns deal can be asked with"),
        (pl.DataFrame(), r"none of the columns \(none\)"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_sent(of: Any, says: str) -> None:
    with pytest.raises(RequestRefused, match=says) as refused:
        read_inputs(COMPANIES, of)
    assert "Nothing was sent" in str(refused.value)


def test_a_name_without_an_employer_is_refused() -> None:
    with pytest.raises(RequestRefused, match="it has only full_name"):
        read_inputs(CONTACTS, ["Ada Birch"])


def test_nothing_given_is_nothing_asked() -> None:
    inputs = read_inputs(COMPANIES, [])
    assert (inputs.questions, inputs.given.height) == ((), 0)


def answers(*rows: tuple[int, str, int | None]) -> pl.DataFrame:
    record = COMPANIES.record
    frame = pl.DataFrame(
        {"input_row": [row for row, _, _ in rows], "match_status": [status for _, status, _ in rows]},
        schema={"input_row": pl.Int64, "match_status": pl.String},
    )
    empty = {name: pl.lit(None, dtype=dtype) for name, dtype in record.schema.items()}
    ids = pl.Series("company_id", [number for _, _, number in rows], dtype=pl.Int64)
    return frame.with_columns(**empty, extra=pl.lit(None, dtype=pl.String)).with_columns(ids)


def test_the_result_has_the_given_columns_first_and_one_row_per_input_in_order() -> None:
    frame = pl.DataFrame({"deal": ["a", "b", "c"], "company_id": ["9", "?", "7"]})
    result = read_inputs(COMPANIES, frame).lay_out(
        COMPANIES, answers((2, "matched", 7), (0, "no_match", None)), "minimal"
    )
    assert result.columns == ["deal", "company_id", "match_status", "company_id_zi", "name", "website", "extra"]
    assert result.select("deal", "company_id", "match_status", "company_id_zi").rows() == [
        ("a", "9", "no_match", None),
        ("b", "?", "invalid_input", None),
        ("c", "7", "matched", 7),
    ]


def test_a_clash_of_a_clash_gets_another_ending() -> None:
    frame = pl.DataFrame({"company_id": [7], "company_id_zi": [1], "extra": ["mine"]})
    result = read_inputs(COMPANIES, frame).lay_out(COMPANIES, answers((0, "matched", 7)), ["name"])
    assert result.columns == [
        "company_id", "company_id_zi", "extra", "match_status", "company_id_zi_zi", "name", "extra_zi",
    ]  # fmt: skip


def test_the_result_of_no_inputs_has_the_same_columns_and_dtypes() -> None:
    some = read_inputs(COMPANIES, [7]).lay_out(COMPANIES, answers((0, "matched", 7)), None)
    none = read_inputs(COMPANIES, []).lay_out(COMPANIES, answers(), None)
    assert none.schema == some.schema


def test_a_second_record_for_one_input_is_not_dropped_without_a_word() -> None:
    inputs = read_inputs(COMPANIES, [7])
    with pytest.warns(ResultsCut, match="1 records more than asked for"):
        result = inputs.lay_out(COMPANIES, answers((0, "matched", 7), (0, "matched", 8)), "minimal")
    assert result.select("input", "company_id").rows() == [(7, 7)]


def test_an_operation_that_answers_lists_gives_a_long_frame() -> None:
    empty = {name: pl.lit(None, dtype=dtype) for name, dtype in OFFICES.record.schema.items()}
    found = (
        pl.DataFrame({"input_row": [1, 1], "match_status": ["matched", "matched"]})
        .with_columns(**empty, extra=pl.lit(None, dtype=pl.String))
        .with_columns(pl.Series("location_id", [20, 21]))
    )
    result = read_inputs(OFFICES, [{"company_id": 7}, {"company_id": 8}]).lay_out(OFFICES, found, "minimal")
    assert result.select("input_row", "match_status", "location_id").rows() == [
        (0, "error", None),
        (1, "matched", 20),
        (1, "matched", 21),
    ]
