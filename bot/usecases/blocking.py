"""The office keeps somebody who abuses the service out for a while, with a reason, without learning who it is."""

from datetime import timedelta

from bot.domain.abuse import LONGEST, Block, account_hash
from bot.domain.cases import Case
from bot.domain.machine import IllegalMove
from bot.domain.people import Person
from bot.domain.text import Text, t
from bot.domain.town import Role
from bot.usecases import working
from bot.usecases.desk import Desk
from bot.usecases.moving import NotFoundError, open_for
from bot.usecases.roles import roles_of
from bot.usecases.seats import NotAllowedError


async def block(desk: Desk, person: Person, case_id: int, days: int, reason: str) -> Block:
    """Keep the author of the case out for `days`, and note it in the case's history; the author is told why.

    Raises NotAllowedError (not the office, or the author is staff), NotFoundError (no such case, or nobody behind it).
    """
    case, author = await _author_of(desk, person, case_id)
    if await roles_of(desk, author):
        raise NotAllowedError(case_id)
    until = desk.now + min(timedelta(days=max(1, days)), LONGEST)
    account = account_hash(author.channel, author.account)
    made = await desk.tx.blocks.add(Block(0, account, case.id, reason, person.id, desk.now, until))
    await _note(desk, person, case, f"block {desk.local(until):%Y-%m-%d}: {reason}")
    await desk.tell(author, told(desk, made), key=f"block:{made.id}", urgent=True)
    return made


async def unblock(desk: Desk, person: Person, case_id: int) -> int:
    """Let the author of the case in again. Returns how many blocks ended. Raises as `block` does."""
    case, author = await _author_of(desk, person, case_id)
    ended = await desk.tx.blocks.lift(account_hash(author.channel, author.account), person.id, desk.now)
    if ended:
        await _note(desk, person, case, "unblock")
    return ended


async def is_office(desk: Desk, person: Person) -> bool:
    return any(seat.role is Role.OFFICE for seat in await roles_of(desk, person))


async def kept_out(desk: Desk, person: Person) -> Block | None:
    return await desk.tx.blocks.current(account_hash(person.channel, person.account), desk.now)


def told(desk: Desk, found: Block) -> Text:
    """What the person who is kept out reads."""
    return t(
        "block.told",
        until=f"{desk.local(found.until):%Y-%m-%d %H:%M}",
        reason=found.reason,
        office=desk.town.office_name,
        phone=desk.town.office_phone,
    )


async def _author_of(desk: Desk, person: Person, case_id: int) -> tuple[Case, Person]:
    if not await is_office(desk, person):
        raise NotAllowedError(case_id)
    case, _ = await open_for(desk, person, case_id)
    author_id = await desk.tx.cases.author(case.id)
    author = await desk.tx.people.get(author_id) if author_id else None
    if author is None:
        raise NotFoundError(case_id)
    return case, author


async def _note(desk: Desk, person: Person, case: Case, text: str) -> None:
    """In the history, where the case's state still takes notes; the list of blocks has it in any case."""
    try:
        await working.note(desk, person, case.id, text)
    except IllegalMove:
        return
