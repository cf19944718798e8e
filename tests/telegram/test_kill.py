"""Killed (-9) at any moment, again and again, the bot loses no update and handles none twice."""

import asyncio
import itertools
import socket
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from handlers.sandbox.botapi import BotApiServer, Phone
from handlers.telegram.bot_factory import Connection, build_bot
from handlers.telegram.webhook import open_webhook
from storage.store import open_store
from tests.support.kills import kill_loop
from tests.support.stores import KEYS
from tests.telegram.kill_child import SECRET

KILLS = 50
PEOPLE = range(1001, 1007)
PARALLEL = 8  # sends that one process has in flight at most


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    playing = BotApiServer()
    for user_id in PEOPLE:
        playing.add_user(user_id, f"村民{user_id}")
    playing.webhook.first_pause, playing.webhook.longest_pause = 0.02, 0.1
    await playing.start()
    yield playing
    await playing.stop()


@dataclass
class Witness:
    """Watches from outside what was said, what was answered, and what the killed processes had noted."""

    server: BotApiServer
    store_file: Path
    said: list[str] = field(default_factory=list)
    unnoted: list[int] = field(default_factory=list)
    kills_amid: int = 0
    hush: bool = False
    _read: int = 0

    async def talk(self, session: aiohttp.ClientSession) -> None:
        """People send numbered messages, one after the other, until `hush`."""
        url = self.server.base_url.removesuffix("/bot")
        phones = itertools.cycle([Phone(url, user_id, session) for user_id in PEOPLE])
        for number in itertools.count():
            if self.hush:
                return
            await next(phones).send_text(f"m{number}")
            self.said.append(f"m{number}")
            await asyncio.sleep(0.03)

    def echoes(self, after: int = 0) -> list[str]:
        """The texts that were answered, once for each time, from entry `after` of the log on."""
        return [
            entry["params"]["text"].removeprefix("echo ")
            for entry in self.server.log[after:]
            if entry.get("method") == "sendMessage" and entry["status"] == 200
        ]

    async def after_kill(self) -> None:
        """Count the sends that the dead process had made and not noted: each may come again, and no other."""
        await asyncio.sleep(0.02)  # what it had put on the wire still arrives
        sent, self._read = self.echoes(self._read), len(self.server.log)
        noted = await self.noted()
        self.unnoted.append(sum(text not in noted for text in set(sent)))
        self.kills_amid += bool(set(self.said) - noted)

    async def noted(self) -> set[str]:
        store = await open_store(f"sqlite:{self.store_file}", KEYS)
        try:
            async with store.begin() as tx:
                rows = await tx.outbox.rows()
            return {row.message.text.removeprefix("echo ") for row in rows if row.status == "sent"}
        finally:
            await store.close()

    async def settled(self) -> None:
        """Until everything said is answered and noted, or nothing has been for far longer than a lease lasts."""
        loop = asyncio.get_running_loop()
        best, since = -1, loop.time()
        while loop.time() < since + 15:
            done = len(set(self.said) & await self.noted())
            if done == len(self.said):
                return
            if done > best:
                best, since = done, loop.time()
            await asyncio.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.timeout(180)
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_fifty_kills_lose_nothing_and_double_nothing(
    mode: str, server: BotApiServer, store_file: Path, tmp_path: Path
) -> None:
    port = free_port()
    if mode == "webhook":
        async with build_bot(Connection(server.token, server.base_url)) as bot:
            await open_webhook(bot, f"http://127.0.0.1:{port}/telegram", SECRET)
    witness = Witness(server, store_file)
    doubles, log = tmp_path / "doubles", tmp_path / "log"
    database = f"sqlite:{store_file}"
    async with aiohttp.ClientSession() as session:
        talking = asyncio.create_task(witness.talk(session))

        async def settled() -> None:
            witness.hush = True
            await talking
            await witness.settled()

        await kill_loop(
            ["tests.telegram.kill_child:main", mode, server.base_url, server.token, database, str(port), str(doubles)],
            kills=KILLS,
            log=log,
            seed=1,
            after_kill=witness.after_kill,
            settled=settled,
        )
    answered = Counter(witness.echoes())
    twins = sum(answered.values()) - len(answered)
    print(f"{mode}: {len(witness.said)} said, {twins} twins, {sum(witness.unnoted)} sends unnoted at {KILLS} kills")
    assert set(answered) == set(witness.said), "lost or made up"
    assert not doubles.exists(), "handled twice"
    assert twins <= sum(witness.unnoted)
    assert max(witness.unnoted) <= PARALLEL
    assert witness.kills_amid > KILLS / 2, "the kills missed the work"
    assert len(witness.said) > KILLS
