"""One sentence about a duty: the figures, the day, the people and the cases that are read out of it."""

from datetime import date

import pytest

from bot.domain.duties import FORMS, DutyKind, title_of
from bot.domain.masking import mask
from bot.domain.numerals import number_of
from bot.domain.sentences import Reading, kind_of, read_sentence
from bot.domain.town import Role, Seat

TODAY = date(2026, 3, 12)
SEATS = (Seat("a", "陈晓彬", Role.DEPUTY), Seat("b", "陈少锋（市代表）", Role.DEPUTY))


def read(kind: DutyKind, text: str) -> Reading:
    return read_sentence(text, FORMS[kind], TODAY, SEATS)


@pytest.mark.parametrize(
    ("word", "number"),
    [("12", 12), ("１２", 12), ("三", 3), ("十", 10), ("十二", 12), ("三十二", 32), ("两百", 200), ("一百零五", 105),
     ("三万八千五百九十", 38590), ("〇", 0), ("二〇", 20)],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(word: str, number: int) -> None:
    assert number_of(word) == number


def test_words_that_are_no_number_are_refused() -> None:
    with pytest.raises(ValueError, match="人"):
        number_of("三人")


@pytest.mark.parametrize(
    ("kind", "text", "facts"),
    [
        (DutyKind.VISIT, "走访了5户，听了十二人反映用水", {"households": 5, "visitors": 12}),
        (DutyKind.RECEPTION, "来了3位群众", {"visitors": 3}),
        (DutyKind.RECEPTION, "没有人来", {}),
        (DutyKind.MEETING, "应到代表81人，实到78人，听取审议工作报告4项，作出决议决定两项",
         {"expected": 81, "present": 78, "reports_heard": 4, "resolutions": 2}),
        (DutyKind.MEETING, "听取和审议了3个报告，通过5项决议", {"reports_heard": 3, "resolutions": 5}),
        (DutyKind.INSPECTION, "组织市级代表20多人视察供水，形成调研报告1份",
         {"people": 20, "level": "市", "reports_written": 1}),
        (DutyKind.PROJECT, "村级集中供水：完成80%，现场督查2次", {"percent": 80, "checks": 2}),
        (DutyKind.VOTERS, "向选民60人述职，满意50票，基本满意8票，不满意2票",
         {"voters": 60, "satisfied": 50, "fair": 8, "dissatisfied": 2}),
        (DutyKind.ELECTION, "选民38590人，参加投票36196人，应选81人，当选81人，全部通过资格审查",
         {"voters": 38590, "ballots": 36196, "posts": 81, "elected": 81, "review": "通过资格审查"}),
        (DutyKind.PARTY, "《关于供水的报告》，书记批示：抓紧办", {"answer": "抓紧办"}),
        (DutyKind.REFERRAL, "两家争地界，转往镇司法所，结果：达成和解。",
         {"went_to": "镇司法所", "result": "达成和解"}),
    ],
)  # fmt: skip
def test_the_figures_of_each_kind_are_read(kind: DutyKind, text: str, facts: dict[str, object]) -> None:
    assert dict(read(kind, text).facts) == facts


def test_a_figure_that_is_said_again_is_put_right() -> None:
    assert read(DutyKind.VISIT, "走访5户\n不对，是6户").facts == {"households": 6}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("走访5户", date(2026, 3, 12)),
        ("昨天走访", date(2026, 3, 11)),
        ("3月2日走访", date(2026, 3, 2)),
        ("12月30日走访", date(2025, 12, 30)),
        ("2025年4月1日走访", date(2025, 4, 1)),
        ("5号走访", date(2026, 3, 5)),
        ("28日走访", date(2026, 2, 28)),
        ("2月31日走访", date(2026, 3, 12)),
        ("5号楼走访", date(2026, 3, 12)),
        ("3月2日走访\n错了，是昨天", date(2026, 3, 11)),
        ("昨天走访\n不是昨天，是前天", date(2026, 3, 10)),
        ("3月2日走访\n户数不对，是6户", date(2026, 3, 2)),
    ],
)
def test_the_day_of_what_was_done_is_never_ahead(text: str, day: date) -> None:
    assert read(DutyKind.VISIT, text).on == day


@pytest.mark.parametrize(
    ("text", "day"),
    [("20号接待", date(2026, 3, 20)), ("5号接待", date(2026, 4, 5)), ("1月5日接待", date(2027, 1, 5)),
     ("后天接待", date(2026, 3, 14))],
)  # fmt: skip
def test_the_day_of_what_is_planned_lies_ahead(text: str, day: date) -> None:
    assert read(DutyKind.PLAN, text).on == day


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("昨天走访5户", DutyKind.VISIT), ("接待5人", DutyKind.RECEPTION), ("走访时宣传《民法典》", None),
        ("今天天气好", None), ("“清四乱”视察，20人", DutyKind.INSPECTION), ("完成80%，督查2次", DutyKind.PROJECT),
        ("《关于供水的报告》", DutyKind.PARTY), ("20日接待", DutyKind.RECEPTION),
    ],
)  # fmt: skip
def test_a_sentence_tells_its_kind_where_it_can_be_only_one(text: str, kind: DutyKind | None) -> None:
    assert kind_of(text, DutyKind) is kind


def test_deputies_and_cases_are_found_by_name_and_number_and_a_day_is_no_case() -> None:
    found = read(DutyKind.VISIT, "3月2日和陈晓彬、陈少锋走访2户，意见12，zj-2026-000007，5号再去")
    assert found.members == ("a", "b")
    assert found.cases == ("12", "ZJ-2026-000007")
    assert found.facts == {"households": 2}


def test_an_opinion_counted_is_not_a_case_number() -> None:
    assert read(DutyKind.VISIT, "收集意见12条").cases == ()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("《民法典》宣传", "民法典"),
        ("“清四乱”视察", "清四乱"),
        ("集中供水：完成80%", "集中供水"),
        ("视察河道，20人", "视察河道"),
    ],
)
def test_the_title_is_what_is_quoted_or_comes_first(text: str, title: str) -> None:
    assert title_of(text) == title


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打13800138000找我", "打***找我"),
        ("138-0013-8000", "***"),
        ("身份证44098119900101001X", "身份证***"),
        ("微信号: abc_12345", "微信号: ***"),
        ("a.b@example.com", "***"),
        ("水停了3天，2026年", "水停了3天，2026年"),
        ("意见 ZJ-2026-000123", "意见 ZJ-2026-000123"),
    ],
)
def test_what_leads_to_a_person_is_taken_out_and_figures_stay(text: str, masked: str) -> None:
    assert mask(text) == masked
