"""People and roles: the first administrator, one-time links, withdrawing a role, and what each may do."""

from datetime import timedelta

import pytest

from bot.usecases.seats import PAYLOAD, first_invite
from tests.support.chat import ChatClient, LocalTown


@pytest.fixture
async def admin(place: LocalTown) -> ChatClient:
    client = place.client("admin")
    await client.say(f"/start {PAYLOAD}{await first_code(place)}")
    return client


async def first_code(place: LocalTown) -> str:
    async with place.store.begin() as tx:
        code = await first_invite(place.desk_for(tx, place.clock.now(), "start"))
    assert code
    return code


async def link_for(client: ChatClient, seat: str) -> str:
    await client.say(f"/invite {seat}")
    text = await client.last()
    assert "只能用一次" in text
    return text.rsplit("start=", 1)[1].strip()


async def test_the_first_administrator_joins_by_the_printed_link(place: LocalTown, admin: ChatClient) -> None:
    assert "您现在是系统管理员" in await admin.last()
    async with place.store.begin() as tx:
        assert await first_invite(place.desk_for(tx, place.clock.now(), "again")) is None


async def test_a_new_start_ends_the_link_of_the_one_before(place: LocalTown) -> None:
    old = await first_code(place)
    new = await first_code(place)
    late, right = place.client("late"), place.client("right")
    await late.say(f"/start {PAYLOAD}{old}")
    assert "用不了" in await late.last()
    await right.say(f"/start {PAYLOAD}{new}")
    assert "系统管理员" in await right.last()


async def test_only_the_hash_of_a_code_is_stored(place: LocalTown) -> None:
    code = await first_code(place)
    async with place.store.begin() as tx:
        assert await tx.people.invite(code) is None


async def test_the_administrator_invites_the_office_and_the_office_everybody_else(
    place: LocalTown, admin: ChatClient
) -> None:
    office, deputy = place.client("office"), place.client("deputy")
    await office.say(f"/start {await link_for(admin, 'office-1')}")
    assert "欢迎" in await office.last()
    assert "已加入" in await admin.last()
    seat = place.town.deputies_of("shilong")[0]
    await deputy.say(f"/start {await link_for(office, seat.id)}")
    assert seat.name in await deputy.last()
    commands = [m for m in await deputy.all() if m.commands]
    assert [name for name, _ in commands[-1].commands][:2] == ["suggestions", "queue"]


async def test_a_link_works_once_and_not_for_ever(place: LocalTown, admin: ChatClient) -> None:
    first, second, late = place.client("a"), place.client("b"), place.client("c")
    payload = await link_for(admin, "office-1")
    await first.say(f"/start {payload}")
    await second.say(f"/start {payload}")
    assert "用不了" in await second.last()
    payload = await link_for(admin, "office-2")
    place.clock.push(hours=73)
    await late.say(f"/start {payload}")
    assert "用不了" in await late.last()


async def test_a_link_pressed_in_a_group_is_not_used_up(place: LocalTown, admin: ChatClient) -> None:
    payload = await link_for(admin, "office-1")
    member = place.client("m")
    await member.send(private=False, chat="-5", text=f"/start {payload}")
    async with place.store.begin() as tx:
        assert "office-1" not in await tx.people.holders()
    await member.say(f"/start {payload}")
    assert "欢迎" in await member.last()


async def test_guessing_codes_is_stopped(place: LocalTown, admin: ChatClient) -> None:
    payload = await link_for(admin, "office-1")
    thief = place.client("thief")
    for number in range(5):
        await thief.say(f"/start {PAYLOAD}guess{number}")
        assert "用不了" in await thief.last()
    await thief.say(f"/start {payload}")
    assert "试得太多" in await thief.last()
    place.clock.push(hours=1)
    await thief.say(f"/start {payload}")
    assert "欢迎" in await thief.last()


@pytest.mark.parametrize("role", ["deputy", "station_head", "liaison"])
async def test_others_cannot_invite_or_withdraw(place: LocalTown, role: str) -> None:
    seat = next(s.id for s in place.town.seats if s.role == role)
    client = await place.staff("x", seat)
    await place.staff("office", "office-1")
    await client.say("/invite office-2")
    assert "没有这个权限" in await client.last()
    await client.press("e!:office-1")
    assert "没有这个权限" in await client.last()
    await client.say("/people")
    assert "工作人员用的" in await client.last()
    async with place.store.begin() as tx:
        assert "office-1" in await tx.people.holders()


