"""Who sees a restricted case, a sealed one, one they are recused from: who handles it, and nobody else, anywhere."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from bot.dialogue.matter import Submission, Words
from bot.domain.periods import Period
from bot.domain.report.content import ReportKind
from bot.domain.sheets import REGISTERS
from bot.domain.topics import Flag
from bot.tagging.likeness import Likeness
from bot.texts.catalogue import Catalogue
from bot.usecases import registering
from bot.usecases.ledger import Ledger
from bot.usecases.registers import draw_up
from bot.usecases.reports import write_report
from tests.support.chat import CHANNEL, ChatClient, LocalTown

SECRET = "紫藤花"
TEXT = f"石龙村东头那家的{SECRET}架下天天有人吵架，孩子都不敢出门"
PLAIN = "石龙村村口的路灯坏了半个月，晚上老人不敢出门"
STAFF = {
    "deputy": "shilong-2",
    "stand-in": "shilong-3",
    "colleague": "shilong-1",
    "head": "shilong-head",
    "vice": "shilong-vice",
    "liaison": "shilong-liaison",
    "far deputy": "datang-1",
    "far head": "datang-head",
    "office": "office-1",
}
STATION = {"deputy", "head", "vice", "liaison", "office"}
VIEWERS = [*STAFF, "neighbour"]


@dataclass
class World:
    place: LocalTown
    clients: dict[str, ChatClient]


async def everybody(world: World, *presses: str) -> None:
    for viewer in VIEWERS:
        for press in presses:
            client = world.clients[viewer]
            await (client.say(press) if press.startswith("/") else client.press(press))


async def by_number(world: World) -> None:
    await everybody(world, "/case 1")


async def by_button(world: World) -> None:
    await everybody(world, *(f"c:1:{word}" for word in ("open", "history", "why", "more")), "k:1:open")


async def by_queue(world: World) -> None:
    await everybody(world, "/queue")


async def by_digest(world: World) -> None:
    world.place.clock.push(days=1)
    await world.place.sweep.once()


async def by_clock(world: World) -> None:
    """Reminders, supervision, the draft of the report to the Party committee."""
    for _ in range(6):
        world.place.clock.push(days=5)
        await world.place.sweep.once()


async def by_search(world: World) -> None:
    """As a villager who reports something alike, and as staff who look for a case, also to merge with."""
    for name in ("neighbour", "far deputy"):
        await world.clients[name].press("p:agree:1")
        await world.clients[name].say(TEXT.replace("东头", "西头").replace(SECRET, "葡萄"))
    await world.clients["neighbour"].say("1")
    await everybody(world, "c:2:merge", "/search 架下", "/search 石龙", "a:99:天天")


async def by_board(world: World) -> None:
    await everybody(world, "/board")


async def by_ledger(world: World) -> None:
    """The rest of what looks at many cases at once."""
    await everybody(world, "/rates", "/suggestions", "/report", "/duties", "/mine", "/why 1", "/hot", "/blocks")


CHANNELS: dict[str, Callable[[World], Awaitable[None]]] = {
    "number": by_number,
    "buttons": by_button,
    "queue": by_queue,
    "digest": by_digest,
    "search": by_search,
    "board": by_board,
    "ledger": by_ledger,
    "clock": by_clock,
}


@dataclass(frozen=True)
class Kind:
    """A case, who handles it, and what is done to it first."""

    flags: frozenset[Flag]
    handlers: set[str]
    recused: str = ""


KINDS = {
    "open to the station": Kind(frozenset(), STATION | {"stand-in"}),
    "restricted": Kind(frozenset({Flag.RESTRICTED}), STATION),
    "sealed": Kind(frozenset({Flag.SEALED}), {"office"}),
    "deputy recused": Kind(frozenset(), (STATION - {"deputy"}) | {"stand-in"}, recused="deputy"),
    "head recused": Kind(frozenset(), (STATION - {"head"}) | {"stand-in"}, recused="head"),
}


async def world_of(place: LocalTown, kind: Kind) -> World:
    clients = {name: await place.staff(name, seat) for name, seat in STAFF.items()}
    for name in ("author", "neighbour"):
        clients[name] = place.client(name)
        await clients[name].agree()
    # The roads deputy gets the case: the topic decides.
    data = Submission(words=(Words(message_id="1", text=TEXT),), village="shilong", topic="roads", flags=kind.flags)
    async with place.store.begin() as tx:
        author = await tx.people.find(CHANNEL, "author")
        assert author
        case = await registering.register(place.desk_for(tx, place.clock.now(), "begin"), author, data)
    assert case.deputy == (None if case.sealed else "shilong-2")
    if kind.recused:
        await clients[kind.recused].press("c:1:because.me.kin")
    for client in clients.values():
        await client.news()
    return World(place, clients)


async def shown(client: ChatClient, since: int) -> str:
    messages = (await client.all())[since:]
    labels = [button.label for m in messages for row in m.buttons for button in row]
    return "\n".join([*(m.text for m in messages), *labels])


def expected(kind: Kind, channel: str) -> set[str]:
    """Who is shown the case there. The office's queue and digest hold what reached it."""
    if channel in ("number", "buttons"):
        return kind.handlers
    if channel in ("queue", "digest"):
        return kind.handlers if kind.handlers == {"office"} else kind.handlers - {"office"}
    return set()


