from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import polars as pl
import pytest

from zianalytics import reports, scoring
from zianalytics.errors import ExtraMissing, RequestRefused
from zianalytics.scoring import Feature
from zianalytics.scoring.calibrate import Calibration


class Outline(HTMLParser):
    """The tags of a page, what they refer to, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"


@pytest.fixture(scope="module")
def page(parts: dict[str, Any]) -> str:
    return reports.page(**parts)


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    return Outline(page)


def test_the_page_loads_nothing_and_runs_nothing(page: str, outline: Outline) -> None:
    assert not {"script", "link", "iframe", "object", "embed", "form", "a", "base"} & set(outline.tags)
    assert all(not name.startswith("on") for _, name, _ in outline.attributes)
    sources = [value for _, name, value in outline.attributes if name in {"src", "href", "srcset", "action"}]
    assert len(sources) == 5
    assert all(value.startswith("data:image/svg+xml;base64,") for value in sources)
    assert "url(" not in page
    assert "@import" not in page
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert ("meta", "content", policy) in outline.attributes


def test_hostile_names_are_shown_and_do_nothing(page: str, outline: Outline) -> None:
    assert outline.tags.count("img") == 5
    assert '<script>alert("x")</script>' in outline.text
    assert "\u202e" not in page
    assert "Aster\\u202efdp.exe" in outline.text
    assert "'=HYPERLINK" in outline.text
    assert not re.search(r">\s*[=+@-]", outline.text)
    assert "O'Birch & Söhne" in outline.text
    assert "Checked by <Ann>." in outline.text


def test_hostile_names_in_a_chart_are_text_there(outline: Outline) -> None:
    for value in [value for _, name, value in outline.attributes if name == "src"]:
        drawn = base64.b64decode(value.split(",")[1]).decode()
        assert drawn.startswith("<svg")
        assert "<script" not in drawn
        assert "<img" not in drawn
        assert "\u202e" not in drawn


def test_the_page_answers_what_was_asked(outline: Outline) -> None:
    text = " ".join(outline.text.split())
    for heading in (
        "Which accounts to call next",
        "The 10 best open accounts",
        "Can the model be trusted?",
        "Does 40 % mean 40 %?",
        "Calling the best first",
        "Whom have we sold to?",
        "Who is looking now?",
        "What did it cost?",
        "Method and caveats",
    ):
        assert heading in text
    assert "facts before 2026-10-01" in text
    assert "in all 40 40 57" in text
    assert "(known: dated)" in text
    assert "30 % of the companies sold to and 10 % of all (3.0 times as often)" in text


def test_the_ten_best_have_tier_score_and_reasons(parts: dict[str, Any], outline: Outline) -> None:
    best = parts["accounts"].row(0, named=True)
    text = " ".join(outline.text.split())
    assert outline.tags.count("ol") == 1
    assert re.search(
        rf"1 A \S.* {100 * best['score']:.0f} % · fit {best['fit']:.0f} · intent {best['intent']:.0f} ", text
    )
    assert re.search(r"4 topics \(typical of past deals: \d(\.5)?\), latest on 2026-09-12", text)


def test_the_ten_best_are_those_with_the_highest_score_in_whatever_order_they_come(
    parts: dict[str, Any], page: str
) -> None:
    assert reports.page(**parts | {"accounts": parts["accounts"].reverse()}) == page


def test_an_account_is_shown_with_what_one_needs_to_find_it(parts: dict[str, Any], outline: Outline) -> None:
    text = " ".join(outline.text.split())
    shown = parts["accounts"].head(10)["employee_count"]
    assert text.count("www.aster.example · Ireland · 1,200 people") == len(shown.drop_nulls())
    assert text.count("www.aster.example · Ireland") == 10


def test_those_who_are_looking_now_are_named_most_signals_first(parts: dict[str, Any], outline: Outline) -> None:
    text = " ".join(outline.text.split())
    table = text[text.index("most signals in the last 90 days") :]
    score = {row["company_id"]: f"{100 * row['score']:.0f} %" for row in parts["accounts"].iter_rows(named=True)}
    # Of company 2 one of two signals is older than that, company 1 has only older ones.
    assert f" 1 2026-09-05 {score[3]} " in table
    assert f" 1 2026-08-05 {score[2]} " in table
    assert table.index("2026-09-05") < table.index("2026-08-05")


def test_accounts_that_another_column_names_are_reported_without_who_is_looking_now(
    parts: dict[str, Any], make_accounts: Callable[[int, int], pl.DataFrame]
) -> None:
    domain = pl.format("a{}.example", "company_id").alias("domain")
    model = scoring.fit(
        scoring.split(make_accounts(180, 1))[0].with_columns(domain), features=parts["model"].features, id="domain"
    )
    of_one = {"model": model, "scorecard": model.evaluate(scoring.split(make_accounts(180, 1))[1])}
    accounts = make_accounts(40, 2).with_columns(domain)
    page = reports.page(**parts | of_one | {"accounts": model.score(accounts, keep=["name"])})
    assert "The 10 best open accounts" in page
    assert "most signals in the last 90 days" not in page
    with_both = reports.page(**parts | of_one | {"accounts": model.score(accounts, keep=["name", "company_id"])})
    assert "most signals in the last 90 days" in with_both


def test_the_column_that_names_an_account_may_be_any_of_its_columns(parts: dict[str, Any], page: str) -> None:
    moved = parts["accounts"].select(pl.exclude("company_id"), "company_id")
    assert reports.page(**parts | {"accounts": moved}) == page


def test_a_feature_that_is_named_by_its_column_alone_is_dated_where_the_column_is(parts: dict[str, Any]) -> None:
    model: scoring.Model = parts["model"]
    named = (Feature("intent_signals_90d", pl.Int64(), ""), Feature("revenue_usd", pl.Int64(), ""))
    page = reports.page(**parts | {"model": replace(model, features=(*model.features, *named))})
    text = " ".join(Outline(page).text.split())
    assert "before the day in question: topics, intent signals 90d. Without a signal, intent is nought where" in text
    assert "Slow-changing employee count, industry, revenue usd. Taken as they are known today" in text


def test_what_may_follow_from_a_deal_is_not_said_to_be_taken_from_today(parts: dict[str, Any], page: str) -> None:
    model: scoring.Model = parts["model"]
    defunct = replace(model, features=(*model.features, Feature("is_defunct", pl.Boolean(), "", label="end of it")))
    of_today = " ".join(Outline(reports.page(**parts | {"model": defunct})).text.split())
    assert "Slow-changing employee count, industry. Taken as they are known today" in of_today
    assert "Not taken from today, and so unknown for past days: end of it." in of_today
    received = " ".join(Outline(reports.page(**parts | {"model": defunct, "known": "received"})).text.split())
    assert "Slow-changing employee count, industry, end of it. Only what had been received" in received
    assert "Not taken from today" not in received + page


def test_what_no_signal_means_is_told_of_our_intent_alone(page: str) -> None:
    assert "Without a signal" not in page


def test_a_score_is_called_calibrated_where_it_was(parts: dict[str, Any], page: str) -> None:
    told = "calibrated on deals that were closed before"
    assert told in page
    few = replace(parts["model"], calibration=Calibration(1.0, 0.0, 0, "not calibrated: too few"))
    assert told not in reports.page(**parts | {"model": few})


def test_what_happens_on_the_day_or_later_is_not_in_it(parts: dict[str, Any]) -> None:
    later = parts["signals"].with_columns(signal_date=pl.lit(datetime(2026, 10, 1, 8, tzinfo=UTC)))
    page = reports.page(**{**parts, "signals": pl.concat([parts["signals"], later])})
    assert "4 intent signals on the chosen topics" in page


def test_predicted_and_won_are_set_side_by_side(parts: dict[str, Any], outline: Outline) -> None:
    card = parts["scorecard"]
    predicted = f"{100 * card.judged['score'].mean():.0f} %"
    text = " ".join(outline.text.split())  # which takes the no-break spaces for spaces
    assert f"On average {predicted} was predicted and {100 * card.base_rate:.0f} % was won." in text


def test_the_same_parts_give_the_same_page(parts: dict[str, Any], page: str) -> None:
    assert reports.page(**parts) == page


def test_the_strict_way_of_knowing_is_told(parts: dict[str, Any]) -> None:
    assert "(known: received)" in reports.page(**parts | {"known": "received"})


def test_a_model_without_signal_is_told_before_its_ranking(parts: dict[str, Any]) -> None:
    won = pl.Series([n % 4 == 0 for n in range(60)])
    card = scoring.judge(pl.Series([0.25] * 60), won, base_rate=0.25)
    text = Outline(reports.page(**parts | {"scorecard": card})).text
    assert text.index("The model has found no signal.") < text.index("The 10 best open accounts")
    assert "Do not rank accounts by it." in text


def test_without_accounts_signals_or_segments_there_is_still_a_page(parts: dict[str, Any]) -> None:
    empty = {name: parts[name].clear() for name in ("accounts", "signals", "segments", "costs")}
    outline = Outline(reports.page(**parts | empty))
    assert outline.tags.count("img") == 2
    assert "No open account was scored" in outline.text
    assert "0 intent signals" in outline.text


def test_deals_of_one_outcome_make_a_page_too(parts: dict[str, Any]) -> None:
    card = scoring.judge(pl.Series([0.2] * 30), pl.Series([False] * 30), base_rate=0.2)
    assert "too few deals" in Outline(reports.page(**parts | {"scorecard": card})).text


def test_a_frame_without_its_columns_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(RequestRefused, match="accounts has no column name, reasons"):
        reports.page(**parts | {"accounts": parts["accounts"].drop("name", "reasons")})


@pytest.mark.parametrize("package", ["altair", "vl_convert", "jinja2"])
def test_a_missing_part_is_named_with_the_command_that_installs_it(
    parts: dict[str, Any], package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ExtraMissing, match=r'pip install "zianalytics\[score\]"'):
        reports.page(**parts)


def test_the_day_is_that_of_the_facts(parts: dict[str, Any]) -> None:
    assert "facts before 2027-01-02" in reports.page(**parts | {"as_of": date(2027, 1, 2)}).replace("&middot; ", "")


def test_deals_are_called_later_where_that_was_looked_up_alone(parts: dict[str, Any], outline: Outline) -> None:
    shown = " ".join(outline.text.split())
    assert "AUC on 60 later deals" in shown
    assert "All of it on deals opened after the last day that the model learnt from." in shown
    assert "Later deals in groups by score" in shown
    page = reports.page(**parts | {"scorecard": replace(parts["scorecard"], later=False)})
    assert "AUC on 60 deals" in page
    assert "Deals in groups by score" in page
    assert "later deal" not in page.lower()
    assert "All of it on deals" not in page
