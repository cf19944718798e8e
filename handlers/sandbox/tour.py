"""The guided tour of the sandbox: six steps that follow one broken street lamp from phone to phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["villager", "deputy", "station_head", "office"]


@dataclass(frozen=True)
class PhoneCard:
    """One phone on the page: whose it is, in which role, and a hint what to try on it."""

    user_id: int
    name: str
    role: Role
    role_name: str
    hint: str


@dataclass(frozen=True)
class TourStep:
    """One step: the roles whose phones it points at, what it says, what 替我写 types on the first."""

    roles: tuple[Role, ...]
    title: str
    title_en: str
    zh: str
    en: str
    types: str = ""


STEPS = (
    TourStep(
        (),
        "每部手机都是一个真的聊天",
        "Each phone is a real chat",
        "下面的村民、代表、站长和人大办各有一部手机。人和村都是样例，请放心试；上面的时钟可以拨快。",
        "Villagers, a deputy, a station head and the office. All of it is sample data: try anything.",
    ),
    TourStep(
        ("villager",),
        "村民先说事",
        "A villager speaks first",
        "在这部手机上写一句话，比如“路灯坏了”，按回车发出。也可以让我替您写。",
        "Write one sentence on this phone and press Enter, or let the tour write it.",
        types="路灯坏了",
    ),
    TourStep(
        ("villager",),
        "按提示补全，提交",
        "Answer, check, submit",
        "先看清楚谁看得到，点同意。机器人一次只问一件事：点按钮选村，照片和位置可以不给；核对以后点提交。",
        "Read who sees what and agree. Then one question at a time: village, photos if you like, submit.",
    ),
    TourStep(
        ("deputy", "station_head"),
        "代表和联络站同时收到",
        "Deputy and station both get it",
        "看这两部手机：新消息会亮出数字。意见有了编号，没有村民的姓名电话。",
        "New messages light up a number here. The case has a number, but no name or phone.",
    ),
    TourStep(
        ("station_head",),
        "站长接办、办理、答复",
        "The station head handles it",
        "在站长的手机上点“接办”，办好以后写明结果，答复就会回到村民那里。",
        "Take the case on this phone, then write the answer; it goes back to the villager.",
    ),
    TourStep(
        ("villager",),
        "村民来评价",
        "The villager rates it",
        "村民点一下满意不满意、解决没解决。想看早上八点的汇总和到期督办，就拨快上面的时钟。",
        "One tap each: satisfied? solved? Push the clock to see the 8:00 digest and deadlines.",
    ),
)


def tour_for(phones: Sequence[PhoneCard]) -> list[dict[str, object]]:
    """The steps as JSON for the page: `phones` holds the user ids to point at, the first phone of each role.

    A step whose role has no phone in this town is left out rather than pointing at nothing.
    """
    first: dict[Role, int] = {}
    for phone in phones:
        first.setdefault(phone.role, phone.user_id)
    return [
        {
            "phones": [first[role] for role in step.roles],
            "title": step.title,
            "title_en": step.title_en,
            "zh": step.zh,
            "en": step.en,
            "types": step.types,
        }
        for step in STEPS
        if all(role in first for role in step.roles)
    ]
