"""A cell sends what was saved: every request of our recordings there and back, and those of a large collection."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mockserver import Request, Response, serve
from mockserver.sandbox import Options, Sandbox
from zianalytics import ZoomInfo
from zianalytics.api.table import OPERATIONS
from zianalytics.api.wire import WireRequest
from zianalytics.errors import RequestRefused, ZoomInfoError
from zianalytics.postman import cell_of, saved_request, saved_requests

RECORDINGS = Path(__file__).parents[3] / "mockserver" / "recordings" / "enterprise.postman_collection.json"
PUBLIC = os.environ.get("ZOOMINFO_PUBLIC_COLLECTION")
OURS = saved_requests(RECORDINGS)
# Their calls are made of others, or wait for a job: what they send is seen by running them, or not at all.
NOT_ROWS = ("zi.webhooks.", "zi.lookup.input_fields", "zi.lookup.output_fields", "zi.bulk.job", "zi.usage", "zi = ")


class Noting:
    """A sandbox that notes what it is asked."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(Options(companies=100, bundle="scaling", no_limits=True))
        self.asked: list[Request] = []

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        return self.sandbox.answer(request)


@pytest.fixture(scope="module")
def noting() -> Iterator[tuple[Noting, str]]:
    noting = Noting()
    with serve(noting) as where:
        yield noting, where.base_url
    noting.sandbox.close()


