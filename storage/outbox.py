"""Messages to send: queued once by key, sealed, claimed one at a time per chat, then sent, tried again or given up."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, bindparam, case, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert  # SQLite reads the same ON CONFLICT clause

from bot.domain.announcements import Tally
from bot.domain.messages import Outgoing, OutgoingKind
from bot.ports import OutboxRow, OutboxStatus
from storage.connection import Db
from storage.inbox import chat_key
from storage.schema import outbox
from storage.types import Moment
from storage.vault import BrokenSealError, Vault, place

_ADD = insert(outbox).on_conflict_do_nothing(index_elements=["key"]).returning(outbox.c.id)

_now = bindparam("now", type_=Moment)
_unsent = outbox.c.done_at.is_(None)
_tried = outbox.c.attempts > 0

# A row must wait for another of its lane that is in flight or held back after a failure (tried, not due),
# and for one that is due before it. A row that is merely scheduled for later holds nobody up.
_other = outbox.alias("other")
_in_the_way = (
    select(_other.c.id)
    .where(
        _other.c.channel == outbox.c.channel,
        _other.c.lane == outbox.c.lane,
        _other.c.done_at.is_(None),
        or_(
            and_(_other.c.attempts > 0, _other.c.due_at > _now),
            and_(
                _other.c.due_at <= _now,
                tuple_(_other.c.rank, _other.c.id) < tuple_(outbox.c.rank, outbox.c.id),
            ),
        ),
    )
    .exists()
)
_heads = (
    select(outbox.c.id)
    .where(outbox.c.channel == bindparam("on"), _unsent, outbox.c.due_at <= _now, ~_in_the_way)
    .order_by(outbox.c.rank, outbox.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=outbox)
    .cte("heads")
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(select(_heads.c.id)))
    .values(
        status="sending",
        due_at=bindparam("lease", type_=Moment),
        worker=bindparam("by"),
        attempts=outbox.c.attempts + 1,
    )
    .returning(
        outbox.c.id,
        outbox.c.channel,
        outbox.c.key,
        outbox.c.message,
        outbox.c.attempts,
        outbox.c.created_at,
        outbox.c.rank,
    )
)

_one = outbox.c.id == bindparam("row")
_SENT = (
    update(outbox).where(_one).values(status="sent", done_at=bindparam("at"), message_id=bindparam("told"), error=None)
)
# Only what is still in the sender's hands can be tried again: one that comes late, frozen for longer than its lease,
# must neither wake a row that was sent nor take it away from who sends it now.
_RETRY = (
    update(outbox)
    .where(_one, outbox.c.status == "sending", outbox.c.attempts == bindparam("attempt"))
    .values(status="queued", send_after=bindparam("at"), due_at=bindparam("at"), worker=None, error=bindparam("why"))
)
# A row made by a clock that was ahead lies in the future: at its time of making if it was due at once.
_late = case((_tried, bindparam("lease", type_=Moment)), else_=_now)
_TURNED_BACK = (
    update(outbox)
    .where(
        outbox.c.channel == bindparam("on"),
        _unsent,
        or_(
            and_(_tried, outbox.c.due_at > bindparam("lease", type_=Moment)),
            and_(~_tried, outbox.c.created_at > _now, outbox.c.send_after <= outbox.c.created_at),
        ),
    )
    .values(due_at=_late, send_after=_late)
    .returning(outbox.c.id)
)
_DEAD = update(outbox).where(_one, _unsent).values(status="dead", done_at=bindparam("at"), error=bindparam("why"))
_ONE = select(outbox.c.key, outbox.c.message).where(_one)
_SCRUB = update(outbox).where(_one)
_TALLY = (
    select(outbox.c.status, func.count().label("rows"))
    .where(outbox.c.batch == bindparam("of"))
    .group_by(outbox.c.status)
)
_WITHDRAW = delete(outbox).where(outbox.c.batch == bindparam("of"), outbox.c.status == "queued").returning(outbox.c.id)
_TO_MOVE = select(outbox.c.id, outbox.c.key, outbox.c.message).where(
    outbox.c.channel == bindparam("on"), outbox.c.chat == bindparam("old"), _unsent
)
_MOVE = (
    update(outbox)
    .where(_one)
    .values(
        chat=bindparam("new"),
        lane=case((outbox.c.lane == outbox.c.chat, bindparam("new")), else_=outbox.c.lane),
        message=bindparam("sealed"),
    )
)

# When each lane can next be claimed from: its first due row, but not before what holds the lane back.
_first = func.min(outbox.c.due_at, type_=Moment)
_held = func.max(case((_tried, outbox.c.due_at)), type_=Moment)
_lanes = (
    select(case((_held > _first, _held), else_=_first).label("at"))
    .where(outbox.c.channel == bindparam("on"), _unsent)
    .group_by(outbox.c.lane)
    .subquery()
)
_NEXT = select(func.min(_lanes.c.at, type_=Moment))

_ROWS = select(outbox).order_by(outbox.c.id)
_ROWS_OF = _ROWS.where(outbox.c.chat == bindparam("of"))
_PURGE = delete(outbox).where(outbox.c.done_at < bindparam("before")).returning(outbox.c.id)


def message_place(key: str) -> str:
    return place("outbox.message", key)


class SqlOutbox:
    """Implements `bot.ports.Outbox`."""

    __slots__ = ("_db", "_vault")

    def __init__(self, db: Db, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    async def add(
        self,
        channel: str,
        message: Outgoing,
        *,
        key: str,
        at: datetime,
        send_after: datetime | None = None,
        urgent: bool = False,
        batch: str | None = None,
    ) -> bool:
        chat = chat_key(self._vault, message.chat)
        due = send_after or at
        row = {
            "channel": channel,
            "chat": chat,
            "lane": f"toast:{key}" if message.kind is OutgoingKind.TOAST else chat,
            "key": key,
            "message": self._sealed(key, message),
            "rank": 0 if urgent else 1,
            "status": "queued",
            "attempts": 0,
            "created_at": at,
            "send_after": due,
            "due_at": due,
            "batch": batch,
        }
        return await self._db.first(_ADD, row) is not None

    async def claim(
        self, channel: str, now: datetime, limit: int, lease_until: datetime, worker: str
    ) -> list[OutboxRow]:
        """A row that cannot be opened (it was tampered with) is given up, and holds nobody up."""
        # Claims of a channel take turns: each must see what the one before put in flight.
        await self._db.hold(f"outbox:{channel}")
        given = {"on": channel, "now": now, "limit": limit, "lease": lease_until, "by": worker}
        claimed: list[OutboxRow] = []
        for row in sorted(await self._db.rows(_CLAIM, given), key=lambda row: (row.rank, row.id)):
            try:
                message = self._opened(row.key, row.message)
            except BrokenSealError as error:
                await self.dead(row.id, now, type(error).__name__)
            else:
                claimed.append(OutboxRow(row.id, row.channel, message, row.attempts, row.created_at))
        return claimed

    async def sent(self, row_id: int, at: datetime, message_id: str | None) -> None:
        await self._db.rows(_SENT, {"row": row_id, "at": at, "told": message_id})

    async def retry(self, row_id: int, attempt: int, send_after: datetime, error: str) -> None:
        await self._db.rows(_RETRY, {"row": row_id, "attempt": attempt, "at": send_after, "why": error})

    async def turned_back(self, channel: str, now: datetime, lease_until: datetime) -> int:
        return len(await self._db.rows(_TURNED_BACK, {"on": channel, "now": now, "lease": lease_until}))

    async def dead(self, row_id: int, at: datetime, error: str) -> None:
        await self._db.rows(_DEAD, {"row": row_id, "at": at, "why": error})

    async def scrub(self, row_id: int) -> None:
        row = await self._db.first(_ONE, {"row": row_id})
        if row:
            blank = Outgoing(OutgoingKind.TEXT, self._opened(row.key, row.message).chat)
            await self._db.rows(_SCRUB, {"row": row_id, "message": self._sealed(row.key, blank)})

    async def tally(self, batch: str) -> Tally:
        found = {row.status: row.rows for row in await self._db.rows(_TALLY, {"of": batch})}
        waiting = found.get("queued", 0) + found.get("sending", 0)
        return Tally(waiting, found.get("sent", 0), found.get("dead", 0))

    async def withdraw(self, batch: str) -> int:
        return len(await self._db.rows(_WITHDRAW, {"of": batch}))

    async def move_chat(self, channel: str, old: str, new: str) -> None:
        found = await self._db.rows(_TO_MOVE, {"on": channel, "old": chat_key(self._vault, old)})
        for row in found:
            sealed = self._sealed(row.key, replace(self._opened(row.key, row.message), chat=new))
            await self._db.rows(_MOVE, {"row": row.id, "new": chat_key(self._vault, new), "sealed": sealed})

    async def purge(self, before: datetime) -> int:
        return len(await self._db.rows(_PURGE, {"before": before}))

    async def next_due(self, channel: str) -> datetime | None:
        found: datetime | None = await self._db.value(_NEXT, {"on": channel})
        return found

    async def rows(self, chat: str | None = None) -> list[OutboxStatus]:
        of = {} if chat is None else {"of": chat_key(self._vault, chat)}
        return [
            OutboxStatus(row.id, message.chat, row.status, row.key, message, row.send_after, row.error)
            for row in await self._db.rows(_ROWS_OF if of else _ROWS, of)
            for message in (self._opened(row.key, row.message),)
        ]

    def _sealed(self, key: str, message: Outgoing) -> str:
        return self._vault.seal_json(message_place(key), message.to_json())

    def _opened(self, key: str, sealed: str) -> Outgoing:
        return Outgoing.from_json(self._vault.open_json(message_place(key), sealed))
