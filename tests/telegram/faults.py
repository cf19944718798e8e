"""Asks the Bot API server for failures, and reads its log."""

from typing import Any

import aiohttp

from handlers.sandbox.botapi import BotApiServer


async def fail(server: BotApiServer, kind: str, method: str = "sendMessage", **more: Any) -> None:
    """The next call (`times` calls) of `method` fails so."""
    url = server.base_url.removesuffix("/bot") + "/faults"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json={"method": method, "kind": kind, "times": 1, **more}) as answer,
    ):
        answer.raise_for_status()


def calls(server: BotApiServer, *methods: str) -> list[dict[str, Any]]:
    """The parameters of each call of these methods (of all but getMe), oldest first."""
    found = [entry for entry in server.log if "method" in entry and entry["method"] != "getMe"]
    return [entry["params"] for entry in found if not methods or entry["method"] in methods]


def methods(server: BotApiServer) -> list[str]:
    return [entry["method"] for entry in server.log if entry.get("method", "getMe") != "getMe"]