@pytest.fixture
def zi(noting: tuple[Noting, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoomInfo]:
    """A client of it, and the environment in which a cell makes its own."""
    said = noting[0].sandbox.credentials()
    environ = {"BASE_URL": noting[1], "USERNAME": said["username"], "PASSWORD": said["password"], "HOME": str(tmp_path)}
    for name, value in environ.items():
        monkeypatch.setenv(f"ZOOMINFO_{name}", value)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    with ZoomInfo(progress=False) as client:
        yield client


def recorded() -> dict[str, dict[str, Any]]:
    """Every request of the recordings, those of the saved answers among them, once each, by what it is."""
    found: dict[str, dict[str, Any]] = {}
    for folder in json.loads(RECORDINGS.read_bytes())["item"]:
        for item in folder["item"]:
            for saved in item["response"]:
                asked = saved["originalRequest"]
                key = json.dumps([asked["method"], asked["url"]["raw"], asked.get("body")])
                found.setdefault(
                    key, {"name": f"{item['name']}: {saved['name']}", "request": asked, "code": saved["code"]}
                )
    return {f"{n:03} {one['name']}": one for n, one in enumerate(found.values())}


def alike(value: Any) -> Any:
    """What a value says to the service: numbers and truths may be texts."""
    if isinstance(value, dict):
        return {key: alike(one) for key, one in value.items()}
    if isinstance(value, list):
        return [alike(one) for one in value]
    return re.sub(r"\s*,\s*", ",", str(value).lower())


def same(saved: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Whether two bodies ask the same: pages aside, inputs that say nothing aside, columns in any order."""
    here, there = ({key: alike(one) for key, one in body.items()} for body in (saved, sent))
    for body in (here, there):
        body.pop("page", None)
        body.pop("rpp", None)
        for key in ("matchCompanyInput", "matchPersonInput"):
            if key in body:
                body[key] = [one for one in body[key] if one]
    columns = set(here.pop("outputFields", [])), set(there.pop("outputFields", []))
    return here == there and (columns[0] <= columns[1] or not columns[1])


def call_in(cell: str) -> ast.Call:
    last = ast.parse(cell).body[-1]
    assert isinstance(last, ast.Expr | ast.Assign)
    assert isinstance(last.value, ast.Call)
    return last.value


def shown(cell: str, zi: ZoomInfo) -> WireRequest:
    """The call of a cell, with `.request` behind its name."""
    call = call_in(cell)
    call.func = ast.Attribute(call.func, "request", ast.Load())
    text = ast.unparse(ast.fix_missing_locations(call))
    request = eval(text, {"zi": zi, "date": date})  # noqa: S307  # a cell that we have made
    assert isinstance(request, WireRequest)
    return request


def test_every_recorded_request_comes_back_as_it_was(zi: ZoomInfo, tmp_path: Path) -> None:
    file, wrong, back, refused = tmp_path / "one.json", [], 0, []
    for name, case in recorded().items():
        file.write_text(json.dumps({"item": [{"name": name, "request": case["request"]}]}), encoding="utf-8")
        try:
            cell = cell_of(saved_request(file, name))
        except RequestRefused as exc:
            if not str(exc).startswith("No call of ours sends 'GET /lookup/"):
                refused.append((name, case["code"]))
            continue
        if any(f"\n{call}" in cell.rpartition("\nzi = ")[2] or cell.endswith("zi = ZoomInfo()\n") for call in NOT_ROWS):
            continue
        asked = case["request"]
        saved = json.loads(asked.get("body", {}).get("raw") or "{}")
        try:
            sent = shown(cell, zi)
        except RequestRefused as exc:
            refused.append((f"{name}: {exc}", case["code"]))
            continue
        back += 1
        target = asked["url"]["raw"].removeprefix("{{baseUrl}}")
        if (sent.method, sent.url.removeprefix(sent.base_url)) != (asked["method"], target) or not same(
            saved, json.loads(sent.body or "{}")
        ):
            wrong.append(f"{name}\n{saved}\n{sent.body}")
    assert not wrong, "\n".join(wrong)
    assert back > 80
    by_id = [name for name, code in refused if code < 400]
    assert all("Update Webhook" in name for name in by_id), by_id  # our calls name kinds of records, not ids


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our recordings without the answers, which make them large."""
    return without_answers(RECORDINGS, tmp_path_factory)


def without_answers(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def bare(item: dict[str, Any]) -> dict[str, Any]:
        kept = {key: value for key, value in item.items() if key != "response"}
        return kept | ({"item": [bare(one) for one in item["item"]]} if "item" in item else {})

    small = tmp_path_factory.mktemp("small") / file.name
    small.write_text(json.dumps(bare(json.loads(file.read_bytes()))), encoding="utf-8")
    return small


def test_every_saved_request_of_ours_has_a_cell(ours: Path) -> None:
    built, without = {(row.enterprise.method, row.enterprise.path) for row in OPERATIONS.values()}, []
    for name in OURS:
        saved = saved_request(ours, name)
        try:
            cell_of(saved)
        except RequestRefused as exc:
            without.append((name, (saved.method, saved.path), str(exc)))
    assert [one for one in without if one[1] in built] == []
    assert len(OURS) - len(without) > 50


@pytest.mark.parametrize("name", [one for one in OURS if one.split("/")[0] not in ("Authenticate", "Bulk", "Lookup")])
def test_a_cell_that_is_run_sends_what_was_saved(
    name: str, ours: Path, zi: ZoomInfo, noting: tuple[Noting, str]
) -> None:
    saved = saved_request(ours, name)
    cell = cell_of(saved).replace("# max_", "max_").replace("max_records=...", "max_records=100")
    zi.close()  # the cell makes its own
    noting[0].asked.clear()
    names: dict[str, Any] = {}
    try:
        with suppress(ZoomInfoError):  # another world has no such webhook; it was asked, though
            exec(compile(cell, name, "exec"), names)  # noqa: S102  # a cell that we have made
    finally:
        names["zi"].close()
    sent = [(one.method, one.path) for one in noting[0].asked if same(saved.body, json.loads(one.body or b"{}"))]
    assert (saved.method, saved.path) in sent


def test_a_paid_cell_sends_nothing_until_it_is_allowed(ours: Path, zi: ZoomInfo, noting: tuple[Noting, str]) -> None:
    cell = cell_of(saved_request(ours, "Enrich/Company Enrich"))
    zi.close()
    noting[0].asked.clear()
    names: dict[str, Any] = {}
    with pytest.raises(ZoomInfoError, match="would cost"):
        exec(compile(cell, "cell", "exec"), names)  # noqa: S102  # a cell that we have made
    names["zi"].close()
    assert [one.path for one in noting[0].asked if one.path == "/enrich/company"] == []


def test_what_is_left_open_sends_nothing(zi: ZoomInfo, noting: tuple[Noting, str], tmp_path: Path) -> None:
    body = {"mode": "raw", "raw": '{"country": "{{land}}"}'}
    item = {"name": "A", "request": {"method": "POST", "url": "{{baseUrl}}/search/company", "body": body}}
    file = tmp_path / "open.json"
    file.write_text(json.dumps({"item": [item]}))
    zi.close()
    noting[0].asked.clear()
    names: dict[str, Any] = {}
    with pytest.raises(RequestRefused, match="Nothing was sent"):
        exec(compile(cell_of(saved_request(file, "A")), "cell", "exec"), names)  # noqa: S102  # a cell that we have made
    names["zi"].close()
    assert noting[0].asked == []


@pytest.mark.skipif(PUBLIC is None, reason="ZOOMINFO_PUBLIC_COLLECTION names no file")
def test_every_request_of_a_large_collection_to_a_route_of_ours_has_a_cell(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    assert PUBLIC is not None
    file = without_answers(Path(PUBLIC), tmp_path_factory)
    names = saved_requests(file)
    without = []
    for name in names:
        try:
            call_in(cell_of(saved_request(file, name)))
        except RequestRefused as exc:
            without.append(str(exc))
    assert len(names) >= 90
    assert [one for one in without if not one.startswith("No call of ours sends 'GET /lookup/")] == []
