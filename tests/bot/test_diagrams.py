"""The page of state machines is drawn from the tables, and is up to date."""

from pathlib import Path

from bot.commands.diagrams import page
from bot.domain.machine import TABLE, State

PAGE = Path(__file__).parents[2] / "docs" / "state-machines.md"


def test_the_page_is_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m bot diagrams"


def test_every_state_and_every_line_of_the_table_is_on_the_page() -> None:
    text = page()
    assert all(state in text for state in State)
    assert text.count("\n| `") >= len(TABLE)
