"""A villager may leave a number; the office may look it up, with a reason that is kept and told."""

import pytest

from bot.domain.cases import Case
from bot.domain.contacts import Contact
from bot.domain.machine import Action, Part
from bot.usecases import contacts
from tests.bot.staff import LAMP, Crew, crew_of
from tests.support.chat import ChatClient, LocalTown

PHONE = "13800138000"
REASON = "约他明天到现场看路灯"


@pytest.fixture
async def crew(place: LocalTown) -> Crew:
    return await crew_of(place)


async def left_by(place: LocalTown, client: ChatClient) -> Contact:
    async with place.store.begin() as tx:
        person = await tx.people.find("local", client.account)
        return await tx.contacts.of(person.id) if person else Contact()


async def with_phone(crew: Crew) -> Case:
    case = await crew.villager.submit(LAMP)
    await crew.villager.tap("留个电话")
    await crew.villager.say(PHONE)
    return case


async def reveal(crew: Crew, reason: str = REASON) -> None:
    await crew.office.press("c:1:reveal")
    await crew.office.say(reason)


class TestLeaving:
    async def test_after_submitting_one_tap_and_one_line_leave_a_number(self, place: LocalTown, crew: Crew) -> None:
        await crew.villager.submit(LAMP)
        await crew.villager.tap("留个电话（可不留）")
        assert "只有镇人大办写明理由才能看" in await crew.villager.last()
        await crew.villager.say("138 0013-8000")
        assert "138****8000 记下了" in await crew.villager.last()
        assert await left_by(place, crew.villager) == Contact(PHONE)

    async def test_it_can_be_passed_over(self, place: LocalTown, crew: Crew) -> None:
        await crew.villager.submit(LAMP)
        await crew.villager.tap("留个电话")
        await crew.villager.say("1")
        assert "不留电话，一样给您办" in await crew.villager.last()
        assert not await left_by(place, crew.villager)
        await crew.villager.say("/start")
        assert "直接打字" in await crew.villager.last()

    async def test_who_has_left_one_is_not_asked_again(self, crew: Crew) -> None:
        await with_phone(crew)
        await crew.villager.submit("我们石龙村的水管漏了三天")
        async with crew.place.store.begin() as tx:
            [*_, last] = [row.message for row in await tx.outbox.rows("v1") if "收到了，编号" in row.message.text]
        assert "留个电话" not in str(last.buttons)

    async def test_what_is_no_number_is_asked_for_again(self, place: LocalTown, crew: Crew) -> None:
        await crew.villager.say("/phone")
        await crew.villager.say("12345")
        assert "不像电话号码" in await crew.villager.last()
        await crew.villager.say("0668-2912345")
        assert await left_by(place, crew.villager) == Contact("06682912345")

    async def test_a_matter_told_instead_of_a_number_becomes_a_case(self, crew: Crew) -> None:
        await crew.villager.say("/phone")
        await crew.villager.say(LAMP)
        assert "有照片吗" in await crew.villager.last()

    async def test_nobody_is_asked_before_they_agreed_to_the_notice(self, place: LocalTown) -> None:
        stranger = place.client("s")
        await stranger.say(f"/phone {PHONE}")
        assert "您同意吗" in await stranger.last()
        assert not await left_by(place, stranger)

    async def test_the_privacy_page_shows_it_masked_changes_and_deletes_it(self, place: LocalTown, crew: Crew) -> None:
        await with_phone(crew)
        await crew.villager.say("/privacy")
        assert "您留的电话：138****8000" in await crew.villager.last()
        await crew.villager.tap("改电话")
        await crew.villager.say("13900139000")
        assert await left_by(place, crew.villager) == Contact("13900139000")
        await crew.villager.say("/privacy")
        await crew.villager.tap("删电话")
        assert not await left_by(place, crew.villager)

    async def test_who_takes_consent_back_takes_the_number_along(self, place: LocalTown, crew: Crew) -> None:
        await with_phone(crew)
        await crew.villager.press("p:forget!")
        async with place.store.begin() as tx:
            assert not await tx.contacts.of(1)

    async def test_what_a_station_takes_down_for_somebody_is_theirs(self, place: LocalTown, crew: Crew) -> None:
        async with place.store.begin() as tx:
            desk = place.desk_for(tx, place.clock.now(), "test")
            staff = await tx.people.find("local", "head")
            assert staff
            guest = await tx.people.add_guest("zh-CN", place.clock.now())
            kept = await contacts.take_down(desk, staff, guest, phone=PHONE, name=" 李 秀英 ")
            assert kept == Contact(PHONE, "李 秀英")
            with pytest.raises(contacts.NoPhoneError):
                await contacts.take_down(desk, staff, guest, phone="123")


