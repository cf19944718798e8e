"""What works but deserves a look before a town relies on it."""

from collections.abc import Iterator
from datetime import date

from bot.config.mistakes import both
from bot.config.settings import Settings
from bot.domain.town import Role, Town
from bot.domain.workdays import covered


def find_warnings(settings: Settings, town: Town, today: date) -> list[str]:
    """One bilingual line for each weak spot, the gravest first."""
    return [*_sample(town), *_live(settings), *_people(town), *_places(town), *_calendar(settings, today)]


def _sample(town: Town) -> Iterator[str]:
    if town.sample:
        yield both(
            "还在用样例村名和虚构的人名（sample = true），不能给群众用",
            "sample villages or invented people remain (sample = true): not fit for real villagers",
        )


def _live(settings: Settings) -> Iterator[str]:
    telegram = settings.telegram
    if telegram.token is None:
        yield both("还没有 Telegram 令牌，run 不会启动", "no Telegram token is set: run will not start")
    if telegram.mode == "webhook" and telegram.webhook.secret is None:
        yield both("还没有 webhook 密钥，run 不会启动", "no webhook secret is set: run will not start")


def _people(town: Town) -> Iterator[str]:
    deputies = town.seats_of(Role.DEPUTY)
    if alone := [seat.id for seat in deputies if seat.stand_in is None]:
        yield both(
            f"{len(alone)} 位代表没有写代理人：{_some(alone)}",
            f"{len(alone)} deputies have no stand-in: the station's head has their cases in a vacancy",
        )
    if bare := [v.id for v in town.villages if not town.deputies_of(v.id)]:
        yield both(
            f"{len(bare)} 个村没有代表：{_some(bare)}",
            f"{len(bare)} villages have no deputy: their cases go to the station's head",
        )
    for role, chinese, english in (
        (Role.DEPUTY_HEAD, "副站长", "deputy head"),
        (Role.LIAISON, "联络员", "liaison officer"),
    ):
        if without := [s.id for s in town.stations if not town.seats_at(s.id, [role])]:
            yield both(
                f"{len(without)} 个联络站没有{chinese}：{_some(without)}",
                f"{len(without)} stations have no {english}",
            )
    if len(town.seats_of(Role.OFFICE)) == 1:
        yield both("人大办只有一个席位，没有人顶替", "the office has one seat only: nobody can step in")


def _places(town: Town) -> Iterator[str]:
    if lost := [village.id for village in town.villages if village.latitude is None]:
        yield both(
            f"{len(lost)} 个村没有经纬度：{_some(lost)}",
            f"{len(lost)} villages have no coordinates: a shared location cannot suggest them",
        )
    if empty := [village.id for village in town.villages if not village.hamlets]:
        yield both(
            f"{len(empty)} 个村没有自然村：{_some(empty)}",
            f"{len(empty)} villages have no hamlets: texts that name only a hamlet are not recognised",
        )
    if idle := [station.id for station in town.stations if not station.villages]:
        yield both(f"{len(idle)} 个联络站不管任何村：{_some(idle)}", f"{len(idle)} stations serve no village")
    if silent := [station.id for station in town.stations if not station.phone]:
        yield both(f"{len(silent)} 个联络站没有电话：{_some(silent)}", f"{len(silent)} stations have no telephone")


def _calendar(settings: Settings, today: date) -> Iterator[str]:
    """From November on next year's holidays are published, so from then on they are missed."""
    november = 11
    years = [today.year, today.year + 1] if today.month >= november else [today.year]
    known = {day.year for day in settings.calendar.extra_holidays}
    for year in years:
        if not covered(year) and year not in known:
            yield both(
                f"不知道 {year} 年的放假调休，按周一到周五算；请升级 chinese-calendar 或填写 [calendar]",
                f"the holidays of {year} are not known, Monday to Friday count as worked: upgrade "
                "chinese-calendar or fill in [calendar]",
            )


def _some(ids: list[str], most: int = 8) -> str:
    return ", ".join(ids[:most]) + (" …" if len(ids) > most else "")
