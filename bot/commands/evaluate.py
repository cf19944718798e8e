"""`evaluate`: how right the tagger is on labelled rows, and how well it knows when it is not."""

import argparse
import sys
from pathlib import Path
from typing import Any


def add_command(commands: Any) -> None:
    parser = commands.add_parser(
        "evaluate", help="用标注数据检验分类 / measure the tagger on labelled rows (CSV: id,label,text)"
    )
    add_arguments(parser)
    parser.set_defaults(do=_evaluate)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that `bot.tagging.evaluate.run_evaluate` reads."""
    parser.add_argument("--topics", type=Path, required=True, help="分类表 / the topic tree (TOML)")
    parser.add_argument("--test", type=Path, required=True, help="检验用的 / rows to judge by")
    parser.add_argument("--train", type=Path, help="当作更正来学的，按次序 / rows taken as corrections, in order")
    parser.add_argument("--unlabelled", type=Path, help="没有标注的 / rows without labels to learn from besides")
    parser.add_argument(
        "--folds", type=int, default=0, help="在 --test 里交叉检验的份数 / cross-validate inside --test"
    )
    parser.add_argument(
        "--repeats", type=int, default=1, help="换几种分法再检验 / ways to cut the folds; the first one's figures lead"
    )
    parser.add_argument("--threshold", type=float, help="低于它就不判 / abstain below this confidence")
    parser.add_argument("--json", action="store_true", help="一行 JSON / one JSON object instead of a table")
    parser.add_argument("--curve", type=Path, help="学习曲线 / draw the learning curve (PNG; needs matplotlib)")


def _evaluate(options: argparse.Namespace) -> int:
    from bot.tagging.evaluate import run_evaluate

    return run_evaluate(options, sys.stdout)
