"""`school`: fit the tagger's sense to the sentences that come with the program."""

import argparse
import sys
from pathlib import Path
from typing import Any


def add_command(commands: Any) -> None:
    parser = commands.add_parser(
        "school",
        help="用自编句子训练语感（开发用）/ fit the tagger's sense to sentences, and judge it (for developers)",
    )
    parser.add_argument(
        "--sentences", type=Path, action="append", help="句子 / CSV: label,urgent,sealed,case,text; may be given again"
    )
    parser.add_argument("--folds", type=int, default=5, help="交叉检验的份数 / parts to cross-validate in")
    parser.add_argument("--out", type=Path, help="写到这个文件 / write the fitted sense to this file (.npz)")
    parser.set_defaults(do=_school)


def _school(options: argparse.Namespace) -> int:
    from bot.tagging.school import run_school

    return run_school(options, sys.stdout)