async def test_the_office_cannot_make_itself_administrator(place: LocalTown) -> None:
    office = await place.staff("office", "office-1")
    for seat in ("admin", "office-2"):
        await office.press(f"i:{seat}")
        assert "没有这个权限" in await office.last()


async def test_a_seat_changes_hands_by_a_new_link(place: LocalTown, admin: ChatClient) -> None:
    old = await place.staff("old", "office-1")
    payload = await link_for(admin, "office-1")
    new = place.client("new")
    await new.say(f"/start {payload}")
    assert "席位已结束" in await old.last()
    await old.say("/queue")
    assert "工作人员用的" in await old.last()


async def test_the_office_withdraws_a_role_with_two_taps(place: LocalTown) -> None:
    office = await place.staff("office", "office-1")
    deputy = place.town.deputies_of("shilong")[0]
    holder = await place.staff("d", deputy.id)
    await office.say("/people")
    await office.tap("石龙村")
    await office.tap(f"● 人大代表 {deputy.name}")
    await office.tap("收回席位")
    assert "席位已结束" in await holder.last()
    async with place.store.begin() as tx:
        assert deputy.id not in await tx.people.holders()


async def test_a_roster_line_that_is_gone_orphans_no_case(place: LocalTown, villager: ChatClient) -> None:
    deputy = place.town.deputies_of("shilong")[0]
    await place.staff("d", deputy.id)
    head_seat = next(s.id for s in place.town.seats if s.station == "shilong" and s.role == "station_head")
    head = await place.staff("h", head_seat)
    case = await villager.submit("我们石龙村的路灯坏了半个月")
    assert case.deputy == deputy.id
    async with place.store.begin() as tx:
        await tx.people.end(deputy.id, place.clock.now(), "left the roster")
    await place.sweep.once()
    [moved] = await place.cases()
    assert moved.deputy == head_seat
    assert "因人员变动" in await head.last()


async def test_forgetting_unlinks_the_account_and_keeps_the_case(place: LocalTown, villager: ChatClient) -> None:
    case = await villager.submit("我们石龙村的路灯坏了半个月")
    await villager.say("/privacy")
    await villager.tap("撤回同意")
    await villager.tap("确定撤回")
    assert "已断开" in await villager.last()
    async with place.store.begin() as tx:
        assert await tx.cases.author(case.id) is None
        assert await tx.cases.get(case.id) == case
    await villager.say("/mine")
    assert "还没有反映过" in await villager.last()


async def test_contacts_are_forgotten_as_long_after_closing_as_the_notice_says(
    place: LocalTown, villager: ChatClient
) -> None:
    case = await villager.submit("我们石龙村的路灯坏了半个月")
    await villager.press(f"c:{case.id}:withdraw!")
    place.clock.push(days=180)
    await place.sweep.once()
    async with place.store.begin() as tx:
        assert await tx.cases.author(case.id)
    place.clock.push(days=10)
    await place.sweep.once()
    async with place.store.begin() as tx:
        assert await tx.cases.author(case.id) is None
        assert await tx.people.find("local", "v1") is None
        assert await tx.cases.get(case.id)


async def test_an_open_case_keeps_its_author_however_old(place: LocalTown, villager: ChatClient) -> None:
    case = await villager.submit("我们石龙村的路灯坏了半个月")
    place.clock.push(days=400)
    await place.sweep.once()
    async with place.store.begin() as tx:
        assert await tx.cases.author(case.id)


async def test_old_drafts_are_deleted(place: LocalTown, villager: ChatClient) -> None:
    await villager.say("村口的路灯坏了半个月")
    place.clock.push(days=31)
    await place.sweep.once()
    async with place.store.begin() as tx:
        person = await tx.people.find("local", "v1")
        assert person is None or await tx.drafts.current(person.id) is None


def test_a_code_has_enough_chance_in_it() -> None:
    from bot.compose.desk import new_code

    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(len(PAYLOAD + code) <= 64 and len(code) >= 22 for code in codes)
    assert timedelta(hours=72) > timedelta(0)
