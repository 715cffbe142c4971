"""`zia enrich`: a file of companies or contacts in, a file of whole records out, for no more than is allowed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from zianalytics.api.kinds import KINDS
from zianalytics.cli.manners import Home, columns_for, inputs_in, listed, refuse_unwritable, typed, write_whole
from zianalytics.errors import RequestRefused
from zianalytics.inert import visible
from zianalytics.schema.quote import Quote
from zianalytics.zoominfo import ZoomInfo

SHORT = 3
"""Exit code where the file is written and some rows have no answer."""
INTERRUPTED = 130
WITHOUT_ANSWER = ("error", "limit_exceeded", "invalid_input")

app = typer.Typer(help="Whole records for a file of companies or contacts.", no_args_is_help=True)

_Companies = Annotated[
    Path,
    typer.Option(
        "--ids",
        help=f"CSV or Parquet with {columns_for(KINDS['company'])}. Or one id or website a line.",
        show_default=False,
    ),
]
_Contacts = Annotated[
    Path,
    typer.Option(
        "--ids",
        help=f"CSV or Parquet with {columns_for(KINDS['contact'])}. Or one id or e-mail address a line.",
        show_default=False,
    ),
]
_Out = Annotated[Path | None, typer.Option(help="Where the rows go: a name that ends with .parquet, .csv or .json.")]
_Quote = Annotated[bool, typer.Option("--quote", help="Print what it would cost at most; nothing is spent or written.")]
_Credits = Annotated[int | None, typer.Option(min=0, help="Credits it may cost, with the records that come along.")]
_Records = Annotated[int | None, typer.Option(min=0, help="Records it may cost.")]
_Requests = Annotated[int | None, typer.Option(min=0, help="Requests it may make.")]
_Age = Annotated[int | None, typer.Option(min=0, help="How many days old an answer that is held may be; 0 asks anew.")]
_Fields = Annotated[
    list[str] | None,
    typer.Option(help='"default", "minimal", "firmographics", "all", or columns: phone,country; or given again.'),
]
_Required = Annotated[
    list[str] | None, typer.Option(help="Columns that must have a value: email,phone; or given again.")
]


@app.command()
def companies(
    ids: _Companies,
    out: _Out = None,
    quote: _Quote = False,
    max_credits: _Credits = None,
    max_records: _Records = None,
    max_requests: _Requests = None,
    max_age: _Age = None,
    fields: _Fields = None,
    home: Home = None,
) -> None:
    """Companies as a file: a row for each of the file that is given, in its order, after its own columns.

    Nothing is paid for that --max-credits or a budget does not allow. Run again after an interruption, it finishes:
    what was paid for is held. While another process pays for the same rows it waits, and says so. Ends with 0; with 3
    where the file is written and match_status is error, limit_exceeded or invalid_input in some rows; with 1 where
    nothing is written, 2 on a misspelt option, 130 on Ctrl-C. Who asks is read from ZOOMINFO_* settings, .env and the
    keyring.
    """
    given = inputs_in(ids, KINDS["company"])
    asked: dict[str, Any] = {"fields": listed(fields), "max_age": max_age}
    asked |= {"max_credits": max_credits, "max_records": max_records, "max_requests": max_requests}
    with _client(home) as zi:
        call = zi.enrich.companies
        _work(given, ids, out, quote, price=lambda: call.quote(given, **asked), fetch=lambda: call(given, **asked))


@app.command()
def contacts(
    ids: _Contacts,
    out: _Out = None,
    quote: _Quote = False,
    max_credits: _Credits = None,
    max_records: _Records = None,
    max_requests: _Requests = None,
    max_age: _Age = None,
    fields: _Fields = None,
    required_fields: _Required = None,
    home: Home = None,
) -> None:
    """Contacts as a file: a row for each of the file that is given, in its order, after its own columns.

    A row is asked by the first that it has of contact_id, email, hashed_email and phone, else by a name and a company.
    People who have opted out are not asked for and not shown. All else is as with companies: see
    `zia enrich companies --help`.
    """
    given = inputs_in(ids, KINDS["contact"])
    asked: dict[str, Any] = {"fields": listed(fields), "required_fields": listed(required_fields), "max_age": max_age}
    asked |= {"max_credits": max_credits, "max_records": max_records, "max_requests": max_requests}
    with _client(home) as zi:
        call = zi.enrich.contacts
        _work(given, ids, out, quote, price=lambda: call.quote(given, **asked), fetch=lambda: call(given, **asked))


def _work(
    given: pl.DataFrame | list[str],
    ids: Path,
    out: Path | None,
    quote: bool,
    *,
    price: Callable[[], Quote],
    fetch: Callable[[], pl.DataFrame],
) -> None:
    """Say the price; then, unless that is all, fetch and write."""
    if quote:
        typer.echo(typed(repr(price())))
        return
    if out is None:
        raise RequestRefused(
            "There is no --out to write to. Nothing was sent. Name one, or pass --quote for the price."
        )
    refuse_unwritable(
        out, sample=given if isinstance(given, pl.DataFrame) else pl.DataFrame({"input": given}), given=ids
    )
    _say(f"at most {price()!r}")
    try:
        rows = fetch()
    except KeyboardInterrupt:
        _say("interrupted. Run the same command again: what was paid for is kept and costs nothing more.")
        raise typer.Exit(INTERRUPTED) from None
    write_whole(rows, out)
    counts = rows["match_status"].value_counts(sort=True).rows()
    _say(f"{rows.height:,} rows in {out}: {', '.join(f'{number:,} {status}' for status, number in counts)}.")
    if rows["match_status"].is_in(WITHOUT_ANSWER).any():
        raise typer.Exit(SHORT)


def _client(home: Path | None) -> ZoomInfo:
    """A client whose bar is on the standard error where somebody watches."""
    return ZoomInfo(home=home, progress=sys.stderr.isatty())


def _say(text: str) -> None:
    typer.echo(f"zia enrich: {visible(typed(text))}", err=True)
