"""No log, at any level, holds the bot's token or what people wrote."""

import io
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from handlers.telegram.bot_factory import Connection, RedactTokens, build_bot, introduce
from handlers.telegram.errors import TokenRejectedError

TOKEN = "123456789:AAF0123456789_abcdefghijklmnopqrstu"


class Log:
    """Everything that reaches the root logger, at DEBUG, as it would stand in a file."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self.handler = logging.StreamHandler(self._stream)
        self.handler.setFormatter(logging.Formatter("%(name)s %(message)s"))

    @property
    def text(self) -> str:
        return self._stream.getvalue()


@pytest.fixture
def log() -> Iterator[Log]:
    kept = Log()
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(kept.handler)
    yield kept
    root.removeHandler(kept.handler)
    root.setLevel(level)


@asynccontextmanager
async def served(application: web.Application) -> AsyncIterator[TestServer]:
    """Telegram's side, which keeps no log of its own here."""
    server = TestServer(application)
    await server.start_server(access_log=None)
    yield server
    await server.close()


def logged(log: Log, *, exc_info: BaseException | None = None, text: str = "at %s", arg: object = "here") -> str:
    logging.getLogger("somewhere").warning(text, arg, exc_info=exc_info)
    return log.text


@pytest.mark.parametrize("arg", [f"http://x/bot{TOKEN}/getMe", {"url": TOKEN}, TOKEN.replace(":", "%3A")])
def test_a_token_in_an_argument_is_cut_out(log: Log, arg: object) -> None:
    log.handler.addFilter(RedactTokens(TOKEN))
    assert TOKEN.split(":")[1] not in logged(log, arg=arg)
    assert "<token>" in log.text


def test_a_token_in_a_traceback_is_cut_out(log: Log) -> None:
    log.handler.addFilter(RedactTokens(TOKEN))
    try:
        raise RuntimeError(f"The token `{TOKEN}` was rejected")
    except RuntimeError as error:
        written = logged(log, exc_info=error)
    assert "RuntimeError: The token `<token>` was rejected" in written
    assert TOKEN not in written


def test_a_token_of_another_shape_is_known_by_its_letters(log: Log) -> None:
    log.handler.addFilter(RedactTokens("sandbox-token"))
    assert "sandbox-token" not in logged(log, arg="http://x/botsandbox-token/getMe")


def test_other_records_stay_as_they_are(log: Log) -> None:
    log.handler.addFilter(RedactTokens(TOKEN))
    assert logged(log, text="%d rows at 12:30", arg=5) == "somewhere 5 rows at 12:30\n"


@pytest.mark.parametrize("filtered", [True, False], ids=["with the filter", "by levels alone"])
async def test_a_bot_at_work_leaves_neither_its_token_nor_peoples_words_in_the_log(log: Log, filtered: bool) -> None:
    async def answer(request: web.Request) -> web.Response:
        method = request.path.rpartition("/")[2]
        me = {"id": 1, "is_bot": True, "first_name": "乡音", "username": "XiangyinBot"}
        sent = {"message_id": 1, "date": 0, "chat": {"id": 1001, "type": "private"}, "text": "阿芬的秘密"}
        return {
            "getMe": lambda: web.json_response({"ok": True, "result": me}),
            "sendMessage": lambda: web.json_response({"ok": True, "result": sent}),
            "getUpdates": lambda: web.Response(text="阿芬的秘密 is no JSON"),
        }.get(method, lambda: web.Response(status=500))()

    application = web.Application()
    application.router.add_route("*", "/{tail:.*}", answer)
    async with served(application) as server:
        base = str(server.make_url("/bot"))
        bot = build_bot(Connection(TOKEN, base), [log.handler] if filtered else [])
        async with bot:
            await bot.send_message(1001, "阿芬的秘密")
            for failing in (bot.get_updates, bot.log_out):
                with pytest.raises(Exception, match=r"(?i)server"):
                    await failing()
        logging.getLogger("canary").debug("the log is on")
    assert "the log is on" in log.text
    assert TOKEN not in log.text
    assert "秘密" not in log.text


async def test_a_refused_token_is_said_plainly_and_without_the_token(log: Log) -> None:
    async def refuse(request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)

    application = web.Application()
    application.router.add_route("*", "/{tail:.*}", refuse)
    async with served(application) as server:
        bot = build_bot(Connection(TOKEN, str(server.make_url("/bot"))), [log.handler])
        with pytest.raises(TokenRejectedError, match="@BotFather") as raised:
            await introduce(bot)
        logging.getLogger("main").error("stopping", exc_info=raised.value)
        await bot.shutdown()
    assert TOKEN not in log.text
    assert TOKEN not in str(raised.value)
