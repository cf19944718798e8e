"""The form of the files that describe a town: villages with hamlets, and the roster of stations and seats."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.config.mistakes import both
from bot.config.values import Id, Name, Section, wrong
from bot.domain.places import Hamlet, Village
from bot.domain.town import Handler, Role, Seat, Station


class HamletRow(Section):
    name: Name
    aliases: tuple[Name, ...] = ()

    def value(self) -> Hamlet:
        return Hamlet(self.name, self.aliases)


class VillageRow(Section):
    """`latitude` and `longitude` in degrees (WGS 84), both or neither."""

    id: Id
    name: Name
    aliases: tuple[Name, ...] = ()
    hamlets: tuple[HamletRow, ...] = ()
    landmarks: tuple[Name, ...] = ()
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None

    @model_validator(mode="after")
    def _whole_place(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise wrong(
                both("经纬度只写了一个", "only one of latitude and longitude is given"),
                both("两个都写，或都不写", "give both or neither"),
            )
        return self

    def value(self, *, sample: bool) -> Village:
        return Village(
            self.id,
            self.name,
            self.aliases,
            tuple(hamlet.value() for hamlet in self.hamlets),
            self.landmarks,
            self.latitude,
            self.longitude,
            sample,
        )


class VillagesFile(Section):
    """`sample` marks invented places: every screen then says so."""

    sample: bool = False
    village: Annotated[tuple[VillageRow, ...], Field(min_length=1)]


class StationRow(Section):
    id: Id
    name: Name
    villages: tuple[Id, ...] = ()
    address: str = ""
    phone: str = ""
    hours: str = ""

    def value(self) -> Station:
        return Station(self.id, self.name, self.villages, self.address, self.phone, self.hours)


class SeatRow(Section):
    """`villages` and `topics` are a deputy's; no topics: all of them. The administrator has no line here."""

    id: Id
    name: Name
    role: Literal["deputy", "station_head", "deputy_head", "liaison", "office"]
    station: Id | None = None
    villages: tuple[Id, ...] = ()
    topics: tuple[str, ...] = ()
    stand_in: Id | None = None

    def value(self) -> Seat:
        return Seat(self.id, self.name, Role(self.role), self.station, self.villages, self.topics, self.stand_in)


class HandlerRow(Section):
    """承办单位 a handling body: `committee` 村委会, `department` 镇直部门, `county` 上级部门, `company` 企业."""

    id: Id
    name: Name
    kind: Literal["committee", "department", "county", "company"] = "department"

    def value(self) -> Handler:
        return Handler(self.id, self.name, self.kind)


class RosterFile(Section):
    """`sample` marks invented people."""

    sample: bool = False
    station: Annotated[tuple[StationRow, ...], Field(min_length=1)]
    seat: Annotated[tuple[SeatRow, ...], Field(min_length=1)]
    handler: tuple[HandlerRow, ...] = ()
