"""`sandbox`: the sample town on one page, no token needed."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from bot.commands.options import start_log


def add_command(commands: Any) -> None:
    parser = commands.add_parser(
        "sandbox", help="试玩：一页几部手机，不用令牌 / try it: several phones on one page, no token"
    )
    parser.add_argument(
        "--port", type=int, default=8765, help="the page's port on 127.0.0.1 (8765; 0 takes a free one)"
    )
    parser.add_argument("--data", type=Path, help="keep the town's data in this folder (else forgotten at the end)")
    parser.set_defaults(do=_sandbox)


def _sandbox(options: argparse.Namespace) -> int:
    from bot.compose.sandbox import run_sandbox

    start_log("warning")
    if options.data:
        options.data.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(run_sandbox(options.port, options.data))
    except OSError as error:
        print(
            f"端口 {options.port} 用不了，换一个：--port 0 / port {options.port} cannot be used, try --port 0: {error}",
            file=sys.stderr,
        )
        return 1
    return 0
