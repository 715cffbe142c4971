"""`ZoomInfo`, the object that users hold: it binds the parts together and does nothing itself."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

import polars as pl

from zianalytics.api.arguments import checked
from zianalytics.api.foreign import as_polars, is_frame
from zianalytics.client.made import by_names
from zianalytics.inert import as_html

if TYPE_CHECKING:  # what a client is made of loads when one is made, DuckDB when the warehouse is first asked for
    from pydantic import SecretStr

    from zianalytics.sandbox import Sandbox
    from zianalytics.settings import Settings
    from zianalytics.warehouse import Warehouse
    from zianalytics.warehouse.given import Give

__all__ = ["ZoomInfo"]


class ZoomInfo:
    """ZoomInfo's data as frames, at a price that is said first; everything paid for is kept.

    `search`, `enrich`, `match` and `lookup` hold the calls: verb, then noun, with tab. Nothing is spent until
    `budget`, or `max_credits=` of a call, allows it. Signing in waits for the first call. Threads may share a client.
    They ask its `warehouse` at the same time, and bring it up to date one after another.

    Parameters
    ----------
    base_url, username, password, client_id, private_key, private_key_file
        Who asks, and where; what is not given is read from ZOOMINFO_BASE_URL, ..._USERNAME, ..._PASSWORD,
        ..._CLIENT_ID, ..._PRIVATE_KEY or ..._PRIVATE_KEY_FILE, from `.env` and from the keyring. With a key, the
        password is not used.
    home
        Folder for what is kept; else ZOOMINFO_HOME, the nearest folder with `.zoominfo/` in it, or your data folder.
    credentials
        Called once; returns any of these settings by name, from a vault of yours.
    progress
        Whether calls of several requests show a bar.
    credit_price
        What a credit costs you, in any currency: quotes say what they come to. A text or Decimal is exact.

    Raises
    ------
    SettingsRefused
        A setting is missing, misspelt or contradicts another.
    StoreUnusable
        What is kept cannot be opened.

    Examples
    --------
    >>> with ZoomInfo.mock(companies=100) as zi:
    ...     zi.search.companies.count(country="Germany") > 0
    True
    """

    @by_names("ZoomInfo")
    def __init__(
        self,
        *,
        base_url: str | None = None,
        username: str | None = None,
        password: str | SecretStr | None = None,
        client_id: str | None = None,
        private_key: str | SecretStr | None = None,
        private_key_file: str | Path | None = None,
        home: str | Path | None = None,
        credentials: Callable[[], Mapping[str, str]] | None = None,
        progress: bool = True,
        credit_price: Decimal | float | str | None = None,
    ) -> None:
        from zianalytics.client import rooms

        given = rooms.Unshown(
            {
                "credentials": credentials,
                "base_url": base_url,
                "username": username,
                "password": password,
                "client_id": client_id,
                "private_key": private_key,
                "private_key_file": private_key_file,
                "home": home,
            }
        )
        # From here on no variable holds a secret in the open: a traceback may print them all.
        del credentials, base_url, username, password, client_id, private_key, private_key_file, home
        with ExitStack() as closing:
            settings = rooms.Settings.read(**given)
            self._bind(settings, closing, progress=progress, credit_price=rooms.as_price(credit_price))
            self._closing = closing.pop_all()

    _is_bound = False
    _is_closed = False

    def _bind(
        self,
        settings: Settings,
        closing: ExitStack,
        *,
        progress: bool,
        credit_price: Decimal | None,
        sandbox: Sandbox | None = None,
        fresh: bool = False,
    ) -> None:
        """Tie the parts together; `closing` ends them in reverse, after what the caller put under them."""
        from zianalytics.client import rooms

        self._settings, self._closing, self._is_fresh = settings, closing, fresh
        self.sandbox = sandbox
        """The sandbox that `ZoomInfo.mock` started; None otherwise."""
        self._clock = clock = sandbox.clock if sandbox else rooms.ServerClock()
        self._journal = self._closing.enter_context(rooms.Journal.open(settings.account_folder))
        session = rooms.Session(settings, clock=clock)
        self._closing.callback(weakref.finalize(self, session.close))  # quietly, too, when nobody closes the client
        self.budget = rooms.Budget(self._journal, clock)
        """What may be spent; nothing until you say so."""
        caller = rooms.Caller(
            session,
            self._journal,
            clock,
            self.budget,
            rooms.OPERATIONS,
            progress=progress,
            base_url=settings.base_url,
            spender=rooms.Spender.here(who=settings.who, source=settings.source),
            per_minute=lambda: session.per_minute,
            credit_price=credit_price,
        )
        self.ledger = rooms.LedgerView(self._journal, clock, caller)
        """What we have counted, record by record, and beside what the service has counted."""
        self.search = rooms.Search(caller)
        """Previews and signals."""
        self.enrich = rooms.Enrich(caller)
        """Whole records, paid for."""
        self.bulk = rooms.Bulk(caller)
        """Searches and enrichments by the thousand, as jobs."""
        self.match = rooms.Match(caller, progress=progress)
        """Your list -> ZoomInfo's ids, free of credits."""
        self.lookup = rooms.Lookup(caller)
        """Lists of valid values, and what the account may use."""
        self.webhooks = rooms.Webhooks(caller, self._journal, settings.account_folder)
        """Where changes of redeemed records are sent."""
        self.redeem = rooms.Redeem(caller.redeem)
        """Pays a quote: call it."""
        self.compliance = rooms.Compliance(
            caller, self._journal, clock, self._renew_warehouse, self._check_warehouse_left
        )
        """Opt-outs: who is not to be asked for, paid for or shown."""
        self.usage = rooms.Usage(caller, self._journal)
        """What the service has counted on each limit, and what is left: call it."""
        self._remembered, self._is_bound = caller.remembered, True

    @classmethod
    @checked("ZoomInfo.mock")
    def mock(
        cls,
        *,
        home: str | Path | None = None,
        companies: int | None = None,
        seed: int | None = None,
        now: datetime | None = None,
        bundle: Literal["standard", "scaling"] | None = None,
        state: str | Path | None = None,
        progress: bool = True,
        credit_price: Decimal | float | str | None = None,
    ) -> Self:
        """A client of a sandbox of its own, which ends with it: no account, no network, no cost.

        Parameters
        ----------
        home
            Folder for what is kept, the account of the sandbox included: a later mock of the same home is the same
            account, and what was paid for is held. None for a fresh one that goes when the client is closed.
        companies, seed, now, bundle
            How many companies live in the sandbox, by which seed, at which instant, with whose rights; None for what
            its state says, else for 3,000 by seed 7. A state has one world: other companies or another seed are
            refused.
        state
            File in which the sandbox remembers its world, its account and what was spent; None for `sandbox.state` in
            `home`. One sandbox at a time may use it.
        progress, credit_price
            As for a client of the service, like ZOOMINFO_WHO and ZOOMINFO_SOURCE; no other setting of yours is read.

        Raises
        ------
        RequestRefused
            `companies`, `seed`, `now` or `bundle` is not of its kind.
        ExtraMissing
            The optional part `mock` is not installed.
        SandboxFailed
            The sandbox does not start: the state has another world, or another sandbox holds it.
        """
        from zianalytics.client import rooms

        with ExitStack() as closing:
            place = Path(home).resolve() if home else Path(tempfile.mkdtemp(prefix="zianalytics-home-"))
            client = cls.__new__(cls)
            if home is None:
                closing.callback(weakref.finalize(client, shutil.rmtree, place, ignore_errors=True))
            if state is None and home is not None:
                state = place / "sandbox.state"
            sandbox = closing.enter_context(
                rooms.Sandbox.start(
                    companies=companies, seed=seed, now=now, bundle=bundle, state=Path(state) if state else None
                )
            )
            sandbox.advance(0)  # by no day: days and windows are the sandbox's before anything is asked
            # Who asks, and a folder of its own: the settings of a live account must not mix in.
            settings = rooms.Settings.read(
                environ=rooms.Spender.env(), folder=place, home=place, state_home=place, **sandbox.settings()
            )
            price = rooms.as_price(credit_price)
            client._bind(settings, closing, progress=progress, credit_price=price, sandbox=sandbox, fresh=home is None)
            client._closing = closing.pop_all()
        return client

    @cached_property
    def _warehouse(self) -> Warehouse:
        from zianalytics.warehouse import Warehouse

        return Warehouse(self._settings.account_folder / "warehouse.duckdb")

    @cached_property
    def give(self) -> Give:
        """Facts of your own: they are kept beside ZoomInfo's."""
        from zianalytics.warehouse.given import Give

        return Give(self._journal, self._clock)

    @property
    def warehouse(self) -> Warehouse:
        """The tables of all that was received, brought up to date; ask them by `.sql(...)`."""
        self._journal.check_open()
        self._warehouse.load(self._journal, self._remembered)
        return self._warehouse

    def _check_warehouse_left(self) -> None:
        from zianalytics.warehouse import check_left

        check_left(self._settings.account_folder)

    def _renew_warehouse(self) -> None:
        from zianalytics.warehouse import renew

        renew(self._settings.account_folder, self._journal)

    @checked("zi.export")
    def export(self, frame: pl.DataFrame, path: str | Path) -> Path:
        """Write a frame to a file: nobody in it who is suppressed by now, and in CSV no text that computes.

        In CSV lists are joined by "; " and deeper nests are JSON: `frame.write_csv` of polars refuses both.

        Parameters
        ----------
        frame
            Any frame of numbers, dates and texts, or of lists and structs of them.
        path
            Ends with .csv, for a spreadsheet, or with .parquet or .json, which keep nested columns as they are; a file
            of that name is written over.

        Raises
        ------
        RequestRefused
            It is no frame, the name ends otherwise, or the file cannot be written.
        """
        from zianalytics.reports.export import write_table

        if not is_frame(frame):
            return write_table(frame, path)
        told = as_polars(frame, call="zi.export", harm="Nothing was written.")
        return write_table(self.compliance.without(told), path)

    @property
    def today(self) -> date:
        """The service's day in UTC, as its last reply told it: a mock whose clock was moved is believed."""
        return self._clock.now().date()

    @property
    def home(self) -> Path:
        """Folder of all that this account has paid for and given."""
        return self._settings.account_folder

    def close(self) -> None:
        """Close files and connections, and end the sandbox of a mock; what was paid for stays."""
        self._closing.close()
        self._is_closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _facts(self) -> tuple[str, str, str]:
        """What the client talks to, what it may spend, where its things are: the same on every run."""
        if not self._is_bound:  # a traceback of an error while it was made prints it
            return "enterprise", "not set up", "none"
        from zianalytics.settings import LIVE

        service = (
            "mock" if self._settings.is_loopback else "live" if self._settings.base_url == LIVE else "other service"
        )
        state = "closed" if self._is_closed else str(self.budget)
        return f"enterprise ({service})", state, "temporary" if self._is_fresh else _short(self._settings.home)

    def __repr__(self) -> str:
        service, state, home = self._facts()
        return f"<ZoomInfo {service}, {state}; home: {home}>"

    def _repr_html_(self) -> str:
        names = ("service", "budget", "home")
        rows = "".join(
            f"<tr><th>{name}</th><td>{as_html(said)}</td></tr>" for name, said in zip(names, self._facts(), strict=True)
        )
        return f"<div><b>ZoomInfo</b><table><tbody>{rows}</tbody></table></div>"


def _short(folder: Path) -> str:
    """A folder relative to the working folder or to `~`, where it lies in one of them."""
    for base, prefix in ((Path.cwd(), ""), (Path.home(), "~/")):
        if folder.resolve().is_relative_to(base.resolve()):
            return f"{prefix}{folder.resolve().relative_to(base.resolve()).as_posix()}"
    return folder.as_posix()
