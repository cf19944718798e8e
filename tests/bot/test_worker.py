"""The worker: a poison update is parked and the rest go on; order holds in a chat; a digest goes out once."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.ports import RawUpdate
from bot.sweep import Sweep
from bot.worker import Worker
from tests.support.chat import CHANNEL, ChatClient, LocalTown, LocalTranslator


async def put(place: LocalTown, key: int, chat: str, raw: str) -> None:
    async with place.store.begin() as tx:
        await tx.inbox.add([RawUpdate(CHANNEL, key, chat, raw)], place.clock.now())


@pytest.mark.parametrize("raw", ["", "{", "[]", '{"kind":"message"}', '{"kind":"nonsense"}', "null", "\u0000"])
async def test_a_poison_update_is_parked_and_the_rest_go_on(place: LocalTown, villager: ChatClient, raw: str) -> None:
    admin = await place.staff("admin", "admin")
    key = next(place.keys)
    await put(place, key, "v1", raw)
    await villager.say("我们石龙村的路灯坏了半个月")
    assert "有照片吗" in await villager.last()
    async with place.store.begin() as tx:
        [(row, error)] = await tx.inbox.parked()
        assert await tx.inbox.waiting() == 0
    assert row.update.key == key
    assert error
    assert "系统出了点问题" in (await villager.news())[-2]
    assert "已搁置" in await admin.last()


async def test_what_a_failed_update_had_begun_is_undone(place: LocalTown, villager: ChatClient) -> None:
    """The photo's file kind is unknown only after the person was found: nothing of that row may stay."""
    await put(place, 901, "v2", json.dumps({"kind": "message", "account": "v2", "files": [["hologram", "1", "1"]]}))
    await place.worker.drain()
    async with place.store.begin() as tx:
        assert await tx.people.find(CHANNEL, "v2") is None


async def test_after_a_long_silence_answers_are_not_taken_for_old_ones(place: LocalTown, villager: ChatClient) -> None:
    """The old rows are deleted, and the database may then give their ids again."""
    await villager.say("/help")
    place.clock.push(days=60)
    await place.sweep.once()
    await villager.news()
    for words in ("/help", "/mine", "/help"):
        await villager.say(words)
        assert await villager.news(), words


async def test_a_handled_update_is_forgotten(place: LocalTown, villager: ChatClient, tmp_path: Path) -> None:
    await villager.say("我们石龙村的路灯坏了半个月，密语词")
    await villager.say("/new")
    await villager.tap("重新写")
    async with place.store.begin() as tx:
        assert await tx.inbox.waiting() == 0
        assert await tx.inbox.claim(10) == []


async def test_old_messages_are_deleted_and_new_ones_kept(place: LocalTown, villager: ChatClient) -> None:
    async def told() -> list[str]:
        async with place.store.begin() as tx:
            now = place.clock.now()
            while rows := await tx.outbox.claim(CHANNEL, now, 100, now, "test"):
                for row in rows:
                    await tx.outbox.sent(row.id, now, "1")
        await place.sweep.once()
        return [message.text for message in await villager.all()]

    assert await told()
    place.clock.push(days=29)
    await villager.say("/help")
    assert len(await told()) > 1
    place.clock.push(days=2)
    [text] = await told()
    assert "乡音怎么用" in text


async def test_a_chats_messages_are_handled_in_order(place: LocalTown, villager: ChatClient) -> None:
    plain = {"channel": CHANNEL, "account": "v1", "chat": "v1", "private": True, "kind": "message"}
    plain["at"] = place.clock.now().isoformat()
    async with place.store.begin() as tx:
        updates = [
            RawUpdate(
                CHANNEL, 1000 + n, "v1", json.dumps(plain | {"text": f"石龙村第{n}盏路灯坏了", "message_id": str(n)})
            )
            for n in range(20)
        ]
        await tx.inbox.add(updates[::-1], place.clock.now())
    await place.worker.drain()
    await villager.say("1")
    await villager.say("1")
    [case] = await place.cases()
    assert case.text.splitlines() == [f"石龙村第{n}盏路灯坏了" for n in range(20)]


async def test_the_same_update_twice_is_one(place: LocalTown, villager: ChatClient) -> None:
    key = next(place.keys)
    plain = {"channel": CHANNEL, "account": "v1", "chat": "v1", "private": True, "kind": "message", "text": "/help"}
    raw = json.dumps(plain | {"at": place.clock.now().isoformat()})
    for _ in range(3):
        await put(place, key, "v1", raw)
        await place.worker.drain()
    assert sum("乡音怎么用" in text for text in await villager.news()) == 1


async def test_several_sweeps_at_once_send_one_digest(place: LocalTown, villager: ChatClient) -> None:
    deputy = await place.staff("d", place.town.deputies_of("shilong")[0].id)
    await villager.submit("我们石龙村的路灯坏了半个月")
    place.clock.push(days=1)
    await asyncio.gather(*(Sweep(place.store, place.desk_for, place.clock).once() for _ in range(5)))
    assert sum("待办汇总" in m.text for m in await deputy.all()) == 1


async def test_two_workers_share_the_inbox_without_doubling(place: LocalTown) -> None:
    workers = [Worker(place.store, {CHANNEL: LocalTranslator()}, place.desk_for, place.clock) for _ in range(2)]
    plain = {"channel": CHANNEL, "private": True, "kind": "message", "text": "/start"}
    plain["at"] = place.clock.now().isoformat()
    async with place.store.begin() as tx:
        people = [f"p{n}" for n in range(40)]
        rows = [
            RawUpdate(CHANNEL, 2000 + n, who, json.dumps(plain | {"account": who, "chat": who}))
            for n, who in enumerate(people)
        ]
        await tx.inbox.add(rows, place.clock.now())
    handled = await asyncio.gather(*(worker.drain() for worker in workers))
    assert sum(handled) == 40
    for who in people:
        assert len(await place.client(who).all()) == 1


async def test_an_answer_comes_after_the_inbox_was_emptied_though_its_rows_are_numbered_anew(
    place: LocalTown, villager: ChatClient
) -> None:
    await villager.say("/help")
    await villager.news()
    place.clock.push(days=40)
    async with place.store.begin() as tx:
        await tx.inbox.purge(place.clock.now())
    await villager.say("/help")
    assert len(await villager.news()) == 1
