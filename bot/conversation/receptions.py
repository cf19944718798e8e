"""A station's reception days in chat, and who wants to hear of them."""

from bot.conversation.talk import Talk
from bot.domain.duties import shortened
from bot.domain.text import t
from bot.domain.town import Station
from bot.usecases import duties

SHOWN = 8


async def reception(talk: Talk, argument: str) -> None:
    """The reception days of the reader's station; without a known village, which station?"""
    town = talk.desk.town
    station = town.station(argument) or town.station_of(talk.person.last_village)
    if station is None:
        await talk.say(t("reception.which"), [[(t("plain", text=s.name), f"w:{s.id}")] for s in town.stations])
        return
    await show_reception(talk, station)


async def show_reception(talk: Talk, station: Station) -> None:
    ahead = await duties.receptions_ahead(talk.desk, station)
    days = tuple(t("reception.day", day=plan.on.isoformat(), text=shortened(plan.text)) for plan in ahead[:SHOWN])
    follows = station.id in await talk.desk.tx.duties.followed(talk.person.id)
    text = t(
        "reception.days",
        station=station.name,
        address=station.address,
        hours=station.hours,
        names=duties.on_duty(talk.desk, station),
        days=days or t("reception.none"),
    )
    button = (t("reception.stop"), f"w:{station.id}:off") if follows else (t("reception.follow"), f"w:{station.id}:on")
    await talk.say(text, [[button]])


async def follow(talk: Talk, station_id: str, *, wanted: bool) -> None:
    """To be told of the station's reception days, or of none any more. Raises ValueError: no such station."""
    station = talk.desk.town.station(station_id)
    if station is None:
        raise ValueError(station_id)
    if wanted:
        await talk.desk.tx.duties.follow(talk.person.id, station.id)
    else:
        await talk.desk.tx.duties.unfollow(talk.person.id)
    await talk.strip()
    await talk.say(t("reception.followed" if wanted else "reception.stopped", station=station.name))
