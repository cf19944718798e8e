"""`/report`: the figures of a period in a few lines, and the same as a Word file; research likewise. `/registers`: each
register as an Excel file, for a reason that is kept."""

from bot.conversation.talk import Talk
from bot.dialogue import export as dialogue
from bot.dialogue.export import ExportDraft
from bot.dialogue.screens import Answer, Effect, Screen
from bot.domain.messages import Order
from bot.domain.people import Draft, Person
from bot.domain.periods import Period
from bot.domain.sheets import REGISTERS
from bot.domain.text import Text, t
from bot.domain.town import Role
from bot.usecases import papers
from bot.usecases.counting import count
from bot.usecases.desk import Buttons, Desk
from bot.usecases.duties import today
from bot.usecases.moving import NotFoundError
from bot.usecases.papers import ALL, REGISTER, RESEARCH, Whose
from bot.usecases.reports import ScopeError
from bot.usecases.roles import roles_of
from bot.usecases.seats import NotAllowedError

SPANS = ("month", "quarter", "year")


async def report(talk: Talk, argument: str) -> None:
    """The figures of a period, else of this month: the whole town's for the office, a station's, or a deputy's own."""
    mine = papers.own(await roles_of(talk.desk, talk.person))
    if not mine:
        await talk.say(t("error.not_staff"))
        return
    try:
        period = Period.parse(argument) if argument else Period.month_of(today(talk.desk))
    except ValueError:
        await talk.say(t("report.which"))
        return
    await papers.order_figures(talk.desk, talk.person, period, mine[0])


async def press(talk: Talk, word: str, *rest: str) -> None:
    """A button of these pages. Raises ValueError for one that they do not have."""
    period = Period.parse(word)
    try:
        match rest:
            case ["t" | "s" | "d", _]:
                await papers.order_figures(talk.desk, talk.person, period, Whose.named(":".join(rest)))
            case ["w", what]:
                await papers.order(talk.desk, talk.person, what, period)
            case ["w", what, of]:
                await papers.order(talk.desk, talk.person, what, period, of)
            case ["more"]:
                await _others(talk, period)
            case ["at", station]:
                await _deputies(talk, period, station)
            case ["topics"]:
                await _topics(talk, period)
            case ["registers"]:
                await _registers(talk, period)
            case ["register", register]:
                await _ask_why(talk, period, register)
            case _:
                raise ValueError(rest)
    except (NotAllowedError, NotFoundError):
        await talk.toast(t("report.not_yours"))
    except ScopeError as error:
        raise ValueError(word) from error


async def registers(talk: Talk, argument: str) -> None:
    """The office: which register, of this year?"""
    try:
        await _registers(talk, Period.around(today(talk.desk))[2])
    except NotAllowedError:
        await talk.say(t("error.not_staff"))


async def figures(desk: Desk, person: Person, order: Order) -> tuple[Text, Buttons]:
    """The page that was ordered, as the ledger stands now; only reads. Raises NotAllowedError, NotFoundError."""
    period, whose = Period.parse(order.period), Whose.named(order.of)
    ledger = await papers.ledger_for(desk, person, whose)
    found = (await count(ledger, period)).values()
    rows = tuple(
        t("report.row", label=figure.label, now=figure.say(), before=figure.say_before())
        for figure in found
        if figure.known
    )
    name = ledger.whose or desk.town.name
    text = t("report.figures" if rows else "report.none", whose=name, period=period.name, rows=rows)
    of = whose.station or whose.seat or ""
    files = [
        [(t("report.word", kind=t(f"report.kind.{kind}")), f"x:{period.word}:w:{kind}" + (f":{of}" if of else ""))]
        for kind in papers.kinds(whose, period)
    ]
    return text, [*files, *_periods(desk, whose.word), *await _more(desk, person, period, whose)]


async def _more(desk: Desk, person: Person, period: Period, whose: Whose) -> Buttons:
    """What else the person may have, from here."""
    mine, rows = papers.own(await roles_of(desk, person)), []
    if Whose() in mine:
        if whose.station:
            rows.append([(t("report.deputies"), f"x:{period.word}:at:{whose.station}")])
        rows.append([(t("report.others"), f"x:{period.word}:more")])
        if whose == Whose():
            words = f"x:{period.word}"
            rows.append([(t("report.topics"), f"{words}:topics"), (t("report.registers"), f"{words}:registers")])
    elif len(mine) > 1:
        rows.append([(t("report.others"), f"x:{period.word}:more")])
    return rows


