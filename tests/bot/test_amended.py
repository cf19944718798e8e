"""What the office changes holds at once in every process, for what comes; what was promised stays."""

from datetime import timedelta

from bot.compose.desk import Desks
from bot.domain.amendments import Amendment, Change, to_be
from bot.domain.machine import Clock
from bot.learner import LiveTagger
from bot.worker import Worker
from tests.bot.staff import LAMP, crew_of
from tests.support.chat import CHANNEL, LocalTown, LocalTranslator, sample


async def put(place: LocalTown, changes: dict[str, Change]) -> None:
    """As another process would."""
    async with place.store.begin() as tx:
        number = await tx.amendments.newest() + 1
        assert await tx.amendments.add(Amendment(number, place.clock.now(), None, "测试", "", changes))


async def test_a_new_limit_holds_for_new_cases_and_an_old_case_keeps_its_due_date(place: LocalTown) -> None:
    crew = await crew_of(place)
    await crew.villager.submit(LAMP)
    before = await crew.case()
    await crew.head.say("/why 1")
    promised = await crew.head.last()
    await put(place, {"setting:limits.accept": to_be("1d"), "setting:limits.supervise": to_be("20d")})
    await crew.villager.submit("我们石龙村的垃圾堆了一个月没人清")
    await crew.head.say("/why 1")
    assert await crew.head.last() == promised
    assert (await crew.case()).due_at == before.due_at
    new = await crew.case(2)
    assert before.clock is new.clock is Clock.ACCEPT
    assert before.due_at
    assert new.due_at == before.due_at - timedelta(days=2)


async def test_two_workers_on_one_store_both_follow_a_change_at_their_next_work(place: LocalTown) -> None:
    villager = place.client("v1")
    await villager.agree()
    configuration, tagger = sample()
    other = Desks(configuration, LiveTagger(tagger), "test_bot")
    workers = [place.worker, Worker(place.store, {CHANNEL: LocalTranslator()}, other, place.clock)]
    village = dict(place.desk_for.configuration.entries["village:shilong"])
    await put(place, {"village:shilong": to_be({**village, "aliases": [*village["aliases"], "金鸡岭"]})})
    for place.worker in workers:
        await villager.submit("我们金鸡岭的路灯坏了半个月")
        assert (await place.cases())[-1].village == "shilong"
    assert other.configuration.number == place.desk_for.configuration.number == 1
