"""Search among the cases that are the reader's to see: by words of the matter, the village or the topic."""

from dataclasses import dataclass

from bot.domain.authority import parts_in
from bot.domain.cases import Case
from bot.domain.people import Person
from bot.domain.town import Town
from bot.ports import Sought
from bot.tagging.normalise import spellings
from bot.usecases.desk import Desk
from bot.usecases.digests import Reach, reach_of
from bot.usecases.standing import standing

WINDOW = 10_000
"""So many case ids are gone through at a time: what a search costs does not grow with the town's years."""
SHOWN = 8
_READ = 60  # matches of a window that are looked at, before those that are not the reader's are left out
_TERMS = 5


@dataclass(frozen=True, slots=True)
class Found:
    """Newest first; `below`: where to go on to older ones, None where none are left."""

    cases: tuple[Case, ...]
    below: int | None


async def search(desk: Desk, person: Person, words: str, below: int | None = None) -> Found:
    """Cases that hold every one of `words`, divided by blanks; only of those that the person handles now."""
    now = await standing(desk)
    reach = reach_of(desk.town, [*now.own(person.id), *now.instead(person.id)]) or Reach((), ())
    top = await desk.tx.cases.newest() + 1 if below is None else below
    least = max(top - WINDOW, 0)
    terms = tuple(sought(desk.town, term) for term in words.split()[:_TERMS])
    met = await desk.tx.cases.search(terms, reach.seats, reach.stations, range(least, top), _READ)
    mine = [case for case in met if parts_in(desk.town, case, person.id, now)]
    if len(mine) > SHOWN:
        return Found(tuple(mine[:SHOWN]), mine[SHOWN - 1].id)
    if len(met) == _READ:
        return Found(tuple(mine), met[-1].id)
    return Found(tuple(mine), least if least > 1 else None)


def sought(town: Town, term: str) -> Sought:
    """What a term may mean: a stretch of the text in either script, a village, a topic."""
    ways = spellings(term)

    def called(*names: str) -> bool:
        return any(way in name for way in ways for name in names)

    return Sought(
        ways,
        tuple(village.id for village in town.villages if called(village.name, *village.aliases)),
        tuple(topic.id for topic in town.topics if called(topic.name)),
        tuple(sub.id for topic in town.topics for sub in topic.subtopics if called(sub.name)),
    )
