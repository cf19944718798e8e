"""The digest for every deputy, station worker and the office, daily or as each chooses weekly: due once, sent once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.dialogue.naming import topic_name
from bot.domain.authority import owners, staff_parts, takes_part
from bot.domain.cases import Case
from bot.domain.digest import Digest, Group, digest, sum_of
from bot.domain.machine import OFFICE_STATES, WORKING_STATES, Part
from bot.domain.people import Person
from bot.domain.text import Text, t
from bot.domain.town import ADMIN_SEAT, Role, Town
from bot.ports import CaseFilter
from bot.usecases import hot
from bot.usecases.absence import instead_line
from bot.usecases.cards import brief
from bot.usecases.desk import Buttons, Desk, Rules
from bot.usecases.standing import standing

SHOWN = 12
"""Lines of a digest; the rest stand in one more. A longer list nobody reads on a phone."""


def digest_due(local: datetime, rules: Rules) -> str | None:
    """The key of the digest that is due at this local time, or None. Late is better than never, that day."""
    return f"{local:%Y-%m-%d}" if local.time() >= rules.digest_at else None


async def send_digests(desk: Desk) -> int:
    """Send what is due now. Safe to call as often as one likes, from as many processes: each goes out once."""
    local = desk.local(desk.now)
    day = digest_due(local, desk.rules)
    if day is None or not await desk.tx.marks.once(f"digest:{day}", desk.now):
        return 0
    weekly_day = await _begins_week(desk, local)
    now, leaves = await standing(desk), await desk.tx.leaves.open()
    acting = now.acting
    seats: dict[int, list[str]] = defaultdict(list)
    for seat, person_id in acting.items():
        if seat != ADMIN_SEAT and desk.town.seat(seat):
            seats[person_id].append(seat)
    cases = await desk.tx.cases.find(CaseFilter(states=WORKING_STATES, limit=1_000_000))
    on_seat, at_station = _sorted_by(cases, "deputy"), _sorted_by(cases, "station")
    sent = 0
    lately = await hot.recent(desk, cases)
    growing = [issue for issue in await hot.issues(desk, lately) if issue.growth > 0]
    new_ones = {case.id: case for case in lately}
    for person_id, own in seats.items():
        if reach := reach_of(desk.town, own):
            lists = [*(on_seat[seat] for seat in reach.seats), *(at_station[station] for station in reach.stations)]
            near = {case.id: case for part in lists for case in part}.values()
            mine = [case for case in near if takes_part(desk.town, case, person_id, own)]
        else:
            mine = [case for case in cases if concerns(desk, case, person_id, own, acting)]
        person = await desk.tx.people.get(person_id) if mine else None
        if person is None or not person.reachable or (person.weekly and not weekly_day):
            continue
        what = digest(mine, desk.now, desk.now - timedelta(days=7 if person.weekly else 1))
        line = hot.digest_line(desk, growing, partial(_part_of, desk.town, new_ones, person_id, own))
        text = digest_text(desk, what, instead_line(desk, now.instead(person_id), leaves), line)
        await desk.tell(person, text, digest_buttons(desk, what), key=f"digest:{day}")
        sent += 1
    return sent


def _part_of(town: Town, cases: Mapping[int, Case], person: int, own: Sequence[str], id_: int) -> bool:
    return takes_part(town, cases[id_], person, own)


async def _begins_week(desk: Desk, local: datetime) -> bool:
    """Whether the weekly digest goes out today: on its day, or on the first day after a standstill that took it."""
    since = (local.weekday() - desk.rules.digest_weekday) % 7
    days = [f"digest:{(local - timedelta(days=back)).date()}" for back in range(1, 8)]
    made = [await desk.tx.marks.get(day) is not None for day in days]
    return since == 0 or (any(made[since:]) and not any(made[:since]))


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a person's cases can lie at all: on these deputies' seats, at these stations."""

    seats: tuple[str, ...]
    stations: tuple[str, ...]


def reach_of(town: Town, own: Sequence[str]) -> Reach | None:
    """None for the office, whose cases lie anywhere. Wider than `concerns`, and quick to look up."""
    seats = [seat for id_ in own if (seat := town.seat(id_))]
    if any(seat.role is Role.OFFICE for seat in seats):
        return None
    ids = {seat.id for seat in seats}
    stood_for = [seat.id for seat in town.seats if seat.stand_in in ids]
    return Reach(
        (*ids, *stood_for), tuple({seat.station for seat in seats if seat.role is not Role.DEPUTY and seat.station})
    )


def _sorted_by(cases: Iterable[Case], where: str) -> defaultdict[str, list[Case]]:
    found: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if place := getattr(case, where):
            found[place].append(case)
    return found


def concerns(desk: Desk, case: Case, person: int, seats: Iterable[str], acting: Mapping[str, int]) -> bool:
    """Whether the case is this person's to see in a digest or queue. `seats` are those that they act from.

    The office's own are the cases that reached it, and those that nobody else acts for.
    """
    parts = staff_parts(desk.town, case, person, seats)
    if not parts or any(actor.part is not Part.OFFICE for actor in parts):
        return bool(parts)
    if case.state in OFFICE_STATES or case.deputy is None:
        return True
    on_seat = acting.get(case.deputy)
    if on_seat is not None and on_seat not in case.recused:
        return False
    return all(seat.role is Role.OFFICE for _, seat in owners(desk.town, case, acting))


async def my_queue(desk: Desk, person: Person) -> Digest:
    """The reader's open cases at this moment, as a digest: on their own seats, and on those that they stand in for."""
    now = await standing(desk)
    seats = [*now.own(person.id), *now.instead(person.id)]
    reach = reach_of(desk.town, seats) or Reach((), ())
    wanted = CaseFilter(states=WORKING_STATES, seats=reach.seats, stations=reach.stations, limit=1_000_000)
    found = await desk.tx.cases.find(wanted)
    mine = [case for case in found if concerns(desk, case, person.id, seats, now.acting)]
    return digest(mine, desk.now, desk.now - timedelta(days=1))


def digest_text(desk: Desk, what: Digest, instead: Text, hot_line: Text | None = None) -> Text:
    """`instead` says whom the reader stands in for, if anybody."""
    rows = [_row(desk, group) for group in what.groups[:SHOWN]]
    if rest := what.groups[SHOWN:]:
        rows.append(t("digest.rest", **_counts(sum_of(rest))))
    return t(
        "digest.text" if what.open else "digest.none",
        date=f"{desk.local(desk.now):%Y-%m-%d}",
        open=what.open,
        overdue=what.overdue,
        new=what.new,
        rows=tuple(rows),
        hot=hot_line or t("nothing"),
        instead=instead,
    )


def _row(desk: Desk, group: Group) -> Text:
    village = desk.town.name_of("village", group.village)
    return t(
        "digest.row",
        village=t("plain", text=village) if village else t("place.unknown"),
        topic=topic_name(desk.town, group.topic, None),
        **_counts(group),
    )


def _counts(group: Group) -> dict[str, int | Text]:
    return {
        "open": group.open,
        "overdue": t("digest.overdue", count=group.overdue) if group.overdue else t("nothing"),
        "new": t("digest.new", count=group.new) if group.new else t("nothing"),
    }


def digest_buttons(desk: Desk, what: Digest) -> Buttons:
    """Open each of the first cases with one tap."""
    return [
        [(t("digest.open", number=short(case.number), text=brief(case, 14)), f"c:{case.id}:open")]
        for case in what.first
    ]


def short(number: str) -> str:
    """`ZJ-2026-000123` -> `123`, the way people say it."""
    return number.rsplit("-", 1)[1].lstrip("0") or "0"
