"""Who is kept out is asked once in a transaction; what the transaction itself changes is known in it at once."""

from datetime import timedelta

from bot.domain.abuse import Block, account_hash
from storage.store import SqlStore
from tests.storage.samples import NOW, register

HOUR = timedelta(hours=1)


async def test_who_is_kept_out_is_known_at_once_and_for_as_long_as_it_lasts(store: SqlStore) -> None:
    account, other = account_hash("telegram", "1"), account_hash("telegram", "2")
    async with store.begin() as tx:
        office = await tx.people.add("telegram", "9", "9", "zh-CN", NOW)
        case = await register(tx)
        assert await tx.blocks.current(account, NOW) is None
        for hours in (2, 1):
            await tx.blocks.add(Block(0, account, case.id, f"{hours}", office.id, NOW, NOW + hours * HOUR))
            held = await tx.blocks.current(account, NOW)
            assert held is not None
            assert held.reason == "2"  # the one that holds longest
        assert await tx.blocks.current(other, NOW) is None
        assert await tx.blocks.current(account, NOW + 2 * HOUR) is None
    async with store.begin() as tx:
        assert await tx.blocks.current(account, NOW + HOUR) is not None
        assert await tx.blocks.lift(account, office.id, NOW + HOUR) == 1
        assert await tx.blocks.current(account, NOW + HOUR) is None
