"""What is read of a collection: names and places, within bounds, with variables, without secrets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from zianalytics.api.enterprise.saved import Open
from zianalytics.errors import RequestRefused
from zianalytics.postman import saved_request, saved_requests
from zianalytics.postman.read import LARGEST_BYTES

if TYPE_CHECKING:
    from .conftest import Made

    Posted = Callable[..., dict[str, Any]]


@pytest.fixture
def posted() -> Posted:
    from .conftest import posted

    return posted


TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJ1c2VyIjoiYWRhIn0.c2lnbmF0dXJl"


def test_requests_are_listed_by_their_folders_and_names(made: Made, posted: Posted) -> None:
    folder = {"name": "Search", "item": [posted("Company Search", "/search/company", {}), {"name": "a note"}]}
    file = made(folder, posted("Usage", "/lookup/usage", "", "GET"))
    assert saved_requests(file) == ["Search/Company Search", "Usage"]


def test_a_name_may_stand_alone_or_with_its_folders_in_any_case(made: Made, posted: Posted) -> None:
    file = made({"name": "Search", "item": [posted("Company Search", "/search/company", {"country": "Germany"})]})
    for name in (
        "Company Search",
        "Search/Company Search",
        "company search",
        "SEARCH/company search",
        "/Search/Company Search/",
    ):
        assert saved_request(file, name).place == "Search/Company Search"


def test_a_name_that_several_have_is_refused_with_their_places(made: Made, posted: Posted) -> None:
    items = [{"name": name, "item": [posted("Run", path, {})]} for name, path in (("A", "/a"), ("B", "/b"))]
    file = made(*items)
    with pytest.raises(RequestRefused) as refused:
        saved_request(file, "Run")
    assert "has 2 requests 'Run': A/Run (POST); B/Run (POST). Nothing was sent." in str(refused.value)
    assert saved_request(file, "B/Run").path == "/b"


def test_a_name_that_nobody_has_is_refused_with_the_nearest(made: Made, posted: Posted) -> None:
    file = made({"name": "Search", "item": [posted("Company Search", "/search/company", {})]})
    with pytest.raises(RequestRefused, match=r"no request 'Compnay Search' \(did you mean .*Company Search"):
        saved_request(file, "Compnay Search")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[]", "is no Postman collection"),
        (b'{"requests": []}', "is no Postman collection"),
    ],
    ids=["cut", "deep", "bytes", "list", "v1"],
)
def test_a_file_that_is_no_collection_is_refused(content: bytes, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)
    with pytest.raises(RequestRefused, match=f"{problem}.*Nothing was sent. Export the collection"):
        saved_requests(file)


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestRefused, match=r"cannot be read.*Check the path"):
        saved_requests(tmp_path / "absent.json")
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(RequestRefused, match="Split the collection"):
        saved_requests(large)


def test_folders_nested_by_a_machine_are_left_out_below_some_depth(made: Made, posted: Posted) -> None:
    node = posted("Deep", "/search/company", {})
    for _ in range(400):
        node = {"name": "f", "item": [node]}
    assert saved_requests(made(node, posted("Flat", "/x", {}))) == ["Flat"]


def test_the_forms_in_which_an_address_comes(tmp_path: Path) -> None:
    for url, path in (
        ("https://api.zoominfo.com/search/company?x=1", "/search/company"),
        ("{{baseUrl}}/search/company?x=1", "/search/company"),
        ({"raw": "{{baseUrl}}/search/company?x=1"}, "/search/company"),
        (
            {"raw": "?", "path": ["search", {"value": "company"}], "query": [{"key": "x", "value": "1"}]},
            "/search/company",
        ),
        (
            {
                "path": ["webhooks", ":id"],
                "variable": [{"key": "id", "value": "7"}],
                "query": [{"key": "x", "value": "1"}],
            },
            "/webhooks/7",
        ),
    ):
        file = tmp_path / "v.json"
        file.write_text(json.dumps({"item": [{"name": "A", "request": {"url": url}}]}))
        saved = saved_request(file, "A")
        assert (saved.method, saved.path, saved.query) == ("GET", path, {"x": "1"})
    file.write_text(json.dumps({"item": [{"name": "A", "request": "https://api.zoominfo.com/lookup/usage"}]}))
    assert saved_request(file, "A").path == "/lookup/usage"
    file.write_text(json.dumps({"item": [{"name": "A", "request": {"url": "https://[broken/x"}}]}))
    assert saved_request(file, "A").path == "/"


def test_disabled_parameters_are_absent(made: Made) -> None:
    query = [{"key": "vendor", "value": "Aster"}, {"key": "category", "value": "x", "disabled": True}]
    item = {"name": "A", "request": {"method": "GET", "url": {"path": ["lookup", "tech", "product"], "query": query}}}
    assert saved_request(made(item), "A").query == {"vendor": "Aster"}


def test_variables_are_filled_in_where_the_collection_defines_them_the_inner_one_first(
    made: Made, posted: Posted
) -> None:
    item = posted(
        "A", "/search/company", '{"country": "{{land}}", "companyId": {{id}}, "state": "{{state}}", "x": "a {{land}}"}'
    )
    folder = {"name": "F", "item": [item], "variable": [{"key": "land", "value": "Germany"}]}
    saved = saved_request(made(folder, variable=[{"key": "land", "value": "France"}, {"id": "id", "value": 7}]), "A")
    assert saved.body == {"country": "Germany", "companyId": "7", "state": Open("{{state}}"), "x": "a Germany"}


def test_a_variable_can_add_no_field_and_does_not_grow(made: Made, posted: Posted) -> None:
    hostile = [
        {"key": "a", "value": 'x", "rpp": "100'},
        {"key": "b", "value": "{{b}}{{b}}{{c}}"},
        {"key": "c", "value": "y"},
    ]
    saved = saved_request(
        made(posted("A", "/search/company", '{"country": {{a}}, "state": "{{b}}"}'), variable=hostile), "A"
    )
    assert saved.body == {"country": 'x", "rpp": "100', "state": Open("{{b}}")}


def test_what_may_be_a_secret_is_left_open(made: Made, posted: Posted) -> None:
    variables = [
        {"key": "apiToken", "value": "s3cret"},
        {"key": "hidden", "value": "s3cret", "type": "secret"},
        {"key": "innocent", "value": TOKEN},
    ]
    body = {
        "a": "{{apiToken}}",
        "b": "{{hidden}}",
        "c": "{{innocent}}",
        "d": f"Bearer {TOKEN}",
        "e": "-----BEGIN PRIVATE KEY-----",
    }
    saved = saved_request(made(posted("A", "/search/company", body), variable=variables), "A")
    assert all(isinstance(value, Open) for value in saved.body.values())
    assert "s3cret" not in str(saved)
    assert "eyJ" not in str(saved)
    assert "eyJ" not in saved_request(made(posted("A", f"/webhooks/{TOKEN}", {})), "A").path


def test_the_credentials_of_a_sign_in_are_never_read(made: Made, posted: Posted) -> None:
    saved = saved_request(made(posted("Log in", "/authenticate", {"username": "ada", "password": "s3cret"})), "Log in")
    assert saved.body == {}


@pytest.mark.parametrize(
    "body",
    [
        {"mode": "urlencoded", "urlencoded": []},
        {"mode": "raw", "raw": "{"},
        {"mode": "raw", "raw": "[1]"},
        {"mode": "raw", "raw": '{"a": NaN}'},
        {"mode": "raw", "raw": '{"a":' * 100_000},
    ],
    ids=["form", "cut", "list", "not a number", "deep"],
)
def test_a_body_that_is_no_json_object_is_refused(body: dict[str, Any], made: Made) -> None:
    item = {"name": "A", "request": {"method": "POST", "url": "{{baseUrl}}/search/company", "body": body}}
    with pytest.raises(RequestRefused, match="Nothing was sent"):
        saved_request(made(item), "A")
