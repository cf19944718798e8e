"""`settings`: looks at the configuration in force, changes it, takes in tables, shows who changed what, goes back."""

import argparse
import asyncio
import getpass
import sys
import tomllib
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.options import add_config, settings_or_exit
from bot.config.mistakes import both

if TYPE_CHECKING:
    from bot.compose.settings import Outcome

DRY = both("没有改（试运行）", "a dry run: nothing was changed")


def add_command(commands: Any) -> None:
    parser = commands.add_parser(
        "settings", help="看和改设置，不用重启 / look at and change settings, without a restart"
    )
    acts = parser.add_subparsers(title="acts", metavar="ACT", required=True)
    show = _act(acts, "show", _show, "现在的设置 / what is in force: settings, or one part as TOML")
    show.add_argument("what", nargs="?", help="villages | roster | topics | limits.accept | seat:ID | text:zh-CN:KEY")
    change = _act(acts, "set", _set, "改一项 / change one thing")
    change.add_argument("key", help="limits.accept | seat:ID#topics | text:zh-CN:KEY")
    change.add_argument("value", nargs="?", help="新的值，TOML 写法 / the new value, as TOML has it, or plain words")
    change.add_argument("--as-file", action="store_true", help="改回配置文件里的 / what the files say")
    _writes(change)
    take = _act(acts, "import", _import, "交整张表（xlsx、TOML）/ take in whole tables")
    take.add_argument("file", type=Path, help="FILE.xlsx, FILE.toml")
    _writes(take)
    past = _act(acts, "history", _history, "谁改过什么 / who changed what")
    past.add_argument("--most", type=int, default=20, help="最多几次 / at most so many (20)")
    back = _act(
        acts, "rollback", _rollback, "退回到第 N 次改动后的样子 / as it was after change N; 0: as the files say"
    )
    back.add_argument("number", type=int, metavar="N")
    _writes(back)


def _act(acts: Any, name: str, do: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=words)
    add_config(parser)
    parser.set_defaults(do=do)
    return parser


def _writes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="只看会改什么 / only show what would change")
    parser.add_argument("--why", default="", help="原因，留痕 / the reason; it is kept")
    parser.add_argument("--who", help="经手人（默认登录名）/ who changes it (default: the login name)")


def _show(options: argparse.Namespace) -> int:
    from bot.compose.settings import as_toml, in_force

    configuration = asyncio.run(in_force(settings_or_exit(options.config)))
    if options.what is None:
        names = [key.partition(":")[2] for key in configuration.entries if key.startswith("setting:")]
        print("".join(as_toml(configuration, name) for name in names), end="")
        print(f"# 改动 changes: {configuration.number}")
        return 0
    try:
        print(as_toml(configuration, options.what), end="")
    except KeyError:
        print(both(f"没有 {options.what}", f"there is no {options.what}"), file=sys.stderr)
        return 2
    return 0


def _set(options: argparse.Namespace) -> int:
    from bot.compose.settings import change, change_of, in_force

    settings = settings_or_exit(options.config)
    if (options.value is None) is not options.as_file:
        print(both("要写新的值，或 --as-file", "give the new value, or --as-file"), file=sys.stderr)
        return 2
    try:
        changes = change_of(
            asyncio.run(in_force(settings)), options.key, _value(options.value), as_file=options.as_file
        )
    except (KeyError, TypeError):
        print(both(f"没有 {options.key}", f"there is no {options.key}"), file=sys.stderr)
        return 2
    return run(options, change(settings, changes, who(options), options.why, store=not options.dry_run))


def _value(written: str | None) -> object:
    """A TOML value; what is none is taken as words."""
    try:
        return tomllib.loads(f"value = {written}")["value"]
    except tomllib.TOMLDecodeError:
        return written


def _import(options: argparse.Namespace) -> int:
    return take_in(options, ())


def take_in(options: argparse.Namespace, sheets: tuple[str, ...]) -> int:
    """`import` of tables that may hold these sheets, all where none is named."""
    from bot.compose.settings import take_in as take

    try:
        raw = options.file.read_bytes()
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    settings = settings_or_exit(options.config)
    why = options.why or options.file.name
    store = not options.dry_run
    return run(options, take(settings, raw, options.file.name, sheets, who(options), why, store=store))


def _history(options: argparse.Namespace) -> int:
    from bot.compose.settings import history

    for one, rows in asyncio.run(history(settings_or_exit(options.config), options.most)):
        print(f"{one.number}  {one.at:%Y-%m-%d %H:%M}Z  {one.who}  {one.reason}".rstrip())
        print(*(f"    {row}" for row in rows), sep="\n")
    return 0


def _rollback(options: argparse.Namespace) -> int:
    from bot.compose.settings import roll_back

    settings = settings_or_exit(options.config)
    return run(options, roll_back(settings, options.number, who(options), store=not options.dry_run))


def who(options: argparse.Namespace) -> str:
    return str(options.who or getpass.getuser())


def run(options: argparse.Namespace, act: "Coroutine[Any, Any, Outcome]") -> int:
    """0 done, 1 nothing changed for a reason that is told, 2 the configuration would be wrong."""
    from bot.config import ConfigError
    from bot.usecases.amending import NothingToDoError, OutOfDateError
    from bot.usecases.table_lines import said
    from bot.usecases.tables import TableError
    from handlers.documents.reading import UnreadableError
    from storage.migrate import WrongRevisionError

    try:
        done = asyncio.run(act)
    except TableError as error:
        print(*map(said, error.mistakes), sep="\n", file=sys.stderr)
        print(both(f"{len(error.mistakes)} 处要改，什么也没有动", "mistakes: nothing was changed"), file=sys.stderr)
        return 1
    except ConfigError as error:
        print(*error.mistakes, sep="\n", file=sys.stderr)
        print(both("什么也没有动", "nothing was changed"), file=sys.stderr)
        return 2
    except NothingToDoError:
        print(both("和现在的一样，不用改", "it is so already"))
        return 0
    except OutOfDateError:
        print(both("刚才有人也改了，请再来一次", "somebody has changed it meanwhile: again, please"), file=sys.stderr)
        return 1
    except (UnreadableError, ValueError, WrongRevisionError) as error:
        print(error, file=sys.stderr)
        return 1
    print(*done.lines, *done.touched, sep="\n")
    print(DRY if done.number is None else both(f"第 {done.number} 次改动，几秒内生效", "in force within seconds"))
    return 0
