"""Working a case: each function takes one action for one person, if the table and their part in it allow it."""

from collections.abc import Sequence
from typing import Any

from bot.domain.authority import actor_for, present
from bot.domain.cases import Actor, Case
from bot.domain.machine import Action
from bot.domain.messages import File
from bot.domain.people import Person
from bot.domain.routing import OFFICE_ROUTE, route
from bot.domain.text import Text, t
from bot.domain.topics import Flag
from bot.domain.town import Role, Seat, Town
from bot.usecases.attachments import attach, handed_on
from bot.usecases.backing import stand_back
from bot.usecases.cards import author_buttons, summary
from bot.usecases.desk import Desk
from bot.usecases.learning import teach
from bot.usecases.moving import NotFoundError, do, move, open_for
from bot.usecases.standing import standing
from bot.usecases.telling import tell_author, tell_staff


async def take(desk: Desk, person: Person, case_id: int) -> Case:
    case, actor = await do(desk, person, case_id, Action.TAKE)
    who = signature(desk.town, actor)
    await tell_author(desk, case, t("author.taken", who=who, **summary(desk, case)))
    await tell_staff(desk, case, t("staff.taken", who=who), but=person.id)
    return case


async def reply(desk: Desk, person: Person, case_id: int, text: str, files: Sequence[File] = ()) -> Case:
    case, actor = await do(desk, person, case_id, Action.REPLY, data={"text": text, "files": len(files)})
    files = await attach(desk, case, person, files, stage="after")
    words = t("author.reply", who=signature(desk.town, actor), reply=text, **summary(desk, case))
    await tell_author(desk, case, words, author_buttons(case), files=files)
    return case


async def ask_more(desk: Desk, person: Person, case_id: int, text: str) -> Case:
    case, actor = await do(desk, person, case_id, Action.ASK_MORE, data={"text": text})
    words = t("author.asked", who=signature(desk.town, actor), question=text, **summary(desk, case))
    await tell_author(desk, case, words, author_buttons(case))
    return case


async def supply(desk: Desk, person: Person, case_id: int, text: str, files: Sequence[File] = ()) -> Case:
    case, _ = await do(desk, person, case_id, Action.SUPPLY, data={"text": text, "files": len(files)})
    files = await attach(desk, case, person, files, stage="before")
    await tell_staff(desk, case, t("staff.supplied", text=text or t("submit.voice_only")), files=files)
    return case


async def note(desk: Desk, person: Person, case_id: int, text: str) -> Case:
    """An internal note: in the history, told to nobody outside."""
    case, _ = await do(desk, person, case_id, Action.NOTE, data={"text": text})
    return case


async def add_photos(desk: Desk, person: Person, case_id: int, files: Sequence[File]) -> Case:
    """Photos of the work; the villager gets them."""
    case, actor = await do(desk, person, case_id, Action.PHOTO, data={"files": len(files)})
    files = await attach(desk, case, person, files, stage="after")
    words = t("author.photos", who=signature(desk.town, actor), **summary(desk, case))
    await tell_author(desk, case, words, files=files)
    return case


async def hand_up(desk: Desk, person: Person, case_id: int, text: str) -> Case:
    case, actor = await do(desk, person, case_id, Action.HAND_UP, data={"text": text})
    await tell_author(desk, case, t("author.handed_up", office=desk.town.office_name, **summary(desk, case)))
    who = signature(desk.town, actor)
    await tell_staff(desk, case, t("staff.handed_up", who=who, text=text), but=person.id)
    return case


async def send_back(desk: Desk, person: Person, case_id: int, text: str) -> Case:
    """The office gives the case to its station with an instruction. Raises NotFoundError, IllegalMove."""
    case, parts = await open_for(desk, person, case_id)
    actor = actor_for(Action.SEND_BACK, case, parts, desk.now)
    held = present(case, (await standing(desk)).acting)
    way = route(desk.town, case.village, case.topic, held, case.id)
    deputy = case.deputy if case.deputy in held else way.deputy
    case = await move(desk, case, actor, Action.SEND_BACK, {"text": text}, {"deputy": deputy})
    station = desk.town.station(case.station)
    words = t("author.sent_back", station=station.name if station else "", **summary(desk, case))
    await tell_author(desk, case, words)
    await tell_staff(desk, case, t("staff.sent_back", text=text), but=person.id)
    return case


