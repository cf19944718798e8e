"""Duties in chat: recording one, looking at one's own, and a station's reception days."""

from dataclasses import replace

from bot.conversation.talk import Talk
from bot.dialogue import duty as dialogue
from bot.dialogue.duty import DutyDraft, DutyFlow
from bot.dialogue.screens import Answer, Effect, Screen
from bot.domain.duties import Duty
from bot.domain.people import Draft
from bot.domain.periods import Period
from bot.domain.text import Text, t
from bot.domain.town import Station
from bot.ports.ledgers import DutyFilter
from bot.usecases import duties
from bot.usecases.moving import NotFoundError
from bot.usecases.roles import roles_of

MOST_TEXT = 3500
SHOWN = 8


def flow_of(talk: Talk) -> DutyFlow:
    return DutyFlow(talk.desk.town, duties.today(talk.desk), MOST_TEXT, talk.desk.rules.sizes.files)


def screen_of(talk: Talk, draft: Draft) -> Screen:
    return flow_of(talk).screen(draft.step, DutyDraft.model_validate(draft.data))


async def duty(talk: Talk, argument: str) -> None:
    """Begin a record: which kind?"""
    kinds = await duties.kinds_of(talk.desk, talk.person)
    if not kinds:
        await talk.say(t("error.not_staff"))
        return
    data = DutyDraft(kinds=kinds).model_dump(mode="json")
    draft = await talk.desk.tx.drafts.start(talk.person.id, dialogue.FLOW, "kind", data, talk.desk.now)
    await talk.show(draft, screen_of(talk, draft))


async def advance(talk: Talk, draft: Draft, answer: Answer) -> None:
    flow, tx = flow_of(talk), talk.desk.tx
    outcome = flow.step(draft.step, DutyDraft.model_validate(draft.data), answer)
    if outcome.effect is Effect.CANCEL:
        await tx.drafts.drop(draft.id)
        await talk.say(t("duty.cancelled"))
        return
    data = outcome.data.model_dump(mode="json")
    draft = replace(draft, step=outcome.step, data=data, rev=draft.rev + (not outcome.quiet))
    await tx.drafts.save(draft, talk.desk.now)
    if outcome.effect is Effect.DONE:
        await _record(talk, draft, outcome.data)
    elif not outcome.quiet:
        notice = outcome.notice
        if notice is None and draft.step == "confirm":
            notice = await _twin(talk, outcome.data)
        await talk.show(draft, screen_of(talk, draft), notice)


async def _twin(talk: Talk, data: DutyDraft) -> Text | None:
    """A warning where somebody has recorded such a thing for that day already."""
    if data.kind is None:
        return None
    try:
        found = await duties.twins(talk.desk, talk.person, data.kind, flow_of(talk).read(data).on)
    except NotFoundError:
        return None
    return t("duty.twin", row=_row(talk, found[0])) if found else None


async def _record(talk: Talk, draft: Draft, data: DutyDraft) -> None:
    said = flow_of(talk).read(data)
    await talk.desk.tx.drafts.finish(draft.id, talk.desk.now)
    if data.kind is None:
        raise ValueError("a record without a kind")
    try:
        kept = await duties.record(talk.desk, talk.person, data.kind, said, data.text, data.files)
    except NotFoundError:
        await talk.say(t("error.not_allowed"))
        return
    missing = t("duty.unknown_cases") if len(kept.cases) < len(said.cases) else t("nothing")
    buttons = [[(t("menu.duty"), "m:duty"), (t("duty.strike"), f"y:{kept.id}")]]
    await talk.say(t("duty.kept", row=_row(talk, kept), missing=missing), buttons)


def _row(talk: Talk, kept: Duty) -> Text:
    return t(
        "duty.row",
        day=kept.on.isoformat(),
        kind=t(f"duty.kind.{kept.kind}"),
        title=kept.title,
        name=talk.desk.town.name_of("seat", kept.seat),
    )


async def own(talk: Talk, argument: str) -> None:
    """What the person's seats did in this month, each record with a button to take it back."""
    seats = await roles_of(talk.desk, talk.person)
    if not seats:
        await talk.say(t("error.not_staff"))
        return
    month = Period.month_of(duties.today(talk.desk))
    found: dict[int, Duty] = {}
    for seat in seats:
        wanted = DutyFilter(month.first, month.end, seat=seat.id)
        found |= {kept.id: kept for kept in await talk.desk.tx.duties.find(wanted)}
    rows = tuple(_row(talk, kept) for kept in found.values())
    mine = [kept for kept in found.values() if kept.person == talk.person.id]
    buttons = [[(t("duty.strike_one", row=_row(talk, kept)), f"y:{kept.id}")] for kept in mine[-SHOWN:]]
    text = t("duty.own", count=len(rows), rows=rows) if rows else t("duty.own_none")
    await talk.say(text, [[(t("menu.duty"), "m:duty")], *buttons])


async def strike(talk: Talk, duty_id: int) -> None:
    """Take a record back. Raises NotFoundError."""
    gone = await duties.strike(talk.desk, talk.person, duty_id)
    await talk.strip()
    await talk.say(t("duty.struck", row=_row(talk, gone)))


async def reception(talk: Talk, argument: str) -> None:
    """The reception days of the reader's station; without a known village, which station?"""
    town = talk.desk.town
    station = town.station(argument) or town.station_of(talk.person.last_village)
    if station is None:
        await talk.say(t("reception.which"), [[(t("plain", text=s.name), f"w:{s.id}")] for s in town.stations])
        return
    await show_reception(talk, station)


async def show_reception(talk: Talk, station: Station) -> None:
    ahead = await duties.receptions_ahead(talk.desk, station)
    days = tuple(t("reception.day", day=plan.on.isoformat(), text=plan.text) for plan in ahead[:SHOWN])
    follows = station.id in await talk.desk.tx.duties.followed(talk.person.id)
    text = t(
        "reception.days",
        station=station.name,
        address=station.address,
        hours=station.hours,
        names=duties.on_duty(talk.desk, station),
        days=days or t("reception.none"),
    )
    button = (t("reception.stop"), f"w:{station.id}:off") if follows else (t("reception.follow"), f"w:{station.id}:on")
    await talk.say(text, [[button]])


async def follow(talk: Talk, station_id: str, *, wanted: bool) -> None:
    """To be told of the station's reception days, or of none any more. Raises ValueError: no such station."""
    station = talk.desk.town.station(station_id)
    if station is None:
        raise ValueError(station_id)
    if wanted:
        await talk.desk.tx.duties.follow(talk.person.id, station.id)
    else:
        await talk.desk.tx.duties.unfollow(talk.person.id)
    await talk.strip()
    await talk.say(t("reception.followed" if wanted else "reception.stopped", station=station.name))
