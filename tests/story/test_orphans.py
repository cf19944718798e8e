"""Random histories of people who come, go, are away, stand in, recuse themselves: no open case is ever nobody's."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.dialogue.matter import Submission, Words
from bot.domain.authority import owners, parts_in, present, told
from bot.domain.cases import Case
from bot.domain.machine import OPEN_STATES, IllegalMove
from bot.domain.people import Person
from bot.domain.spans import Span
from bot.domain.suggestions import NEEDS_LEAD, NotNow
from bot.domain.topics import Flag
from bot.ports import CaseFilter
from bot.usecases import absence, recusing, registering, seats, silence, suggesting, working
from bot.usecases.desk import Desk
from bot.usecases.digests import my_queue
from bot.usecases.duties import today
from bot.usecases.handing_over import NEXT, OFFICE, STATION
from bot.usecases.moving import NotFoundError, parts_of
from bot.usecases.recusing import REASONS, AloneError
from bot.usecases.seats import NotAllowedError
from bot.usecases.standing import stand_ins, standing
from tests.support.chat import CHANNEL, LocalTown, local_town

STATION_SEATS = ("shilong-1", "shilong-2", "shilong-3", "shilong-head", "shilong-vice", "shilong-liaison")
OFFICE_SEATS = ("office-1", "office-2")
SEATS = (*STATION_SEATS, *OFFICE_SEATS)
PEOPLE = tuple(f"p{number}" for number in range(7))
ADMIN, VILLAGER = "admin", "villager"
REFUSALS = (IllegalMove, NotFoundError, NotAllowedError, AloneError, NotNow)

people = st.sampled_from(PEOPLE)
seat_ids = st.sampled_from(SEATS)
numbers = st.integers(1, 4)


class Orphans(RuleBasedStateMachine):
    """More people than seats at first; a person may sit on several, and a seat may be empty."""

    @initialize(held=st.lists(people, min_size=len(SEATS), max_size=len(SEATS)))
    def open_town(self, held: list[str]) -> None:
        self.folder = TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.town = local_town(Path(self.folder.name))
        self.place: LocalTown = self.run(self.town.__aenter__())
        self.people: dict[str, Person] = {}
        self.turn = self.count = 0

        async def begin() -> None:
            async with self.place.store.begin() as tx:
                now = self.place.clock.now()
                for name in (*PEOPLE, ADMIN, VILLAGER):
                    self.people[name] = await tx.people.add(CHANNEL, name, name, "zh-CN", now)
                for seat, name in (*zip(SEATS, held, strict=True), ("admin", ADMIN)):
                    await tx.people.appoint(seat, self.people[name].id, now)

        self.run(begin())
        for place in ("shilong", "shilong", None):
            self.register(place, sealed=False)
        self.register("shilong", sealed=True)

    def run(self, coroutine: Any) -> Any:
        return self.loop.run_until_complete(coroutine)

    def teardown(self) -> None:
        if hasattr(self, "place"):
            self.run(self.town.__aexit__(None, None, None))
            self.loop.close()
            self.folder.cleanup()

    def at_desk(self, use: Callable[[Desk], Awaitable[Any]]) -> None:
        async def do() -> None:
            self.turn += 1
            try:
                async with self.place.store.begin() as tx:
                    await use(self.place.desk_for(tx, self.place.clock.now(), f"turn:{self.turn}"))
            except REFUSALS:
                pass

        self.run(do())

    def register(self, village: str | None, *, sealed: bool) -> None:
        data = Submission(
            words=(Words(message_id="1", text="路灯坏了"),),
            village=village,
            topic="roads",
            flags=frozenset({Flag.SEALED} if sealed else ()),
        )
        self.at_desk(lambda desk: registering.register(desk, self.people[VILLAGER], data))
        self.count += 1

    @rule(who=people, number=numbers, reason=st.sampled_from(REASONS))
    def somebody_recuses_themselves(self, who: str, number: int, reason: str) -> None:
        self.at_desk(lambda desk: recusing.recuse(desk, self.people[who], number, reason))

    @rule(by=people, who=people, number=numbers)
    def the_office_recuses_somebody(self, by: str, who: str, number: int) -> None:
        self.at_desk(lambda desk: recusing.recuse(desk, self.people[by], number, "asked", self.people[who].id))

    @rule(by=people, who=people, number=numbers)
    def a_recusal_is_taken_back(self, by: str, who: str, number: int) -> None:
        self.at_desk(lambda desk: recusing.readmit(desk, self.people[by], number, self.people[who].id))

    @rule(number=numbers, seat=seat_ids)
    def the_villager_does_not_want_somebody(self, number: int, seat: str) -> None:
        self.at_desk(lambda desk: recusing.wish(desk, self.people[VILLAGER], number, seat))

    @rule(seat=seat_ids, days=st.integers(1, 9), ahead=st.integers(0, 3), choice=st.integers(0, 9))
    def somebody_goes_on_leave(self, seat: str, days: int, ahead: int, choice: int) -> None:
        async def go(desk: Desk) -> None:
            held, wanted = desk.town.seat(seat), (await standing(desk)).holders.get(seat)
            person = next((p for p in self.people.values() if p.id == wanted), None)
            if held and person:
                names = [other.id for other in await stand_ins(desk, held)]
                by = [*names, None][choice % (len(names) + 1)]
                first = today(desk) + timedelta(days=ahead)
                await absence.go(desk, person, Span(first, first + timedelta(days=days)), [(seat, by)])

        self.at_desk(go)

    @rule(who=people, seat=seat_ids)
    def somebody_comes_back(self, who: str, seat: str) -> None:
        self.at_desk(lambda desk: absence.come_back(desk, self.people[who], seat))

    @rule(seat=seat_ids, to=st.sampled_from([NEXT, STATION, OFFICE, *STATION_SEATS]), keep=st.booleans())
    def somebody_leaves_for_good_or_hands_over(self, seat: str, to: str, keep: bool) -> None:
        use = seats.hand_over_seat if keep else seats.withdraw_seat
        self.at_desk(lambda desk: use(desk, self.people[ADMIN], seat, to))

    @rule(seat=seat_ids, who=people)
    def a_seat_is_taken(self, seat: str, who: str) -> None:
        self.at_desk(lambda desk: desk.tx.people.appoint(seat, self.people[who].id, desk.now))

    @rule(seat=seat_ids)
    def somebody_is_gone_without_a_word(self, seat: str) -> None:
        self.at_desk(lambda desk: desk.tx.people.end(seat, desk.now, "left the roster"))

    @rule(seat=seat_ids)
    def what_is_silent_is_handed_over(self, seat: str) -> None:
        self.at_desk(lambda desk: silence.pass_silent(desk, self.people[ADMIN], seat))

    @rule(
        who=people, number=numbers, what=st.sampled_from(["take", "hand_up", "send_back", "village", "raise", "file"])
    )
    def somebody_works(self, who: str, number: int, what: str) -> None:
        person = self.people[who]
        use: dict[str, Callable[[Desk], Awaitable[Any]]] = {
            "take": lambda desk: working.take(desk, person, number),
            "hand_up": lambda desk: working.hand_up(desk, person, number, "要镇里办"),
            "send_back": lambda desk: working.send_back(desk, person, number, "请办"),
            "village": lambda desk: working.transfer(desk, person, number, village="shilong"),
            "raise": lambda desk: recusing.take_up(desk, person, number),
            "file": lambda desk: suggesting.file(desk, person, number, "建议换灯"),
        }
        self.at_desk(use[what])

    @rule(days=st.sampled_from([1, 4, 12]))
    def time_passes_and_the_sweep_runs(self, days: int) -> None:
        self.place.clock.push(days=days)
        self.run(self.place.sweep.once())
        self.check(swept=True)

    @invariant()
    def nobody_is_left_alone(self) -> None:
        if hasattr(self, "place"):
            self.check(swept=False)

    def check(self, *, swept: bool) -> None:
        async def look() -> None:
            async with self.place.store.begin() as tx:
                desk = self.place.desk_for(tx, self.place.clock.now(), "look")
                cases = await tx.cases.find(CaseFilter(states=OPEN_STATES))
                for case in cases:
                    await self.is_somebodys(desk, case)
                    await self.is_nothing_to_the_recused(desk, case)
                    if swept and case.deputy:
                        assert case.deputy in await tx.people.holders(), "an orphan"
                held = await tx.people.holders()
                for one in await tx.suggestions.all():
                    lost = one.status in NEEDS_LEAD and one.lead not in held
                    assert not (swept and lost) or not any(s in held for s in ("shilong-1", "shilong-2", "shilong-3"))

        self.run(look())

    async def is_somebodys(self, desk: Desk, case: Case) -> None:
        """Whoever has the next move acts now and is not recused, and each of them finds it in their own queue.

        Only where nobody at the office may have it, by recusal or because nobody is there, the administrator is told.
        """
        now = await standing(desk)
        found = [person for person, _ in owners(desk.town, case, now.acting)]
        may = present(case, now.acting)
        if not found:
            assert not any(seat in may for seat in OFFICE_SEATS)
            return
        for person_id in found:
            assert person_id in now.acting.values()
            person = await desk.tx.people.get(person_id)
            assert person
            assert (await my_queue(desk, person)).open > 0
            assert await parts_of(desk, case, person)
        assert set(found) & {person for person, _ in told(desk.town, case, now.acting, office=True)}

    async def is_nothing_to_the_recused(self, desk: Desk, case: Case) -> None:
        now = await standing(desk)
        for person_id in case.recused:
            assert parts_in(desk.town, case, person_id, now) == []
            for office in (True, False):
                assert person_id not in [p for p, _ in told(desk.town, case, now.acting, office=office)]
                assert person_id not in [p for p, _ in owners(desk.town, case, now.acting, office=office)]


Orphans.TestCase.settings = settings(
    max_examples=int(os.environ.get("XIANGYIN_HISTORIES", "8")),
    stateful_step_count=25,
    deadline=timedelta(seconds=30),
    suppress_health_check=list(HealthCheck),
)
TestOrphans = Orphans.TestCase
