"""The object that users hold, on a sandbox of its own."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import zianalytics
from zianalytics import Warehouse, ZoomInfo
from zianalytics.api.table import OPERATIONS
from zianalytics.errors import BudgetExceeded, RequestRefused, SandboxFailed, SettingsRefused
from zianalytics.schema.meters import Meters


@pytest.fixture(scope="module")
def zi() -> Iterator[ZoomInfo]:
    with ZoomInfo.mock(companies=400, progress=False) as client:
        yield client


def admin(zi: ZoomInfo, path: str, body: Any = None) -> bytes:
    assert zi.sandbox is not None
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(zi.sandbox.base_url + path, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        found: bytes = reply.read()
    return found


def test_reprs_say_what_it_is_what_may_be_spent_and_where_things_are(zi: ZoomInfo) -> None:
    assert repr(zi) == "<ZoomInfo enterprise (mock), no budget set; home: temporary>"
    html = zi._repr_html_()
    assert "enterprise (mock)" in html
    assert "temporary" in html
    with zi.budget(max_credits=5):
        assert "may spend 5 credits;" in repr(zi)


def test_each_part_lists_what_can_be_called(zi: ZoomInfo) -> None:
    assert repr(zi.search).startswith("zi.search.companies ")
    lines = repr(zi.lookup).splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["zi.lookup.industries", "zi.lookup.countries"]
    assert [line.split()[0] for line in lines[-5:]] == [
        "zi.lookup.intent_topics", "zi.lookup.input_fields", "zi.lookup.output_fields", "zi.lookup.entitlements",
        "zi.lookup.ages",
    ]  # fmt: skip
    assert lines[-2].endswith("  What the account may ask and be answered, of each operation.")


def test_no_repr_shows_a_secret_or_a_port(zi: ZoomInfo) -> None:
    assert zi.sandbox is not None
    secrets = [zi.sandbox.password.get_secret_value(), zi.sandbox.private_key.get_secret_value()[100:150]]
    parts = [zi, zi.search, zi.enrich, zi.match, zi.lookup, zi.give, zi.budget, zi.warehouse, zi.usage, zi.sandbox]
    shown = " ".join(repr(part) for part in parts) + zi._repr_html_()
    assert not [secret for secret in secrets if secret in shown]
    assert zi.sandbox.base_url.rpartition(":")[2] not in repr(zi) + zi._repr_html_()


def test_a_preview_costs_nothing_and_an_enrichment_is_refused_until_it_is_allowed(zi: ZoomInfo) -> None:
    found = zi.search.companies(country="Germany", limit=3)
    assert found.columns == ["company_id", "name", "extra"]
    with pytest.raises(BudgetExceeded, match="Nothing was sent"):
        zi.enrich.companies(found["company_id"])
    rows = zi.enrich.companies(found["company_id"], fields=["name", "country"], max_credits=3)
    assert rows.columns == ["input", "match_status", "company_id", "name", "country", "extra"]
    assert rows["input"].to_list() == rows["company_id"].to_list() == found["company_id"].to_list()
    assert rows["name"].to_list() == found["name"].to_list()
    assert rows["match_status"].to_list() == ["matched"] * 3
    assert zi.enrich.companies.quote(found["company_id"], fields=["name"]).credits == 0


def test_an_id_that_matches_nothing_keeps_its_row(zi: ZoomInfo) -> None:
    real = zi.search.companies(country="Germany", limit=1)["company_id"].item()
    rows = zi.enrich.companies([1, real, 1], fields=["name"], max_credits=3)
    assert rows.select("input", "match_status").rows() == [(1, "no_match"), (real, "matched"), (1, "no_match")]


def test_arguments_that_a_method_does_not_take_are_refused_with_the_nearest(zi: ZoomInfo) -> None:
    mock: Any = ZoomInfo.mock
    lookup: Any = zi.lookup
    match: Any = zi.match
    with pytest.raises(RequestRefused, match=r"ZoomInfo\.mock has no argument 'company' \(did you mean companies"):
        mock(company=5)
    with pytest.raises(RequestRefused, match=r"zi\.lookup\.output_fields has no argument 'operations' \(did you"):
        lookup.output_fields(operations="enrich.companies")
    with pytest.raises(RequestRefused, match=r"zi\.lookup\.output_fields: missing a required argument: 'operation'"):
        lookup.output_fields()
    with pytest.raises(RequestRefused, match=r"match\.companies: missing a required argument: 'of'"):
        match.companies()
    assert list(inspect.signature(ZoomInfo.mock).parameters)[:2] == ["home", "companies"]


def test_every_company_of_the_practice_crm_lands_in_one_of_three_frames(zi: ZoomInfo) -> None:
    deals = pl.read_csv(admin(zi, "/__mock__/deals.csv")).head(40)
    result = zi.match.companies(deals)
    assert result.matched.height + result.ambiguous.height + result.failed.height == 40
    assert result.matched.height > 25
    assert result.requests >= 40 - deals["website"].null_count()
    assert set(result.matched.columns) == {*deals.columns, "company_id", "name", "matched_by"}


def test_deals_that_are_given_come_back_in_the_warehouse(zi: ZoomInfo) -> None:
    company = zi.search.companies(country="Japan", limit=1)["company_id"].item()
    day = datetime(2026, 1, 2, tzinfo=UTC).date()
    deal = {"deal_id": "d1", "company_id": company, "outcome": "won", "opened_on": day, "closed_on": day}
    zi.give.deals(pl.DataFrame([deal]))
    assert zi.warehouse.sql("SELECT deal_id, company_id, outcome FROM deals").rows() == [("d1", company, "won")]
    with pytest.raises(RequestRefused, match="Nothing was kept"):
        zi.give.deals(pl.DataFrame([deal | {"outcome": "maybe"}]))
    with pytest.raises(RequestRefused, match=f"closed after today, {zi.today}: d2 on 2199-01-01. Nothing was kept"):
        zi.give.deals(pl.DataFrame([deal | {"deal_id": "d2", "closed_on": day.replace(year=2199, day=1)}]))


def test_what_was_paid_for_is_in_the_ledger_and_in_the_warehouse(zi: ZoomInfo) -> None:
    company = zi.search.companies(country="France", limit=1)["company_id"].item()
    zi.enrich.companies([company], max_credits=1)
    assert zi.warehouse.sql("SELECT company_id FROM companies WHERE company_id = $id", id=company).height == 1
    used = dict(zi.usage().select("limit_type", "current_usage").rows())
    assert used["uniqueIdLimit"] == len(
        {one["id"] for one in json.loads(admin(zi, "/__mock__/ledger")) if one["credits"]}
    )


def test_a_statement_that_would_change_the_warehouse_is_told_what_changes_it(zi: ZoomInfo) -> None:
    with pytest.raises(
        RequestRefused, match=r"`zi\.warehouse` adds what is new by itself, and `zia rebuild` makes them"
    ):
        zi.warehouse.sql("DROP TABLE companies")


def test_entitlements_name_what_the_account_lacks(zi: ZoomInfo) -> None:
    lacking = zi.lookup.entitlements().filter(~pl.col("access_granted"))
    assert (
        "enrich.companies",
        "output",
        "departmentBudgets",
        "department_budgets",
        False,
        "field look-up",
    ) in lacking.rows()
    with pytest.raises(RequestRefused, match=r"'enrich\.company' \(did you mean enrich\.companies"):
        zi.lookup.output_fields("enrich.company")


@pytest.mark.parametrize(
    "operation", [row for row in OPERATIONS.values() if row.name.startswith("lookup.")], ids=lambda row: row.name
)
def test_every_look_up_answers_with_its_columns_and_nothing_unknown(operation: Any, zi: ZoomInfo) -> None:
    spoken = operation.name.removeprefix("lookup.")
    kind, _, which = spoken.partition(".")
    frame = getattr(zi.lookup, kind)(*([which.replace("_", ".", 1)] if which else []))
    assert frame.columns == [*operation.record.names, "extra"]
    assert frame.height > 0
    assert frame["extra"].null_count() == frame.height


def test_a_home_that_is_relative_lies_in_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with ZoomInfo.mock(home="kept/home", companies=60, progress=False) as zi:
        assert zi.home.parent == tmp_path / "kept" / "home"
        assert (zi.home / "ledger.db").is_file()


def test_a_second_mock_on_the_same_state_and_home_quotes_nothing(tmp_path: Path) -> None:
    places: dict[str, Any] = {"home": tmp_path / "home", "state": tmp_path / "state.json", "companies": 100}
    with ZoomInfo.mock(**places, progress=False) as first:
        ids = first.search.companies(country="United States", limit=5)["company_id"]
        rows = first.enrich.companies(ids, max_credits=5)
    with ZoomInfo.mock(**places, progress=False) as second:
        quote = second.enrich.companies.quote(ids)
        assert (quote.credits, quote.records, quote.requests) == (0, 0, 0)
        assert second.enrich.companies(ids).equals(rows)
        assert "temporary" not in repr(second)


def test_a_home_keeps_the_account_of_its_sandbox(tmp_path: Path) -> None:
    with ZoomInfo.mock(home=tmp_path, companies=60, seed=9, progress=False) as first:
        ids = first.search.companies(country="United States", limit=3)["company_id"]
        first.enrich.companies(ids, max_credits=3)
        with pytest.raises(SandboxFailed, match="is held by another sandbox"):
            ZoomInfo.mock(home=tmp_path, progress=False)
    with ZoomInfo.mock(home=tmp_path, progress=False) as second:
        assert second.home == first.home
        assert second.enrich.companies.quote(ids).total == Meters()
        assert second.search.companies(country="United States", limit=3)["company_id"].equals(ids)
    with pytest.raises(SandboxFailed, match=r"belongs to a world with companies 60, and 70 was asked for"):
        ZoomInfo.mock(home=tmp_path, companies=70, progress=False)


def test_a_clock_that_is_moved_is_believed_at_once() -> None:
    with ZoomInfo.mock(companies=60, progress=False) as zi:
        assert zi.sandbox is not None
        ids = zi.search.companies(country="United States", limit=3)["company_id"]
        zi.enrich.companies(ids, max_credits=3)
        assert zi.today == date(2026, 10, 1)
        assert zi.enrich.companies.quote(ids).credits == 0
        zi.sandbox.advance(366)
        assert zi.today == date(2027, 10, 2)
        assert zi.enrich.companies.quote(ids).credits == 3


def test_a_closed_mock_leaves_nothing_behind() -> None:
    zi = ZoomInfo.mock(companies=50, progress=False)
    home, sandbox = zi.home, zi.sandbox
    assert sandbox is not None
    assert home.is_dir()
    zi.close()
    zi.close()
    assert not home.parent.exists()
    assert not sandbox.is_running
    assert repr(zi) == "<ZoomInfo enterprise (mock), closed; home: temporary>"


def test_a_client_without_a_user_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("USERNAME", "PASSWORD", "CLIENT_ID", "PRIVATE_KEY", "PRIVATE_KEY_FILE", "BASE_URL"):
        monkeypatch.delenv(f"ZOOMINFO_{name}", raising=False)
    with pytest.raises(SettingsRefused, match=r"ZoomInfo\.mock\(\)"):
        ZoomInfo(home=tmp_path)


def test_a_live_client_sends_nothing_until_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where no `.env` says anything
    with ZoomInfo(username="ada@aster.example", password="x", home=tmp_path) as zi:
        assert repr(zi).startswith("<ZoomInfo enterprise (live), no budget set; home: ")
        assert "ada" not in repr(zi)


def test_the_public_face_is_what_it_says_and_loads_late() -> None:
    assert zianalytics.__all__ == sorted(zianalytics.__all__)
    assert zianalytics.__all__ == ["Warehouse", "ZoomInfo", "errors", "features", "frames", "reports", "scoring"]
    assert set(zianalytics.__all__) <= set(dir(zianalytics))
    assert (Warehouse.__module__, ZoomInfo.__module__) == ("zianalytics.warehouse.store", "zianalytics.zoominfo")
    assert zianalytics.__version__ == version("zianalytics")
    assert "__version__" in dir(zianalytics)
    with pytest.raises(AttributeError, match="no attribute 'Zoominfo'"):
        zianalytics.Zoominfo  # noqa: B018
    late = "{'duckdb', 'sklearn', 'altair', 'uvicorn', 'starlette', 'mockserver'}"
    code = f"import sys, zianalytics; print(sorted(({late} | {{'polars', 'httpx'}}) & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"
    made = "{'httpx', 'pydantic', 'jwt', 'cryptography', 'rich', 'tqdm', 'asyncio', 'ssl', 'zianalytics.api.table'}"
    code = f"import sys; from zianalytics import ZoomInfo; print(sorted(({late} | {made}) & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"


def test_a_client_that_has_not_signed_in_waits_for_no_cryptography(tmp_path: Path) -> None:
    late = "{'jwt', 'cryptography', 'duckdb', 'zianalytics.scoring', 'zianalytics.reports'}"
    code = (
        "import sys; from zianalytics import ZoomInfo; "
        f"ZoomInfo(username='ada@aster.example', password='x', home={str(tmp_path)!r}).close(); "
        f"print(sorted({late} & set(sys.modules)), 'httpx' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert told == "[] True\n"


def test_tab_shows_what_one_can_do(zi: ZoomInfo) -> None:
    public = {name for name in dir(zi) if not name.startswith("_")}
    assert public == {
        "budget", "bulk", "close", "compliance", "enrich", "export", "give", "home", "ledger", "lookup", "match",
        "mock", "redeem", "sandbox", "search", "today", "usage", "warehouse", "webhooks",
    }  # fmt: skip
    assert {"companies", "contacts", "intent"} <= set(dir(zi.search))
    assert "country" in inspect.signature(zi.search.companies).parameters


def test_an_export_holds_nobody_who_is_suppressed_by_now(zi: ZoomInfo, tmp_path: Path) -> None:
    people = pl.DataFrame({"contact_id": [1, 2], "note": ["=HYPERLINK(1)", "x"]})
    zi.compliance.suppress([2])
    written = zi.export(people, tmp_path / "people.csv")
    assert written.read_text("utf-8-sig") == "contact_id,note\n1,'=HYPERLINK(1)\n"
    with pytest.raises(
        RequestRefused, match=r"zi\.export: missing a required argument: 'path'\. .*zi\.export\(frame, path\)"
    ):
        zi.export("out")  # type: ignore[call-arg, arg-type]  # that is the point
    with pytest.raises(RequestRefused, match=r"the ending must be \.csv"):
        zi.export(people, tmp_path / "people.xlsx")
    zi.compliance.allow([2])


def test_an_export_takes_a_frame_of_another_library(
    zi: ZoomInfo, tmp_path: Path, spreadsheet: Callable[..., Any]
) -> None:
    people = spreadsheet({"contact_id": [1, 2], "zip": ["01234", 98101]})
    zi.compliance.suppress([2])
    assert zi.export(people, tmp_path / "people.csv").read_text("utf-8-sig") == "contact_id,zip\n1,01234\n"
    zi.compliance.allow([2])


def test_a_client_knows_the_day_of_its_sandbox_before_it_asks_for_anything(tmp_path: Path) -> None:
    now = datetime(2031, 3, 4, 9, tzinfo=UTC)
    with ZoomInfo.mock(companies=60, now=now, progress=False) as client:
        assert client.today == now.date()
    with ZoomInfo.mock(home=tmp_path, companies=60, progress=False) as client:
        ids = client.search.companies(employee_range_min=0, limit=3)["company_id"]
        client.enrich.companies(ids, max_credits=3)
        assert client.sandbox is not None
        client.sandbox.advance(366)
    with ZoomInfo.mock(home=tmp_path, progress=False) as later:
        assert later.enrich.companies.quote(ids).credits == 3


def test_an_id_that_is_too_large_to_be_one_is_not_suppressed(zi: ZoomInfo) -> None:
    with pytest.raises(RequestRefused, match=r"is not an id\. Nothing was kept"):
        zi.compliance.suppress([10**30])
    assert zi.compliance.suppressions().filter(pl.col("contact_id").is_null() & pl.col("email").is_null()).is_empty()


def test_who_is_allowed_again_is_shown_again_also_by_the_id_that_came_with_the_address() -> None:
    with ZoomInfo.mock(companies=100, progress=False) as client:
        found = client.search.contacts(country="United States", limit=25)["contact_id"]
        address = client.enrich.contacts(found, max_credits=25)["email"].drop_nulls()[0]
        assert client.compliance.suppress([address]) == 1
        client.compliance.allow([address])
        assert client.compliance.suppressions().is_empty()
        assert "opted_out" not in client.enrich.contacts(found)["match_status"].to_list()


def test_what_a_bulk_job_redeemed_can_be_watched_by_a_webhook() -> None:
    with ZoomInfo.mock(companies=100, bundle="scaling", progress=False) as client:
        client.bulk.redeem.companies(country="Germany", max_credits=50)
        client.webhooks.create("Accounts", target_url="http://127.0.0.1:9/x")
        assert client.webhooks.list().height == 1


def test_a_mock_books_under_who_asks_and_reads_no_other_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOOMINFO_WHO", "ana")
    monkeypatch.setenv("ZOOMINFO_SOURCE", "weekly")
    monkeypatch.setenv("ZOOMINFO_BASE_URL", "https://api.zoominfo.com")
    monkeypatch.setenv("ZOOMINFO_HOME", str(tmp_path / "of the live account"))
    with ZoomInfo.mock(companies=60, progress=False) as zi:
        zi.search.news(categories=["FUNDING"], limit=1, max_records=1)
        assert zi.ledger.frame().select("who", "source", "endpoint").rows() == [("ana", "weekly", "search.news")]
    assert not (tmp_path / "of the live account").exists()
