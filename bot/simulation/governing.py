"""The office changes the configuration while the bot runs: limits, holidays, words, the roster; and goes back."""

from datetime import date, time

from bot.domain.town import Role, Seat
from bot.simulation.person import Person
from bot.simulation.staff import Staff
from bot.simulation.world import Script, Surprise, Until, World

AT = time(15, 20)


class Governing:
    def __init__(self, world: World, staff: Staff) -> None:
        self._world, self._staff = world, staff

    def plan(self, year: int) -> None:
        """A new seat with somebody on it, a shorter limit that is taken back, a landmark, hours, a text."""
        station = self._world.town.stations[len(self._world.town.stations) // 2]
        head = self._world.town.seats_at(station.id, (Role.STATION_HEAD,))[0]
        village = self._world.town.villages[1].name
        accept, quiet = self._world.label("setting.limits.accept"), self._world.label("setting.quiet")
        parts = {part: self._world.label(f"settings.part.{part}") for part in ("limits", "times", "places", "people")}
        field = self._world.label("field.village.landmarks")
        for month, day, *answers in (
            (1, 8, parts["places"], village, field, "加 新桥头"),
            (2, 10, parts["limits"], accept, "2天"),
            (5, 6, parts["times"], quiet, "21:00到7:30"),
        ):
            self._world.play(self._change(date(year, month, day), *answers))
        self._world.play(self._go_back(date(year, 4, 7)))
        deputy = self._world.label("role.deputy")
        adding = (parts["people"], station.name, self._world.label("settings.add.seat"), deputy, "曾新桂")
        self._world.play(self._new_seat(date(year, 7, 2), head, *adding))

    def _change(self, day: date, *answers: str) -> Script:
        yield Until(self._world.at(day, AT))
        office = self._staff.office()
        yield from office.alone(self._walk(office, *answers))

    def _walk(self, office: Person, *answers: str) -> Script:
        """Tap what is offered, write what is not; look at what it would do, say why, do it."""
        yield from office.say("/settings")
        for answer in answers:
            if any(answer in button.label for button in office.phone.question):
                yield from office.tap_label(answer)
            else:
                yield from office.say(answer)
        yield from office.tap("settings.do_reason")
        yield from office.say(self._world.saying.one(self._world.random(), "office", "why"))
        yield from office.tap("settings.do_do")
        self._world.done["amendment"] += 1

    def _go_back(self, day: date) -> Script:
        """The newest change, with one tap; who, when and what stands in the list."""
        yield Until(self._world.at(day, AT))
        office = self._staff.office()
        yield from office.alone(self._undo(office))

    def _undo(self, office: Person) -> Script:
        yield from office.say("/settings")
        yield from office.tap("settings.part.history")
        if not (found := office.offered(r"cfg:back:\d+")):
            raise Surprise(f"office: nothing to go back to at {office.phone.text[:30]!r}")
        yield from office.press(max(found, key=lambda data: int(data.rsplit(":", 1)[1])))
        self._world.done["amendment"] += 1

    def _new_seat(self, day: date, head: Seat, *answers: str) -> Script:
        """Added, then invited by its name in the list of its station's seats."""
        yield from self._change(day, *answers)
        office = self._staff.office()
        yield from office.alone(self._staff.invite_newest(office, head))
