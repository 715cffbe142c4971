"""`zia demo`: from a CRM file to scored accounts, told on the terminal. Public calls only; the notebook's twin."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer
from tqdm.auto import tqdm

from zianalytics import ZoomInfo, errors
from zianalytics.cli.manners import Story
from zianalytics.schema.quote import Quote

if TYPE_CHECKING:  # loads with what else the demo needs: `zia --help` does not
    from zianalytics import scoring

SEED = 5  # a world whose figures lie near the median of ten: benchmarks/model_vs_truth.py
TOPICS = ["Lead Scoring", "Sales Forecasting", "Revenue Intelligence"]
LEVELS = ["C Level Exec", "VP Level Exec", "Director"]
COUNTRIES = ["United States", "Germany"]
SHORTLIST = 250
WATCHED = 25
BEST_PER_KIND = 4
LEAST_SHARE = 0.06


def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where results and the sandbox's state are kept.")] = Path(
        "demo"
    ),
) -> None:
    """From a CRM file to scored accounts, against a local sandbox: spends nothing, needs no account."""
    folder.mkdir(parents=True, exist_ok=True)
    typer.echo("A local ZoomInfo is started; its companies and people are invented and its credits cost nothing.")
    progress = sys.stderr.isatty()
    with ZoomInfo.mock(seed=SEED, home=folder / "home", state=folder / "sandbox.state", progress=progress) as zi:
        story = Story(zi)
        story.say(repr(zi))
        called_on = whom_have_we_sold_to(zi, story)
        segments, shortlist = who_looks_like_them(zi, story, called_on)
        what_would_it_cost(zi, story, called_on, shortlist)
        signals = who_is_looking_now(zi, story, shortlist)
        model, card, accounts = whom_to_call(zi, story)
        write(zi, story, folder, segments=segments, signals=signals, model=model, card=card, accounts=accounts)
    typer.echo("The sandbox has ended. A second run finds the companies under management and pays no credit for them.")


def whom_have_we_sold_to(zi: ZoomInfo, story: Story) -> pl.DataFrame:
    """The closed deals of the practice CRM, won and lost, with ZoomInfo's id where it is certain."""
    with story.step("Whom have we sold to?"):
        assert zi.sandbox is not None  # noqa: S101  # ZoomInfo.mock has just started it
        deals = zi.sandbox.deals()
        matches = zi.match.companies(deals)
        zi.give.deals(matches.matched)
        story.say(f"{deals.height} closed deals in the CRM file, {share(deals['outcome'] == 'won')} of them won.")
        story.say(f"By free search: {matches!r}")
        story.say("Ambiguous ones are yours to decide; none is picked. The first:")
        story.table(
            ("company in the CRM", "candidates"),
            [
                (row["company_name"], ", ".join(f"{c['name']} ({c['company_id']})" for c in row["candidates"]))
                for row in matches.ambiguous.head(2).iter_rows(named=True)
            ],
        )
    return matches.matched


