"""The page's own routes over HTTP: files, town, clock, and the one wait for all phones."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from handlers.sandbox.app import PAGE, PhoneCard, TownPage, harden, own_page_only, page_routes
from handlers.sandbox.clock import ShiftedClock
from handlers.sandbox.tour import STEPS, tour_for

TOWN = TownPage(
    "样例镇",
    True,
    (
        PhoneCard(1001, "刘阿婆", "villager", "村民", "试试写：路灯坏了"),
        PhoneCard(1004, "李代表", "deputy", "镇人大代表", ""),
        PhoneCard(1005, "黄站长", "station_head", "联络站站长", ""),
        PhoneCard(1006, "人大办", "office", "镇人大办", ""),
    ),
)
Client = TestClient[web.Request, web.Application]


class Mailbox:
    """The events of all phones, and what the page's routes told their owner."""

    def __init__(self) -> None:
        self.events: dict[int, list[dict[str, object]]] = {}
        self.pushes: list[datetime] = []
        self.clock = ShiftedClock(lambda: datetime(2026, 11, 23, 12, 0, tzinfo=UTC))

    def post(self, user: int, **event: object) -> None:
        told = self.events.setdefault(user, [])
        told.append({"seq": len(told) + 1, "type": "typing", **event})

    def events_of(self, user: int, after: int) -> Sequence[Mapping[str, object]]:
        return self.events.get(user, [])[after:]

    async def on_advance(self) -> None:
        self.pushes.append(self.clock.now())


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest_asyncio.fixture
async def client(mailbox: Mailbox) -> AsyncIterator[Client]:
    app = web.Application(middlewares=[own_page_only])
    zone = ZoneInfo("Asia/Shanghai")
    app.add_routes(page_routes(TOWN, mailbox.clock, zone, mailbox.on_advance, mailbox.events_of))
    app.on_response_prepare.append(harden)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/page/main.js", "/town", "/clock", "/page/none.js"])
async def test_every_answer_forbids_foreign_content(client: Client, path: str) -> None:
    answer = await client.get(path)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_every_file_that_the_page_names_is_there(client: Client) -> None:
    html = await (await client.get("/")).text()
    for file in sorted(PAGE.glob("*.*")):
        if file.name != "index.html":
            assert (await client.get(f"/page/{file.name}")).status == 200, file.name
    assert 'src="/page/main.js"' in html


@pytest.mark.parametrize(
    "path", ["/page/../app.py", "/page/%2e%2e/app.py", "/page/..%2fapp.py", "/page/index.html", "/page/"]
)
async def test_nothing_but_the_pages_files_is_served(client: Client, path: str) -> None:
    assert (await client.get(path)).status == 404


def test_the_page_carries_no_foreign_address_and_never_writes_html() -> None:
    for file in PAGE.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in text.replace("// ", "").replace("https://${text}", ""), file.name
        for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert forbidden not in text, (file.name, forbidden)


async def test_the_town_tells_its_phones_time_and_tour(client: Client) -> None:
    town = await (await client.get("/town")).json()
    assert town["name"] == "样例镇"
    assert town["sample"] is True
    assert [phone["user_id"] for phone in town["phones"]] == [1001, 1004, 1005, 1006]
    assert town["phones"][0]["role_name"] == "村民"
    assert town["now"] == "2026-11-23T20:00:00+08:00"
    assert town["zone"] == "Asia/Shanghai"
    assert [step["phones"] for step in town["tour"]] == [[], [1001], [1001], [1004, 1005], [1005], [1001]]


def test_the_tour_leaves_out_steps_for_which_the_town_has_no_phone() -> None:
    steps = tour_for(TOWN.phones[:1])
    assert len(steps) == len(STEPS) - 2
    assert {"types": "路灯坏了"}.items() <= steps[1].items()


