"""The sweep says that it lives; the worker cries when it has not done so for too long."""

from datetime import datetime, timedelta

from bot.domain.text import t
from bot.usecases.cards import day
from bot.usecases.desk import Desk
from bot.usecases.telling import tell_office

MARK = "sweep"
LATE = timedelta(minutes=15)
"""A sweep that was not seen for so long stands still."""


async def beat(desk: Desk) -> int:
    """Note that the sweep came to its end. Returns 0: nothing was done for anybody."""
    await desk.tx.marks.put(MARK, desk.now)
    return 0


async def listen(desk: Desk, up_since: datetime) -> bool:
    """Alarm the office, once an hour at most, where the sweep stands still while this process is up."""
    seen = await desk.tx.marks.get(MARK)
    if seen is None or desk.now - max(seen, up_since) < LATE:
        return False
    if not await desk.tx.marks.once(f"sweep-late:{desk.now:%Y%m%d%H}", desk.now):
        return False
    text = t("office.sweep", at=day(desk, seen))
    await tell_office(desk, text, key=f"sweep-late:{desk.now:%Y%m%d%H}", urgent=True)
    return True
