"""The rates of a span of time, for the whole town or grouped, with the cases behind each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.domain.cases import Case
from bot.domain.rates import Rate, Rates, month, outcome_of, rates, rates_by
from bot.domain.text import Text, t
from bot.ports import CaseFilter
from bot.usecases.desk import Desk

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


async def year_text(desk: Desk, year: int) -> Text:
    """The year's figures, the town's first, then each village's."""
    since, until = year_of(desk, year)
    whole = (await figures(desk, since, until))[None]
    groups = await figures(desk, since, until, "village")
    rows = tuple(
        t("rates.row", name=village.name if (village := desk.town.village(id_)) else "—", **_values(found))
        for id_, found in groups.items()
    )
    return t("rates.text", year=year, rows=rows, **_values(whole))


def _values(found: Rates) -> dict[str, object]:
    return {
        "response": said(found.response),
        "resolution": said(found.resolution),
        "satisfaction": said(found.satisfaction),
        "unrated": len(found.unrated),
        "phoned": t("rates.phoned", value=said(found.phoned)) if found.phoned.of else t("nothing"),
    }


def said(rate: Rate) -> Text:
    """`80.0%（8/10）`; without a single case, that there is none."""
    if rate.value is None:
        return t("rates.none")
    return t("rates.value", percent=f"{rate.value:.1%}", hits=len(rate.hits), of=len(rate.of))
