"""A case's history, as staff or its author may read it."""

from bot.conversation.talk import Talk
from bot.domain.cases import Case, Event
from bot.domain.machine import Action, Part
from bot.domain.text import Text, t
from bot.usecases.cards import day, who_did
from bot.usecases.clocks import PASSED_OVER


async def show(talk: Talk, case: Case, *, staff: bool) -> None:
    """Every step so far; an author does not see the staff's internal notes."""
    rows = tuple(
        t(
            "history.row",
            at=day(talk.desk, event.at),
            part=who_did(talk.desk, event),
            action=t(f"event.{event.action}"),
            text=_said(talk, event, staff=staff),
        )
        for event in await talk.desk.tx.cases.events(case.id)
        if staff or event.action != Action.NOTE
    )
    await talk.say(t("history.list", number=case.number, rows=rows))


def _said(talk: Talk, event: Event, *, staff: bool) -> Text:
    """What was said with a step. Who is recused and why is for staff alone, as are supporters' words."""
    if event.action == Action.RECUSE and staff:
        seat = talk.desk.town.seat(event.data["seat"])
        name = seat.name if seat else event.data["seat"]
        return t("history.text", text=t("recusal.said", name=name, reason=t(f"recusal.{event.data['reason']}")))
    if event.data.get(PASSED_OVER):
        return t("history.passed_over")
    if event.data.get("text") and (staff or event.part is not Part.SUPPORTER):
        return t("history.text", text=event.data["text"])
    return t("nothing")
