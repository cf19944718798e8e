"""Gathers what the ledger knows of one topic, for a deputy's research report."""

from collections import Counter, defaultdict
from datetime import date

from bot.domain.cases import Case
from bot.domain.machine import ENDED_STATES, State
from bot.domain.masking import mask
from bot.domain.periods import Period
from bot.domain.report.blocks import Block
from bot.domain.report.research import Done, Findings, Place, Waiting, draft_research
from bot.domain.text import t
from bot.domain.topics import Topic
from bot.usecases.ledger import Ledger

WORDS = 8
LOST = frozenset({State.MERGED, State.WITHDRAWN})
"""The one answers for the other, or nobody asks any more."""


async def write_research(ledger: Ledger, topic: Topic, period: Period) -> list[Block]:
    """The draft. Sealed and restricted cases are counted and told nowhere."""
    cases = await _of_topic(ledger, topic, period)
    earlier = await _of_topic(ledger, topic, period.before)
    ever = await _of_topic(ledger, topic, Period(2000, 1, (period.end.year - 2000) * 12 + period.end.month - 1))
    shown = [case for case in cases if not (case.sealed or case.restricted)]
    told = [case for case in ever if not (case.sealed or case.restricted)]
    return draft_research(
        Findings(
            town=ledger.town.name,
            topic=topic.name,
            period=period,
            cases=len(cases),
            before=len(earlier),
            withheld=len(cases) - len(shown),
            first=min((_day(ledger, case) for case in told), default=period.first).isoformat(),
            months=sorted(Counter(f"{_day(ledger, case):%Y-%m}" for case in cases).items()),
            subtopics=Counter(ledger.subtopic_name(case.subtopic) or "未细分" for case in shown).most_common(),
            places=_places(ledger, shown, told),
            words=_words(topic, shown),
            done=[_done(ledger, case) for case in shown if case.answer_class],
            waiting=[_waiting(ledger, case) for case in shown if _is_open(case)],
            sample=ledger.town.sample,
        )
    )


async def _of_topic(ledger: Ledger, topic: Topic, period: Period) -> list[Case]:
    found = [record.case for record in await ledger.cases(period)]
    return [case for case in found if case.topic == topic.id and case.state not in LOST]


def _is_open(case: Case) -> bool:
    return case.answer_class is None and case.state not in ENDED_STATES


def _day(ledger: Ledger, case: Case) -> date:
    return ledger.local(case.created_at).date()


def _where(ledger: Ledger, case: Case) -> str:
    return ledger.village_name(case.village) or "地点不明"


def _places(ledger: Ledger, shown: list[Case], ever: list[Case]) -> list[Place]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in shown:
        groups[_where(ledger, case)].append(case)
    first: dict[str, date] = {}
    for case in ever:
        first.setdefault(_where(ledger, case), _day(ledger, case))
    places = [
        Place(name, len(found), first[name].isoformat(), sum(map(_is_open, found))) for name, found in groups.items()
    ]
    return sorted(places, key=lambda place: (-place.cases, place.name))


def _words(topic: Topic, cases: list[Case]) -> list[tuple[str, int]]:
    """The topic's own words, by how many cases use them: never a villager's sentence."""
    words = {word for sub in topic.subtopics for word in (*sub.keywords, *sub.hints)}
    return Counter(word for case in cases for word in words if word in case.text).most_common(WORDS)


def _done(ledger: Ledger, case: Case) -> Done:
    return Done(
        number=case.number,
        place=_where(ledger, case),
        subtopic=ledger.subtopic_name(case.subtopic),
        answer_class=str(case.answer_class),
        answer=mask(case.answer or ""),
    )


def _waiting(ledger: Ledger, case: Case) -> Waiting:
    return Waiting(
        number=case.number,
        place=_where(ledger, case),
        subtopic=ledger.subtopic_name(case.subtopic),
        since=_day(ledger, case).isoformat(),
        state=ledger.say(t(f"state.{case.state}")),
    )
