"""Writing, pressing and reading on a phone in a real browser, against the Bot API server and a small bot."""

import pytest
from playwright.async_api import expect

from tests.sandbox.page.conftest import AtTown

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_start_greets_and_brings_the_quick_answers(town: AtTown) -> None:
    phone = await town.phone(1001)
    await expect(phone.welcome).to_contain_text("试试写：路灯坏了")
    await phone.element.get_by_role("button", name="开始").click()
    await expect(phone.theirs).to_contain_text("您好，我是乡音。")
    await expect(phone.welcome).to_be_hidden()
    await phone.element.get_by_role("button", name="我要反映").click()
    await expect(phone.theirs.last).to_contain_text("听到：我要反映")
    await expect(phone.element.locator(".keyboard")).to_be_hidden()  # it was for one time


async def test_enter_sends_and_shift_enter_makes_a_new_line(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.field.press_sequentially("村口")
    await phone.field.press("Shift+Enter")
    await phone.field.press_sequentially("路灯坏了")
    await expect(phone.mine).to_have_count(0)
    await phone.field.press("Enter")
    await expect(phone.mine.locator(".words")).to_have_text("村口\n路灯坏了", use_inner_text=True)
    await expect(phone.field).to_have_value("")
    await expect(phone.theirs.last).to_contain_text("听到：村口")


async def test_enter_that_picks_a_word_in_an_input_method_does_not_send(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.field.fill("lu deng")
    await phone.field.evaluate(
        "f => f.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    await expect(phone.field).to_have_value("lu deng")
    await expect(phone.mine).to_have_count(0)


async def test_an_empty_message_is_not_sent(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("  \n ")
    await phone.say("在")
    await expect(phone.theirs.last).to_contain_text("听到：在")
    await expect(phone.mine).to_have_count(1)


async def test_a_long_text_arrives_in_pieces_as_from_a_real_phone(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("收起" + "长" * 5000)
    await expect(phone.mine).to_have_count(2)


async def test_a_quick_word_waits_for_the_one_before_it(town: AtTown) -> None:
    phone = await town.phone(1001)
    for word in ("一", "二", "三", "四"):
        await phone.say(word)
    await expect(phone.mine).to_have_count(4)
    said = await phone.mine.locator(".words").all_inner_texts()
    assert said == ["一", "二", "三", "四"]


async def test_a_pressed_button_shows_the_bots_short_answer(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("按钮")
    pressed = phone.element.get_by_role("button", name="轻提示")
    await pressed.click()
    await expect(phone.toasts).to_have_text("选好了")
    await expect(pressed).not_to_have_attribute("aria-busy", "true")


async def test_an_alert_waits_for_ok_and_gives_the_focus_back(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("按钮")
    pressed = phone.element.get_by_role("button", name="大提示")
    await pressed.click()
    notice = phone.element.get_by_role("alertdialog")
    await expect(notice).to_contain_text("请先核对")
    await expect(notice.get_by_role("button")).to_be_focused()
    await town.page.keyboard.press("Enter")
    await expect(notice).to_have_count(0)
    await expect(pressed).to_be_focused()


async def test_an_edited_message_changes_in_its_place_and_the_focus_stays_on_a_button(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("按钮")
    await phone.element.get_by_role("button", name="换一换").click()
    await expect(phone.theirs).to_have_count(1)
    await expect(phone.theirs).to_contain_text("核对一下")
    await expect(phone.theirs).to_contain_text("已修改")
    await expect(phone.element.get_by_role("button", name="换一换")).to_have_count(0)
    await expect(phone.element.get_by_role("button", name="提交")).to_be_focused()


async def test_a_deleted_message_goes(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("按钮")
    await phone.element.get_by_role("button", name="删掉").click()
    await expect(phone.theirs).to_have_count(0)
    await expect(phone.mine).to_have_count(1)


async def test_a_link_button_opens_elsewhere_and_tells_nobody_where_it_came_from(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("按钮")
    board = phone.element.get_by_role("link", name="看公开栏")
    await expect(board).to_have_attribute("href", "https://example.org/board")
    await expect(board).to_have_attribute("rel", "noopener noreferrer")
    await expect(board).to_have_attribute("target", "_blank")


async def test_the_command_menu_lists_the_bots_commands_and_sends_one(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.element.get_by_role("button", name="命令菜单").click()
    await phone.element.get_by_role("button", name="/mine").click()
    await expect(phone.mine).to_contain_text("/mine")
    await expect(phone.theirs.last).to_contain_text("听到：/mine")


async def test_the_person_changes_what_they_wrote(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("路灯还了")
    await expect(phone.theirs).to_have_count(1)
    await phone.mine.get_by_role("button", name="修改这条").click()
    await expect(phone.field).to_have_value("路灯还了")
    await phone.say("路灯坏了")
    await expect(phone.mine.locator(".words")).to_have_text("路灯坏了")
    await expect(phone.mine).to_contain_text("已修改")
    await expect(phone.theirs.last).to_contain_text("改成了：路灯坏了")


async def test_a_cancelled_change_changes_nothing(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("路灯坏了")
    await phone.mine.get_by_role("button", name="修改这条").click()
    await phone.element.get_by_role("button", name="取消").click()
    await expect(phone.field).to_have_value("")
    await phone.say("还在")
    await expect(phone.mine.locator(".words")).to_have_text(["路灯坏了", "还在"])


async def test_a_reply_quotes_what_it_answers(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("在吗")
    await phone.theirs.get_by_role("button", name="回复这条").click()
    await phone.say("这是答复")
    await expect(phone.mine.last.locator(".quoted")).to_contain_text("听到：在吗")
    await expect(phone.theirs.last).to_contain_text("您回复了第")


async def test_the_bots_typing_shows_until_it_speaks(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("慢")
    await expect(phone.element.locator(".typing")).to_be_visible()
    await expect(phone.theirs).to_contain_text("好了")
    await expect(phone.element.locator(".typing")).to_be_hidden()


async def test_a_blocked_bot_is_silent_until_unblocked(town: AtTown) -> None:
    blocked, other = await town.phone(1001), await town.phone(1002)
    await blocked.say("在")
    await expect(blocked.theirs).to_have_count(1)
    await blocked.element.get_by_role("button", name="更多").click()
    await blocked.element.get_by_role("button", name="屏蔽机器人").click()
    await expect(blocked.field).to_be_hidden()
    await other.say("告诉1001")
    await other.say("说完了")
    await expect(other.theirs.last).to_contain_text("听到：说完了")
    await expect(blocked.theirs).to_have_count(1)
    await blocked.element.get_by_role("button", name="解除屏蔽").click()
    await other.say("告诉1001")
    await expect(blocked.theirs).to_have_count(2)


async def test_the_chats_are_there_again_after_a_reload(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("按钮")
    await phone.element.get_by_role("button", name="换一换").click()
    await expect(phone.theirs).to_contain_text("核对一下")
    await town.reload()
    await expect(phone.mine).to_have_count(1)
    await expect(phone.theirs).to_contain_text("核对一下")
    await expect(town.page.locator(".tab .unread:visible")).to_have_count(0)


async def test_a_refused_message_is_told_and_its_text_kept(town: AtTown) -> None:
    phone = await town.phone(1001)
    await town.page.route("**/phones/1001/send", lambda route: route.fulfill(status=500, body="坏了"))
    await phone.say("别丢了我")
    await expect(phone.toasts).to_contain_text("没有成功")
    await expect(phone.field).to_have_value("别丢了我")


async def test_a_phone_that_blocked_the_bot_before_the_page_opened_says_so(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("在")
    await expect(phone.theirs).to_have_count(1)
    await town.page.request.post(f"{town.url}/phones/1001/block", data={})
    await phone.say("还在吗")
    await expect(phone.element.get_by_role("button", name="解除屏蔽")).to_be_visible()


async def test_a_copy_button_copies_or_at_least_shows_its_text(town: AtTown) -> None:
    phone = await town.phone(1001)
    await phone.say("按钮")
    await phone.element.get_by_role("button", name="复制编号").click()
    await expect(phone.toasts).to_contain_text("ZJ-2026-000123")


async def test_people_of_a_group_are_told_apart_and_an_answer_goes_to_the_group(town: AtTown) -> None:
    phone, other = await town.phone(1001), await town.phone(1002)
    group = {"title": "石桥村", "members": [1001, 1002]}
    chat = (await (await town.page.request.post(f"{town.url}/groups", data=group)).json())["chat_id"]
    await town.page.request.post(f"{town.url}/phones/1002/send", data={"chat_id": chat, "text": "大家好"})
    hello = phone.theirs.filter(has_text="大家好")
    await expect(hello).to_contain_text(f"群 {chat} 陈大叔")
    await expect(other.mine.filter(has_text="大家好")).to_be_visible()
    await hello.get_by_role("button", name="回复这条").click()
    await phone.say("收到")
    await expect(other.theirs.filter(has_text="收到")).to_contain_text("刘阿婆")


async def test_who_reads_older_messages_is_not_torn_away_by_a_new_one(town: AtTown) -> None:
    phone, other = await town.phone(1001), await town.phone(1002)
    await phone.say("长" * 2000)
    await expect(phone.theirs).to_have_count(1)
    log, latest = phone.element.locator(".log"), phone.element.get_by_role("button", name="到最新消息")
    await expect(latest).to_be_hidden()
    await log.evaluate("log => { log.scrollTop = 10; }")
    await expect(latest).to_be_visible()
    await other.say("告诉1001")
    await expect(phone.theirs).to_have_count(2)
    assert await log.evaluate("log => log.scrollTop") == 10
    await latest.click()
    await expect(phone.theirs.last).to_be_in_viewport()
    await expect(latest).to_be_hidden()
