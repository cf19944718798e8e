"""Counts straight from the tables, by SQL alone: what registers, rates and reports have to agree with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.copying import snapshot
from storage.schema import (
    amendments,
    announcements,
    case_events,
    cases,
    duties,
    duty_members,
    duty_supplements,
    inbox,
    leaves,
    poll_voters,
    poll_votes,
    polls,
    receipts,
    suggestions,
    supervisions,
)


@dataclass(frozen=True, slots=True)
class Tallies:
    """Of a span of time: what came in, was done, was opened in it. `duties` counts no struck record; `members` are
    those who took part in a record of each kind, `supplemented` the records of it to which something was added later.
    `suggestions` and `parked` are as they stand now.
    """

    cases: Mapping[str, int]  # by state
    events: Mapping[str, int]  # by action
    duties: Mapping[str, int]  # by kind
    members: Mapping[str, int]  # by kind
    supplemented: Mapping[str, int]  # by kind
    suggestions: Mapping[str, int]  # by status
    ratings: Mapping[str, int]  # by what was said, of the cases that were rated
    supervisions: int
    concluded: int
    diverted: int  # cases that were sent elsewhere
    parked: int  # updates that could not be handled
    besides: Mapping[str, int]  # what was done besides: entered for somebody, letters, leaves, announcements and more


def tally(url: str, since: datetime, until: datetime, first: date, end: date) -> Tallies:
    """Blocks. From `since` until before `until`; a record of a duty counts by its own day, from `first` until before
    `end`.
    """
    days = (duties.c.struck_at.is_(None), duties.c.on >= first, duties.c.on < end)
    born = (cases.c.created_at >= since, cases.c.created_at < until)
    done = (case_events.c.at >= since, case_events.c.at < until)
    opened = (supervisions.c.opened_at >= since, supervisions.c.opened_at < until)
    with snapshot(url) as connection:
        return Tallies(
            cases=_by(connection, cases.c.state, *born),
            events=_by(connection, case_events.c.action, *done),
            duties=_by(connection, duties.c.kind, *days),
            members=_by(connection, duties.c.kind, duty_members.c.duty_id == duties.c.id, *days),
            supplemented=_by(connection, duties.c.kind, duties.c.id.in_(sa.select(duty_supplements.c.duty_id)), *days),
            suggestions=_by(connection, suggestions.c.status),
            ratings=_by(connection, cases.c.rating, cases.c.rating.is_not(None), *born),
            supervisions=_count(connection, *opened),
            concluded=_count(connection, *opened, supervisions.c.result.is_not(None)),
            diverted=sum(
                row.data.get("where", "nowhere") != "nowhere"
                for row in connection.execute(
                    sa.select(case_events.c.data).where(*done, case_events.c.action == "refuse")
                )
            ),
            parked=_count(connection, inbox.c.error.is_not(None)),
            besides={
                "entered": _count(connection, receipts.c.entered_at >= since, receipts.c.entered_at < until),
                "letter": _count(connection, *born, cases.c.kind == "letter"),
                "leave": _count(connection, leaves.c.made_at >= since, leaves.c.made_at < until),
                "announcement": _count(connection, announcements.c.poll.is_(None)),
                "poll": _count(connection, polls.c.id.is_not(None)),
                "voter": _count(connection, poll_voters.c.poll_id.is_not(None)),
                "vote": int(connection.execute(sa.select(sa.func.sum(poll_votes.c.votes))).scalar_one() or 0),
                "supplement": _count(connection, duty_supplements.c.number.is_not(None)),
                "amendment": _count(connection, amendments.c.number.is_not(None)),
            },
        )


def _by(connection: Connection, key: sa.Column[str], *conditions: sa.ColumnElement[bool]) -> dict[str, int]:
    query = sa.select(key, sa.func.count()).where(*conditions).group_by(key).order_by(key)
    return {str(name): number for name, number in connection.execute(query)}


def _count(connection: Connection, *conditions: sa.ColumnElement[bool]) -> int:
    return int(connection.execute(sa.select(sa.func.count()).where(*conditions)).scalar_one())
