"""`bench`: how fast the parts are, each beside something known that runs in the same minutes."""

import argparse
import asyncio
import json
import sys
from typing import Any

NAMES = 700_000
CASES = 100_000
SECONDS = 300.0


def add_command(commands: Any) -> None:
    parser = commands.add_parser("bench", help="测速度 / measure speed beside something known")
    parser.add_argument(
        "what",
        choices=("tagging", "work", "wire", "latency", "sending", "size", "replicas"),
        help="tagging: 读一条意见 / the tagger beside jieba's cut; work: 入库 / updates beside bare commits; "
        "wire: 全程 / over HTTP beside a bare echo bot; latency: 回复要多久 / how long replies take at 20/s; "
        "sending: 限速 / the limits used; size: 多件 / many cases; replicas: 多进程 / three processes on PostgreSQL",
    )
    parser.add_argument("--names", type=int, default=NAMES, help="比多少个村名 / how many village names to match")
    parser.add_argument("--cases", type=int, default=CASES, help="多少件 / how many cases beside 10,000")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="latency 量多久 / how long to listen")
    parser.add_argument("--postgres", help="replicas 用的空库 / an empty database to fill, postgresql://…")
    parser.add_argument("--json", action="store_true", help="一行 JSON / one JSON object instead of a table")
    parser.set_defaults(do=_bench)


def _bench(options: argparse.Namespace) -> int:
    return _tagging(options) if options.what == "tagging" else _parts(options)


def _tagging(options: argparse.Namespace) -> int:
    from bot.tagging.bench import bench_tagging

    figures = bench_tagging(options.names)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:24}{value:.2f}")
    return 0


def _parts(options: argparse.Namespace) -> int:
    from bot.compose.bench_town import memory
    from bot.compose.benching import measure

    try:
        figures = asyncio.run(measure(options.what, options.cases, options.seconds, options.postgres))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        rows = [
            {"what": f.what, "ours": f.ours, "other": f.other, "unit": f.unit, "ratio": f.ratio, "reach": f.reach}
            for f in figures
        ]
        print(json.dumps({"rows": rows, "memory_mb": memory()}, ensure_ascii=False))
        return 0
    for f in figures:
        print(f"{f.what:40}{f.ours:10.1f}{f.other:10.1f} {f.unit:5}{f.ratio:7.2f}   {f.reach}")
    print(f"{'memory':40}{memory():10.0f}           MB")
    return 0
