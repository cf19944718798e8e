"""Failures on demand, and flood control."""

import aiohttp
import pytest

from handlers.sandbox.botapi import BotApiServer, Phone, RateLimits
from tests.sandbox.botapi.clients import Client, Refused
from tests.sandbox.botapi.conftest import DEPUTY, VILLAGER, MovingClock, Raw
from tests.sandbox.botapi.judge import check_log


async def order(session: aiohttp.ClientSession, url: str, **fault: object) -> None:
    async with session.post(f"{url}/faults", json=fault) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("429", 429, "retry"),
        ("403", 403, "bot was blocked by the user"),
        ("400", 400, "chat not found"),
        ("409", 409, "terminated by other getupdates request"),
    ],
)
async def test_a_fault_strikes_as_often_as_ordered_and_then_no_more(
    kind: str,
    code: int,
    words: str,
    client: Client,
    villager: Phone,
    session: aiohttp.ClientSession,
    url: str,
    server: BotApiServer,
) -> None:
    await villager.start()
    await order(session, url, method="sendMessage", times=2, kind=kind, retry_after=7)
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            await client.call("send_message", chat_id=VILLAGER, text="喂")
        assert refusal.value.code == code
        assert words in refusal.value.description.replace("_", " ")
    assert (await client.call("send_message", chat_id=VILLAGER, text="喂"))["text"] == "喂"
    if kind == "429":
        assert refusal.value.parameters == {"retry_after": 7}
    assert server.violations == []


async def test_a_fault_can_be_for_one_chat_only(
    raw: Raw, villager: Phone, deputy: Phone, session: aiohttp.ClientSession, url: str
) -> None:
    await villager.start()
    await deputy.start()
    await order(session, url, method="*", chat_id=VILLAGER, kind="500")
    assert (await raw("sendMessage", chat_id=DEPUTY, text="喂"))[0] == 200
    status, answer = await raw("sendMessage", chat_id=VILLAGER, text="喂")
    assert (status, answer["description"]) == (500, "Internal Server Error")
    async with session.get(f"{url}/faults") as response:
        assert await response.json() == {"faults": []}


async def test_timeout_after_performs_the_call_and_never_answers(
    raw: Raw, villager: Phone, session: aiohttp.ClientSession, url: str
) -> None:
    await villager.start()
    await order(session, url, method="sendMessage", kind="timeout_after", hold=0.05)
    with pytest.raises(aiohttp.ClientError):
        await raw("sendMessage", chat_id=VILLAGER, text="到了")
    assert (await villager.wait_for("到了"))["from_bot"]


async def test_drop_closes_the_connection_before_anything_happens(
    raw: Raw, villager: Phone, session: aiohttp.ClientSession, url: str, server: BotApiServer
) -> None:
    await villager.start()
    await order(session, url, method="sendMessage", kind="drop")
    with pytest.raises(aiohttp.ClientError):
        await raw("sendMessage", chat_id=VILLAGER, text="没到")
    await raw("sendMessage", chat_id=VILLAGER, text="到了")
    await villager.wait_for("到了")
    assert all(message.get("text") != "没到" for message in villager.messages)
    dropped = [entry for entry in server.log if entry.get("fault") == "drop"]
    assert [(entry["params"]["text"], entry["answer"]) for entry in dropped] == [("没到", None)]


@pytest.mark.parametrize(("kind", "arrives"), [("half", True), ("reset", False), ("hang", False)])
async def test_a_broken_line_and_half_an_answer(
    kind: str, arrives: bool, raw: Raw, villager: Phone, session: aiohttp.ClientSession, url: str
) -> None:
    await villager.start()
    await order(session, url, method="sendMessage", kind=kind, hold=0.05)
    with pytest.raises(aiohttp.ClientError):
        await raw("sendMessage", chat_id=VILLAGER, text="半路")
    await raw("sendMessage", chat_id=VILLAGER, text="到了")
    await villager.wait_for("到了")
    assert any(message.get("text") == "半路" for message in villager.messages) is arrives


