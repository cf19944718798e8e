"""The dictionary's cache: in a folder of our own, and no harm where none can be had."""

import os
import stat
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CUT = "from bot.tagging.segment import Segmenter; print(Segmenter().cut('石龙村路灯坏了'))"


def cut_with(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CUT], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True
    )


def test_the_cache_lies_in_a_folder_that_only_we_can_write(tmp_path: Path) -> None:
    first = cut_with(XDG_CACHE_HOME=str(tmp_path), TMPDIR=str(tmp_path))
    folder = tmp_path / "xiangyin"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.iterdir())
    assert not list(tmp_path.glob("jieba*"))
    assert cut_with(XDG_CACHE_HOME=str(tmp_path), TMPDIR=str(tmp_path)).stdout == first.stdout


def test_without_a_place_for_the_cache_the_words_are_the_same_and_nothing_is_said(tmp_path: Path) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    done = cut_with(XDG_CACHE_HOME=str(nowhere), TMPDIR=str(tmp_path))
    assert "路灯" in done.stdout
    assert done.stderr == ""
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
