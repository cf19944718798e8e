"""Hot issues: what many people raised of late, by place and topic, for those staff whose cases they are."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.dialogue.naming import place, topic_name
from bot.domain.authority import parts_in
from bot.domain.cases import Case, Kind
from bot.domain.machine import State
from bot.domain.masking import mask
from bot.domain.people import Person
from bot.domain.text import Text, t
from bot.tagging.likeness import HotIssue, Told
from bot.usecases.desk import Desk
from bot.usecases.standing import standing

WINDOW = timedelta(days=30)
COMPARED = 2000
"""The newest cases of the window that are looked at."""
SHOWN = 8
SENTENCE = 40
_OUT = frozenset({State.WITHDRAWN, State.REFUSED, State.MERGED})  # a merged one counts as a supporter of the other


async def recent(desk: Desk) -> list[Case]:
    """The cases of the window that may be spoken of: not restricted, not sealed, of a known place."""
    found = [
        record.case for record in await desk.tx.registers.cases(desk.now - WINDOW, desk.now + timedelta(seconds=1))
    ]
    fit = [
        case
        for case in found
        if not (case.restricted or case.sealed or case.state in _OUT or case.kind is Kind.HELP)
        and case.village
        and case.text
    ]
    return fit[-COMPARED:]


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
    return t("hot.list", days=WINDOW.days, rows=tuple(_row(desk, issue) for issue in found[:SHOWN]))


def _row(desk: Desk, issue: HotIssue) -> Text:
    sentence = mask(" ".join(issue.sentences[0].split()))
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
    """One line for a digest: the growing issue with most people that lies wholly in the reader's cases, if any.
    `theirs` says of a case's id whether it is one of these.
    """
    for issue in found:
        if issue.growth > 0 and all(theirs(int(id_)) for id_ in issue.cases):
            return t(
                "hot.digest",
                place=place(desk.town, issue.village, None),
                topic=topic_name(desk.town, issue.topic, None),
                people=issue.people,
            )
    return t("nothing")
