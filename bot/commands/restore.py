"""`restore`: a backup becomes the town again, on this machine or another, in either database."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from bot.commands.backup import add_key, passphrase_or_exit
from bot.config.mistakes import both


def add_command(commands: Any) -> None:
    parser = commands.add_parser("restore", help="恢复备份 / bring a backup back")
    parser.add_argument("backup", type=Path, help="xiangyin-….backup")
    parser.add_argument("--to", required=True, metavar="URL", help="sqlite:… (not there yet) | postgresql://… (empty)")
    parser.add_argument(
        "--files-to", type=Path, metavar="FOLDER", help="配置和名册放到这里 / for configuration and roster"
    )
    parser.add_argument(
        "--attachments-to", type=Path, metavar="FOLDER", help="附件放到这里 / for attachments; else beside SQLite"
    )
    add_key(parser)
    parser.set_defaults(do=_restore)


def _restore(options: argparse.Namespace) -> int:
    from bot.ports import StoreTrouble
    from storage.backup import BackupError, restore
    from storage.copying import CopyError
    from storage.migrate import WrongRevisionError
    from storage.sealing import SealError

    passphrase = passphrase_or_exit(options.key_file)
    try:
        found = asyncio.run(restore(options.backup, passphrase, options.to, options.files_to, options.attachments_to))
    except (BackupError, CopyError, SealError, WrongRevisionError, StoreTrouble, ValueError, OSError) as error:
        print(both("没有恢复", "nothing was restored") + f": {error}", file=sys.stderr)
        return 1
    print(
        both(
            f"已恢复，{found.cases} 条意见，历史核对无误",
            f"restored with {found.cases} cases; their histories are whole",
        )
    )
    if found.attachments or found.lost:
        missing = both(f"，缺 {found.lost} 个", f"{found.lost} missing") if found.lost else ""
        print(both(f"附件 {found.attachments} 个", f"{found.attachments} attachments") + missing)
    if found.keys:
        print(both(f"身份密钥 {found.keys}", "the identity keys"))
    if options.files_to:
        print(both("配置和名册", "configuration and roster") + f": {', '.join(found.files)}")
    print(
        both(
            "接着：配置里的 [storage] url 要写成这个新库（不带密码），再运行 doctor",
            "next: [storage] url in the configuration must name this new database (no password), then `doctor`",
        )
    )
    return 0
