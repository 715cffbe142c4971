"""What is drawn or echoed into an answer, and what is left as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver import Replay, Request
from mockserver.postman import read_collection
from mockserver.replay.filling.invented import VARIABLES, Invented

ReplayOf = Callable[..., Replay]
JSON = [{"key": "Content-Type", "value": "application/json"}]
# https://learning.postman.com/docs/tests-and-scripts/write-scripts/variables-list, by its sections.
DOCUMENTED = """
    guid timestamp isoTimestamp randomUUID
    randomAlphaNumeric randomBoolean randomInt randomColor randomHexColor randomAbbreviation
    randomIP randomIPV6 randomMACAddress randomPassword randomLocale randomUserAgent randomProtocol randomSemver
    randomFirstName randomLastName randomFullName randomNamePrefix randomNameSuffix
    randomJobArea randomJobDescriptor randomJobTitle randomJobType
    randomPhoneNumber randomPhoneNumberExt randomCity randomStreetName randomStreetAddress randomCountry
    randomCountryCode randomLatitude randomLongitude
    randomAvatarImage randomImageUrl randomAbstractImage randomAnimalsImage randomBusinessImage randomCatsImage
    randomCityImage randomFoodImage randomNightlifeImage randomFashionImage randomPeopleImage randomNatureImage
    randomSportsImage randomTransportImage randomImageDataUri
    randomBankAccount randomBankAccountName randomCreditCardMask randomBankAccountBic randomBankAccountIban
    randomTransactionType randomCurrencyCode randomCurrencyName randomCurrencySymbol randomBitcoin
    randomCompanyName randomCompanySuffix randomBs randomBsAdjective randomBsBuzz randomBsNoun
    randomCatchPhrase randomCatchPhraseAdjective randomCatchPhraseDescriptor randomCatchPhraseNoun
    randomDatabaseColumn randomDatabaseType randomDatabaseCollation randomDatabaseEngine
    randomDateFuture randomDatePast randomDateRecent randomWeekday randomMonth
    randomDomainName randomDomainSuffix randomDomainWord randomEmail randomExampleEmail randomUserName randomUrl
    randomFileName randomFileType randomFileExt randomCommonFileName randomCommonFileType randomCommonFileExt
    randomFilePath randomDirectoryPath randomMimeType
    randomPrice randomProduct randomProductAdjective randomProductMaterial randomProductName randomDepartment
    randomNoun randomVerb randomIngverb randomAdjective randomWord randomWords randomPhrase
    randomLoremWord randomLoremWords randomLoremSentence randomLoremSentences randomLoremParagraph
    randomLoremParagraphs randomLoremText randomLoremSlug randomLoremLines
