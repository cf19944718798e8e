"""A research report on one topic: how many, where, since when, in which words, what was done, what is open."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.periods import Period
from bot.domain.report.blocks import Block, Grid, Heading, Para, Title, numbered
from bot.domain.report.figures import NONE

LISTED = 15
"""So many cases are listed in a table of the paper."""


@dataclass(frozen=True, slots=True)
class Place:
    """A village's cases of the topic; `first` is the day of the first one ever, `open` those without an answer."""

    name: str
    cases: int
    first: str
    open: int


@dataclass(frozen=True, slots=True)
class Done:
    number: str
    place: str
    subtopic: str
    answer_class: str
    answer: str


@dataclass(frozen=True, slots=True)
class Waiting:
    number: str
    place: str
    subtopic: str
    since: str
    state: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What the ledger knows of the topic in the period. `withheld` cases are counted, and told nowhere.

    All of `done` and `waiting`, oldest first; the paper lists some of them and says so.
    """

    town: str
    topic: str
    period: Period
    cases: int
    before: int
    withheld: int
    first: str
    months: Sequence[tuple[str, int]]
    subtopics: Sequence[tuple[str, int]]
    places: Sequence[Place]
    words: Sequence[tuple[str, int]]
    done: Sequence[Done]
    waiting: Sequence[Waiting]
    sample: bool = False


def draft_research(found: Findings) -> list[Block]:
    """The paper in the form that a deputy hands in: situation, what was done, what is open, suggestions to fill in."""
    when = found.period.name
    parts: list[Block] = [Heading(1, "基本情况"), Para(_situation(found))]
    parts += [Heading(2, "按月"), _grid(("月份", "件数"), found.months)]
    parts += [Heading(2, "按小类"), _grid(("小类", "件数"), found.subtopics)]
    places = [(p.name, str(p.cases), p.first, str(p.open or "无")) for p in found.places]
    parts += [Heading(2, "按村、社区"), _table(("村、社区", "件数", "最早反映", "未答复"), places)]
    parts += [Heading(2, "群众的说法"), Para(_words(found))]
    done = [(d.number, d.place, d.subtopic, d.answer_class, d.answer) for d in found.done]
    parts += [Heading(1, "已经办了什么"), *_some(("编号", "村、社区", "小类", "类别", "答复"), done)]
    waiting = [(w.number, w.place, w.subtopic, w.since, w.state) for w in found.waiting]
    parts += [Heading(1, "还没有解决的"), *_some(("编号", "村、社区", "小类", "反映日期", "状态"), waiting)]
    parts += [Heading(1, "建议"), *_suggestions(found)]
    foot = "数字出自台账“群众意见”。“无记录”表示台账中没有，不等于零。现场走访所见、原因分析请代表补充。"
    sample = [Para("样例数据：地名、人名都是虚构的，不得上报。", note=True)] if found.sample else []
    title = Title(f"关于{found.town}{found.topic}问题的调研报告", f"（{when}，草稿）")
    return [title, *sample, *numbered(parts), Para(foot, note=True)]


def _situation(found: Findings) -> str:
    if not found.cases:
        return f"{found.period.name}群众反映{found.topic}问题：{NONE}。"
    before = f"{found.before}件" if found.before else NONE
    withheld = f"其中{found.withheld}件限阅或密件，不列入下文。" if found.withheld else ""
    since = f"台账中最早的一件在{found.first}。"
    return f"{found.period.name}群众反映{found.topic}问题{found.cases}件，上期{before}。{since}{withheld}"


def _words(found: Findings) -> str:
    said = "、".join(f"“{word}”（{times}件）" for word, times in found.words)
    return f"说得最多的是：{said}。" if said else f"{NONE}。"


def _suggestions(found: Findings) -> list[Block]:
    """Where most is open comes first; what should be done is the deputy's to say."""
    worst = sorted((place for place in found.places if place.open), key=lambda place: -place.open)[:3]
    named = "、".join(f"{place.name}（{place.open}件未答复）" for place in worst)
    lead = f"建议优先研究：{named}。" if named else "本期没有未答复的意见。"
    return [Para(lead), Para("【请代表填写：建议谁、做什么、何时完成】", note=True)]


def _grid(headers: tuple[str, ...], rows: Sequence[tuple[str, int]]) -> Block:
    return _table(headers, [(name, str(number)) for name, number in rows])


def _some(headers: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[Block]:
    """At most LISTED, and how many there are."""
    if len(rows) <= LISTED:
        return [_table(headers, rows)]
    return [Para(f"共{len(rows)}件，下表列出最早的{LISTED}件，其余见台账。"), _table(headers, rows[:LISTED])]


def _table(headers: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Block:
    return Grid(headers, rows) if rows else Para(f"{NONE}。")
