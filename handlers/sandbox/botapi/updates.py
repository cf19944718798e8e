"""The queue of updates that the bot has not confirmed, and the long poll that hands them out."""

import asyncio
from dataclasses import dataclass
from typing import Any

from handlers.sandbox.botapi.errors import ApiError, violation
from handlers.sandbox.botapi.world import Json

__all__ = ["KINDS", "Pending", "Updates"]

_KINDS_WORDS = (
    "message edited_message channel_post edited_channel_post business_connection business_message "
    "edited_business_message deleted_business_messages guest_message message_reaction "
    "message_reaction_count inline_query chosen_inline_result callback_query shipping_query "
    "pre_checkout_query purchased_paid_media poll poll_answer my_chat_member chat_member "
    "chat_join_request chat_boost removed_chat_boost managed_bot subscription "
    "stopped_message_generation"
)
KINDS = frozenset(_KINDS_WORDS.split())
_ON_REQUEST = frozenset(("chat_member", "message_reaction", "message_reaction_count"))
_FIRST_ID = 700_000_001


@dataclass(frozen=True)
class Pending:
    """An update that waits; `lane` is the chat (or person) within which order matters."""

    update: Json
    lane: int

    @property
    def id(self) -> int:
        return int(self.update["update_id"])


class Updates:
    """Kept until confirmed. One getUpdates at a time: a later one ends the earlier."""

    def __init__(self) -> None:
        self.queue: list[Pending] = []
        self.allowed: list[str] | None = None
        self.acknowledged: list[int] = []  # the ids of those that the bot has confirmed, each once, in that order
        self._next_id = _FIRST_ID
        self._waiter: asyncio.Future[str | None] | None = None

    def allow(self, kinds: list[str] | None) -> None:
        """Set which kinds are kept from now on; None leaves it as it is, an empty list means the usual ones."""
        if kinds is None:
            return
        if unknown := sorted(set(kinds) - KINDS):
            raise violation("allowed_updates", f"unknown update types: {', '.join(unknown)}")
        self.allowed = list(kinds) or None

    def add(self, kind: str, body: Json, lane: int) -> bool:
        """Queue an update; False where the bot did not ask for its kind."""
        wanted = kind in self.allowed if self.allowed else kind not in _ON_REQUEST
        if not wanted:
            return False
        self.queue.append(Pending({"update_id": self._next_id, kind: body}, lane))
        self._next_id += 1
        self._wake(None)
        return True

    def confirm(self, offset: int) -> None:
        """Forget every update before `offset`; a negative one counts from the end."""
        kept = self.queue[offset:] if offset < 0 else [pending for pending in self.queue if pending.id >= offset]
        self.acknowledged += [pending.id for pending in self.queue[: len(self.queue) - len(kept)]]
        self.queue = kept

    def remove(self, pending: Pending) -> None:
        """Forget one (the webhook took it)."""
        kept = [each for each in self.queue if each.id != pending.id]
        if len(kept) < len(self.queue):
            self.acknowledged.append(pending.id)
        self.queue = kept

    def interrupt(self, by: str) -> None:
        """End a waiting getUpdates with 409."""
        self._wake(f"Conflict: terminated by {by}")

    def release(self) -> None:
        """End a waiting getUpdates with what there is, because the server stops."""
        self._wake(None)

    async def poll(self, params: dict[str, Any]) -> list[Json]:
        """getUpdates. Raises 409 when another one comes, 400 for values out of range."""
        limit, timeout = params.get("limit", 100), params.get("timeout", 0)
        if not 1 <= limit <= 100:
            raise violation("limit", "limit must be between 1 and 100")
        if not 0 <= timeout <= 50:
            raise violation("timeout", "timeout must be between 0 and 50")
        self.interrupt("other getUpdates request; make sure that only one bot instance is running")
        self.allow(params.get("allowed_updates"))
        if params.get("offset"):
            self.confirm(params["offset"])
        if not self.queue and timeout:
            await self._wait(timeout)
        return [pending.update for pending in self.queue[:limit]]

    async def _wait(self, seconds: float) -> None:
        waiter: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._waiter = waiter
        try:
            await asyncio.wait([waiter], timeout=seconds)
        finally:
            if self._waiter is waiter:
                self._waiter = None
        if waiter.done() and (conflict := waiter.result()):
            raise ApiError(409, conflict)

    def _wake(self, conflict: str | None) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(conflict)
            self._waiter = None