"""


def answered(replay: Replay, path: str) -> str:
    return replay.answer(Request("GET", path)).body.decode()


def headers(replay: Replay, path: str) -> Mapping[str, str]:
    return dict(replay.answer(Request("GET", path)).headers)


def test_every_documented_variable_has_a_value_and_none_other() -> None:
    assert sorted(VARIABLES) == sorted(f"${name}" for name in DOCUMENTED.split())
    invented = Invented(7, lambda: 1_750_000_000.9)
    for name in VARIABLES:
        for _ in range(50):
            assert invented.draw(name).strip() != ""


@pytest.mark.parametrize(
    ("name", "looks"),
    [
        ("$guid", r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        ("$timestamp", "1750000000"),
        ("$isoTimestamp", r"2025-06-15T15:06:40\.900Z"),
        ("$randomInt", r"[0-9]{1,3}|1000"),
        ("$randomBoolean", "true|false"),
        ("$randomHexColor", "#[0-9a-f]{6}"),
        ("$randomIPV6", r"2001:db8(:[0-9a-f]{4}){6}"),
        ("$randomIP", r"198\.1[89]\.[0-9]{1,3}\.[0-9]{1,3}"),
        ("$randomPassword", "[A-Za-z0-9]{15}"),
        ("$randomPhoneNumber", "[2-9][0-9]{2}-555-01[0-9]{2}"),
        ("$randomPhoneNumberExt", "[0-9]{2}-[2-9][0-9]{2}-555-01[0-9]{2}"),
        ("$randomEmail", r"[a-z0-9]+@[a-z]+\.(example|test|invalid)"),
        ("$randomExampleEmail", r"[a-z0-9]+@example\.com"),
        ("$randomUrl", r"https?://[a-z]+\.(example|test|invalid)"),
        ("$randomImageUrl", r"http://images\.example/640x480\.png\?random=[0-9]+"),
        ("$randomPrice", r"[0-9]{3}\.[0-9]{2}"),
        ("$randomLatitude", r"-?[0-9]{1,2}\.[0-9]{4}"),
        ("$randomSemver", r"[0-9]\.[0-9]\.[0-9]"),
        ("$randomBankAccount", "[0-9]{8}"),
        ("$randomBankAccountIban", "XX[0-9]{20}"),
    ],
)
def test_values_look_as_documented_and_belong_to_nobody(name: str, looks: str) -> None:
    invented = Invented(1, lambda: 1_750_000_000.9)
    drawn = [invented.draw(name) for _ in range(100)]

    assert [value for value in drawn if not re.fullmatch(looks, value)] == []


def test_an_iban_checks_and_dates_lie_where_they_say() -> None:
    invented = Invented(3, lambda: 1_750_000_000)

    iban = invented.draw("$randomBankAccountIban")
    assert int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1
    assert "2025" in invented.draw("$randomDateRecent")
    assert re.search(" 202[56] ", invented.draw("$randomDateFuture"))


def test_each_slot_and_each_request_has_a_value_of_its_own_and_the_same_seed_the_same_run(
    write_collection: Callable[..., Any],
) -> None:
    body = '{"id": "{{$guid}}", "other": "{{ $guid }}", "at": {{$timestamp}}, "name": "{{$randomFullName}}"}'
    request = {"name": "a", "request": "/a", "response": [{"name": "x", "body": body, "header": JSON}]}
    collection = read_collection(write_collection(request))

    def run(seed: int) -> list[Any]:
        replay = Replay([collection], seed=seed, clock=lambda: 1_750_000_000)
        return [json.loads(answered(replay, "/a")) for _ in range(3)]

    told = run(7)
    assert len({UUID(each[key]) for each in told for key in ("id", "other")}) == 6
    assert [each["at"] for each in told] == [1_750_000_000] * 3
    assert run(7) == told
    assert run(8) != told


def test_an_unknown_variable_stays_as_it_stands_and_is_reported(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET /a", {"name": "x", "body": '{"a": "{{$randomGuid}} {{open}} {{$guid"}'}))

    assert answered(replay, "/a") == '{"a": "{{$randomGuid}} {{open}} {{$guid"}'
    assert [str(fault).partition(": ")[2] for fault in replay.faults if "dynamic" in fault.problem] == [
        "GET /a / x: response.body: {{$randomGuid}} is no dynamic variable that is known; sent as it stands"
    ]


def test_path_values_are_echoed_where_the_answer_names_them(replay_of: ReplayOf) -> None:
    location = [*JSON, {"key": "Location", "value": "/users/{{id}}/:post/{{$randomInt}}"}]
    body = '{"id": {{id}}, "text": "{{id}}", "post": ":post", "href": "/u/:id/p/:post?x=:id", "kept": "a:id :id"}'
    replay = replay_of(("GET /users/:id/posts/{{post}}.json", {"body": body, "header": location}))

    said = answered(replay, "/users/7/posts/first.json")

    assert json.loads(said) == {
        "id": 7, "text": "7", "post": "first", "href": "/u/7/p/first?x=:id", "kept": "a:id :id"
    }  # fmt: skip
    assert re.fullmatch("/users/7/first/[0-9]+", headers(replay, "/users/7/posts/first.json")["Location"])


def test_a_path_value_that_was_not_asked_for_stays_as_it_stands(replay_of: ReplayOf) -> None:
    base = [{"key": "base", "value": "https://api.example.com/{{tenant}}"}]
    body = '{"tenant": "{{tenant}}", "file": "{{file}}", "at": "/:file"}'
    replay = replay_of(("GET {{base}}/{{file}}.json", {"body": body}), variable=base)

    assert json.loads(answered(replay, "/t/f.json")) == {"tenant": "t", "file": "f", "at": "/f"}
    assert json.loads(answered(replay, "/f.json")) == {"tenant": "{{tenant}}", "file": "f", "at": "/f"}
    assert answered(replay, "/{{tenant}}/{{file}}.json") == body


def test_an_answer_that_names_nothing_of_the_path_is_the_recorded_one(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET /users/:id", {"body": '{"id": 5, "was": "{{token}}", "time": "10:id"}'}))

    assert answered(replay, "/users/7") == '{"id": 5, "was": "{{token}}", "time": "10:id"}'


@given(st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1))
def test_an_echo_changes_nothing_around_it(value: str) -> None:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    def item(path: str, body: str, header: list[dict[str, str]]) -> dict[str, Any]:
        return {"name": path, "request": f"/{path}/:id", "response": [{"name": "x", "body": body, "header": header}]}

    html = [{"key": "Content-Type", "value": "text/html"}, {"key": "X-Id", "value": "<{{id}}>"}]
    items = [item("json", '{"bare": {{id}}, "text": "<{{id}}>"}', JSON), item("html", "<p>{{id}}</p>", html)]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "echo.json"
        file.write_text(json.dumps({"item": items}), encoding="utf-8")
        replay = Replay.read([file])

    said = json.loads(answered(replay, f"/json/{value}"))
    assert said["text"] == f"<{value}>"
    assert str(said["bare"]) == value or json.dumps(said["bare"]) == value or isinstance(said["bare"], float | int)
    page = answered(replay, f"/html/{value}")
    assert re.fullmatch("<p>[^<>]*</p>", page, re.DOTALL)
    assert re.fullmatch("<[\x20-\x7e]+>", headers(replay, f"/html/{value}")["X-Id"])


def test_an_answer_with_more_slots_or_text_than_the_bound_goes_out_as_it_was_recorded(replay_of: ReplayOf) -> None:
    most, more, long = "{{$guid}}" * 10_000, "{{$guid}}" * 10_001, "{{$guid}}" + " " * 2**20
    replay = replay_of(("GET /a", {"body": most}), ("GET /b", {"body": more}), ("GET /c", {"body": long}))

    assert "{{" not in answered(replay, "/a")
    assert answered(replay, "/b") == more
    assert answered(replay, "/c") == long


def test_a_long_part_of_a_path_is_not_echoed(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET /:id", {"body": "{{id}}"}))

    assert answered(replay, f"/{'a' * 1_000}") == "a" * 1_000
    assert answered(replay, f"/{'a' * 1_001}") == "{{id}}"


def test_what_cannot_be_read_as_text_goes_out_as_it_came(replay_of: ReplayOf) -> None:
    latin = [{"key": "Content-Type", "value": "text/plain; charset=iso-8859-1"}]
    replay = replay_of(
        ("GET /:id", {"body": "é {{id}}", "header": latin}), ("GET /a/:b", {"body": "é", "header": latin})
    )

    assert replay.answer(Request("GET", "/a/7")).body == b"\xe9"
    assert "7" in replay.answer(Request("GET", "/7")).body.decode("utf-8")


def test_a_text_that_begins_with_a_variable_is_no_json(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET /people/:who", {"name": "x", "body": "{{who}} is here"}))

    assert replay.answer(Request("GET", "/people/ada")).body == b"ada is here"
