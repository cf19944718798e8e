"""`report`: a draft report as docx, every figure from the ledger; or the check of one that somebody wrote."""

import argparse
import asyncio
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.options import add_config, settings_or_exit

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.domain.periods import Period
    from bot.domain.report.check import Finding

KINDS = ("annual", "quarterly", "monthly", "party", "station", "deputy", "research")


def add_command(commands: Any) -> None:
    parser = commands.add_parser("report", help="写报告草稿、核对报告 / draft a report, or check a written one")
    add_config(parser)
    parser.add_argument("--kind", choices=KINDS, help="哪种报告 / which report")
    parser.add_argument("--period", help="2026, 2026Q1, 2026-03")
    parser.add_argument("--out", type=Path, help="FILE.docx")
    parser.add_argument("--station", help="联络站（station 报告）/ the station's id")
    parser.add_argument("--seat", help="席位（deputy 报告）/ the deputy's seat id")
    parser.add_argument("--topic", help="一级分类（research 报告）/ the topic of a research report: its id or name")
    parser.add_argument(
        "--given",
        action="append",
        default=[],
        metavar="名称=数字",
        help="台账没有的数字，文中标 ※ / a figure that no register holds; it is marked",
    )
    parser.add_argument("--why", default="起草报告", help="用途，留痕 / what for; it is kept")
    parser.add_argument("--who", help="经手人（默认登录名）/ who makes it (default: the login name)")
    parser.add_argument("--check", type=Path, metavar="FILE", help="核对写好的报告 / check a report: docx or txt")
    parser.set_defaults(do=_report)


def _report(options: argparse.Namespace) -> int:
    from bot.config import ConfigError
    from bot.domain.periods import Period
    from bot.usecases.reports import ScopeError
    from handlers.documents.reading import UnreadableError
    from storage.migrate import WrongRevisionError

    settings = settings_or_exit(options.config)
    try:
        period = Period.parse(options.period) if options.period else None
        if options.check:
            return _check(settings, options.check, period)
        return _draft(settings, options, period)
    except (ConfigError, ScopeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    except (WrongRevisionError, UnreadableError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def _draft(settings: "Settings", options: argparse.Namespace, period: "Period | None") -> int:
    from bot.compose.office import make_report, make_research
    from bot.domain.report.content import ReportKind

    if options.kind is None or period is None or options.out is None:
        raise ValueError("要有 --kind --period --out，或 --check / needs --kind --period --out, or --check")
    pairs = [one.partition("=") for one in options.given]
    if wrong := [name for name, equals, value in pairs if not (name and equals and value)]:
        raise ValueError(f"--given 名称=数字 / NAME=FIGURE: {wrong[0]}")
    who = options.who or getpass.getuser()
    if options.kind == "research":
        asyncio.run(make_research(settings, options.topic or "", period, options.out, who, options.why))
        print(options.out)
        return 0
    asyncio.run(
        make_report(
            settings,
            ReportKind(options.kind),
            period,
            options.out,
            who,
            options.why,
            station=options.station,
            seat=options.seat,
            given={name: value for name, _, value in pairs},
        )
    )
    print(options.out)
    return 0


_WORDS = {"agrees": "✓ 相符", "differs": "✗ 不符", "unknown": "？ 台账没有", "placeholder": "☐ 没填"}


def _check(settings: "Settings", file: Path, period: "Period | None") -> int:
    """One line a figure. 0 where all agree, else 1: a report is not to go out unread."""
    from bot.compose.office import check_file
    from bot.domain.report.check import Verdict

    found_for, findings = asyncio.run(check_file(settings, file, period))
    print(f"{file.name} ↔ 台账 {found_for.name}")
    for finding in findings:
        print(_line(finding))
    counts = [(word, sum(finding.verdict == verdict for finding in findings)) for verdict, word in _WORDS.items()]
    print(f"共 {len(findings)} 个数字：" + "，".join(f"{word} {number}" for word, number in counts))
    return 0 if all(finding.verdict is Verdict.AGREES for finding in findings) else 1


def _line(finding: "Finding") -> str:
    return f"{_WORDS[finding.verdict]}  {finding.said.context}  |  {finding.ledger}"
