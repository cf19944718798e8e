"""Who: the town as one immutable value — villages, stations, seats of the roster, topics — and its look-ups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.domain.places import Village
from bot.domain.topics import Subtopic, Topic


class Role(StrEnum):
    """What a seat of the roster lets its holder do."""

    DEPUTY = "deputy"  # 人大代表
    STATION_HEAD = "station_head"  # 站长
    DEPUTY_HEAD = "deputy_head"  # 副站长
    LIAISON = "liaison"  # 联络员
    OFFICE = "office"  # 镇人大办
    ADMIN = "admin"  # 系统管理员


HEADS = frozenset({Role.STATION_HEAD, Role.DEPUTY_HEAD})
STATION_ROLES = HEADS | {Role.LIAISON}

ADMIN_SEAT = "admin"


@dataclass(frozen=True, slots=True)
class Seat:
    """One line of the roster. People come and go (appointments); the seat, and the cases on it, stay."""

    id: str
    name: str
    role: Role
    station: str | None = None
    villages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    stand_in: str | None = None


@dataclass(frozen=True, slots=True)
class Handler:
    """承办单位: the body that does the work, such as a village committee or a department. It has no seat here."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Station:
    """联络站: serves villages; its heads and liaison officers are seats that name it."""

    id: str
    name: str
    villages: tuple[str, ...]
    address: str = ""
    phone: str = ""
    hours: str = ""


_Named = Village | Station | Seat | Handler | Topic | Subtopic


@dataclass(frozen=True)
class Town:
    """The whole town. Built by the configuration, which has checked that every id in it resolves."""

    code: str
    name: str
    zone: ZoneInfo
    villages: tuple[Village, ...]
    stations: tuple[Station, ...]
    seats: tuple[Seat, ...]
    topics: tuple[Topic, ...]
    office_name: str
    office_phone: str
    sample: bool = field(default=False)
    handlers: tuple[Handler, ...] = ()
    former: Mapping[str, str] = field(default_factory=dict)
    """The last name of what is gone, by `kind:id`: cases and registers still speak of it."""

    @cached_property
    def _villages(self) -> dict[str, Village]:
        return {village.id: village for village in self.villages}

    @cached_property
    def _stations(self) -> dict[str, Station]:
        return {station.id: station for station in self.stations}

    @cached_property
    def _seats(self) -> dict[str, Seat]:
        return {seat.id: seat for seat in self.seats}

    @cached_property
    def _topics(self) -> dict[str, Topic]:
        return {topic.id: topic for topic in self.topics}

    @cached_property
    def _subtopics(self) -> dict[str, Subtopic]:
        return {sub.id: sub for topic in self.topics for sub in topic.subtopics}

    @cached_property
    def _serving(self) -> dict[str, Station]:
        return {village: station for station in reversed(self.stations) for village in station.villages}

    @cached_property
    def _at(self) -> dict[str, tuple[Seat, ...]]:
        stations = {seat.station for seat in self.seats if seat.station}
        return {station: tuple(seat for seat in self.seats if seat.station == station) for station in stations}

    @cached_property
    def _of(self) -> dict[Role, tuple[Seat, ...]]:
        return {role: tuple(seat for seat in self.seats if seat.role is role) for role in Role}

    @cached_property
    def _deputies(self) -> dict[str, tuple[Seat, ...]]:
        deputies = self.seats_of(Role.DEPUTY)
        villages = {village for seat in deputies for village in seat.villages}
        return {village: tuple(seat for seat in deputies if village in seat.villages) for village in villages}

    @cached_property
    def open_topics(self) -> tuple[Topic, ...]:
        """The tree as new cases see it: without what is off."""
        return tuple(replace(topic, subtopics=topic.open) for topic in self.topics if topic.open)

    def village(self, village_id: str | None) -> Village | None:
        return self._villages.get(village_id) if village_id else None

    def station(self, station_id: str | None) -> Station | None:
        return self._stations.get(station_id) if station_id else None

    def seat(self, seat_id: str | None) -> Seat | None:
        return self._seats.get(seat_id) if seat_id else None

    def handler(self, handler_id: str | None) -> Handler | None:
        return next((h for h in self.handlers if h.id == handler_id), None)

    def topic(self, topic_id: str | None) -> Topic | None:
        return self._topics.get(topic_id) if topic_id else None

    def subtopic(self, subtopic_id: str | None) -> Subtopic | None:
        return self._subtopics.get(subtopic_id) if subtopic_id else None

    def name_of(self, kind: str, id_: str | None) -> str:
        """The name of a village, station, seat, handler, topic or subtopic, also of one that is gone; "" for none."""
        if not id_:
            return ""
        there: _Named | None = getattr(self, kind)(id_)
        return there.name if there else self.former.get(f"{kind}:{id_}", id_)

    def station_of(self, village_id: str | None) -> Station | None:
        """The station that serves the village, or None for an unknown place."""
        return self._serving.get(village_id) if village_id else None

    def seats_at(self, station_id: str | None, roles: Iterable[Role]) -> tuple[Seat, ...]:
        """Seats of these roles at one station, in the roster's order."""
        wanted = tuple(roles)
        return tuple(s for s in self._at.get(station_id or "", ()) if s.role in wanted)

    def seats_of(self, role: Role) -> tuple[Seat, ...]:
        return self._of[role]

    def deputies_of(self, village_id: str) -> tuple[Seat, ...]:
        return self._deputies.get(village_id, ())
