"""Opt-outs and suppressions: `zi.compliance`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import polars as pl

from zianalytics.api.enterprise.erased import Whom, said_of
from zianalytics.api.foreign import as_polars, is_frame, own, plain
from zianalytics.api.spec import Caller
from zianalytics.api.table import DELIVERED, JOBS, OPERATIONS, ComplianceCalls
from zianalytics.client.inputs.given import as_id, as_numeral
from zianalytics.client.people.erasure import Erasure
from zianalytics.client.people.suppression import Suppression
from zianalytics.clock import ServerClock
from zianalytics.errors import ClientClosed, RequestRefused
from zianalytics.frames.decode import decode
from zianalytics.journal import Journal, Person, plain_email
from zianalytics.schema.contact import CONTACT

_CHUNK = 100
_COLUMNS = {"contact_id": "contact_id", "person_id": "contact_id", "email": "email", "email_address": "email"}
_IDS = ("contact_id", "person_id", "company_id")


class Compliance(ComplianceCalls):
    """Who is not to be asked for, paid for or shown.

    Suppressions are kept in the journal of the account and hold at once, in all its processes: before an enrichment
    is priced, before a frame is given out, and when the warehouse is brought up to date. Who is suppressed keeps the
    row of an enrichment with `match_status` "opted_out". What ZoomInfo itself says of opt-outs is added by itself.
    """

    def __init__(
        self,
        caller: Caller,
        journal: Journal,
        clock: ServerClock,
        renew: Callable[[], None] = lambda: None,
        check_left: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(caller)
        self._erasure = Erasure(journal, clock, renew, check_left)
        self._erasure.finish()
        self._journal, self._people, self._clock = journal, journal.people, clock
        self._suppression = Suppression(journal.people, clock)

    def suppress(
        self, of: pl.DataFrame | Sequence[int] | Sequence[str] | pl.Series, *, reason: str | None = None
    ) -> int:
        """Suppress people from now on; returns how many were not suppressed before. Free, and nothing is sent.

        Contacts that are held under an address of theirs are suppressed by their ids, too. A `reason` becomes that of
        those who were suppressed before as well.

        Parameters
        ----------
        of : polars.DataFrame or sequence of int or sequence of str
            A frame with `contact_id` or `email`, ids, or e-mail addresses; case and blanks around an address play no
            part.
        reason : str, optional
            Why, for your own records; "given" when it is not given.

        Raises
        ------
        RequestRefused
            Nothing in `of` names a person. Nothing is kept.

        Examples
        --------
        >>> zi.compliance.suppress(["Ada@Aster.example", "ada@aster.example"], reason="asked us to")
        1
        """
        return self._suppress(of, reason or "given", anew=reason is not None)

    def _suppress(self, of: Any, reason: str, *, anew: bool) -> int:
        people = list(_people(of))
        if not people:
            raise RequestRefused(
                "Nobody is named. Nothing was kept. Give a frame with contact_id or email, ids, or e-mail addresses."
            )
        now = self._clock.now()
        new = self._people.suppress(people, reason=reason, at=now, anew=anew)
        held = [Person(contact_id=number) for number, _ in self._held(people)]
        self._people.suppress(held, reason=reason, at=now, anew=anew)
        return new

    def allow(self, of: pl.DataFrame | Sequence[int] | Sequence[str] | pl.Series) -> int:
        """End suppressions; returns how many people's that were. Free, and nothing is sent.

        The warehouse shows these people again after `zia rebuild`. What ZoomInfo itself says of opt-outs comes back
        when they are next asked for.

        Parameters
        ----------
        of : polars.DataFrame or sequence of int or sequence of str
            As for `suppress`.
        """
        people = list(_people(of))
        held = list(self._held(people))
        theirs = [Person(contact_id=number) for number, _ in held]
        return self._people.allow([*people, *theirs], at=self._clock.now(), same=held)

    def erasure(self, of: pl.DataFrame | Sequence[int] | Sequence[str] | pl.Series) -> pl.DataFrame:
        """What `erase` would take out, as counts without values; changes nothing, and nothing is sent.

        Parameters
        ----------
        of : polars.DataFrame or sequence of int or sequence of str
            As for `erase`.

        Returns
        -------
        polars.DataFrame
            where (an endpoint, "suppressions", or a file of the home), what, count.

        Examples
        --------
        >>> zi.compliance.erasure(["ada@aster.example"]).columns
        ['where', 'what', 'count']
        """
        return self._erasure.preview(wanted(of))

    def erase(
        self,
        of: pl.DataFrame | Sequence[int] | Sequence[str] | pl.Series,
        *,
        files: Literal["keep", "delete"] = "keep",
    ) -> pl.DataFrame:
        """Take people out of everything that is kept here, for good; returns what was done. Nothing is sent.

        Their records are cut out of what was received, requests name them by nothing but their ids, the journal's
        files are written anew, and the warehouse is made again. There stay their ids, what they had cost and until when
        they are managed, so that nothing is paid twice; and that they are suppressed: by id, and by marks that only
        this account can recognise their addresses by. Interrupted, it is finished by the next client.

        Out of reach are texts of others that speak of them, such as news, and copies elsewhere. What the service tells
        of them later, for instance in a search, is kept as it comes, hidden, and erased by erasing them again.

        Parameters
        ----------
        of : polars.DataFrame or sequence of int or sequence of str
            A frame with `contact_id` (or `person_id`), `email`, or `full_name` (or `first_name` and `last_name`) beside
            `company_name` or `company_id`; ids; or e-mail addresses. A column `id` is left: it may number rows.
        files : "keep" or "delete"
            What becomes of files of yours in the home that name them; those that are kept are named in the answer.

        Returns
        -------
        polars.DataFrame
            As of `erasure`.

        Raises
        ------
        RequestRefused
            Nobody is named, a name means several people, or a request that names them has no end. Nobody was erased.
        StoreHeld
            Another client has the home open, or a `with zi.warehouse:` block is not left. Nobody was erased.
        """
        return self._erasure.run(wanted(of), delete=files == "delete")

    def suppressions(self) -> pl.DataFrame:
        """One row per suppression in force, oldest first: contact_id, email, reason, suppressed_at."""
        return self._people.frame()

    def import_csv(self, path: str | Path, *, reason: str | None = None) -> int:
        """Suppress everybody in a CSV file; returns how many were not suppressed before.

        Parameters
        ----------
        path : str or Path
            A file with a header that has `contact_id` or `email`, as `export_csv` writes it; other columns are left.
        reason : str, optional
            Why; the name of the file, for those who are new, when it is not given.

        Raises
        ------
        RequestRefused
            The file cannot be read, or names nobody. Nothing is kept.
        """
        file = Path(path)
        try:
            table = pl.read_csv(file, infer_schema=False)
        except (OSError, pl.exceptions.PolarsError) as exc:
            raise RequestRefused(
                f"{file} cannot be read as CSV ({type(exc).__name__}). Nothing was kept. "
                "Give a file with a header that has contact_id or email."
            ) from exc
        return self._suppress(table, reason or file.name, anew=reason is not None)

    def export_csv(self, path: str | Path) -> Path:
        """Write the suppressions in force as CSV, for another system or account; returns the file.

        Parameters
        ----------
        path : str or Path
            Where; a file of that name is written over.

        Raises
        ------
        RequestRefused
            The file cannot be written, for instance because its folder is not there.
        """
        from zianalytics.reports.export import write_csv

        return write_csv(self.suppressions(), path)

    def without(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A frame without people who are suppressed by now: their rows, and their places in lists of people.

        What this client hands out is so already; use it on frames that were made before, or elsewhere.

        Parameters
        ----------
        frame : polars.DataFrame
            With `contact_id` or `email`, or with lists of people, as in `recommended_contacts`; any other comes back
            as it is.
        """
        return self._suppression.without(as_polars(frame, call="zi.compliance.without", harm="Nothing was changed."))

    def _held(self, people: Sequence[Person]) -> Iterator[tuple[int, str]]:
        """The contacts in the journal that have one of these addresses, by their ids, each with the address."""
        addresses = [address for one in people if (address := plain_email(one.email))]
        holding = {**OPERATIONS, **DELIVERED} if addresses else {}
        for operation in [row for name, row in holding.items() if row.record is CONTACT and name not in JOBS]:
            replies = self._journal.replies_of([operation.name])
            while chunk := [reply.body for reply in islice(replies, _CHUNK)]:
                rows = decode(operation, chunk).frame
                known = rows.select("contact_id", pl.col("email").str.strip_chars().str.to_lowercase()).drop_nulls()
                yield from known.filter(pl.col("email").is_in(addresses)).rows()

    def __repr__(self) -> str:
        try:
            count = self.suppressions().height
        except ClientClosed:
            return "<Compliance: closed>"
        return f"<Compliance: {count:,} suppression{'' if count == 1 else 's'}>"


