"""Who stands behind a case because their own was merged into it, and who stands back when the two are parted."""

from collections.abc import Iterable

from bot.domain.cases import Case
from bot.domain.machine import State
from bot.ports import CaseFilter
from bot.usecases.desk import Desk


async def behind(desk: Desk, case: Case) -> list[int]:
    """The author, as long as they are known, and whoever joined."""
    author = await desk.tx.cases.author(case.id)
    return [*([author] if author else []), *await desk.tx.cases.parties(case.id, "supporter")]


async def stand_behind(desk: Desk, people: Iterable[int], into: Case) -> None:
    """They hear how it ends. Nobody stands behind a case of their own: they hear of that anyway."""
    author = await desk.tx.cases.author(into.id)
    for person in people:
        if person != author:
            await desk.tx.cases.link(into.id, person, "supporter")


async def stand_back(desk: Desk, people: Iterable[int], into_id: int) -> None:
    """They are told of it no more, but for those of whom another case is merged into it as well."""
    for person in people:
        if not await _has_another(desk, person, into_id):
            await desk.tx.cases.unlink(into_id, person, "supporter")


async def _has_another(desk: Desk, person: int, into_id: int) -> bool:
    merged = frozenset({State.MERGED})
    own = await desk.tx.cases.find(CaseFilter(author=person, states=merged))
    joined = await desk.tx.cases.find(CaseFilter(supporter=person, states=merged))
    return any(case.merged_into == into_id for case in (*own, *joined))