async def withdraw(desk: Desk, person: Person, case_id: int) -> Case:
    """The villager takes it back; of a merged one, they no longer stand behind the other either."""
    before, _ = await open_for(desk, person, case_id)
    case, _ = await do(desk, person, case_id, Action.WITHDRAW, merged_into=None)
    if before.merged_into:
        await stand_back(desk, [person.id], before.merged_into)
    await tell_staff(desk, case, t("staff.withdrawn"))
    return case


async def correct(
    desk: Desk, person: Person, case_id: int, *, village: str | None = None, topic: str | None = None
) -> Case:
    """Put the village or the topic right. Another village is another station's: the case is routed anew."""
    case, parts = await open_for(desk, person, case_id)
    changes: dict[str, Any] = {}
    data: dict[str, Any] = {"was": {"village": case.village, "topic": case.topic, "subtopic": case.subtopic}}
    if topic is not None:
        found = desk.town.subtopic(topic)
        parent = next((p for p in desk.town.topics if found in p.subtopics), None) or desk.town.topic(topic)
        if parent is None:
            raise NotFoundError(topic)
        changes = {"topic": parent.id, "subtopic": found.id if found else None}
        if found and Flag.RESTRICTED in found.flags:
            changes["restricted"] = True
        actor = actor_for(Action.CORRECT, case, parts, desk.now)
        case = await move(desk, case, actor, Action.CORRECT, data | changes, changes)
        await teach(desk, person, case)
        await tell_author(desk, case, t("author.topic", **summary(desk, case)))
        return case
    if desk.town.village(village) is None:
        raise NotFoundError(village)
    return await transfer(desk, person, case_id, village=village)


async def transfer(
    desk: Desk, person: Person, case_id: int, *, village: str | None = None, seat: str | None = None
) -> Case:
    """To another deputy of the same station (`seat`), or to another village's station (`village`)."""
    case, parts = await open_for(desk, person, case_id)
    actor = actor_for(Action.TRANSFER, case, parts, desk.now)
    held = present(case, (await standing(desk)).acting)
    if seat is not None:
        if case.sealed or seat not in held or seat not in {s.id for s in candidates(desk.town, case)}:
            raise NotFoundError(seat)
        changes: dict[str, Any] = {"deputy": seat}
    else:
        way = OFFICE_ROUTE if case.sealed else route(desk.town, village, case.topic, held, case.id)
        if way.station is None or way.deputy is None:
            raise NotFoundError(village)
        changes = {"village": village, "hamlet": None, "station": way.station, "deputy": way.deputy}
    before = {"village": case.village, "station": case.station, "deputy": case.deputy}
    case = await move(desk, case, actor, Action.TRANSFER, {"was": before, "now": changes}, changes)
    station = desk.town.station(case.station)
    words = t("author.transferred", station=station.name if station else "", **summary(desk, case))
    await tell_author(desk, case, words)
    files = handed_on(await desk.tx.cases.attachments(case.id))
    who = signature(desk.town, actor)
    await tell_staff(desk, case, t("staff.transferred", who=who), files=files, but=person.id)
    return case


async def reopen(desk: Desk, person: Person, case_id: int) -> Case:
    """The office opens a closed case again."""
    case, _ = await open_for(desk, person, case_id)
    case, actor = await do(desk, person, case_id, Action.REOPEN, reopened=case.reopened + 1, published=None)
    await tell_author(desk, case, t("author.reopened", office=desk.town.office_name, **summary(desk, case)))
    await tell_staff(desk, case, t("staff.reopened", who=signature(desk.town, actor)), office=True, but=person.id)
    return case


def candidates(town: Town, case: Case) -> list[Seat]:
    """Deputies whom the case may be given to: those of its village and station, but the present one."""
    seats = [*town.deputies_of(case.village or ""), *(s for s in town.seats if s.station == case.station)]
    return [s for s in dict.fromkeys(seats) if s.role is Role.DEPUTY and s.id != case.deputy]


def signature(town: Town, actor: Actor) -> Text:
    """How staff sign towards a villager: the office or station they sit in, and their name there."""
    seat = town.seat(actor.seat)
    if seat is None:
        return t("plain", text=town.office_name)
    station = town.station(seat.station)
    where = station.name if station and seat.role is not Role.DEPUTY else ""
    own = t(f"signature.{seat.role}", where=where or town.office_name, name=seat.name)
    covered = town.seat(actor.instead_of)
    if covered is None or covered.role is Role.OFFICE:
        return own
    return t("signature.instead", own=own, name=covered.name)
