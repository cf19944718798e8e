"""Takes in past activities from a table, one sentence a row: every mistake is told by its line, then all or nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.duties import FORMS, FURTHEST, Duty, DutyKind
from bot.domain.sentences import Reading, read_sentence
from bot.domain.text import t
from bot.domain.town import Role, Seat, Town
from bot.ports import Tx
from bot.ports.ledgers import DutyFilter
from bot.texts.catalogue import REFERENCE, Catalogue

DAY, KIND, SEAT, WORDS = HEADERS = ("日期", "类型", "席位或姓名", "内容")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
IMPORTER = "import"
"""The channel and account that records taken in belong to: nobody can be written to there."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table, as it was read: `cells` by header."""

    line: int
    cells: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Mistake:
    line: int
    header: str
    why: str


@dataclass(frozen=True, slots=True)
class Past:
    """What a line says; `on` is its own column's day, whatever day the sentence names. `said`: what else was read in
    it, `names`: of whom.
    """

    line: int
    kind: DutyKind
    on: date
    seat: Seat
    text: str
    said: Reading
    names: tuple[str, ...]


def kind_names(texts: Catalogue) -> dict[str, DutyKind]:
    """How a kind may be written: as the chat says it, or by its id."""
    return {texts.render(REFERENCE, t(f"duty.kind.{kind}")): kind for kind in DutyKind} | {k.value: k for k in DutyKind}


def understand(rows: Sequence[Row], town: Town, texts: Catalogue, today: date) -> tuple[list[Past], list[Mistake]]:
    """What each line says, and what is wrong with which."""
    kinds = kind_names(texts)
    good: list[Past] = []
    mistakes: list[Mistake] = []
    for row in rows:
        on, kind, text = _day(row.cells.get(DAY)), kinds.get(_word(row, KIND)), _word(row, WORDS)
        seats = _seats(town, _word(row, SEAT))
        # A rota of reception days lies in the future; of a kind that nobody knows no day is too late.
        last = today if kind and not FORMS[kind].ahead else today + FURTHEST
        wrong = {
            DAY: "" if on and on <= last else f"要像 {today}，不晚于 {last}",
            KIND: "" if kind else "要填其中之一：" + "、".join(name for name in kinds if name not in list(DutyKind)),
            SEAT: "" if len(seats) == 1 else "名册里没有" if not seats else "同名的有几个，请填席位编号",
            WORDS: "" if text else "没有填",
        }
        if on and kind and text and len(seats) == 1 and not any(wrong.values()):
            if seats[0].role in FORMS[kind].roles:
                said = read_sentence(text, FORMS[kind], on, town.seats)
                names = tuple(seat.name for seat in map(town.seat, said.members) if seat)
                good.append(Past(row.line, kind, on, seats[0], text, said, names))
                continue
            who = "、".join(texts.render(REFERENCE, t(f"role.{role}")) for role in Role if role in FORMS[kind].roles)
            wrong[SEAT] = f"{seats[0].name}不能记“{_word(row, KIND)}”，要填{who}"
        mistakes += [Mistake(row.line, header, why) for header, why in wrong.items() if why]
    return good, mistakes


def _word(row: Row, header: str) -> str:
    value = row.cells.get(header)
    return str(value).strip() if value is not None else ""


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not (match := _DATE.fullmatch(str(value).strip())):
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def _seats(town: Town, word: str) -> list[Seat]:
    if seat := town.seat(word):
        return [seat]
    return [seat for seat in town.seats if word and word in (seat.name, seat.name.split("（")[0])]


async def take_in(tx: Tx, town: Town, past: Sequence[Past], now: datetime) -> int:
    """Store what is not there yet. Returns how many were new: the same table taken in twice counts once."""
    person = await tx.people.find(IMPORTER, IMPORTER)
    if person is None:
        person = await tx.people.add(IMPORTER, IMPORTER, IMPORTER, REFERENCE, now)
        await tx.people.save_reach(replace(person, reachable=False))
    new = 0
    for one in past:
        wanted = DutyFilter(one.on, one.on + timedelta(days=1), (one.kind,), seat=one.seat.id)
        if any(there.text == one.text for there in await tx.duties.find(wanted)):
            continue
        own = (one.seat.id,) if one.seat.role is Role.DEPUTY else ()
        await tx.duties.add(
            Duty(
                id=0,
                kind=one.kind,
                on=one.on,
                seat=one.seat.id,
                person=person.id,
                station=one.seat.station,
                text=one.text,
                created_at=now,
                facts=one.said.facts,
                members=tuple(dict.fromkeys((*own, *one.said.members))),
                cases=tuple([number for number in one.said.cases if await _open(tx, number)]),
                channel=IMPORTER,
            )
        )
        new += 1
    return new


async def _open(tx: Tx, number: str) -> bool:
    """Whether there is such a case, and one that is not sealed."""
    case = await tx.cases.by_number(number) if "-" in number else None
    return case is not None and not case.sealed
