"""What a case's clock does when a step falls due: each step once, to whoever has the next move."""

import logging
from typing import Any

from bot.domain.authority import owners
from bot.domain.cases import SYSTEM, Case, act
from bot.domain.machine import Action, Part
from bot.domain.text import Text, t
from bot.ports import StoreTrouble
from bot.usecases.cards import day, rating_buttons, summary, who_did
from bot.usecases.desk import Desk, people_of
from bot.usecases.moving import keep, plan
from bot.usecases.standing import standing
from bot.usecases.supervising import supervise_by_clock
from bot.usecases.telling import send_card, tell_author, tell_office

log = logging.getLogger(__name__)

PASSED_OVER = "passed_over"
"""In an event's data: the step is on record, and nobody was told, for a newer one was due as well."""

TO_OFFICE_TOO = (Action.SUPERVISE, Action.ESCALATE)
"""Steps of which the office hears besides whoever has the next move."""

MOST = 200
"""Steps taken in one transaction."""


async def run_clocks(desk: Desk) -> int:
    """Take every step that is due. Safe in several processes: the case is locked, and remembers what it reached.

    One that fails is undone by itself and tried again next time; the others go on.
    """
    done = 0
    for case_id in await desk.tx.cases.due(desk.now, MOST):
        try:
            async with desk.tx.savepoint():
                done += await _catch_up(desk, case_id)
        except StoreTrouble:
            raise
        except Exception:
            log.exception("the clock of case %s stands still", case_id)
    return done


async def _catch_up(desk: Desk, case_id: int) -> int:
    """Every step of one case that is due by now, in order: after a standstill none is missed, and the newest alone
    is told of. The others are noted as passed over.
    """
    case = await desk.tx.cases.get(case_id, lock=True)
    done = 0
    while case and case.next_at and case.next_at <= desk.now:
        coming = plan(desk, case)[case.reached :]
        newest = sum(at <= desk.now for _, at in coming) < 2
        case = await _step(desk, case, coming[0][0], told=newest)
        done += 1
    return done


async def _step(desk: Desk, case: Case, action: Action, *, told: bool) -> Case:
    data: dict[str, Any] = {"clock": case.clock, "due": case.due_at.isoformat() if case.due_at else None}
    if not told:
        data[PASSED_OVER] = True
    case = await keep(desk, act(case, action, SYSTEM, desk.now, data=data, reached=case.reached + 1))
    if action is Action.SUPERVISE:
        await supervise_by_clock(desk, case)
    if not told:
        return case
    if action is Action.ASK_RATING:
        await tell_author(desk, case, t("author.ask_rating", **summary(desk, case)), rating_buttons(case))
        return case
    await tell_owners(desk, case, t(f"clock.{action}"), office=action in TO_OFFICE_TOO)
    if action is Action.ESCALATE:
        sent = [[(t("action.reported"), f"c:{case.id}:{Action.REPORTED}")]]
        await tell_office(desk, await report(desk, case), sent, key=f"report:{case.id}:{case.version}", about=case)
    return case


async def tell_owners(desk: Desk, case: Case, headline: Text, *, office: bool = False) -> None:
    """The case's card to those who have the next move, and to the office where it must know too."""
    now = await standing(desk)
    ids = [person for person, _ in owners(desk.town, case, now.acting, office=office)]
    for person in await people_of(desk, ids):
        await send_card(desk, person, now, case, headline, key=f"clock:{case.id}:{case.version}")


async def report(desk: Desk, case: Case) -> Text:
    """A draft of the written report to the Party committee: the matter, its limit and what was done. No author."""
    rows = tuple(
        t(
            "history.row",
            at=day(desk, event.at),
            part=who_did(desk, event),
            action=t(f"event.{event.action}"),
            text=t("history.passed_over" if event.data.get(PASSED_OVER) else "nothing"),
        )
        for event in await desk.tx.cases.events(case.id)
        if event.part is not Part.SYSTEM or event.action != Action.WARN
    )
    ended = day(desk, case.due_at) if case.due_at else ""
    values = summary(desk, case)
    return t("clock.report", created=day(desk, case.created_at), ended=ended, rows=rows, **values)


async def warn_of_calendar(desk: Desk) -> int:
    """Cry once for each year whose holidays are not known, from a month before it begins."""
    today = desk.local(desk.now)
    years = {today.year, today.year + (today.month == 12)}
    told = 0
    for year in sorted(years):
        if not desk.calendar.covers(year) and await desk.tx.marks.once(f"calendar:{year}", desk.now):
            await tell_office(desk, t("office.calendar", year=year), key=f"calendar:{year}", urgent=True)
            told += 1
    return told
