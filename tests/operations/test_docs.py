"""What the operator's pages tell to type can be typed."""

import argparse
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS
from bot.config.secrets import SECRETS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *DOCS.glob("deploy/*")])


def known_commands() -> set[str]:
    commands = argparse.ArgumentParser().add_subparsers()
    for module in COMMANDS:
        module.add_command(commands)
    return set(commands.choices)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_on_a_page_exists(page: Path) -> None:
    named = set(re.findall(r"-m bot ([a-z]+(?:-[a-z]+)*)", page.read_text(encoding="utf-8")))
    assert named <= known_commands()


def test_every_option_of_the_backup_lines_exists() -> None:
    text = (DOCS / "running.md").read_text(encoding="utf-8") + (DOCS / "upgrade.md").read_text(encoding="utf-8")
    for command in ("backup", "restore", "copy"):
        told = subprocess.run(
            [sys.executable, "-m", "bot", command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        lines = re.findall(rf"-m bot {command} ([^#\n`]*)", text)
        assert {option for line in lines for option in re.findall(r"--[a-z-]+", line)} <= set(
            re.findall(r"--[a-z-]+", told)
        )


def test_every_secret_is_named_on_the_running_page() -> None:
    page = (DOCS / "running.md").read_text(encoding="utf-8")
    assert all(secret.env in page for secret in SECRETS)


def test_links_between_pages_lead_somewhere() -> None:
    for page in DOCS.glob("*.md"):
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), (page.name, target)
