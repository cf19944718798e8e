"""What the office and the stations ask and tell everybody, and what villagers make of it: votes, or no more of it."""

from datetime import date, time
from random import Random

from bot.domain.polls import PollKind
from bot.domain.town import Role
from bot.simulation.person import Person
from bot.simulation.staff import Staff
from bot.simulation.villagers import Villagers
from bot.simulation.world import Script, Surprise, Until, World

ASKED_AT, TOLD_AT = time(9, 30), time(10, 10)
ANSWERING = 0.35
"""How many of those who get a question answer it."""
TIRED = 0.004
"""How many turn announcements off when one comes."""
POLLS = ((3, PollKind.OPINION), (6, PollKind.SATISFACTION), (9, PollKind.OPINION), (12, PollKind.SATISFACTION))


class Outreach:
    def __init__(self, world: World, staff: Staff, villagers: Villagers, activity: float) -> None:
        self._world, self._staff, self._villagers, self._activity = world, staff, villagers, activity

    def plan(self, year: int) -> None:
        rng = self._world.random()
        for month, kind in POLLS:
            self._world.play(self._poll(date(year, month, 5), kind, self._world.random()))
        for month in range(1, 13):
            if rng.random() < 0.7 * self._activity:
                self._world.play(self._announce(date(year, month, rng.randint(2, 26)), None, self._world.random()))
            for station in self._world.town.stations:
                if rng.random() < 0.06 * self._activity:
                    head = self._world.town.seats_at(station.id, (Role.STATION_HEAD,))[0].id
                    self._world.play(self._announce(date(year, month, rng.randint(2, 26)), head, self._world.random()))

    def _announce(self, day: date, seat: str | None, rng: Random) -> Script:
        """By the office to the town or some villages, by a station's head to its own."""
        yield Until(self._world.at(day, TOLD_AT))
        person = self._staff.present(seat) if seat else self._staff.office(rng)
        if person is None:
            return
        yield from person.alone(self._write(person, rng, office=seat is None))
        self._world.done["announcement"] += 1
        yield self._world.home_hour(rng)
        for villager in self._villagers.known:
            if rng.random() < TIRED:
                yield from villager.alone(self._no_more(villager))

    def _write(self, person: Person, rng: Random, *, office: bool) -> Script:
        yield from person.say("/announce")
        yield from person.say(
            self._world.saying.one(rng, "office", "announcements" if office else "station_announcements")
        )
        if person.sees("villages.all"):
            yield from self._choose_places(person, rng)
        yield from person.tap("announce.send")

    def _choose_places(self, person: Person, rng: Random) -> Script:
        if rng.random() < 0.5:
            yield from person.tap("villages.all")
            return
        for village in rng.sample(self._world.town.villages, 3):
            yield from person.tap_label(village.name)
        yield from person.tap("villages.done")

    def _no_more(self, villager: Person) -> Script:
        if not villager.phone.blocked:
            yield from villager.say("/notices")
            if villager.sees("notices.off"):
                yield from villager.tap("notices.off")

    def _poll(self, day: date, kind: PollKind, rng: Random) -> Script:
        """A week for an answer; the office looks at what came of it."""
        yield Until(self._world.at(day, ASKED_AT))
        office = self._staff.office()
        yield from office.alone(self._ask(office, kind, rng))
        poll = office.offered(r"u:\d+:close")
        if not poll:
            raise Surprise(f"office: no poll but {office.phone.text[:30]!r}")
        self._world.done["poll"] += 1
        id_ = poll[-1].split(":")[1]
        yield self._world.home_hour(rng)
        for villager in self._villagers.known:
            offered = villager.offered(rf"u:{id_}:\d+")
            if offered and rng.random() < ANSWERING and not villager.phone.blocked:
                self._world.play(self._vote(villager, rng.choice(offered), rng.randint(0, 5), self._world.random()))
        yield self._world.desk_hour(rng, 8)
        yield from office.alone(office.say("/polls"))

    def _vote(self, villager: Person, choice: str, days: int, rng: Random) -> Script:
        yield self._world.home_hour(rng, days)
        yield from villager.alone(villager.press(choice))
        self._world.done.update(("vote", "voter"))

    def _ask(self, office: Person, kind: PollKind, rng: Random) -> Script:
        yield from office.say("/poll")
        yield from office.tap(f"poll.kind_{kind}")
        if kind is PollKind.OPINION:
            which = rng.randrange(len(self._world.saying.all("office", "questions")))
            yield from office.say(self._world.saying.all("office", "questions")[which])
            yield from office.say(self._world.saying.all("office", "choices")[which])
        else:
            yield from office.tap_label(self._world.label("poll.year", year=self._world.today().year))
        yield from office.tap("villages.all")
        yield from office.tap_label(self._world.label("poll.so_many_days", days=7))
        yield from office.tap("poll.send")
