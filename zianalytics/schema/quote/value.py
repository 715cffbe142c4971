"""A quote: what a call would cost at most, line by line, before anything is sent."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import polars as pl

from zianalytics.errors import RequestRefused
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote.approval import read_approval, write_approval
from zianalytics.schema.quote.estimate import Likely, Seen, likely_cost
from zianalytics.schema.quote.lines import SENT, LineStatus, quote_lines, shared_once
from zianalytics.schema.quote.page import page
from zianalytics.schema.quote.part import Left, Part

_REMAINING = pl.Schema(
    {
        "meter": pl.String(),
        "pool": pl.String(),
        "at_most": pl.Int64(),
        "budget_left": pl.Int64(),
        "budget_after": pl.Int64(),
        "service_left": pl.Int64(),
        "service_after": pl.Int64(),
        "told_at": pl.Datetime("us", "UTC"),
    }
)


@dataclass(frozen=True, eq=False, repr=False)
class Quote:
    """What a call would cost at most; making one spends nothing.

    The service's window of management belongs to the whole organisation, so a record that a colleague has redeemed
    may turn out to be free: every figure here is an upper bound, but for `likely`. Quotes add up to one bill, a record
    that several name once. `zi.redeem(quote)` pays it; `.save(path)` lets somebody else do so.

    Attributes
    ----------
    operation
        Which operation is priced ("enrich.companies"); of a sum, all of them, joined by " + ".
    lines
        One row per input: operation, input_row, what (the input in words), by (what it names), entity and id (null
        while unknown), status, why, managed_until and days_left (of the record's window, where it is known), credits
        and records. The statuses: "new" (costs a credit and a record), "managed" (a record, no credit), "held"
        (answered from the journal), "duplicate" (the same record as an earlier line), "unanswered" (sent before, and
        no answer came: asked again without a second credit), "listed" (records alone, as many as the limit allows),
        "open_ended" (likewise, and the last answer may bring more than were left: see `may_exceed`), "free"
        (neither), "at_least" (neither, and more requests where more rows match than one query brings), "invalid_input"
        and "opted_out" (not sent).
    requests
        How many requests would be sent; see `is_at_least`.
    reserved
        Credits that an earlier call still reserves for the "unanswered" lines: they may have been spent then, and are
        not spent a second time, so that they are no part of `credits`.
    parts
        The calls that were priced, as `zi.redeem` carries them out.
    seen
        How inputs alike were answered before.
    left
        What is left on each meter.
    per_minute
        Requests a minute of the account's bundle.
    credit_price
        What a credit costs, as it was given to the client, in whatever currency that was.
    """

    operation: str
    lines: pl.DataFrame = field(default_factory=quote_lines)
    requests: int = 0
    reserved: int = 0
    parts: tuple[Part, ...] = ()
    seen: tuple[Seen, ...] = ()
    left: tuple[Left, ...] = ()
    per_minute: int | None = None
    credit_price: Decimal | None = None

    @property
    def total(self) -> Meters:
        """The worst case on all three meters."""
        return Meters(credits=self.credits, records=self.records, requests=self.requests)

    @property
    def credits(self) -> int:
        """Credits at most."""
        return int(self.lines["credits"].sum())

    @property
    def records(self) -> int:
        """Records at most."""
        return int(self.lines["records"].sum())

    @property
    def is_at_least(self) -> bool:
        """Whether it may take more requests than `requests`: a search of more rows than one query brings does."""
        return "at_least" in self.lines["status"]

    @property
    def may_exceed(self) -> bool:
        """Whether it may cost more records than `records`: the locations of a company come whole, however many.

        No further company is asked once the records are used up, so that it is by those of the last one at most.
        """
        return "open_ended" in self.lines["status"]

    @property
    def not_by_id(self) -> int:
        """Lines about companies and contacts that would be paid for and name none by its id.

        The service answers each with one record that it picks, and does not say where several fit, or which is held
        here under another name. `zi.match` finds their ids by free searches, and shows where several fit.
        """
        named_otherwise = pl.col("id").is_null() & pl.col("by").is_not_null()
        paid = self.lines.filter(named_otherwise, pl.col("entity").is_in(["company", "contact"]), status="new")
        return len(paid)

    @property
    def likely(self) -> Likely | None:
        """What it is likely to cost, by how inputs alike were answered before; None where `likely_basis` says why.

        The intervals hold in 95 of 100 cases on average: Wilson's, for as many inputs as there are.
        """
        found = likely_cost(self.lines, self.seen)
        return None if isinstance(found, str) else found

    @property
    def likely_basis(self) -> str:
        """What `likely` rests on, or why it is None."""
        found = likely_cost(self.lines, self.seen)
        if isinstance(found, str):
            return found
        used = set(self.lines.filter(pl.col("status").is_in(["new", "listed"])).select("operation", "by").rows())
        told = [
            f"{one.matched:,} of {one.asked:,} different inputs of {one.operation} by {one.by.replace('+', ' and ')} "
            "were matched before"
            for one in self.seen
            if (one.operation, one.by) in used
        ]
        told += [
            f"{one.asked:,} different inputs of {one.operation} brought {sum(one.rows):,} rows before"
            for one in self.seen
            if one.rows and (one.operation, None) in used
        ]
        return "; ".join(told) or "nothing of it is uncertain"

    @property
    def money(self) -> Decimal | None:
        """The credits at most at `credit_price`; None where the client was given no price."""
        return None if self.credit_price is None else self.credits * self.credit_price

    @property
    def minutes(self) -> float | None:
        """How long the requests take at the rate of the account's bundle, if they are answered as fast."""
        return self.requests / self.per_minute if self.per_minute else None

    @property
    def remaining(self) -> pl.DataFrame:
        """What would be left on each meter, if it costs what it costs at most.

        Returns
        -------
        polars.DataFrame
            meter, pool, at_most; budget_left and budget_after (null where no budget speaks of the meter); service_left
            and service_after (null where the service has not said, or there is no limit), and told_at, when it said so.
        """
        rows = []
        for one in self.left:
            most = self._at_most(one)
            after = [None if left is None else left - most for left in (one.budget, one.service)]
            rows.append((one.meter, one.pool, most, one.budget, after[0], one.service, after[1], one.told_at))
        return pl.DataFrame(rows, schema=_REMAINING, orient="row")

    def _at_most(self, left: Left) -> int:
        if left.meter == "requests":
            others = sum(part.requests for part in self.parts if part.pool != left.pool)
            return self.requests - others
        visitors = pl.col("entity").eq("ip").fill_null(value=False)
        lines = self.lines.filter(visitors if left.pool == "websights" else ~visitors)
        return int(lines[left.meter].sum())

    @property
    def not_redeemable(self) -> list[str]:
        """Of a sum, the operations that are no calls of `zi.redeem`: those of `zi.match`, which cost requests alone."""
        summed = {*self.operation.split(" + ")}
        return sorted(summed - {part.operation for part in self.parts}) if len(summed) > 1 else []

    @property
    def managed(self) -> int:
        """Lines that cost a record but no credit, because the record is under management."""
        return self._count("managed")

    @property
    def held(self) -> int:
        """Lines that are answered from the journal and cost nothing."""
        return self._count("held")

    @property
    def duplicates(self) -> int:
        """Lines that share their record with an earlier one and cost nothing more."""
        return self._count("duplicate")

    @property
    def suppressed(self) -> int:
        """Lines about people who are suppressed: they are not sent."""
        return self._count("opted_out")

    @property
    def unanswered(self) -> int:
        """Inputs that an earlier call sent and that were never answered; they cost no second credit."""
        lines = self.lines.filter(status="unanswered")
        beside = lines["input_row"].is_null()  # one line for all inputs that come along, a record each
        return len(lines.filter(~beside)) + int(lines.filter(beside)["records"].sum())

    def _count(self, status: LineStatus) -> int:
        return int((self.lines["status"] == status).sum())

    @property
    def made_at(self) -> datetime | None:
        """When it was made, by the service's time; of a sum, its oldest part."""
        return min((part.made_at for part in self.parts), default=None)

    def pilot(self, n: int, *, seed: int = 0) -> Quote:
        """A smaller quote: of `n` of the inputs that would be paid for, drawn at random.

        Redeem it, and make the quote of the whole again: what came is held then, and `likely` of the rest carries an
        interval from what was seen. A sum is tried part by part, before it is summed.

        Parameters
        ----------
        n
            How many inputs; all, where there are fewer.
        seed
            Of the draw: the same seed draws the same inputs.

        Raises
        ------
        RequestRefused
            `n` is below 1, or there is nothing to draw from.
        """
        paid = self.lines.filter(pl.col("status").is_in(SENT), pl.col("input_row").is_not_null())["input_row"]
        happened = f"{self.operation}: no pilot can be drawn"
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise RequestRefused(f"{happened} of {n!r} inputs. Nothing was sent. Pass a number of 1 or more.")
        if len(self.parts) > 1:
            raise RequestRefused(f"{happened} of a sum. Nothing was sent. Draw one of each quote, and sum those.")
        if not self.parts or self.parts[0].inputs is None or paid.is_empty():
            raise RequestRefused(
                f"{happened}: none of its inputs would be paid for. Nothing was sent. Redeem it as it is; of a search, "
                "quote it with a smaller limit=."
            )
        rows = sorted(random.Random(seed).sample(paid.to_list(), min(n, len(paid))))  # noqa: S311  # no secret
        return self._only(rows, len(paid))

    def _only(self, rows: Sequence[int], of: int) -> Quote:
        part = self.parts[0].only(rows, of)
        place = pl.col("input_row").replace_strict(rows, range(len(rows)), return_dtype=pl.Int64)
        lines = self.lines.filter(pl.col("input_row").is_in(rows)).with_columns(place)
        most = part.keywords.get("max_records")
        beside = self.lines.filter(pl.col("input_row").is_null(), status="open_ended")  # rows whose number is not known
        if most is not None and not beside.is_empty():
            what = pl.lit(f"up to {most:,} rows")
            lines = pl.concat([lines, beside.with_columns(what=what, records=pl.lit(most, dtype=pl.Int64))])
        return replace(self, lines=lines, requests=part.requests, reserved=0, parts=(part,))

    def save(self, path: str | Path) -> Path:
        """Write an approval: a file by which somebody else of the same account pays exactly this.

        By `zia redeem FILE`, or `zi.redeem("FILE")`. It holds what is asked with, which may be names and e-mail
        addresses of people, and none of your other columns: the frame it is paid for begins with what was asked. Only
        you may read the file (mode 0600), and only you can delete it: erasing a person does not reach it. That it was
        edited is noticed by its SHA-256, which is no signature: it does not say who approved. That it was paid is known
        to the home from which it was: have it paid from one alone.

        Parameters
        ----------
        path
            Where; a file of that name is written over.

        Raises
        ------
        RequestRefused
            It cannot be written, or nothing can be redeemed by the quote.
        """
        return write_approval(self, Path(path))

    @staticmethod
    def load(path: str | Path) -> Quote:
        """The quote in a file that `save` has written; sends nothing.

        Raises
        ------
        QuoteRefused
            The file is no approval, of another version, or was edited.
        """
        said = read_approval(Path(path))
        return (Bill if len(said["parts"]) > 1 else Quote)(**said)

    def __add__(self, other: Quote) -> Bill:
        """One bill for both, in this order; a record that both name is paid for once."""
        names = dict.fromkeys([*self.operation.split(" + "), *other.operation.split(" + ")])
        seen = {(one.operation, one.by): one for one in (*self.seen, *other.seen)}
        left = {(one.pool, one.meter): one for one in (*self.left, *other.left)}
        return Bill(
            " + ".join(names),
            pl.concat([self.lines, other.lines]).pipe(shared_once),
            self.requests + other.requests,
            self.reserved + other.reserved,
            (*self.parts, *other.parts),
            tuple(seen.values()),
            tuple(left.values()),
            self.per_minute or other.per_minute,
            self.credit_price if other.credit_price is None else other.credit_price,
        )

    def __radd__(self, other: object) -> Quote:
        """`sum(quotes)` begins with 0."""
        return self if other == 0 else NotImplemented

    def __repr__(self) -> str:
        figures: dict[str, object] = {"credits": self.credits, "records": self.records, "requests": self.requests}
        if self.is_at_least:
            figures["requests"] = f"{self.requests} or more"
        if self.may_exceed:
            figures["records"] = f"{self.records} or more"
        asides = {"managed": self.managed, "held": self.held, "duplicates": self.duplicates}
        asides |= {"unanswered": self.unanswered, "reserved": self.reserved, "suppressed": self.suppressed}
        figures |= {name: count for name, count in asides.items() if count}
        if self.money is not None:
            figures["money"] = self.money
        return f"Quote({', '.join(f'{name}={value}' for name, value in figures.items())})"

    def _repr_html_(self) -> str:
        return page(self)


class Bill(Quote):
    """The sum of quotes: it is redeemed call by call, and gives a frame for each."""
