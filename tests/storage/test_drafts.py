"""Drafts: one open a person and flow, kept for a while after they are done."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.people import Draft
from storage.store import SqlStore
from tests.storage.samples import MINUTE, NOW, person, register

DATA = {"text": "路灯坏了", "files": [{"ref": "a"}], "sure": 0.5, "village": None}


async def test_a_draft_comes_back_as_it_was(store: SqlStore) -> None:
    async with store.begin() as tx:
        who = await person(tx)
        case = await register(tx)
        made = await tx.drafts.start(who.id, "submit", "describe", DATA, NOW, case.id)
        assert made == Draft(made.id, who.id, "submit", "describe", 0, DATA, case.id)
        assert await tx.drafts.get(made.id) == made
        assert await tx.drafts.current(who.id) == made
        assert await tx.drafts.get(made.id + 1) is None
        assert await tx.drafts.current(who.id + 1) is None


async def test_a_step_is_saved(store: SqlStore) -> None:
    async with store.begin() as tx:
        who = await person(tx)
        case = await register(tx)
        made = await tx.drafts.start(who.id, "submit", "describe", DATA, NOW)
        moved = replace(made, step="village", rev=1, data={"text": "x"}, case_id=case.id)
        await tx.drafts.save(moved, NOW + MINUTE)
        assert await tx.drafts.get(made.id) == moved


async def test_the_current_draft_is_the_one_touched_last(store: SqlStore) -> None:
    async with store.begin() as tx:
        who = await person(tx)
        one = await tx.drafts.start(who.id, "submit", "a", {}, NOW)
        two = await tx.drafts.start(who.id, "reply", "a", {}, NOW + MINUTE)
        assert await tx.drafts.current(who.id) == two
        await tx.drafts.save(one, NOW + 2 * MINUTE)
        assert await tx.drafts.current(who.id) == one


async def test_a_new_draft_drops_the_open_one_of_its_flow(store: SqlStore) -> None:
    async with store.begin() as tx:
        who, other = await person(tx), await person(tx, "200")
        first = await tx.drafts.start(who.id, "submit", "a", {}, NOW)
        theirs = await tx.drafts.start(other.id, "submit", "a", {}, NOW)
        reply = await tx.drafts.start(who.id, "reply", "a", {}, NOW)
        second = await tx.drafts.start(who.id, "submit", "a", {}, NOW)
        assert await tx.drafts.get(first.id) is None
        for draft in (second, theirs, reply):
            assert await tx.drafts.get(draft.id) == draft


async def test_the_number_of_a_dropped_draft_is_not_used_again(store: SqlStore) -> None:
    async with store.begin() as tx:
        who = await person(tx)
        first = await tx.drafts.start(who.id, "submit", "a", {}, NOW)
        await tx.drafts.drop(first.id)
        assert await tx.drafts.get(first.id) is None
        assert (await tx.drafts.start(who.id, "submit", "a", {}, NOW)).id > first.id


async def test_a_person_has_one_open_draft_a_flow_however_many_start_at_once(store: SqlStore) -> None:
    async with store.begin() as tx:
        who = await person(tx)

    async def start() -> Draft:
        async with store.begin() as tx:
            return await tx.drafts.start(who.id, "submit", "a", {}, NOW)

    made = await asyncio.gather(*(start() for _ in range(6)))
    async with store.begin() as tx:
        left = [draft.id for draft in made if await tx.drafts.get(draft.id)]
        assert left == [max(draft.id for draft in made)]


async def test_a_finished_draft_is_closed_but_remembered(store: SqlStore) -> None:
    async with store.begin() as tx:
        who = await person(tx)
        case = await register(tx)
        one = await tx.drafts.start(who.id, "submit", "a", DATA, NOW)
        await tx.drafts.finish(one.id, NOW, case.id)
        assert await tx.drafts.get(one.id) is None
        assert await tx.drafts.current(who.id) is None
        assert await tx.drafts.last_finished(who.id, "submit") == replace(one, case_id=case.id)
        assert await tx.drafts.last_finished(who.id, "reply") is None
        two = await tx.drafts.start(who.id, "submit", "b", DATA, NOW, case.id)
        await tx.drafts.finish(two.id, NOW + MINUTE)
        assert await tx.drafts.last_finished(who.id, "submit") == two


async def test_clearing_drops_what_is_open_of_one_person(store: SqlStore) -> None:
    async with store.begin() as tx:
        who, other = await person(tx), await person(tx, "200")
        done = await tx.drafts.start(who.id, "submit", "a", {}, NOW)
        await tx.drafts.finish(done.id, NOW)
        await tx.drafts.start(who.id, "submit", "a", {}, NOW)
        await tx.drafts.start(who.id, "reply", "a", {}, NOW)
        theirs = await tx.drafts.start(other.id, "submit", "a", {}, NOW)
        await tx.drafts.clear(who.id)
        assert await tx.drafts.current(who.id) is None
        assert await tx.drafts.last_finished(who.id, "submit") == done
        assert await tx.drafts.get(theirs.id) == theirs


async def test_old_drafts_are_purged_open_or_not(store: SqlStore) -> None:
    async with store.begin() as tx:
        who = await person(tx)
        done = await tx.drafts.start(who.id, "submit", "a", {}, NOW)
        await tx.drafts.finish(done.id, NOW)
        await tx.drafts.start(who.id, "submit", "a", {}, NOW)
        fresh = await tx.drafts.start(who.id, "reply", "a", {}, NOW + timedelta(days=1))
        assert await tx.drafts.purge(NOW) == 0
        assert await tx.drafts.purge(NOW + MINUTE) == 2
        assert await tx.drafts.last_finished(who.id, "submit") is None
        assert await tx.drafts.get(fresh.id) == fresh
