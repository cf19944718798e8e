"""The year of deputies, stations and the office besides cases: visits, receptions, study, meetings and more."""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from random import Random

from bot.domain.town import Role, Station
from bot.simulation.person import Matter, Person
from bot.simulation.staff import Staff
from bot.simulation.world import Script, Surprise, Until, World

HOURS = (time(10, 20), time(14, 0), time(16, 10))
STRUCK = 0.01
"""How many records are made in error and taken back at once."""
SUPPLEMENTED = {"party": 0.7, "inspection": 0.5}
"""After how many records somebody adds what came of one."""


class Duties:
    """`activity`: the part of what a busy year holds that is done. `matters`: cases that a sentence may name."""

    def __init__(self, world: World, staff: Staff, matters: Sequence[Matter], activity: float) -> None:
        self._world, self._staff, self._matters = world, staff, matters
        self._activity = activity
        self._rng = world.random()

    def plan(self, year: int) -> None:
        """Put the whole year's duties into the world."""
        for month in range(1, 13):
            for station in self._world.town.stations:
                self._at_station(station, year, month)
            for seat in self._world.town.seats_of(Role.DEPUTY):
                self._visit(seat.id, year, month)
            self._of_the_office(year, month)

    def _chance(self, part: float) -> bool:
        return self._rng.random() < part * self._activity

    def _on(self, day: date, who: str | None, kind: str, sentence: str, **values: object) -> None:
        if who is None:
            return
        rng = self._world.random()
        self._world.play(self._record(day, who, kind, sentence, values, rng))
        if kind in SUPPLEMENTED and rng.random() < SUPPLEMENTED[kind]:
            self._world.play(self._supplement(day + timedelta(days=rng.randint(2, 20)), who, kind, rng))

    def _any_day(self, year: int, month: int, first: int = 2, last: int = 27) -> date:
        return date(year, month, self._rng.randint(first, last))

    def _at_station(self, station: Station, year: int, month: int) -> None:
        town, rng = self._world.town, self._rng
        own = [seat.id for seat in town.seats_at(station.id, (Role.DEPUTY,))]
        staff = [seat.id for seat in town.seats_at(station.id, (Role.LIAISON, Role.STATION_HEAD))]
        if not own or not staff:
            return
        said = re.search(r"每月(\d{1,2})日", station.hours)
        day = date(year, month, int(said[1]) if said else 10)
        if self._chance(0.8):
            self._on(day - timedelta(days=5), rng.choice(staff), "plan", "plan", d=day.day)
        if self._chance(0.92):
            self._on(day, rng.choice([*staff, *own]), "reception", "reception")
        for kind, part in (("study", 0.75), ("outreach", 0.1), ("referral", 0.12), ("inspection", 0.06)):
            if self._chance(part):
                self._on(self._any_day(year, month), rng.choice(own), kind, kind)

    def _visit(self, seat: str, year: int, month: int) -> None:
        """Most visit before the 25th; of those who have not, many do so when they are reminded."""
        if self._chance(0.82):
            self._on(self._any_day(year, month, 3, 24), seat, "visit", "visit")
        elif self._chance(0.55):
            self._on(self._any_day(year, month, 26, 28), seat, "visit", "visit")
        if month >= 11 and self._chance(0.25):
            people = self._rng.randint(30, 90)
            fair, bad = self._rng.randint(1, 9), self._rng.randint(0, 3)
            marks = {"m": people, "a": people - fair - bad, "b": fair, "c": bad}
            self._on(self._any_day(year, month), seat, "voters", "voters", **marks)

    def _of_the_office(self, year: int, month: int) -> None:
        office = self._world.town.seats_of(Role.OFFICE)[0].id
        for kind, part in (("inspection", 1.0), ("theme", 0.4), ("training", 0.2), ("party", 0.5)):
            if self._chance(part):
                self._on(self._any_day(year, month), office, kind, kind)
        if month in (1, 8):
            present, papers = self._rng.randint(88, 96), self._rng.randint(1, 3)
            self._on(self._any_day(year, month), office, "meeting", "meeting", o=1 + month // 8, a=present, k=papers)
        if month % 3 == 0:
            self._on(self._any_day(year, month), office, "meeting", "presidium", o=month // 3)
            for number, project in enumerate(self._world.saying.all("duties", "projects")):
                progress = min(100, 20 * month // 3 + 7 * number)
                self._on(self._any_day(year, month), office, "project", "project", project=project, p=progress)
        if month == 3:
            self._on(self._any_day(year, month), office, "election", "election")

    def _record(self, day: date, seat: str, kind: str, sentence: str, values: dict[str, object], rng: Random) -> Script:
        """Three taps and a sentence, on the day itself."""
        yield Until(self._world.at(day, rng.choice(HOURS)))
        if seat not in self._staff.away and (person := self._staff.seats.get(seat)):
            yield from person.alone(self._write(person, kind, self._sentence(rng, sentence, values), rng))

    def _supplement(self, day: date, seat: str, kind: str, rng: Random) -> Script:
        """What came of one of the records that wait for it."""
        yield Until(self._world.at(day, rng.choice(HOURS)))
        if seat not in self._staff.away and (person := self._staff.seats.get(seat)):
            yield from person.alone(self._add(person, kind, self._sentence(rng, f"{kind}_later", {})))

    def _add(self, person: Person, kind: str, sentence: str) -> Script:
        before, label = person.phone.newest[-1].id, self._world.label(f"duty.add.{kind}")
        yield from person.say("/duties")
        waiting = [b.data for shown in person.phone.since(before) for b in shown.buttons if label in b.label]
        if waiting:
            yield from person.press(waiting[-1])
            yield from person.say(sentence)
            yield from person.tap("duty.done")
            self._world.done["supplement"] += 1

    def _sentence(self, rng: Random, which: str, values: dict[str, object]) -> str:
        town = self._world.town
        named = rng.choice(self._matters[-200:]).short if self._matters else ""
        given = {
            "h": rng.randint(2, 9), "n": rng.randint(4, 16), "m": rng.randint(30, 120), "k": rng.randint(1, 4),
            "village": rng.choice(town.villages).name, "topic": rng.choice(town.topics).name, "case": named,
        } | values  # fmt: skip
        words = self._world.saying.one(rng, "duties", which).format(**given)
        return words if named else re.sub("，?意见。", "。", words)

    def _write(self, person: Person, kind: str, sentence: str, rng: Random) -> Script:
        before = person.phone.newest[-1].id
        yield from person.say("/duty")
        yield from person.tap_label(self._world.label(f"duty.kind.{kind}"))
        if rng.random() < 0.15:
            yield from person.send("photo", rng.randint(1, 2))
        yield from person.say(sentence)
        yield from person.tap("duty.done")
        if rng.random() < STRUCK:
            strikes = [b.data for shown in person.phone.since(before) for b in shown.buttons if b.data[:2] == "y:"]
            if not strikes:
                raise Surprise(f"{person.phone.role}: no record but {person.phone.text[:30]!r}")
            yield from person.press(strikes[-1])
