"""Recusal (回避): whoever is recused from a case has no part in it any more, and it goes on to the next."""

from dataclasses import replace

from bot.domain.authority import actor_for, owners, parts_in, told
from bot.domain.cases import Actor, Case
from bot.domain.machine import Action, Part, State
from bot.domain.people import Person
from bot.domain.text import t
from bot.domain.town import Role, Seat
from bot.usecases.desk import Desk, people_of
from bot.usecases.handing_over import NEXT, hand_over, heir
from bot.usecases.moving import NotFoundError, move, open_for
from bot.usecases.standing import standing
from bot.usecases.telling import tell_author, tell_office, tell_staff

REASONS = ("kin", "interest", "asked", "other")
"""Why somebody stays out of a case: relatives, an interest, somebody concerned asked for it, something else."""


class AloneError(Exception):
    """Nobody would be left who could handle the case."""


async def recuse(desk: Desk, person: Person, case_id: int, reason: str, who: int | None = None) -> Case:
    """The person themselves, or (`who`) somebody else, if it is the office that says so.

    Raises NotFoundError, IllegalMove, AloneError; ValueError for an unknown reason.
    """
    if reason not in REASONS:
        raise ValueError(reason)
    case, parts = await open_for(desk, person, case_id)
    who = person.id if who is None else who
    staff = [actor for actor in parts if actor.part is not Part.AUTHOR]
    if who != person.id:
        staff = [actor for actor in staff if actor.part is Part.OFFICE]
    actor = actor_for(Action.RECUSE, case, staff, desk.now)
    return await _recuse(desk, case, actor, who, reason)


async def wish(desk: Desk, person: Person, case_id: int, seat_id: str) -> Case:
    """The villager does not want it handled by whoever acts from this seat: one of those at the station who have it.

    Raises NotFoundError, IllegalMove, AloneError.
    """
    case, parts = await open_for(desk, person, case_id)
    author = [actor for actor in parts if actor.part is Part.AUTHOR]
    actor = actor_for(Action.RECUSE, case, author, desk.now)
    named = {seat.id: person_id for person_id, seat in await handlers(desk, case)}
    if seat_id not in named:
        raise NotFoundError(seat_id)
    return await _recuse(desk, case, actor, named[seat_id], "asked")


async def handlers(desk: Desk, case: Case) -> list[tuple[int, Seat]]:
    """Those at the station who have the case now, whom its villager may name."""
    found = told(desk.town, case, (await standing(desk)).acting, office=False)
    return [(person, seat) for person, seat in found if seat.role is not Role.OFFICE]


async def insiders(desk: Desk, case: Case) -> list[tuple[int, Seat]]:
    """Everybody who has a part in the case now, each with the first seat that gives it."""
    now = await standing(desk)
    found: dict[int, Seat] = {}
    for person in dict.fromkeys(now.holders.values()):
        for actor in parts_in(desk.town, case, person, now):
            if seat := desk.town.seat(actor.seat):
                found.setdefault(person, seat)
    return list(found.items())


async def _recuse(desk: Desk, case: Case, actor: Actor, who: int, reason: str) -> Case:
    seat = dict(await insiders(desk, case)).get(who)
    if seat is None:
        raise NotFoundError(who)
    recused = (*case.recused, who)
    acting, without = (await standing(desk)).acting, replace(case, recused=recused)
    above = replace(without, state=State.HANDED_UP)  # where it may come to from the station, and only the office acts
    if not owners(desk.town, without, acting, office=True):
        raise AloneError(case.number)
    if seat.role is Role.OFFICE and not owners(desk.town, above, acting):
        raise AloneError(case.number)
    data = {"who": who, "seat": seat.id, "reason": reason}
    case = await move(desk, case, actor, Action.RECUSE, data, {"recused": recused})
    if who != actor.person:
        for person in await people_of(desk, [who]):
            await desk.tell(person, t("recusal.told", number=case.number), key=f"recused:{case.id}:{case.version}")
    words = t("recusal.office", number=case.number, name=seat.name, reason=t(f"recusal.{reason}"))
    await tell_office(desk, words, key=f"recusal:{case.id}:{case.version}", about=case)
    return await _goes_on(desk, case)


async def _goes_on(desk: Desk, case: Case) -> Case:
    """To the stand-in, else the next above, where it lay with somebody who is out of it now."""
    now = await standing(desk)
    if case.deputy is None or now.acting.get(case.deputy) not in case.recused:
        return case
    case = await hand_over(desk, case, heir(desk, case, now, NEXT), "recused")
    seat = desk.town.seat(case.deputy)
    who = seat.name if seat else desk.town.office_name
    await tell_author(desk, case, t("author.changed_hands", number=case.number, who=who))
    return case


async def readmit(desk: Desk, person: Person, case_id: int, who: int) -> Case:
    """The office takes a recusal back. Raises NotFoundError, IllegalMove."""
    case, parts = await open_for(desk, person, case_id)
    actor = actor_for(Action.READMIT, case, parts, desk.now)
    if who not in case.recused:
        raise NotFoundError(who)
    left = tuple(one for one in case.recused if one != who)
    return await move(desk, case, actor, Action.READMIT, {"who": who}, {"recused": left})


async def recused_names(desk: Desk, case: Case) -> list[tuple[int, str]]:
    """Who is recused, by the name of the seat that they acted from."""
    found: dict[int, str] = {}
    for event in await desk.tx.cases.events(case.id) if case.recused else ():
        if event.action == Action.RECUSE and event.data["who"] in case.recused:
            seat = desk.town.seat(event.data["seat"])
            found[event.data["who"]] = seat.name if seat else str(event.data["seat"])
    return list(found.items())


async def take_up(desk: Desk, person: Person, case_id: int) -> Case:
    """提级办理: the office takes a case up that is with a station. Raises NotFoundError, IllegalMove."""
    case, parts = await open_for(desk, person, case_id)
    actor = actor_for(Action.RAISE, case, parts, desk.now)
    case = await move(desk, case, actor, Action.RAISE, None, {})
    await tell_author(desk, case, t("author.raised", number=case.number, office=desk.town.office_name))
    await tell_staff(desk, case, t("staff.raised", office=desk.town.office_name), but=person.id)
    return case
