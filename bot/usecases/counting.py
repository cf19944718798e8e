"""Counts every figure that a report speaks of, from the registers, for a period and for the one before."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.cases import Rating, Solved
from bot.domain.duties import Duty, DutyKind, Fact
from bot.domain.machine import RATED, Action
from bot.domain.periods import Period
from bot.domain.rates import Rate, outcome_of, rates
from bot.domain.report.figures import Figure
from bot.domain.sheets import REGISTERS
from bot.domain.suggestions import Suggestion
from bot.usecases.asking_registers import EVERY
from bot.usecases.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted, in which register, and how written reports speak of it."""

    label: str
    unit: str
    register: str
    words: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def _measure(label: str, unit: str, register: str, words: str = "", units: str = "") -> Measure:
    return Measure(label, unit, register, tuple(words.split()), tuple(units.split()))


MEASURES: dict[str, Measure] = {
    "cases": _measure("收到群众意见", "件", "cases", "群众意见 意见建议 群众反映", "件 条"),
    "urgent": _measure("其中紧急", "件", "cases", "紧急", "件 起"),
    "assisted": _measure("其中替群众登记", "件", "cases", "代录 替群众登记", "件"),
    "answered": _measure("其中已答复", "件", "cases", "答复 办复", "件 条"),
    "answer_rate": _measure("答复率", "", "cases", "答复率 办复率 办理率", "% ％"),
    "resolution": _measure("解决率", "", "cases", "解决率", "% ％"),
    "handed_up": _measure("上交镇人大办", "件", "handling", "上交 交办", "件"),
    "assigned": _measure("交承办单位办理", "件", "handling", "交承办单位", "件"),
    "supervisions": _measure("督办", "次", "supervision", "督办", "次 件"),
    "rated": _measure("收到群众评价", "次", "ratings", "群众评价", "次 件"),
    "satisfaction": _measure("满意和基本满意", "", "ratings", "满意率 满意度 满意和基本满意", "% ％"),
    "phoned": _measure("电话回访评价", "次", "ratings", "电话回访", "次 件"),
    "phoned_satisfaction": _measure("电话回访满意和基本满意", "", "ratings", "回访满意率", "% ％"),
    "solved": _measure("群众认为已解决", "件", "ratings", "已解决", "件"),
    "suggestions": _measure("提出代表建议", "件", "suggestions", "代表建议 提出建议 建议批评和意见", "件 条"),
    "suggestions_replied": _measure("代表建议已书面答复", "件", "suggestions", "建议答复 建议办复 建议已", "件 条"),
    "suggestions_content": _measure("代表对建议办理满意和基本满意", "", "suggestions", "代表满意率 代表满意度", "% ％"),
    "receptions": _measure("代表接待日", "次", "reception", "接待日 接待", "次 场"),
    "visitors": _measure("接待走访群众", "人次", "reception", "接待群众 走访群众 接待 走访", "人次 人 名"),
    "visits": _measure("月月访谈", "次", "reception", "月月访谈 走访", "次"),
    "households": _measure("走访", "户", "reception", "走访", "户"),
    "inspections": _measure("视察调研", "次", "activities", "视察 调研", "次"),
    "inspections_followed": _measure(
        "视察调研已有落实情况", "次", "activities", "视察落实 调研落实 落实情况", "次 项 件 % ％"
    ),
    "research": _measure("形成调研报告", "份", "activities", "调研报告", "份 篇"),
    "outreach": _measure("普法宣传", "次", "activities", "普法 法治宣传", "次 场"),
    "themes": _measure("主题活动", "次", "activities", "主题活动 实践活动", "次 场"),
    "study": _measure("代表学习", "次", "activities", "学习", "次"),
    "training": _measure("履职培训", "次", "activities", "培训", "次 期 场"),
    "meetings": _measure("召开会议", "次", "meetings", "会议", "次"),
    "reports_heard": _measure("听取审议报告", "项", "meetings", "审议工作报告 审议报告 听取审议 工作报告", "项 个 份"),
    "resolutions": _measure("作出决议决定", "项", "meetings", "决议决定 决议 决定", "项 个"),
    "party": _measure("向镇党委报告请示", "份", "party", "党委提交报告 提交报告 向镇党委 专题请示", "份 次"),
    "party_answered": _measure("报党委已有答复", "份", "party", "党委答复 党委批示 已有答复", "份 件 % ％"),
    "polls": _measure("民意测评", "次", "polls", "民意测评 满意度测评 测评 征求意见", "次 轮"),
    "votes": _measure("收到投票", "票", "polls", "投票", "票 张"),
    "projects": _measure("监督民生实事项目", "个", "projects", "民生实事", "个 项"),
    "checks": _measure("民生实事督查", "次", "projects", "民生实事督查 督查", "次"),
    "reported": _measure("向选民述职代表", "人次", "voters", "述职", "人次 人 名"),
    "referrals": _measure("参与化解纠纷、转介信访", "件", "referrals", "纠纷 信访", "件 起"),
    "election_voters": _measure("选民登记", "人", "elections", "选民登记 选民人数 登记选民", "人 名"),
    "ballots": _measure("参加投票选民", "人", "elections", "参加选举投票选民 投票选民 参加投票", "人 名"),
    "elected_city": _measure("选举产生市人大代表", "人", "elections", "市人大代表", "人 名"),
    "elected_town": _measure("选举产生镇人大代表", "人", "elections", "镇人大代表", "人 名"),
}

