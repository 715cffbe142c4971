from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apsw
import pytest

from mockserver import Request, Response, serve
from mockserver.sandbox import Options, Sandbox
from zianalytics.api.table import OPERATIONS, Enrich, Search
from zianalytics.client.bulk import Bulk
from zianalytics.client.call import Caller
from zianalytics.client.compliance import Compliance
from zianalytics.client.ledger import LedgerView
from zianalytics.client.metered.budget import Budget
from zianalytics.client.quotes.redemption import Redeem
from zianalytics.client.usage import Usage
from zianalytics.clock import ServerClock
from zianalytics.errors import BudgetExceeded
from zianalytics.journal import Journal
from zianalytics.settings import Settings, Spender
from zianalytics.transport import Session
from zianalytics.transport.session import ANSWER_S
from zianalytics.warehouse import renew

if TYPE_CHECKING:
    from mockserver.world import Contact

Charges = Counter[tuple[str, str, int, int]]


class Service:
    """A sandbox that counts what reaches it; `trouble` may answer a request in its place."""

    def __init__(self, options: Options, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.sandbox = Sandbox(options, monotonic=monotonic)
        self.asked: Counter[str] = Counter()
        self.trouble: Callable[[Request], Response | None] = lambda request: None

    def answer(self, request: Request) -> Response:
        self.asked[request.path] += 1
        return self.trouble(request) or self.sandbox.answer(request)

    def says(self, status: int, body: bytes, **headers: str) -> Response:
        """An answer of ours in its place, at its time."""
        date = format_datetime(self.sandbox.now(), usegmt=True)
        named = {"Content-Type": "application/json", "Date": date} | headers
        return Response(status, tuple((name.replace("_", "-"), value) for name, value in named.items()), body)

    @contextmanager
    def losing(self, path: str, fault: str = "cut_after_charge") -> Iterator[None]:
        """A block in which all that is asked there falls to this fault, most often after it was charged."""
        self.sandbox.set_faults({"rules": [{"path": path, "fault": fault, "share": 1.0}]})
        yield
        self.sandbox.set_faults({"rules": []})

    @property
    def charges(self) -> Charges:
        """What it has charged: entity, id, credits and records, and how often."""
        return Counter((row["entity"], str(row["id"]), row["credits"], row["records"]) for row in self.sandbox.ledger())

    @property
    def ids(self) -> list[int]:
        """The companies of its world, in order."""
        return sorted(self.sandbox.world.companies)

    def known(self) -> Contact:
        """Somebody with an address and a number whom signals of their company recommend, and a scoop names."""
        world, now = self.sandbox.world, self.sandbox.now()
        for shown in world.signals(now):
            if shown.at.date() < date(2026, 7, 10):
                continue
            for person in world.recommended_contacts(shown.company_id, shown.topic):
                gone = world.changes.opted_out_at(person.id)
                if person.email and person.direct_phone and (gone is None or gone > now) and not person.has_moved:
                    return person
        raise AssertionError

    def others(self, person: Contact) -> list[int]:
        """Ten contacts who are there and share no name with somebody."""
        names = {person.first_name, person.last_name}
        now, gone = self.sandbox.now(), self.sandbox.world.changes.opted_out_at
        there = [one for one in self.sandbox.world.contacts.values() if (at := gone(one.id)) is None or at > now]
        return [one.id for one in there if one.id != person.id and not names & {one.first_name, one.last_name}][:10]


class Seconds:
    """Time: that of the machine, or one that passes only when somebody sleeps."""

    def __init__(self, stands_still: bool) -> None:
        self._stands_still = stands_still
        self.now, self.slept = 0.0, list[float]()

    def monotonic(self) -> float:
        return self.now if self._stands_still else time.monotonic()

    def wall(self) -> float:
        return self.now if self._stands_still else time.time()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        if not self._stands_still:
            time.sleep(seconds)


class Client:
    """The parts of a client, put together."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        *,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        credit_price: Decimal | None = None,
        answer_s: float = ANSWER_S,
    ) -> None:
        self.clock = ServerClock(wall)
        self.session = Session(settings, clock=self.clock, sleep=sleep, answer_s=answer_s)
        self.journal = Journal.open(folder)
        self.budget = Budget(self.journal, self.clock)
        self.caller = Caller(
            self.session,
            self.journal,
            self.clock,
            self.budget,
            OPERATIONS,
            progress=False,
            sleep=sleep,
            base_url=settings.base_url,
            spender=Spender(who="ana", source="weekly.ipynb"),
            per_minute=lambda: self.session.per_minute,
            credit_price=credit_price,
        )
        self.redeem = Redeem(self.caller.redeem)
        self.search, self.enrich = Search(self.caller), Enrich(self.caller)
        self.usage = Usage(self.caller, self.journal)
        self.bulk = Bulk(self.caller)
        self.ledger = LedgerView(self.journal, self.clock, self.caller)

    @property
    def charges(self) -> Charges:
        """What it has written down, in the words of `Service.charges`."""
        return Counter(self.ledger.frame().select("entity", "id", "credits", "records").rows())

    @property
    def compliance(self) -> Compliance:
        """Made anew each time, as with each client of a user."""
        return Compliance(self.caller, self.journal, self.clock, lambda: renew(self.journal.folder, self.journal))

    def people(self, rows: int) -> list[int]:
        """Contacts with an e-mail address."""
        return self.search.contacts(country="Germany", required_fields="email", limit=rows)["contact_id"].to_list()

    def refusal_of(self, ids: list[int], **limits: Any) -> str:
        """What a refused enrichment of these companies says, from why it is refused on."""
        with pytest.raises(BudgetExceeded) as refused:
            self.enrich.companies(ids, **limits)
        return str(refused.value).partition(" and ")[2]

    def close(self) -> None:
        self.session.close()
        self.journal.close()


@dataclass
class Desk:
    """Opens clients of one account, one after another or together."""

    base_url: str
    username: str
    password: str
    home: Path
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    opened: ExitStack = field(default_factory=ExitStack)

    def settings(self) -> Settings:
        environ = {
            "ZOOMINFO_BASE_URL": self.base_url,
            "ZOOMINFO_USERNAME": self.username,
            "ZOOMINFO_PASSWORD": self.password,
            "ZOOMINFO_HOME": str(self.home),
        }
        return Settings.read(environ=environ, state_home=self.home / "state")

    def client(
        self, *, credit_price: Decimal | None = None, folder: str = "account", answer_s: float = ANSWER_S
    ) -> Client:
        where, price = self.home / folder, credit_price
        client = Client(self.settings(), where, wall=self.wall, sleep=self.sleep, credit_price=price, answer_s=answer_s)
        self.opened.callback(client.close)
        return client


@pytest.fixture(scope="module")
def options() -> Options:
    """What the sandbox is made from; a file of tests may say otherwise."""
    return Options(companies=400, no_limits=True)


@pytest.fixture(scope="module")
def stands_still() -> bool:
    """Whether time passes only when somebody sleeps; a file of tests may say so."""
    return False


@pytest.fixture(scope="module")
def seconds(stands_still: bool) -> Seconds:
    """The time of the service and of its clients."""
    return Seconds(stands_still)


@pytest.fixture(scope="module")
def running(options: Options, seconds: Seconds) -> Iterator[tuple[Service, str]]:
    service = Service(options, monotonic=seconds.monotonic)
    with serve(service) as where:
        yield service, where.base_url
    service.sandbox.close()


@pytest.fixture
def service(running: tuple[Service, str]) -> Service:
    """A service that has charged nothing yet."""
    service, _ = running
    service.sandbox.set_faults({"rules": []})
    service.sandbox.reset()
    service.trouble = lambda request: None
    service.asked.clear()
    return service


@pytest.fixture
def desk(running: tuple[Service, str], service: Service, seconds: Seconds, tmp_path: Path) -> Iterator[Desk]:
    credentials = service.sandbox.credentials()
    seconds.slept.clear()
    desk = Desk(
        running[1],
        credentials["username"],
        credentials["password"],
        tmp_path,
        wall=seconds.wall,
        sleep=seconds.sleep,
    )
    with desk.opened:
        yield desk


@pytest.fixture
def client(desk: Desk) -> Client:
    return desk.client()


Meanwhile = Callable[[Client, Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Lets something happen when a client is about to be alone at work, after it has looked at how things are."""

    def happens(client: Client, what: Callable[[], object]) -> None:
        begin = client.journal.at_work.on

        def after_another(*things: Any, **how: Any) -> AbstractContextManager[None]:
            what()
            return begin(*things, **how)

        monkeypatch.setattr(client.journal.at_work, "on", after_another)

    return happens


class Disk:
    """Room in bytes, as SQLite sees it; None for as much as there is."""

    room: int | None = None


class Bounded(apsw.VFSFile):
    """A file that takes no more than there is room for."""

    def __init__(self, base: str, name: str | apsw.URIFilename | None, flags: list[int], disk: Disk) -> None:
        super().__init__(base, name, flags)
        self._disk = disk

    def xWrite(self, data: bytes, offset: int) -> None:
        if self._disk.room is not None:
            if self._disk.room < len(data):
                raise apsw.FullError("database or disk is full")
            self._disk.room -= len(data)
        super().xWrite(data, offset)


class Bounds(apsw.VFS):
    """The usual layer under SQLite, with files that take no more than there is room for."""

    def __init__(self, disk: Disk) -> None:
        self._base, self._disk = apsw.vfs_names()[0], disk
        super().__init__("bounds", self._base, makedefault=True)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> Bounded:
        return Bounded(self._base, name, flags, self._disk)


@pytest.fixture
def disk() -> Iterator[Disk]:
    usual, disk = apsw.vfs_names()[0], Disk()
    layer = Bounds(disk)
    yield disk
    apsw.set_default_vfs(usual)
    del layer


@pytest.fixture
def mounted(desk: Desk) -> Iterator[Callable[..., Path]]:
    """Makes a folder that is a file system of its own, of so many bytes; skipped where none can be mounted."""
    with ExitStack() as leaving:

        def mount(folder: Path, size: str = "1m") -> Path:
            if sys.platform != "linux" or shutil.which("mount") is None:
                pytest.skip("a small file system cannot be mounted here: no tmpfs, or no mount")
            folder.mkdir()
            command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"a small file system cannot be mounted here: {done.stderr.strip()}")
            leaving.callback(subprocess.run, ["umount", "--lazy", str(folder)], check=True)
            return folder

        yield mount
        desk.opened.close()
