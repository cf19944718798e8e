"""Who sits where: one-time links to seats, joining, withdrawing a role, and handing its open cases over."""

from datetime import timedelta

from bot.domain.authority import present
from bot.domain.machine import WORKING_STATES, State
from bot.domain.people import Invite, Person, hash_code
from bot.domain.routing import successor
from bot.domain.text import t
from bot.domain.town import ADMIN_SEAT, Seat
from bot.ports import CaseFilter
from bot.usecases.desk import Desk
from bot.usecases.roles import may_manage, set_menu
from bot.usecases.standing import standing
from bot.usecases.telling import tell_office
from bot.usecases.working import hand_over

PAYLOAD = "join-"
"""A start payload that begins so is an invitation code."""


class NotAllowedError(Exception):
    """This person's role does not let them do that."""


class InviteError(Exception):
    """The link is unknown, used or out of date: the three look the same from outside."""


async def first_invite(desk: Desk) -> str | None:
    """The code of the first administrator's link; None while somebody is administrator.

    Each start without an administrator makes a new code and ends the one before.
    """
    if await desk.tx.people.holder(ADMIN_SEAT):
        return None
    return await _make(desk, ADMIN_SEAT, None)


async def invite(desk: Desk, person: Person, seat_id: str) -> str:
    """A one-time link to the seat. Raises NotAllowedError."""
    seat = desk.town.seat(seat_id)
    if seat is None or not await may_manage(desk, person, seat):
        raise NotAllowedError(seat_id)
    code = await _make(desk, seat.id, person.id)
    return desk.rules.start_link(PAYLOAD + code)


async def _make(desk: Desk, seat_id: str, creator: int | None) -> str:
    code = desk.new_code()
    expires = desk.now + desk.rules.invite_valid
    await desk.tx.people.add_invite(Invite(0, hash_code(code), seat_id, creator, desk.now, expires))
    return code


async def join(desk: Desk, person: Person, code: str) -> Seat:
    """Take the seat that the link is for. Raises InviteError. Whoever sat there before loses it."""
    found = await desk.tx.people.invite(hash_code(code))
    seat = desk.town.seat(found.seat) if found else None
    if found is None or seat is None or found.used_at or found.expires_at <= desk.now:
        raise InviteError
    before = await desk.tx.people.holder(seat.id)
    await desk.tx.people.use_invite(found.id, person.id, desk.now)
    await desk.tx.people.appoint(seat.id, person.id, desk.now)
    if before and before.id != person.id:
        await desk.tell(before, t("seat.lost", seat=seat.name), key=f"lost:{found.id}")
        await set_menu(desk, before)
    await set_menu(desk, person)
    if found.created_by and (inviter := await desk.tx.people.get(found.created_by)):
        text = t("seat.joined_notice", seat=seat.name, role=t(f"role.{seat.role}"))
        await desk.tell(inviter, text, key=f"joined:{found.id}")
    return seat


async def withdraw_seat(desk: Desk, person: Person, seat_id: str) -> int:
    """End the seat's appointment and hand its open cases over. Returns how many. Raises NotAllowedError."""
    seat = desk.town.seat(seat_id)
    if seat is None or not await may_manage(desk, person, seat):
        raise NotAllowedError(seat_id)
    before = await desk.tx.people.holder(seat.id)
    ended = await desk.tx.people.end(seat.id, desk.now, "withdrawn")
    if ended is None:
        return 0
    if before:
        await desk.tell(before, t("seat.lost", seat=seat.name), key=f"lost:{ended.id}")
        await set_menu(desk, before)
    return await hand_over_seat(desk, seat.id, "withdrawn")


async def hand_over_seat(desk: Desk, seat_id: str, reason: str) -> int:
    """Every open case on a seat that nobody holds goes to its stand-in, else the station's head, else the
    office is told."""
    now = await standing(desk)
    states = WORKING_STATES | {State.ANSWERED}
    cases = await desk.tx.cases.find(CaseFilter(states=states, seats=(seat_id,), limit=100_000))
    for case in cases:
        to_seat = successor(desk.town, seat_id, case.station, present(case, now.acting))
        await hand_over(desk, case, to_seat, reason)
    seat = desk.town.seat(seat_id)
    if cases:
        text = t("office.handed_over", seat=seat.name if seat else seat_id, count=len(cases))
        await tell_office(desk, text, key=f"handover:{seat_id}:{desk.now.timestamp():.0f}")
    return len(cases)


async def rescue_orphans(desk: Desk) -> int:
    """Hand over every open case whose seat nobody holds, whatever the reason (a roster line that is gone): to the
    stand-in, else the station's head, else into the office's care."""
    now = await standing(desk)
    seats = {seat for seat in now.holders if desk.town.seat(seat)}
    orphans = await desk.tx.cases.orphans(seats)
    for case in orphans:
        acting = {seat: person for seat, person in present(case, now.acting).items() if seat in seats}
        await hand_over(desk, case, successor(desk.town, case.deputy, case.station, acting), "vacant")
    return len(orphans)


async def guesses_left(desk: Desk, person: Person, most: int = 5) -> bool:
    """Whether this person may still try an invitation code: at most `most` wrong ones an hour."""
    hour = (desk.now - timedelta(minutes=desk.now.minute)).strftime("%Y%m%d%H")
    for number in range(most):
        if await desk.tx.marks.once(f"guess:{person.id}:{hour}:{number}", desk.now):
            return True
    return False
