"""Who acts from which seat at this moment, leaves and all; and who could act for whom."""

from bot.domain import standing as domain
from bot.domain.standing import Standing
from bot.domain.town import HEADS, Role, Seat
from bot.usecases.desk import Desk


async def standing(desk: Desk) -> Standing:
    """A seat that the roster no longer has is nobody's, whoever sat there last."""
    held = {seat: person for seat, person in (await desk.tx.people.holders()).items() if desk.town.seat(seat)}
    return domain.standing(desk.town, held, await desk.tx.leaves.open(), desk.now)


async def stand_ins(desk: Desk, seat: Seat) -> list[Seat]:
    """Who may act for the seat: others that somebody else holds, the roster's own stand-in first.

    For the office only the office; for a station's people those of the station; for a deputy its heads, its deputies
    and those of the same villages.
    """
    town, holders = desk.town, (await standing(desk)).holders
    heads = town.seats_at(seat.station, HEADS)
    deputies = [*town.seats_at(seat.station, (Role.DEPUTY,)), *(d for v in seat.villages for d in town.deputies_of(v))]
    if seat.role is Role.OFFICE:
        found: list[Seat] = list(town.seats_of(Role.OFFICE))
    elif seat.role is Role.DEPUTY:
        usual = town.seat(seat.stand_in)
        found = [*([usual] if usual else []), *deputies, *heads]
    else:
        found = [*heads, *town.seats_at(seat.station, (Role.LIAISON,)), *deputies]
    me = holders.get(seat.id)
    return [other for other in dict.fromkeys(found) if other.id != seat.id and holders.get(other.id, me) != me]
