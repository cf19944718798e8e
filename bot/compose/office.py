"""Wires what the office takes out of the ledger: registers, reports. Each leaves a line in the log of exports."""

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.compose.desk import newest_valid
from bot.compose.stores import open_town_store
from bot.config import Settings, load_configuration
from bot.domain.duties import DutyKind
from bot.domain.periods import Period
from bot.domain.rates import Rates
from bot.domain.report.check import Finding
from bot.domain.report.content import ReportKind
from bot.domain.sheets import Register, Sheet
from bot.ports.ledgers import Export
from bot.tagging.likeness import Likeness
from bot.texts.catalogue import Catalogue
from bot.usecases.figures import grouped
from bot.usecases.importing import HEADERS, Mistake, Past, Row, kind_names, take_in, understand
from bot.usecases.ledger import Ledger
from bot.usecases.registers import draw_up, log_export
from bot.usecases.reports import check_report, check_scope, write_report
from bot.usecases.research import write_research
from handlers.documents.charts import chinese_font
from handlers.documents.csvfile import write_csv
from handlers.documents.docx import write_docx
from handlers.documents.reading import read_words
from handlers.documents.tables import read_table, write_table
from handlers.documents.xlsx import write_xlsx
from storage.store import SqlStore


@asynccontextmanager
async def ledger_of(
    settings: Settings, *, station: str | None = None, seat: str | None = None
) -> AsyncIterator[tuple[Ledger, SqlStore]]:
    """The ledger at one moment, in the names that are in force then, and the store to write to: a bot that runs
    meanwhile waits only for what is written. Raises ConfigError, WrongRevisionError.
    """
    configuration = load_configuration(settings)
    store = await open_town_store(settings, alone=True)
    try:
        async with store.reading() as tx:
            now = newest_valid(configuration, await tx.amendments.all())
            yield Ledger(tx, now.town, now.texts, station, seat), store
    finally:
        await store.close()


async def _log(store: SqlStore, *exports: Export) -> None:
    """Before anything leaves. Raises ValueError (no who or why)."""
    async with store.begin() as tx:
        for export in exports:
            await log_export(tx, export)


async def export_registers(
    settings: Settings, registers: Sequence[Register], period: Period, out: Path, who: str, why: str
) -> list[Sheet]:
    """Write the registers to `out` (xlsx, or csv for a single one), and log it first: what cannot be logged does
    not leave. Raises OSError, ValueError (no who or why, or several registers into one csv), WrongRevisionError.
    """
    form = out.suffix.lower().removeprefix(".")
    if form not in ("xlsx", "csv") or (form == "csv" and len(registers) != 1):
        raise ValueError(f"{out.name}: xlsx, or csv for a single register")
    now = datetime.now(UTC)
    async with ledger_of(settings) as (ledger, store):
        sheets = [await draw_up(ledger, register, period) for register in registers]
        await _log(
            store, *(Export(sheet.register.id, period.name, who, why, len(sheet.rows), form, now) for sheet in sheets)
        )
        note = f"{who} {ledger.local(now):%Y-%m-%d %H:%M} {why}"
    if form == "csv":
        write_csv(out, sheets[0])
    else:
        write_xlsx(out, sheets, note)
    return sheets


async def rates_of(settings: Settings, period: Period, by: str | None) -> dict[str, Rates]:
    """The rates of what came in during the period, by the names of the groups (see `bot.usecases.figures`), or under
    the period's own. Raises WrongRevisionError.
    """
    async with ledger_of(settings) as (ledger, _):
        cases = [record.case for record in await ledger.cases(period)]
        names: dict[str | None, Callable[[str | None], str]] = {
            "station": ledger.station_name,
            "deputy": lambda id_: ledger.seat_name(id_) or ledger.town.office_name,
            "village": lambda id_: ledger.village_name(id_) or "地点不明",
            "topic": lambda id_: ledger.topic_name(id_) or "未分类",
        }

        def local(moment: datetime) -> datetime:
            return moment.astimezone(ledger.town.zone)

        found = grouped(cases, by, local)
        return {names[by](id_) if by in names else id_ or period.name: rates for id_, rates in found.items()}


