"""Delivery of updates to the bot's webhook: in order within a chat, again and again until the bot takes them."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from handlers.sandbox.botapi.errors import violation
from handlers.sandbox.botapi.journal import Journal
from handlers.sandbox.botapi.updates import Pending, Updates
from handlers.sandbox.botapi.world import Json

__all__ = ["Webhook"]

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not a secret


class Webhook:
    """The webhook, if one is set. Pauses and `timeout` are real seconds; a pause doubles after each failure."""

    first_pause: float = 0.5
    longest_pause: float = 30.0
    timeout: float = 30.0

    def __init__(self, updates: Updates, journal: Journal, now: Callable[[], int]) -> None:
        self._updates, self._journal, self._now = updates, journal, now
        self.url = ""
        self.on_reply: Callable[[Json], Awaitable[None]] | None = None
        self._secret: str | None = None
        self._ip: str | None = None
        self._connections = asyncio.Semaphore(40)
        self._max_connections = 40
        self._certificate = False
        self._error: tuple[int, str] | None = None
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    async def set(self, params: dict[str, Any]) -> bool:
        """setWebhook. Raises 400 for an address or a secret that Telegram would not take."""
        url = params.get("url", "")
        secret = params.get("secret_token")
        connections = params.get("max_connections", 40)
        if url:
            _check_address(url)
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise violation("secret_token", "secret token contains unallowed characters")
        if not 1 <= connections <= 100:
            raise violation("max_connections", "max_connections must be between 1 and 100")
        self._updates.allow(params.get("allowed_updates"))
        await self.unset(drop=params.get("drop_pending_updates", False))
        if url:
            self._updates.interrupt("setWebhook request")
        self.url, self._secret, self._ip = url, secret, params.get("ip_address")
        self._certificate = "certificate" in params
        self._max_connections, self._connections = connections, asyncio.Semaphore(connections)
        self.kick()
        return True

    async def unset(self, drop: bool) -> bool:
        """deleteWebhook: waits until the deliveries under way have ended."""
        self.url, self._error = "", None
        lanes, self._lanes = list(self._lanes.values()), {}
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
        session, self._session = self._session, None  # at once: somebody else may begin anew while we close it
        if session is not None:
            await session.close()
        if drop:
            self._updates.queue.clear()
        return True

    def info(self) -> Json:
        """WebhookInfo."""
        info: Json = {
            "url": self.url,
            "has_custom_certificate": self._certificate,
            "pending_update_count": len(self._updates.queue),
        }
        if self.url:
            info["max_connections"] = self._max_connections
            info["ip_address"] = self._ip or "127.0.0.1"
        if self._error:
            info["last_error_date"], info["last_error_message"] = self._error
        if self._updates.allowed:
            info["allowed_updates"] = self._updates.allowed
        return info

    def kick(self) -> None:
        """Start a delivery for every chat that has something waiting and none under way."""
        if not self.url:
            return
        for lane in {pending.lane for pending in self._updates.queue}:
            if lane not in self._lanes:
                self._lanes[lane] = asyncio.create_task(self._deliver_lane(lane))

    async def _deliver_lane(self, lane: int) -> None:
        pause = self.first_pause
        while pending := next((each for each in self._updates.queue if each.lane == lane), None):
            async with self._connections:
                problem = await self._deliver(pending)
            if problem is None:
                self._updates.remove(pending)
                pause = self.first_pause
                continue
            self._error = self._now(), problem
            await asyncio.sleep(pause)
            pause = min(pause * 2, self.longest_pause)
        self._lanes.pop(lane, None)

    async def _deliver(self, pending: Pending) -> str | None:
        """One attempt; what went wrong, or None."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(self.timeout))
        headers = {SECRET_HEADER: self._secret} if self._secret else {}
        status, problem, reply = None, None, None
        try:
            async with self._session.post(self.url, json=pending.update, headers=headers) as response:
                status = response.status
                if not 200 <= status < 300:
                    problem = f"Wrong response from the webhook: {status} {response.reason}"
                elif response.content_type == "application/json":
                    reply = await response.json()
        except TimeoutError:
            problem = "Read timeout expired"
        except (aiohttp.ClientError, ValueError):
            problem = "Connection refused" if status is None else "Wrong response from the webhook"
        self._journal.delivery(pending.update, status, problem, self._now())
        if isinstance(reply, dict) and "method" in reply and self.on_reply is not None:
            await self.on_reply(reply)
        return problem


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname and _is_loopback(parts.hostname):
        return  # as a local Bot API server allows
    if parts.scheme != "https" or not parts.hostname:
        raise violation("webhook_url", "bad webhook: An HTTPS URL must be provided for webhook")
    if parts.port not in (None, 443, 80, 88, 8443):
        raise violation("webhook_url", "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
