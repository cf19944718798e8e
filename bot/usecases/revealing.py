"""The office looks up how a case's author can be reached: with a reason, noted in the history, told to the author."""

from datetime import timedelta

from bot.domain.authority import actor_for
from bot.domain.cases import Case
from bot.domain.contacts import Contact, Reveal
from bot.domain.machine import Action, Part
from bot.domain.people import Person
from bot.domain.text import Text, t
from bot.domain.town import Role
from bot.usecases.cards import day
from bot.usecases.desk import Desk
from bot.usecases.moving import do, open_for
from bot.usecases.roles import roles_of
from bot.usecases.telling import tell_author

AN_HOUR = 10
"""So many may one person look up within an hour."""
SHORTEST = 4
"""Signs of a reason."""
SHOWN = 20
_HANDLING = frozenset(
    {
        Action.TAKE, Action.REPLY, Action.ASK_MORE, Action.SEND_BACK, Action.ASSIGN, Action.REFUSE, Action.RETURN,
        Action.EXTEND, Action.REDO, Action.RESOLVE, Action.CHECK, Action.SUPERVISE, Action.SUPERVISED, Action.REOPEN,
    }
)  # fmt: skip


WHYS = ("not_handled", "too_many", "nothing", "no_reason")
"""Why it is not shown; the texts are `reveal.why`."""


class RevealError(Exception):
    """It is not shown; `why` is one of WHYS."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


async def check(desk: Desk, person: Person, case_id: int) -> Contact:
    """What could be looked up now. Raises NotFoundError, IllegalMove (not the office), RevealError."""
    case, parts = await open_for(desk, person, case_id)
    actor_for(Action.REVEAL, case, parts, desk.now)
    if (case.restricted or case.sealed) and not await _handles(desk, person, case):
        raise RevealError("not_handled")
    lately = await desk.tx.cases.reveals(desk.now - timedelta(hours=1), 1000)
    if sum(one.person == person.id for one in lately) >= AN_HOUR:
        raise RevealError("too_many")
    author = await desk.tx.cases.author(case.id)
    contact = await desk.tx.contacts.of(author) if author else Contact()
    if not contact:
        raise RevealError("nothing")
    return contact


async def reveal(desk: Desk, person: Person, case_id: int, reason: str) -> Case:
    """Show it to this person once, in a message that is not kept. Raises as `check` does."""
    contact = await check(desk, person, case_id)
    if len(reason.strip()) < SHORTEST:
        raise RevealError("no_reason")
    case, _ = await do(desk, person, case_id, Action.REVEAL, data={"text": reason.strip()})
    name = t("contact.name", name=contact.name) if contact.name else t("nothing")
    phone = t("contact.phone", phone=contact.phone) if contact.phone else t("nothing")
    await desk.say(person, t("reveal.shown", number=case.number, name=name, phone=phone), secret=True)
    told = t("author.revealed", number=case.number, office=desk.town.office_name, reason=reason.strip())
    await tell_author(desk, case, told)
    return case


async def _handles(desk: Desk, person: Person, case: Case) -> bool:
    """Whether this very person has worked on the case for the office; a note alone is no work."""
    return any(
        event.part is Part.OFFICE and event.person == person.id and event.action in _HANDLING
        for event in await desk.tx.cases.events(case.id)
    )


async def of_case(desk: Desk, case: Case) -> tuple[Text, ...]:
    """For the author: when it was looked up how they can be reached, and why; newest last."""
    return tuple(
        t("reveal.mine", at=day(desk, event.at), office=desk.town.office_name, reason=event.data.get("text", ""))
        for event in await desk.tx.cases.events(case.id)
        if event.action == Action.REVEAL
    )


async def latest(desk: Desk, person: Person) -> list[Reveal] | None:
    """For the office, whoever did it; None for anybody else."""
    if all(seat.role is not Role.OFFICE for seat in await roles_of(desk, person)):
        return None
    return await desk.tx.cases.reveals(desk.now - timedelta(days=366), SHOWN)