async def make_report(
    settings: Settings,
    kind: ReportKind,
    period: Period,
    out: Path,
    who: str,
    why: str,
    *,
    station: str | None = None,
    seat: str | None = None,
    given: Mapping[str, str],
    now: datetime | None = None,
) -> None:
    """Write the draft to `out`, logged first. `now`: a clock's that is not the machine's. Raises OSError, ValueError
    (no who or why, no docx), ScopeError, WrongRevisionError.
    """
    if out.suffix.lower() != ".docx":
        raise ValueError(f"{out.name}: docx")
    now = now or datetime.now(UTC)
    async with ledger_of(settings, station=station, seat=seat) as (ledger, store):
        check_scope(kind, period, ledger.town, station, seat)
        blocks = await write_report(ledger, kind, period, now, given, Likeness())
        await _log(store, Export(f"report {kind}", period.name, who, why, 1, "docx", now))
        footer = f"{who} {ledger.local(now):%Y-%m-%d %H:%M}"
    write_docx(out, blocks, footer, chinese_font())


async def make_research(settings: Settings, topic: str, period: Period, out: Path, who: str, why: str) -> None:
    """Write the draft on a topic (its id or name) to `out`, logged first. Raises OSError, ValueError (no who or why,
    no docx, no such topic), WrongRevisionError.
    """
    if out.suffix.lower() != ".docx":
        raise ValueError(f"{out.name}: docx")
    now = datetime.now(UTC)
    async with ledger_of(settings) as (ledger, store):
        found = next((one for one in ledger.town.topics if topic in (one.id, one.name)), None)
        if found is None:
            known = "、".join(f"{one.id} {one.name}" for one in ledger.town.topics)
            raise ValueError(f"--topic: {known}")
        blocks = await write_research(ledger, found, period)
        await _log(store, Export(f"report research {found.id}", period.name, who, why, 1, "docx", now))
        footer = f"{who} {ledger.local(now):%Y-%m-%d %H:%M}"
    write_docx(out, blocks, footer, chinese_font())


async def check_file(settings: Settings, file: Path, period: Period | None) -> tuple[Period, list[Finding]]:
    """Each figure of a written report beside the ledger's; without a period, the year that the text names first.
    Raises OSError, UnreadableError, ValueError (no year), WrongRevisionError.
    """
    words = read_words(file)
    if period is None:
        year = re.search(r"(\d{4})\s*年", words)
        if year is None:
            raise ValueError("文中没有年份，请用 --period / no year in the text: --period")
        period = Period.parse(year[1])
    async with ledger_of(settings) as (ledger, _):
        return period, await check_report(ledger, words, period)


def write_import_template(path: Path) -> None:
    """The empty table for `import`, with two examples and what may be filled in. Raises OSError."""
    examples = (
        ("2021-03-05", "普法宣传", "（席位编号或姓名）", "《民法典》宣传，60人"),
        (
            "2021-09-29",
            "会议",
            "（席位编号或姓名）",
            "代表大会，应到81人，实到78人，听取审议报告3项，作出决议2项",
        ),
        ("2021-12-20", "预告接待日", "（本站站长或联络员）", "上午9点，村委会一楼，（代表全名）值班"),
    )
    hints = (
        "一行一次活动。日期像 2021-03-05；内容一句话，数字照平时写法，程序会读出来。",
        "类型填：" + "、".join(name for name in kind_names(Catalogue.load()) if name not in list(DutyKind)),
        "值班表也这样填：类型填“预告接待日”，日期可在将来；内容里写上谁值班（全名），当天早上会提醒他们。",
        "示例几行请删掉再填。先用 --dry-run 看一遍读出了什么。",
    )
    write_table(path, HEADERS, examples, hints)


async def import_duties(settings: Settings, file: Path, *, store: bool) -> tuple[list[Past], list[Mistake], int]:
    """What the table says, its mistakes, and how many records were new. With a mistake nothing is stored.
    Raises OSError, UnreadableError, WrongRevisionError.
    """
    rows = [Row(line, cells) for line, cells in read_table(file, HEADERS)]
    now = datetime.now(UTC)
    async with ledger_of(settings) as (ledger, office):
        past, mistakes = understand(rows, ledger.town, ledger.texts, ledger.local(now).date())
        if mistakes or not store:
            return past, mistakes, 0
        async with office.begin() as tx:
            return past, mistakes, await take_in(tx, ledger.town, past, now)