@pytest.mark.parametrize("name", KINDS)
async def test_only_who_handles_a_case_sees_anything_of_it(place: LocalTown, name: str) -> None:
    kind = KINDS[name]
    world = await world_of(place, kind)
    for channel, look in CHANNELS.items():
        since = {viewer: len(await world.clients[viewer].all()) for viewer in VIEWERS}
        await look(world)
        seen = {v for v in VIEWERS if SECRET in await shown(world.clients[v], since[v])}
        assert seen <= kind.handlers, channel
        assert seen >= expected(kind, channel), channel


@pytest.mark.parametrize("name", KINDS)
async def test_only_who_handles_a_case_hears_of_it(place: LocalTown, name: str) -> None:
    """All that came of itself, from the submission on, through a supervision, an answer and its rating."""
    kind = KINDS[name]
    world = await world_of(place, kind)
    since = {viewer: len(await world.clients[viewer].all()) for viewer in VIEWERS}
    await world.clients["author"].press("c:1:supply")
    await world.clients["author"].say(f"{SECRET}架又吵了一夜")
    await world.clients["author"].tap("发出")
    for days in (1, 10, 10, 10):
        place.clock.push(days=days)
        await place.sweep.once()
    for viewer in VIEWERS:
        if viewer not in kind.handlers:
            text = await shown(world.clients[viewer], since[viewer])
            assert SECRET not in text, (viewer, text)
            assert "ZJ-2026-000001" not in text, (viewer, text)


@pytest.mark.parametrize("name", ["restricted", "sealed"])
async def test_no_register_and_no_report_shows_anything_of_its_matter(place: LocalTown, name: str) -> None:
    world = await world_of(place, KINDS[name])
    for word, text in (("supervise", ""), ("kind.onsite", f"{SECRET}架要拆")):
        await world.clients["office"].press(f"c:1:{word}")
        if text:
            await world.clients["office"].say(text)
            await world.clients["office"].tap("5 个工作日内")
    place.clock.push(days=40)
    await place.sweep.once()
    async with place.store.begin() as tx:
        ledger = Ledger(tx, place.town, Catalogue.load())
        year = Period.parse("2026")
        cells = [
            str(cell) for one in REGISTERS.values() for row in (await draw_up(ledger, one, year)).rows for cell in row
        ]
        blocks = await write_report(ledger, ReportKind.ANNUAL, year, place.clock.now(), {}, Likeness())
    told = "\n".join([*cells, repr(blocks)])
    assert "ZJ-2026-000001" in told
    for word in (SECRET, TEXT[:8]):
        assert word not in told
    assert "道路交通" not in cells
