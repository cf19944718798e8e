"""Counts the year over again another way: rates from the histories alone, registers against the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.authority import owners
from bot.domain.duties import DutyKind
from bot.domain.machine import OPEN_STATES, RATED
from bot.domain.periods import Period
from bot.domain.rates import outcome_of, rates, replayed
from bot.domain.sheets import REGISTERS
from bot.domain.standing import standing
from bot.ports import CaseFilter
from bot.usecases.case_registers import HANDING
from bot.usecases.ledger import Ledger
from bot.usecases.registers import ACTIVITIES, draw_up

EVERY = 10_000_000
LATER = {"party": ("答复日", DutyKind.PARTY), "activities": ("落实日", DutyKind.INSPECTION)}
"""The columns that say when something came of a record, with the kind of record that has them."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The tables' own counts for the period: see `storage.tallies`."""

    cases: Mapping[str, int]
    events: Mapping[str, int]
    duties: Mapping[str, int]
    members: Mapping[str, int]
    supplemented: Mapping[str, int]
    suggestions: Mapping[str, int]
    supervisions: int
    diverted: int


async def recount(ledger: Ledger, period: Period, counts: Counts, now: datetime) -> list[str]:
    """A line for each figure that comes out differently, and for each case that is not as it must be."""
    since, until = period.moments(ledger.town.zone)
    cases = await ledger.tx.cases.find(CaseFilter(since=since, until=until, limit=EVERY))
    acting = standing(ledger.town, await ledger.tx.people.holders(), await ledger.tx.leaves.open(), now).acting
    wrong = [f"{case.number}: a step of its clock was missed" for case in cases if case.next_at and case.next_at <= now]
    orphans = [case for case in cases if case.state in OPEN_STATES and not owners(ledger.town, case, acting)]
    wrong += [f"{case.number}: nobody has it" for case in orphans]
    told = [replayed(case.number, await ledger.tx.cases.events(case.id)) for case in cases]
    if rates(told) != rates(map(outcome_of, cases)):
        wrong.append("rates: the histories tell other ones")
    for name, wanted in _rows(counts).items():
        rows = (await draw_up(ledger, REGISTERS[name], period)).rows
        if name == "voters":
            rows = [row for row in rows if row[4] is not None]  # the others are deputies who have not reported yet
        if len(rows) != wanted:
            wrong.append(f"register {name}: {len(rows)} rows, {wanted} in the tables")
    for name, (column, kind) in LATER.items():
        register = REGISTERS[name]
        at = register.headers.index(column)
        rows = (await draw_up(ledger, register, period)).rows
        found, wanted = sum(row[at] is not None for row in rows), counts.supplemented.get(kind, 0)
        if found != wanted:
            wrong.append(f"register {name}, {column}: {found} rows, {wanted} in the tables")
    return wrong


def _rows(counts: Counts) -> dict[str, int]:
    """How many rows each register must have. Projects are the one register that sums its records up."""

    def duties(*kinds: str) -> int:
        return sum(counts.duties.get(kind, 0) for kind in kinds)

    return {
        "cases": sum(counts.cases.values()),
        "handling": sum(counts.events.get(action, 0) for action in HANDING),
        "ratings": sum(counts.events.get(action, 0) for action in RATED),
        "supervision": counts.supervisions,
        "suggestions": sum(counts.suggestions.values()),
        "reception": duties("reception", "visit"),
        "activities": duties(*ACTIVITIES),
        "party": duties("party"),
        "meetings": duties("meeting"),
        "referrals": duties("referral") + counts.diverted,
        "elections": duties("election"),
        "voters": counts.members.get("voters", 0),
    }
