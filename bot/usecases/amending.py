"""The office changes the configuration at run time: looks at what would change, does it, goes back."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.config.configuration import Configuration, merged
from bot.domain.amendments import Amendment, Changes, back_to, laid_over
from bot.domain.people import Person
from bot.domain.routing import heir_of
from bot.domain.text import Text, t
from bot.domain.town import Role
from bot.usecases.amendment_words import effects, rows
from bot.usecases.desk import Buttons, Desk, people_of
from bot.usecases.duties import move_receptions
from bot.usecases.roles import roles_of
from bot.usecases.seats import NotAllowedError

MOST_ROWS = 30
"""Lines of a change that are shown; of more, how many there are."""
TOLD = 5
BRIEF = 60
"""Characters of a changed text, where it is only to be recognised."""


class OutOfDateError(Exception):
    """Somebody else has changed something since this was shown."""


class NothingToDoError(Exception):
    """Everything is as it is wanted already."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do: line by line, and whom it touches."""

    rows: Sequence[Text]
    effects: Sequence[Text]
    after: Configuration


async def may_amend(desk: Desk, person: Person) -> bool:
    return any(seat.role is Role.OFFICE for seat in await roles_of(desk, person))


async def look_ahead(desk: Desk, person: Person, changes: Changes) -> Preview:
    """What these changes would do; nothing happens. Raises NotAllowedError, ConfigError, NothingToDoError."""
    await _check(desk, person)
    return await preview(desk, desk.configuration.with_changes(changes))


async def preview(desk: Desk, after: Configuration) -> Preview:
    """What leads from the configuration in force to `after`. Raises NothingToDoError."""
    before = desk.configuration
    keys = list(back_to(after.over, before.over))
    found = rows(before.entries, after.entries, keys)
    if not found:
        raise NothingToDoError
    return Preview(cut(found, MOST_ROWS), await effects(desk, after, keys), after)


def difference(before: Configuration, after: Configuration) -> list[Text]:
    return rows(before.entries, after.entries, back_to(after.over, before.over), BRIEF)


def cut(found: Sequence[Text], most: int) -> list[Text]:
    more = len(found) - most
    return [*found[:most], t("settings.more", count=more)] if more > 0 else list(found)


async def amend(desk: Desk, person: Person, changes: Changes, reason: str) -> Amendment:
    """Do it: in force for every piece of work that begins after this one, in every process.

    Raises NotAllowedError, ConfigError, NothingToDoError, OutOfDateError.
    """
    name = await _check(desk, person)
    return await put(desk, desk.configuration.with_changes(changes), person.id, name, reason)


async def roll_back(desk: Desk, person: Person, number: int) -> Amendment:
    """A new amendment after which everything is as it was after the one of this number; 0: as the files say.

    Raises NotAllowedError, ConfigError, NothingToDoError, OutOfDateError, ValueError (there is no such number).
    """
    name = await _check(desk, person)
    after = await as_it_was(desk, person, number)
    return await put(desk, after, person.id, name, desk.render(person, why_back(number)))


def why_back(number: int) -> Text:
    return t("settings.back_reason", number=number) if number else t("settings.back_start")


async def as_it_was(desk: Desk, person: Person, number: int) -> Configuration:
    """The configuration after this amendment. Raises NotAllowedError, ConfigError, ValueError (there is no such
    number).
    """
    await _check(desk, person)
    amendments = await desk.tx.amendments.all()
    if not 0 <= number < len(amendments):
        raise ValueError(number)
    return desk.configuration.with_over(laid_over(amendments[:number]))


async def put(desk: Desk, after: Configuration, person: int | None, who: str, reason: str) -> Amendment:
    """Append what leads to `after` from what is laid over the files now. Raises NothingToDoError, OutOfDateError."""
    amendments = await desk.tx.amendments.all()
    changes = back_to(after.over, laid_over(amendments))
    if not changes:
        raise NothingToDoError
    amendment = Amendment(desk.configuration.number + 1, desk.now, person, who, reason, changes)
    if not await desk.tx.amendments.add(amendment):
        raise OutOfDateError
    await _tell_colleagues(desk, amendment, after)
    await _tell_who_sat(desk, amendment, after)
    await _pass_receptions(desk, after)
    return amendment


async def _check(desk: Desk, person: Person) -> str:
    """The name of the office's seat that the person acts from. Raises NotAllowedError."""
    for seat in await roles_of(desk, person):
        if seat.role is Role.OFFICE:
            return seat.name
    raise NotAllowedError(person.id)


async def _tell_colleagues(desk: Desk, amendment: Amendment, after: Configuration) -> None:
    """The others at the office hear of it, with the way back."""
    holders = await desk.tx.people.holders()
    ids = [
        holders[s.id]
        for s in desk.town.seats_of(Role.OFFICE)
        if holders.get(s.id, amendment.person) != amendment.person
    ]
    found = cut(rows(desk.configuration.entries, after.entries, amendment.changes, BRIEF), TOLD)
    text = t("settings.told", who=amendment.who, number=amendment.number, rows=tuple(found))
    for colleague in await people_of(desk, ids):
        await desk.tell(colleague, text, back_button(amendment.number - 1), key=f"amended:{amendment.number}")


async def _tell_who_sat(desk: Desk, amendment: Amendment, after: Configuration) -> None:
    """Whoever sat on a seat that is gone; should the seat come back, they sit there again."""
    holders = await desk.tx.people.holders()
    for seat in desk.town.seats:
        if seat.id in holders and after.town.seat(seat.id) is None:
            for person in await people_of(desk, [holders[seat.id]]):
                await desk.tell(person, t("seat.lost", seat=seat.name), key=f"amended:{amendment.number}:{seat.id}")


async def _pass_receptions(desk: Desk, after: Configuration) -> None:
    """The reception days of a station that is gone; its cases follow in the sweep (`seats.rescue_orphans`)."""
    for station in desk.town.stations:
        if after.town.station(station.id) is None and (heir := heir_of(station, desk.town, after.town)):
            await move_receptions(desk, station, heir)


def back_button(number: int) -> Buttons:
    return [[(t("settings.undo"), f"cfg:back:{number}")]]


async def history(desk: Desk, person: Person, most: int) -> list[tuple[Amendment, list[Text]]]:
    """The last amendments, newest first, each with what it changed. Raises NotAllowedError."""
    await _check(desk, person)
    return in_words(desk.configuration, await desk.tx.amendments.all(), most)


def in_words(
    configuration: Configuration, amendments: Sequence[Amendment], most: int
) -> list[tuple[Amendment, list[Text]]]:
    """The last amendments, newest first, each with what it changed when it was made."""
    found = []
    base = configuration.files.entries
    for amendment in list(amendments)[-most:][::-1]:
        before = merged(base, laid_over(amendments[: amendment.number - 1]))
        after = merged(base, laid_over(amendments[: amendment.number]))
        found.append((amendment, rows(before, after, amendment.changes, BRIEF)))
    return found
