"""What a kept reply settles: a charge for each record that it shows, and what each input was answered with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zianalytics.api.enterprise import echoes, inputs_in
from zianalytics.api.spec import Operation
from zianalytics.client.metered.exchange import Kept
from zianalytics.frames.decode import Served
from zianalytics.journal import Charge, Found, Intent, Settlement

WITHOUT_RECORD = ("no_match", "invalid_input")
"""What an input was answered with that has no record."""


def charges_of(operation: Operation[...], intent: Intent, rows: Sequence[Served]) -> tuple[Charge, ...]:
    """What a reply to an intent was charged, one by one, before windows are looked at."""
    cost = operation.cost
    if cost.entity is None:
        return ()
    if cost.rows != "records":
        return tuple(_charges_of_lists(operation, intent, rows))
    return tuple(
        Charge(
            entity=cost.entity,
            record_id=row.record_id,
            records=int(cost.counts_records),
            redeems=cost.credit_per_new_record,
        )
        for row in rows
        if row.is_record
    )


# docs/assumptions.md, "a list that is paid by the row, in the ledger"
def _charges_of_lists(operation: Operation[...], intent: Intent, rows: Sequence[Served]) -> Iterator[Charge]:
    """For each input that was answered with a list, what that is about; then its rows, where each is a record.

    Locations are told without an id of their own.
    """
    cost = operation.cost
    for at, named in enumerate(intent.ids):
        listed = [row for row in rows if row.input_row == at and row.is_record]
        if not listed:
            continue
        about = listed[0].about if named is None else str(named)
        records = int(cost.listed is None)
        yield Charge(entity=cost.charged, record_id=about, records=records, redeems=cost.credit_per_new_record)
        if cost.listed is not None:
            has_id = operation.record.key != (f"{cost.charged}_id",)
            yield from (Charge(entity=cost.listed, record_id=row.record_id if has_id else None) for row in listed)


def answered(operation: Operation[...], intent: Intent, rows: Sequence[Served]) -> dict[int, Served | None]:
    """The row that answers each input, by the input's index; None where there is none, or it is about something else.

    The first result answers the first input. So that nobody is given another's record, its id is compared with the id
    that was asked for, and what the service says back with what was sent. docs/assumptions.md, "order of results".
    """
    first = {row.input_row: row for row in reversed(rows)}
    found: dict[int, Served | None] = {}
    for at, sent in enumerate(inputs_in(operation, intent.request)):
        row, wanted = first.get(at), intent.ids[at] if intent.ids else None
        told = None if row is None else row.record_id if operation.cost.rows == "records" else row.about
        if told is not None and wanted is not None:
            found[at] = row if told == str(wanted) else None
        else:
            found[at] = row if row and echoes(sent, row.echo) else None
    return found


def settlement(operation: Operation[...], intent: Intent, kept: Kept, *, pays_from: str | None = None) -> Settlement:
    """What a kept reply settles: its charges, and what each input was answered with."""
    if operation.paging:
        found = [Found(input_row=0, asked=page, record_id=None, status="page") for page in intent.asked]
    else:
        found = [
            Found(
                input_row=at,
                asked=intent.asked[at],
                record_id=_about(operation, intent, row) if row else None,
                status=_word(row) if row else "error",
            )
            for at, row in answered(operation, intent, kept.rows).items()
        ]
    return Settlement(
        intent=intent.id,
        charged_at=kept.received,
        reply=kept.number,
        request_id=kept.request_id,
        charges=charges_of(operation, intent, kept.rows),
        found=tuple(found),
        pays_from=pays_from,
    )


def _about(operation: Operation[...], intent: Intent, row: Served) -> str | None:
    """The id of the record that an input was answered with; of a list, of the record that it is about."""
    at = row.input_row
    if operation.cost.rows != "records" and row.is_record and at is not None and intent.ids[at] is not None:
        return str(intent.ids[at])
    return row.record_id


def _word(row: Served) -> str:
    return row.status or "matched"
