"""A whole sandbox in this process, with phones that speak to it over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.compose.sandbox import DEPUTY, HEAD, OFFICE, VILLAGERS, Sandbox
from handlers.sandbox.botapi.phone import Phone


@dataclass
class Playground:
    sandbox: Sandbox
    url: str
    session: aiohttp.ClientSession
    phones: dict[int, Phone] = field(default_factory=dict)

    def phone(self, user_id: int) -> Phone:
        return self.phones.setdefault(user_id, Phone(self.url, user_id, self.session))

    @property
    def villager(self) -> Phone:
        return self.phone(VILLAGERS[0][0])

    @property
    def deputy(self) -> Phone:
        return self.phone(DEPUTY)

    @property
    def head(self) -> Phone:
        return self.phone(HEAD)

    @property
    def office(self) -> Phone:
        return self.phone(OFFICE)

    async def push_to(self, wall: str) -> None:
        """Push the town's clock forward to the next time it shows `wall`."""
        async with self.session.post(f"{self.url}/clock", json={"to_next": wall}) as answer:
            answer.raise_for_status()

    async def get(self, path: str) -> Any:
        async with self.session.get(self.url + path) as answer:
            return await answer.json()


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Playground]:
    sandbox = Sandbox(tmp_path)
    try:
        url = await sandbox.open()
        async with aiohttp.ClientSession() as session:
            yield Playground(sandbox, url, session)
    finally:
        await sandbox.close()
