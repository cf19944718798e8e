"""A villager's words become a numbered case, routed to a deputy and a station, who hear of it at once."""

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogue.matter import Submission
from bot.dialogue.naming import topic_name
from bot.domain.cases import Actor, Case, Kind, open_case
from bot.domain.machine import Clock, Part, State
from bot.domain.people import Person
from bot.domain.receipts import Receipt
from bot.domain.routing import OFFICE_ROUTE, Route, route
from bot.domain.text import t
from bot.domain.topics import Flag
from bot.domain.town import Seat, Town
from bot.texts.catalogue import REFERENCE
from bot.usecases.attachments import attach
from bot.usecases.cards import summary
from bot.usecases.desk import Desk
from bot.usecases.moving import wound
from bot.usecases.standing import standing
from bot.usecases.telling import tell_office, tell_staff

ASSISTED = "assisted"
"""The channel of what staff enter for somebody (代录)."""


async def register(
    desk: Desk, author: Person, data: Submission, *, kind: Kind | None = None, entered_by: Seat | None = None
) -> Case:
    """Number it, route it, note its author apart, forward it. The author is answered by the caller.

    A sealed matter, one whose place nobody knows, and what looks like an advertisement or mere insult, goes to the
    office and to no station. With `entered_by`, the "author" is whoever enters it from this seat for a villager, who
    stands behind it as a guest without an account. A letter goes to the deputy whom it is written to.
    """
    tx = desk.tx
    now = await standing(desk)
    held = now.acting
    number = await tx.cases.next_number(desk.town.code, desk.local(desk.now).year)
    turn = int(number.rsplit("-", 1)[1])
    sealed = Flag.SEALED in data.flags
    aside = sealed or Flag.HELD in data.flags
    way = OFFICE_ROUTE if aside else _letter_route(desk.town, data, held)
    way = way or route(desk.town, data.village, data.topic, held, turn)
    draft = Case(
        id=0,
        number=number,
        kind=kind or data.kind,
        state=State.REGISTERED if way.deputy else State.HANDED_UP,
        version=0,
        text=data.text,
        village=data.village,
        hamlet=data.hamlet,
        topic=data.topic,
        subtopic=data.subtopic,
        station=way.station,
        deputy=way.deputy,
        urgent=Flag.URGENT in data.flags,
        restricted=sealed or Flag.RESTRICTED in data.flags,
        sealed=sealed,
        created_at=desk.now,
        updated_at=desk.now,
        confidence=data.confidence,
        location=data.location,
    )
    case = await tx.cases.add(wound(desk, draft, Clock.ACCEPT if way.deputy else Clock.ASSIGN))
    title = desk.texts.render(REFERENCE, topic_name(desk.town, case.topic, case.subtopic))
    facts: dict[str, object] = {
        "village": case.village,
        "topic": case.topic,
        "title": title,  # as the topic was called then: the office may rename it
        "files": len(data.files),
        "channel": ASSISTED if entered_by else author.channel,
    }
    if entered_by:
        await tx.receipts.put(Receipt(case.id, author.id, entered_by.id, desk.now, desk.rules.notice.version))
    if case.due_at:
        facts["due"] = case.due_at.isoformat()  # what was promised stays in the history
    first = open_case(case, Actor(Part.AUTHOR, author.id, entered_by.id if entered_by else None), facts)
    await tx.cases.begin(first)
    case = first.case
    behind = author if entered_by is None else await tx.people.add_guest(author.lang, desk.now)
    await tx.cases.link(case.id, behind.id, "author")
    await attach(desk, case, author, data.files, stage="before")
    if case.village and case.village != author.last_village and entered_by is None:
        await tx.people.save(replace(author, last_village=case.village))
    headline = t("staff.new_urgent" if case.urgent else "staff.new_held" if Flag.HELD in data.flags else "staff.new")
    await tell_staff(desk, case, headline, files=data.files, now=now)
    if way.vacant:
        # `vacant` is the deputy's seat, or the station where that has none at all.
        seat = desk.town.seat(way.vacant)
        name = seat.name if seat else desk.town.name_of("station", way.vacant)
        await tell_office(
            desk, t("office.vacancy", seat=name, number=case.number), key=f"vacancy:{way.vacant}:{case.id}", now=now
        )
    return case


def _letter_route(town: Town, data: Submission, held: Mapping[str, int]) -> Route | None:
    """To the deputy of the letter, while somebody holds that seat; None for what is no letter."""
    seat = town.seat(data.letter_to)
    return Route(seat.station, seat.id) if seat and seat.id in held else None


def receipt(desk: Desk, case: Case) -> dict[str, object]:
    """Values of the text that gives the villager their number: who has it now and until when."""
    station = desk.town.station(case.station)
    seat = desk.town.seat(case.deputy)
    return {
        **summary(desk, case),
        "station": station.name if station else desk.town.office_name,
        "deputy": seat.name if seat else desk.town.office_name,
    }
