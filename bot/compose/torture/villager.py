"""Who writes meanwhile: villagers who submit one case after the other by numbers alone, and the office's clerk, who
orders reports; they wait as people would."""

import asyncio
import itertools
import math
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from handlers.sandbox.botapi import Phone

LEISURE = 3.0
"""Seconds between a report and the next order: each costs a process a second or so."""


class Villager:
    """`submitted` are the texts of the cases whose number came back. Each villager has a village of their own:
    alike matters of one village would be offered to be joined.
    """

    def __init__(self, phone: Phone, village: str, patience: float) -> None:
        self.phone = phone
        self.village = village
        self.submitted: list[str] = []
        self._patience = patience
        self._turns = itertools.count(1)
        self._last: int | None = None

    def stop(self, more: int = 0) -> None:
        """Finish the case at hand, and so many more."""
        self._last = len(self.submitted) + more

    async def run(self) -> None:
        """Raises TimeoutError, which shows the chat, where the bot goes silent for longer than patience bears."""
        await self.greet()
        while self._last is None or len(self.submitted) <= self._last:
            await self.submit()

    async def greet(self) -> None:
        await self.phone.start()
        await self.hear("您同意吗")
        await self.phone.press_label("✅ 同意")
        await self.hear("请说说是什么事")

    async def submit(self) -> str:
        """Bring a case in, number and all; returns its text."""
        text = await self.begin()
        await self.finish(text)
        return text

    async def begin(self) -> str:
        """Say what the matter is, and wait for the next question."""
        text = self.words()
        await self.phone.send_text(text)
        await self.hear("有照片吗")
        return text

    async def finish(self, text: str) -> None:
        await self.phone.send_text("1")
        await self.hear(f"内容：{text}")
        await self.phone.send_text("1")
        await self.hear("收到了，编号")
        self.submitted.append(text)

    def words(self) -> str:
        return f"{self.village}村口第{next(self._turns)}盏路灯坏了"

    async def hear(self, words: str) -> None:
        await self.phone.wait_for(words, self._patience)


def _is_page(message: Mapping[str, Any]) -> bool:
    return str(message.get("text", "")).startswith("【") and "inline_keyboard" in message


class Clerk:
    """Asks for the month's figures and has the report drawn up, again and again, at leisure.

    A clerk waits for ever: no process may live long enough to draw it up, until the fault is over.
    """

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Wait for what is ordered, and order no more."""
        self._stopped.set()

    async def run(self) -> None:
        while not self._stopped.is_set():
            await self._phone.send_text("/report")
            await self._phone.wait_for(_is_page, math.inf)
            await self._phone.press_label("月度报告")
            await self._phone.wait_for(lambda message: "document" in message, math.inf)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), LEISURE)
