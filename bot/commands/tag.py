"""`tag`: says of each line of standard input which village, topic and flags it has."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any


def add_command(commands: Any) -> None:
    parser = commands.add_parser(
        "tag", help="每行一句，说出村、类、紧急 / tag each line of stdin, one JSON object a line"
    )
    parser.add_argument("--config", type=Path, help="配置文件 / the configuration file (else the sample town)")
    parser.set_defaults(do=_tag)


def _tag(options: argparse.Namespace) -> int:
    from bot.compose.desk import tagger_for
    from bot.config import SAMPLE_CONFIG, ConfigError, load_settings, load_town
    from bot.tagging.command_tag import run_tag

    try:
        settings = load_settings(options.config or SAMPLE_CONFIG, os.environ)
        town = load_town(settings)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    run_tag(tagger_for(settings, town), sys.stdin, sys.stdout)
    return 0
