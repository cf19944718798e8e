"""Who sits where: one-time links to seats, joining, withdrawing a role, and handing its open cases over."""

from datetime import timedelta

from bot.domain.authority import owners
from bot.domain.machine import OPEN_STATES
from bot.domain.people import Invite, Person, hash_code
from bot.domain.text import t
from bot.domain.town import ADMIN_SEAT, Role, Seat
from bot.ports import CaseFilter
from bot.usecases.desk import Desk, people_of
from bot.usecases.handing_over import NEXT, actor_of, move_stations, pass_cases, pass_on, targets
from bot.usecases.roles import may_manage, roles_of, set_menu
from bot.usecases.standing import standing
from bot.usecases.telling import tell_office

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


async def withdraw_seat(desk: Desk, person: Person, seat_id: str, target: str = NEXT) -> int:
    """End the seat's appointment and hand over what lies on it. Returns how many cases. Raises NotAllowedError."""
    seat = await _managed(desk, person, seat_id, target)
    before = await desk.tx.people.holder(seat.id)
    ended = await desk.tx.people.end(seat.id, desk.now, "withdrawn")
    if ended is None:
        return 0
    if before:
        await desk.tell(before, t("seat.lost", seat=seat.name), key=f"lost:{ended.id}")
        await set_menu(desk, before)
    load = await pass_on(desk, seat.id, target, "withdrawn", actor_of(person, await roles_of(desk, person)))
    if load:
        words = t("office.handed_over", seat=seat.name, count=len(load.cases))
        await tell_office(desk, words, key=f"handover:{seat.id}:{ended.id}")
    return len(load.cases)


async def hand_over_seat(desk: Desk, person: Person, seat_id: str, target: str) -> int:
    """Hand over what lies on the seat, whose holder stays. Returns how many cases. Raises NotAllowedError."""
    seat = await _managed(desk, person, seat_id, target)
    load = await pass_on(desk, seat.id, target, "handed over", actor_of(person, await roles_of(desk, person)))
    holder = await desk.tx.people.holder(seat.id)
    if load and holder:
        words = t("handover.gone", seat=seat.name, count=len(load.cases))
        await desk.tell(holder, words, key=f"gone:{seat.id}:{desk.now.timestamp():.0f}")
    return len(load.cases)


async def _managed(desk: Desk, person: Person, seat_id: str, target: str) -> Seat:
    """The seat, where the person may hand it over to this target. Raises NotAllowedError."""
    seat = desk.town.seat(seat_id)
    if seat is None or not await may_manage(desk, person, seat):
        raise NotAllowedError(seat_id)
    if target != NEXT and target not in {id_ for id_, _ in await targets(desk, seat)}:
        raise NotAllowedError(target)
    return seat


async def rescue_orphans(desk: Desk) -> int:
    """Every open case whose station is gone goes to another; then every one whose seat nobody holds, whatever the
    reason (a roster line that is gone), to the stand-in, else the station's head, else into the office's care."""
    stranded = await desk.tx.cases.stranded([station.id for station in desk.town.stations])
    await move_stations(desk, stranded)
    held = await desk.tx.people.holders()
    orphans = await desk.tx.cases.orphans({seat for seat in held if desk.town.seat(seat)})
    await pass_cases(desk, orphans, NEXT, "vacant")
    return len(stranded) + len(orphans)


async def cry_for_the_unattended(desk: Desk) -> int:
    """Open cases that nobody who is here may handle: once a day, to the administrator, who can invite somebody."""
    now = await standing(desk)
    # Where somebody acts at the office, only a case from which all of them are recused can be without anybody.
    somebody = any(seat.id in now.acting for seat in desk.town.seats_of(Role.OFFICE))
    wanted = CaseFilter(states=OPEN_STATES, recused=True if somebody else None, limit=100_000)
    alone = [case for case in await desk.tx.cases.find(wanted) if not owners(desk.town, case, now.acting)]
    day = f"{desk.local(desk.now):%Y-%m-%d}"
    if not alone or not await desk.tx.marks.once(f"unattended:{day}", desk.now):
        return 0
    for person in await people_of(desk, [now.holders[ADMIN_SEAT]] if ADMIN_SEAT in now.holders else []):
        text = t("office.unattended", count=len(alone), number=alone[-1].number)
        await desk.tell(person, text, key=f"unattended:{day}", urgent=True)
    return len(alone)


async def guesses_left(desk: Desk, person: Person, most: int = 5) -> bool:
    """Whether this person may still try an invitation code: at most `most` wrong ones an hour."""
    hour = (desk.now - timedelta(minutes=desk.now.minute)).strftime("%Y%m%d%H")
    for number in range(most):
        if await desk.tx.marks.once(f"guess:{person.id}:{hour}:{number}", desk.now):
            return True
    return False
