"""`copy`: moves a town to another database, from SQLite to PostgreSQL or back, and proves the copy."""

import argparse
import asyncio
import sys
from typing import Any

from bot.config.mistakes import both


def add_command(commands: Any) -> None:
    parser = commands.add_parser("copy", help="换数据库 / copy the town to another database")
    parser.add_argument("--from", dest="source", required=True, metavar="URL", help="sqlite:… | postgresql://…")
    parser.add_argument("--to", dest="target", required=True, metavar="URL", help="empty, or a copy broken off before")
    parser.set_defaults(do=_copy)


def _copy(options: argparse.Namespace) -> int:
    from bot.ports import StoreTrouble
    from storage.copying import CopyError, copy_database
    from storage.migrate import WrongRevisionError

    def told(table: str, rows: int) -> None:
        print(f"  {table}: {rows}", flush=True)

    try:
        found = asyncio.run(copy_database(options.source, options.target, told))
    except (CopyError, WrongRevisionError, StoreTrouble, ValueError) as error:
        print(both("没有复制成功", "the copy failed") + f": {error}", file=sys.stderr)
        return 1
    total = sum(found.values())
    print(both(f"已核对：{total} 行全部一致", f"checked: all {total} rows are the same, the histories are whole"))
    return 0
