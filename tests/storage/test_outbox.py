"""The outbox: queued once, one in flight per chat, nothing lost, nothing overtaken."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.domain.messages import Button, File, FileKind, Location, Outgoing, OutgoingKind
from bot.ports import OutboxRow, OutboxStatus
from storage.store import SqlStore
from tests.storage.samples import MINUTE, NOW, text, toast

SECOND = timedelta(seconds=1)


async def _add(store: SqlStore, *keys: str, chat: str = "1", urgent: bool = False, after: datetime = NOW) -> None:
    async with store.begin() as tx:
        for key in keys:
            message = text(chat, key)
            assert await tx.outbox.add("telegram", message, key=key, at=NOW, send_after=after, urgent=urgent)


async def _claim(store: SqlStore, now: datetime = NOW, limit: int = 10) -> list[OutboxRow]:
    async with store.begin() as tx:
        return await tx.outbox.claim("telegram", now, limit, now + MINUTE, "w1")


async def _texts(store: SqlStore, now: datetime = NOW, limit: int = 10) -> list[str]:
    return [row.message.text for row in await _claim(store, now, limit)]


async def _sent(store: SqlStore, row: OutboxRow) -> None:
    async with store.begin() as tx:
        await tx.outbox.sent(row.id, NOW, "77")


async def _statuses(store: SqlStore) -> dict[str, str]:
    async with store.begin() as tx:
        return {row.key: row.status for row in await tx.outbox.rows()}


async def test_a_message_comes_out_as_it_went_in(store: SqlStore) -> None:
    whole = Outgoing(
        OutgoingKind.FILES,
        "-100",
        "毛用，冇人理",
        ((Button("好", "c:1:open"), Button("看", url="https://example.org")),),
        (File(FileKind.PHOTO, "ref", "unique"),),
        Location(22.1, 111.2),
        "press",
        True,
        "9",
        (("start", "开始"),),
    )
    async with store.begin() as tx:
        assert await tx.outbox.add("telegram", whole, key="k", at=NOW)
    (row,) = await _claim(store)
    assert row.message == whole
    assert (row.channel, row.attempts, row.created_at) == ("telegram", 1, NOW)


async def test_a_message_with_a_known_key_is_not_queued_again(store: SqlStore) -> None:
    await _add(store, "k")
    async with store.begin() as tx:
        assert not await tx.outbox.add("telegram", text("2"), key="k", at=NOW)
        assert [row.chat for row in await tx.outbox.rows()] == ["1"]


async def test_of_many_who_queue_one_key_at_once_one_does(store: SqlStore) -> None:
    async def add() -> bool:
        async with store.begin() as tx:
            return await tx.outbox.add("telegram", text(), key="k", at=NOW)

    assert sorted(await asyncio.gather(*(add() for _ in range(10)))) == [False] * 9 + [True]


async def test_a_chat_has_one_message_in_flight(store: SqlStore) -> None:
    await _add(store, "a", "b")
    await _add(store, "c", chat="2")
    first, other = await _claim(store)
    assert (first.message.text, other.message.text) == ("a", "c")
    assert await _claim(store) == []
    await _sent(store, first)
    assert await _texts(store) == ["b"]


async def test_a_claim_takes_no_more_than_its_limit(store: SqlStore) -> None:
    for n in range(5):
        await _add(store, f"m{n}", chat=str(n))
    assert await _texts(store, limit=2) == ["m0", "m1"]
    assert await _texts(store, limit=9) == ["m2", "m3", "m4"]


async def test_urgent_messages_go_first(store: SqlStore) -> None:
    await _add(store, "plain", "later")
    await _add(store, "other", chat="2")
    await _add(store, "fire", urgent=True)
    assert await _texts(store) == ["fire", "other"]


async def test_a_message_is_not_due_before_its_time_and_holds_nobody_up(store: SqlStore) -> None:
    await _add(store, "morning", after=NOW + MINUTE)
    await _add(store, "now")
    (row,) = await _claim(store)
    assert row.message.text == "now"
    await _sent(store, row)
    assert await _claim(store, NOW + MINUTE - SECOND) == []
    assert await _texts(store, NOW + MINUTE) == ["morning"]


async def test_a_message_that_is_tried_again_keeps_its_place(store: SqlStore) -> None:
    await _add(store, "a", "b")
    (row,) = await _claim(store)
    async with store.begin() as tx:
        await tx.outbox.retry(row.id, row.attempts, NOW + MINUTE, "429")
    await _add(store, "fire", urgent=True)
    assert await _claim(store) == []  # the chat is held, for urgent ones too
    assert await _texts(store, NOW + MINUTE) == ["fire"]
    async with store.begin() as tx:
        held = (await tx.outbox.rows("1"))[0]
    assert (held.status, held.send_after, held.error) == ("queued", NOW + MINUTE, "429")


async def test_attempts_are_counted(store: SqlStore) -> None:
    await _add(store, "a")
    for attempt in (1, 2, 3):
        (row,) = await _claim(store)
        assert row.attempts == attempt
        async with store.begin() as tx:
            await tx.outbox.retry(row.id, row.attempts, NOW, "network")


async def test_a_lapsed_lease_makes_a_row_due_again(store: SqlStore) -> None:
    await _add(store, "a", "b")
    await _claim(store)
    assert await _claim(store, NOW + MINUTE - SECOND) == []
    (again,) = await _claim(store, NOW + MINUTE)
    assert (again.message.text, again.attempts) == ("a", 2)


async def test_a_sender_that_comes_late_does_not_wake_what_was_sent(store: SqlStore) -> None:
    await _add(store, "a")
    (row,) = await _claim(store)
    await _sent(store, row)
    async with store.begin() as tx:
        await tx.outbox.retry(row.id, row.attempts, NOW, "timeout")
        await tx.outbox.dead(row.id, NOW, "gone")
    assert await _statuses(store) == {"a": "sent"}


async def test_a_sender_that_comes_late_does_not_take_a_message_from_who_sends_it_now(store: SqlStore) -> None:
    await _add(store, "a")
    (frozen,) = await _claim(store)
    await _claim(store, NOW + MINUTE)
    async with store.begin() as tx:
        await tx.outbox.retry(frozen.id, frozen.attempts, NOW, "stopped")
    assert await _claim(store, NOW + MINUTE) == []
    assert await _statuses(store) == {"a": "sending"}


async def test_a_clock_that_was_turned_back_holds_nothing_up(store: SqlStore) -> None:
    hour = 60 * MINUTE
    await _add(store, "flying", chat="1")
    await _add(store, "held back", chat="2")
    rows = await _claim(store)
    async with store.begin() as tx:
        await tx.outbox.retry(rows[1].id, 1, NOW + 2 * MINUTE, "429")
    await _add(store, "due at once", chat="3")
    await _add(store, "in the morning", chat="4", after=NOW + hour)
    back = NOW - 3 * hour
    async with store.begin() as tx:
        assert await tx.outbox.turned_back("telegram", back, back + MINUTE) == 3
        assert await tx.outbox.turned_back("telegram", back, back + MINUTE) == 1  # what is due at once still is
    assert await _texts(store, back) == ["due at once"]
    assert sorted(await _texts(store, back + MINUTE)) == ["due at once", "flying", "held back"]
    assert "in the morning" in await _texts(store, NOW + hour)


async def test_a_dead_message_frees_its_chat(store: SqlStore) -> None:
    await _add(store, "a", "b")
    (row,) = await _claim(store)
    async with store.begin() as tx:
        await tx.outbox.dead(row.id, NOW, "403")
    assert await _texts(store) == ["b"]
    assert await _statuses(store) == {"a": "dead", "b": "sending"}


async def test_toasts_do_not_wait_and_hold_nobody_up(store: SqlStore) -> None:
    await _add(store, "a", "b")
    (row,) = await _claim(store)
    async with store.begin() as tx:
        for key in ("t1", "t2"):
            await tx.outbox.add("telegram", toast(), key=key, at=NOW)
    assert await _texts(store) == ["noted", "noted"]
    await _sent(store, row)
    assert await _texts(store) == ["b"]


async def test_channels_do_not_see_each_other(store: SqlStore) -> None:
    await _add(store, "a")
    async with store.begin() as tx:
        await tx.outbox.add("web", text("1", "w"), key="w", at=NOW)
        assert [row.message.text for row in await tx.outbox.claim("web", NOW, 9, NOW + MINUTE, "w")] == ["w"]
    assert await _texts(store) == ["a"]


async def test_unsent_messages_follow_a_group_to_its_new_id(store: SqlStore) -> None:
    await _add(store, "sent")
    (row,) = await _claim(store)
    await _sent(store, row)
    await _add(store, "a", "b")
    await _add(store, "c", chat="2")
    async with store.begin() as tx:
        await tx.outbox.add("telegram", toast(), key="t", at=NOW)
        await tx.outbox.add("web", text("1", "w"), key="w", at=NOW)
        await tx.outbox.move_chat("telegram", "1", "-100")
    found = [(row.message.text, row.message.chat) for row in await _claim(store)]
    assert found == [("a", "-100"), ("c", "2"), ("noted", "-100")]
    async with store.begin() as tx:
        assert [row.key for row in await tx.outbox.rows("1")] == ["sent", "w"]


async def test_rows_tell_how_each_message_stands(store: SqlStore) -> None:
    await _add(store, "a")
    await _add(store, "b", chat="2")
    async with store.begin() as tx:
        (row,) = await tx.outbox.rows("2")
        assert row == OutboxStatus(row.id, "2", "queued", "b", text("2", "b"), NOW, None)
        assert [row.key for row in await tx.outbox.rows()] == ["a", "b"]
        assert await tx.outbox.rows("3") == []


class TestNextDue:
    async def _next(self, store: SqlStore) -> datetime | None:
        async with store.begin() as tx:
            return await tx.outbox.next_due("telegram")

    async def test_nothing_is_due_when_nothing_is_there(self, store: SqlStore) -> None:
        assert await self._next(store) is None
        await _add(store, "a")
        (row,) = await _claim(store)
        await _sent(store, row)
        assert await self._next(store) is None

    async def test_it_is_the_earliest_time(self, store: SqlStore) -> None:
        await _add(store, "b", after=NOW + 2 * MINUTE)
        await _add(store, "a", chat="2", after=NOW + MINUTE)
        assert await self._next(store) == NOW + MINUTE

    async def test_it_is_the_lease_while_a_message_is_in_flight(self, store: SqlStore) -> None:
        await _add(store, "a", "b")
        await _claim(store)
        assert await self._next(store) == NOW + MINUTE  # b is due, but must wait

    async def test_it_is_the_end_of_a_chats_hold(self, store: SqlStore) -> None:
        await _add(store, "a", "b")
        (row,) = await _claim(store)
        async with store.begin() as tx:
            await tx.outbox.retry(row.id, row.attempts, NOW + 3 * MINUTE, "429")
        assert await self._next(store) == NOW + 3 * MINUTE

    async def test_other_channels_have_no_say(self, store: SqlStore) -> None:
        await _add(store, "a")
        async with store.begin() as tx:
            assert await tx.outbox.next_due("web") is None


async def test_many_senders_keep_one_in_flight_per_chat(store: SqlStore) -> None:
    for chat in range(4):
        await _add(store, *(f"{chat}.{n}" for n in range(8)), chat=str(chat))
    flying: set[str] = set()
    sent: dict[str, list[str]] = {str(chat): [] for chat in range(4)}

    async def send() -> None:
        while sum(map(len, sent.values())) < 32:
            async with store.begin() as tx:
                rows = await tx.outbox.claim("telegram", NOW, 2, NOW + MINUTE, "w")
            for row in rows:
                assert row.message.chat not in flying
                flying.add(row.message.chat)
            for row in rows:
                await asyncio.sleep(0.001)
                sent[row.message.chat].append(row.message.text)
                flying.remove(row.message.chat)
                await _sent(store, row)
            await asyncio.sleep(0)

    await asyncio.gather(*(send() for _ in range(5)))
    assert sent == {str(chat): [f"{chat}.{n}" for n in range(8)] for chat in range(4)}


class TestTwoSendersAtOnce:
    """Only PostgreSQL has two transactions at once."""

    @pytest.mark.parametrize("urgent", [True, False])
    async def test_a_message_that_comes_in_between_does_not_join_the_one_in_flight(
        self, shared_store: SqlStore, urgent: bool
    ) -> None:
        await _add(shared_store, "early", after=NOW + SECOND)
        await _add(shared_store, "a")

        async def claim(now: datetime) -> list[str]:
            return await _texts(shared_store, now)

        async with shared_store.begin() as one:
            first = await one.outbox.claim("telegram", NOW, 5, NOW + MINUTE, "w1")
            await _add(shared_store, "between", urgent=urgent)
            second = asyncio.create_task(claim(NOW + SECOND))
            await asyncio.sleep(0.05)
            assert not second.done()  # it waits to see what the first one took
        assert [row.message.text for row in first] == ["a"]
        assert await second == []

    async def test_a_row_that_is_being_marked_sent_is_not_claimed_though_its_lease_lapsed(
        self, shared_store: SqlStore
    ) -> None:
        await _add(shared_store, "a")
        (row,) = await _claim(shared_store)
        async with shared_store.begin() as late:
            await late.outbox.sent(row.id, NOW, "5")
            assert await _claim(shared_store, NOW + 2 * MINUTE) == []
        assert await _claim(shared_store, NOW + 2 * MINUTE) == []
