"""Which seat and station a case goes to: village x topic, by the roster and by who holds a seat now."""

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass

from bot.domain.town import HEADS, Role, Seat, Station, Town


@dataclass(frozen=True, slots=True)
class Route:
    """`deputy` is the seat that has the case: a deputy's, else (vacancy) a stand-in's or the station head's.

    `vacant` names the seat that should have had it but that nobody holds; the office is told. Both None
    together with `station` None means: the office itself.
    """

    station: str | None
    deputy: str | None
    vacant: str | None = None


OFFICE_ROUTE = Route(None, None)


def route(town: Town, village: str | None, topic: str | None, held: Container[str], turn: int = 0) -> Route:
    """The village's deputies who know the topic come first, then its others; equals take turns by `turn`
    (any running number). Only seats that somebody holds are given a case; where all of the village's are
    vacant, the stand-in has it, else the station's head, and `vacant` names the seat.

    An unknown village, or one that no station serves, goes to the office.
    """
    station = town.station_of(village)
    if village is None or station is None:
        return OFFICE_ROUTE
    deputies = town.deputies_of(village)
    fitting = [seat for seat in deputies if topic in seat.topics] or list(deputies)
    for group in (fitting, deputies):
        if present := [seat for seat in group if seat.id in held]:
            return Route(station.id, present[turn % len(present)].id)
    first = fitting[turn % len(fitting)] if fitting else None
    return Route(station.id, _instead(town, first, station.id, held), vacant=first.id if first else station.id)


def _instead(town: Town, seat: Seat | None, station: str, held: Container[str]) -> str | None:
    """Who has a vacant seat's cases: its stand-in, else the station's head, else the deputy head, else nobody."""
    if seat and seat.stand_in in held:
        return seat.stand_in
    return head_of(town, station, held)


def head_of(town: Town, station: str | None, held: Container[str]) -> str | None:
    """The seat that heads the station now: the head's, else the deputy head's."""
    heads = sorted(town.seats_at(station, HEADS), key=lambda s: s.role != "station_head")
    return next((head.id for head in heads if head.id in held), None)


def station_for(town: Town, station_id: str | None, village: str | None, seat_id: str | None) -> str | None:
    """The station that has a case now: its own while that is there, else the one of its village, else of its seat."""
    if station_id is None or town.station(station_id):
        return station_id
    serving, seat = town.station_of(village), town.seat(seat_id)
    return serving.id if serving else seat.station if seat else None


def heir_of(station: Station, before: Town, after: Town) -> Station | None:
    """The station that took most of the villages, else most of the deputies, of one that is gone; None where it had
    none."""
    took: list[str | None] = [serving.id for village in station.villages if (serving := after.station_of(village))]
    if not took:
        seats = (after.seat(seat.id) for seat in before.seats_at(station.id, (Role.DEPUTY,)))
        took = [seat.station for seat in seats if seat]
    return after.station(Counter(took).most_common(1)[0][0]) if took else None


def successor(town: Town, seat_id: str | None, station: str | None, held: Container[str]) -> str | None:
    """Who takes over the cases of a seat that fell vacant; None: the office."""
    return _instead(town, town.seat(seat_id), station, held) if station else None
