"""`/leave`: saying that one is away, and who acts meanwhile; being back."""

from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.talk import Talk
from bot.dialogue import leave as dialogue
from bot.dialogue.leave import NONE, Away, LeaveDraft, LeaveFlow
from bot.dialogue.screens import Answer, Effect, Screen
from bot.domain.people import Draft
from bot.domain.spans import Span
from bot.domain.text import Text, t
from bot.domain.town import Role, Seat
from bot.usecases import absence
from bot.usecases.duties import today
from bot.usecases.roles import may_manage
from bot.usecases.seats import NotAllowedError
from bot.usecases.standing import stand_ins


def flow_of(talk: Talk) -> LeaveFlow:
    return LeaveFlow(today(talk.desk))


def screen_of(talk: Talk, draft: Draft) -> Screen:
    return flow_of(talk).screen(draft.step, LeaveDraft.model_validate(draft.data))


async def leave(talk: Talk, argument: str) -> None:
    """`/leave` asks; `/leave 3月5日到12日` says when at once. Who is away already sees it, and may come back."""
    seats = await absence.own_seats(talk.desk, talk.person)
    if not seats:
        await talk.say(t("error.not_staff"))
        return
    if not argument and await _shown(talk, seats):
        return
    await _begin(talk, seats, own=True, argument=argument)


async def again(talk: Talk, argument: str) -> None:
    """Other days, or another stand-in."""
    await _begin(talk, await absence.own_seats(talk.desk, talk.person), own=True)


async def for_other(talk: Talk, seat_id: str) -> None:
    """Whoever manages the seat says it for its holder."""
    seat = talk.desk.town.seat(seat_id)
    if seat is None or seat.role is Role.ADMIN or not await may_manage(talk.desk, talk.person, seat):
        await talk.say(t("error.not_allowed"))
        return
    if not await _shown(talk, [seat]):
        await _begin(talk, [seat], own=False)


async def back(talk: Talk, seat_id: str) -> None:
    """Everything that the same person is away from ends at once."""
    desk = talk.desk
    own = [seat.id for seat in await absence.own_seats(desk, talk.person)]
    ended: list[Seat] = []
    for id_ in own if seat_id in own else [seat_id]:
        if seat_id in own and await absence.leave_of(desk, id_) is None:
            continue
        try:
            await absence.come_back(desk, talk.person, id_)
        except NotAllowedError:
            continue
        if seat := desk.town.seat(id_):
            ended.append(seat)
    await talk.strip()
    names = "、".join(seat.name for seat in ended)
    await talk.say(t("leave.welcome", name=names) if ended else t("leave.none"), absence.QUEUE if ended else ())


async def _shown(talk: Talk, seats: Sequence[Seat]) -> bool:
    rows: list[Text] = []
    away: list[Seat] = []
    for seat in seats:
        if found := await absence.leave_of(talk.desk, seat.id):
            span, by = absence.span_of(talk.desk, found), absence.acting_name(talk.desk, found)
            rows.append(t("leave.now", name=seat.name, span=span, by=by))
            away.append(seat)
    if rows:
        buttons = [[(t("leave.back"), f"z!:{seat.id}")] for seat in away[:1]]
        own = await absence.own_seats(talk.desk, talk.person)
        if any(seat in own for seat in away):
            buttons.append([(t("leave.change"), "m:leave_again")])
        await talk.say(t("leave.shown", rows=tuple(rows)), buttons)
    return bool(rows)


async def _begin(talk: Talk, seats: Sequence[Seat], *, own: bool, argument: str = "") -> None:
    away = [
        Away(
            seat=seat.id,
            name=seat.name,
            options=tuple((other.id, other.name) for other in await stand_ins(talk.desk, seat)),
            must_choose=seat.role is Role.OFFICE,
        )
        for seat in seats
    ]
    if any(one.must_choose and not one.options for one in away):
        await talk.say(t("leave.office_alone"), [[(t("menu.people"), "m:people")]])
        return
    flow = flow_of(talk)
    step, data = flow.begin(LeaveDraft(seats=tuple(away), own=own), argument)
    draft = await talk.desk.tx.drafts.start(
        talk.person.id, dialogue.FLOW, step, data.model_dump(mode="json"), talk.desk.now
    )
    await talk.show(draft, flow.screen(step, data))


async def advance(talk: Talk, draft: Draft, answer: Answer) -> None:
    tx = talk.desk.tx
    outcome = flow_of(talk).step(draft.step, LeaveDraft.model_validate(draft.data), answer)
    if outcome.effect is Effect.CANCEL:
        await tx.drafts.drop(draft.id)
        await talk.say(t("leave.cancelled"))
        return
    data = outcome.data
    draft = replace(draft, step=outcome.step, data=data.model_dump(mode="json"), rev=draft.rev + 1)
    await tx.drafts.save(draft, talk.desk.now)
    if outcome.effect is Effect.DONE:
        await _record(talk, draft, data)
    else:
        await talk.show(draft, flow_of(talk).screen(draft.step, data), outcome.notice)


async def _record(talk: Talk, draft: Draft, data: LeaveDraft) -> None:
    await talk.desk.tx.drafts.finish(draft.id, talk.desk.now)
    if data.first is None or data.last is None:
        raise ValueError("a leave without its days")
    chosen = (None if by == NONE else by for by in data.chosen)
    covers = list(zip((away.seat for away in data.seats), chosen, strict=True))
    try:
        made = await absence.go(talk.desk, talk.person, Span(data.first, data.last), covers)
    except NotAllowedError:
        await talk.say(t("leave.changed"))
        return
    rows = tuple(
        t("leave.now", name=away.name, span=dialogue.said(data), by=absence.acting_name(talk.desk, one))
        for away, one in zip(data.seats, made, strict=True)
    )
    await talk.say(t("leave.kept", rows=rows), [[(t("leave.back"), f"z!:{data.seats[0].seat}")]])
