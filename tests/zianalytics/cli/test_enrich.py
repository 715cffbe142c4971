"""`zia enrich` as somebody types it and as a schedule runs it: what is paid, what is written, how it ends."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mockserver import Request, Response
from zianalytics import ZoomInfo

if TYPE_CHECKING:
    from .conftest import Desk

COMPANY = "/enrich/company"


def test_a_file_of_companies_becomes_a_file_of_records_for_no_more_than_is_allowed(desk: Desk) -> None:
    ids = desk.file("ids.csv", "note;Company ID", *(f"n{n};{one}.0" for n, one in enumerate(desk.ids[:30])), "", "x;7")
    code, out, err = desk.run("companies", "--ids", ids, "--max-credits", "31", "--out", "rows.parquet")
    assert (code, out) == (0, "")
    assert err.splitlines() == [
        "zia enrich: at most Quote(credits=31, records=31, requests=2)",
        "zia enrich: 31 rows in rows.parquet: 30 matched, 1 no_match.",
    ]
    rows = pl.read_parquet("rows.parquet")
    assert rows.columns[:4] == ["note", "company_id", "match_status", "company_id_zi"]
    assert rows["company_id"].to_list() == [*desk.ids[:30], 7]
    assert rows["company_id_zi"].to_list() == [*desk.ids[:30], None]
    assert set(desk.service.charges.values()) == {1}
    assert sum(row["credits"] for row in desk.service.sandbox.ledger()) == 30
    assert sorted(path.name for path in desk.folder.iterdir()) == ["home", "ids.csv", "rows.parquet", "state"]


def test_a_second_run_costs_nothing_and_writes_csv_and_json_as_well(desk: Desk) -> None:
    ids = desk.file("ids.txt", *desk.ids[:3], "=cmd.example")
    assert desk.run("companies", "--ids", ids, "--max-credits", "4", "--out", "rows.csv")[0] == 0
    paid = desk.service.charges
    [*_, last] = rows = list(csv.DictReader(io.StringIO(Path("rows.csv").read_text("utf-8-sig"))))
    assert [row["company_id"] for row in rows] == [*map(str, desk.ids[:3]), ""]
    assert last["input"] == "'=cmd.example", "nothing computes"
    code, _, err = desk.run("companies", "--ids", ids, "--fields", "name, website", "--out", "rows.json")
    assert (code, err.splitlines()[0]) == (0, "zia enrich: at most Quote(credits=0, records=0, requests=0, held=4)")
    told = json.loads(Path("rows.json").read_text())
    assert list(told[0]) == ["input", "match_status", "company_id", "name", "website", "extra"]
    assert [row["company_id"] for row in told] == [*desk.ids[:3], None]
    assert desk.service.charges == paid


def test_a_quote_is_printed_and_nothing_that_costs_is_sent(desk: Desk) -> None:
    ids = desk.file("ids.txt", *desk.ids[:3], desk.ids[0])
    code, out, err = desk.run("companies", "--ids", ids, "--quote")
    assert (code, out, err) == (0, "Quote(credits=3, records=3, requests=1, duplicates=1)\n", "")
    assert desk.service.asked.total() == 0


def test_without_an_allowance_the_price_is_said_and_nothing_is_written(desk: Desk) -> None:
    ids = desk.file("ids.txt", *desk.ids[:3])
    for allowed in ([], ["--max-credits", "2"], ["--max-credits", "3", "--max-records", "2"]):
        code, out, err = desk.run("companies", "--ids", ids, "--out", "rows.csv", *allowed)
        assert (code, out) == (1, "")
        assert "zia: enrich.companies would cost at most 3 credits, 3 records, 1 request" in err
        assert "Nothing was sent" in err
    assert not Path("rows.csv").exists()
    assert desk.service.charges == Counter()


def test_contacts_are_found_by_address_or_by_name_and_company(desk: Desk) -> None:
    account = {name[9:].lower(): value for name, value in desk.settings.items() if name.startswith("ZOOMINFO_")}
    with ZoomInfo(**account) as zi:  # type: ignore[arg-type]
        found = zi.search.contacts(country="Germany", required_fields="email", limit=3)
        known = zi.enrich.contacts(found["contact_id"], max_credits=3)
        zi.compliance.suppress(known["contact_id"].to_list()[:1])
    by_name = known.select("first_name", "last_name", "company_name").rows()[1]
    ids = desk.file(
        "people.csv",
        "E-mail ID,email,first name,last name,company name",
        f"a,{known['email'][0]},,,",
        f"b,{known['email'][1]},,,",
        f"c,,{','.join(by_name)}",
        "d,,Ada,,",
    )
    options = ["--required-fields", "email", "--fields", "email"]
    code, _, err = desk.run("contacts", "--ids", ids, "--max-credits", "3", "--out", "people.parquet", *options)
    assert code == 3, "a row could not be asked"
    assert "1 opted_out" in err
    rows = pl.read_parquet("people.parquet")
    assert rows["match_status"].to_list() == ["opted_out", "matched", "matched", "invalid_input"]
    assert rows["email_zi"].to_list() == [None, known["email"][1], known["email"][1], None]
    assert rows["contact_id"].to_list() == [None, known["contact_id"][1], known["contact_id"][1], None]


def test_rows_without_an_answer_end_with_3_and_a_second_run_completes_the_file(desk: Desk) -> None:
    ids = desk.file("ids.txt", *desk.ids[:75])

    def second_fails(request: Request) -> Response | None:
        return Response(200, delivery="cut") if request.path == COMPANY and desk.service.asked[COMPANY] == 2 else None

    desk.service.trouble = second_fails
    code, out, err = desk.run("companies", "--ids", ids, "--max-credits", "75", "--out", "rows.parquet")
    assert (code, out) == (3, "")
    assert "zia: enrich.companies: 25 of 75 inputs are not answered" in err
    assert pl.read_parquet("rows.parquet")["match_status"].value_counts(sort=True).rows() == [
        ("matched", 50),
        ("error", 25),
    ]
    code, _, err = desk.run("companies", "--ids", ids, "--max-credits", "75", "--out", "rows.parquet")
    assert code == 0
    assert "were sent again" in err
    assert pl.read_parquet("rows.parquet")["company_id"].to_list() == desk.ids[:75]
    assert set(desk.service.charges.values()) == {1}


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("missing/rows.csv", "There is no folder missing. Nothing was sent"),
        ("rows.xlsx", "--out rows.xlsx: the ending must be .csv, .parquet or .json. Nothing was sent."),
        ("rows", "rows: the ending must be .csv, .parquet or .json"),
        ("ids.csv", "--out is the file that is read"),
        ("link.csv", "--out is the file that is read"),
        ("folder.csv", "is a folder. Nothing was sent"),
        (f"{'n' * 250}.parquet", "cannot be written (File name too long). Nothing was sent. Name another one"),
    ],
    ids=["folder", "ending", "no ending", "itself", "itself by a link", "a folder", "long name"],
)
def test_what_cannot_be_written_is_refused_before_anything_is_paid(desk: Desk, out: str, says: str) -> None:
    ids = desk.file("ids.csv", "company_id", *desk.ids[:3])
    Path("link.csv").symlink_to("ids.csv")
    Path("folder.csv").mkdir()
    before = Path("ids.csv").read_text()
    code, _, err = desk.run("companies", "--ids", ids, "--max-credits", "3", "--out", out)
    assert code == 1
    assert says in err
    assert desk.service.charges == Counter()
    assert desk.service.asked.total() == 0
    assert Path("ids.csv").read_text() == before


def test_a_folder_without_the_right_to_write_is_refused_before_anything_is_paid(
    desk: Desk, bound_by_rights: Callable[[Callable[[], Any]], Any]
) -> None:
    ids = desk.file("ids.csv", "company_id", *desk.ids[:3])
    shut = desk.folder / "shut"
    shut.mkdir(mode=0o500)
    code, _, err = bound_by_rights(
        lambda: desk.run("companies", "--ids", ids, "--max-credits", "3", "--out", "shut/rows.csv")
    )
    assert code == 1
    assert "cannot be written (Permission denied). Nothing was sent" in err
    assert desk.service.charges == Counter()


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--ids", "none.csv", "--quote"], 1, "none.csv cannot be read"),
        (["--ids", "ids.csv"], 1, "There is no --out to write to. Nothing was sent. Name one, or pass --quote"),
        (["--ids", "ids.csv", "--fields", "nmae", "--quote"], 1, "did you mean name"),
        (["--ids", "ids.csv", "--max-credits", "-1", "--quote"], 2, "--max-credits"),
        (["--ids", "ids.csv", "--max-credit", "1", "--quote"], 2, "--max-credit"),
    ],
    ids=["no file", "no out", "field", "below 0", "misspelt"],
)
def test_a_mistake_is_told_before_anything_is_sent(desk: Desk, options: list[str], code: int, says: str) -> None:
    desk.file("ids.csv", "company_id", desk.ids[0])
    ended, out, err = desk.run("companies", *options)
    assert ended == code
    assert says in out + err
    assert desk.service.asked.total() == 0


def test_an_error_is_a_line_without_a_traceback_or_a_secret(desk: Desk) -> None:
    ids = desk.file("ids.csv", "company_id", desk.ids[0])
    desk.service.trouble = lambda request: Response(401, (), b"{}") if request.path == "/authenticate" else None
    with desk.begin("companies", "--ids", ids, "--max-credits", "1", "--out", "rows.csv") as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("zia: ")
    assert not Path("rows.csv").exists()
    for secret in desk.service.sandbox.credentials().values():
        assert secret not in err
