"""A quote as a file: what another person, or another process, may pay."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from zianalytics.errors import QuoteRefused, RequestRefused
from zianalytics.schema.meters import Pool
from zianalytics.schema.quote.estimate import Seen
from zianalytics.schema.quote.lines import LINES
from zianalytics.schema.quote.part import Part

if TYPE_CHECKING:  # a quote writes itself by this room
    from zianalytics.schema.quote.value import Quote

FORMAT, VERSION = "zianalytics quote", 1
_NOTICE = "Pay it by `zia redeem FILE`. It may hold names and e-mail addresses of people."


class _Call(msgspec.Struct, forbid_unknown_fields=True):
    """One call of an approval."""

    id: str
    operation: str
    account: str
    made_at: datetime
    keywords: dict[str, Any]
    inputs: list[dict[str, Any]] | None
    pool: Pool
    batch: int
    each: int
    requests: int


class _Approved(msgspec.Struct, forbid_unknown_fields=True):
    """What the file says, but for what it is."""

    notice: str
    operation: str
    worst_case: dict[str, int]
    reserved: int
    calls: list[_Call]
    lines: dict[str, list[Any]]
    seen: list[Seen]
    per_minute: int | None
    credit_price: str | None


def write_approval(quote: Quote, path: Path) -> Path:
    """Write a quote to a file that only its owner may read, whole or not at all."""
    if not quote.parts:
        raise RequestRefused(
            f"{quote.operation}: this quote cannot be redeemed, so that there is nothing to approve. Nothing was "
            "written. Make the call itself."
        )
    if beside := quote.not_redeemable:
        raise RequestRefused(
            f"{quote.operation}: {' and '.join(beside)} cannot be redeemed, and would be left out. Nothing was "
            "written. Make that call by itself, and save the sum of the other quotes."
        )
    said = _Approved(
        notice=_NOTICE,
        operation=quote.operation,
        worst_case=asdict(quote.total),
        reserved=quote.reserved,
        calls=[_call(part) for part in quote.parts],
        lines=json.loads(json.dumps(quote.lines.to_dict(as_series=False), default=_plain)),
        seen=list(quote.seen),
        per_minute=quote.per_minute,
        credit_price=None if quote.credit_price is None else str(quote.credit_price),
    )
    approved = msgspec.to_builtins(said)
    whole = {"format": FORMAT, "version": VERSION, "quote": approved, "sha256": _hash(approved)}
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".approval-")  # made for its owner alone
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                json.dump(whole, file, indent=1)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as exc:
        why = exc.strerror or type(exc).__name__
        raise RequestRefused(
            f"{path} cannot be written ({why}). Nothing was sent. Make room or give rights there, or name another."
        ) from exc
    return path


def read_approval(path: Path) -> dict[str, Any]:
    """What a `Quote` is made from, as a file says it."""
    try:
        whole = json.loads(path.read_bytes())
    except OSError as exc:
        why = exc.strerror or type(exc).__name__
        raise QuoteRefused(
            f"{path} cannot be read ({why}). Nothing was sent. Name the file that .save() of a quote wrote.",
            code="unreadable",
        ) from exc
    except ValueError:
        whole = None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise QuoteRefused(
            f"{path} is not a quote. Nothing was sent. Name a file that .save() of a quote wrote.", code="unreadable"
        )
    if whole.get("version") != VERSION:
        raise QuoteRefused(
            f"{path} is a quote of version {whole.get('version')!r}, and this package reads version {VERSION}. Nothing "
            "was sent. Redeem it by the version that wrote it, or make the quote again.",
            code="unreadable",
        )
    if whole.get("sha256") != _hash(whole.get("quote")):
        raise QuoteRefused(
            f"{path} was edited after it was written. Nothing was sent. Ask who approved it for the file as it was, or "
            "make the quote again.",
            code="altered",
        )
    try:
        said = msgspec.convert(whole["quote"], type=_Approved)
        return _made_of(said)
    except (msgspec.ValidationError, pl.exceptions.PolarsError, ValueError, TypeError, ArithmeticError) as exc:
        raise QuoteRefused(
            f"{path} does not hold a whole quote. Nothing was sent. Make the quote again.", code="altered"
        ) from exc


def _call(part: Part) -> _Call:
    return _Call(
        id=part.id,
        operation=part.operation,
        account=part.account,
        made_at=part.made_at,
        keywords={name: _told(value) for name, value in part.keywords.items()},
        inputs=None if part.inputs is None else [dict(one) for one in part.inputs],
        pool=part.pool,
        batch=part.batch,
        each=part.each,
        requests=part.requests,
    )


def _made_of(said: _Approved) -> dict[str, Any]:
    calls = [
        msgspec.structs.asdict(one) | {"keywords": {name: _heard(value) for name, value in one.keywords.items()}}
        for one in said.calls
    ]
    plain = {name: pl.String() if dtype == pl.Date() else dtype for name, dtype in LINES.items()}
    lines = pl.DataFrame({name: said.lines[name] for name in plain}, schema=plain)
    return {
        "operation": said.operation,
        "lines": lines.with_columns(pl.col("managed_until").str.to_date("%Y-%m-%d")),
        "requests": said.worst_case["requests"],
        "reserved": said.reserved,
        "parts": tuple(Part(**one) for one in calls),
        "seen": tuple(said.seen),
        "per_minute": said.per_minute,
        "credit_price": None if said.credit_price is None else Decimal(said.credit_price),
    }


def _told(value: Any) -> Any:
    """A keyword's value as JSON: days and ages by a key that no keyword has."""
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, timedelta):
        return {"$seconds": value.total_seconds()}
    if isinstance(value, Mapping):
        return {str(name): _told(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_told(one) for one in value]
    return value


def _heard(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"$date"}:
            return date.fromisoformat(value["$date"])
        if value.keys() == {"$seconds"}:
            return timedelta(seconds=value["$seconds"])
        return {name: _heard(one) for name, one in value.items()}
    return [_heard(one) for one in value] if isinstance(value, list) else value


def _plain(value: object) -> str:
    return str(value)


def _hash(said: object) -> str:
    """The same for a text that was only laid out anew."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