def _periods(desk: Desk, rest: str) -> Buttons:
    """This and the last month, quarter and year, each leading to the same page of that time."""
    found = Period.around(today(desk))
    return [
        [(t(f"report.this_{span}"), f"x:{period.word}:{rest}") for span, period in zip(SPANS, found, strict=True)],
        [(t(f"report.last_{span}"), f"x:{one.before.word}:{rest}") for span, one in zip(SPANS, found, strict=True)],
    ]


async def _others(talk: Talk, period: Period) -> None:
    """The office: every station; else what is the person's own."""
    town, mine = talk.desk.town, papers.own(await roles_of(talk.desk, talk.person))
    if Whose() in mine:
        mine = [Whose(), *(Whose(station=station.id) for station in town.stations)]
    buttons = []
    for one in mine:
        name = town.name_of("station", one.station) or town.name_of("seat", one.seat) or town.name
        buttons.append((t("plain", text=name), f"x:{period.word}:{one.word}"))
    if not buttons:
        raise NotAllowedError(period.word)
    await talk.say(t("report.whose", period=period.name), [[button] for button in buttons])


async def _deputies(talk: Talk, period: Period, station_id: str) -> None:
    """The office: the deputies of a station."""
    await _office(talk)
    town = talk.desk.town
    found = town.seats_at(station_id, (Role.DEPUTY,))
    buttons = [(t("plain", text=seat.name), f"x:{period.word}:{Whose(seat=seat.id).word}") for seat in found]
    await talk.say(t("report.whose", period=period.name), _in_twos(buttons))


async def _topics(talk: Talk, period: Period) -> None:
    """The office: a research report on which topic?"""
    await _office(talk)
    topics = talk.desk.town.topics
    buttons = [(t("plain", text=topic.name), f"x:{period.word}:w:{RESEARCH}:{topic.id}") for topic in topics]
    await talk.say(t("report.which_topic", period=period.name), [*_in_twos(buttons), *_periods(talk.desk, "topics")])


async def _registers(talk: Talk, period: Period) -> None:
    await _office(talk)
    word = f"x:{period.word}:register"
    buttons = [(t("plain", text=register.title), f"{word}:{register.id}") for register in REGISTERS.values()]
    rows = [*_in_twos(buttons), [(t("register.all"), f"{word}:{ALL}")], *_periods(talk.desk, "registers")]
    await talk.say(t("register.which", period=period.name), rows)


async def _office(talk: Talk) -> None:
    """Raises NotAllowedError."""
    papers.seat_for(await roles_of(talk.desk, talk.person), Whose())


def _in_twos(buttons: list[tuple[Text, str]]) -> Buttons:
    return [buttons[i : i + 2] for i in range(0, len(buttons), 2)]


async def _ask_why(talk: Talk, period: Period, register_id: str) -> None:
    """A register leaves for a reason only, which is kept."""
    await _office(talk)
    if register_id not in (*REGISTERS, ALL):
        raise ValueError(register_id)
    title = talk.desk.render(talk.person, t("register.all")) if register_id == ALL else REGISTERS[register_id].title
    data = ExportDraft(register_id=register_id, title=title, word=period.word, name=period.name)
    start = talk.desk.tx.drafts.start
    draft = await start(talk.person.id, dialogue.FLOW, "why", data.model_dump(mode="json"), talk.desk.now)
    await talk.show(draft, screen_of(talk, draft))


def screen_of(talk: Talk, draft: Draft) -> Screen:
    return dialogue.screen(ExportDraft.model_validate(draft.data))


async def advance(talk: Talk, draft: Draft, answer: Answer) -> None:
    outcome = dialogue.step(draft.step, ExportDraft.model_validate(draft.data), answer)
    if outcome.effect is None:
        await talk.show(draft, dialogue.screen(outcome.data), outcome.notice)
        return
    await talk.desk.tx.drafts.drop(draft.id)
    if outcome.effect is Effect.CANCEL:
        await talk.say(t("register.cancelled"))
        return
    data = outcome.data
    try:
        period = Period.parse(data.word)
        await papers.order(talk.desk, talk.person, REGISTER, period, data.register_id, data.why)
    except NotAllowedError:
        await talk.say(t("error.not_allowed"))
