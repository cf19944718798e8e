"""Moving a case: who the person is to it, whether the table lets them, the clock that runs then, the history."""

from dataclasses import replace
from typing import Any

from bot.domain.authority import actor_for, parts_in, speakers
from bot.domain.cases import Actor, Case, Move, act
from bot.domain.clocks import Step, Terms, steps
from bot.domain.machine import Action, Clock, Part
from bot.domain.people import Person
from bot.domain.receipts import Receipt
from bot.domain.standing import Standing
from bot.domain.town import Role
from bot.usecases.desk import Desk
from bot.usecases.standing import standing
from bot.usecases.telling import tell_change


class NotFoundError(Exception):
    """There is no such case, or it is none of this person's business: the two look the same from outside."""


async def parts_of(desk: Desk, case: Case, person: Person) -> list[Actor]:
    """Everything the person is to the case now: by their seats, as its author, and as who speaks for its author."""
    now = await standing(desk)
    parts = parts_in(desk.town, case, person.id, now)
    if await desk.tx.cases.is_author(case.id, person.id):
        parts.append(Actor(Part.AUTHOR, person.id))
    elif person.id not in case.recused:
        parts += await _speaking(desk, case, person, now)
    return parts


async def _speaking(desk: Desk, case: Case, person: Person, now: Standing) -> list[Actor]:
    """The author's part, for who speaks with a villager without an account: who entered the case, and the office."""
    seats = {**{seat: seat for seat in now.own(person.id)}, **now.instead(person.id)}
    receipt = await unlinked(desk, case) if seats else None
    if receipt is None:
        return []
    entitled = [*speakers(desk.town, case, receipt.seat, now.acting), *desk.town.seats_of(Role.OFFICE)]
    for seat in entitled:
        if own := seats.get(seat.id):
            return [Actor(Part.AUTHOR, person.id, own, None if own == seat.id else seat.id)]
    return []


async def unlinked(desk: Desk, case: Case) -> Receipt | None:
    """The receipt of a case that staff entered, while its villager does not follow it for themselves."""
    receipt = await desk.tx.receipts.of(case.id)
    return receipt if receipt and receipt.linked_at is None else None


async def open_for(desk: Desk, person: Person, case_id: int) -> tuple[Case, list[Actor]]:
    """The case, locked, with the person's parts in it. Raises NotFoundError where they have none."""
    case = await desk.tx.cases.get(case_id, lock=True)
    parts = await parts_of(desk, case, person) if case else []
    if case is None or not parts:
        raise NotFoundError(case_id)
    return case, parts


async def do(
    desk: Desk,
    person: Person,
    case_id: int,
    action: Action,
    *,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> tuple[Case, Actor]:
    """Take the action: check authority, move the case, set its clock, append to the history.

    Raises NotFoundError (foreign or unknown case) or IllegalMove (known, but not now or not by them).
    """
    case, parts = await open_for(desk, person, case_id)
    actor = actor_for(action, case, parts, desk.now)
    return await move(desk, case, actor, action, data, changes), actor


async def move(
    desk: Desk, case: Case, actor: Actor, action: Action, data: dict[str, Any] | None, changes: dict[str, Any]
) -> Case:
    """Move the case for an actor whose part is known; returns it as it is then."""
    if actor.instead_of:
        data = {**(data or {}), "instead_of": actor.instead_of}
    return await keep(desk, act(case, action, actor, desk.now, data=data, **changes))


async def keep(desk: Desk, moved: Move) -> Case:
    """Wind the clock that the table names, and write case and event."""
    case = wound(desk, moved.case, moved.clock)
    if case.due_at and case.due_at != moved.case.due_at:
        moved = moved.adding({"due": case.due_at.isoformat()})  # what was promised stays in the history
    done = replace(moved, case=replace(case, head=moved.case.head))
    await desk.tx.cases.save(done)
    await tell_change(desk, done)
    return done.case


def wound(desk: Desk, case: Case, clock: Clock) -> Case:
    """The case with this clock running from now; a clock that goes on keeps what it has reached."""
    if clock is Clock.EXTENDED:
        case = replace(case, reached=0)
    elif clock not in (Clock.RUNNING, Clock.PAUSED):
        if clock is Clock.ACCEPT and case.urgent:
            clock = Clock.URGENT
        if clock is Clock.SUBTOPIC and case.reopened:
            clock = Clock.REOPENED
        due = desk.due(clock, case)
        clock, since, terms = (clock, desk.now, desk.rules.terms.written) if due else (Clock.STOPPED, None, None)
        case = replace(case, clock=clock, since=since, due_at=due, reached=0, terms=terms)
    coming = [] if case.paused_at else plan(desk, case)[case.reached :]
    return replace(case, next_at=coming[0][1] if coming else None)


def plan(desk: Desk, case: Case) -> tuple[Step, ...]:
    """Every step of the case's clock as it runs now, those that are done too."""
    if case.due_at is None or case.since is None:
        return ()
    return steps(case.clock, case.since, case.due_at, terms_of(desk, case), desk.calendar.deadline)


def terms_of(desk: Desk, case: Case) -> Terms:
    """Those that held when the case's clock was wound, whatever the office has changed since."""
    return Terms.parse(case.terms) if case.terms else desk.rules.terms
