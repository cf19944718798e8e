"""Leaves and supporters' consents: kept and found again, on each kind of database."""

from dataclasses import replace

from bot.domain.cases import Consent
from bot.domain.standing import Leave
from storage.store import SqlStore
from tests.storage.samples import MINUTE, NOW, person, register


async def test_a_leave_is_open_until_it_is_ended_once(store: SqlStore) -> None:
    async with store.begin() as tx:
        one = await person(tx)
        leave = await tx.leaves.add(Leave(0, "d1", one.id, "d2", NOW, NOW + MINUTE, one.id, NOW))
        nobody = await tx.leaves.add(replace(leave, id=0, stand_in=None))
        assert await tx.leaves.open() == [leave, nobody]
        assert await tx.leaves.end(leave.id, NOW)
        assert not await tx.leaves.end(leave.id, NOW)
        assert await tx.leaves.open() == [nobody]


async def test_what_a_supporter_says_last_counts_and_goes_with_them(store: SqlStore) -> None:
    async with store.begin() as tx:
        one, two = await person(tx, "1"), await person(tx, "2")
        case = await register(tx)
        await tx.board_consents.put(case.id, one.id, Consent.ASKED, NOW)
        await tx.board_consents.put(case.id, two.id, Consent.AGREED, NOW)
        await tx.board_consents.put(case.id, one.id, Consent.REFUSED, NOW + MINUTE)
        assert await tx.board_consents.of(case.id) == {two.id: Consent.AGREED, one.id: Consent.REFUSED}
        await tx.people.forget(two.id, NOW)
        assert await tx.board_consents.of(case.id) == {one.id: Consent.REFUSED}
