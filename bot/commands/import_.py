"""`import`: tables that the office filled in: past activities, villages, roster; a template, a dry run, mistakes by
their line."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.options import add_config, settings_or_exit

if TYPE_CHECKING:
    from bot.usecases.importing import Past


def add_command(commands: Any) -> None:
    parser = commands.add_parser("import", help="交表：履职活动、村、名册 / take in activities, villages, roster")
    add_config(parser)
    parser.add_argument("file", type=Path, help="FILE.xlsx")
    parser.add_argument(
        "--kind",
        choices=("duties", "villages", "roster", "town"),
        default="duties",
        help="以往的履职活动（默认）、村、名册、村和名册一起 / past activities (default), villages, roster, both",
    )
    parser.add_argument("--template", action="store_true", help="写一张空表到 FILE / write the empty table to FILE")
    parser.add_argument(
        "--present", action="store_true", help="表里先填上现在的 / the template holds what is there now"
    )
    parser.add_argument("--why", default="", help="原因，留痕 / the reason; it is kept")
    parser.add_argument("--who", help="经手人（默认登录名）/ who takes it in (default: the login name)")
    parser.add_argument("--dry-run", action="store_true", help="只看不存 / look, and store nothing")
    parser.set_defaults(do=_import)


def _import(options: argparse.Namespace) -> int:
    """0 done, 1 mistakes in the table or no database (nothing is stored), 2 wrong configuration."""
    if options.kind != "duties":
        return _import_town(options)
    from bot.compose.office import import_duties, write_import_template
    from bot.config import ConfigError
    from handlers.documents.reading import UnreadableError
    from storage.migrate import WrongRevisionError

    settings = settings_or_exit(options.config)
    try:
        if options.template:
            write_import_template(options.file)
            print(options.file)
            return 0
        past, mistakes, new = asyncio.run(import_duties(settings, options.file, store=not options.dry_run))
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except (WrongRevisionError, UnreadableError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for mistake in mistakes:
        print(f"第 {mistake.line} 行“{mistake.header}”：{mistake.why}", file=sys.stderr)
    if mistakes:
        print(f"{len(mistakes)} 处要改，一行也没有存 / mistakes: nothing was stored", file=sys.stderr)
        return 1
    if options.dry_run:
        print(*map(_line, past), sep="\n")
        print(f"共 {len(past)} 行，没有存 / a dry run: nothing was stored")
        return 0
    print(f"共 {len(past)} 行，新存 {new} 条，其余早已有 / lines; new; the others were there before")
    return 0


def _import_town(options: argparse.Namespace) -> int:
    """Villages and roster, laid over the configuration's files: 0 done, 1 mistakes by their line, 2 wrong files."""
    from bot.commands.settings import take_in
    from bot.usecases.tables import PARTS

    return _template(options) if options.template else take_in(options, PARTS[options.kind])


def _template(options: argparse.Namespace) -> int:
    from bot.compose.settings import in_force, write_template

    present = asyncio.run(in_force(settings_or_exit(options.config))) if options.present else None
    try:
        write_template(options.file, options.kind, present)
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    print(options.file)
    return 0


def _line(past: "Past") -> str:
    """What was read in a line, with those whom it names: of a rota, who will be reminded."""
    from bot.domain.text import t
    from bot.texts.catalogue import REFERENCE, Catalogue

    texts = Catalogue.load()
    said = [f"{texts.render(REFERENCE, t(f'fact.{fact}'))} {value}" for fact, value in past.said.facts.items()]
    said += [f"名字 {'、'.join(past.names)}"] if past.names else []
    kind = texts.render(REFERENCE, t(f"duty.kind.{past.kind}"))
    return f"第 {past.line} 行 {past.on} {kind} {past.seat.name}：{'，'.join(said) or '没有读出数字和名字'}"
