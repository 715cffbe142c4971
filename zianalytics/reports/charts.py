"""Charts: pure functions from frames to altair charts, and from a chart to a picture that stands alone."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import polars as pl

from zianalytics.errors import ExtraMissing
from zianalytics.inert import visible
from zianalytics.scoring import Scorecard, measure

if TYPE_CHECKING:
    import altair as alt

INK, QUIET, GRID, FRAME = "#1f2933", "#5d6c7b", "#e4e9ee", "#b6c2cc"
TEAL, ORANGE, SLATE, VIOLET = "#0f766e", "#c2570c", "#8896a5", "#6d4aa8"
_TOPICS = (TEAL, ORANGE, VIOLET, "#2f6fb3", "#b0892b", "#a33a5c", SLATE)
_FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
_MOST_SEGMENTS, _MOST_TOPICS, _BINS = 12, 6, 5
_LEAST_SOLD = 0.05


def segments(frame: pl.DataFrame) -> alt.Chart:
    """Which kinds of company we sell to more often than there are.

    Parameters
    ----------
    frame
        One row per segment: `segment`, `sold_share` (of the companies sold to) and `all_share` (of all companies), both
        0 to 1. Shown are the twelve of `telling_segments` with the highest ratio of the two.
    """
    alt = _altair()
    best = telling_segments(frame).head(_MOST_SEGMENTS).with_columns(_shown("segment"))
    order = best["segment"].to_list()
    names = {"all_share": "of all companies", "sold_share": "of those we sold to"}
    long = best.unpivot(["all_share", "sold_share"], index="segment", variable_name="of", value_name="share")
    long = long.with_columns(pl.col("of").replace(names))
    y = alt.Y("segment:N", sort=order, title=None)
    x = alt.X("share:Q", title="share of companies", axis=_per_cent(alt))
    colour = alt.Color(
        "of:N", title=None, scale=alt.Scale(domain=list(names.values()), range=[SLATE, TEAL]), legend=_legend(alt)
    )
    line = alt.Chart(best).mark_rule(color="#c8d2db", strokeWidth=2).encode(y=y, x="all_share:Q", x2="sold_share:Q")
    dots = alt.Chart(long).mark_circle(size=110, opacity=1).encode(y=y, x=x, color=colour)
    return _dressed(line + dots, height=26 * len(order) + 20)


def telling_segments(frame: pl.DataFrame) -> pl.DataFrame:
    """The segments that hold a twentieth of the companies sold to, with their `ratio`, highest first.

    A smaller one rests on a handful of companies, and its ratio on chance.

    Parameters
    ----------
    frame
        As for `segments`.
    """
    return (
        frame.filter(pl.col("all_share") > 0, pl.col("sold_share") >= _LEAST_SOLD)
        .select("segment", "sold_share", "all_share", (pl.col("sold_share") / pl.col("all_share")).alias("ratio"))
        .sort(["ratio", "segment"], descending=[True, False])
    )


def calibration(card: Scorecard) -> alt.Chart:
    """Whether a probability means what it says: deals in five groups by score, predicted beside won.

    Parameters
    ----------
    card
        A judged model.
    """
    alt = _altair()
    groups = calibration_groups(card)
    axis = _per_cent(alt)
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("predicted:Q", title="predicted chance of winning", scale=scale, axis=axis)
    diagonal = pl.DataFrame({"predicted": [0.0, 1.0], "won": [0.0, 1.0]})
    even = alt.Chart(diagonal).mark_line(color=SLATE, strokeDash=[4, 4], strokeWidth=1.5).encode(x=x, y="won:Q")
    spread = alt.Chart(groups).mark_rule(color=TEAL, strokeWidth=1.5, opacity=0.55).encode(x=x, y="low:Q", y2="high:Q")
    dots = (
        alt.Chart(groups)
        .mark_circle(color=TEAL, opacity=1)
        .encode(
            x=x,
            y=alt.Y("won:Q", title="share won", scale=scale, axis=axis),
            size=alt.Size("deals:Q", legend=None, scale=alt.Scale(domain=[0, 40], range=[40, 260])),
        )
    )
    return _dressed(even + spread + dots, height=300, width=330)


def calibration_groups(card: Scorecard) -> pl.DataFrame:
    """The groups of `calibration`: predicted (mean score), won (share), low, high (95 % by Wilson) and deals.

    Equal scores share a group, that of the first of them, so that the order of the rows does not matter.
    """
    ordered = card.judged.sort("score")
    bins = min(_BINS, max(1, ordered.height // 8))
    place = pl.col("score").rank("min").cast(pl.Int64) - 1
    grouped = (
        ordered.with_columns((place * bins // max(ordered.height, 1)).alias("group"))
        .group_by("group", maintain_order=True)
        .agg(
            pl.col("score").mean().alias("predicted"),
            pl.col("won").cast(pl.Float64).mean().alias("won"),
            pl.len().cast(pl.Int64).alias("deals"),
        )
    )
    z2, n, p = 1.96**2, pl.col("deals"), pl.col("won")
    middle, margin = (
        (p + z2 / (2 * n)) / (1 + z2 / n),
        1.96 * (p * (1 - p) / n + z2 / (4 * n * n)).sqrt() / (1 + z2 / n),
    )
    low, high = (middle - margin).clip(lower_bound=0), (middle + margin).clip(upper_bound=1)
    return grouped.with_columns(low.alias("low"), high.alias("high")).drop("group")


def gains(card: Scorecard) -> alt.Chart:
    """How many of the wins one meets by calling the best-ranked accounts first, beside size alone and chance.

    Parameters
    ----------
    card
        A judged model.
    """
    alt = _altair()
    table = gains_table(card)
    names = [name for name in _GAINS.values() if name in table["order_by"].unique().to_list()]
    looks = {"model": (TEAL, [1, 0]), "size alone": (ORANGE, [1, 0]), "best possible": (VIOLET, [2, 3]),
             "chance": (SLATE, [5, 4])}  # fmt: skip
    axis = _per_cent(alt)
    lines = (
        alt.Chart(table)
        .mark_line(strokeWidth=2.2)
        .encode(
            x=alt.X("called:Q", title="share of deals, best first", axis=axis, scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("met:Q", title="share of wins among them", axis=axis, scale=alt.Scale(domain=[0, 1])),
            color=alt.Color(
                "order_by:N",
                title=None,
                scale=alt.Scale(domain=names, range=[looks[name][0] for name in names]),
                legend=_legend(alt),
            ),
            strokeDash=alt.StrokeDash(
                "order_by:N", legend=None, scale=alt.Scale(domain=names, range=[looks[name][1] for name in names])
            ),
        )
    )
    return _dressed(lines, height=300, width=330)


_GAINS = {"score": "model", "size": "size alone", "best": "best possible", "chance": "chance"}


def gains_table(card: Scorecard) -> pl.DataFrame:
    """The lines of `gains`: for each way to order, the share of wins (`met`) among each share of deals (`called`)."""
    deals, won = card.judged.with_columns(pl.lit(0.0).alias("chance")), card.judged["won"]
    ways = [(column, name) for column, name in _GAINS.items() if column in deals.columns]
    rows = [
        (name, n / card.deals, measure.wins_among(deals[column], won, n) / card.wins if n else 0.0)
        for column, name in ways
        for n in range(card.deals + 1)
        if card.wins
    ]
    return pl.DataFrame(rows, schema={"order_by": pl.String, "called": pl.Float64, "met": pl.Float64}, orient="row")


def scores(frame: pl.DataFrame) -> alt.Chart:
    """How the accounts' scores are spread, by tier.

    Parameters
    ----------
    frame
        What `Model.score` returns.
    """
    alt = _altair()
    table = score_groups(frame)
    tiers = frame["tier"].unique(maintain_order=True).to_list()
    colours = [TEAL, "#5aa59c", "#b9c6cf", SLATE][: len(tiers)] + [SLATE] * (len(tiers) - 4)
    bars = (
        alt.Chart(table)
        .mark_bar()
        .encode(
            x=alt.X("from:Q", bin="binned", title="score: chance of winning", axis=_per_cent(alt)),
            x2="to:Q",
            y=alt.Y("accounts:Q", title="accounts", stack="zero"),
            color=alt.Color("tier:N", title="tier", scale=alt.Scale(domain=tiers, range=colours), legend=_legend(alt)),
            order="tier:N",
        )
    )
    return _dressed(bars, height=220)


def score_groups(frame: pl.DataFrame) -> pl.DataFrame:
    """The bars of `scores`: accounts by tier in steps of two and a half per cent."""
    step = 0.025
    return (
        frame.with_columns(((pl.col("score") / step).floor() * step).round(4).alias("from"))
        .group_by("from", "tier")
        .agg(pl.len().cast(pl.Int64).alias("accounts"))
        .with_columns((pl.col("from") + step).alias("to"))
        .sort("from", "tier")
    )


def intent_over_time(signals: pl.DataFrame) -> alt.Chart:
    """Signals a month, by topic.

    Parameters
    ----------
    signals
        One row per signal: `topic` and `signal_date`. The six most frequent topics are named.
    """
    alt = _altair()
    table = intent_by_month(signals)
    topics = table.group_by("topic").agg(pl.col("signals").sum()).sort(["signals", "topic"], descending=[True, False])
    names = [name for name in topics["topic"] if name != _OTHERS] + ([_OTHERS] if _OTHERS in topics["topic"] else [])
    bars = (
        alt.Chart(table)
        .mark_bar(width={"band": 0.82})
        .encode(
            x=alt.X(
                "month:O", title=None,
                axis=alt.Axis(labelAngle=0, ticks=False, labelExpr=_QUARTERS_ONLY),
            ),
            y=alt.Y("signals:Q", title="signals a month"),
            color=alt.Color("topic:N", title=None, scale=alt.Scale(domain=names, range=list(_TOPICS[: len(names)])),
                            legend=_legend(alt)),
            order="topic:N",
        )
    )  # fmt: skip
    return _dressed(bars, height=220)


_OTHERS = "other topics"
_QUARTERS_ONLY = "indexof(['01', '04', '07', '10'], substring(datum.value, 5, 7)) < 0 ? '' : datum.value"


def intent_by_month(signals: pl.DataFrame) -> pl.DataFrame:
    """The bars of `intent_over_time`: topic, month ("2026-09") and signals, months without any included."""
    counted = signals.select(_shown("topic"), pl.col("signal_date").dt.strftime("%Y-%m").alias("month"))
    frequent = counted["topic"].value_counts().sort(["count", "topic"], descending=[True, False])["topic"]
    kept = frequent.head(_MOST_TOPICS).to_list()
    named = counted.with_columns(pl.when(pl.col("topic").is_in(kept)).then("topic").otherwise(pl.lit(_OTHERS)))
    months = signals.select(pl.col("signal_date").dt.date().dt.month_start().alias("day")).select(
        pl.date_range(pl.col("day").min(), pl.col("day").max(), "1mo").dt.strftime("%Y-%m").alias("month")
    )
    summed = named.group_by("topic", "month").agg(pl.len().cast(pl.Int64).alias("signals"))
    return (
        months.join(named.select("topic").unique().sort("topic"), how="cross")
        .join(summed, on=["topic", "month"], how="left")
        .select("topic", "month", pl.col("signals").fill_null(0))
        .sort("month", "topic")
    )


def svg(chart: alt.Chart) -> str:
    """The chart as SVG text, made without a browser and without the network.

    Parameters
    ----------
    chart
        Any altair chart.
    """
    try:
        import vl_convert
    except ImportError as exc:
        raise _missing("vl-convert-python") from exc
    drawn: str = vl_convert.vegalite_to_svg(chart.to_json(), allowed_base_urls=[])
    return drawn


def picture(chart: alt.Chart) -> str:
    """The chart as a data address for the `src` of an image: nothing in it can run or load.

    Parameters
    ----------
    chart
        Any altair chart.
    """
    return f"data:image/svg+xml;base64,{base64.b64encode(svg(chart).encode()).decode()}"


def _dressed(chart: alt.Chart, *, height: int, width: int = 620) -> alt.Chart:
    words = {
        "labelColor": INK,
        "titleColor": QUIET,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    lines = {"gridColor": GRID, "domainColor": FRAME, "tickColor": FRAME, "labelLimit": 260, "titlePadding": 8}
    dressed: alt.Chart = (
        chart.properties(width=width, height=height, background="white", padding=4)
        .configure(font=_FONT)
        .configure_view(stroke=None)
        .configure_axis(**words, **lines)
        .configure_legend(**words)
    )
    return dressed


def _per_cent(alt: Any) -> Any:
    return alt.Axis(labelExpr="round(100 * datum.value) + ' %'", tickCount=6)


def _legend(alt: Any) -> Any:
    return alt.Legend(orient="top", direction="horizontal", offset=6, symbolType="circle", symbolSize=90)


def _shown(name: str) -> pl.Expr:
    return pl.col(name).map_elements(visible, return_dtype=pl.String)


def _altair() -> Any:
    try:
        import altair
    except ImportError as exc:
        raise _missing("altair") from exc
    return altair


def _missing(package: str) -> ExtraMissing:
    return ExtraMissing(
        f"A report needs {package}, which is not installed. Nothing was drawn or spent. "
        'Run: pip install "zianalytics[score]"'
    )
