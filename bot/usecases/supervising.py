"""Supervision (督办): opened by the office or by the clock, carried out with deputies, ended with findings."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.authority import owners, parts_in, present
from bot.domain.cases import Case
from bot.domain.clocks import WARNING
from bot.domain.machine import Action
from bot.domain.messages import File
from bot.domain.people import Person
from bot.domain.supervision import Supervision, SupervisionKind, SupervisionResult
from bot.domain.text import t
from bot.domain.topics import Limit
from bot.domain.town import Role, Seat, Town
from bot.usecases.attachments import attach
from bot.usecases.cards import brief, day
from bot.usecases.desk import Desk, people_of
from bot.usecases.digests import short
from bot.usecases.moving import NotFoundError, do, open_for, terms_of
from bot.usecases.standing import standing
from bot.usecases.telling import tell_staff


async def supervise(desk: Desk, person: Person, case_id: int, kind: SupervisionKind, demand: str, days: int) -> Case:
    """The office supervises: what it asks for, and within how many working days."""
    due = desk.calendar.deadline(desk.now, Limit(working_days=days))
    data = {"text": demand, "kind": kind, "due": due.isoformat()}
    case, actor = await do(desk, person, case_id, Action.SUPERVISE, data=data)
    blank = Supervision(0, case.id, kind, desk.now, actor.seat, demand, due, keeper=actor.seat)
    await desk.tx.supervisions.add(wound(blank))
    words = t("staff.supervised", kind=t(f"supervision.{kind}"), text=demand, until=day(desk, due))
    await tell_staff(desk, case, words, office=True, but=person.id)
    return case


async def supervise_by_clock(desk: Desk, case: Case) -> Supervision:
    """Overdue for too long: a written supervision is opened; whoever has the case is told by the clock's step."""
    due = desk.calendar.deadline(desk.now, terms_of(desk, case).report)
    one = Supervision(0, case.id, SupervisionKind.WRITTEN, desk.now, None, "", due)
    return await desk.tx.supervisions.add(wound(one))


def wound(one: Supervision) -> Supervision:
    """Its next reminder: at 80 % of its time, at its end, then none."""
    moments = (one.opened_at + (one.due_at - one.opened_at) * WARNING, one.due_at)
    return replace(one, next_at=moments[one.reached] if one.reached < len(moments) and one.result is None else None)


async def run_supervision_clocks(desk: Desk) -> int:
    """Before its end and at it, each once: whoever has the case, and whoever of the office keeps the supervision."""
    done = 0
    for one in await desk.tx.supervisions.due(desk.now):
        while one.next_at and one.next_at <= desk.now:
            key = "supervision.warn" if one.reached == 0 else "supervision.due"
            one = wound(replace(one, reached=one.reached + 1))
            await desk.tx.supervisions.save(one)
            await _remind(desk, one, key)
            done += 1
    return done


async def _remind(desk: Desk, one: Supervision, key: str) -> None:
    case = await desk.tx.cases.get(one.case_id)
    if case is None:
        return
    acting = (await standing(desk)).acting
    may = present(case, acting)
    people = [person for person, _ in owners(desk.town, case, acting)]
    people += [may[one.keeper]] if one.keeper in may else [p for p, _ in owners(desk.town, case, acting, office=True)]
    kind, until = t(f"supervision.{one.kind}"), day(desk, one.due_at)
    words = t(key, number=case.number, kind=kind, until=until, text=one.demand)
    buttons = [[(t("digest.open", number=short(case.number), text=brief(case, 14)), f"c:{case.id}:open")]]
    for person in await people_of(desk, people):
        await desk.tell(person, words, buttons, key=f"supervision:{one.id}:{one.reached}")


async def listed(desk: Desk, person: Person) -> list[tuple[Supervision, Case]]:
    """The open supervisions of cases that the person has a part in, the next due first."""
    now = await standing(desk)
    found: list[tuple[Supervision, Case]] = []
    for one in await desk.tx.supervisions.open():
        case = await desk.tx.cases.get(one.case_id)
        if case and parts_in(desk.town, case, person.id, now):
            found.append((one, case))
    return found


async def photos_of(desk: Desk, one: Supervision) -> list[File]:
    """The photos that came with its findings."""
    return [a.file for a in await desk.tx.cases.attachments(one.case_id) if one.event and a.event == one.event]


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
    took_part = tuple(dict.fromkeys(deputies))
    done = replace(one, findings=findings, result=result, deputies=took_part, closed_at=desk.now, event=case.version)
    done = replace(done, next_at=None)
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
