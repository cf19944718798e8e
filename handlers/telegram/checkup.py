"""Asks Telegram how it sees us: the token, the webhook, and the time there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from handlers.telegram.bot_factory import Connection, guard_logs


class CheckupError(Exception):
    """Telegram could not be asked. `refused`: it answered, and the token is not right."""

    def __init__(self, why: str, *, refused: bool = False) -> None:
        super().__init__(why)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Checkup:
    """`skew`: by how many seconds this machine is ahead of Telegram. `webhook`: the address set there, or ''."""

    username: str
    skew: float
    webhook: str
    pending: int
    last_error: str


async def check_up(connection: Connection) -> Checkup:
    """Raises CheckupError, which never names the token."""
    guard_logs(connection.token)
    root = f"{connection.base_url}{connection.token}"
    try:
        async with httpx.AsyncClient(timeout=connection.read_timeout, proxy=connection.proxy) as client:
            me, at = await _ask(client, f"{root}/getMe")
            hook, _ = await _ask(client, f"{root}/getWebhookInfo")
    except (httpx.HTTPError, ValueError) as error:
        raise CheckupError(type(error).__name__) from None
    return Checkup(
        username=str(me.get("username", "")),
        skew=(datetime.now(UTC) - at).total_seconds() if at else 0.0,
        webhook=str(hook.get("url", "")),
        pending=int(hook.get("pending_update_count", 0)),
        last_error=str(hook.get("last_error_message", "")),
    )


async def _ask(client: httpx.AsyncClient, url: str) -> tuple[dict[str, Any], datetime | None]:
    answer = await client.post(url)
    plain = answer.json()
    if not plain.get("ok"):
        raise CheckupError(str(plain.get("description", answer.status_code)), refused=answer.status_code in (401, 404))
    date = answer.headers.get("date")
    return plain["result"], parsedate_to_datetime(date) if date else None
