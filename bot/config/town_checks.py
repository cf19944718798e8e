"""Checks what no single line of the town's files can show: that names are unique and lead somewhere."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.config.mistakes import Findings, both, did_you_mean
from bot.config.town_files import RosterFile, SeatRow, StationRow, VillageRow
from bot.domain.town import ADMIN_SEAT


@dataclass(frozen=True, slots=True)
class TownCheck:
    """One pass over both files; `topics` are the known topic ids, None while the topic file is unreadable."""

    villages_file: Path
    villages: Sequence[VillageRow]
    roster_file: Path
    roster: RosterFile
    topics: Collection[str] | None
    findings: Findings

    def run(self) -> None:
        self._places()
        self._stations()
        self._seats()
        for what in ("id", "name"):
            rows = [(h.id, getattr(h, what)) for h in self.roster.handler]
            self._unique(self.roster_file, "handler", what, rows)

    def _places(self) -> None:
        file = self.villages_file
        self._unique(file, "village", "id", [(v.id, v.id) for v in self.villages])
        names = [(v.id, name) for v in self.villages for name in dict.fromkeys((v.name, *v.aliases))]
        self._unique(file, "village", "name", names)
        for village in self.villages:
            hamlets = [
                (hamlet.name, name)
                for hamlet in village.hamlets
                for name in dict.fromkeys((hamlet.name, *hamlet.aliases))
            ]
            self._unique(file, f"village {village.id!r}.hamlets", "name", hamlets)

    def _stations(self) -> None:
        stations, known = self.roster.station, [village.id for village in self.villages]
        self._unique(self.roster_file, "station", "id", [(s.id, s.id) for s in stations])
        self._unique(self.roster_file, "station", "name", [(s.id, s.name) for s in stations])
        served: dict[str, list[str]] = defaultdict(list)
        for station in stations:
            self._known(f"station {station.id!r}.villages", station.villages, known, ("村", "village"))
            for served_village in dict.fromkeys(station.villages):
                served[served_village].append(station.id)
            self._head(station)
        for village in self.villages:
            self._served(village, served[village.id])

    def _served(self, village: VillageRow, stations: Sequence[str]) -> None:
        key = f"station … villages {village.id!r}"
        if not stations:
            self._add(
                key,
                both(f"{village.name} 不归任何联络站", f"no station serves {village.name}"),
                both("把它写进一个联络站的 villages", f"add {village.id!r} to the villages of one station"),
            )
        elif len(stations) > 1:
            names = ", ".join(stations)
            self._add(
                key,
                both(
                    f"{village.name} 归了 {len(stations)} 个联络站：{names}",
                    f"{len(stations)} stations serve {village.name}: {names}",
                ),
                both("只留在一个联络站里", "leave it in one of them"),
            )

    def _head(self, station: StationRow) -> None:
        heads = [s.id for s in self.roster.seat if s.station == station.id and s.role == "station_head"]
        if len(heads) == 1:
            return
        problem = (
            both("有几个站长席位：" + ", ".join(heads), "it has several head seats: " + ", ".join(heads))
            if heads
            else both(f"{station.name} 没有站长席位", f"{station.name} has no head seat")
        )
        self._add(
            f"station {station.id!r}",
            problem,
            both(
                f'给它一个 [[seat]]：role = "station_head"，station = "{station.id}"',
                f'give it one [[seat]] with role = "station_head" and station = "{station.id}"',
            ),
        )

    def _seats(self) -> None:
        seats = self.roster.seat
        self._unique(self.roster_file, "seat", "id", [(s.id, s.id) for s in seats])
        post = defaultdict(list)
        for seat in seats:
            post[seat.role, seat.station].append((seat.id, seat.name))
        for namesakes in post.values():
            self._unique(self.roster_file, "seat", "name", namesakes)
        for seat in seats:
            self._seat(seat)
        if not any(seat.role == "office" for seat in seats):
            self._add(
                "seat",
                both("没有人大办席位，交办、重办和告警没有人收", "there is no office seat to hand up to"),
                both('加一个 [[seat]]：role = "office"', 'add a [[seat]] with role = "office"'),
            )

    def _seat(self, seat: SeatRow) -> None:
        key = f"seat {seat.id!r}"
        if seat.id == ADMIN_SEAT:
            self._add(
                f"{key}.id",
                both("这个编号留给系统管理员", "this id is the administrator's own"),
                both("换一个编号", "choose another id"),
            )
        if seat.role == "office":
            self._empty(seat, ("station", "villages", "topics"))
            return
        if seat.station is None:
            self._add(
                f"{key}.station",
                both(f"{seat.name} 不属于任何联络站", f"{seat.name} belongs to no station"),
                both("写明 station", "name the station"),
            )
        else:
            stations = [station.id for station in self.roster.station]
            self._known(f"{key}.station", [seat.station], stations, ("联络站", "station"))
        if seat.role != "deputy":
            self._empty(seat, ("villages", "topics", "stand_in"))
            return
        if not seat.villages:
            self._add(
                f"{key}.villages",
                both(f"代表 {seat.name} 没有联系的村", f"deputy {seat.name} has no village"),
                both("写明 villages，至少一个村", "name at least one village"),
            )
        self._known(f"{key}.villages", seat.villages, [v.id for v in self.villages], ("村", "village"))
        if self.topics is not None:
            self._known(f"{key}.topics", seat.topics, self.topics, ("分类", "topic"))
        self._stand_in(seat)

    def _stand_in(self, seat: SeatRow) -> None:
        """Only another deputy, or a head of the same station, may act in a deputy's place."""
        if seat.stand_in is None:
            return
        key, others = f"seat {seat.id!r}.stand_in", {s.id: s for s in self.roster.seat}
        if seat.stand_in == seat.id:
            self._add(
                key,
                both("不能自己替自己", "nobody stands in for themselves"),
                both("写另一个席位，或删掉这一项", "name another seat, or leave it out"),
            )
            return
        self._known(key, [seat.stand_in], others, ("席位", "seat"))
        other = others.get(seat.stand_in)
        at_hand = other and other.station == seat.station and other.role in ("station_head", "deputy_head")
        if other and other.role != "deputy" and not at_hand:
            self._add(
                key,
                both(f"{other.name} 不能代行代表的事", f"{other.name} cannot act in a deputy's place"),
                both("写另一位代表，或本站的正副站长", "name another deputy, or a head of the same station"),
            )

    def _empty(self, seat: SeatRow, fields: Iterable[str]) -> None:
        for field in fields:
            if getattr(seat, field):
                self._add(
                    f"seat {seat.id!r}.{field}",
                    both(f"{seat.role} 不用这一项", f"a {seat.role} has no use for this"),
                    both("删掉它", "leave it out"),
                )

    def _known(self, key: str, used: Iterable[str], known: Iterable[str], what: tuple[str, str]) -> None:
        known = list(known)
        for word in used:
            if word not in known:
                self._add(
                    key,
                    both(f"没有编号为 {word!r} 的{what[0]}", f"there is no {what[1]} {word!r}"),
                    did_you_mean(word, known),
                )

    def _unique(self, file: Path, key: str, what: str, rows: Iterable[tuple[str, str]]) -> None:
        """`rows`: who uses which word. Said once for each word that is used twice."""
        users: dict[str, list[str]] = defaultdict(list)
        for user, word in rows:
            users[word].append(user)
        for word, found in users.items():
            if len(found) > 1:
                listed = "" if what == "id" else " (" + ", ".join(found) + ")"
                self.findings.add(
                    file,
                    f"{key}.{what}",
                    both(f"{word!r} 用了 {len(found)} 次{listed}", f"{word!r} is used {len(found)} times"),
                    both("每个只能用一次，改掉其余的", "each may be used once: change the others"),
                )

    def _add(self, key: str, problem: str, mend: str) -> None:
        self.findings.add(self.roster_file, key, problem, mend)
