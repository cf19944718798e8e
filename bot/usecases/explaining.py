"""`/why N`: what a case's clock has done so far, what comes next and who hears of it, or why nothing does."""

from bot.domain.authority import owners
from bot.domain.cases import Case
from bot.domain.machine import Action, Clock
from bot.domain.text import Text, t
from bot.usecases.cards import day
from bot.usecases.clocks import TO_OFFICE_TOO
from bot.usecases.desk import Desk, after_quiet
from bot.usecases.moving import plan
from bot.usecases.standing import standing


async def why(desk: Desk, case: Case) -> Text:
    """Why the case was or was not warned of, reminded of, supervised and reported, for staff."""
    state = t(f"state.{case.state}")
    if case.clock is Clock.STOPPED or case.due_at is None or case.since is None:
        return t("why.nothing", number=case.number, state=state)
    acting = (await standing(desk)).acting
    names = {
        office: "、".join(seat.name for _, seat in owners(desk.town, case, acting, office=office))
        for office in (False, True)
    }
    rows = tuple(
        t(
            "why.done" if index < case.reached else "why.coming",
            action=t(f"event.{action}"),
            at=day(desk, at if index < case.reached else after_quiet(desk.local(at), desk.rules)),
            who=t("part.author") if action is Action.ASK_RATING else t("plain", text=names[action in TO_OFFICE_TOO]),
        )
        for index, (action, at) in enumerate(plan(desk, case))
    )
    return t(
        "why.text",
        number=case.number,
        state=state,
        clock=t(f"clockname.{case.clock}"),
        since=day(desk, case.since),
        until=day(desk, case.due_at),
        rows=rows,
        paused=t("why.paused", at=day(desk, case.paused_at)) if case.paused_at else t("nothing"),
    )
