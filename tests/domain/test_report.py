"""Reports without a database: figures, numbering, and the check of what somebody wrote."""

import pytest

from bot.domain.report.blocks import Block, Grid, Heading, Para, Title, chinese, numbered
from bot.domain.report.check import Finding, Verdict, check, find_said
from bot.domain.report.figures import NONE, Figure

WRITTEN = """某镇2021年人大工作报告
一年来，第十三届人大共召开代表会议4次，听取审议工作报告X项，作出决议决定X项，视察调研23次，9月29日至30日开会。
联合镇纪委共进行了30余次的督办，组织普法宣传活动10次，参加投票选民36196人，制定学习制度等五项制度。
增强“四个意识”。群众满意率95.5%。向镇党委提交报告两份。
"""


def figure(id_: str, value: int | None, unit: str, *words: str, records: int = 1, of: int | None = None) -> Figure:
    return Figure(id_, id_, unit, "会议", value, records, words=words, of=of, units=("%",) if of else ())


LEDGER = {
    f.id: f
    for f in (
        figure("meetings", 4, "次", "会议"),
        figure("heard", 3, "项", "审议工作报告"),
        figure("decided", None, "项", "决议决定", records=0),
        figure("inspections", 22, "次", "视察", "调研"),
        figure("supervision", 36, "次", "督办"),
        figure("outreach", None, "次", "普法", records=0),
        figure("content", 191, "", "满意率", of=200),
        figure("party", 2, "份", "提交报告"),
    )
}


def found(written: str) -> Finding:
    return next(finding for finding in check(WRITTEN, LEDGER) if finding.said.written == written)


def test_every_counted_figure_is_found_and_no_date_ordinal_or_slogan() -> None:
    assert [said.written for said in find_said(WRITTEN)] == [
        "4次", "X项", "X项", "23次", "30余次", "10次", "36196人", "五项", "95.5%", "两份",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        ("4次", Verdict.AGREES),
        ("23次", Verdict.DIFFERS),
        ("30余次", Verdict.AGREES),
        ("10次", Verdict.UNKNOWN),
        ("五项", Verdict.UNKNOWN),
        ("36196人", Verdict.UNKNOWN),
        ("95.5%", Verdict.AGREES),
        ("两份", Verdict.AGREES),
        ("X项", Verdict.PLACEHOLDER),
    ],
)
def test_each_figure_is_put_beside_the_ledgers(written: str, verdict: Verdict) -> None:
    assert found(written).verdict is verdict


def test_both_placeholders_say_what_the_ledger_knows() -> None:
    heard, decided = (f for f in check(WRITTEN, LEDGER) if f.verdict is Verdict.PLACEHOLDER)
    assert heard.ledger == "heard：3项（台账“会议”1条）"
    assert decided.ledger == f"decided：{NONE}（台账“会议”）"


def test_a_figure_that_no_register_holds_is_said_to_be_so() -> None:
    assert found("五项").ledger == "台账中没有这一项"


@pytest.mark.parametrize(("counted", "verdict"), [(29, "differs"), (30, "agrees"), (39, "agrees"), (40, "differs")])
def test_thirty_odd_is_thirty_or_a_few_more(counted: int, verdict: str) -> None:
    (finding,) = check("督办30余次", {"s": figure("s", counted, "次", "督办")})
    assert finding.verdict == verdict


def test_an_empty_register_says_none_and_never_zero() -> None:
    empty = Figure("x", "召开会议", "次", "会议", None, 0, before=0, records_before=0)
    assert (empty.say(), empty.say_before()) == (NONE, NONE)
    assert empty.phrase() == "召开会议：无记录〔会议，上期无记录〕"
    assert Figure("x", "满意", "", "评价", 0, 0, of=0).say() == NONE


def test_a_true_zero_and_a_rate_name_their_register_and_its_records() -> None:
    assert (
        Figure("x", "紧急", "件", "群众意见", 0, 5, 1, records_before=2).phrase() == "紧急0件〔群众意见5条，上期1件〕"
    )
    assert Figure("x", "满意", "", "评价", 3, 4, of=4).phrase() == "满意3/4（75.0%）〔评价4条，上期无记录〕"


def test_headings_are_numbered_as_official_papers_do() -> None:
    levels = [Heading(level, word) for level, word in zip((1, 2, 3, 3, 2, 1, 2), "abcdefg", strict=True)]
    blocks: list[Block] = [Title("t"), *levels, Para("p"), Grid(("h",), [])]
    heads = [block.text for block in numbered(blocks) if isinstance(block, Heading)]
    assert heads == ["一、a", "（一）b", "1. c", "2. d", "（二）e", "二、f", "（一）g"]


def test_chinese_numerals_of_headings() -> None:
    assert [chinese(n) for n in (1, 10, 11, 20, 21)] == ["一", "十", "十一", "二十", "二十一"]