Count = tuple[int | None, int, int | None]
"""Value, records of its register, and what it is a part of (for a rate)."""


async def count(ledger: Ledger, period: Period) -> dict[str, Figure]:
    """Every figure of MEASURES for the period, beside that of the one before."""
    now, before = await _count(ledger, period), await _count(ledger, period.before)
    return {
        id_: Figure(
            id=id_,
            label=measure.label,
            unit=measure.unit,
            register=REGISTERS[measure.register].title,
            value=now[id_][0],
            records=now[id_][1],
            of=now[id_][2],
            before=before[id_][0],
            records_before=before[id_][1],
            before_of=before[id_][2],
            words=measure.words,
            units=measure.units,
        )
        for id_, measure in MEASURES.items()
    }


async def _count(ledger: Ledger, period: Period) -> Mapping[str, Count]:
    return {
        **await _of_cases(ledger, period),
        **await _of_polls(ledger, period),
        **_of_suggestions(await ledger.suggestions(period)),
        **_of_duties(await ledger.duties(period), len(await ledger.diversions(period))),
    }


async def _of_cases(ledger: Ledger, period: Period) -> dict[str, Count]:
    """The rates are those of `bot.domain.rates`: what came in during the period, as it stands now."""
    records = await ledger.cases(period)
    cases = [record.case for record in records]
    assisted = sum(record.entered_by is not None for record in records)
    handling = await ledger.events(period, [Action.HAND_UP, Action.ASSIGN])
    supervisions = len(await ledger.supervisions(period))
    events = await ledger.events(period, [*RATED, Action.SOLVED])
    rated = [record.event.seat for record in events if record.event.action in RATED]
    ratings = rated.count(None)
    phoned = len(rated) - ratings
    solved = {record.case.id for record in events if record.event.data.get("solved") == Solved.YES}
    found, total = rates(map(outcome_of, cases)), len(cases)

    def rate(one: Rate) -> Count:
        return (len(one.hits), len(one.of), len(one.of))

    def handed(action: Action) -> Count:
        """Cases, however often each went that way."""
        times = [record.case.id for record in handling if record.event.action == action]
        return (len(set(times)) or None, len(times), None)

    return {
        "cases": (total or None, total, None),
        "assisted": (assisted or None, assisted, None),
        "urgent": (sum(case.urgent for case in cases), total, None),
        "answered": (len(found.response.hits), total, None),
        "answer_rate": rate(found.response),
        "resolution": rate(found.resolution),
        "handed_up": handed(Action.HAND_UP),
        "assigned": handed(Action.ASSIGN),
        "supervisions": (supervisions or None, supervisions, None),
        "rated": (ratings or None, ratings, None),
        "satisfaction": rate(found.satisfaction),
        "phoned": (phoned or None, phoned, None),
        "phoned_satisfaction": rate(found.phoned),
        "solved": (len(solved) if rated else None, len(rated), None),
    }


