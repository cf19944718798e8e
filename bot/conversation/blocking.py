"""`/block`, `/unblock` and `/blocks` for the office, and what somebody who is kept out gets to read."""

from bot.conversation.numbers import full_number
from bot.conversation.talk import Talk
from bot.domain.cases import Case
from bot.domain.messages import InboundKind
from bot.domain.text import t
from bot.usecases import blocking
from bot.usecases.digests import short
from bot.usecases.moving import NotFoundError
from bot.usecases.seats import NotAllowedError

DAYS = 7


async def turned_away(talk: Talk) -> bool:
    """Whether this person is kept out; they are told why, once an hour. They may still have their data deleted."""
    found = await blocking.kept_out(talk.desk, talk.person)
    if found is None or _may_still(talk):
        return False
    hour = f"block:{found.id}:{talk.desk.now:%Y%m%d%H}"
    if await talk.desk.tx.marks.once(hour, talk.desk.now):
        await talk.say(blocking.told(talk.desk, found))
    await talk.toast()
    return True


def _may_still(talk: Talk) -> bool:
    if talk.inbound.kind is InboundKind.PRESS:
        return talk.inbound.press.startswith("p:")
    return talk.inbound.text.strip().lower() == "/privacy"


async def block(talk: Talk, argument: str) -> None:
    """`/block 123 7 reason`: the author of case 123, for seven days."""
    number, days, reason = _parsed(argument)
    if not await blocking.is_office(talk.desk, talk.person):
        await talk.say(t("error.not_allowed"))
        return
    if not number or not reason:
        await talk.say(t("block.usage"))
        return
    case = await _case(talk, number)
    try:
        made = await blocking.block(talk.desk, talk.person, case.id if case else 0, days, reason)
    except NotFoundError:
        await talk.say(t("block.nobody", number=number))
        return
    except NotAllowedError:
        await talk.say(t("error.not_allowed"))
        return
    until = f"{talk.desk.local(made.until):%Y-%m-%d %H:%M}"
    await talk.say(t("block.done", number=number, until=until, reason=reason))


async def unblock(talk: Talk, argument: str) -> None:
    """`/unblock 123`: the author of case 123 may write again."""
    case = await _case(talk, argument)
    try:
        ended = await blocking.unblock(talk.desk, talk.person, case.id if case else 0)
    except NotFoundError:
        ended = 0
    except NotAllowedError:
        await talk.say(t("error.not_allowed"))
        return
    await talk.say(t("block.lifted" if ended else "block.nobody", number=argument[:40]))


async def blocks(talk: Talk, argument: str) -> None:
    """Everybody who is kept out now: because of which case, until when, why. Never who."""
    if not await blocking.is_office(talk.desk, talk.person):
        await talk.say(t("error.not_allowed"))
        return
    rows = []
    for found in await talk.desk.tx.blocks.all(talk.desk.now):
        case = await talk.desk.tx.cases.get(found.case_id)
        number = short(case.number) if case else ""
        until = f"{talk.desk.local(found.until):%Y-%m-%d %H:%M}"
        rows.append(t("block.row", number=number, until=until, reason=found.reason))
    await talk.say(t("block.list", rows=tuple(rows)) if rows else t("block.none"))


def _parsed(argument: str) -> tuple[str, int, str]:
    """Number, days, reason; the days may be left out."""
    number, _, rest = argument.strip().partition(" ")
    first, _, reason = rest.strip().partition(" ")
    if first.isdecimal() and len(first) < 4:
        return number[:40], int(first), reason.strip()[:200]
    return number[:40], DAYS, rest.strip()[:200]


async def _case(talk: Talk, number: str) -> Case | None:
    return await talk.desk.tx.cases.by_number(full_number(talk, number))
