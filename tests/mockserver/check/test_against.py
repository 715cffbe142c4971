"""Examples beside the contract: each kind of difference, told by its place and never by its value."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver import Replay
from mockserver.check import check
from mockserver.sandbox.postman_export import collection
from mockserver.sandbox.record import COLLECTION

WriteCollection = Callable[..., Path]
ROW = {"id": 1, "name": "Aster"}
FOUND = {"maxResults": 1, "totalResults": 1, "currentPage": 1, "data": [ROW]}


def search(
    body: Any = None, answer: Any = FOUND, code: int = 200, url: str = "https://api.example.com/search/company"
) -> dict[str, Any]:
    asked = {"mode": "raw", "raw": json.dumps({"country": "Germany"} if body is None else body)}
    saved = {"name": "x", "code": code, "body": answer if isinstance(answer, str) else json.dumps(answer)}
    return {"name": "i", "request": {"method": "POST", "url": url, "body": asked}, "response": [saved]}


@pytest.fixture
def differences(write_collection: WriteCollection) -> Callable[..., list[tuple[str, str, str]]]:
    """Part, place and problem of what differs in a collection of these items."""

    def differences(*items: Any) -> list[tuple[str, str, str]]:
        found = check(Replay.read([write_collection(*items)]), with_contract=True).against
        assert found is not None
        return [(each.part, each.at, each.problem) for each in found.differences]

    return differences


Differences = Callable[..., list[tuple[str, str, str]]]


@pytest.mark.parametrize(
    ("item", "difference"),
    [
        (search({"country": "Germany", "colour": "red"}), ("body", "$.colour", "not documented")),
        (search({"country": 7}), ("body", "$.country", "of type integer, where string is documented")),
        (search({"country": "<boolean>"}), ("body", "$.country", "of type boolean, where string is documented")),
        (search(url="/search/company?page=1"), ("query", "page", "not documented")),
        (search(code=500), ("status", "500", "not documented")),
        (search(answer="<html>"), ("answer", "$", "no JSON, which is documented")),
        (search(answer=""), ("answer", "$", "missing")),
        (search(answer={**FOUND, "more": 1}), ("answer", "$.more", "not documented")),
        (search(answer={**FOUND, "data": [{"name": "x"}]}), ("answer", "$.data[0].id", "missing")),
        (search(answer={**FOUND, "data": [ROW, {**ROW, "id": "x"}, {**ROW, "id": "y"}]}),
         ("answer", "$.data[1].id", "of type string, where integer is documented")),
        (search(answer={**FOUND, "data": [{**ROW, "a b": 1}]}), ("answer", '$.data[0]["a b"]', "not documented")),
    ],
)  # fmt: skip
def test_a_difference_is_told_by_its_place(
    differences: Differences, item: dict[str, Any], difference: tuple[str, str, str]
) -> None:
    assert differences(item) == [difference]


def test_what_keeps_the_contract_has_no_difference(differences: Differences) -> None:
    assert differences(search()) == []


def test_stand_ins_and_open_variables_keep_it_by_their_type(differences: Differences) -> None:
    row = {"id": "<long>", "name": "{{name}}"}
    answer = {"maxResults": "<integer>", "totalResults": "{{n}}", "currentPage": 1, "data": [row]}
    assert differences(search({"country": "{{country}}", "rpp": "<string>"}, answer)) == []


def test_of_a_request_that_was_refused_the_answer_alone_is_held(differences: Differences) -> None:
    refusal = {"statusCode": 400, "message": "There are invalid fields in your request: colour"}
    assert differences(search({"colour": "red"}, refusal, 400)) == []
    assert differences(search({"colour": "red"}, {**refusal, "odd": 1}, 400)) == [("answer", "$.odd", "not documented")]


def test_an_output_field_that_nobody_documents_is_told_by_its_place(differences: Differences) -> None:
    body = {"outputFields": ["id", "shoeSize"], "matchCompanyInput": [{"companyId": 1}]}
    item = search(body, {"success": True, "data": {"outputFields": [], "result": []}}, url="/enrich/company")
    assert ("body", "$.outputFields[1]", "no documented output field") in differences(item)


def test_beside_known_operations_a_path_like_theirs_is_an_unknown_one(differences: Differences) -> None:
    unknown = {"name": "i", "request": "/search/weather", "response": [{"name": "x", "body": "{}"}]}
    problem = ("operation", "$", "the contract has no operation with this method and path")
    assert differences(search(), unknown) == [problem]
    assert differences(unknown) == []


def test_another_api_is_counted_and_not_held(write_collection: WriteCollection) -> None:
    other = {"name": "i", "request": "/orders", "response": [{"name": "x", "body": "{}"}]}
    found = check(Replay.read([write_collection(other, search())]), with_contract=True).against
    assert found is not None
    assert found.told() == {"held": 1, "outside": 1, "differences": []}


def test_our_recordings_and_what_we_export_keep_it(tmp_path: Path) -> None:
    exported = tmp_path / "exported.json"
    exported.write_text(json.dumps(collection()), encoding="utf-8")
    for file in (COLLECTION, exported):
        report = check(Replay.read([Path(str(file))]), with_contract=True)
        assert report.against is not None
        assert report.against.differences == ()
        assert report.against.outside == ()
        assert report.is_clean