@pytest.mark.parametrize(
    ("asked", "now"),
    [
        ({"advance_seconds": 3600}, "2026-11-23T21:00:00+08:00"),
        ({"advance_seconds": 259200}, "2026-11-26T20:00:00+08:00"),
        ({"to_next": "08:00"}, "2026-11-24T08:00:00+08:00"),
    ],
)
async def test_a_push_moves_the_clock_and_then_runs_what_fell_due(
    client: Client, mailbox: Mailbox, asked: dict[str, object], now: str
) -> None:
    assert await (await client.post("/clock", json=asked)).json() == {"now": now}
    assert await (await client.get("/clock")).json() == {"now": now}
    assert mailbox.pushes == [datetime.fromisoformat(now)]


@pytest.mark.parametrize(
    "asked",
    [
        {"advance_seconds": -1},
        {"advance_seconds": 0},
        {"advance_seconds": True},
        {"advance_seconds": 1.5},
        {"advance_seconds": 10**12},
        {"to_next": "25:00"},
        {"to_next": 8},
        {},
        [],
    ],
)
async def test_a_senseless_push_is_refused_and_moves_nothing(client: Client, mailbox: Mailbox, asked: object) -> None:
    assert (await client.post("/clock", json=asked)).status == 400
    assert mailbox.pushes == []
    assert (await (await client.get("/clock")).json())["now"] == "2026-11-23T20:00:00+08:00"


async def test_a_form_on_a_foreign_page_cannot_push_the_clock(client: Client, mailbox: Mailbox) -> None:
    answer = await client.post("/clock", data='{"advance_seconds": 60}', headers={"Content-Type": "text/plain"})
    assert answer.status == 415
    assert mailbox.pushes == []


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://elsewhere.example", 403), ("null", 403), ("https://{host}", 403), ("http://{host}", 200), (None, 200)],
)
async def test_only_the_sandboxs_own_page_and_programs_may_change_anything(
    client: Client, mailbox: Mailbox, origin: str | None, status: int
) -> None:
    headers = {"Origin": origin.format(host=f"127.0.0.1:{client.port}")} if origin else {}
    answer = await client.post("/clock", json={"advance_seconds": 60}, headers=headers)
    assert answer.status == status
    assert len(mailbox.pushes) == (1 if status == 200 else 0)


async def test_broken_json_is_refused_as_such(client: Client) -> None:
    answer = await client.post("/clock", data="{", headers={"Content-Type": "application/json"})
    assert answer.status == 400


async def test_one_request_tells_the_news_of_all_phones_and_only_of_those_with_news(
    client: Client, mailbox: Mailbox
) -> None:
    for user in (1001, 1001, 1004):
        mailbox.post(user)
    answer = await (await client.get("/phones-events?after=1001:1,1004:0,1005:0&wait=0")).json()
    assert {user: news["last"] for user, news in answer["phones"].items()} == {"1001": 2, "1004": 1}
    assert [event["seq"] for event in answer["phones"]["1001"]["events"]] == [2]


async def test_the_wait_ends_as_soon_as_any_phone_has_news(client: Client, mailbox: Mailbox) -> None:
    waiting = asyncio.ensure_future(client.get("/phones-events?after=1001:0,1005:0&wait=25"))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    mailbox.post(1005)
    answer = await asyncio.wait_for(waiting, 5)
    assert list((await answer.json())["phones"]) == ["1005"]


async def test_a_wait_without_news_ends_empty(client: Client) -> None:
    answer = await (await client.get("/phones-events?after=1001:0&wait=0.05")).json()
    assert answer["phones"] == {}


async def test_a_page_learns_that_the_server_began_anew(client: Client) -> None:
    town = await (await client.get("/town")).json()
    news = await (await client.get("/phones-events?after=&wait=0")).json()
    assert news["run"] == town["run"]


async def test_phones_of_other_people_are_not_told(client: Client, mailbox: Mailbox) -> None:
    mailbox.post(4242)
    answer = await (await client.get("/phones-events?after=4242:0&wait=0")).json()
    assert answer["phones"] == {}


@pytest.mark.parametrize("query", ["after=x", "after=1001", "after=1001:1:2", "after=1001:0&wait=soon"])
async def test_a_senseless_wait_is_refused(client: Client, query: str) -> None:
    assert (await client.get(f"/phones-events?{query}")).status == 400
