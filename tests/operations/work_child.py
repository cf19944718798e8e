"""One replica that works the inbox of a shared database, made to be killed at any moment."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from tests.support.chat import local_town, sample


def main(arguments: Sequence[str]) -> None:
    """Arguments: the database's URL, a folder."""
    asyncio.run(_work(arguments[0], Path(arguments[1])))


async def _work(url: str, folder: Path) -> None:
    async with local_town(folder, url=url) as place:
        await place.worker.run(asyncio.Event(), pause=0.02)


sample()[1].warm_up()