def who_looks_like_them(zi: ZoomInfo, story: Story, called_on: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Segments by how much more often they are among those we sold to, and a shortlist from the best."""
    with story.step("Who looks like them?"):
        sold_to = called_on.filter(pl.col("outcome") == "won")["company_id"].unique()
        segments = ranked_segments(zi, sold_to)
        common = segments.filter(pl.col("sold_share") >= LEAST_SHARE)
        best = common.group_by("kind", maintain_order=True).head(BEST_PER_KIND)
        story.say(f"{segments.height} segments counted over all companies and over the {len(sold_to)} we sold to.")
        story.say(f"The best of each kind that hold at least {LEAST_SHARE:.0%} of those:")
        story.table(
            ("segment", "of all", "sold to", "ratio"),
            [
                (row["segment"], f"{row['all_share']:.0%}", f"{row['sold_share']:.0%}", row["ratio"])
                for row in best.iter_rows(named=True)
            ],
        )
        chosen = dict(best.group_by("kind").agg("value").iter_rows())
        found = [
            zi.search.companies(
                country=country, industry_codes=chosen["industry"], employee_ranges=chosen["size"], limit=SHORTLIST
            )
            for country in chosen["country"]
        ]
        shortlist = pl.concat(found)["company_id"].unique(maintain_order=True)
        shortlist = shortlist.filter(~shortlist.is_in(called_on["company_id"].to_list())).head(SHORTLIST)
        contacts = zi.search.contacts(company_id=shortlist, management_level=LEVELS, limit=1000)
        story.say(f"Shortlist: {len(shortlist)} companies of these segments that we have not called on.")
        story.say(
            f"There: {contacts.height:,} contacts from director up, {share(contacts['has_email'])} with e-mail, "
            f"{share(contacts['has_direct_phone'])} with direct phone."
        )
    return segments, shortlist


def ranked_segments(zi: ZoomInfo, ours: pl.Series) -> pl.DataFrame:
    """One row per segment: its share of all companies, its share of ours, and the ratio, highest first."""
    industries = zi.lookup.industries().filter(~pl.col("id").str.contains(".", literal=True))
    kinds = {
        "industry": [(row["id"], row["name"], {"industry_codes": row["id"]}) for row in industries.to_dicts()],
        "size": [
            (row["id"], f"{row['name']} employees", {"employee_ranges": row["id"]})
            for row in zi.lookup.employee_ranges().to_dicts()
        ],
        "country": [(row["id"], row["name"], {"country": row["id"]}) for row in zi.lookup.countries().to_dicts()],
    }
    count = zi.search.companies.count
    asked = [(kind, *segment) for kind, segments in kinds.items() for segment in segments]
    rows = [
        (kind, value, name, count(**criteria), count(company_id=ours, **criteria))
        for kind, value, name, criteria in tqdm(asked, desc="segments", disable=None, leave=False)
    ]
    # Every company has a country, while some have no headcount: only the countries add up to all there are.
    everyone = sum(row[3] for row in rows if row[0] == "country")
    return (
        pl.DataFrame(rows, schema=["kind", "value", "segment", "all", "sold"], orient="row")
        .filter(pl.col("all") > 0)
        .with_columns(all_share=pl.col("all") / everyone, sold_share=pl.col("sold") / len(ours))
        .with_columns(ratio=pl.col("sold_share") / pl.col("all_share"))
        .sort(["ratio", "segment"], descending=[True, False])
    )


def what_would_it_cost(zi: ZoomInfo, story: Story, called_on: pl.DataFrame, shortlist: pl.Series) -> None:
    """Quote, be refused, be allowed, pay."""
    with story.step("What would it cost?"):
        wanted = pl.concat([called_on["company_id"], shortlist]).unique(maintain_order=True)
        quote = zi.enrich.companies.quote(wanted)
        story.say(f"To enrich {len(wanted)} companies: {quote!r}")
        if quote.credits:
            try:
                zi.enrich.companies(wanted)
            except errors.BudgetExceeded as refusal:
                story.say(f"Without a budget: {refusal}")
        companies = zi.enrich.companies(wanted, max_credits=quote.credits)
        story.say(f"With max_credits={quote.credits}: {count_by(companies['match_status'])}.")


def who_is_looking_now(zi: ZoomInfo, story: Story, shortlist: pl.Series) -> pl.DataFrame:
    """Two years of intent on our topics, and the offices of those on the shortlist who read up on them now."""
    with story.step("Who is looking now, and where are they?"):
        expected = zi.search.intent.count(topics=TOPICS, max_records=1)
        priced = zi.search.intent.quote(topics=TOPICS, limit=expected)
        story.say(f"Intent on {', '.join(TOPICS)}: {expected:,} signals in two years. {priced!r}")
        signals = zi.search.intent(topics=TOPICS, limit=expected, max_records=priced.records)
        recent = signals.filter(pl.col("signal_date").dt.date() >= zi.today - timedelta(days=90))
        eager = (
            recent.filter(pl.col("company_id").is_in(shortlist.to_list()))
            .group_by("company_id", "company_name")
            .agg(pl.len().alias("signals"), pl.col("signal_score").max().alias("best score"))
            .sort(["signals", "best score", "company_id"], descending=[True, True, False])
            .head(WATCHED)
        )
        story.say(f"The most eager of the shortlist in the last 90 days, of {eager.height}:")
        story.table(
            ("company", "signals", "best score"), eager.select("company_name", "signals", "best score").head(5).rows()
        )
        offices = eager.select("company_id").join(pl.DataFrame({"country": COUNTRIES}), how="cross")
        price: Quote = zi.enrich.master_data.quote(offices)
        located = zi.enrich.master_data(offices, max_credits=price.credits)
        story.say(f"Master Data of these in {' and '.join(COUNTRIES)}: {price!r}")
        story.say(f"{count_by(located['match_status'])}.")
    return signals


def whom_to_call(zi: ZoomInfo, story: Story) -> tuple[scoring.Model, scoring.Scorecard, pl.DataFrame]:
    """A model of the earlier deals, judged on the later ones; and the open accounts by its score."""
    from zianalytics import features, scoring

    with story.step("Whom to call first?"):
        deals = features.deals(zi.warehouse)
        known = features.accounts(zi.warehouse, as_of=deals.select("company_id", "as_of"), known="dated")
        assert zi.sandbox is not None  # noqa: S101  # ZoomInfo.mock has just started it
        table = deals.join(known, on=["company_id", "as_of"]).join(zi.sandbox.truth(), on="company_id")
        earlier, later = scoring.split(table, closed_on="closed_on")
        model = scoring.fit(earlier, closed_on="closed_on", features=features.FEATURES)
        card = model.evaluate(later, best="win_probability")
        story.say(
            f"{earlier.height} deals to learn from, closed before the first of {later.height} later ones was opened:"
        )
        story.table(("ordered by", "AUC", "PR-AUC", "Brier", "lift at 10 %"), card.frame.rows())
        story.say(card.verdict)
        today = features.accounts(zi.warehouse, as_of=zi.today, known="dated")
        still_open = today.filter(~pl.col("company_id").is_in(deals["company_id"].to_list()))
        accounts = model.score(still_open, keep=["name"])
        story.say(f"The ten best of {accounts.height} open accounts:")
        for row in accounts.head(10).iter_rows(named=True):
            story.say(f"{row['score']:.0%}  {row['tier']}  {row['name']}: {'; '.join(row['reasons'])}")
    return model, card, accounts


def write(
    zi: ZoomInfo,
    story: Story,
    folder: Path,
    *,
    segments: pl.DataFrame,
    signals: pl.DataFrame,
    model: scoring.Model,
    card: scoring.Scorecard,
    accounts: pl.DataFrame,
) -> None:
    """The scores, the report and the tables, each where it can be found again."""
    from zianalytics import reports

    with story.step("Where is it all?"):
        scores, report = folder / "account_scores.parquet", folder / "report.html"
        accounts.write_parquet(scores)
        about = zi.warehouse.sql("SELECT company_id, website, country, employee_count FROM companies")
        page = reports.page(
            question="Which open accounts look like those we win, and are looking for what we sell?",
            as_of=zi.today,
            costs=story.costs,
            segments=segments,
            model=model,
            scorecard=card,
            accounts=accounts.join(about, on="company_id", how="left", maintain_order="left"),
            signals=signals,
            known="dated",
        )
        report.write_text(page, encoding="utf-8")
        story.place("scores", scores, f"{accounts.height} accounts")
        story.place("report", report, "one page, nothing loaded from outside")
        warehouse = zi.warehouse
        assert warehouse.path is not None  # noqa: S101  # only one in memory has none
        story.place("warehouse", warehouse.path, f"{sum(warehouse.rows().values()):,} rows")


def share(flags: pl.Series) -> str:
    """How many of all are true, in per cent."""
    return f"{flags.sum() / max(len(flags), 1):.0%}"


def count_by(values: pl.Series) -> str:
    """How often each word occurs, the commonest first."""
    counted = values.value_counts().sort(["count", values.name], descending=[True, False])
    return ", ".join(f"{n:,} {word}" for word, n in counted.iter_rows())
