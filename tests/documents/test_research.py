"""A research report on one topic: counted from the ledger, in nobody's own words."""

from dataclasses import replace
from pathlib import Path

from bot.__main__ import main
from bot.domain.periods import Period
from bot.domain.report.blocks import Block
from bot.domain.report.research import LISTED, Findings, Place, Waiting, draft_research
from bot.usecases.research import write_research
from handlers.documents.reading import read_words
from tests.documents.conftest import ledger_of
from tests.documents.test_export import logged
from tests.documents.test_reports import words
from tests.support.chat import LocalTown


async def paper(place: LocalTown) -> list[Block]:
    async with ledger_of(place) as ledger:
        topic = next(topic for topic in place.town.topics if topic.id == "water")
        return await write_research(ledger, topic, Period.parse("2026"))


async def test_it_says_how_many_where_since_when_and_what_is_open(place: LocalTown) -> None:
    villager, head = place.client("v1"), await place.staff("h1", "shilong-head")
    await villager.agree()
    solved = await villager.submit("自来水水压太低，二楼上不去水", "石龙村")
    await head.press(f"c:{solved.id}:take")
    await head.press(f"c:{solved.id}:resolve")
    await head.say("已换水泵，电话13800138000")
    await head.tap("A")
    place.clock.push(days=31)
    still = await villager.submit("自来水经常停水", "石龙村")
    await villager.submit("村口路灯坏了", "石龙村")
    assert (solved.topic, still.topic) == ("water", "water")
    text = words(await paper(place))
    assert "问题2件，上期无记录。台账中最早的一件在2026-03-02" in text
    assert "石龙村 2 2026-03-02 1" in text
    assert "2026-03 1" in text
    assert "2026-04 1" in text
    assert "已换水泵，电话***" in text
    assert f"{still.number} 石龙村" in text
    assert "建议优先研究：石龙村（1件未答复）" in text
    for hidden in ("二楼上不去水", "13800138000", "路灯"):
        assert hidden not in text


async def test_an_empty_topic_prints_no_record(place: LocalTown) -> None:
    text = words(await paper(place))
    assert text.count("无记录") >= 6


def test_it_is_made_and_logged_on_the_command_line(installed: Path) -> None:
    made = ["report", "--kind", "research", "--period", "2026", "--out", "out.docx", "--who", "曾德清"]
    assert main([*made, "--topic", "nothing"]) == 2
    assert main(made) == 2
    assert main([*made, "--topic", "water", "--out", "out.txt"]) == 2
    assert logged(installed) == []
    assert main([*made, "--topic", "water"]) == 0
    assert "调研报告" in read_words(installed / "out.docx")
    assert [line.what for line in logged(installed)] == ["report research water"]


def test_of_many_cases_some_are_listed_and_the_paper_says_how_many_there_are() -> None:
    waiting = [Waiting(f"ZJ-2026-{n:06d}", "石龙村", "停水断供", "2026-03-01", "已受理") for n in range(1, LISTED + 3)]
    place = Place("石龙村", len(waiting), "2026-03-01", 0)
    period = Period.parse("2026")
    found = Findings(
        "某镇", "饮水水利", period, len(waiting), 0, 0, "2026-03-01", [], [], [place], [], done=[], waiting=waiting
    )
    text = words(draft_research(found))
    assert f"共{LISTED + 2}件，下表列出最早的{LISTED}件" in text
    assert text.count("ZJ-2026-") == LISTED
    assert "石龙村 17 2026-03-01 无" in text
    short = words(draft_research(replace(found, waiting=waiting[:LISTED])))
    assert "下表列出" not in short
