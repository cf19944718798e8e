"""`diagrams`: draws the state machines from their tables into docs/state-machines.md."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.domain.diagrams import mermaid, table
from bot.domain.machine import BACK, ENDED_STATES, PAUSED_STATES, SAME, TABLE, Guard, State
from bot.domain.suggestions import TABLE as SUGGESTIONS
from bot.domain.suggestions import Status

PAGE = Path("docs/state-machines.md")


def in_order(states: Iterable[State]) -> list[State]:
    return [state for state in State if state in set(states)]


def case_page() -> str:
    """The case's machine: a diagram of what moves it, and every line of the table."""
    lines = [
        (before, str(rule.to), rule.action)
        for rule in TABLE
        for before in in_order(rule.states)
        if rule.to not in (SAME, BACK)
    ]
    back = [(state, "registered", "back to where it was") for state in sorted(PAUSED_STATES)]
    rows = [
        (
            f"`{rule.action}`",
            " ".join(in_order(rule.states)),
            " ".join(sorted(rule.parts)),
            rule.to,
            rule.clock,
            "" if rule.guard is Guard.NONE else rule.guard,
        )
        for rule in TABLE
    ]
    diagram = mermaid([*lines, *back], State.REGISTERED, sorted(ENDED_STATES - PAUSED_STATES))
    listing = table(("action", "in state", "by", "to", "clock", "only if"), rows)
    return f"## Case (群众意见)\n\n```mermaid\n{diagram}\n```\n\n{listing}\n"


def suggestion_page() -> str:
    """The suggestion's machine, likewise."""
    lines = [
        (before, str(rule.to), rule.step)
        for rule in SUGGESTIONS
        for before in Status
        if before in rule.statuses and rule.to != SAME
    ]
    rows = [
        (
            f"`{rule.step}`",
            " ".join(status for status in Status if status in rule.statuses),
            " ".join(sorted(rule.sides)),
            rule.to,
            rule.term,
        )
        for rule in SUGGESTIONS
    ]
    diagram = mermaid(lines, Status.FILED, (Status.PUBLISHED, Status.WITHDRAWN))
    listing = table(("step", "in status", "by", "to", "limit"), rows)
    return f"## Suggestion (代表建议)\n\n```mermaid\n{diagram}\n```\n\n{listing}\n"


def page() -> str:
    """The whole of docs/state-machines.md."""
    head = (
        "# State machines\n\nDrawn by `python -m bot diagrams` from the tables in `bot/domain`; a test keeps this page "
        "up to date.\n`same` leaves the state as it is, `back` returns to the one before the wait.\n"
    )
    return "\n".join([head, case_page(), suggestion_page()])


def add_command(commands: Any) -> None:
    parser = commands.add_parser("diagrams", help="画状态图 / draw the state machines into docs/state-machines.md")
    parser.add_argument("--to", type=Path, default=PAGE, help=f"the page to write ({PAGE})")
    parser.set_defaults(do=_draw)


def _draw(options: argparse.Namespace) -> int:
    options.to.write_text(page(), encoding="utf-8")
    print(options.to)
    return 0
