"""Look-ups that take more than one row of the table: fields by operation, what the account may use, what is held."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from zianalytics.api.arguments import checked
from zianalytics.api.describe import nearest
from zianalytics.api.spec import Namespace
from zianalytics.api.table import InputFields, OutputFields, Values
from zianalytics.client.call import Caller
from zianalytics.errors import RequestRefused


class Lookup(Values):
    """Lists of valid values, and the fields that the account may use. All are free.

    A text in front searches a list: `zi.lookup.industries("soft")`. A list is asked once and held for the account, for
    30 days; `max_age=` asks for a younger one, and `ages` says since when each is held.
    """

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller)
        self._asks = caller
        self._inputs, self._outputs = InputFields(caller), OutputFields(caller)

    @checked("zi.lookup.input_fields")
    def input_fields(
        self, operation: str, text: str | None = None, *, max_age: timedelta | int | None = None
    ) -> pl.DataFrame:
        """What an operation can be asked with, in the service's own words.

        Free: it is not metered.

        Parameters
        ----------
        operation : str
            As you call it: "search.companies".
        text : str, optional
            Only fields whose name, type or description holds this text, whatever its case and accents.
        max_age : timedelta or int, optional
            How old an answer that we hold may be, also as a number of days; 0 asks anew. None for a day.

        Returns
        -------
        polars.DataFrame
            field_name, field_type, description, and access_granted where the service says it.

        Examples
        --------
        >>> "companyWebsite" in zi.lookup.input_fields("search.companies")["field_name"]
        True
        """
        return _fields(self._inputs, operation, text, max_age)

    @checked("zi.lookup.output_fields")
    def output_fields(
        self, operation: str, text: str | None = None, *, max_age: timedelta | int | None = None
    ) -> pl.DataFrame:
        """What an operation can answer, in the service's own words.

        Free: it is not metered.

        Parameters
        ----------
        operation : str
            As you call it: "enrich.companies".
        text : str, optional
            Only fields whose name, type or description holds this text, whatever its case and accents.
        max_age : timedelta or int, optional
            How old an answer that we hold may be, also as a number of days; 0 asks anew. None for a day.

        Returns
        -------
        polars.DataFrame
            field_name, field_type, description, and access_granted where the service says it.

        Examples
        --------
        >>> zi.lookup.output_fields("enrich.companies", "street")["field_name"].to_list()
        ['street']
        """
        return _fields(self._outputs, operation, text, max_age)

    def entitlements(self) -> pl.DataFrame:
        """What the account may ask and be answered, of each operation.

        Free: it is not metered. Look-ups of fields that are no older than a day are not asked again.

        Returns
        -------
        polars.DataFrame
            operation, direction ("call" for the operation itself, "input" or "output" for a field), field_name (the
            service's own), column (ours, as `fields=` takes it, where a field of the output has one), access_granted
            (null where nothing says so) and source: how that is known. Of an operation itself the newest refusal or
            answer is what tells, else the limits in usage.

        Examples
        --------
        >>> lacking = zi.lookup.entitlements().filter(~pl.col("access_granted"))
        >>> lacking.select("operation", "field_name", "column", "source").row(0)
        ('enrich.companies', 'departmentBudgets', 'department_budgets', 'field look-up')
        """
        return self._asks.granted.frame(self._asks.limits())

    def ages(self) -> pl.DataFrame:
        """Which look-ups are held, and since when; sends nothing.

        Returns
        -------
        polars.DataFrame
            lookup (as you call it behind `zi.`), asked_with (what narrowed it; null for the whole list), rows,
            received (by the service's time) and age.

        Examples
        --------
        >>> zi.lookup.continents().height
        6
        >>> zi.lookup.ages().filter(lookup="lookup.continents")["rows"].item()
        6
        """
        self._asks.check_open()
        return self._asks.looked_up.ages()

    def _offered(self) -> list[tuple[str, str]]:
        own = (self.input_fields, self.output_fields, self.entitlements, self.ages)
        return [*super()._offered(), *((f"lookup.{one.__name__}", (one.__doc__ or "").splitlines()[0]) for one in own)]


def _described(namespace: Namespace) -> dict[str, str]:
    """The operations whose fields are listed, as users call them, and under which attribute."""
    attributes = [row.name.rpartition(".")[2] for row in namespace.operations()]
    return {attribute.replace("_", ".", 1): attribute for attribute in attributes}


def _fields(namespace: Namespace, operation: str, text: str | None, max_age: timedelta | int | None) -> pl.DataFrame:
    described = _described(namespace)
    if operation not in described:
        raise RequestRefused(
            f"There is no list of fields for {nearest(operation, list(described))}. Nothing was sent. "
            f"There is one for {', '.join(described)}."
        )
    frame: pl.DataFrame = getattr(namespace, described[operation])(text, max_age=max_age)
    return frame
