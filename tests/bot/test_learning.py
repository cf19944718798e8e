"""Staff teach the tagger by putting topics right; the office sees its mistakes and can go back."""

import pytest

from bot.learner import Learner, LiveTagger
from bot.tagging.model import LearnedModel
from tests.bot.staff import Crew, crew_of
from tests.support.chat import ChatClient, LocalTown, sample

ENDS = ("吵得睡不着", "转起来好吵", "夜里嗡嗡响", "太近了吵人", "吵到老人", "又响了")
WINDMILLS = [f"石龙村那个风车{end}" for end in ENDS]
GRID = "power.grid"
"""What the tagger would never say of a windmill by itself."""
NEW = "石龙村的风车响个不停"


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def _put_right(place: LocalTown, crew: Crew, number: int) -> None:
    """A villager tells of a windmill, the station's head says that it is the grid."""
    await crew.villager.say(WINDMILLS[number])
    answers = {"登记成": "1", "哪方面": "说不清", "是不是这一件": "2", "有照片吗": "1", "请看对不对": "1"}
    for ask, answer in answers.items():
        if ask in await crew.villager.last():
            await (crew.villager.tap(answer) if answer == "说不清" else crew.villager.say(answer))
    case = (await place.cases())[-1]
    await crew.head.press(f"c:{case.id}:sub.{GRID}")


async def _taught(place: LocalTown, crew: Crew) -> None:
    for number in range(len(WINDMILLS)):
        await _put_right(place, crew, number)
    assert await place.learner.once() == 1


async def _guess(place: LocalTown, client: ChatClient) -> str | None:
    async with place.store.begin() as tx:
        desk = place.desk_for(tx, place.clock.now(), "test")
        return next((g.id for g in desk.reader.tag(NEW).subtopics), None)


async def test_corrections_become_a_version_that_the_running_tagger_uses(place: LocalTown, crew: Crew) -> None:
    assert await _guess(place, crew.villager) != GRID
    await _taught(place, crew)
    assert await _guess(place, crew.villager) == GRID
    assert await place.learner.once() == 0  # nothing new to learn


async def test_a_few_corrections_change_nothing(place: LocalTown, crew: Crew) -> None:
    for number in range(4):
        await _put_right(place, crew, number)
    assert await place.learner.once() == 0


async def test_what_nobody_put_right_teaches_nothing(place: LocalTown, crew: Crew) -> None:
    for number in range(6):
        await crew.villager.submit(f"石龙村的路灯坏了第{number}盏")
    assert await place.learner.once() == 0
    async with place.store.begin() as tx:
        assert await tx.learning.lessons() == []


async def test_the_last_correction_of_a_case_counts_and_a_sealed_case_teaches_nothing(
    place: LocalTown, crew: Crew
) -> None:
    await _put_right(place, crew, 0)
    await crew.head.press("c:1:sub.roads.lamps")
    await crew.villager.say("石龙村村干部贪污集体的钱，我要举报")
    await crew.villager.tap("9 找人工")
    await crew.office.press(f"c:2:sub.{GRID}")
    async with place.store.begin() as tx:
        [lesson] = await tx.learning.lessons()
    assert (lesson.case_id, lesson.label, lesson.text) == (1, "roads.lamps", WINDMILLS[0])


async def test_the_office_goes_back_with_one_tap_and_learning_rests_until_it_comes_forward(
    place: LocalTown, crew: Crew
) -> None:
    await _taught(place, crew)
    place.clock.push(hours=2)
    await crew.office.say("/tagger")
    told = await crew.office.last()
    assert "第 1 版" in told
    assert "学了 1 人的 6 条更正 ← 在用" in told
    await crew.office.tap("用第 0 版")
    await place.learner.once()
    assert await _guess(place, crew.villager) != GRID
    place.clock.push(hours=2)
    await crew.head.press("c:1:sub.roads.lamps")
    assert await place.learner.once() == 0
    await crew.office.say("/tagger")
    await crew.office.tap("用第 1 版")
    assert await place.learner.once() == 1
    await crew.office.say("/tagger")
    assert "第 2 版" in await crew.office.last()


async def test_another_process_takes_up_the_same_version(place: LocalTown, crew: Crew) -> None:
    await _taught(place, crew)
    other = LiveTagger(sample()[1])
    await Learner(place.store, other, place.clock).once()
    assert other.version == 1
    assert other.current.tag(NEW).subtopics[0].id == GRID


async def test_a_version_holds_no_villagers_words(place: LocalTown, crew: Crew) -> None:
    await _taught(place, crew)
    async with place.store.begin() as tx:
        content = await tx.learning.content(1)
    assert LearnedModel.from_json(content).version == 1
    assert "风车" not in content


async def test_error_rates_tell_how_often_a_topic_and_a_village_were_put_right(place: LocalTown, crew: Crew) -> None:
    for text in ("石龙村的路灯坏了半个月", "石龙村村口路灯不亮很久了"):
        await crew.villager.submit(text)
    await crew.head.press(f"c:1:sub.{GRID}")
    await crew.head.press("c:1:take")
    await crew.head.press("c:2:take")
    await crew.office.say("/tagger")
    told = await crew.office.last()
    assert "道路交通：看过 2 件，改了 1 件，50%" in told
    assert "石龙村：看过 2 件，改了 0 件，0%" in told


async def test_only_the_office_sees_and_chooses_versions(place: LocalTown, crew: Crew) -> None:
    await _taught(place, crew)
    place.clock.push(hours=1)
    for client in (crew.villager, crew.head):
        await client.say("/tagger")
        assert "工作人员" in await client.last()
        await client.press("t:0")
    await crew.office.press("t:99")
    await place.learner.once()
    assert await _guess(place, crew.villager) == GRID


async def test_the_tagger_keeps_its_base_untouched(place: LocalTown, crew: Crew) -> None:
    base = sample()[1]
    before = base.tag(NEW).subtopics
    await _taught(place, crew)
    assert base.tag(NEW).subtopics == before
