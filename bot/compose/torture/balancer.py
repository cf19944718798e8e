"""What stands before several replicas: each new connection goes to the next one that takes it."""

import asyncio
import contextlib
from collections.abc import Sequence

_PIECE = 64 * 1024


class Balancer:
    """Passes bytes between whoever connects to `port` and one of the replicas; `cut` breaks all of them at once."""

    def __init__(self, replicas: Sequence[int]) -> None:
        self._replicas = list(replicas)
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        self.cut()

    def cut(self) -> int:
        """Break every connection wherever it stands; how many there were."""
        lines = list(self._lines)
        for line in lines:
            line.transport.abort()
        return len(lines) // 2

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        try:
            if there := await self._next_replica():
                self._lines.add(there[1])
                try:
                    await asyncio.gather(_pass_on(reader, there[1]), _pass_on(there[0], writer))
                finally:
                    self._lines.discard(there[1])
                    there[1].close()
        except ConnectionError:
            pass
        finally:
            self._lines.discard(writer)
            writer.close()

    async def _next_replica(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self._replicas:
            port = self._replicas.pop(0)
            self._replicas.append(port)
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until one side ends; then the other side is told."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    writer.close()
