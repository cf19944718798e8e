"""Clocks that are due, supporters, supervisions and suggestions: kept and found again, on each kind of database."""

from dataclasses import replace

import pytest

from bot.domain.cases import Rating
from bot.domain.suggestions import Entry, Side, Status, Step, Suggestion, Term, advance
from bot.domain.supervision import Supervision, SupervisionKind, SupervisionResult
from bot.ports import StaleCase
from storage.store import SqlStore
from tests.storage.samples import MINUTE, NOW, person, register


async def test_only_clocks_that_are_due_are_found_the_longest_due_first(store: SqlStore) -> None:
    async with store.begin() as tx:
        late = await register(tx, next_at=NOW - MINUTE)
        first = await register(tx, next_at=NOW - 2 * MINUTE)
        await register(tx, next_at=NOW + MINUTE)
        await register(tx)
        assert await tx.cases.due(NOW, 10) == [first.id, late.id]
        assert await tx.cases.due(NOW, 1) == [first.id]


async def test_supporters_come_and_go(store: SqlStore) -> None:
    async with store.begin() as tx:
        author, other = await person(tx, "1"), await person(tx, "2")
        case = await register(tx, author)
        await tx.cases.link(case.id, other.id, "supporter")
        assert await tx.cases.parties(case.id, "supporter") == [other.id]
        await tx.cases.unlink(case.id, other.id, "supporter")
        assert await tx.cases.parties(case.id, "supporter") == []
        assert await tx.cases.parties(case.id, "author") == [author.id]


async def test_a_mark_that_is_put_again_has_the_later_time(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.marks.put("sweep", NOW)
        await tx.marks.put("sweep", NOW + MINUTE)
        assert await tx.marks.get("sweep") == NOW + MINUTE


async def test_a_supervision_comes_back_as_it_was_and_is_counted(store: SqlStore) -> None:
    async with store.begin() as tx:
        case = await register(tx)
        blank = Supervision(0, case.id, SupervisionKind.JOINT, NOW, "office-1", "请说明", NOW + MINUTE)
        one = await tx.supervisions.add(blank)
        done = replace(
            one, deputies=("d1", "d2"), findings="已改 😊", result=SupervisionResult.DONE, closed_at=NOW + MINUTE
        )
        await tx.supervisions.save(done)
        assert await tx.supervisions.of_case(case.id) == [done]
        assert await tx.supervisions.count(NOW, NOW + MINUTE) == 1
        assert await tx.supervisions.count(NOW + MINUTE, NOW + 2 * MINUTE) == 0
        assert await tx.supervisions.between(NOW, NOW + MINUTE) == [done]


def suggestion() -> Suggestion:
    return Suggestion(
        0, "JY-2026-000001", Status.FILED, 1, "建议换灯", "d1", ("d2",), (1, 2), NOW, since=NOW, due_at=NOW + MINUTE,
        reached=1, next_at=NOW + MINUTE, handler="works", complex=True, again=True, reply="好", rating=Rating.FAIR,
    )  # fmt: skip


async def test_a_suggestion_comes_back_as_it_was_with_its_history(store: SqlStore) -> None:
    async with store.begin() as tx:
        one = await tx.suggestions.add(suggestion())
        assert await tx.suggestions.get(one.id) == one
        assert await tx.suggestions.get(one.id, lock=True) == one
        moved, entry, term = advance(one, Step.COSIGN, Side.DEPUTY, "d3", NOW, {"x": 1}, cosigners=("d2", "d3"))
        assert term is Term.SAME
        await tx.suggestions.save(moved, entry)
        assert await tx.suggestions.all() == [moved]
        assert await tx.suggestions.history(one.id) == [
            Entry(one.id, 2, NOW, "cosign", Side.DEPUTY, "d3", Status.FILED, Status.FILED, {"x": 1})
        ]
        assert await tx.suggestions.due(NOW) == []
        assert await tx.suggestions.due(NOW + MINUTE) == [moved]
        assert await tx.suggestions.get(one.id + 1) is None


async def test_a_suggestion_that_moved_on_is_not_overwritten(store: SqlStore) -> None:
    async with store.begin() as tx:
        one = await tx.suggestions.add(suggestion())
        moved, entry, _ = advance(one, Step.COSIGN, Side.DEPUTY, "d3", NOW)
        await tx.suggestions.save(moved, entry)
        with pytest.raises(StaleCase):
            await tx.suggestions.save(moved, entry)
