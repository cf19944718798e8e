"""Which roles a person holds now, whom they may invite, and the command menu that goes with it."""

from bot.domain.people import Person
from bot.domain.text import t
from bot.domain.town import HEADS, Role, Seat
from bot.usecases.desk import Desk

INVITERS: dict[Role, frozenset[Role]] = {
    Role.ADMIN: frozenset(Role),
    Role.OFFICE: frozenset({Role.DEPUTY, Role.STATION_HEAD, Role.DEPUTY_HEAD, Role.LIAISON}),
}
"""Who may invite to, and withdraw, which roles."""

VILLAGER_MENU = (
    "new", "mine", "case", "code", "find", "board", "reception", "polls", "notices", "withdraw", "phone", "privacy",
    "help", "lang", "start",
)  # fmt: skip
STAFF_MENU = (
    "queue", "search", "assist", "assisted", "hot", "duty", "duties", "report", "digest", "leave", *VILLAGER_MENU
)  # fmt: skip
MANAGER_MENU = ("people", "invite", "reveals", "tagger", "settings", *STAFF_MENU)
DEPUTY_MENU = ("suggestions", *STAFF_MENU)
HEAD_MENU = ("announce", *STAFF_MENU)
OFFICE_MENU = ("suggestions", "supervisions", "rates", "registers", "announce", "poll", *MANAGER_MENU)


async def roles_of(desk: Desk, person: Person) -> list[Seat]:
    """The seats that the person holds now and that the roster still has."""
    held = await desk.tx.people.seats_of(person.id)
    return [seat for appointment in held if (seat := desk.town.seat(appointment.seat))]


async def may_manage(desk: Desk, person: Person, seat: Seat) -> bool:
    """Whether the person may invite to this seat and withdraw it."""
    return any(seat.role in INVITERS.get(own.role, ()) for own in await roles_of(desk, person))


def menu_for(roles: set[Role]) -> tuple[str, ...]:
    """The commands that stand in the menu of somebody with these roles."""
    if Role.OFFICE in roles:
        return OFFICE_MENU
    if roles & set(INVITERS):
        return MANAGER_MENU
    if Role.DEPUTY in roles:
        return DEPUTY_MENU
    if roles & HEADS:
        return HEAD_MENU
    return STAFF_MENU if roles else VILLAGER_MENU


async def set_menu(desk: Desk, person: Person) -> None:
    """Bring the person's command menu up to their roles and language."""
    names = menu_for({seat.role for seat in await roles_of(desk, person)})
    await desk.menu(person, [(name, t(f"command.{name}")) for name in names])
