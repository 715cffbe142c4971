"""One record for a form: from what is held, at once and without a request, or as a call for a list of one pays it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from zianalytics.api.enterprise import criteria
from zianalytics.api.single import Single
from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS
from zianalytics.client.enrich.enrichments import Enrichments
from zianalytics.client.enrich.pricing import Place
from zianalytics.client.inputs.read import Inputs, read_one
from zianalytics.client.people.suppression import TOLD_BY, Suppression
from zianalytics.frames.decode import decode
from zianalytics.journal import Journal

FORMS_WAIT_S = 10.0
"""How long somebody in front of a form waits for another call that pays for the same record, among many perhaps."""
_GIVEN = "input"


class Singles:
    """Answers for one record each.

    Parameters
    ----------
    fitting
        The request with values as the lists at hand have them; asks nobody.
    fetch
        Carries out a call for a list.
    """

    def __init__(
        self,
        journal: Journal,
        enrichments: Enrichments,
        suppression: Suppression,
        *,
        fitting: Callable[[Operation[...], Any], Any],
        fetch: Callable[[Operation[...], Any], pl.DataFrame],
    ) -> None:
        self._journal, self._enrichments, self._suppression = journal, enrichments, suppression
        self._fitting, self._fetch = fitting, fetch
        self._addresses = enrichments.addresses

    def one(self, operation: Operation[...], request: Single) -> dict[str, Any]:
        """The record that `request` names."""
        asked = request.as_list([])
        asked = replace(asked, of=read_one(operation, request.names, criteria(operation, asked), advice=request.ways))
        held = self._held(operation, asked)
        found = self._fetch(operation, asked) if held is None else held
        return found.drop(_GIVEN, strict=False).row(0, named=True)

    def _held(self, operation: Operation[...], asked: Any) -> pl.DataFrame | None:
        """The row that is held, judged by the time as it is known here; None where somebody would have to be asked."""
        fit = self._fitting(operation, asked)
        inputs = self._suppression.withhold(operation, fit.of)
        names = [column.name for column in operation.record.pick(fit.fields)]
        if inputs.opted_out:
            return _nothing(operation, names, "opted_out")
        if not inputs.questions:
            return _nothing(operation, names, "invalid_input")
        place = self._enrichments.place_of(operation, fit, inputs) or self._by_address(operation, fit, inputs)
        return None if place is None else self._read(operation, place, names)

    def _by_address(self, operation: Operation[...], fit: Any, inputs: Inputs) -> Place | None:
        """Where the held record is that has the address which the question names."""
        [question] = inputs.questions
        found = self._addresses.id_of(operation, question.says)
        if found is None:
            return None
        by_id = replace(question, says={operation.record.key[0]: found}, id=found)
        return self._enrichments.place_of(operation, fit, replace(inputs, questions=(by_id,)))

    def _read(self, operation: Operation[...], place: Place, names: list[str]) -> pl.DataFrame:
        """The row at a place, and nothing of people who are suppressed."""
        reply = self._journal.some_replies([place.reply])[place.reply]
        wanted = {*names, *(TOLD_BY & set(operation.record.names))}
        answered_by = OPERATIONS[reply.operation]
        decoded = decode(answered_by, [reply.body], [reply.about], input_row=place.input_row, columns=wanted)
        shown = self._suppression.hide(operation, decoded.frame.head(1))
        if not shown["match_status"].eq("opted_out").any():
            decoded.warn(operation)
        return shown.select("match_status", *names, "extra")


def _nothing(operation: Operation[...], names: list[str], status: str) -> pl.DataFrame:
    schema: Mapping[str, Any] = operation.record.schema
    empty = {name: pl.Series([None], dtype=schema[name]) for name in names}
    return pl.DataFrame({"match_status": [status], **empty, "extra": pl.Series([None], dtype=pl.String)})
