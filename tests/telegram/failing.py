"""A store whose first transactions cannot be committed, as on a full disk."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from bot.ports import Store, Tx

T = TypeVar("T")


class FailingStore:
    """The first `failures` transactions do their work and then fail to commit; the others are as `store`'s."""

    def __init__(self, store: Store, failures: int) -> None:
        self._store = store
        self.left = failures

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        async with self._store.begin() as tx:
            yield tx
            if self.left:
                self.left -= 1
                raise OSError("no space left on device")

    async def work(self, act: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        async with self.begin() as tx:
            return await act(tx)

    async def look(self, act: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        return await self._store.look(act)

    async def close(self) -> None:
        await self._store.close()