def _people(of: Any) -> Iterator[Person]:
    """The people that are named; a row that names nobody is passed over."""
    frame = _frame(of, harm="Nothing was kept.")
    columns = [(name, _COLUMNS[plain]) for name in frame.columns if (plain := _plain(name)) in _COLUMNS]
    if not columns:
        raise RequestRefused(
            f"None of the columns {', '.join(frame.columns) or '(none)'} names a person. Nothing was kept. "
            "Rename one to contact_id or email."
        )
    for values in frame.select(name for name, _ in columns).iter_rows():
        said: dict[str, Any] = {}
        for (_, key), value in zip(columns, values, strict=True):
            if (told := own(value)) is not None and str(told).strip() and key not in said:
                said[key] = told
        if said:
            yield _person(said)


def wanted(of: Any) -> list[Whom]:
    """Who is to be erased, by what is given of each.

    Raises
    ------
    RequestRefused
        A row names nobody for certain, or an id is none.
    """
    frame = _frame(of, harm="Nobody was erased.")
    numbers = [name for name in frame.columns if _plain(name).replace("_", "") == "id"]
    found = [
        said_of({_plain(name): _told(_plain(name), one) for name, one in row.items()})
        for row in frame.drop(numbers).rows(named=True)
    ]
    if not found or not all(one.ids or one.emails or (one.names and one.employers) for one in found):
        left = f"; a column {numbers[0]} may number rows, and says nothing" if numbers else ""
        rename = "Rename it to contact_id if it holds ZoomInfo's ids of contacts, or give" if numbers else "Give"
        raise RequestRefused(
            f"A row names nobody for certain, or there is none{left}. Nobody was erased. {rename} contact_id (or "
            "person_id), email, or full_name (or first_name and last_name) beside company_name or company_id."
        )
    return found


