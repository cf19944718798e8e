"""The doctor names what is wrong, with its mend, in Chinese and English, and never a secret."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.compose.doctor import Finding, Grade, examine, files, fonts, queues, refused, room, telegram, unreachable
from bot.config import SAMPLE_CONFIG, Settings, load_settings
from bot.ports import Figures
from handlers.sandbox.botapi import BotApiServer
from handlers.telegram.checkup import Checkup
from storage.migrate import migrate

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
GOOD = Checkup("xiangyin_bot", 0.4, "", 0, "")


def settings_with(folder: Path, token: str | None = None, **telegram: str) -> Settings:
    changes: dict[str, dict[str, str]] = {"storage": {"url": f"sqlite:{folder / 'town.sqlite'}"}, "telegram": telegram}
    return load_settings(SAMPLE_CONFIG, {"XIANGYIN_TELEGRAM_TOKEN": token or ""}, changes)


async def findings(settings: Settings) -> list[Finding]:
    return [finding async for finding in examine(settings)]


def wrong(found: list[Finding]) -> list[str]:
    return [finding.what for finding in found if finding.grade is Grade.WRONG]


async def test_a_good_installation_has_nothing_to_mend(tmp_path: Path) -> None:
    await migrate(f"sqlite:{tmp_path / 'town.sqlite'}")
    server = BotApiServer()
    await server.start()
    try:
        root = server.base_url.removesuffix("/bot")
        found = await findings(settings_with(tmp_path, server.token, base_url=root))
        bad = await findings(settings_with(tmp_path, "1" + server.token, base_url=root))
    finally:
        await server.stop()
    assert wrong(found) == []
    assert any("@" in finding.what for finding in found)
    assert wrong(bad) == [refused().what]
    assert not any(server.token.split(":")[1] in str(finding) for finding in found + bad)


async def test_each_thing_that_is_missing_has_its_mend(tmp_path: Path) -> None:
    found = await findings(settings_with(tmp_path))
    said = {finding.what.split(" / ")[0]: finding.mend for finding in found if finding.grade is Grade.WRONG}
    assert said["数据库版本不对"] == "python -m bot migrate"
    assert "@BotFather" in said["还没有 Telegram 令牌"]
    gone = await findings(
        settings_with(tmp_path, "123456789:AAF0123456789_abcdefghijklmnopqrstu", base_url="http://127.0.0.1:9")
    )
    assert unreachable("ConnectError").what in wrong(gone)


def test_a_new_database_is_for_its_owner_alone_and_an_open_one_is_noticed(tmp_path: Path) -> None:
    asyncio.run(migrate(f"sqlite:{tmp_path / 'town.sqlite'}"))
    settings = settings_with(tmp_path)
    assert [f.grade for f in files(settings) if "town.sqlite" in f.what] == [Grade.GOOD]
    (tmp_path / "town.sqlite").chmod(0o644)
    [finding] = [f for f in files(settings) if "town.sqlite" in f.what]
    assert (finding.grade, finding.mend) == (Grade.WRONG, f"chmod 600 {tmp_path / 'town.sqlite'}")


@pytest.mark.parametrize(
    ("skew", "grade"), [(0, "good"), (-4.9, "good"), (20, "weak"), (-20, "weak"), (61, "wrong"), (-3600, "wrong")]
)
def test_a_clock_that_is_off_is_noticed_either_way(tmp_path: Path, skew: float, grade: str) -> None:
    found = telegram(settings_with(tmp_path), Checkup("b", skew, "", 0, ""))
    assert [f.grade for f in found if "时钟" in f.what] == [grade]


def test_a_foreign_webhook_and_a_failed_delivery_are_noticed(tmp_path: Path) -> None:
    assert {f.grade for f in telegram(settings_with(tmp_path), GOOD)} == {Grade.GOOD}
    odd = Checkup("b", 0, "https://elsewhere.example/x", 5000, "SSL error")
    weak = [f.what for f in telegram(settings_with(tmp_path), odd) if f.grade is Grade.WEAK]
    assert len(weak) == 3
    assert "elsewhere" in weak[0]
    assert "SSL error" in weak[1]
    assert "5000" in weak[2]


def test_little_room_is_noticed_before_there_is_none() -> None:
    assert [room(Path(), free).grade for free in (2 * 10**9, 5 * 10**8, 10**7)] == ["good", "weak", "wrong"]


def test_queues_that_stand_still_are_noticed() -> None:
    def figures(age: timedelta | None, parked: int = 0) -> Figures:
        return Figures(1, NOW - age if age else None, parked, 1, NOW - age if age else None, 0, {}, 0)

    assert [f.grade for f in queues(figures(None), NOW)] == ["good"]
    assert [f.grade for f in queues(figures(timedelta(minutes=9)), NOW)] == ["good"]
    assert [f.grade for f in queues(figures(timedelta(minutes=11), parked=3), NOW)] == ["wrong", "wrong", "weak"]


def test_every_mend_that_is_prose_stands_in_both_languages(tmp_path: Path) -> None:
    said = [refused(), unreachable("x"), room(Path(), 0), fonts(), *telegram(settings_with(tmp_path), GOOD)]
    for finding in said:
        assert " / " in finding.what
        assert finding.grade is Grade.GOOD or finding.mend
