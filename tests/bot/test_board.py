"""The public board: what its villagers agreed to, masked, in chat and as a page; gone at once when they say so."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.compose.public import board_of
from bot.domain.cases import Consent
from handlers.web.board import board_routes
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import ChatClient, LocalTown

CLEAN = "石龙村路灯已全部修好"


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def published(crew: Crew, text: str = CLEAN) -> None:
    await crew.answered()
    await crew.villager.say("1")
    await crew.office.press("c:1:ask_publish")
    await crew.villager.tap("同意公开")
    await crew.office.press("c:1:publish")
    await crew.office.say(text)
    await crew.office.tap("✅ 公开")


async def page(place: LocalTown, query: str = "") -> str:
    application = web.Application()
    application.add_routes(board_routes(board_of(place.store, lambda: place.town)))
    async with TestClient(TestServer(application)) as client:
        answer = await client.get(f"/board{query}")
        assert answer.status == 200
        assert "script" not in answer.headers["Content-Security-Policy"]
        return await answer.text()


async def test_everybody_reads_it_in_chat_and_on_the_page_by_village_and_topic(place: LocalTown, crew: Crew) -> None:
    await published(crew)
    stranger = place.client("stranger")
    await stranger.say("/board")
    assert CLEAN in await stranger.last()
    await stranger.tap("按村看")
    await stranger.tap("大塘村")
    assert "还没有公开" in await stranger.last()
    await stranger.press("o:shilong:-:0")
    assert CLEAN in await stranger.last()
    await stranger.press("o:-:roads:0")
    assert CLEAN in await stranger.last()
    assert CLEAN in await page(place)
    assert CLEAN in await page(place, "?village=shilong&topic=roads&page=1")
    assert CLEAN not in await page(place, "?village=datang")


async def test_what_points_at_a_person_is_masked_and_previewed(place: LocalTown, crew: Crew) -> None:
    await crew.answered()
    await crew.villager.say("1")
    await crew.office.press("c:1:ask_publish")
    await crew.villager.tap("同意公开")
    await crew.office.press("c:1:publish")
    await crew.office.say("户主李秀英反映：12号门口路灯坏，电话13800138000，已修好<b>")
    assert "户主某某反映：某号门口路灯坏，电话***，已修好" in await crew.office.last()
    await crew.office.tap("✅ 公开")
    text = await page(place)
    assert "户主某某反映" in text
    for word in ("李秀英", "12号", "13800138000", "<b>"):
        assert word not in text


async def test_a_consent_taken_back_takes_it_down_at_once(place: LocalTown, crew: Crew) -> None:
    await published(crew)
    await crew.villager.say("/case 1")
    await crew.villager.tap("不公开")
    assert CLEAN not in await page(place)
    await crew.villager.say("/board")
    assert "还没有公开" in await crew.villager.last()


async def test_who_has_their_data_deleted_leaves_the_board_too(place: LocalTown, crew: Crew) -> None:
    await published(crew)
    await crew.villager.press("p:forget!")
    assert CLEAN not in await page(place)
    case = await crew.case()
    assert (case.published, case.consent) == (None, Consent.REFUSED)


@pytest.fixture
async def neighbour(place: LocalTown) -> ChatClient:
    client = place.client("v2")
    await client.agree()
    return client


async def test_who_joined_is_asked_for_themselves_and_may_take_it_back(
    place: LocalTown, crew: Crew, neighbour: ChatClient
) -> None:
    await crew.villager.submit(LAMP)
    await neighbour.say("石龙村路灯不亮,晚上老人不敢出门")
    await neighbour.say("1")
    await crew.head.press("c:1:resolve")
    await crew.head.say("灯泡换好了")
    await crew.head.tap("A 已解决")
    await crew.villager.say("1")
    await crew.office.press("c:1:ask_publish")
    assert "您也附议的" in await neighbour.last()
    await crew.villager.tap("同意公开")
    await crew.office.press("c:1:publish")
    await crew.office.say(CLEAN)
    await crew.office.tap("✅ 公开")
    assert "另有" not in await page(place)
    await neighbour.tap("同意公开")
    assert "另有 1 位乡亲" in await page(place)
    await neighbour.press("k:1:forbid")
    assert CLEAN not in await page(place)
    assert (await crew.case()).consent is Consent.AGREED
    assert "已从公开栏撤下" in await crew.office.last()


async def test_the_office_takes_it_down_to_word_it_anew(place: LocalTown, crew: Crew) -> None:
    await published(crew)
    await crew.office.press("c:1:more")
    await crew.office.tap("撤下")
    assert CLEAN not in await page(place)
    await crew.office.press("c:1:publish")
    await crew.office.say("石龙村路灯换新了")
    await crew.office.tap("✅ 公开")
    assert "石龙村路灯换新了" in await page(place)


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=999999999", "?village=<b>", "?topic=nothing&page=2"])
async def test_a_strange_address_is_answered_and_shows_nothing_strange(place: LocalTown, query: str) -> None:
    text = await page(place, query)
    assert "群众意见公开栏" in text
    assert "<b>" not in text


@pytest.mark.parametrize("data", ["o:nowhere:-:0", "o:-:nothing:0", "o:-:-:x", "o:", "o:suggestions:-1"])
async def test_a_forged_button_does_nothing(crew: Crew, data: str) -> None:
    await crew.villager.press(data)
    assert "用不了" in (await crew.villager.toasts())[-1]
