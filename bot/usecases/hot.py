"""Hot issues: what many people raised of late, by place and topic, for those staff whose cases they are."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from bot.dialogue.naming import place, topic_name
from bot.domain.authority import parts_in
from bot.domain.cases import Case, Kind
from bot.domain.machine import WORKING_STATES, State
from bot.domain.masking import mask
from bot.domain.people import Person
from bot.domain.text import Text, t
from bot.ports import CaseFilter
from bot.tagging.likeness import HotIssue, Told
from bot.usecases.desk import Desk
from bot.usecases.standing import standing

WINDOW = timedelta(days=30)
COMPARED = 2000
"""Cases of the window that are looked at, at most."""
SHOWN = 8
SENTENCE = 40
_OTHERS = frozenset(State) - WORKING_STATES - {State.WITHDRAWN, State.REFUSED, State.MERGED}
"""A merged one counts as a supporter of the other."""


async def recent(desk: Desk, working: Iterable[Case] | None = None) -> list[Case]:
    """The cases of the window that may be spoken of: not restricted, not sealed, of a known place. Of more than can be
    compared, those that are being worked on come before others, newer ones before older ones. `working` spares
    reading the former once more.
    """
    since = desk.now - WINDOW
    if working is None:
        working = await desk.tx.cases.find(CaseFilter(states=WORKING_STATES, since=since, limit=COMPARED))
    found = [case for case in working if case.created_at >= since and _may_be_told(case)][:COMPARED]
    if room := COMPARED - len(found):
        others = await desk.tx.cases.find(CaseFilter(states=_OTHERS, since=since, limit=room))
        found += [case for case in others if _may_be_told(case)]
    return found


def _may_be_told(case: Case) -> bool:
    hidden = case.restricted or case.sealed or case.kind is Kind.HELP
    return not hidden and bool(case.village and case.text)


async def issues(desk: Desk, cases: Sequence[Case]) -> tuple[HotIssue, ...]:
    """What at least three people raised among `cases`, most people first; supporters count."""
    behind = await desk.tx.cases.backing()
    told = [
        Told(
            str(case.id),
            case.text,
            case.village,
            case.topic,
            desk.local(case.created_at).date(),
            1 + behind.get(case.id, 0),
        )
        for case in cases
    ]
    return desk.likeness.hot_issues(told, desk.local(desk.now).date(), WINDOW)


async def hot_text(desk: Desk, person: Person) -> Text:
    """The hot issues among the cases that are this person's to see, in words."""
    now = await standing(desk)
    own = [case for case in await recent(desk) if parts_in(desk.town, case, person.id, now)]
    found = await issues(desk, own)
    if not found:
        return t("hot.none", days=WINDOW.days)
    texts = {str(case.id): case.text for case in own}
    rows = tuple(_row(desk, issue, [texts[id_] for id_ in issue.cases]) for issue in found[:SHOWN])
    return t("hot.list", days=WINDOW.days, rows=rows)


def _row(desk: Desk, issue: HotIssue, texts: Sequence[str]) -> Text:
    sentence = mask(" ".join(desk.likeness.typical(texts).split()))
    return t(
        "hot.row",
        place=place(desk.town, issue.village, None),
        topic=topic_name(desk.town, issue.topic, None),
        people=issue.people,
        cases=len(issue.cases),
        growth=f"{issue.growth:+d}",
        since=f"{issue.first.month}-{issue.first.day:02d}",
        sentence=sentence if len(sentence) <= SENTENCE else sentence[: SENTENCE - 1] + "…",
    )


def digest_line(desk: Desk, found: Sequence[HotIssue], theirs: Callable[[int], bool]) -> Text:
    """One line for a digest: the first of these issues that lies wholly in the reader's cases, if any. `theirs` tells
    from a case's id whether it is one of them.
    """
    for issue in found:
        if all(theirs(int(id_)) for id_ in issue.cases):
            return t(
                "hot.digest",
                place=place(desk.town, issue.village, None),
                topic=topic_name(desk.town, issue.topic, None),
                people=issue.people,
            )
    return t("nothing")
