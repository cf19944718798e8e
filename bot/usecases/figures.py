"""The rates of a span of time, for the whole town or grouped, with the cases behind each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.domain.cases import Case
from bot.domain.rates import Rate, Rates, month, outcome_of, rates, rates_by
from bot.domain.text import Text, t
from bot.ports import CaseFilter
from bot.usecases.desk import Buttons, Desk

EVERY = 10_000_000

GROUPS: Mapping[str, Callable[[Case], str | None]] = {
    "station": lambda case: case.station,
    "deputy": lambda case: case.deputy,
    "village": lambda case: case.village,
    "topic": lambda case: case.topic,
}
"""What rates are grouped by, besides the month."""


async def figures(desk: Desk, since: datetime, until: datetime, by: str | None = None) -> dict[str | None, Rates]:
    """Rates of the cases registered from `since` until before `until`, under None for all of them.

    `by` names one of GROUPS, or `month`. Raises KeyError for another word.
    """
    wanted = CaseFilter(since=since, until=until, limit=EVERY)
    return grouped((await desk.tx.cases.find(wanted))[::-1], by, desk.local)


def grouped(cases: Sequence[Case], by: str | None, local: Callable[[datetime], datetime]) -> dict[str | None, Rates]:
    """The rates of these cases as `figures` has them; `local` is the town's time. Raises KeyError."""
    if by is None:
        return {None: rates(map(outcome_of, cases))}
    if by == "month":
        return {**rates_by(cases, month(local))}
    return rates_by(cases, GROUPS[by])


def year_of(desk: Desk, year: int) -> tuple[datetime, datetime]:
    """The town's calendar year, as `figures` wants it."""
    zone = desk.town.zone
    return datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)


FIGURES = ("response", "resolution", "satisfaction")
WHOLE, NOBODY = "all", "-"
PAGE = 5
SHOWN = 120
"""Numbers in one message."""


async def year_text(desk: Desk, year: int) -> tuple[Text, Buttons]:
    """The year's figures, with the ways to look closer."""
    whole = (await figures(desk, *year_of(desk, year)))[None]
    ways = [(t(f"rates.by.{by}"), f"f:{year}:{by}:0") for by in (*GROUPS, "month")]
    text = t("rates.text", year=year, **_values(whole))
    return text, [_taps(year, WHOLE, NOBODY), ways[:3], ways[3:]]


async def group_text(desk: Desk, year: int, by: str, page: int) -> tuple[Text, Buttons]:
    """A page (from 0) of groups, each with its figures and the taps behind which their cases stand. Raises KeyError."""
    groups = await _sorted(desk, year, by)
    shown = groups[page * PAGE : (page + 1) * PAGE]
    rows = tuple(
        t("rates.row", place=place, name=_name(desk, by, key), **_values(found))
        for place, (key, found) in enumerate(shown, start=page * PAGE + 1)
    )
    buttons = [_taps(year, by, key or NOBODY, place) for place, (key, _) in enumerate(shown, start=page * PAGE + 1)]
    if page * PAGE + PAGE < len(groups):
        buttons.append([(t("rates.next"), f"f:{year}:{by}:{page + 1}")])
    return t("rates.groups", year=year, by=t(f"rates.by.{by}"), rows=rows or t("rates.none")), buttons


async def behind_text(desk: Desk, year: int, by: str, key: str, figure: str) -> Text:
    """The case numbers behind one figure: those that count for it, and the others of its denominator. Raises KeyError,
    ValueError for a figure that is none."""
    if figure not in FIGURES:
        raise ValueError(figure)
    groups = await figures(desk, *year_of(desk, year), None if by == WHOLE else by)
    found = groups.get(None if key == NOBODY else key)
    if found is None:
        raise ValueError(key)
    rate: Rate = getattr(found, figure)
    others = [number for number in rate.of if number not in set(rate.hits)]
    return t(
        "rates.behind",
        name=t("rates.whole") if by == WHOLE else _name(desk, by, None if key == NOBODY else key),
        figure=t(f"rates.{figure}"),
        value=said(rate),
        hits=_listed(rate.hits),
        others=_listed(others),
    )


async def _sorted(desk: Desk, year: int, by: str) -> list[tuple[str | None, Rates]]:
    """Those with most cases first; months in their order."""
    groups = (await figures(desk, *year_of(desk, year), by)).items()
    if by == "month":
        return sorted(groups, key=lambda pair: pair[0] or "")
    return sorted(groups, key=lambda pair: (-len(pair[1].response.of), pair[0] or ""))


def _name(desk: Desk, by: str, key: str | None) -> Text:
    found = {
        "station": desk.town.station(key),
        "deputy": desk.town.seat(key),
        "village": desk.town.village(key),
        "topic": desk.town.topic(key),
    }.get(by)
    return t("plain", text=found.name if found else key or "—")


def _taps(year: int, by: str, key: str, place: int = 0) -> list[tuple[Text, str]]:
    number = f"{place} " if place else ""
    return [(t("rates.tap", number=number, figure=t(f"rates.{f}")), f"f:{year}:{by}:{key}:{f}") for f in FIGURES]


def _listed(numbers: Sequence[str]) -> str:
    return "、".join(numbers[:SHOWN]) + ("……" if len(numbers) > SHOWN else "") or "—"


def _values(found: Rates) -> dict[str, object]:
    return {
        "response": said(found.response),
        "resolution": said(found.resolution),
        "satisfaction": said(found.satisfaction),
        "responses": len(found.satisfaction.of),
        "unrated": len(found.unrated),
        "phoned": t("rates.phoned", value=said(found.phoned)) if found.phoned.of else t("nothing"),
    }


def said(rate: Rate) -> Text:
    """`80.0%（8/10）`; without a single case, that there is none."""
    if rate.value is None:
        return t("rates.none")
    return t("rates.value", percent=f"{rate.value:.1%}", hits=len(rate.hits), of=len(rate.of))
