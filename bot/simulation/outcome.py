"""How a simulated year came out, as rows of a table."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.domain.rates import Rate, Rates
from bot.domain.text import t
from bot.simulation.villagers import VOTERS
from bot.texts.catalogue import REFERENCE, Catalogue

BESIDES = {
    "entered": "代录", "letter": "给代表的信", "leave": "请假", "announcement": "通知", "poll": "征求意见、测评",
    "vote": "投票", "supplement": "补记", "amendment": "设置改动",
}  # fmt: skip
SELDOM = (
    "recuse",
    "readmit",
    "raise",
    "hand_over",
    "reported",
    "reveal",
    "rate_own",
    "object_own",
    "leave",
    "take_down",
)
"""Steps of cases that are rare, and have to come all the same."""
ESCALATIONS = ("warn", "remind", "supervise", "escalate")
Traffic = Mapping[tuple[str, str], int]
"""How many messages of each kind, by the role of whose phone it is."""

Row = tuple[str, int | float | str]
Part = tuple[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Tally:
    """The tables' own counts for the year: see `storage.tallies`."""

    cases: Mapping[str, int]
    events: Mapping[str, int]
    duties: Mapping[str, int]
    suggestions: Mapping[str, int]
    ratings: Mapping[str, int]
    supervisions: int
    concluded: int
    besides: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`wrong` must be empty; `surprises` are scripts that met what they did not expect. `events` are those verified;
    `seconds` went by, `work` of them on the processor; `memory` is the most that was held, in MB.
    """

    year: int
    config: Path
    tally: Tally
    received: Traffic
    sent: Traffic
    voters: int
    joined: int
    given_up: int
    events: int
    rates: Rates
    wrong: list[str]
    surprises: Mapping[str, int]
    seconds: float
    work: float
    memory: float

    def parts(self, texts: Catalogue) -> list[Part]:
        """Headings and rows of the table, in Chinese."""

        def named(counts: Mapping[str, int], family: str) -> list[Row]:
            return [(texts.render(REFERENCE, t(f"{family}.{name}")), number) for name, number in counts.items()]

        escalations = {name: self.tally.events.get(name, 0) for name in ESCALATIONS}
        seldom = {name: self.tally.events.get(name, 0) for name in SELDOM}
        return [
            (
                f"{self.year}年，选民 {VOTERS} 人",
                [
                    ("反映过的人", self.voters),
                    ("意见", sum(self.tally.cases.values())),
                    ("附议", self.joined),
                    ("没写完", self.given_up),
                ],
            ),
            ("意见按状态", named(self.tally.cases, "state")),
            ("收到的消息", list(_traffic(self.received, texts))),
            ("发出的消息", list(_traffic(self.sent, texts))),
            ("期限", named(escalations, "event")),
            ("督办", [("开出", self.tally.supervisions), ("有结果", self.tally.concluded)]),
            ("评价", [*named(self.tally.ratings, "rating"), ("未评价", len(self.rates.unrated))]),
            ("比率", [("答复率", _said(self.rates.response)), ("解决率", _said(self.rates.resolution)),
                      ("满意率", _said(self.rates.satisfaction))]),
            ("代表建议", named(self.tally.suggestions, "status")),
            ("履职", named(self.tally.duties, "duty.kind")),
            ("此外", [*((BESIDES[name], n) for name, n in self.tally.besides.items() if name in BESIDES),
                    *named(seldom, "event")]),
            ("用了", [("秒", round(self.seconds, 1)), ("处理器 秒", round(self.work, 1)),
                      ("内存 MB", round(self.memory))]),
        ]  # fmt: skip

    def plain(self) -> dict[str, object]:
        """The same for a program."""
        names = ("cases", "events", "duties", "suggestions", "ratings", "supervisions", "concluded", "besides")
        return {
            "year": self.year,
            "config": str(self.config),
            **{name: getattr(self.tally, name) for name in names},
            "received": {" ".join(key): number for key, number in sorted(self.received.items())},
            "sent": {" ".join(key): number for key, number in sorted(self.sent.items())},
            "voters": self.voters,
            "joined": self.joined,
            "given_up": self.given_up,
            "verified_events": self.events,
            "rates": {
                name: [len(rate.hits), len(rate.of)]
                for name in ("response", "resolution", "satisfaction")
                for rate in (getattr(self.rates, name),)
            },
            "unrated": len(self.rates.unrated),
            "wrong": self.wrong,
            "surprises": dict(self.surprises),
            "seconds": round(self.seconds, 1),
            "work_seconds": round(self.work, 1),
            "memory_mb": round(self.memory),
        }


def _said(rate: Rate) -> str:
    return "无记录" if rate.value is None else f"{rate.value:.1%}（{len(rate.hits)}/{len(rate.of)}）"


def _traffic(counts: Traffic, texts: Catalogue) -> Iterator[Row]:
    """Each role with its kinds, and all together."""
    roles: dict[str, Counter[str]] = {}
    for (kind, role), number in sorted(counts.items()):
        roles.setdefault(role, Counter())[kind] += number
    for role, kinds in roles.items():
        name = "群众" if role == "villager" else texts.render(REFERENCE, t(f"role.{role}"))
        detail = "，".join(f"{kind} {number}" for kind, number in kinds.most_common())
        yield f"{name}", f"{sum(kinds.values())}（{detail}）"
    yield "合计", sum(counts.values())
