"""What is to be sent arrives on the phone as meant, over real HTTP; what goes wrong is told apart."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from bot.domain.channel import Drawn, Moved, NoPaper, Paper, Refused, RetryIn, Sent, Unreachable
from bot.domain.messages import Button, File, FileKind, Inbound, Location, Order, Outgoing, OutgoingKind, Slip
from handlers.sandbox.botapi import BotApiServer, Phone
from handlers.telegram.bot_factory import Connection, build_bot
from handlers.telegram.errors import TokenRejectedError
from handlers.telegram.polling import Polling
from handlers.telegram.translate import TelegramTranslator
from handlers.telegram.transport import TelegramTransport
from storage.store import SqlStore
from tests.telegram.clock import SetClock
from tests.telegram.conftest import control
from tests.telegram.faults import calls, fail, methods

BUTTONS = ((Button("收到", "ack"), Button("网页", url="https://example.org/")),)


def text(words: str, chat: str = "1001", *, buttons: bool = False) -> Outgoing:
    return Outgoing(OutgoingKind.TEXT, chat, words, BUTTONS if buttons else ())


@asynccontextmanager
async def other(connection: Connection, **changes: Any) -> AsyncIterator[TelegramTransport]:
    """A transport over another connection, which need not work."""
    bot = build_bot(replace(connection, **changes))
    yield TelegramTransport(bot)
    await bot.request.shutdown()


Receive = Callable[[], "asyncio.Future[list[Inbound]]"]


@pytest.fixture
def received(server: BotApiServer, store: SqlStore, clock: SetClock, connection: Connection, bot: Bot) -> Receive:
    """What the bot gets to hear, by its real way in: poll, store, translate."""

    async def receive() -> list[Inbound]:
        polling = Polling(store, bot.base_url, lambda: connection.new_request(1), clock, lambda: None, wait=0)
        await polling.poll_once()
        await polling.close()
        translator, found = TelegramTranslator(), []
        async with store.begin() as tx:
            while rows := await tx.inbox.claim(100):
                for row in rows:
                    found.append(translator.translate(row.update.raw))
                    await tx.inbox.done([row.id], clock.now())
        return found

    return lambda: asyncio.ensure_future(receive())


async def test_a_text_arrives_as_it_was_written_with_its_buttons(
    transport: TelegramTransport, server: BotApiServer, fen: Phone
) -> None:
    words = "路灯 *坏了* _3天_ <b>https://example.org</b> [x](y)"
    outcome = await transport.send(text(words, buttons=True))
    shown = await fen.wait_for("路灯")
    assert outcome == Sent(str(shown["message_id"]))
    assert shown["text"] == words
    assert shown["inline_keyboard"] == [
        [{"text": "收到", "data": "ack"}, {"text": "网页", "url": "https://example.org/"}]
    ]
    (call,) = calls(server, "sendMessage")
    assert call["link_preview_options"] == {"is_disabled": True}
    assert {"parse_mode", "protect_content", "entities"}.isdisjoint(call)


async def test_a_long_text_arrives_in_pieces_and_the_last_one_counts(transport: TelegramTransport, fen: Phone) -> None:
    words = "一二三四五六七八九十\n" * 800
    outcome = await transport.send(text(words, buttons=True))
    await fen.refresh()
    pieces = [message for message in fen.messages if message["from_bot"]]
    assert "\n".join(piece["text"] for piece in pieces) == words.rstrip()
    assert ["inline_keyboard" in piece for piece in pieces] == [False, False, True]
    assert outcome == Sent(str(pieces[-1]["message_id"]))


@pytest.mark.parametrize("kind", list(FileKind))
async def test_a_file_that_a_villager_sent_can_be_sent_on(
    transport: TelegramTransport, fen: Phone, received: Receive, kind: FileKind
) -> None:
    await fen.send_files(kind, [b"GIF89a\x10\x00\x10\x00 a file's bytes"])
    (file,) = (await received())[-1].files
    assert file.kind is kind
    outcome = await transport.send(Outgoing(OutgoingKind.FILES, "1001", "看", BUTTONS, (file,)))
    shown = await fen.wait_for("看")
    assert outcome == Sent(str(shown["message_id"]))
    assert shown[kind]["file_id"] == file.ref
    assert len(shown["inline_keyboard"]) == 1


@pytest.mark.parametrize("kind", ["video_note", "animation"])
async def test_round_and_silent_videos_are_sent_on_as_what_they_were(
    transport: TelegramTransport, bot: Bot, fen: Phone, kind: str
) -> None:
    sent = await (bot.send_video_note if kind == "video_note" else bot.send_animation)(1001, b"bytes")
    video = sent.video_note or sent.animation
    assert video
    file = File(FileKind.VIDEO, f"{kind}:{video.file_id}", "u")
    await transport.send(Outgoing(OutgoingKind.FILES, "1001", "看", files=(file,)))
    await fen.wait_for("看")
    assert [kind in message for message in fen.messages[1:]] == (
        [True, True, False] if kind == "video_note" else [True, True]
    )


async def test_an_album_that_a_villager_sent_is_sent_on_as_one(
    transport: TelegramTransport, server: BotApiServer, fen: Phone, received: Receive
) -> None:
    await fen.send_photos([b"1", b"2", b"3"], caption="三张")
    heard = (await received())[1:]
    assert len({inbound.album for inbound in heard}) == 1
    files = tuple(file for inbound in heard for file in inbound.files)
    outcome = await transport.send(Outgoing(OutgoingKind.FILES, "1001", "转达", files=files))
    shown = await fen.wait_for("转达")
    album = [m for m in fen.messages if m.get("media_group_id") == shown["media_group_id"]]
    assert len(album) == 3
    assert outcome == Sent(str(album[-1]["message_id"]))
    assert methods(server)[-1] == "sendMediaGroup"


async def test_a_mixture_of_files_is_sent_in_fitting_groups(
    transport: TelegramTransport, server: BotApiServer, fen: Phone, received: Receive
) -> None:
    for kind, files in (("document", [b"1", b"2"]), ("photo", [b"3"]), ("voice", [b"4"]), ("video", [b"5"])):
        await fen.send_files(kind, files)
    files_all = tuple(file for inbound in await received() for file in inbound.files)
    assert isinstance(await transport.send(Outgoing(OutgoingKind.FILES, "1001", "全部", BUTTONS, files_all)), Sent)
    assert methods(server)[1:] == ["sendMediaGroup", "sendMediaGroup", "sendVoice", "sendMessage"]


async def test_a_slip_arrives_as_a_picture_with_its_caption(transport: TelegramTransport, fen: Phone) -> None:
    slip = Slip("https://t.me/xiangyin_bot?start=code-123456789012", "1234 5678 9012", ("回执",), ("电话 1",))
    sent = await transport.send(Outgoing(OutgoingKind.SLIP, "1001", "请念给他听", slip=slip, secret=True))
    shown = await fen.wait_for("请念给他听")
    assert sent == Sent(str(shown["message_id"]))
    assert (await fen.download(shown["photo"])).startswith(b"\x89PNG")
    assert isinstance(await transport.send(Outgoing(OutgoingKind.SLIP, "1001", "空")), Refused)


async def test_what_was_ordered_arrives_as_a_file_or_in_words(bot: Bot, server: BotApiServer, fen: Phone) -> None:
    paper = Paper("样例镇2026年人大工作报告（草稿）.docx", b"PK docx")
    later = RetryIn(timedelta(seconds=2), "is being drawn up")
    page = Outgoing(OutgoingKind.TEXT, "1001", "【样例镇】", ((Button("今年", "x:2026:t:"),),))
    answers: list[Drawn] = [paper, paper, page, later, NoPaper("不归您"), NoPaper("出错", "X")]

    async def draw(order: Order) -> Drawn:
        assert order.what == "annual"
        return answers.pop(0)

    transport = TelegramTransport(bot, draw=draw)
    order = Order("in:telegram:1", 1, "annual", "2026", "", "起草报告")
    message = Outgoing(OutgoingKind.PAPER, "1001", "草稿", order=order)
    assert Outgoing.from_json(message.to_json()) == message
    await fail(server, "429", "sendDocument")
    assert isinstance(await transport.send(message), RetryIn)
    sent = await transport.send(message)
    shown = await fen.wait_for("草稿")
    assert sent == Sent(str(shown["message_id"]))
    assert shown["document"]["file_name"] == paper.name
    assert await fen.download(shown["document"]) == paper.data
    assert isinstance(await transport.send(message), Sent)
    await fen.wait_for("样例镇】")
    assert "今年" in fen.labels
    assert isinstance(await transport.send(message), RetryIn)
    assert isinstance(await transport.send(message), Sent)
    assert await transport.send(message) == Refused("X")
    assert [one["text"] for one in calls(server, "sendMessage")] == ["【样例镇】", "不归您", "出错"]
    assert isinstance(await TelegramTransport(bot).send(message), Refused)


async def test_a_place_is_sent(transport: TelegramTransport, fen: Phone) -> None:
    await transport.send(Outgoing(OutgoingKind.LOCATION, "1001", location=Location(21.61, 110.92)))
    await fen.refresh()
    assert fen.messages[-1]["location"] == {"latitude": 21.61, "longitude": 110.92}


async def test_a_press_is_answered_with_a_toast(transport: TelegramTransport, fen: Phone, received: Receive) -> None:
    await transport.send(text("选", buttons=True))
    await fen.press_label("收到")
    press = (await received())[-1]
    assert press.press == "ack"
    toast = Outgoing(OutgoingKind.TOAST, "1001", "好" * 300, press_id=press.press_id, alert=True)
    assert await transport.send(toast) == Sent()
    await fen.refresh()
    assert [(t["text"], t["alert"]) for t in fen.toasts] == [("好" * 200, True)]
    assert await transport.send(toast) == Sent(), "an answer that comes too late leaves nothing to do"


async def test_the_buttons_of_a_message_are_taken_off_once_and_for_all(
    transport: TelegramTransport, fen: Phone
) -> None:
    sent = await transport.send(text("选", buttons=True))
    assert isinstance(sent, Sent)
    strip = Outgoing(OutgoingKind.STRIP, "1001", message_id=sent.message_id or "")
    for _ in range(2):  # the second time it is not modified
        assert isinstance(await transport.send(strip), Sent)
    await fen.refresh()
    assert "inline_keyboard" not in fen.messages[-1]
    assert isinstance(await transport.send(replace(strip, message_id="99999")), Sent), "the message is gone"


async def test_the_command_menu_is_one_chats_own(
    transport: TelegramTransport, fen: Phone, phone: Callable[[int], Phone]
) -> None:
    other = phone(1002)
    await other.start()
    menu = Outgoing(OutgoingKind.MENU, "1001", commands=(("new", "反映问题"), ("help", "帮助")))
    assert await transport.send(menu) == Sent()
    await asyncio.gather(fen.refresh(), other.refresh())
    assert fen.commands == [
        {"command": "new", "description": "反映问题"},
        {"command": "help", "description": "帮助"},
    ]
    assert other.commands == []
    await transport.send(replace(menu, commands=()))
    await fen.refresh()
    assert fen.commands == []


async def test_nothing_is_ever_forwarded_or_copied(
    transport: TelegramTransport, server: BotApiServer, fen: Phone, received: Receive
) -> None:
    await fen.send_photos([b"1"])
    (file,) = (await received())[-1].files
    await transport.send(Outgoing(OutgoingKind.FILES, "1001", files=(file,)))
    await fen.refresh()
    assert "forward" not in fen.messages[-1]
    assert {"forwardMessage", "copyMessage"}.isdisjoint(methods(server))


async def test_a_message_in_several_calls_is_taken_up_where_it_failed(
    transport: TelegramTransport, server: BotApiServer, fen: Phone, received: Receive
) -> None:
    await fen.send_photos([b"1"])
    (file,) = (await received())[-1].files
    message = Outgoing(OutgoingKind.FILES, "1001", "字" * 2000, files=(file,))
    await fail(server, "429", times=2)
    for _ in range(2):
        assert isinstance(await transport.send(message), RetryIn)
    assert isinstance(await transport.send(message), Sent)
    assert methods(server)[1:] == ["sendPhoto", "sendMessage", "sendMessage", "sendMessage"]
    assert isinstance(await transport.send(message), Sent)
    assert methods(server)[-2:] == ["sendPhoto", "sendMessage"], "sent anew, it is sent whole"


async def test_another_message_is_not_mistaken_for_the_rest_of_one(
    transport: TelegramTransport, server: BotApiServer, fen: Phone, received: Receive
) -> None:
    await fen.send_photos([b"1"])
    (file,) = (await received())[-1].files
    message = Outgoing(OutgoingKind.FILES, "1001", "字" * 2000, files=(file,))
    await fail(server, "500")
    assert isinstance(await transport.send(message), RetryIn)
    assert isinstance(await transport.send(replace(message, text="别的")), Sent)
    assert methods(server)[1:] == ["sendPhoto", "sendMessage", "sendPhoto"]


async def test_429_puts_this_chat_off_for_as_long_as_telegram_says(
    transport: TelegramTransport, server: BotApiServer, fen: Phone
) -> None:
    await fail(server, "429", retry_after=17)
    outcome = await transport.send(text("a"))
    assert isinstance(outcome, RetryIn)
    assert (outcome.delay, outcome.all_chats) == (timedelta(seconds=17), False)
    assert isinstance(await transport.send(text("a")), Sent)


async def test_429_for_three_chats_at_once_puts_all_chats_off(bot: Bot, server: BotApiServer) -> None:
    now = [0.0]
    transport = TelegramTransport(bot, lambda: now[0])
    await fail(server, "429", times=9, retry_after=10)

    async def held(chat: str) -> bool:
        outcome = await transport.send(text("a", chat))
        assert isinstance(outcome, RetryIn)
        return outcome.all_chats

    assert [await held(chat) for chat in ("1001", "1002", "1001")] == [False, False, False]
    assert await held("1003")
    now[0] = 10.0  # all that was put off is over
    assert [await held(chat) for chat in ("1001", "1002")] == [False, False]


async def test_who_has_blocked_the_bot_is_unreachable(transport: TelegramTransport, fen: Phone) -> None:
    await fen.block()
    assert await transport.send(text("a")) == Unreachable("Forbidden: bot was blocked by the user")
    await fen.unblock()
    assert isinstance(await transport.send(text("a")), Sent)


async def test_who_never_started_the_bot_or_does_not_exist_is_unreachable(transport: TelegramTransport) -> None:
    assert isinstance(await transport.send(text("a", "1002")), Unreachable)
    assert await transport.send(text("a", "777")) == Unreachable("Chat not found")


async def test_what_telegram_will_never_take_is_refused(transport: TelegramTransport, fen: Phone) -> None:
    lost = Outgoing(OutgoingKind.FILES, "1001", files=(File(FileKind.PHOTO, "no-such-file", "u"),))
    outcome = await transport.send(lost)
    assert isinstance(outcome, Refused)
    assert "file identifier" in outcome.error
    photo = File(FileKind.PHOTO, "p", "u")
    assert isinstance(await transport.send(replace(lost, files=(photo, photo), buttons=BUTTONS)), Refused)


async def test_a_group_that_has_migrated_tells_where_to(
    transport: TelegramTransport, server: BotApiServer, fen: Phone, session: aiohttp.ClientSession
) -> None:
    async with session.post(f"{control(server)}/groups", json={"title": "村民群", "members": [1001]}) as answer:
        old = (await answer.json())["chat_id"]
    async with session.post(f"{control(server)}/groups/{old}/migrate") as answer:
        new = (await answer.json())["chat_id"]
    assert await transport.send(text("a", str(old))) == Moved(str(new))


@pytest.mark.parametrize("kind", ["500", "drop"])
async def test_failures_of_the_network_are_tried_again_after_a_growing_pause(
    transport: TelegramTransport, server: BotApiServer, fen: Phone, kind: str
) -> None:
    async def pause() -> float:
        outcome = await transport.send(text("a"))
        return outcome.delay.total_seconds() if isinstance(outcome, RetryIn) else 0.0

    await fail(server, kind, times=12)
    assert [await pause() for _ in range(12)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert await pause() == 0.0
    await fail(server, kind)
    assert await pause() == 1.0, "after a success it begins anew"


async def test_no_answer_in_time_is_tried_again(server: BotApiServer, connection: Connection, fen: Phone) -> None:
    async with other(connection, read_timeout=0.5) as transport:
        await fail(server, "timeout_after", hold=2.0)
        outcome = await transport.send(text("a"))
    assert outcome == RetryIn(timedelta(seconds=1), "network: Timed out")


async def test_a_server_that_is_not_there_is_tried_again(connection: Connection) -> None:
    async with other(connection, base_url="http://127.0.0.1:1/bot") as transport:
        assert isinstance(await transport.send(text("a")), RetryIn)


async def test_a_refused_token_stops_everything_and_says_what_to_do(connection: Connection) -> None:
    async with other(connection, token="4242:wrong") as transport:
        with pytest.raises(TokenRejectedError, match="@BotFather"):
            await transport.send(text("a"))
