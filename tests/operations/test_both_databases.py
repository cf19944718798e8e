"""The same town on SQLite and on PostgreSQL, with one worker and with several that share the database."""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

from bot.delivery import Sender
from bot.domain.channel import Outcome, Sent
from bot.domain.machine import State
from bot.domain.messages import Outgoing
from bot.domain.polls import Count
from bot.domain.town import Role
from bot.pacing import SendLimits
from bot.sweep import Sweep
from bot.worker import Worker
from storage.store import open_store
from tests.bot.test_announcing import announce
from tests.bot.test_assisting import code, enter
from tests.bot.test_polling import count, opinion
from tests.operations.updates import lamp, update_of
from tests.support.chat import CHANNEL, LocalTown, LocalTranslator, local_town
from tests.support.stores import KEYS


class Recording:
    """A channel that takes everything, and notes how many sends to one chat were under way at once."""

    def __init__(self, sent: list[Outgoing], flying: Counter[str]) -> None:
        self._sent, self._flying = sent, flying

    async def send(self, message: Outgoing) -> Outcome:
        if message.kind != "toast":
            self._flying[message.chat] += 1
            assert self._flying[message.chat] == 1, "two in flight to one chat"
            await asyncio.sleep(0)
            self._flying[message.chat] -= 1
        self._sent.append(message)
        return Sent(str(len(self._sent)))


async def test_a_case_goes_from_submission_to_a_rating(place: LocalTown) -> None:
    villager = place.client("v1")
    await villager.agree()
    deputy = await place.staff("d1", place.town.deputies_of("shilong")[0].id)
    head = await place.staff("h1", place.town.seats_at("shilong", [Role.STATION_HEAD])[0].id)
    case = await villager.submit("我们石龙村的路灯坏了半个月")
    await deputy.tap("接办")
    await head.press(f"c:{case.id}:resolve")
    await head.say("修好了")
    await head.tap("A 已解决")
    await villager.tap("满意")
    [case] = await place.cases()
    assert case.state is State.CLOSED
    assert [e.action for e in await place.events(case)][:4] == ["register", "take", "resolve", "rate"]


async def test_a_receipt_is_linked_an_announcement_sent_and_a_vote_counted(place: LocalTown) -> None:
    head, office = await place.staff("h1", "shilong-head"), await place.staff("o1", "office-1")
    await enter(head)
    villager = place.client("v1")
    await villager.say(await code(head))
    await villager.say("1")
    await villager.tap("✅ 同意")
    assert "绑定好了" in await villager.last()
    await announce(office, "石龙村")
    await office.tap("发出")
    await opinion(office)
    await place.sweep.once()
    await villager.tap("东边的")
    assert await count(place) == Count({0: 1})


async def test_a_digest_and_its_sending_are_the_same_on_both(place: LocalTown) -> None:
    villager = place.client("v1")
    await villager.agree()
    await place.staff("d1", place.town.deputies_of("shilong")[0].id)
    await villager.submit("我们石龙村的路灯坏了半个月")
    place.clock.push(days=1)
    for _ in range(2):
        await place.sweep.once()
    sent: list[Outgoing] = []
    sender = Sender(place.store, CHANNEL, Recording(sent, Counter()), place.clock, SendLimits.none())
    await sender.drain()
    assert sum("待办汇总" in message.text for message in sent) == 1
    async with place.store.begin() as tx:
        assert {row.status for row in await tx.outbox.rows()} == {"sent"}


async def test_three_processes_on_one_database_keep_each_chats_order_and_double_nothing(
    postgres_url: str, tmp_path: Path
) -> None:
    chats, rounds = 12, 3
    async with local_town(tmp_path, url=postgres_url) as place:
        await place.staff("d1", place.town.deputies_of("shilong")[0].id)
        for number in range(chats):
            await place.client(f"v{number}").agree()
        updates = [
            update_of(place, f"v{chat}", text)
            for turn in range(rounds)
            for chat in range(chats)
            for text in (lamp(place, chat, turn), "1", "1")
        ]
        async with place.store.begin() as tx:
            await tx.inbox.add(updates, place.clock.now())
        stores = [await open_store(postgres_url, KEYS) for _ in range(3)]
        workers = [
            Worker(store, {CHANNEL: LocalTranslator()}, place.desk_for, place.clock, batch=4) for store in stores
        ]
        await asyncio.gather(*(_drain(worker, place) for worker in workers))
        cases = await place.cases()
        wanted = [lamp(place, chat, turn) for turn in range(rounds) for chat in range(chats)]
        assert sorted(case.text for case in cases) == sorted(wanted)
        assert sorted(int(case.number[-6:]) for case in cases) == list(range(1, len(wanted) + 1))
        for chat in range(chats):
            own = [case.text for case in cases if case.text.startswith(place.town.villages[chat].name)]
            assert own == [lamp(place, chat, turn) for turn in range(rounds)]
        async with place.store.begin() as tx:
            assert await tx.inbox.parked() == []

        place.clock.push(days=1)
        await asyncio.gather(*(Sweep(store, place.desk_for, place.clock).once() for store in stores for _ in range(2)))
        sent: list[Outgoing] = []
        flying: Counter[str] = Counter()
        senders = [
            Sender(store, CHANNEL, Recording(sent, flying), place.clock, SendLimits.none(), worker=f"s{number}",
                   lease=timedelta(minutes=5))
            for number, store in enumerate(stores)
        ]  # fmt: skip
        await asyncio.gather(*(sender.drain() for sender in senders))
        async with place.store.begin() as tx:
            rows = await tx.outbox.rows()
        assert {row.status for row in rows} == {"sent"}
        assert len(sent) == len(rows)
        assert sum("待办汇总" in message.text for message in sent) == 1
        for store in stores:
            await store.close()


async def _drain(worker: Worker, place: LocalTown) -> None:
    """Work until nothing waits: what another holds just now will be there in a moment."""
    while True:
        handled = await worker.drain()
        async with place.store.begin() as tx:
            if not handled and not await tx.inbox.waiting():
                return
        await asyncio.sleep(0.01)


async def test_a_change_of_the_settings_is_taken_up_by_every_process_at_its_next_work(
    place: LocalTown, url: str, tmp_path: Path
) -> None:
    """One process changes, another answers, on each kind of database; what was promised before stays."""
    villager, office = place.client("v1"), await place.staff("office", "office-1")
    await villager.agree()
    await place.staff("d1", "shilong-2")
    before = await villager.submit("我们石龙村的路灯坏了半个月")
    async with local_town(tmp_path, url=url) as other:
        for answer in ("/settings", "1", "1", "1天", "1"):
            await office.say(answer)
        assert "改好了（第 1 次改动）" in await office.last()
        assert other.desk_for.configuration.number == 0
        other.keys, villager.place = place.keys, other
        after = await villager.submit("我们石龙村的垃圾堆了一个月没人清")
        assert other.desk_for.configuration.number == 1
    assert before.due_at
    assert after.due_at == before.due_at - timedelta(days=2)
    assert (await place.cases())[0].due_at == before.due_at
