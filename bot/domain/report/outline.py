"""The paper that is made of the figures: which parts each kind of report has, and their order. Words stand here."""

from collections.abc import Callable, Sequence

from bot.domain.report.blocks import Block, Chart, Grid, Heading, Para, Signed, Title, numbered
from bot.domain.report.content import ASKED, GROUPS, Content, ReportKind
from bot.domain.report.figures import NONE

TITLE = 20
"""So many characters of a title stand on one line."""
FEW = 5
"""Fewer cases than these make no chart in a station's or a deputy's own report."""


def draft(content: Content) -> list[Block]:
    """The whole paper, headings numbered: its text, who signs it, and where its figures come from."""
    parts = [part for build in _PARTS[content.kind] for part in build(content)]
    sample = [Para("样例数据：地名、人名都是虚构的，不得上报。", note=True)] if content.sample else []
    return [
        Title(_title(content), "（草稿）"),
        *sample,
        *_addressed(content),
        *numbered(parts),
        Signed(_signed(content), content.at),
        *_sources(content),
        Para(
            "本稿由台账自动汇总：每个数字后的〔〕内是所出台账、记录条数和上期数；“无记录”表示台账中没有，不等于零。"
            "标“※”的数字不出自台账，由办公室填报。定稿前请核对。",
            note=True,
        ),
    ]


def _title(content: Content) -> str:
    when = content.period.name
    words = {
        ReportKind.PARTY: (f"关于{when}", "人大代表联系群众工作情况的报告"),
        ReportKind.STATION: (content.whose, f"{when}工作报告"),
        ReportKind.DEPUTY: (f"{content.whose}代表", f"{when}履职报告"),
    }
    first, second = words.get(content.kind, (content.town, f"{when}人大工作报告"))
    wide = sum(0.5 if one.isascii() else 1 for one in first + second)
    return first + ("\n" if wide > TITLE else "") + second  # broken where its sense allows it


def _signed(content: Content) -> str:
    return f"人大代表 {content.whose}" if content.kind is ReportKind.DEPUTY else content.whose or content.office


def _addressed(content: Content) -> list[Block]:
    return [Para(f"中共{content.town}委员会：", flush=True)] if content.kind is ReportKind.PARTY else []


def _sentence(content: Content, lead: str, *ids: str) -> Para:
    """Each figure with its register. In a station's or a deputy's own report, what neither period has on record is
    named together: one person's year touches few of the registers.
    """
    found = [content.figures[id_] for id_ in ids]
    empty = [figure for figure in found if content.whose and not figure.known]
    said = [figure.phrase() for figure in found if figure not in empty]
    for register in dict.fromkeys(figure.register for figure in empty):
        labels = "、".join(f.label for f in empty if f.register == register and not f.label.startswith(_OF_THOSE))
        said += [f"{labels}：{NONE}〔{register}，上期{NONE}〕"] if labels else []
    return Para(f"{lead}{'；'.join(said)}。")


_OF_THOSE = "其中"
"""So begins the label of a part of the figure before it, which need not be named where there is none of the whole."""


def _summary(content: Content) -> list[Block]:
    ids = ("meetings", "reports_heard", "resolutions", "inspections", "party", "cases", "answered")
    return [_sentence(content, f"{content.period.name}，镇人大工作情况：", *ids)]


def _given(content: Content) -> list[Block]:
    names = dict.fromkeys((*ASKED, *content.given))
    said = "；".join(f"{n}{content.given[n]}※" if n in content.given else f"{n}【请填报】※" for n in names)
    return [Heading(1, "基本情况"), Para(f"{said}。"), Para(f"{content.roster}。")]


def _party(content: Content) -> list[Block]:
    return [
        Heading(1, "坚持党的领导，重大事项请示报告"),
        _sentence(content, "", "party", "party_answered"),
        _sentence(content, "组织活动：", "themes", "study", "training"),
    ]


