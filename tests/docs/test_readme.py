"""README and docs say what is true: links lead somewhere, commands exist, the tagging example holds."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_in_the_docs_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_readme_names_the_two_commands_and_only_commands_that_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert ".ci/install --run && .venv/bin/python -m bot sandbox" in text
    assert "\n.ci/test " in text
    known = {command.__name__.rsplit(".", 1)[1].replace("_", "-").rstrip("-") for command in COMMANDS}
    assert set(re.findall(r"python -m bot ([a-z-]+)", text)) - {"--help"} <= known


def test_the_command_line_helps_in_both_languages() -> None:
    done = subprocess.run([sys.executable, "-m", "bot", "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for command in ("run", "sandbox", "tag", "check-config", "migrate"):
        assert command in done.stdout
    assert "开机器人" in done.stdout


def test_tag_prints_roads_for_the_potholes_and_abstains_on_a_greeting() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "tag"], cwd=ROOT, capture_output=True, text=True, check=True,
        input="村口到小学那段水泥路全是大坑\n你好\n",
    )  # fmt: skip
    first, second = map(json.loads, done.stdout.splitlines())
    assert set(first) == {"text", "village", "topic", "subtopic", "confidence", "flags", "why"}
    assert first["topic"] == "roads"
    assert second["topic"] is None
    assert done.stderr == ""


def test_a_run_without_configuration_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run", "--config", str(tmp_path / "none.toml")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "none.toml" in done.stderr
    assert "Traceback" not in done.stderr