@pytest.mark.parametrize("fault", [{"method": "*", "kind": "418"}, {"method": "*"}, {"kind": "429", "size": 1}])
async def test_a_fault_that_cannot_be_is_refused(
    fault: dict[str, object], session: aiohttp.ClientSession, url: str
) -> None:
    async with session.post(f"{url}/faults", json=fault) as response:
        assert response.status == 400


class Seconds:
    """A monotonic clock in a test's hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def flooded(
    limits: RateLimits, clock: MovingClock, session: aiohttp.ClientSession
) -> tuple[BotApiServer, Raw, str]:
    server = BotApiServer(clock=clock, rate_limits=limits)
    for user_id in range(1, 41):
        server.add_user(user_id, f"人{user_id}")
    url = await server.start()
    for user_id in range(1, 41):
        await Phone(url, user_id, session).start()
    return server, Raw(server, session), url


async def test_a_chat_bears_a_short_burst_and_then_one_message_a_second(
    clock: MovingClock, session: aiohttp.ClientSession
) -> None:
    seconds = Seconds()
    server, raw, _ = await flooded(RateLimits(chat_burst=3, monotonic=seconds), clock, session)
    statuses = [(await raw("sendMessage", chat_id=1, text="喂"))[0] for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    _, answer = await raw("sendMessage", chat_id=1, text="喂")
    assert answer["description"] == "Too Many Requests: retry after 1"
    assert answer["parameters"] == {"retry_after": 1}
    assert (await raw("sendMessage", chat_id=2, text="喂"))[0] == 200
    seconds.now += answer["parameters"]["retry_after"]
    assert (await raw("sendMessage", chat_id=1, text="喂"))[0] == 200
    assert {note["rule"] for note in server.violations} == {"flood"}
    await server.stop()
    check_log(server.log)


async def test_the_whole_bot_sends_thirty_messages_a_second(clock: MovingClock, session: aiohttp.ClientSession) -> None:
    seconds = Seconds()
    server, raw, _ = await flooded(RateLimits(monotonic=seconds), clock, session)
    statuses = [(await raw("sendMessage", chat_id=n, text="喂"))[0] for n in range(1, 32)]
    assert statuses == [200] * 30 + [429]
    seconds.now += 0.5
    statuses = [(await raw("sendMessage", chat_id=n, text="喂"))[0] for n in range(20, 36)]
    assert statuses == [200] * 15 + [429]
    await server.stop()


async def test_a_group_bears_twenty_messages_a_minute(clock: MovingClock, session: aiohttp.ClientSession) -> None:
    seconds = Seconds()
    server, raw, url = await flooded(RateLimits(monotonic=seconds), clock, session)
    async with session.post(f"{url}/groups", json={"title": "联络站", "members": [1]}) as response:
        group = (await response.json())["chat_id"]
    answers = []
    for _ in range(30):
        answers.append(await raw("sendMessage", chat_id=group, text="喂"))
        seconds.now += 1
    # Twenty at once and one every three seconds, so at one a second the thirtieth second is the first refused.
    assert [status for status, _ in answers].count(200) == 29
    assert answers[-1][1]["parameters"]["retry_after"] == 1
    await server.stop()


async def test_an_album_counts_as_many_messages(clock: MovingClock, session: aiohttp.ClientSession) -> None:
    seconds = Seconds()
    server, raw, url = await flooded(RateLimits(chat_burst=3, monotonic=seconds), clock, session)
    await Phone(url, 1, session).send_files("document", [b"1"])
    _, updates = await raw("getUpdates", offset=-1)
    file_id = updates["result"][0]["message"]["document"]["file_id"]
    media = [{"type": "document", "media": file_id}] * 5
    assert (await raw("sendMediaGroup", chat_id=1, media=media))[0] == 200
    status, answer = await raw("sendMessage", chat_id=1, text="喂")
    assert (status, answer["parameters"]) == (429, {"retry_after": 3})
    await server.stop()
