"""What registers and reports are drawn from: one transaction's records in the town's own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.dialogue.compose import NOWHERE
from bot.domain.cases import Case, Rating, Solved
from bot.domain.duties import Duty, DutyKind
from bot.domain.machine import Action
from bot.domain.periods import Period
from bot.domain.suggestions import Suggestion
from bot.domain.supervision import Supervision
from bot.domain.text import Text
from bot.domain.town import Town
from bot.ports import Tx
from bot.ports.ledgers import CaseRecord, DutyFilter, EventRecord
from bot.texts.catalogue import REFERENCE, Catalogue

RATINGS = {Rating.SATISFIED: "满意", Rating.FAIR: "基本满意", Rating.DISSATISFIED: "不满意"}
SOLVED = {Solved.YES: "是", Solved.PARTLY: "部分", Solved.NO: "否"}


@dataclass(frozen=True, slots=True)
class Ledger:
    """Reads of one transaction. `station` and `seat` narrow everything to one station or one deputy."""

    tx: Tx
    town: Town
    texts: Catalogue
    station: str | None = None
    seat: str | None = None

    @property
    def whose(self) -> str:
        """The name of the station or the deputy that this is narrowed to; empty for the whole town."""
        name = self.station_name(self.station) if self.station else self.seat_name(self.seat)
        return name.split("（")[0]

    async def cases(self, period: Period) -> list[CaseRecord]:
        """Those that came in during the period."""
        found = await self.tx.registers.cases(*period.moments(self.town.zone))
        return [record for record in found if self._mine(record.case)]

    async def events(self, period: Period, actions: Sequence[str]) -> list[EventRecord]:
        """What was done during the period, also to older cases."""
        found = await self.tx.registers.events(*period.moments(self.town.zone), actions)
        return [record for record in found if self._mine(record.case)]

    async def diversions(self, period: Period) -> list[EventRecord]:
        """The cases that were sent elsewhere during the period: to a court, the petition office, 纪检 …"""
        found = await self.events(period, [Action.REFUSE])
        return [record for record in found if record.event.data.get("where", NOWHERE) != NOWHERE]

    async def duties(self, period: Period, *kinds: DutyKind) -> list[Duty]:
        wanted = DutyFilter(period.first, period.end, kinds, seat=self.seat, station=self.station)
        return await self.tx.duties.find(wanted)

    async def supervisions(self, period: Period) -> list[tuple[Supervision, Case]]:
        """Those opened during the period, each with its case; of a deputy, those that they took part in."""
        found: list[tuple[Supervision, Case]] = []
        for one in await self.tx.supervisions.between(*period.moments(self.town.zone)):
            case = await self.tx.cases.get(one.case_id)
            mine = self.seat is None or self.seat in one.deputies
            if case and mine and self.station in (None, case.station):
                found.append((one, case))
        return found

    async def suggestions(self, period: Period) -> list[Suggestion]:
        """Those filed during the period, oldest first; of a deputy, those that they lead or signed."""
        since, until = period.moments(self.town.zone)
        found = [one for one in await self.tx.suggestions.all() if since <= one.filed_at < until]
        return [one for one in reversed(found) if self._ours((one.lead, *one.cosigners))]

    async def suggestion_numbers(self) -> dict[int, str]:
        """By case id, the suggestions that were distilled from it."""
        found: dict[int, list[str]] = {}
        for one in reversed(await self.tx.suggestions.all()):
            for case_id in one.cases:
                found.setdefault(case_id, []).append(one.number)
        return {case_id: "、".join(numbers) for case_id, numbers in found.items()}

    def _ours(self, seats: Sequence[str]) -> bool:
        stations = {seat.station for one in seats if (seat := self.town.seat(one))}
        return (self.seat is None or self.seat in seats) and (self.station is None or self.station in stations)

    def _mine(self, case: Case) -> bool:
        return (self.station in (None, case.station)) and (self.seat in (None, case.deputy))

    def say(self, text: Text) -> str:
        return self.texts.render(REFERENCE, text)

    def local(self, moment: datetime) -> datetime:
        """The town's time, without its zone."""
        return moment.astimezone(self.town.zone).replace(tzinfo=None, microsecond=0)

    def seat_name(self, seat_id: str | None) -> str:
        return self.town.name_of("seat", seat_id)

    def station_name(self, station_id: str | None) -> str:
        return self.town.name_of("station", station_id) or self.town.office_name

    def handler_name(self, handler_id: str) -> str:
        return self.town.name_of("handler", handler_id)

    def village_name(self, village_id: str | None) -> str:
        return self.town.name_of("village", village_id)

    def topic_name(self, topic_id: str | None) -> str:
        return self.town.name_of("topic", topic_id)

    def subtopic_name(self, subtopic_id: str | None) -> str:
        return self.town.name_of("subtopic", subtopic_id)
