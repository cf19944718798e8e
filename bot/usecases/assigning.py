"""Assigning a case to a handling body (承办单位), and what can come of that: refusal, return, extension."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.dialogue.compose import CHOICES, NOWHERE
from bot.domain.cases import Case
from bot.domain.machine import Action
from bot.domain.people import Person
from bot.domain.text import t
from bot.domain.topics import Limit
from bot.usecases.cards import body_names, day, summary
from bot.usecases.desk import Desk
from bot.usecases.moving import NotFoundError, do, open_for
from bot.usecases.telling import tell_author, tell_staff
from bot.usecases.working import signature

ELSEWHERE = CHOICES["where"]
"""Where a matter belongs that is not for the deputies: courts, 信访, 纪检, police, above, village, companies."""

EXTENSIONS = tuple(map(int, CHOICES["days"]))
"""Working days by which a limit may be extended."""


async def refuse(desk: Desk, person: Person, case_id: int, text: str, where: str) -> Case:
    """不予受理: the villager is told why, and where to go. Logged, and the office may open it again."""
    if where not in ELSEWHERE:
        raise NotFoundError(where)
    case, actor = await do(desk, person, case_id, Action.REFUSE, data={"text": text, "where": where}, answer=text)
    elsewhere = {} if where == NOWHERE else {"where": t(f"where.{where}")}
    guide = {"guide": t(f"guide.{where}")} if elsewhere else {}
    words = t(
        "author.refused" if elsewhere else "author.refused_for_good",
        who=signature(desk.town, actor),
        reason=text,
        **elsewhere,
        **guide,
        office=desk.town.office_name,
        phone=desk.town.office_phone,
        **summary(desk, case),
    )
    await tell_author(desk, case, words)
    words = t("staff.refused" if elsewhere else "staff.refused_for_good", text=text, **elsewhere)
    await tell_staff(desk, case, words, office=True, but=person.id)
    return case


async def assign(desk: Desk, person: Person, case_id: int, text: str, bodies: Sequence[str]) -> Case:
    """The first of `bodies` handles it (承办), the others help (协办). Raises NotFoundError for an unknown one."""
    if not bodies or any(desk.town.handler(body) is None for body in bodies):
        raise NotFoundError(bodies)
    first, helpers = bodies[0], tuple(bodies[1:])
    data = {"text": text, "handler": first, "helpers": list(helpers)}
    case, _ = await do(desk, person, case_id, Action.ASSIGN, data=data, handler=first, helpers=helpers)
    names = body_names(desk, case)
    await tell_author(desk, case, t("author.assigned", handler=names, **summary(desk, case)))
    await tell_staff(desk, case, t("staff.assigned", handler=names, text=text), but=person.id)
    return case


async def give_back(desk: Desk, person: Person, case_id: int, text: str) -> Case:
    """The handling body gives it back, once: the office assigns it anew."""
    was = (await open_for(desk, person, case_id))[0].handler
    data = {"text": text, "handler": was}
    case, _ = await do(desk, person, case_id, Action.RETURN, data=data, returned=True, handler=None, helpers=())
    await tell_staff(desk, case, t("staff.returned", text=text), but=person.id)
    return case


async def begin(desk: Desk, person: Person, case_id: int) -> Case:
    case, _ = await do(desk, person, case_id, Action.BEGIN)
    await tell_author(desk, case, t("author.begun", handler=body_names(desk, case), **summary(desk, case)))
    return case


async def extend(desk: Desk, person: Person, case_id: int, text: str, days: int) -> Case:
    """Once, before the limit is up, by at most 15 working days; the villager is told why and until when."""
    case, _ = await open_for(desk, person, case_id)
    if days not in EXTENSIONS:
        raise NotFoundError(days)
    until = later_end(desk, case, days)
    data = {"text": text, "days": days, "until": until.isoformat()}
    case, _ = await do(desk, person, case_id, Action.EXTEND, data=data, extended=True, due_at=until)
    words = t("author.extended", reason=text, until=day(desk, until), number=case.number)
    await tell_author(desk, case, words)
    await tell_staff(desk, case, t("staff.extended", text=text, until=day(desk, until)), but=person.id)
    return case


def later_end(desk: Desk, case: Case, days: int) -> datetime:
    """The end of the case's limit, so many working days later."""
    return desk.calendar.deadline(case.due_at or desk.now, Limit(working_days=days)).astimezone(UTC)
