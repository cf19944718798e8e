"""The whole bot, killed (-9) at any moment while villagers submit: no word lost, no case created twice."""

import asyncio
import itertools
import json
from collections import Counter
from pathlib import Path

import aiohttp
import pytest

from bot.ports import CaseFilter
from handlers.sandbox.botapi import BotApiServer, Phone
from storage.migrate import migrate
from storage.store import open_store
from tests.support.chat import sample
from tests.support.kills import kill_loop
from tests.support.stores import KEYS
from tests.telegram.test_kill import free_port

KILLS = 60
VILLAGERS = range(1001, 1007)
PARALLEL = 8  # sends that one process has in flight at most


class Villager:
    """Submits one case after the other by numbers alone, and waits as a person would."""

    def __init__(self, phone: Phone, village: str, submitted: list[str], numbers: "itertools.count[int]") -> None:
        self._phone = phone
        self._village = village  # each their own: alike matters of one village would be offered to be joined
        self._submitted = submitted
        self._numbers = numbers
        self._stop = False

    def stop(self) -> None:
        """Finish the case at hand, and no other."""
        self._stop = True

    async def run(self) -> None:
        await self._phone.start()
        await self._phone.wait_for("您同意吗", 90)
        await self._phone.press_label("✅ 同意")
        await self._phone.wait_for("请说说是什么事", 90)
        while not self._stop:
            text = f"{self._village}村口第{next(self._numbers)}盏路灯坏了"
            await self._phone.send_text(text)
            await self._phone.wait_for("有照片吗", 90)
            await self._phone.send_text("1")
            await self._phone.wait_for(f"内容：{text}", 90)
            await self._phone.send_text("1")
            await self._phone.wait_for("收到了，编号", 90)
            self._submitted.append(text)


@pytest.mark.kill
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_sixty_kills_lose_no_word_and_double_no_case(mode: str, tmp_path: Path) -> None:
    server, port = BotApiServer(), free_port()
    for user_id in VILLAGERS:
        server.add_user(user_id, f"村民{user_id}")
    server.webhook.first_pause, server.webhook.longest_pause = 0.02, 0.1
    await server.start()
    root = server.base_url.removesuffix("/bot")
    database = f"sqlite:{tmp_path / 'town.sqlite'}"
    await migrate(database)
    hook = {"public_url": f"http://127.0.0.1:{port}", "listen_port": port}
    changes = {
        "storage": {"url": database},
        "telegram": {"mode": mode, "base_url": root, "webhook": hook},
    }
    submitted: list[str] = []
    unnoted: list[int] = []
    read = 0

    def sent(after: int) -> list[str]:
        """Texts that phones got, once for each time: chat and text tell each message of this test apart."""
        return [
            f"{entry['params']['chat_id']}:{entry['params']['text']}"
            for entry in server.log[after:]
            if entry.get("method") == "sendMessage" and entry["status"] == 200
        ]

    async def noted() -> Counter[str]:
        store = await open_store(database, KEYS)
        try:
            async with store.begin() as tx:
                rows = await tx.outbox.rows()
        finally:
            await store.close()
        return Counter(f"{row.chat}:{row.message.text}" for row in rows if row.status == "sent")

    async def after_kill() -> None:
        nonlocal read
        await asyncio.sleep(0.02)
        if server.log[read:]:
            lost_notes = Counter(sent(0)) - await noted()
            unnoted.append(sum(lost_notes.values()))
            read = len(server.log)

    async with aiohttp.ClientSession() as session:
        numbers = itertools.count(1)
        villages = [village.name for village in sample()[0].town.villages]
        villagers = [
            Villager(Phone(root, id_, session), village, submitted, numbers)
            for id_, village in zip(VILLAGERS, villages, strict=False)
        ]
        running = [asyncio.create_task(villager.run()) for villager in villagers]

        async def settled() -> None:
            for villager in villagers:
                villager.stop()
            await asyncio.gather(*running)

        await kill_loop(
            ["tests.story.kill_child:main", server.token, json.dumps(changes)],
            kills=KILLS,
            log=tmp_path / "log",
            seed=2,
            life=(0.2, 2.4),
            after_kill=after_kill,
            settled=settled,
        )
    await server.stop()
    store = await open_store(database, KEYS)
    async with store.begin() as tx:
        cases = await tx.cases.find(CaseFilter(limit=100_000))
        assert await tx.inbox.waiting() == 0
        assert await tx.inbox.parked() == []
        histories = [[event.action for event in await tx.cases.events(case.id)] for case in cases]
    await store.close()
    got, wanted = Counter(sent(0)), await noted()
    twins = sum((got - wanted).values())
    print(f"{mode}: {len(cases)} cases, {twins} twins at {KILLS} kills")
    assert sorted(case.text for case in cases) == sorted(submitted), "lost, doubled or made up"
    assert len({case.number for case in cases}) == len(cases)
    assert sorted(int(case.number[-6:]) for case in cases) == list(range(1, len(cases) + 1))
    assert all(history == ["register"] for history in histories)
    assert len(cases) >= 10, "the kills left no room for work"
    assert twins <= PARALLEL * KILLS
    assert not unnoted or max(b - a for a, b in itertools.pairwise([0, *unnoted])) <= PARALLEL
