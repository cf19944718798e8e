"""By what people can be reached outside the chat: sealed, each value for its person and its kind."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert  # SQLite reads the same ON CONFLICT clause

from bot.domain.contacts import Contact, ContactKind
from storage.connection import Db
from storage.schema import contacts
from storage.vault import Vault, place

_new = insert(contacts)
_PUT = _new.on_conflict_do_update(
    index_elements=["person_id", "kind"], set_={name: _new.excluded[name] for name in ("sealed", "at", "by")}
)
_mine = contacts.c.person_id == bindparam("person")
_OF = select(contacts.c.kind, contacts.c.sealed).where(_mine)
_REMOVE_ALL = delete(contacts).where(_mine)
_REMOVE = _REMOVE_ALL.where(contacts.c.kind == bindparam("which"))


def contact_place(person_id: int, kind: str) -> str:
    return place("contacts.sealed", person_id, kind)


class SqlContacts:
    """Implements `bot.ports.Contacts`."""

    __slots__ = ("_db", "_vault")

    def __init__(self, db: Db, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    async def put(self, person_id: int, kind: ContactKind, value: str, at: datetime, by: int | None = None) -> None:
        sealed = self._vault.seal(contact_place(person_id, kind), value)
        await self._db.rows(_PUT, {"person_id": person_id, "kind": kind, "sealed": sealed, "at": at, "by": by})

    async def of(self, person_id: int) -> Contact:
        """Raises BrokenSealError where a value was moved here from elsewhere."""
        found = {
            str(row.kind): self._vault.open(contact_place(person_id, row.kind), row.sealed)
            for row in await self._db.rows(_OF, {"person": person_id})
        }
        return Contact(**found)

    async def remove(self, person_id: int, kind: ContactKind | None = None) -> None:
        if kind is None:
            await self._db.rows(_REMOVE_ALL, {"person": person_id})
        else:
            await self._db.rows(_REMOVE, {"person": person_id, "which": kind})
