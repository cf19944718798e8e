"""Staff teach the tagger by putting topics right; the office sees how often it was wrong, and can go back."""

from collections.abc import Iterable
from datetime import timedelta

from bot.domain.cases import Case
from bot.domain.learning import Lesson, Version, in_use
from bot.domain.machine import State
from bot.domain.people import Person
from bot.domain.text import Text, t
from bot.domain.town import Role
from bot.tagging.figures import ErrorRate, error_rates
from bot.usecases.cards import day
from bot.usecases.desk import Buttons, Desk
from bot.usecases.moving import NotFoundError
from bot.usecases.roles import roles_of

LOOKED_BACK = timedelta(days=365)
SHOWN = 8
OFFERED = 4
_UNSEEN = frozenset({State.REGISTERED, State.HANDED_UP, State.WITHDRAWN})  # nobody has looked at its topic yet


async def teach(desk: Desk, person: Person, case: Case) -> None:
    """The topic that the case has now was given by this member of staff. A sealed case teaches nothing."""
    label = case.subtopic or case.topic
    if label and not case.sealed:
        await desk.tx.learning.teach(Lesson(case.id, label, person.id, desk.now))


async def is_office(desk: Desk, person: Person) -> bool:
    return any(seat.role is Role.OFFICE for seat in await roles_of(desk, person))


async def use(desk: Desk, person: Person, version: int) -> None:
    """Every process uses this version from its next look on. Raises NotFoundError: not the office, no such version."""
    if not await is_office(desk, person) or not await desk.tx.learning.choose(version, person.id, desk.now):
        raise NotFoundError(version)


async def versions_text(desk: Desk) -> tuple[Text, Buttons]:
    """The versions, newest first, and of the last year's cases how many topics and villages were put right."""
    versions = await desk.tx.learning.versions()
    active = in_use(versions)
    shown = versions[-OFFERED:]
    if versions and versions[0] not in shown:
        shown = [versions[0], *shown]
    rows = tuple(_version(desk, each, active) for each in reversed(shown))
    buttons = [[(t("tagger.use", version=each.version), f"t:{each.version}")] for each in shown if each != active]
    found = await desk.tx.registers.events(desk.now - LOOKED_BACK, desk.now + timedelta(seconds=1), ("register",))
    judged = [record for record in found if record.case.state not in _UNSEEN and not record.case.sealed]
    topics = error_rates((g, g, r.case.topic or "") for r in judged if (g := r.event.data.get("topic")))
    villages = error_rates((g, g, r.case.village or "") for r in judged if (g := r.event.data.get("village")))
    town = desk.town
    text = t(
        "tagger.text",
        versions=rows or t("tagger.untaught"),
        topics=_rates((one.name if (one := town.topic(r.key)) else r.key, r) for r in topics),
        villages=_rates((each.name if (each := town.village(r.key)) else r.key, r) for r in villages),
    )
    return text, buttons


def _version(desk: Desk, one: Version, active: Version | None) -> Text:
    return t(
        "tagger.tree" if one.version == 0 else "tagger.version",
        version=one.version,
        at=day(desk, one.made_at),
        lessons=one.lessons,
        people=one.people,
        active=t("tagger.active") if one == active else t("nothing"),
    )


def _rates(named: Iterable[tuple[str, ErrorRate]]) -> tuple[Text, ...]:
    rows = [
        t("tagger.rate", name=name, judged=rate.judged, wrong=rate.wrong, percent=round(100 * rate.rate))
        for name, rate in named
    ]
    return tuple(rows[:SHOWN]) or (t("tagger.no_rates"),)
