"""Look-ups that take more than one row of the table: fields by operation, and what the account may use."""

from __future__ import annotations

import polars as pl

from zianalytics.api.arguments import checked
from zianalytics.api.describe import nearest
from zianalytics.api.spec import Caller, Namespace
from zianalytics.api.table import InputFields, OutputFields, Values
from zianalytics.errors import RequestRefused


class Lookup(Values):
    """Lists of valid values, and the fields that the account may use. All are free."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller)
        self._inputs, self._outputs = InputFields(caller), OutputFields(caller)

    @checked("zi.lookup.input_fields")
    def input_fields(self, operation: str) -> pl.DataFrame:
        """What an operation can be asked with, in the service's own words.

        Free: it is not metered.

        Parameters
        ----------
        operation : str
            As you call it: "search.companies".

        Returns
        -------
        polars.DataFrame
            field_name, field_type, description, and access_granted where the service says it.

        Examples
        --------
        >>> "companyWebsite" in zi.lookup.input_fields("search.companies")["field_name"]
        True
        """
        return _fields(self._inputs, operation)

    @checked("zi.lookup.output_fields")
    def output_fields(self, operation: str) -> pl.DataFrame:
        """What an operation can answer, in the service's own words.

        Free: it is not metered.

        Parameters
        ----------
        operation : str
            As you call it: "enrich.companies".

        Returns
        -------
        polars.DataFrame
            field_name, field_type, description, and access_granted where the service says it.

        Examples
        --------
        >>> "revenue" in zi.lookup.output_fields("enrich.companies")["field_name"]
        True
        """
        return _fields(self._outputs, operation)

    def entitlements(self) -> pl.DataFrame:
        """What the account may ask and be answered, of each operation.

        Free: it is not metered.

        Returns
        -------
        polars.DataFrame
            operation, direction ("input" or "output"), field_name, access_granted; only fields of which the service
            says whether they are granted.

        Examples
        --------
        >>> zi.lookup.entitlements().filter(~pl.col("access_granted"))["field_name"].head(1).to_list()
        ['departmentBudgets']
        """
        parts = [
            _fields(namespace, spoken).select(
                pl.lit(spoken).alias("operation"), pl.lit(direction).alias("direction"), "field_name", "access_granted"
            )
            for direction, namespace in (("input", self._inputs), ("output", self._outputs))
            for spoken in _described(namespace)
        ]
        return pl.concat(parts).drop_nulls("access_granted")

    def _offered(self) -> list[tuple[str, str]]:
        own = (self.input_fields, self.output_fields, self.entitlements)
        return [*super()._offered(), *((f"lookup.{one.__name__}", (one.__doc__ or "").splitlines()[0]) for one in own)]


def _described(namespace: Namespace) -> dict[str, str]:
    """The operations whose fields are listed, as users call them, and under which attribute."""
    attributes = [row.name.rpartition(".")[2] for row in namespace.operations()]
    return {attribute.replace("_", ".", 1): attribute for attribute in attributes}


def _fields(namespace: Namespace, operation: str) -> pl.DataFrame:
    described = _described(namespace)
    if operation not in described:
        raise RequestRefused(
            f"There is no list of fields for {nearest(operation, list(described))}. Nothing was sent. "
            f"There is one for {', '.join(described)}."
        )
    frame: pl.DataFrame = getattr(namespace, described[operation])()
    return frame
