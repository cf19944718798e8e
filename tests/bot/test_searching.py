"""`/search`: staff find their cases by what was written, where, or what about; nobody finds anybody else's."""

import pytest

from bot.domain.town import Role
from bot.usecases import searching
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import LocalTown

RUBBISH = "石龙村市场后面的垃圾几天没人收，臭得很"


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    made = await crew_of(place)
    await made.villager.submit(LAMP)
    await made.villager.submit(RUBBISH)
    return made


@pytest.mark.parametrize(
    ("words", "met"),
    [
        ("路灯", "1"),
        ("路燈", "1"),
        ("不敢 半个月", "1"),
        ("垃圾", "2"),
        ("石龙 市场", "2"),
        ("道路交通 老人", "1"),
        ("石龙", "12"),
        ("路灯 垃圾", ""),
        ("%", ""),
        ("_", ""),
        ("'; DROP TABLE cases; --", ""),
    ],
)
async def test_what_holds_every_word_is_found(crew: Crew, words: str, met: str) -> None:
    await crew.head.say(f"/search {words}")
    told = await crew.head.last()
    assert {number for number in "12" if f"ZJ-2026-00000{number}" in told} == set(met)
    assert bool(met) != ("没有找到" in told)


async def test_a_case_opens_from_the_list(crew: Crew) -> None:
    await crew.head.say("/search 垃圾")
    await crew.head.tap("垃圾")
    assert RUBBISH in await crew.head.last()


async def test_only_what_is_theirs_is_found(crew: Crew, place: LocalTown) -> None:
    elsewhere = next(s.id for s in place.town.seats if s.role is Role.STATION_HEAD and s.station != "shilong")
    stranger = await place.staff("elsewhere", elsewhere)
    await stranger.say("/search 路灯")
    assert "没有找到" in await stranger.last()
    await crew.villager.say("/search 路灯")
    assert "工作人员" in await crew.villager.last()
    await crew.office.say("/search 路灯")
    assert "ZJ-2026-000001" in await crew.office.last()


async def test_without_words_it_says_how(crew: Crew) -> None:
    await crew.head.say("/search")
    assert "空格" in await crew.head.last()
    await crew.head.say("/search :")
    assert "空格" in await crew.head.last()


async def test_older_ones_are_a_tap_away(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "SHOWN", 1)
    monkeypatch.setattr(searching, "WINDOW", 1)
    await crew.head.say("/search 石龙")
    assert "ZJ-2026-000002" in await crew.head.last()
    await crew.head.tap("再往前找")
    told = await crew.head.last()
    assert "ZJ-2026-000001" in told
    assert "ZJ-2026-000002" not in told
    await crew.head.say("/search 路灯")
    assert "往前再找" in await crew.head.last()
    await crew.head.tap("再往前找")
    assert "ZJ-2026-000001" in await crew.head.last()


async def test_what_is_too_long_for_a_button_is_said(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "WINDOW", 1)
    await crew.head.say("/search " + "石龙村市场后面的垃圾几天没人收臭得很怎么办才好呢请问")
    assert "少写几个字" in await crew.head.last()
    assert not (await crew.head.all())[-1].buttons


@pytest.mark.parametrize("press", ["a:x:路灯", "a:999999999999999:路灯", "a:2:", "a::", "a:1:a:b", "a:-1:路灯"])
async def test_a_forged_button_finds_nothing_that_is_not_theirs(crew: Crew, place: LocalTown, press: str) -> None:
    stranger = place.client("stranger")
    await stranger.agree()
    await stranger.press(press)
    assert not any("ZJ-2026" in message.text for message in await stranger.all())


async def test_a_sealed_case_is_found_by_the_office_alone(crew: Crew) -> None:
    await crew.villager.submit("石龙村村支书收了我们的钱，占了集体的地，给自己兄弟承包")
    await crew.head.say("/search 兄弟")
    assert "没有找到" in await crew.head.last()
    await crew.office.say("/search 兄弟")
    assert "ZJ-2026-000003" in await crew.office.last()