def _voices(content: Content) -> list[Block]:
    return [
        Heading(1, "密切联系群众，听取民意"),
        Heading(2, "群众意见"),
        _sentence(content, "", "cases", "urgent", "assisted", "answered", "answer_rate", "resolution"),
        _sentence(content, "", "handed_up", "assigned"),
        Heading(2, "接待和走访"),
        _sentence(content, "", "receptions", "visits", "visitors", "households"),
        Heading(2, "群众评价"),
        _sentence(content, "", "rated", "satisfaction", "solved"),
        _sentence(content, "没有用手机的群众，由工作人员电话回访代记，单独统计：", "phoned", "phoned_satisfaction"),
        *_ratings(content),
        *_polls(content),
    ]


def _polls(content: Content) -> list[Block]:
    return [] if content.whose else [Heading(2, "民意测评"), _sentence(content, "", "polls", "votes")]


def _ratings(content: Content) -> list[Block]:
    if not any(number for _, number in content.ratings):
        return []
    names, numbers = zip(*content.ratings, strict=True)
    note = Para("没有评价的意见不计入满意。", note=True)
    return [note, Chart("已答复意见的群众评价", "件", names, numbers)] if _many(content, numbers) else [note]


def _many(content: Content, numbers: Sequence[int]) -> bool:
    """Whether a chart says more than the text: not of the handful that one person may have had."""
    return not content.whose or sum(numbers) >= FEW


def _months(content: Content) -> list[Block]:
    if len(content.months) < 2 or not any(now for _, now, _ in content.months):
        return []
    names, now, before = zip(*content.months, strict=True)
    if not _many(content, now):
        return []
    return [
        Heading(2, "按月份"),
        Chart("各月收到的群众意见", "件", names, now, before if any(before) else (), columns=True),
    ]


def _oversight(content: Content) -> list[Block]:
    return [
        Heading(1, "依法履行监督、决定职权"),
        Heading(2, "会议和审议"),
        _sentence(content, "", "meetings", "reports_heard", "resolutions"),
        Heading(2, "代表建议办理"),
        _sentence(content, "", "suggestions", "suggestions_replied", "suggestions_content"),
        Heading(2, "视察调研"),
        _sentence(content, "", "inspections", "inspections_followed", "research"),
        Heading(2, "督办"),
        _sentence(content, "", "supervisions"),
        Heading(2, "民生实事"),
        _sentence(content, "", "projects", "checks"),
        Heading(2, "法治建设与和谐稳定"),
        _sentence(content, "", "outreach", "referrals"),
        Heading(2, "选举"),
        _sentence(content, "", "election_voters", "ballots", "elected_city", "elected_town"),
    ]


def _own_work(content: Content) -> list[Block]:
    return [
        Heading(1, "履职活动"),
        _sentence(
            content, "", "inspections", "inspections_followed", "research", "outreach", "themes", "study", "training"
        ),
        _sentence(content, "", "suggestions", "suggestions_replied", "suggestions_content"),
        _sentence(content, "", "supervisions", "projects", "checks", "reported", "referrals"),
    ]


def _deputies(content: Content) -> list[Block]:
    return [Heading(1, "代表向选民述职"), _sentence(content, "", "reported")]


def _issues(content: Content) -> list[Block]:
    found: list[Block] = [Heading(1, "热点问题"), Heading(2, "多人反映的同一件事"), *_matters(content)]
    for heading, first, groups in (("按类别", "类别", content.topics), ("按村、社区", "村、社区", content.villages)):
        found.append(Heading(2, heading))
        rows = [
            (
                g.name,
                str(g.cases),
                str(g.before) if g.before else NONE,
                str(g.answered),
                f"{g.content}/{g.rated}" if g.rated else NONE,
            )
            for g in groups
        ]
        headers = (first, "件数", "上期", "已答复", "满意和基本满意/评价")
        found.append(Grid(headers, rows) if rows else Para(f"{NONE}。"))
        if len(groups) > 1 and _many(content, [g.cases for g in groups]):
            before = tuple(g.before for g in groups[:GROUPS])
            names, now = zip(*((g.name, g.cases) for g in groups[:GROUPS]), strict=True)
            found.append(Chart(f"各{first}的群众意见", "件", names, now, before if any(before) else ()))
    return [*found, *_months(content)]


