"""The command line: `python -m bot COMMAND`. Each command is a module that imports only what it needs."""

import argparse
import sys
from collections.abc import Sequence

from bot.commands import (
    backup,
    bench,
    check_config,
    copy,
    diagrams,
    doctor,
    evaluate,
    export,
    import_,
    migrate,
    rates,
    report,
    restore,
    rotate_keys,
    run,
    sandbox,
    school,
    settings,
    simulate,
    tag,
    torture,
    verify,
)

COMMANDS = (
    run,
    sandbox,
    settings,
    tag,
    check_config,
    doctor,
    migrate,
    backup,
    restore,
    copy,
    rotate_keys,
    export,
    report,
    rates,
    import_,
    diagrams,
    evaluate,
    school,
    bench,
    torture,
    simulate,
    verify,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 failed, 2 wrong configuration or arguments."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="乡音：村民向人大代表反映意见，代表、联络站、镇人大办一路办到底。"
        " Xiangyin: villagers tell their People's Congress deputies, and see it through.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_command(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.do(options))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
