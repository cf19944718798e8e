"""Takes in past activities from a table, one sentence a row: every mistake is told by its line, then all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.duties import FORMS, Duty, DutyKind
from bot.domain.sentences import read_sentence
from bot.domain.text import t
from bot.domain.town import Role, Seat, Town
from bot.ports import Tx
from bot.ports.ledgers import DutyFilter
from bot.texts.catalogue import REFERENCE, Catalogue

DAY, KIND, SEAT, WORDS = HEADERS = ("日期", "类型", "席位或姓名", "内容")
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
    """What a line says; `on` is its own column's day, whatever day the sentence names."""

    line: int
    kind: DutyKind
    on: date
    seat: Seat
    text: str


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
        ahead = kind is not None and FORMS[kind].ahead  # a rota of reception days lies in the future
        wrong = {
            DAY: "" if on and (on <= today or ahead) else "要像 2021-03-05，不晚于今天",
            KIND: "" if kind else "要填其中之一：" + "、".join(name for name in kinds if name not in list(DutyKind)),
            SEAT: "" if len(seats) == 1 else "名册里没有" if not seats else "同名的有几个，请填席位编号",
            WORDS: "" if text else "没有填",
        }
        if on and kind and text and len(seats) == 1 and not any(wrong.values()):
            if seats[0].role in FORMS[kind].roles:
                good.append(Past(row.line, kind, on, seats[0], text))
                continue
            wrong[KIND] = f"{seats[0].name}不能记这一种"
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
    try:
        return date.fromisoformat(str(value).strip())
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
        await tx.people.save(replace(person, reachable=False))
    new = 0
    for one in past:
        wanted = DutyFilter(one.on, one.on + timedelta(days=1), (one.kind,), seat=one.seat.id)
        if any(there.text == one.text for there in await tx.duties.find(wanted)):
            continue
        said = read_sentence(one.text, FORMS[one.kind], one.on, town.seats)
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
                facts=said.facts,
                members=tuple(dict.fromkeys((*own, *said.members))),
                cases=tuple(number for number in said.cases if "-" in number),
                channel=IMPORTER,
            )
        )
        new += 1
    return new
