"""Which tables there are: one for each kind of record that is kept, and one for its history."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import polars as pl

from zianalytics.schema.column import Record
from zianalytics.schema.company import COMPANY, COMPANY_PREVIEW
from zianalytics.schema.contact import CONTACT, CONTACT_PREVIEW
from zianalytics.schema.deal import DEAL
from zianalytics.schema.events import NEWS_ARTICLE, NEWS_PREVIEW, SCOOP
from zianalytics.schema.holdings import HASHTAG, TECHNOLOGY_IN_USE
from zianalytics.schema.office import LOCATION
from zianalytics.schema.signals import INTENT_SIGNAL
from zianalytics.schema.structure import COMPANY_LOCATION, HIERARCHY, ORG_CHART
from zianalytics.schema.visitor import IP_MATCH

# Beside the record's own columns: what could not be placed, when it was true, when it came, and with which reply.
KEPT = {
    "extra": pl.String(),
    "dated": pl.Datetime("us", "UTC"),
    "received": pl.Datetime("us", "UTC"),
    "source": pl.Int64(),
}


@dataclass(frozen=True)
class Table:
    """A table of current rows, and beside it `<name>_history` with each version that was received.

    Attributes
    ----------
    name
        Plural noun.
    record
        The columns and the key.
    dated_by
        The column that says when a row was true; None where the service does not say.
    and_by
        What tells rows apart beside the key of the record, where that names what they are about. It need not be known:
        what is not known is the same as what is not known.
    """

    name: str
    record: Record
    dated_by: str | None = None
    and_by: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell two rows apart."""
        return (*self.record.key, *self.and_by)

    @property
    def history(self) -> str:
        """Name of the table with every version."""
        return f"{self.name}_history"

    @property
    def schema(self) -> pl.Schema:
        """Columns of both tables."""
        return pl.Schema({**self.record.schema, **KEPT})


TABLES = {
    table.record.name: table
    for table in (
        Table("companies", COMPANY, "last_updated_date"),
        Table("company_previews", COMPANY_PREVIEW),
        Table("contact_previews", CONTACT_PREVIEW, "last_updated_date"),
        Table("contacts", CONTACT, "last_updated_date"),
        Table("company_hashtags", HASHTAG),
        Table("company_locations", COMPANY_LOCATION, and_by=("location_name", "street", "city", "zip_code", "country")),
        Table("technologies", TECHNOLOGY_IN_USE, "last_seen"),
        Table("deals", DEAL, "closed_on"),
        Table("hierarchies", HIERARCHY),
        Table("intent_signals", INTENT_SIGNAL, "signal_date"),
        Table("ip_matches", IP_MATCH),
        Table("locations", LOCATION),
        Table("news", NEWS_ARTICLE, "page_date"),
        Table("news_previews", NEWS_PREVIEW, "page_date"),
        Table("scoops", SCOOP, "published_date"),
        Table("org_charts", ORG_CHART, "last_updated_date"),
    )
}
DEALS = TABLES[DEAL.name]


def migrations() -> list[tuple[int, str]]:
    """The numbered steps that make the tables, in order."""
    found = [
        (int(path.name[:4]), path.read_text("utf-8")) for path in files(__package__).joinpath("migrations").iterdir()
    ]
    return sorted(found)


def views() -> list[str]:
    """The statements that make the views, by name."""
    paths = sorted(files(__package__).joinpath("views").iterdir(), key=lambda path: path.name)
    return [path.read_text("utf-8") for path in paths]