def _told(name: str, value: Any) -> Any:
    """A value as it is compared: numbers as texts, however the column holds them; None for a gap."""
    value = own(value)
    if isinstance(value, Mapping):
        return {key: _told(key, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_told(name, one) for one in value]
    if name in _IDS and value is not None and str(value).strip():
        value = _number(name, value, harm="Nobody was erased.")
    if not isinstance(value, int | str):
        return value
    return as_numeral(value) if "phone" in name else str(value).strip()


def _number(name: str, value: Any, *, harm: str) -> int:
    number = as_id(value)
    if number is None:
        raise RequestRefused(f"{name} {value!r} is not an id. {harm} Correct it, or leave the column out.")
    return number


def _person(said: Mapping[str, Any]) -> Person:
    number = said.get("contact_id")
    email = said.get("email")
    if email is not None and "@" not in str(email):
        raise RequestRefused("An email has no @ in it. Nothing was kept. Correct it, or leave the column out.")
    return Person(
        contact_id=None if number is None else _number("contact_id", number, harm="Nothing was kept."),
        email=None if email is None else str(email),
    )


def _frame(of: Any, *, harm: str) -> pl.DataFrame:
    """A frame of any library, or a list without its gaps, as a frame."""
    if is_frame(of):
        return as_polars(of, call="zi.compliance", harm=harm)
    values = plain(of)
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Sequence):
        raise RequestRefused(f"People are given as a frame or a list. {harm} Put a single one into a list.")
    values = [told for one in values if (told := own(one)) is not None]
    if odd := [one for one in values if isinstance(one, float)]:
        raise RequestRefused(
            f"{odd[0]!r} is not an id: ids are whole numbers, and as floats below 2**53. {harm} "
            "Correct it, or read the column as whole numbers."
        )
    is_id = all(isinstance(one, int) and not isinstance(one, bool) for one in values)
    if not is_id and not all(isinstance(one, str) for one in values):
        raise RequestRefused(f"People are given as ids or as e-mail addresses. {harm} Split the list.")
    return pl.DataFrame({"contact_id" if is_id else "email": pl.Series(values)})


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "")
