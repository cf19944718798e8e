"""What staff ask for in chat: figures, reports, research and registers. Who may have which, and what is in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.messages import Order
from bot.domain.people import Person
from bot.domain.periods import Period
from bot.domain.report.blocks import Block, Title
from bot.domain.report.content import MONTHS, ReportKind
from bot.domain.sheets import REGISTERS, Sheet, registers_named
from bot.domain.text import t
from bot.domain.town import STATION_ROLES, Role, Seat
from bot.ports.ledgers import Export
from bot.usecases.desk import Desk
from bot.usecases.ledger import Ledger
from bot.usecases.moving import NotFoundError
from bot.usecases.registers import draw_up
from bot.usecases.reports import check_scope, write_report
from bot.usecases.research import write_research
from bot.usecases.roles import roles_of
from bot.usecases.seats import NotAllowedError

FIGURES, RESEARCH, REGISTER = "figures", "research", "register"
"""What may be ordered, besides the kinds of reports."""
ALL = "all"
"""In place of a register: all but the secret ones."""
WHY = "起草报告"
"""What a report is for, where nobody says otherwise."""
BY_LENGTH = {months: kind for kind, months in MONTHS.items()}


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose figures: a station's, a deputy's, or the whole town's where both are empty."""

    station: str | None = None
    seat: str | None = None

    @property
    def word(self) -> str:
        """As a button says it; `Whose.named` reads it back."""
        return f"s:{self.station}" if self.station else f"d:{self.seat}" if self.seat else "t:"

    @classmethod
    def named(cls, word: str) -> "Whose":
        """Raises ValueError for a word that no button says."""
        match word.split(":"):
            case ["s", station] if station:
                return cls(station=station)
            case ["d", seat] if seat:
                return cls(seat=seat)
            case ["t", ""]:
                return cls()
        raise ValueError(word)


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What is to be written into a file: the blocks of a paper, or registers. `foot`: who has it made, when and, of
    registers, what for; `exports` is what is to be logged before it leaves.
    """

    name: str
    content: Sequence[Block] | Sequence[Sheet]
    foot: str
    exports: Sequence[Export]


def own(seats: Sequence[Seat]) -> list[Whose]:
    """Whose figures the holder of these seats may see: the office the town's, and with it everybody's; at a station the
    station's; a deputy their own. Nobody's where they hold no such seat.
    """
    if any(seat.role is Role.OFFICE for seat in seats):
        return [Whose()]
    stations = [Whose(station=seat.station) for seat in seats if seat.role in STATION_ROLES]
    return list(dict.fromkeys([*stations, *(Whose(seat=seat.id) for seat in seats if seat.role is Role.DEPUTY)]))


def seat_for(seats: Sequence[Seat], whose: Whose) -> Seat:
    """The seat by which its holder may see these figures. Raises NotAllowedError."""
    for seat in seats:
        if whose in own([seat]) or seat.role is Role.OFFICE:
            return seat
    raise NotAllowedError(whose)


async def ledger_for(desk: Desk, person: Person, whose: Whose) -> Ledger:
    """Raises NotAllowedError; NotFoundError where the town has no such station or deputy."""
    seat_for(await roles_of(desk, person), whose)
    if (whose.station and desk.town.station(whose.station) is None) or (whose.seat and not _deputy(desk, whose.seat)):
        raise NotFoundError(whose)
    return Ledger(desk.tx, desk.town, desk.texts, whose.station, whose.seat)


def kinds(whose: Whose, period: Period) -> list[ReportKind]:
    """The reports that can be made of these figures for this period."""
    if whose.station or whose.seat:
        return [ReportKind.STATION if whose.station else ReportKind.DEPUTY]
    return [BY_LENGTH[period.months], ReportKind.PARTY]


async def order_figures(desk: Desk, person: Person, period: Period, whose: Whose) -> None:
    """Have them counted, and sent as a message: not here, where whoever writes would wait for it. Raises
    NotAllowedError, NotFoundError.
    """
    await ledger_for(desk, person, whose)
    await desk.hand(person, Order(desk.source, person.id, FIGURES, period.word, whose.word, WHY))


async def order(desk: Desk, person: Person, what: str, period: Period, of: str = "", why: str = "") -> None:
    """Have it drawn up and sent as a file. Raises NotAllowedError, NotFoundError (no such station, deputy, topic or
    register), ScopeError, ValueError (no such kind, or a register for no reason).
    """
    if what == REGISTER and not why:
        raise ValueError("a register leaves for a reason only")
    made = Order(desk.source, person.id, what, period.word, of, why or WHY)
    await _opened(desk, person, made)
    await desk.say(person, t("paper.coming"))
    await desk.hand(person, made, t("paper.caption_register" if what == REGISTER else "paper.caption"))


async def draw(desk: Desk, asked: Order) -> Manuscript:
    """What was ordered, as the ledger stands now; only reads. Raises as `order` does, NotAllowedError too where the
    seat has ended meanwhile.
    """
    person = await desk.tx.people.get(asked.person)
    if person is None:
        raise NotAllowedError(asked.person)
    ledger, seat = await _opened(desk, person, asked)
    period, at = Period.parse(asked.period), desk.local(desk.now)
    foot = f"{seat.name} {at:%Y-%m-%d %H:%M}"
    if asked.what == REGISTER:
        sheets = [await draw_up(ledger, register, period) for register in registers_named(asked.of)]
        exports = [_export(desk, asked, seat, sheet.register.id, len(sheet.rows), "xlsx") for sheet in sheets]
        title = "" if asked.of == ALL else sheets[0].register.title
        return Manuscript(f"{desk.town.name}{title}台账（{period.name}）", sheets, f"{foot} {asked.why}", exports)
    if asked.what == RESEARCH:
        topic = next(one for one in desk.town.topics if one.id == asked.of)
        blocks, logged = await write_research(ledger, topic, period), f"report {RESEARCH} {topic.id}"
    else:
        kind = ReportKind(asked.what)
        blocks = await write_report(ledger, kind, period, desk.now, {}, desk.likeness)
        logged = f"report {kind}"
    title = "".join(block.text + block.under for block in blocks if isinstance(block, Title)).replace("\n", "")
    return Manuscript(title, blocks, foot, [_export(desk, asked, seat, logged, 1, "docx")])


async def _opened(desk: Desk, person: Person, asked: Order) -> tuple[Ledger, Seat]:
    """The ledger that it is drawn from, and the seat by which the person may have it."""
    of, period = asked.of, Period.parse(asked.period)
    whose = Whose(
        station=of if asked.what == ReportKind.STATION else None, seat=of if asked.what == ReportKind.DEPUTY else None
    )
    ledger = await ledger_for(desk, person, whose)
    if asked.what == RESEARCH and desk.town.topic(of) is None:
        raise NotFoundError(of)
    if asked.what == REGISTER and of not in (*REGISTERS, ALL):
        raise NotFoundError(of)
    if asked.what not in (RESEARCH, REGISTER):
        check_scope(ReportKind(asked.what), period, desk.town, whose.station, whose.seat)
    return ledger, seat_for(await roles_of(desk, person), whose)


def _export(desk: Desk, asked: Order, seat: Seat, what: str, rows: int, form: str) -> Export:
    return Export(what, Period.parse(asked.period).name, seat.name, asked.why, rows, form, desk.now)


def _deputy(desk: Desk, seat_id: str) -> bool:
    seat = desk.town.seat(seat_id)
    return seat is not None and seat.role is Role.DEPUTY
