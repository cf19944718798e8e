"""Assisted entry (代录): staff enter a villager's matter, and hand over a receipt by which the villager follows it."""

import secrets

from bot.dialogue.matter import Submission
from bot.domain.cases import Case
from bot.domain.contacts import Contact, name_and_phone
from bot.domain.messages import Slip
from bot.domain.people import GUEST, Person
from bot.domain.receipts import DIGITS, Receipt, grouped, with_check
from bot.domain.text import t
from bot.domain.town import STATION_ROLES, Role, Seat
from bot.usecases import contacts
from bot.usecases.cards import speaks_for
from bot.usecases.desk import Desk
from bot.usecases.moving import NotFoundError, open_for
from bot.usecases.registering import register
from bot.usecases.roles import roles_of
from bot.usecases.seats import NotAllowedError

ENTER = STATION_ROLES | {Role.DEPUTY, Role.OFFICE}
PAYLOAD = "code-"
"""A start payload that begins so is a receipt's code."""


async def entering_seat(desk: Desk, person: Person) -> Seat:
    """The first of the person's seats from which villagers' matters may be entered. Raises NotAllowedError."""
    for seat in await roles_of(desk, person):
        if seat.role in ENTER:
            return seat
    raise NotAllowedError(person.id)


async def enter(desk: Desk, person: Person, data: Submission) -> tuple[Case, str]:
    """Register the matter for a villager who, by this person's word, was told of the privacy notice and agreed.
    Returns the case and the code of its receipt, which is kept nowhere. Raises NotAllowedError."""
    seat = await entering_seat(desk, person)
    case = await register(desk, person, data, entered_by=seat)
    return case, await _issue(desk, case)


async def reissue(desk: Desk, person: Person, case_id: int) -> tuple[Case, str]:
    """A new code for a slip that was lost; the old one works no more. Raises NotFoundError."""
    case, parts = await open_for(desk, person, case_id)
    if not any(map(speaks_for, parts)):
        raise NotFoundError(case_id)
    return case, await _issue(desk, case)


async def take_down(desk: Desk, person: Person, case_id: int, text: str) -> Contact:
    """What the villager wants to leave, as it was typed in one line: a name, a number, or both; sealed, apart from the
    case. Nothing is kept of an empty line. Raises NoPhoneError (digits that are no number), NotFoundError."""
    case, parts = await open_for(desk, person, case_id)
    guest = await desk.tx.cases.author(case.id)
    if guest is None or not any(map(speaks_for, parts)):
        raise NotFoundError(case_id)
    villager = Person(guest, GUEST, "", "", person.lang, reachable=False)
    name, phone = name_and_phone(text)
    return await contacts.take_down(desk, person, villager, phone, name)


async def entered(desk: Desk, person: Person, most: int) -> list[tuple[Case, Receipt]]:
    """What the person's seats entered, newest first."""
    seats = [seat.id for seat in await roles_of(desk, person)]
    found = [(await desk.tx.cases.get(one.case_id), one) for one in await desk.tx.receipts.entered(seats, most)]
    return [(case, receipt) for case, receipt in found if case]


async def hand_receipt(desk: Desk, person: Person, case: Case, code: str) -> None:
    """Give the code to read out, and a slip to show, to be scanned, or to print. Neither is kept once it was sent."""
    town = desk.town
    at = desk.local(case.created_at)
    head = (
        t("slip.title", town=town.name),
        t("slip.number", number=case.number, day=f"{at:%Y-%m-%d}"),
    )
    foot = (t("slip.how"), t("slip.keep"), t("slip.phone", office=town.office_name, phone=town.office_phone))
    slip = Slip(
        desk.rules.start_link(PAYLOAD + code),
        grouped(code),
        tuple(desk.render(person, line) for line in head),
        tuple(desk.render(person, line) for line in foot),
    )
    await desk.hand(person, slip, t("assist.slip", number=case.number))
    await desk.say(person, t("assist.code", number=case.number, code=grouped(code)), secret=True)


async def _issue(desk: Desk, case: Case) -> str:
    code = with_check(str(secrets.randbelow(10 ** (DIGITS - 1))).zfill(DIGITS - 1))
    await desk.tx.receipts.set_code(case.id, code)
    return code
