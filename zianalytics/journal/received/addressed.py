"""Which held record has an address, for processes to come: keyed digests in a file beside the journal.

The file is a function of the journal and may be lost at no cost. It holds no address, vouches for itself, and counts
for the ledger alone that it was made from: an older copy of that, or one that was mended, makes it void. It is
forgotten when somebody is erased.
"""

from __future__ import annotations

import secrets
from array import array
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from pathlib import Path

import msgspec

from zianalytics.journal.disk import Database, rows, write_whole

SEVERAL = 0
"""What stands in the place of an id where several records have an address."""
_DIGEST = 32
_FILE = "addresses-{}.bin"


@dataclass
class Addressed:
    """The addresses of one kind of record, each with the only record that has it.

    Attributes
    ----------
    up_to
        How far in the ledger they are taken from.
    """

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    records: dict[int, int] = field(default_factory=dict)
    up_to: int = 0

    def add(self, address: str, record: int) -> None:
        """Take in that a record has an address."""
        mark = self._mark(address)
        if record > 0 and self.records.setdefault(mark, record) != record:
            self.records[mark] = SEVERAL

    def record_of(self, address: str) -> int | None:
        """The only record that has an address; None for none or several."""
        return self.records.get(self._mark(address)) or None

    def _mark(self, address: str) -> int:
        return int.from_bytes(blake2b(address.encode(errors="surrogatepass"), digest_size=8, key=self.secret).digest())


class _Written(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """A file: what it is made from, and what it says."""

    ledger: bytes
    seq: int
    link: bytes
    secret: bytes
    up_to: int
    marks: bytes
    records: bytes


class AddressFiles:
    """The files of one account, one for each operation; what is read of them stays in memory."""

    def __init__(self, folder: Path, ledger: Database) -> None:
        self._folder, self._ledger = folder, ledger
        self._known: dict[str, Addressed] = {}

    def of(self, operation: str) -> Addressed:
        """What is known of an operation's records; nothing where there is no file that counts."""
        if operation not in self._known:
            self._known[operation] = self._read(operation) or Addressed()
        return self._known[operation]

    def begin_anew(self, operation: str) -> Addressed:
        """Nothing is known of them: what was is of another state of the ledger."""
        self._known[operation] = Addressed()
        return self._known[operation]

    def write(self, operation: str) -> None:
        """Keep what is known for other processes, where the disk lets it."""
        known, head = self.of(operation), self._ledger.head
        told = _Written(
            ledger=head.id,
            seq=head.seq,
            link=head.link,
            secret=known.secret,
            up_to=known.up_to,
            marks=array("Q", known.records).tobytes(),
            records=array("Q", known.records.values()).tobytes(),
        )
        body = msgspec.msgpack.encode(told)
        with suppress(OSError):
            write_whole(self._place(operation), sha256(body).digest() + body)

    def forget(self) -> None:
        """Keep nothing of them, here or on the disk."""
        self._known.clear()
        for path in self._folder.glob(_FILE.format("*")):
            path.unlink(missing_ok=True)

    def _read(self, operation: str) -> Addressed | None:
        try:
            whole = self._place(operation).read_bytes()
            told = msgspec.msgpack.decode(whole[_DIGEST:], type=_Written)
        except (OSError, msgspec.MsgspecError):
            return None
        if sha256(whole[_DIGEST:]).digest() != whole[:_DIGEST] or not self._is_of_ours(told):
            return None
        marks, records = array("Q", told.marks), array("Q", told.records)
        return Addressed(told.secret, dict(zip(marks, records, strict=True)), told.up_to)

    def _is_of_ours(self, told: _Written) -> bool:
        """Whether the ledger has been where it says, and has gone on from there."""
        sql = "select count(*) from chain where (seq = 0 and link = ?) or (seq = ? and link = ?)"
        with self._ledger.reading() as db:
            [(found,)] = rows(db, sql, [told.ledger, told.seq, told.link])
        return bool(found == 1 + (told.seq > 0))

    def _place(self, operation: str) -> Path:
        return self._folder / _FILE.format(operation)
