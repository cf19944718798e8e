"""`torture`: put whole bots through every fault, on this machine alone, and count what is lost."""

import argparse
import asyncio
import dataclasses
import json
import logging
import sys
from typing import Any

_HEAD = ("fault", "database", "channel", "replicas", "times", "acknowledged", "cases", "lost", "doubled", "twins")


def add_command(commands: Any) -> None:
    parser = commands.add_parser(
        "torture", help="拔电源、满硬盘、断网…数一数丢没丢 / every fault, and what is lost (nothing should be)"
    )
    parser.add_argument(
        "--kills", type=int, default=20, help="每行 kill -9 几次，别的按比例 / kills a row, others in proportion"
    )
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="只做这一种，可重复 / this fault only; repeatable"
    )
    parser.add_argument(
        "--postgresql",
        metavar="WHERE",
        help="也在 PostgreSQL 上做：能建库的 postgresql:// 地址，或它的程序目录 / also on PostgreSQL: the URL of a "
        "server where databases may be made, or the folder of its programs (initdb, pg_ctl): then on one of our own",
    )
    parser.add_argument(
        "--seconds", type=float, default=120, help="等多久算失败 / how long to wait before a row has failed"
    )
    parser.add_argument("--json", action="store_true", help="每行一个 JSON / one JSON object a row")
    parser.set_defaults(do=_torture)


def _torture(options: argparse.Namespace) -> int:
    from bot.compose.torture.plan import FAULTS, Wish

    if unknown := set(options.only) - {fault.name for fault in FAULTS}:
        names = ", ".join(fault.name for fault in FAULTS)
        print(f"没有这一种 / there is no {', '.join(sorted(unknown))}; 有 / there are: {names}", file=sys.stderr)
        return 2
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # it tells of every caller that was killed
    wish = Wish(options.kills, tuple(options.only), options.postgresql, options.seconds)
    return asyncio.run(_run(wish, as_json=options.json))


async def _run(wish: Any, *, as_json: bool) -> int:
    from bot.compose.torture.plan import torture

    failed = 0
    if not as_json:
        print(_line(*_HEAD, "as promised", "verdict"))
    async for row in torture(wish):
        failed += not row.passed
        if as_json:
            print(json.dumps(dataclasses.asdict(row) | {"passed": row.passed}, ensure_ascii=False), flush=True)
            continue
        place = row.setting
        counts = (row.times, row.acknowledged, row.cases, row.lost, row.doubled, row.twins)
        promise = f"{'yes' if row.as_promised else 'NO'} (<= {row.promised})"
        verdict = f"{'ok' if row.passed else 'FAILED'} {row.seconds:.0f} s"
        print(_line(row.fault, place.database, place.channel, place.replicas, *counts, promise, verdict), flush=True)
        for words in row.wrong:
            print(f"    {words}", flush=True)
    return 1 if failed else 0


def _line(*cells: object) -> str:
    widths = (10, 11, 8, 8, 6, 13, 6, 5, 8, 6, 14, 0)
    return " ".join(f"{cell!s:<{width}}" for cell, width in zip(cells, widths, strict=True))
