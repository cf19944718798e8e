"""How the queues and the cases stand, for whoever watches over the bot. Figures only, nobody's words."""

from datetime import datetime

from sqlalchemy import bindparam, func, select

from bot.domain.machine import OPEN_STATES, WORKING_STATES, State
from bot.ports import Figures
from storage.connection import Db
from storage.schema import cases, inbox, outbox
from storage.types import Moment

_now = bindparam("now", type_=Moment)
_INBOX = select(func.count(), func.min(inbox.c.received_at, type_=Moment)).where(inbox.c.handled_at.is_(None))
_PARKED = select(func.count()).select_from(inbox).where(inbox.c.error.is_not(None))
_OUTBOX = select(func.count(), func.min(outbox.c.send_after, type_=Moment)).where(
    outbox.c.done_at.is_(None), outbox.c.send_after <= _now
)
_DEAD = select(func.count()).select_from(outbox).where(outbox.c.status == "dead")
_CASES = select(cases.c.state, func.count()).where(cases.c.state.in_(sorted(OPEN_STATES))).group_by(cases.c.state)
_OVERDUE = (
    select(func.count()).select_from(cases).where(cases.c.state.in_(sorted(WORKING_STATES)), cases.c.due_at < _now)
)


class SqlGauges:
    """Implements `bot.ports.Gauges`."""

    __slots__ = ("_db",)

    def __init__(self, db: Db) -> None:
        self._db = db

    async def read(self, now: datetime) -> Figures:
        [received] = await self._db.rows(_INBOX)
        [due] = await self._db.rows(_OUTBOX, {"now": now})
        states = {State(row[0]): int(row[1]) for row in await self._db.rows(_CASES)}
        return Figures(
            inbox_waiting=received[0],
            inbox_since=received[1],
            inbox_parked=int(await self._db.value(_PARKED)),
            outbox_due=due[0],
            outbox_since=due[1],
            outbox_dead=int(await self._db.value(_DEAD)),
            cases={state: states.get(state, 0) for state in sorted(OPEN_STATES)},
            cases_overdue=int(await self._db.value(_OVERDUE, {"now": now})),
        )
