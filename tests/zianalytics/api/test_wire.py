"""A request as a value: what it shows, and how it is written for a shell and for Postman."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mockserver.postman import read_collection
from zianalytics.api.wire import WireRequest

SEARCH = WireRequest(
    operation="search.companies",
    method="POST",
    base_url="https://api.zoominfo.example",
    path="/search/company",
    body='{"companyName":"M\\u00fcller\'s \\"Best\\" $HOME `id`","rpp":3,"page":1}',
)
PRODUCTS = WireRequest(
    operation="lookup.tech_products",
    method="GET",
    base_url="http://127.0.0.1:8080",
    path="/lookup/tech/product",
    query={"vendor": "Aster & Birch"},
)


def test_it_shows_where_it_goes_and_what_it_says_without_the_address_of_the_service() -> None:
    assert repr(PRODUCTS) == "GET /lookup/tech/product?vendor=Aster+%26+Birch"
    assert repr(SEARCH).splitlines() == [
        "POST /search/company",
        "{",
        '  "companyName": "Müller\'s \\"Best\\" $HOME `id`",',
        '  "rpp": 3,',
        '  "page": 1',
        "}",
    ]


def test_a_long_one_is_cut_where_it_is_shown_and_nowhere_else() -> None:
    inputs = [{"companyId": number} for number in range(25)]
    request = WireRequest(
        operation="enrich.companies",
        method="POST",
        base_url="",
        path="/enrich/company",
        body=json.dumps({"matchCompanyInput": inputs, "outputFields": ["id", "name"]}),
        number=2,
        of=1_200,
    )
    lines = repr(request).splitlines()
    assert lines[0] == "POST /enrich/company  (request 2 of 1,200 at most)"
    assert len(lines) == 25
    assert lines[-1] == "... and 57 more lines; .body has all"
    assert json.loads(request.body)["matchCompanyInput"] == inputs


def test_text_that_would_act_on_a_terminal_is_spelt_out() -> None:
    request = WireRequest(operation="x", method="POST", base_url="", path="/x", body=json.dumps({"a": "\x1b[2J\u202e"}))
    assert "\x1b" not in repr(request)
    assert "\u202e" not in repr(request)


def test_its_address_and_headers_hold_no_secret() -> None:
    assert PRODUCTS.url == "http://127.0.0.1:8080/lookup/tech/product?vendor=Aster+%26+Birch"
    assert PRODUCTS.headers == {"Accept": "application/json"}
    assert SEARCH.headers == {"Accept": "application/json", "Content-Type": "application/json"}


def test_as_curl_it_is_an_argument_a_line_with_a_variable_in_the_place_of_the_token() -> None:
    assert PRODUCTS.as_curl().split("\n") == [
        "curl --silent --show-error --globoff --request GET "
        "'http://127.0.0.1:8080/lookup/tech/product?vendor=Aster+%26+Birch' \\",
        '    --header "Authorization: Bearer $ZOOMINFO_TOKEN" \\',
        "    --header 'Accept: application/json'",
    ]
    words = shlex.split(SEARCH.as_curl())
    assert words[words.index("--data-raw") + 1] == SEARCH.body


@given(st.text(), st.text(min_size=1))
def test_no_text_leaves_its_word_in_the_shell(said: str, asked: str) -> None:
    request = WireRequest(
        operation="x",
        method="POST",
        base_url="http://127.0.0.1",
        path="/x",
        query={"q": asked.encode("utf-8", "replace").decode()},
        body=json.dumps({"a": said}),
    )
    command = request.as_curl()
    assert command.count("\n") == command.count(" \\\n    --") == 4, "a line ends where an argument does"
    words = shlex.split(command.replace("\\\n", ""))  # as a shell reads it
    assert words[:7] == ["curl", "--silent", "--show-error", "--globoff", "--request", "POST", request.url]
    assert words[-2:] == ["--data-raw", request.body]
    assert len(words) == 15


def test_as_postman_it_is_an_item_that_a_collection_takes(tmp_path: Path) -> None:
    file = tmp_path / "collection.json"
    for request, path in ((SEARCH, "search/company"), (PRODUCTS, "lookup/tech/product")):
        item = request.as_postman()
        item["response"] = [{"name": "saved", "originalRequest": item["request"], "code": 200, "body": "{}"}]
        info = {"name": "ours", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}
        file.write_text(json.dumps({"info": info, "item": [item]}), encoding="utf-8")
        read = read_collection(file)
        assert read.faults == ()
        [example] = read.examples
        assert example.method == request.method
        assert "/".join(segment.text for segment in example.path).endswith(path)
        assert dict(example.query) == request.query
    assert item["name"] == "zi.lookup.tech_products"
    assert item["request"]["header"][0] == {"key": "Authorization", "value": "Bearer {{jwt}}"}
    assert item["request"]["url"]["host"] == ["{{baseUrl}}"]
