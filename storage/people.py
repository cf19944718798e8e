"""People, how to reach them, the seats that they hold, and the one-time links to seats."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite reads the same ON CONFLICT clause

from bot.domain.people import GUEST, Appointment, Invite, Person
from storage.connection import AnyRow, Db
from storage.schema import (
    accounts,
    appointments,
    board_consents,
    case_parties,
    cases,
    confirmations,
    consents,
    contacts,
    drafts,
    invites,
    people,
    reception_followers,
)
from storage.types import Moment
from storage.vault import Vault, place

# In the order of a Person's fields; the account and the chat are both in what is sealed.
_PERSON = select(
    people.c.id,
    accounts.c.channel,
    accounts.c.chat,
    people.c.lang,
    accounts.c.reachable,
    people.c.consent,
    people.c.last_village,
    people.c.weekly,
    people.c.home,
    people.c.notices,
).join_from(people, accounts, accounts.c.person_id == people.c.id)

_FIND = _PERSON.where(accounts.c.channel == bindparam("on"), accounts.c.account == bindparam("who"))
_GET = _PERSON.where(people.c.id == bindparam("person"))
_ADD = insert(people).returning(people.c.id)
_ADD_ACCOUNT = (
    upsert(accounts).on_conflict_do_nothing(index_elements=["channel", "account"]).returning(accounts.c.person_id)
)
_REMOVE = delete(people).where(people.c.id == bindparam("person"))
_SAVE = update(people).where(people.c.id == bindparam("person"))
_SAVE_ACCOUNT = update(accounts).where(accounts.c.person_id == bindparam("person"))
_AGREED = upsert(consents).on_conflict_do_nothing(index_elements=["person_id", "notice"])
_FORGET = (
    update(people)
    .where(people.c.id == bindparam("person"))
    .values(consent=None, last_village=None, home=None, forgotten_at=bindparam("at"))
)
_UNLINK = tuple(
    delete(table).where(table.c.person_id == bindparam("person"))
    for table in (accounts, consents, contacts, drafts, case_parties, board_consents, reception_followers)
)
_RESIGN = (
    update(appointments)
    .where(appointments.c.person_id == bindparam("person"), appointments.c.until.is_(None))
    .values(until=bindparam("at"), reason="forgotten")
)

_AUDIENCE = (
    select(people.c.id)
    .join(accounts, accounts.c.person_id == people.c.id)
    .where(people.c.consent.is_not(None), people.c.notices, accounts.c.reachable)
)

_EXPIRE = tuple(
    delete(table).where(table.c.case_id.in_(select(cases.c.id).where(cases.c.closed_at < bindparam("before"))))
    for table in (case_parties, board_consents)
)
_closed = select(cases.c.id).where(cases.c.closed_at < bindparam("before", type_=Moment))
_SAID_BY = select(confirmations.c.case_id, confirmations.c.person_id, confirmations.c.round).join(
    people, people.c.id == confirmations.c.person_id
)
_DISOWN = (
    update(confirmations)
    .where(
        confirmations.c.case_id == bindparam("case"),
        confirmations.c.person_id == bindparam("whose"),
        confirmations.c.round == bindparam("turn"),
    )
    .values(person_id=bindparam("nobody"))
)
_LEFTOVER = select(people.c.id).where(
    people.c.forgotten_at.is_(None),
    people.c.created_at < bindparam("before"),
    ~exists().where(case_parties.c.person_id == people.c.id),
    ~exists().where(drafts.c.person_id == people.c.id),
    ~exists().where(appointments.c.person_id == people.c.id, appointments.c.until.is_(None)),
)

_current = appointments.c.until.is_(None)
_SEATS = (
    select(appointments).where(appointments.c.person_id == bindparam("person"), _current).order_by(appointments.c.id)
)
_HOLDER = _PERSON.join(appointments, appointments.c.person_id == people.c.id).where(
    appointments.c.seat == bindparam("seat"), _current
)
_HOLDERS = select(appointments.c.seat, appointments.c.person_id).where(_current)
_APPOINT = insert(appointments).returning(appointments.c.id)
_END = (
    update(appointments)
    .where(appointments.c.seat == bindparam("which"), _current)
    .values(until=bindparam("at"), reason=bindparam("why"))
    .returning(appointments)
)

_unused = invites.c.used_at.is_(None)
_END_INVITES = (
    update(invites)
    .where(invites.c.seat == bindparam("which"), _unused, invites.c.expires_at > bindparam("at"))
    .values(expires_at=bindparam("at"))
)
_ADD_INVITE = insert(invites).returning(invites.c.id)
_INVITE = select(invites).where(invites.c.code_hash == bindparam("hash")).with_for_update()
_USE = (
    update(invites)
    .where(invites.c.id == bindparam("invite"), _unused)
    .values(used_at=bindparam("at"), used_by=bindparam("person"))
    .returning(invites.c.id)
)
_OPEN = (
    select(func.count())
    .select_from(invites)
    .where(invites.c.seat == bindparam("seat"), _unused, invites.c.expires_at > bindparam("now"))
)


def account_key(vault: Vault, channel: str, account: str) -> str:
    return vault.lookup("account", f"{channel}:{account}")


def account_place(channel: str, person_id: int) -> str:
    return place("accounts.chat", channel, person_id)


class SqlPeople:
    """Implements `bot.ports.People`."""

    __slots__ = ("_db", "_vault")

    def __init__(self, db: Db, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    async def find(self, channel: str, account: str) -> Person | None:
        given = {"on": channel, "who": account_key(self._vault, channel, account)}
        return self._person(await self._db.first(_FIND, given))

    async def get(self, person_id: int) -> Person | None:
        return self._person(await self._db.first(_GET, {"person": person_id}))

    async def add(self, channel: str, account: str, chat: str, lang: str, at: datetime) -> Person:
        """Where another transaction was faster, its person is returned."""
        made = await self._db.value(_ADD, {"lang": lang, "created_at": at})
        row = {
            "channel": channel,
            "account": account_key(self._vault, channel, account),
            "person_id": made,
            "chat": self._sealed(channel, made, account, chat),
            "reachable": True,
        }
        if await self._db.first(_ADD_ACCOUNT, row):
            return Person(made, channel, account, chat, lang)
        await self._db.rows(_REMOVE, {"person": made})
        found = await self.find(channel, account)
        if found is None:
            raise LookupError(f"the account of {channel} is neither new nor known")
        return found

    async def save(self, person: Person) -> None:
        own = {
            "lang": person.lang,
            "consent": person.consent,
            "last_village": person.last_village,
            "weekly": person.weekly,
            "home": person.home,
            "notices": person.notices,
        }
        await self._db.rows(_SAVE, {"person": person.id, **own})

    async def save_reach(self, person: Person) -> None:
        sealed = self._sealed(person.channel, person.id, person.account, person.chat)
        await self._db.rows(_SAVE_ACCOUNT, {"person": person.id, "chat": sealed, "reachable": person.reachable})

    async def agreed(self, person_id: int, notice: str, at: datetime) -> None:
        await self._db.rows(_AGREED, {"person_id": person_id, "notice": notice, "at": at})

    async def audience(self, villages: Sequence[str], after: int, limit: int) -> list[int]:
        query = _of(villages).where(people.c.id > after).order_by(people.c.id).limit(limit)
        return [row.id for row in await self._db.rows(query)]

    async def audience_size(self, villages: Sequence[str]) -> int:
        return int(await self._db.value(select(func.count()).select_from(_of(villages).subquery())))

    async def add_guest(self, lang: str, at: datetime) -> Person:
        return Person(
            await self._db.value(_ADD, {"lang": lang, "created_at": at}), GUEST, "", "", lang, reachable=False
        )

    async def expire(self, before: datetime, at: datetime) -> int:
        living = _SAID_BY.where(confirmations.c.case_id.in_(_closed), people.c.forgotten_at.is_(None))
        await self._disown(living, at, {"before": before})
        for statement in _EXPIRE:
            await self._db.rows(statement, {"before": before})
        left = await self._db.rows(_LEFTOVER, {"before": before})
        for person in left:
            await self.forget(person.id, at)
        return len(left)

    async def forget(self, person_id: int, at: datetime) -> None:
        """Also ends what the person holds (reason `forgotten`). What they said of answers stays, for the counts, under
        numbers that lead nowhere and are not each other's; the history has only ever named their part."""
        await self._disown(_SAID_BY.where(confirmations.c.person_id == bindparam("person")), at, {"person": person_id})
        for statement in _UNLINK:
            await self._db.rows(statement, {"person": person_id})
        await self._db.rows(_RESIGN, {"person": person_id, "at": at})
        await self._db.rows(_FORGET, {"person": person_id, "at": at})

    async def _disown(self, said: Select[Any], at: datetime, given: dict[str, Any]) -> None:
        """Give each of these ratings a number of its own, which has nobody behind it."""
        for row in await self._db.rows(said, given):
            nobody = await self._db.value(_ADD, {"lang": "", "created_at": at, "forgotten_at": at})
            same = {"case": row.case_id, "whose": row.person_id, "turn": row.round}
            await self._db.rows(_DISOWN, {**same, "nobody": nobody})

    async def seats_of(self, person_id: int) -> list[Appointment]:
        return [_appointment(row) for row in await self._db.rows(_SEATS, {"person": person_id})]

    async def holder(self, seat: str) -> Person | None:
        return self._person(await self._db.first(_HOLDER, {"seat": seat}))

    async def holders(self) -> dict[str, int]:
        return {row.seat: row.person_id for row in await self._db.rows(_HOLDERS)}

    async def appoint(self, seat: str, person_id: int, at: datetime) -> Appointment:
        await self._db.hold(f"seat:{seat}")
        await self.end(seat, at, "replaced")
        row = {"seat": seat, "person_id": person_id, "since": at, "reason": ""}
        return Appointment(await self._db.value(_APPOINT, row), seat, person_id, at)

    async def end(self, seat: str, at: datetime, reason: str) -> Appointment | None:
        row = await self._db.first(_END, {"which": seat, "at": at, "why": reason})
        return _appointment(row) if row else None

    async def add_invite(self, invite: Invite) -> Invite:
        """Earlier ones expire just before this one begins, so that they are out of date from now on."""
        await self._db.hold(f"invite:{invite.seat}")
        before = invite.created_at - timedelta(microseconds=1)
        await self._db.rows(_END_INVITES, {"which": invite.seat, "at": before})
        row = {
            "code_hash": invite.code_hash,
            "seat": invite.seat,
            "created_by": invite.created_by,
            "created_at": invite.created_at,
            "expires_at": invite.expires_at,
        }
        return replace(invite, id=await self._db.value(_ADD_INVITE, row))

    async def invite(self, code_hash: str) -> Invite | None:
        row = await self._db.first(_INVITE, {"hash": code_hash})
        return Invite(**row._asdict()) if row else None

    async def use_invite(self, invite_id: int, person_id: int, at: datetime) -> None:
        """Raises LookupError where it is unknown or was used."""
        given = {"invite": invite_id, "person": person_id, "at": at}
        if await self._db.first(_USE, given) is None:
            raise LookupError(f"invite {invite_id} is not there to be used")

    async def open_invites(self, seat: str, now: datetime) -> int:
        return int(await self._db.value(_OPEN, {"seat": seat, "now": now}))

    def _sealed(self, channel: str, person_id: int, account: str, chat: str) -> str:
        return self._vault.seal_json(account_place(channel, person_id), [account, chat])

    def _person(self, row: AnyRow | None) -> Person | None:
        if row is None:
            return None
        id_, channel, sealed, *rest = row
        account, chat = self._vault.open_json(account_place(channel, id_), sealed)
        return Person(id_, channel, account, chat, *rest)


def _of(villages: Sequence[str]) -> Select[tuple[int]]:
    where = func.coalesce(people.c.home, people.c.last_village)
    return _AUDIENCE.where(where.in_(villages)) if villages else _AUDIENCE


def _appointment(row: AnyRow) -> Appointment:
    return Appointment(row.id, row.seat, row.person_id, row.since, row.until, row.reason)
