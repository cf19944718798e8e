"""A Bot API server that answers getUpdates as a strict one never would: malformed, cut short, or not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

HANG = object()


class OddServer:
    """Gives `answers` one after the other: JSON `result`s, raw text, an HTTP status, or HANG; then empty lists."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.queries: list[dict[str, str]] = []
        self.url = ""

    async def _answer(self, request: web.Request) -> web.Response:
        self.queries.append(dict(request.query))
        answer = self._answers.pop(0) if self._answers else []
        if answer is HANG:
            await asyncio.sleep(3600)
        if isinstance(answer, str):
            return web.Response(text=answer)
        if isinstance(answer, int):
            return web.json_response({"ok": False, "error_code": answer, "description": "no"}, status=answer)
        if not answer:
            await asyncio.sleep(0.01)  # as a long poll that found nothing
        return web.json_response({"ok": True, "result": answer})

    @asynccontextmanager
    async def running(self) -> AsyncIterator["OddServer"]:
        application = web.Application()
        application.router.add_route("*", "/{tail:.*}", self._answer)
        server = TestServer(application)
        await server.start_server(shutdown_timeout=0.1)
        self.url = str(server.make_url("/bot1:x"))
        try:
            yield self
        finally:
            await server.close()
