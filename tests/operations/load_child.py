"""A bot at work on a full inbox, made to be killed while it is backed up."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from tests.operations.updates import lamp, update_of
from tests.support.chat import local_town, sample


def main(arguments: Sequence[str]) -> None:
    """Arguments: the database's URL, a folder."""
    asyncio.run(_work(arguments[0], Path(arguments[1])))


async def _work(url: str, folder: Path) -> None:
    async with local_town(folder, url=url) as place:
        for chat in range(4):
            await place.client(f"v{chat}").agree()
        for turn in range(100_000):
            async with place.store.begin() as tx:
                said = [(chat, text) for chat in range(4) for text in (lamp(place, chat, turn), "1", "1")]
                updates = [update_of(place, f"v{chat}", text) for chat, text in said]
                await tx.inbox.add(updates, place.clock.now())
            await place.worker.drain()


sample()[1].warm_up()
