"""The webhook takes in what Telegram sends, once, and nothing from anybody else."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.ports import RawUpdate
from handlers.telegram.webhook import SECRET_HEADER, Webhook
from storage.store import SqlStore
from tests.telegram.clock import SetClock
from tests.telegram.failing import FailingStore
from tests.telegram.updates import said

SECRET = "s3cret-of-the-town"
RIGHT = {SECRET_HEADER: SECRET}
UPDATE = said(text="水管爆了").encode()

Client = TestClient[web.Request, web.Application]


class Bell:
    def __init__(self) -> None:
        self.rung = 0

    def __call__(self) -> None:
        self.rung += 1


@pytest.fixture
def bell() -> Bell:
    return Bell()


@asynccontextmanager
async def serving(webhook: Webhook) -> AsyncIterator[Client]:
    application = web.Application()
    application.add_routes(webhook.routes("/telegram"))
    async with TestClient(TestServer(application)) as client:
        yield client


@pytest.fixture
async def client(store: SqlStore, clock: SetClock, bell: Bell) -> AsyncIterator[Client]:
    async with serving(Webhook(store, SECRET, clock, bell, most_bytes=1000)) as client:
        yield client


async def stored(store: SqlStore) -> list[RawUpdate]:
    async with store.begin() as tx:
        return [row.update for row in await tx.inbox.claim(100)]


async def test_an_update_with_the_secret_is_stored_before_it_is_acknowledged(
    client: Client, store: SqlStore, bell: Bell
) -> None:
    answer = await client.post("/telegram", data=UPDATE, headers=RIGHT)
    assert (answer.status, await answer.text()) == (200, "")
    (update,) = await stored(store)
    assert (update.channel, update.key, update.chat) == ("telegram", 7, "1001")
    assert json.loads(update.raw)["message"]["text"] == "水管爆了"
    assert bell.rung == 1


@pytest.mark.parametrize(
    "headers",
    [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: SECRET + "x"}, {SECRET_HEADER: "密"}],
    ids=["none", "empty", "wrong", "longer", "not ascii"],
)
async def test_without_the_right_secret_nothing_is_taken_in(
    client: Client, store: SqlStore, headers: dict[str, str]
) -> None:
    assert (await client.post("/telegram", data=UPDATE, headers=headers)).status == 401
    assert await stored(store) == []


async def test_a_body_over_the_cap_is_refused_whether_it_says_its_length_or_not(
    client: Client, store: SqlStore
) -> None:
    async def in_chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b" " * 100

    assert (await client.post("/telegram", data=b" " * 1001, headers=RIGHT)).status == 413
    assert (await client.post("/telegram", data=in_chunks(), headers=RIGHT)).status == 413
    assert await stored(store) == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b"\xff\xfe\xfd", b'{"update_id": "7"}', b"[" * 999, b"9" * 999]
)
async def test_what_is_no_update_is_refused(client: Client, store: SqlStore, body: bytes) -> None:
    assert (await client.post("/telegram", data=body, headers=RIGHT)).status == 400
    assert await stored(store) == []


async def test_an_update_that_comes_twice_is_acknowledged_twice_and_stored_once(
    client: Client, store: SqlStore, bell: Bell
) -> None:
    for _ in range(2):
        assert (await client.post("/telegram", data=UPDATE, headers=RIGHT)).status == 200
    assert len(await stored(store)) == 1
    assert bell.rung == 1


async def test_a_malformed_update_is_stored_for_the_worker_to_park(client: Client, store: SqlStore) -> None:
    assert (await client.post("/telegram", data=b'{"update_id": 9, "message": 5}', headers=RIGHT)).status == 200
    assert [update.key for update in await stored(store)] == [9]


async def test_what_could_not_be_stored_is_not_acknowledged(store: SqlStore, clock: SetClock, bell: Bell) -> None:
    async with serving(Webhook(FailingStore(store, failures=1), SECRET, clock, bell)) as client:
        assert (await client.post("/telegram", data=UPDATE, headers=RIGHT)).status == 500
        assert (await stored(store), bell.rung) == ([], 0)
        assert (await client.post("/telegram", data=UPDATE, headers=RIGHT)).status == 200
    assert len(await stored(store)) == 1


async def test_only_post_is_answered(client: Client) -> None:
    assert (await client.get("/telegram", headers=RIGHT)).status == 405


@pytest.mark.parametrize("secret", ["", "with space", "密", "x" * 257])
def test_a_secret_that_telegram_would_not_take_is_refused_at_once(
    store: SqlStore, clock: SetClock, secret: str
) -> None:
    with pytest.raises(ValueError, match="secret"):
        Webhook(store, secret, clock, Bell())
