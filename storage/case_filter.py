"""What a filter or a search asks of the table of cases, as conditions and whole statements."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Text,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
)

from bot.domain.machine import OPEN_STATES, State
from bot.ports import CaseFilter, Sought
from storage.schema import case_parties, cases
from storage.types import BigId

PART = {part: case_parties.c.part == literal_column(f"'{part}'") for part in ("author", "supporter")}

# The order where few of all cases are wanted. The plus keeps both planners from walking the cases by id in the
# hope of meeting those few soon: they look them up by an index and sort them.
LOOKED_UP = literal_column("+cases.id", BigId)


def _behind(part: str) -> ColumnElement[bool]:
    of = select(case_parties.c.case_id).where(case_parties.c.person_id == bindparam(part), PART[part])
    return cases.c.id.in_(of)


# What each field of a filter that has one value asks for.
_SINGLE: dict[str, ColumnElement[bool]] = {
    "author": _behind("author"),
    "supporter": _behind("supporter"),
    "village": cases.c.village == bindparam("village"),
    "topic": cases.c.topic == bindparam("topic"),
    "sealed": cases.c.sealed == bindparam("sealed"),
    "recused": (cases.c.recused != []) == bindparam("recused", type_=Boolean),
    "since": cases.c.created_at >= bindparam("since"),
    "until": cases.c.created_at < bindparam("until"),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a filter the statement's text depends on: which fields narrow, and how many values each has."""

    states: frozenset[State] | None
    seats: int
    stations: int
    single: tuple[str, ...]


def shape_of(wanted: CaseFilter) -> tuple[Shape, dict[str, Any]]:
    """The filter's shape, and its values by the names that they have in the statement."""
    given = {name: value for name in _SINGLE if (value := getattr(wanted, name)) is not None}
    shape = Shape(wanted.states, len(wanted.seats), len(wanted.stations), tuple(given))
    for name, ids in (("seat", wanted.seats), ("station", wanted.stations)):
        given |= {f"{name}_{place}": id_ for place, id_ in enumerate(ids)}
    return shape, given


@lru_cache(maxsize=500)
def found(shape: Shape) -> Select[*tuple[Any, ...]]:
    """The cases, newest first; `limit` is given with the values."""
    few = shape.states is not None and shape.states <= OPEN_STATES
    few = few or bool(shape.seats or shape.stations) or not {"author", "supporter", "since"}.isdisjoint(shape.single)
    newest = LOOKED_UP if few else cases.c.id
    return select(cases).where(*_conditions(shape)).order_by(newest.desc()).limit(bindparam("limit"))


@lru_cache(maxsize=500)
def counted(shape: Shape) -> Select[int]:
    """How many there are."""
    return select(func.count()).select_from(cases).where(*_conditions(shape))


def _conditions(shape: Shape) -> list[ColumnElement[bool]]:
    wanted = [_SINGLE[name] for name in shape.single]
    if shape.states is not None:
        # Most of all cases are closed ones: of these, the time finds the few.
        by_time = "since" in shape.single and not shape.states <= OPEN_STATES
        state = type_coerce(cases.c.state, Text) + "" if by_time else cases.c.state
        wanted.append(state.in_([literal(one, cases.c.state.type) for one in sorted(shape.states)]))
    if shape.seats or shape.stations:
        places = [cases.c.deputy == bindparam(f"seat_{place}") for place in range(shape.seats)]
        places += [cases.c.station == bindparam(f"station_{place}") for place in range(shape.stations)]
        wanted.append(or_(*places))
    return wanted


def meets(term: Sought) -> ColumnElement[bool]:
    """Whether a case has the term, in its words or by its place or topic."""
    named = ((cases.c.village, term.villages), (cases.c.topic, term.topics), (cases.c.subtopic, term.subtopics))
    written = [cases.c.text.icontains(way, autoescape=True) for way in term.ways]
    return or_(*written, *(column.in_(ids) for column, ids in named if ids))