def _matters(content: Content) -> list[Block]:
    rows = [(m.place, m.topic, str(m.people), str(m.cases), m.first, m.last) for m in content.matters]
    return [Grid(("村、社区", "类别", "人数", "件数", "最早", "最近"), rows) if rows else Para(f"{NONE}。")]


def _stories(content: Content) -> list[Block]:
    found: list[Block] = [Heading(1, "典型案例")]
    for story in content.typical:
        found.append(Heading(3, f"{story.topic}（{story.place}）"))
        found.append(
            Para(
                f"{story.received}收到群众意见（{story.number}{_joined(story.people)}），{_after(story.days)}答复：{story.answer}。群众评价满意。"
            )
        )
    return found if content.typical else [*found, Para(f"{NONE}。")]


def _after(days: int) -> str:
    return f"{days}天后" if days else "当天"


def _joined(people: int) -> str:
    return f"，{people}人反映" if people > 1 else ""


def _late(content: Content) -> list[Block]:
    found: list[Block] = [Heading(1, "超过期限尚未答复的意见")]
    if not content.overdue:
        return [*found, Para(f"截至{content.at}，没有超过期限尚未答复的意见。")]
    listed = f"，下表是最久的{len(content.overdue)}件" if content.late > len(content.overdue) else ""
    rows = [(late.number, late.place, late.topic, late.due, late.with_whom) for late in content.overdue]
    grid = Grid(("编号", "村、社区", "类别", "期限", "在谁手上"), rows)
    return [*found, Para(f"截至{content.at}，共{content.late}件{listed}。"), grid]


def _shortcomings(content: Content) -> list[Block]:
    """What the ledger shows of itself; the reasons are the office's to say."""
    bad = dict(content.ratings)
    said = [f"截至{content.at}超过期限尚未答复{content.late}件" if content.late else ""]
    said += [f"{words}{bad[name]}件" if bad.get(name) else "" for name, words in _UNHAPPY.items()]
    said += [f"本期没有走访记录的代表{len(content.idle)}名：{'、'.join(content.idle)}" if content.idle else ""]
    found = "；".join(filter(None, said)) or NONE
    return [
        Heading(1, "存在的不足"),
        Para(f"台账中可见：{found}。"),
        Para("【请办公室分析原因、补充不足】", note=True),
    ]


_UNHAPPY = {"不满意": "群众评价不满意", "没有评价": "答复后没有评价"}


def _outlook(content: Content) -> list[Block]:
    return [Heading(1, f"{content.period.end.year}年工作打算"), Para("【请办公室填写】", note=True)]


def _requests(content: Content) -> list[Block]:
    return [Heading(1, "请镇党委研究的事项"), Para("【请办公室填写】", note=True), Para("特此报告。")]


def _sources(content: Content) -> list[Block]:
    """The annex: of a station or a deputy only what is on record."""
    rows = [
        (f.label, f.say(), f.say_before(), f.register, str(f.records) if f.records else NONE)
        for f in content.figures.values()
        if f.known or not content.whose
    ]
    headers = ("项目", "本期", "上期", "台账", "记录条数")
    return [Heading(1, "附：数字来源"), Grid(headers, rows, small=True) if rows else Para(f"{NONE}。")]


_Part = Callable[[Content], list[Block]]
_SHORT: tuple[_Part, ...] = (_summary, _voices, _oversight, _issues, _late)
_PARTS: dict[ReportKind, tuple[_Part, ...]] = {
    ReportKind.ANNUAL: (
        _summary, _given, _party, _voices, _oversight, _deputies, _issues, _stories, _late, _shortcomings, _outlook,
    ),
    ReportKind.QUARTERLY: _SHORT,
    ReportKind.MONTHLY: _SHORT,
    ReportKind.PARTY: (_voices, _issues, _late, _requests),
    ReportKind.STATION: (_voices, _own_work, _issues, _stories, _late),
    ReportKind.DEPUTY: (_voices, _own_work, _issues, _stories, _late),
}  # fmt: skip
