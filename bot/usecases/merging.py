"""Merging what several people raised about one matter, and parting it again."""

from bot.domain.authority import actor_for
from bot.domain.cases import Case
from bot.domain.machine import Action, State
from bot.domain.people import Person
from bot.domain.text import t
from bot.ports import CaseFilter
from bot.usecases.backing import behind, stand_back, stand_behind
from bot.usecases.cards import summary
from bot.usecases.desk import Desk
from bot.usecases.moving import NotFoundError, do, move, open_for, parts_of
from bot.usecases.telling import tell_author, tell_staff

TARGETS = frozenset(
    {State.REGISTERED, State.WITH_STATION, State.HANDED_UP, State.WITH_OFFICE, State.ASSIGNED, State.IN_PROGRESS}
)
"""States of a case that another may be merged into."""


async def merge(desk: Desk, person: Person, case_id: int, into_id: int) -> Case:
    """The case rests; its author stands behind the other one as a supporter and hears how it ends.

    Both must be this person's to see, of one station, and neither sealed. Raises NotFoundError otherwise.
    """
    case, parts = await open_for(desk, person, case_id)
    actor = actor_for(Action.MERGE, case, parts, desk.now)
    into, _ = await open_for(desk, person, into_id)
    if into not in await targets(desk, case, person):
        raise NotFoundError(into_id)
    case = await move(desk, case, actor, Action.MERGE, {"into": into.number}, {"merged_into": into.id})
    await stand_behind(desk, await behind(desk, case), into)
    await tell_author(desk, case, t("author.merged", into=into.number, **summary(desk, case)))
    text = "" if case.recused else case.text  # who is recused from the one may have a part in the other
    await tell_staff(desk, into, t("staff.merged", number=case.number, text=text), but=person.id)
    return case


async def unmerge(desk: Desk, person: Person, case_id: int) -> Case:
    """Two matters after all: the case goes on where it stood, with the time it rested not counted."""
    before, _ = await open_for(desk, person, case_id)
    case, _ = await do(desk, person, case_id, Action.UNMERGE, merged_into=None)
    if before.merged_into:
        await stand_back(desk, await behind(desk, case), before.merged_into)
    await tell_author(desk, case, t("author.unmerged", **summary(desk, case)))
    await tell_staff(desk, case, t("staff.unmerged"), but=person.id)
    return case


async def targets(desk: Desk, case: Case, person: Person, most: int = 200) -> list[Case]:
    """Cases that this one could be merged into: open, of the same station, alike in secrecy; the likest first."""
    if case.sealed:
        return []
    places = (case.station,) if case.station else ()
    found = await desk.tx.cases.find(CaseFilter(states=TARGETS, stations=places, limit=most))
    fitting = [
        one
        for one in found
        if one.id != case.id and not one.sealed and one.restricted == case.restricted and one.station == case.station
    ]
    fitting = [one for one in fitting if await parts_of(desk, one, person)]
    return sorted(fitting, key=lambda one: (one.topic != case.topic, one.village != case.village, -one.id))
