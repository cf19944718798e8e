"""The store: transactions over one database, each with all its repositories."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.domain.keys import Keyring
from bot.ports import (
    Amendments,
    Blocks,
    BoardConsents,
    Cases,
    Confirmations,
    Contacts,
    Drafts,
    Gauges,
    Inbox,
    Learning,
    Leaves,
    Marks,
    Outbox,
    People,
    Suggestions,
    Supervisions,
)
from bot.ports.files import Files
from bot.ports.ledgers import Duties, Registers
from bot.ports.voters import Announcements, Polls, Receipts
from storage.amendments import SqlAmendments
from storage.announcements import SqlAnnouncements
from storage.blocks import SqlBlocks
from storage.board_consents import SqlBoardConsents
from storage.cases import SqlCases
from storage.confirmations import SqlConfirmations
from storage.connection import Database, Db
from storage.contacts import SqlContacts
from storage.drafts import SqlDrafts
from storage.duties import SqlDuties
from storage.engine import normalise_url, sqlite_path
from storage.fetching import SqlFiles
from storage.filestore import FolderFiles
from storage.gauges import SqlGauges
from storage.inbox import SqlInbox
from storage.learning import SqlLearning
from storage.leaves import SqlLeaves
from storage.marks import SqlMarks
from storage.migrate import check
from storage.outbox import SqlOutbox
from storage.people import SqlPeople
from storage.polls import SqlPolls
from storage.postgres import Postgres
from storage.receipts import SqlReceipts
from storage.registers import SqlRegisters
from storage.rekeying import Rekeyed, prove_keys, rekey, seal_the_rest, to_rekey
from storage.sqlite import Sqlite
from storage.suggestions import SqlSuggestions
from storage.supervisions import SqlSupervisions
from storage.vault import Vault

T = TypeVar("T")


class SqlTx:
    """Implements `bot.ports.Tx` on one connection in a transaction."""

    def __init__(self, db: Db, vault: Vault) -> None:
        self._db = db
        self.inbox: Inbox = SqlInbox(db, vault)
        self.outbox: Outbox = SqlOutbox(db, vault)
        self.people: People = SqlPeople(db, vault)
        self.contacts: Contacts = SqlContacts(db, vault)
        self.files: Files = SqlFiles(db, vault)
        self.drafts: Drafts = SqlDrafts(db, vault)
        self.leaves: Leaves = SqlLeaves(db)
        self.cases: Cases = SqlCases(db)
        self.confirmations: Confirmations = SqlConfirmations(db)
        self.board_consents: BoardConsents = SqlBoardConsents(db)
        self.learning: Learning = SqlLearning(db)
        self.marks: Marks = SqlMarks(db)
        self.gauges: Gauges = SqlGauges(db)
        self.blocks: Blocks = SqlBlocks(db, vault)
        self.suggestions: Suggestions = SqlSuggestions(db)
        self.supervisions: Supervisions = SqlSupervisions(db)
        self.duties: Duties = SqlDuties(db)
        self.registers: Registers = SqlRegisters(db)
        self.receipts: Receipts = SqlReceipts(db, vault)
        self.polls: Polls = SqlPolls(db)
        self.announcements: Announcements = SqlAnnouncements(db)
        self.amendments: Amendments = SqlAmendments(db)

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        return self._db.savepoint()


class SqlStore:
    """Implements `bot.ports.Store`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database = database
        self._vault = vault

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlTx]:
        async with self.database.transaction() as db:
            yield SqlTx(db, self._vault)

    async def work(self, act: Callable[[SqlTx], Coroutine[Any, Any, T]]) -> T:
        return await self.database.work(lambda db: act(SqlTx(db, self._vault)))

    async def look(self, act: Callable[[SqlTx], Coroutine[Any, Any, T]]) -> T:
        return await self.database.look(lambda db: act(SqlTx(db, self._vault)))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqlTx]:
        """As `look`, in the caller's own thread: for a process that has nobody else to serve meanwhile."""
        database = self.database.reading()
        try:
            async with database.transaction() as db:
                yield SqlTx(db, self._vault)
        finally:
            await database.close()

    def files_in(self, folder: Path) -> FolderFiles:
        """The files that belong to this town, sealed with the same keys."""
        return FolderFiles(folder, self._vault)

    async def to_rekey(self) -> bool:
        """Whether anything is sealed with another key than the current one."""
        async with self.database.transaction() as db:
            return await to_rekey(db, self._vault)

    async def rekey(self, told: Callable[[str, int], None]) -> Rekeyed:
        """See `storage.rekeying.rekey`."""
        self._vault.renew()
        return await rekey(self.database, self._vault, told)

    async def close(self) -> None:
        await self.database.close()


async def open_store(
    url: str, keys: Keyring, fresh: Callable[[], Keyring] | None = None, *, alone: bool = False
) -> SqlStore:
    """Open a database that is at this program's revision. `fresh` reads the keyring anew, for a rotation meanwhile.
    `alone`: this process does nothing else beside it, so that SQLite needs no thread, and may think long between two
    statements.

    Raises ValueError for the URL, WrongRevisionError, WrongKeysError (the data was sealed with other keys).
    """
    where = normalise_url(url)
    await check(url)
    vault = Vault(keys, fresh)
    database: Database = Sqlite(where, alone=alone) if sqlite_path(where) else Postgres(where, alone=alone)
    try:
        async with database.transaction() as db:
            await seal_the_rest(db, vault)
            await prove_keys(db, vault)
    except BaseException:
        await database.close()
        raise
    return SqlStore(database, vault)
