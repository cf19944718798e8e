"""Supervision (督办): opened by the office or by the clock, carried out with deputies, ended with findings."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.cases import Case
from bot.domain.machine import Action
from bot.domain.messages import File
from bot.domain.people import Person
from bot.domain.supervision import Supervision, SupervisionKind, SupervisionResult
from bot.domain.text import t
from bot.domain.topics import Limit
from bot.domain.town import Role, Seat, Town
from bot.usecases.attachments import attach
from bot.usecases.cards import day
from bot.usecases.desk import Desk
from bot.usecases.moving import NotFoundError, do, open_for, terms_of
from bot.usecases.telling import tell_staff


async def supervise(desk: Desk, person: Person, case_id: int, kind: SupervisionKind, demand: str, days: int) -> Case:
    """The office supervises: what it asks for, and within how many working days."""
    due = desk.calendar.deadline(desk.now, Limit(working_days=days))
    data = {"text": demand, "kind": kind, "due": due.isoformat()}
    case, actor = await do(desk, person, case_id, Action.SUPERVISE, data=data)
    await desk.tx.supervisions.add(Supervision(0, case.id, kind, desk.now, actor.seat, demand, due))
    words = t("staff.supervised", kind=t(f"supervision.{kind}"), text=demand, until=day(desk, due))
    await tell_staff(desk, case, words, office=True, but=person.id)
    return case


async def supervise_by_clock(desk: Desk, case: Case) -> Supervision:
    """Overdue for too long: a written supervision is opened; whoever has the case is told by the clock's step."""
    due = desk.calendar.deadline(desk.now, terms_of(desk, case).report)
    one = Supervision(0, case.id, SupervisionKind.WRITTEN, desk.now, None, "", due)
    return await desk.tx.supervisions.add(one)


async def conclude(
    desk: Desk,
    person: Person,
    case_id: int,
    findings: str,
    result: SupervisionResult,
    deputies: Sequence[str],
    files: Sequence[File] = (),
) -> Case:
    """What the supervision found, who of the deputies took part, and what came of it.

    Raises NotFoundError where none is open, or for a seat that is no deputy's of this place.
    """
    case, _ = await open_for(desk, person, case_id)
    one = await open_supervision(desk, case)
    known = {seat.id for seat in companions(desk.town, case)}
    if one is None or not known.issuperset(deputies):
        raise NotFoundError(case_id)
    data = {"text": findings, "result": result, "deputies": list(deputies), "files": len(files)}
    case, _ = await do(desk, person, case_id, Action.SUPERVISED, data=data)
    files = await attach(desk, case, person, files, stage="after")
    done = replace(one, findings=findings, result=result, deputies=tuple(dict.fromkeys(deputies)), closed_at=desk.now)
    await desk.tx.supervisions.save(done)
    words = t("staff.supervision_ended", result=t(f"result.{result}"), text=findings)
    await tell_staff(desk, case, words, files=files, office=True, but=person.id)
    return case


async def open_supervision(desk: Desk, case: Case) -> Supervision | None:
    """The oldest that has no result yet."""
    return next((one for one in await desk.tx.supervisions.of_case(case.id) if one.result is None), None)


def companions(town: Town, case: Case) -> list[Seat]:
    """Deputies who may take part: those of the village and of the station."""
    seats = [*town.deputies_of(case.village or ""), *(s for s in town.seats if s.station == case.station)]
    return [seat for seat in dict.fromkeys(seats) if seat.role is Role.DEPUTY]
