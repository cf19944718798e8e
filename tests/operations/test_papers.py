"""Drawing up what was ordered: as the ledger and the seats stand then, logged once, and holding nobody up."""

import asyncio
import threading
from io import BytesIO

import pytest
from docx import Document

from bot.compose.documents import write_paper
from bot.domain.channel import NoPaper, Paper, RetryIn
from bot.domain.messages import Order, Outgoing, OutgoingKind
from bot.domain.periods import Period
from bot.domain.report.figures import Figure
from bot.papers import Papers
from bot.ports.ledgers import Export
from bot.usecases.counting import count
from bot.usecases.ledger import Ledger
from bot.usecases.papers import Manuscript
from tests.support.chat import ChatClient, LocalTown

PATIENCE = 30.0


def papers(place: LocalTown, patience: float = PATIENCE) -> Papers:
    return Papers(place.store, write_paper, place.desk_for, place.clock, patience)


async def ordered(client: ChatClient, data: str) -> Order:
    await client.press(data)
    async with client.place.store.begin() as tx:
        return [row.message.order for row in await tx.outbox.rows(client.account) if row.message.order][-1]


async def exports(place: LocalTown) -> list[Export]:
    async with place.store.begin() as tx:
        return await tx.registers.exports()


async def test_a_paper_is_drawn_from_the_ledger_of_that_moment_and_logged_once(place: LocalTown) -> None:
    head, villager = await place.staff("h1", "shilong-head"), place.client("v1")
    await villager.agree()
    order = await ordered(head, "x:2026-03:w:station:shilong")
    await villager.submit("我们石龙村的路灯坏了半个月")
    draw = papers(place)
    await draw(order)
    paper = await draw(order)  # as after a send that failed
    assert isinstance(paper, Paper)
    assert paper.name == "石龙村人大代表联络站2026年3月工作报告（草稿）.docx"
    words = "\n".join(paragraph.text for paragraph in Document(BytesIO(paper.data)).paragraphs)
    assert "收到群众意见1件〔群众意见1条，上期无记录〕" in words
    assert "黄雪芳 2026-03-02 10:00" in words
    now = place.clock.now()
    assert await exports(place) == [Export("report station", "2026年3月", "黄雪芳", "起草报告", 1, "docx", now)]


async def test_whose_seat_has_ended_meanwhile_gets_words_and_no_paper(place: LocalTown) -> None:
    head = await place.staff("h1", "shilong-head")
    order = await ordered(head, "x:2026-03:w:station:shilong")
    async with place.store.begin() as tx:
        await tx.people.end("shilong-head", place.clock.now(), "withdrawn")
    answer = await papers(place)(order)
    assert isinstance(answer, NoPaper)
    assert ("不能看这一份" in answer.words, answer.fault) == (True, "")
    assert await exports(place) == []


async def test_what_cannot_be_drawn_up_is_told_in_plain_words_and_not_logged(place: LocalTown) -> None:
    def fail(made: Manuscript) -> Paper:
        raise ZeroDivisionError("村民的原话")

    head = await place.staff("h1", "shilong-head")
    order = await ordered(head, "x:2026-03:w:station:shilong")
    answer = await Papers(place.store, fail, place.desk_for, place.clock, PATIENCE)(order)
    assert isinstance(answer, NoPaper)
    assert ("是系统的毛病" in answer.words, answer.fault) == (True, "ZeroDivisionError")
    assert await exports(place) == []


async def test_what_takes_long_goes_on_while_all_others_are_served(place: LocalTown) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slowly(made: Manuscript) -> Paper:
        began.set()
        assert go_on.wait(PATIENCE)
        return write_paper(made)

    office, deputy, villager = (
        await place.staff("o1", "office-1"),
        await place.staff("d1", "shilong-1"),
        place.client("v1"),
    )
    draw = Papers(place.store, slowly, place.desk_for, place.clock, patience=0.01)
    first = await ordered(office, "x:2026-03:w:party")
    second = await ordered(deputy, "x:2026-03:w:deputy:shilong-1")
    assert isinstance(await draw(first), RetryIn)
    assert isinstance(await draw(second), RetryIn)
    assert await asyncio.to_thread(began.wait, PATIENCE)
    await villager.agree()
    assert (await villager.submit("我们石龙村的路灯坏了半个月")).id
    go_on.set()
    found: dict[str, str] = {}
    async with asyncio.timeout(PATIENCE):
        while len(found) < 2:
            for order in (first, second):
                answer = await draw(order) if order.what not in found else None
                if isinstance(answer, Paper):
                    found[order.what] = answer.name
    assert found["party"] == "关于2026年3月人大代表联系群众工作情况的报告（草稿）.docx"
    assert sorted(export.what for export in await exports(place)) == ["report deputy", "report party"]


async def test_figures_are_counted_while_all_others_are_served_and_by_the_seats_of_that_moment(
    place: LocalTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go_on = threading.Event(), threading.Event()

    async def slowly(ledger: Ledger, period: Period) -> dict[str, Figure]:
        began.set()
        assert go_on.wait(PATIENCE)
        return await count(ledger, period)

    monkeypatch.setattr("bot.conversation.reports.count", slowly)
    head, villager = await place.staff("h1", "shilong-head"), place.client("v1")
    order = await ordered(head, "x:2026-03:s:shilong")
    counting = asyncio.create_task(papers(place)(order))
    assert await asyncio.to_thread(began.wait, PATIENCE)
    await villager.agree()
    assert (await villager.submit("我们石龙村的路灯坏了半个月")).id
    go_on.set()
    page = await counting
    assert isinstance(page, Outgoing)
    assert (page.chat, page.kind, "【石龙村人大代表联络站 2026年3月】" in page.text) == ("h1", OutgoingKind.TEXT, True)
    assert page.buttons[0][0].data == "x:2026-03:w:station:shilong"
    async with place.store.begin() as tx:
        await tx.people.end("shilong-head", place.clock.now(), "withdrawn")
    answer = await papers(place)(order)
    assert isinstance(answer, NoPaper)
    assert "不能看这一份" in answer.words
    assert await exports(place) == []


async def test_a_register_leaves_as_a_workbook_with_its_reason_on_the_log(place: LocalTown) -> None:
    office = await place.staff("o1", "office-1")
    await office.press("x:2026:register:reception")
    await office.say("存档")
    order = [message.order for message in await office.all() if message.order][-1]
    paper = await papers(place)(order)
    assert isinstance(paper, Paper)
    assert (paper.name, paper.data[:2]) == ("样例镇接待、月访台账（2026年）.xlsx", b"PK")
    now = place.clock.now()
    assert await exports(place) == [Export("reception", "2026年", "曾德清", "存档", 0, "xlsx", now)]
