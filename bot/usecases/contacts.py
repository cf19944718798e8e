"""A telephone number or a name that a villager leaves of their own accord, or that is taken down for them."""

from bot.domain.contacts import Contact, ContactKind, name_in, phone_in
from bot.domain.people import Person
from bot.usecases.desk import Desk


class NoPhoneError(ValueError):
    """What was given is no telephone number."""


async def leave_phone(desk: Desk, person: Person, text: str) -> str:
    """Keep the person's own number in place of an earlier one; returns it, digits alone. Raises NoPhoneError."""
    phone = phone_in(text)
    if phone is None:
        raise NoPhoneError
    await desk.tx.contacts.put(person.id, ContactKind.PHONE, phone, desk.now)
    return phone


async def take_down(desk: Desk, staff: Person, villager: Person, phone: str = "", name: str = "") -> Contact:
    """What a station's worker enters for a villager (代录); either may be empty. Raises NoPhoneError.

    The caller has checked that this worker may enter on this villager's behalf.
    """
    given = {ContactKind.NAME: name_in(name), ContactKind.PHONE: phone_in(phone) if phone.strip() else None}
    if phone.strip() and given[ContactKind.PHONE] is None:
        raise NoPhoneError
    for kind, value in given.items():
        if value:
            await desk.tx.contacts.put(villager.id, kind, value, desk.now, by=staff.id)
    return await desk.tx.contacts.of(villager.id)


async def own(desk: Desk, person: Person) -> Contact:
    """What the person has left themselves: theirs to see."""
    return await desk.tx.contacts.of(person.id)


async def remove(desk: Desk, person: Person) -> None:
    await desk.tx.contacts.remove(person.id)
