"""The file by which somebody else pays: whole, private, and what was edited is noticed."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zianalytics.errors import QuoteRefused, RequestRefused
from zianalytics.schema.quote import Part, Quote, Seen, quote_lines

KEYWORDS: dict[str, Any] = {
    "fields": ["name", "revenue_usd"],
    "max_age": timedelta(days=3, seconds=1),
    "signal_start_date": date(2031, 1, 2),
    "match_reasons": [{"city": "exact", "match_score": 3}],
    "limit": 5,
    "recommended_contacts": False,
}


def approved(**more: Any) -> Quote:
    part = Part(
        operation="enrich.contacts",
        account="api.zoominfo.com-ana-1a2b3c4d",
        made_at=datetime(2031, 3, 1, 9, 0, 0, 250, tzinfo=UTC),
        keywords=KEYWORDS,
        inputs=[{"email": "ana@norvatek.example"}, {}, {"contact_id": 2**62}],
        given=pl.DataFrame({"crm": ["a", "b", "c"]}),
        batch=25,
        requests=1,
    )
    lines = quote_lines(
        [
            {"operation": "enrich.contacts", "input_row": 0, "what": "ana@norvatek.example", "by": "email",
             "entity": "contact", "status": "new", "why": "at most: its id is not known", "credits": 1, "records": 1},
            {"operation": "enrich.contacts", "input_row": 2, "what": "contact_id 2", "by": "contact_id", "id": 2**62,
             "entity": "contact", "status": "managed", "why": "under management", "credits": 0, "records": 1,
             "managed_until": date(2031, 12, 1), "days_left": 275},
        ]
    )  # fmt: skip
    values: dict[str, Any] = {
        "seen": (Seen(operation="enrich.contacts", by="email", asked=9, matched=7),),
        "per_minute": 1500,
        "credit_price": Decimal("0.350"),
        "reserved": 2,
        "parts": (part,),
    }
    return Quote("enrich.contacts", lines, 1, **values | more)


def test_what_is_read_is_what_was_written_but_for_the_columns_of_the_user(tmp_path: Path) -> None:
    quote = approved()
    read = Quote.load(quote.save(tmp_path / "approval.json"))
    assert read.lines.equals(quote.lines)
    assert read.lines.schema == quote.lines.schema
    assert (read.operation, read.total, read.reserved) == (quote.operation, quote.total, quote.reserved)
    assert (read.seen, read.per_minute, read.credit_price) == (quote.seen, quote.per_minute, quote.credit_price)
    [was], [now] = quote.parts, read.parts
    assert now.keywords == was.keywords
    assert now.inputs == was.inputs
    assert now.given is None
    for name in ("id", "operation", "account", "made_at", "pool", "batch", "each", "requests"):
        assert getattr(now, name) == getattr(was, name)
    assert "crm" not in (tmp_path / "approval.json").read_text()
    assert repr(read) == repr(quote)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_only_its_owner_may_read_it_even_where_another_lay_there(tmp_path: Path) -> None:
    path = tmp_path / "approval.json"
    path.write_text("older")
    path.chmod(0o644)
    approved().save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["approval.json"]


def _cheaper(whole: dict[str, Any]) -> None:
    whole["quote"]["worst_case"]["requests"] = 500


def _another_input(whole: dict[str, Any]) -> None:
    whole["quote"]["calls"][0]["inputs"][0]["email"] = "bo@norvatek.example"


def _another_hash(whole: dict[str, Any]) -> None:
    whole["sha256"] = "0" * 64


@pytest.mark.parametrize("edit", [_cheaper, _another_input, _another_hash], ids=["figure", "input", "hash"])
def test_an_edited_file_is_refused(edit: Callable[[dict[str, Any]], None], tmp_path: Path) -> None:
    path = approved().save(tmp_path / "approval.json")
    whole = json.loads(path.read_bytes())
    edit(whole)
    path.write_text(json.dumps(whole))
    with pytest.raises(QuoteRefused, match=r"was edited after it was written\. Nothing was sent\.") as refused:
        Quote.load(path)
    assert (refused.value.code, refused.value.credits_spent) == ("altered", 0)
    assert "ana@" not in str(refused.value)


def test_a_file_that_was_only_laid_out_anew_is_the_same(tmp_path: Path) -> None:
    path = approved().save(tmp_path / "approval.json")
    path.write_text(json.dumps(json.loads(path.read_bytes()), separators=(",", ":")))
    assert Quote.load(path).credits == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"input\n42\n", "is not a quote"),
        (b"[1]", "is not a quote"),
        (b'{"format": "zianalytics quote", "version": 2}', "is a quote of version 2, and this package reads version 1"),
        (b'{"format": "zianalytics quote", "version": 1, "sha256": '
         b'"74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b", "quote": null}', "does not hold a"),
    ],
    ids=["csv", "list", "version", "empty"],
)  # fmt: skip
def test_what_is_no_approval_is_refused(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "approval.json"
    path.write_bytes(content)
    with pytest.raises(QuoteRefused, match="Nothing was sent") as refused:
        Quote.load(path)
    assert says in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuoteRefused, match=r"cannot be read \(No such file or directory\)\. Nothing was sent\."):
        Quote.load(tmp_path / "none.json")


def test_a_quote_that_cannot_be_paid_or_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestRefused, match="there is nothing to approve"):
        approved(parts=()).save(tmp_path / "approval.json")
    with pytest.raises(RequestRefused, match=r"cannot be written \(No such file or directory\)"):
        approved().save(tmp_path / "none" / "approval.json")
    assert not list(tmp_path.iterdir())
