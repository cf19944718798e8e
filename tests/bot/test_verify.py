"""`verify` reads every history and tells which does not hold."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.config import SAMPLE_CONFIG
from tests.bot.staff import LAMP, crew_of
from tests.support.chat import local_town


async def two_cases(folder: Path) -> None:
    async with local_town(folder) as place:
        crew = await crew_of(place)
        await crew.villager.submit(LAMP)
        await crew.villager.submit("石龙村村口垃圾没人收，臭得很")


def test_verify_finds_the_one_history_that_was_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(two_cases(tmp_path))
    config = tmp_path / "config.toml"
    text = SAMPLE_CONFIG.read_text(encoding="utf-8")
    for name in ("villages.toml", "roster.toml"):
        (tmp_path / name).write_bytes((SAMPLE_CONFIG.parent / name).read_bytes())
    config.write_text(text + '\n[storage]\nurl = "sqlite:town.sqlite"\n', encoding="utf-8")
    assert main(["verify", "--config", str(config)]) == 0
    assert "2 件" in capsys.readouterr().out
    with sqlite3.connect(tmp_path / "town.sqlite") as database:
        database.execute("DROP TRIGGER case_events_no_update")
        database.execute("UPDATE case_events SET data = '{}' WHERE case_id = 2")
    database.close()
    assert main(["verify", "--config", str(config)]) == 1
    out = capsys.readouterr().out
    assert "ZJ-2026-000002" in out
    assert "ZJ-2026-000001" not in out


async def with_a_suggestion(folder: Path) -> None:
    async with local_town(folder) as place:
        crew = await crew_of(place)
        await crew.villager.submit(LAMP)
        await crew.deputy.press("c:1:draft")
        await crew.deputy.say("建议统一更换主干道路灯")
        await crew.deputy.tap("提出")
        await crew.office.press("q:1:months3.works")


def test_verify_finds_a_changed_history_of_a_suggestion(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(with_a_suggestion(tmp_path))
    config = tmp_path / "config.toml"
    for name in ("villages.toml", "roster.toml"):
        (tmp_path / name).write_bytes((SAMPLE_CONFIG.parent / name).read_bytes())
    config.write_text(
        SAMPLE_CONFIG.read_text(encoding="utf-8") + '\n[storage]\nurl = "sqlite:town.sqlite"\n', encoding="utf-8"
    )
    assert main(["verify", "--config", str(config)]) == 0
    with sqlite3.connect(tmp_path / "town.sqlite") as database:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute("UPDATE suggestion_events SET seat = 'x'")
        database.execute("DROP TRIGGER suggestion_events_no_update")
        database.execute("UPDATE suggestion_events SET seat = 'x' WHERE seq = 1")
    database.close()
    assert main(["verify", "--config", str(config)]) == 1
    assert "JY-2026-000001: 第 2 步" in capsys.readouterr().out
