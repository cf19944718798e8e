"""Checks every case's history: each event chained to the one before, and the case to the last."""

from bot.compose.stores import open_town_store
from bot.config import Settings
from bot.domain.cases import broken_at
from bot.ports import CaseFilter


async def verify(settings: Settings) -> tuple[int, int, list[str]]:
    """Cases and events looked at, and a line for each history that does not hold. Raises WrongRevisionError."""
    store = await open_town_store(settings)
    cases = events = 0
    wrong: list[str] = []
    try:
        async with store.begin() as tx:
            for case in (await tx.cases.find(CaseFilter(limit=10_000_000)))[::-1]:
                history = await tx.cases.events(case.id)
                cases, events = cases + 1, events + len(history)
                if (at := broken_at(case, history)) is not None:
                    wrong.append(f"{case.number}: 第 {at} 步对不上 / step {at} does not hold")
    finally:
        await store.close()
    return cases, events, wrong
