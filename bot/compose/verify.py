"""Checks every history, of cases and of suggestions: each step chained to the one before, the record to the last."""

from bot.compose.stores import open_town_store
from bot.config import Settings
from bot.domain.cases import broken_at
from bot.domain.suggestions import broken_at as chain_of_suggestion
from bot.ports import CaseFilter


async def verify(settings: Settings) -> tuple[int, int, list[str]]:
    """Cases with suggestions, and steps; a line for each history that does not hold. Raises WrongRevisionError."""
    store = await open_town_store(settings, alone=True)
    cases = events = 0
    wrong: list[str] = []
    try:
        async with store.begin() as tx:
            for case in (await tx.cases.find(CaseFilter(limit=10_000_000)))[::-1]:
                history = await tx.cases.events(case.id)
                cases, events = cases + 1, events + len(history)
                if (at := broken_at(case, history)) is not None:
                    wrong.append(f"{case.number}: 第 {at} 步对不上 / step {at} does not hold")
            for one in (await tx.suggestions.all())[::-1]:
                entries = await tx.suggestions.history(one.id)
                cases, events = cases + 1, events + len(entries)
                if (at := chain_of_suggestion(one, entries)) is not None:
                    wrong.append(f"{one.number}: 第 {at} 步对不上 / step {at} does not hold")
    finally:
        await store.close()
    return cases, events, wrong
