"""Fetches updates by long polling: all of a batch into the inbox first, only then on to the next."""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.ports import Clock, RawUpdate, Store, StoreTrouble
from handlers.telegram.errors import TokenRejectedError, as_timedelta
from handlers.telegram.raw import WANTED, raw_update

_LOG = logging.getLogger(__name__)

_MARGIN = 10.0  # seconds that an answer may come later than the long poll's end
_LONGEST_PAUSE = 60.0
_LONGEST_STORE_PAUSE = 15.0
_BATCH = 100
_CONFLICT = (
    "Telegram refuses getUpdates (%s). Somebody else uses this bot's token: another running copy of this program, "
    "or a webhook. Stop the other one, or set the receiving mode to webhook. Trying again in %.0f s"
)


class Polling:
    """One a bot: Telegram allows no second.

    `url`: the bot's base URL, token included. `new_request` makes a pool of connections: a fresh one is taken after
    `silence` seconds without a good poll, for a poll can die without a word. `on_stored` is called after each
    commit that brought something. A poll waits at Telegram for up to `wait` seconds.
    """

    def __init__(
        self,
        store: Store,
        url: str,
        new_request: Callable[[], BaseRequest],
        clock: Clock,
        on_stored: Callable[[], None],
        *,
        wait: float = 30.0,
        silence: float = 90.0,
        first_pause: float = 1.0,
    ) -> None:
        self._store = store
        self._url = url
        self._new_request = new_request
        self._clock = clock
        self._on_stored = on_stored
        self._wait = wait
        self._silence = silence
        self._first_pause = first_pause
        self._request = new_request()
        self._offset: int | None = None
        self._fresh_at = 0.0  # when the connections were new or last good, in the event loop's seconds
        self.last_good: datetime | None = None  # when Telegram last answered and the answer was stored

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set. Raises TokenRejectedError."""
        polling = asyncio.create_task(self._forever())
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({polling, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            polling.cancel()
            await asyncio.wait({polling})
            await self.close()
        if not polling.cancelled():
            polling.result()

    async def close(self) -> None:
        """Give the connections back; `run` does so at its end."""
        await self._request.shutdown()

    async def poll_once(self) -> int:
        """One getUpdates; returns how many updates were new. Raises TelegramError, or what the store raises."""
        answer = await self._get_updates()
        updates, last = _sorted_out(answer)
        stored = 0
        if updates:
            stored = await self._store.work(lambda tx: tx.inbox.add(updates, self._clock.now()))
        # Asking from `offset` on is what tells Telegram to forget the earlier ones: not before they are ours.
        if last is not None:
            self._offset = last + 1
        self._fresh_at = asyncio.get_running_loop().time()
        self.last_good = self._clock.now()
        if stored:
            self._on_stored()
        return stored

    async def _get_updates(self) -> list[Any]:
        query: dict[str, Any] = {
            "timeout": int(self._wait),
            "limit": _BATCH,
            "allowed_updates": json.dumps(WANTED),
        }
        if self._offset is not None:
            query["offset"] = self._offset
        # Not `Bot.get_updates`: one malformed update makes it fail for ever.
        answer = await self._request.post(
            f"{self._url}/getUpdates?{urlencode(query)}", read_timeout=self._wait + _MARGIN
        )
        if not isinstance(answer, list):
            raise TelegramError("getUpdates did not answer with a list")
        return answer

    async def _forever(self) -> None:
        self._fresh_at = asyncio.get_running_loop().time()
        failures = 0
        while True:
            pause = min(self._first_pause * 2 ** min(failures, 20), _LONGEST_PAUSE)
            try:
                async with asyncio.timeout(self._silence):
                    await self.poll_once()
                failures = 0
                continue
            except InvalidToken:
                raise TokenRejectedError from None
            except RetryAfter as error:
                pause = as_timedelta(error.retry_after).total_seconds()
                _LOG.warning("Telegram wants no getUpdates for %.0f s", pause)
            except Conflict as error:
                _LOG.error(_CONFLICT, error, pause)
            except (TelegramError, TimeoutError) as error:
                _LOG.warning("getUpdates failed, again in %.0f s: %s", pause, error or type(error).__name__)
            except StoreTrouble as error:
                pause = min(pause, _LONGEST_STORE_PAUSE)
                _LOG.error("Updates cannot be stored (%s); they stay with Telegram. Again in %.0f s", error, pause)
            except Exception:
                _LOG.exception("Updates could not be stored; they stay with Telegram. Again in %.0f s", pause)
            failures += 1
            await self._renew_if_silent()
            await asyncio.sleep(pause)

    async def _renew_if_silent(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._fresh_at >= self._silence:
            _LOG.warning("No good getUpdates for %.0f s: taking new connections", now - self._fresh_at)
            old, self._request = self._request, self._new_request()
            self._fresh_at = now
            await old.shutdown()


def _sorted_out(answer: list[Any]) -> tuple[list[RawUpdate], int | None]:
    """What can be stored, and the highest update_id of all."""
    updates = []
    for update in answer:
        try:
            updates.append(raw_update(update))
        except ValueError as error:
            _LOG.error("Telegram sent something that is no update: %s", error)
    if answer and not updates:
        raise TelegramError("getUpdates brought nothing that can be told apart")
    return updates, max((update.key for update in updates), default=None)
