"""`bench`: how fast the parts are, as ratios to something known that runs beside them."""

import argparse
import json
from typing import Any

NAMES = 700_000


def add_command(commands: Any) -> None:
    parser = commands.add_parser("bench", help="测速度 / measure speed beside something known")
    parser.add_argument("what", choices=("tagging",), help="tagging: 读一条意见 / the tagger beside jieba's cut")
    parser.add_argument("--names", type=int, default=NAMES, help="比多少个村名 / how many village names to match")
    parser.add_argument("--json", action="store_true", help="一行 JSON / one JSON object instead of a table")
    parser.set_defaults(do=_bench)


def _bench(options: argparse.Namespace) -> int:
    from bot.tagging.bench import bench_tagging

    figures = bench_tagging(options.names)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:24}{value:.2f}")
    return 0
