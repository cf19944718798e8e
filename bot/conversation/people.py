"""Inviting, joining and withdrawing roles, in chat. Only in a private chat, only by who may."""

from bot.conversation.talk import Talk
from bot.domain.text import t
from bot.domain.town import ADMIN_SEAT, Role, Seat
from bot.usecases import seats
from bot.usecases.amending import may_amend
from bot.usecases.roles import INVITERS, may_manage, roles_of
from bot.usecases.seats import InviteError, NotAllowedError

PAGE = 12


async def join(talk: Talk, code: str) -> None:
    """`/start join-CODE`. Wrong guesses are few an hour, and say nothing about why."""
    desk, person = talk.desk, talk.person
    if not await seats.guesses_left(desk, person):
        await talk.say(t("seat.too_many_guesses"))
        return
    try:
        seat = await seats.join(desk, person, code)
    except InviteError:
        await talk.say(t("seat.bad_invite"))
        return
    station = desk.town.station(seat.station)
    text = t(
        f"seat.joined_{'admin' if seat.role is Role.ADMIN else 'staff'}",
        role=t(f"role.{seat.role}"),
        name=seat.name,
        station=station.name if station else desk.town.office_name,
    )
    first = "people" if seat.role in INVITERS else "queue"
    await talk.say(text, [[(t(f"menu.{first}"), f"m:{first}"), (t("menu.help"), "m:help")]])


async def people(talk: Talk, argument: str) -> None:
    """The stations and the office; behind each its seats, who holds them, and what may be done about it."""
    if not await _manages(talk):
        await talk.say(t("error.not_staff"))
        return
    held = await talk.desk.tx.people.holders()
    town = talk.desk.town
    rows = [
        [
            (
                t("people.office", office=town.office_name, filled=_filled(town.seats_of(Role.OFFICE), held)),
                "g:-:0",
            )
        ]
    ]
    buttons = []
    for station in town.stations:
        own = [s for s in town.seats if s.station == station.id]
        buttons.append((t("people.station", station=station.name, filled=_filled(own, held)), f"g:{station.id}:0"))
    rows += [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    total = [s for s in town.seats if s.id != ADMIN_SEAT]
    await talk.say(t("people.list", filled=_filled(total, held)), rows)


def _filled(own: "list[Seat] | tuple[Seat, ...]", held: dict[str, int]) -> str:
    return f"{sum(s.id in held for s in own)}/{len(own)}"


async def station_seats(talk: Talk, station_id: str, page: int) -> None:
    """The seats of one station, or of the office (`-`), with a button for each that this person manages."""
    if not await _manages(talk):
        await talk.say(t("error.not_staff"))
        return
    town = talk.desk.town
    if station_id == "-":
        own = list(town.seats_of(Role.OFFICE))
    else:
        own = [s for s in town.seats if s.station == station_id and s.role is not Role.ADMIN]
    held = await talk.desk.tx.people.holders()
    shown = own[page * PAGE : (page + 1) * PAGE]
    rows = []
    for seat in shown:
        if await may_manage(talk.desk, talk.person, seat):
            mark = t("people.taken") if seat.id in held else t("people.free")
            label = t("people.seat", name=seat.name, role=t(f"role.{seat.role}"), mark=mark)
            rows.append([(label, f"{'e' if seat.id in held else 'i'}:{seat.id}")])
    if (page + 1) * PAGE < len(own):
        rows.append([(t("people.more"), f"g:{station_id}:{page + 1}")])
    if await may_amend(talk.desk, talk.person):
        rows.append([(t("people.change"), "m:settings")])
    await talk.say(t("people.seats"), rows)


async def invite(talk: Talk, argument: str) -> None:
    """`/invite SEAT` makes a link at once; without a seat, the list."""
    if not argument:
        await people(talk, "")
        return
    try:
        link = await seats.invite(talk.desk, talk.person, argument)
    except NotAllowedError:
        await talk.say(t("error.not_allowed"))
        return
    seat = talk.desk.town.seat(argument)
    hours = int(talk.desk.rules.invite_valid.total_seconds() // 3600)
    await talk.say(
        t(
            "seat.invite",
            seat=seat.name if seat else argument,
            role=t(f"role.{seat.role}") if seat else t("nothing"),
            link=link,
            hours=hours,
        )
    )


async def ask_end(talk: Talk, seat_id: str) -> None:
    """Withdrawing a role is asked for twice."""
    seat = talk.desk.town.seat(seat_id)
    if seat is None or not await may_manage(talk.desk, talk.person, seat):
        await talk.say(t("error.not_allowed"))
        return
    await talk.say(
        t("seat.end_sure", seat=seat.name, role=t(f"role.{seat.role}")),
        [
            [(t("seat.end_yes"), f"e!:{seat.id}"), (t("seat.new_link"), f"i:{seat.id}")],
            [(t("seat.leave"), f"z:{seat.id}"), (t("seat.hand_over"), f"b:{seat.id}")],
        ],
    )


async def end(talk: Talk, seat_id: str) -> None:
    try:
        moved = await seats.withdraw_seat(talk.desk, talk.person, seat_id)
    except NotAllowedError:
        await talk.say(t("error.not_allowed"))
        return
    seat = talk.desk.town.seat(seat_id)
    await talk.say(t("seat.ended", seat=seat.name if seat else seat_id, count=moved))


async def _manages(talk: Talk) -> bool:
    return any(seat.role in INVITERS for seat in await roles_of(talk.desk, talk.person))
