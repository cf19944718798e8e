"""A villager and their deputies: the deputy's year, a letter, and which village is one's own."""

from dataclasses import replace

from bot.conversation import flows
from bot.conversation.talk import Talk
from bot.domain.places import Village
from bot.domain.text import t
from bot.domain.town import Seat, Station
from bot.usecases import duties, voters
from bot.usecases.desk import Buttons

SHOWN = 2
"""Reception days ahead on the page of a station."""


async def page_buttons(talk: Talk, village: Village, station: Station, seats: tuple[Seat, ...]) -> Buttons:
    """Each deputy's year, the station's reception days, and whether this is one's own village."""
    years = [(t("year.button", name=seat.name), f"v:{seat.id}:year") for seat in seats]
    rows = [years[i : i + 2] for i in range(0, len(years), 2)]
    rows.append([(t("reception.button"), f"w:{station.id}")])
    if talk.person.home != village.id:
        rows.append([(t("home.mine", village=village.name), f"v:{village.id}:home")])
    return rows


async def days_ahead(talk: Talk, station: Station) -> str:
    ahead = await duties.receptions_ahead(talk.desk, station)
    return "、".join(plan.on.isoformat() for plan in ahead[:SHOWN])


async def press(talk: Talk, word: str, id_: str) -> None:
    """Raises NotFoundError, ValueError."""
    if word == "home":
        await _home(talk, id_)
    elif word == "letter":
        await letter(talk, id_)
    elif word == "year":
        seat = voters.deputy(talk.desk, id_)
        held = seat.id in await talk.desk.tx.people.holders()
        buttons = [[(t("letter.button", name=seat.name), f"v:{seat.id}:letter")]] if held else []
        await talk.say(await voters.year_page(talk.desk, seat.id), buttons)
    else:
        raise ValueError(word)


async def letter(talk: Talk, seat_id: str) -> None:
    """A letter is a matter that goes to this deputy, with number, limit and answer."""
    seat = voters.deputy(talk.desk, seat_id)
    if seat.id not in await talk.desk.tx.people.holders():
        await talk.say(t("letter.vacant", name=seat.name))
        return
    await flows.start_letter(talk, seat)


async def _home(talk: Talk, village_id: str) -> None:
    village = talk.desk.town.village(village_id)
    if village is None:
        raise ValueError(village_id)
    talk.person = replace(talk.person, home=village.id)
    await talk.desk.tx.people.save(talk.person)
    await talk.say(t("home.noted", village=village.name))