async def _of_polls(ledger: Ledger, period: Period) -> dict[str, Count]:
    """Questions put in the period, and the votes on those that have ended. They are the town's, not a station's."""
    since, until = period.moments(ledger.town.zone)
    asked = [] if ledger.whose else await ledger.tx.polls.newest(EVERY)
    found = [poll for poll in asked if since <= poll.opens_at < until]
    over = [poll.id for poll in found if poll.closed_at]
    votes = sum([(await ledger.tx.polls.count(poll_id)).total for poll_id in over])
    return {"polls": (len(found) or None, len(found), None), "votes": (votes if over else None, len(over), None)}


def _of_suggestions(found: list[Suggestion]) -> dict[str, Count]:
    rated = [one.rating for one in found if one.rating]
    content = sum(rating is not Rating.DISSATISFIED for rating in rated)
    return {
        "suggestions": (len(found) or None, len(found), None),
        "suggestions_replied": (sum(one.reply is not None for one in found), len(found), None),
        "suggestions_content": (content, len(rated), len(rated)),
    }


def _of_duties(duties: list[Duty], diverted: int) -> dict[str, Count]:
    def of(*kinds: DutyKind) -> list[Duty]:
        return [duty for duty in duties if duty.kind in kinds]

    def times(kind: DutyKind) -> Count:
        found = len(of(kind))
        return (found or None, found, None)

    def settled(kind: DutyKind) -> Count:
        found = of(kind)
        return (sum(duty.settled for duty in found), len(found), len(found))

    def sent_on() -> Count:
        found = len(of(DutyKind.REFERRAL)) + diverted
        return (found or None, found, None)

    def total(fact: Fact, *kinds: DutyKind) -> Count:
        said = [number for duty in of(*kinds) if (number := duty.number(fact)) is not None]
        return (sum(said) if said else None, len(of(*kinds)), None)

    # A station's reception day counts once, however many record it.
    days = {(duty.station, duty.on) for duty in of(DutyKind.RECEPTION)}
    titles = {duty.title for duty in of(DutyKind.PROJECT)}
    elections = of(DutyKind.ELECTION)
    reported = [seat for duty in of(DutyKind.VOTERS) for seat in duty.members or (duty.seat,)]
    return {
        "receptions": (len(days) or None, len(of(DutyKind.RECEPTION)), None),
        "visitors": total(Fact.VISITORS, DutyKind.RECEPTION, DutyKind.VISIT),
        "visits": times(DutyKind.VISIT),
        "households": total(Fact.HOUSEHOLDS, DutyKind.VISIT),
        "inspections": times(DutyKind.INSPECTION),
        "inspections_followed": settled(DutyKind.INSPECTION),
        "research": total(Fact.REPORTS_WRITTEN, DutyKind.INSPECTION),
        "outreach": times(DutyKind.OUTREACH),
        "themes": times(DutyKind.THEME),
        "study": times(DutyKind.STUDY),
        "training": times(DutyKind.TRAINING),
        "meetings": times(DutyKind.MEETING),
        "reports_heard": total(Fact.REPORTS_HEARD, DutyKind.MEETING),
        "resolutions": total(Fact.RESOLUTIONS, DutyKind.MEETING),
        "party": times(DutyKind.PARTY),
        "party_answered": settled(DutyKind.PARTY),
        "projects": (len(titles) or None, len(of(DutyKind.PROJECT)), None),
        "checks": total(Fact.CHECKS, DutyKind.PROJECT),
        "reported": (len(reported) or None, len(of(DutyKind.VOTERS)), None),
        "referrals": sent_on(),
        "election_voters": _largest(elections, Fact.VOTERS),
        "ballots": _largest(elections, Fact.BALLOTS),
        "elected_city": _elected(elections, city=True),
        "elected_town": _elected(elections, city=False),
    }


def _largest(elections: list[Duty], fact: Fact) -> Count:
    """City and town deputies are elected by the same voters: they are not added up."""
    said = [number for duty in elections if (number := duty.number(fact)) is not None]
    return (max(said, default=None), len(elections), None)


def _elected(elections: list[Duty], *, city: bool) -> Count:
    mine = [duty for duty in elections if (duty.word(Fact.LEVEL) == "市") is city]
    said = [number for duty in mine if (number := duty.number(Fact.ELECTED)) is not None]
    return (sum(said) if said else None, len(mine), None)
