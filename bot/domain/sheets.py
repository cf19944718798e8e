"""The registers (台账) as they leave the system: names, titles and columns, Chinese in every language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

Cell: TypeAlias = "str | int | float | date | datetime | None"
"""A datetime in a cell is the town's own time, without a zone: that is how spreadsheets keep it."""


@dataclass(frozen=True, slots=True)
class Register:
    """One register. A `secret` one is exported only by its own name, never with all."""

    id: str
    title: str
    headers: tuple[str, ...]
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A register of one period, row by row."""

    register: Register
    period: str
    rows: Sequence[Sequence[Cell]]


def _register(id_: str, title: str, headers: str, *, secret: bool = False) -> Register:
    return Register(id_, title, tuple(headers.split(",")), secret)


REGISTERS: dict[str, Register] = {
    register.id: register
    for register in (
        _register(
            "cases",
            "群众意见",
            "编号,时间,渠道,村,自然村,一级,二级,紧急,敏感,摘要,附件,联系方式(仅授权),同意时间,站,代表,登记人,代填人,"
            "状态,合并到,建议号",
        ),
        _register(
            "handling",
            "交办办理",
            "意见号,交办人,承办,协办,时间,期限,延期及理由,退回理由,措施,答复日,类别,审核人",
        ),
        _register("ratings", "评价", "意见号,评价,已解决,方式,日期,回访人,理由"),
        _register("supervision", "督办", "对象,方式(现场/书面/联合),日期,参加代表,问题,整改期限,结果"),
        _register("reception", "接待/月访", "类型,日期,站,公告日,代表,人次,户数,意见号"),
        _register("rota", "值班", "日期,站,公告日,值班代表,到岗,未到,人次"),
        _register("suggestions", "代表建议", "号,领衔,联名,届次/闭会,承办,交办日,期限,类别,测评,再办,公开日"),
        _register("activities", "活动", "类型,日期,主题,级别,人数,报告,落实日,落实情况"),
        _register("party", "报党委", "类型,日期,题目,批示,报送人,方式,意见号,答复日,答复"),
        _register("meetings", "会议", "类型,日期,应到/实到,议题,审议报告数,决议决定数"),
        _register("projects", "民生实事", "项目,进度,监督次数,满意度"),
        _register("voters", "代表/述职", "姓名,级别,站,职务,述职日,选民数,测评,评议票数,满意票,基本满意票,不满意票"),
        _register("polls", "民意测评", "类型,题目,对象,范围,开始,结束,送达人数,票数,各项票数,满意和基本满意/有看法"),
        _register("referrals", "纠纷/转介(密)", "类型,转往,日期,结果,意见号", secret=True),
        _register("elections", "选举", "选民数,投票数,应选,当选,审查"),
        _register("reveals", "查看联系方式(密)", "意见号,时间,查看人,单位,理由", secret=True),
        _register("exports", "导出留痕(密)", "时间,台账或报告,期间,经手人,用途,条数,格式", secret=True),
    )
}


def registers_named(name: str) -> tuple[Register, ...]:
    """`all` (without the secret ones), an id or a title. Raises KeyError for another name."""
    if name == "all":
        return tuple(register for register in REGISTERS.values() if not register.secret)
    for register in REGISTERS.values():
        if name in (register.id, register.title):
            return (register,)
    raise KeyError(name)
