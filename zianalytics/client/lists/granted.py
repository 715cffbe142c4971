"""What the account may use: fields that it lacks are not asked for, and what is known of the rest is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl

from zianalytics.api.enterprise import LIMITS, columns_asked_by
from zianalytics.api.spec import Operation
from zianalytics.client.lists.looked_up import LookedUp, MayAsk
from zianalytics.errors import FieldNotAllowed, NotEntitled, RequestRefused
from zianalytics.journal import HeldLists, Journal
from zianalytics.schema.lookup import ENTITLEMENT

_REFUSED, _ANSWERED = "refused", "answered"
_FIELDS = {"input": "lookup.input_fields", "output": "lookup.output_fields"}
_CALLED = ("search.", "enrich.", "bulk.preview.", "bulk.redeem.", "bulk.enrich.", "compliance.check", "webhooks.")
Row = dict[str, Any]


class Granted:
    """The entitlements of an account, as far as they are known."""

    def __init__(
        self, looked_up: LookedUp, held: HeldLists, journal: Journal, operations: Mapping[str, Operation[...]]
    ) -> None:
        self._looked_up, self._held, self._journal, self._operations = looked_up, held, journal, operations

    def fields(self, operation: Operation[...], request: Any, *, may_ask: MayAsk) -> Any:
        """The request without the fields that "all" stands for and the account lacks.

        Where the look-up cannot be had, all fields are asked for.

        Raises
        ------
        RequestRefused
            A field that the account lacks is asked for by its name.
        """
        given = getattr(request, "fields", None)
        words = [given] if isinstance(given, str) else list(given or ())
        named = [word for word in words if word in operation.record.names]
        if not operation.takes_fields or not (named or "all" in words):
            return request
        lacking = self._lacking(operation, may_ask=may_ask)
        if any(name in lacking for name in named):
            lacking = self._lacking(operation, may_ask=may_ask, sure=True)
        if refused := [name for name in named if name in lacking]:
            raise RequestRefused(
                f"{operation.name}: the subscription does not cover {', '.join(refused)}. Nothing was sent that costs "
                f'anything. Leave {"it" if len(refused) == 1 else "them"} out, or pass fields="all" for all that is '
                "covered; zi.lookup.entitlements() shows it."
            )
        left_out = [f"-{name}" for name in lacking if "all" in words]
        return replace(request, fields=[*words, *left_out]) if left_out else request

    def note(self, operation: Operation[...], *, at: datetime, refusal: NotEntitled | None = None) -> None:
        """Remember that the account may use an operation, or may not; not what was said of its fields."""
        if operation.name.startswith(_CALLED) and not isinstance(refusal, FieldNotAllowed):
            name = _REFUSED if refusal else _ANSWERED
            self._held.keep(name, {"operation": operation.name}, received=at, body=b"")

    def frame(self, usage: pl.DataFrame) -> pl.DataFrame:
        """What the account may use, and how that is known.

        Parameters
        ----------
        usage
            What the service counts for the account.
        """
        limits = dict(usage.select("limit_type", "limit").rows())
        told: dict[str, dict[str, datetime]] = {_ANSWERED: self._journal.statements.last_answers(), _REFUSED: {}}
        for one in self._held.all():
            if one.name in told and (name := one.asked.get("operation")):
                told[one.name][name] = one.received
        rows: list[Row] = []
        for name, operation in self._operations.items():
            if name.startswith(_CALLED):
                granted, source = _of_call(operation, told[_ANSWERED].get(name), told[_REFUSED].get(name), limits)
                rows.append({"operation": name, "direction": "call", "access_granted": granted, "source": source})
                rows += self._of_fields(name, operation)
        return pl.DataFrame(rows, schema=ENTITLEMENT.schema)

    def _lacking(self, operation: Operation[...], *, may_ask: MayAsk, sure: bool = False) -> tuple[str, ...]:
        name = f"{_FIELDS['output']}.{operation.kept_as.replace('.', '_', 1)}"
        heard = self._looked_up.list_of(name, sure=sure, may_ask=may_ask) if name in self._operations else None
        if heard is None:
            return ()
        withheld = heard.frame.filter(~pl.col("access_granted"))["field_name"].to_list()
        return tuple(one for one in columns_asked_by(operation.record, withheld) if one not in operation.record.key)

    def _of_fields(self, name: str, operation: Operation[...]) -> Iterator[Row]:
        for direction, lists in _FIELDS.items():
            at = f"{lists}.{name.replace('.', '_', 1)}"
            heard = self._looked_up.list_of(at) if at in self._operations else None
            for field, access in heard.frame.select("field_name", "access_granted").rows() if heard else ():
                source = "field look-up" if access is not None else "not known: the field look-up does not say"
                ours = columns_asked_by(operation.record, [field]) if direction == "output" else ()
                found = {"operation": name, "direction": direction, "field_name": field}
                found |= {"column": ", ".join(ours) or None}
                yield found | {"access_granted": access, "source": source}


def _of_call(
    operation: Operation[...], answered: datetime | None, refused: datetime | None, limits: Mapping[str, int | None]
) -> tuple[bool | None, str]:
    """Whether an operation may be called, by the newest that is known of it."""
    if refused and (answered is None or refused > answered):
        return False, f"refused on {refused.astimezone(UTC).date()}"
    if answered:
        return True, f"answered on {answered.astimezone(UTC).date()}"
    limit = LIMITS[operation.cost.pool]["records"]
    if operation.cost.counts_records and limit in limits:
        if limits[limit] == 0:
            return False, "limits in usage: it has no records"
        if operation.cost.pool == "websights":
            return True, "limits in usage: it has a pool of its own"
    return None, "not known: it was neither answered nor refused yet"