class TestLookingUp:
    async def test_the_office_gets_it_for_a_reason_and_the_villager_is_told(self, crew: Crew) -> None:
        await with_phone(crew)
        await reveal(crew)
        assert any(PHONE in text for text in await crew.office.news())
        assert "已记入" in await crew.office.last()
        assert f"看了您留的联系方式。\n理由：{REASON}" in await crew.villager.last()
        await crew.villager.say("/case 1")
        assert REASON in await crew.villager.last()
        [event] = [e for e in await crew.place.events(await crew.case()) if e.action == Action.REVEAL]
        assert (event.part, event.seat, event.data["text"]) == (Part.OFFICE, "office-1", REASON)
        assert PHONE not in str(event.data)

    async def test_it_stands_in_the_offices_list_and_nobody_elses(self, crew: Crew) -> None:
        await with_phone(crew)
        await crew.office.say("/reveals")
        assert "还没有人看过" in await crew.office.last()
        await reveal(crew)
        await crew.office.say("/reveals")
        assert f"看了 ZJ-2026-000001：{REASON}" in await crew.office.last()
        for client in (crew.head, crew.deputy, crew.villager):
            await client.say("/reveals")
            assert "没有这个权限" in await client.last()

    async def test_nobody_below_the_office_can(self, crew: Crew) -> None:
        await with_phone(crew)
        for client in (crew.head, crew.deputy, crew.villager, crew.place.client("stranger")):
            await client.press("c:1:reveal")
            await client.say(REASON)
            assert PHONE not in str(await client.all())
        assert all(e.action != Action.REVEAL for e in await crew.place.events(await crew.case()))

    async def test_who_leaves_the_office_while_writing_the_reason_learns_nothing(self, crew: Crew) -> None:
        await with_phone(crew)
        await crew.office.press("c:1:reveal")
        async with crew.place.store.begin() as tx:
            await tx.people.end("office-1", crew.place.clock.now(), "withdrawn")
        await crew.office.say(REASON)
        assert PHONE not in str(await crew.office.all())

    async def test_a_reason_has_to_be_one(self, crew: Crew) -> None:
        await with_phone(crew)
        await reveal(crew, "看看")
        assert "理由太短" in await crew.office.last()
        assert PHONE not in str(await crew.office.all())

    async def test_where_nothing_was_left_no_reason_is_asked_for(self, crew: Crew) -> None:
        await crew.villager.submit(LAMP)
        await crew.office.press("c:1:reveal")
        assert "没有留电话" in await crew.office.last()

    async def test_after_ten_within_an_hour_it_has_to_wait(self, crew: Crew) -> None:
        await with_phone(crew)
        for _ in range(10):
            await reveal(crew)
            assert "已记入" in await crew.office.last()
        await crew.office.press("c:1:reveal")
        assert "看得太多" in await crew.office.last()
        crew.place.clock.push(minutes=61)
        await reveal(crew)
        assert "已记入" in await crew.office.last()

    async def test_a_sealed_case_shows_it_to_who_handles_it_only(self, crew: Crew) -> None:
        await crew.villager.submit("石龙村村干部贪污了低保款")
        case = await crew.case()
        assert case.sealed
        await crew.villager.say(f"/phone {PHONE}")
        other = await crew.place.staff("other", "office-2")
        await crew.office.press("c:1:take")
        await other.press("c:1:note")
        await other.say("我也记一笔")
        await other.press("c:1:reveal")
        assert "只有经手办理的人" in await other.last()
        await reveal(crew)
        assert any(PHONE in text for text in await crew.office.news())

    async def test_no_card_digest_or_history_shows_it(self, crew: Crew) -> None:
        await with_phone(crew)
        await reveal(crew)
        crew.place.clock.push(days=1)
        await crew.place.sweep.once()
        for client in (crew.head, crew.deputy):
            await client.press("c:1:history")
            await client.press("c:1:open")
            assert PHONE not in str(await client.all())
        assert str(await crew.office.all()).count(PHONE) == 1
