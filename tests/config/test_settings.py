"""Settings are read strictly, and each mistake is told with file, key and mend."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bot.config import load_settings
from bot.domain.machine import Clock
from bot.domain.topics import Limit
from tests.config.files import Files, has_chinese


def test_what_is_not_written_has_its_default(files: Files) -> None:
    settings = files.settings()
    assert settings.file == files.config
    assert settings.town.zone == ZoneInfo("Asia/Shanghai")
    assert settings.digest.at == time(8)
    assert (settings.quiet.starts, settings.quiet.ends) == (time(21, 30), time(7))
    assert settings.limits.of(Clock.ACCEPT) == Limit(working_days=3)
    assert settings.limits.of(Clock.SUBTOPIC) is None
    assert settings.invites.valid_hours == 72
    assert settings.telegram.token is None


def test_paths_are_read_from_the_folder_of_the_file(files: Files) -> None:
    files.change("config.toml", "[privacy]", 'topics = "tree/topics.toml"\n[privacy]')
    settings = files.settings()
    assert settings.town.villages == files.folder / "villages.toml"
    assert settings.town.topics == files.folder / "tree" / "topics.toml"
    assert settings.storage.url == f"sqlite:{files.folder / 'data' / 'xiangyin.sqlite'}"


def test_values_that_are_written_count(files: Files) -> None:
    files.add(
        "config.toml",
        '[quiet]\nfrom = "22:00"\nuntil = 06:00:00\n[limits]\nassign = "12h"\n'
        '[calendar]\nextra_workdays = [2027-02-06]\nextra_holidays = ["2027-02-08"]\nday_ends = "17:30"\n',
    )
    settings = files.settings()
    assert (settings.quiet.starts, settings.quiet.ends) == (time(22), time(6))
    assert settings.limits.of(Clock.ASSIGN) == Limit(hours=12)
    calendar = settings.calendar.work_calendar()
    assert calendar.overrides == {date(2027, 2, 6): True, date(2027, 2, 8): False}
    assert calendar.day_ends == time(17, 30)


def test_changes_override_what_the_file_says(files: Files) -> None:
    changes = {"telegram": {"base_url": "http://127.0.0.1:9"}, "town": {"name": "沙盒镇"}}
    settings = load_settings(files.config, {}, changes)
    assert settings.telegram.base_url == "http://127.0.0.1:9"
    assert (settings.town.name, settings.town.code) == ("沙盒镇", "ZJ")


def test_settings_cannot_be_changed_afterwards(files: Files) -> None:
    settings = files.settings()
    with pytest.raises(ValidationError):
        settings.digest.at = time(9)


def test_a_byte_order_mark_does_no_harm(files: Files) -> None:
    files.config.write_bytes(b"\xef\xbb\xbf" + files.config.read_bytes())
    assert files.settings().town.name == "试验镇"


@pytest.mark.parametrize(
    ("written", "key", "mend"),
    [
        ("[digest]\natt = '08:00'", "digest.att", "'at'"),
        ("[digset]\nat = '08:00'", "digset", "'digest'"),
        ("[digest]\nvalid_hours = 3", "digest.valid_hours", "[invites]"),
        ("[digest]\nat = '8 o’clock'", "digest.at", "08:00"),
        ("[digest]\nat = '24:00'", "digest.at", "08:00"),
        ("[digest]\nat = 8", "digest.at", "08:00"),
        ("[digest]\nweekly_on = 'monday'", "digest.weekly_on", "'mon'"),
        ("[quiet]\nstarts = '21:00'", "quiet.starts", "from"),
        ("[limits]\naccept = '3 days'", "limits.accept", "15d"),
        ("[limits]\naccept = '0d'", "limits.accept", "15d"),
        ("[limits]\nrating_asked = '3'", "limits.rating_asked", "whole number"),
        ("[calendar]\nextra_holidays = ['2027-02-30']", "calendar.extra_holidays[1]", "2027-02-07"),
        ("[calendar]\nextra_holidays = 'none'", "calendar.extra_holidays", "a list"),
        (
            "[calendar]\nextra_holidays = ['2027-01-01']\nextra_workdays = ['2027-01-01']",
            "calendar",
            "one of the two",
        ),
        ("[tagging]\ntopic_threshold = 1.5", "tagging.topic_threshold", "above 1"),
        ("[tagging]\ntopic_threshold = -1", "tagging.topic_threshold", "below 0"),
        ("[storage]\nurl = 'mysql://host/name'", "storage.url", "sqlite:path"),
        ("[storage]\nurl = 'sqlite:'", "storage.url", "sqlite:path"),
        ("[storage]\nurl = 'postgresql://host'", "storage.url", "postgresql://user@host/name"),
        ("[telegram]\nmode = 'webhook'", "telegram", "public_url"),
        (
            "[telegram]\nmode = 'webhook'\nwebhook = { public_url = 'http://bot.example.org' }",
            "telegram",
            "https://",
        ),
        ("[telegram]\nbase_url = 'localhost'", "telegram.base_url", "http"),
        ("[telegram.webhook]\npath = 'telegram'", "telegram.webhook.path", "starts with /"),
        ("[telegram.webhook]\nlisten_port = 0", "telegram.webhook.listen_port", "below 1"),
        ("[health]\nport = 70000", "health.port", "above 65535"),
        ("[log]\nlevel = 'loud'", "log.level", "'info'"),
        ("[drafts]\nmax_files = true", "drafts.max_files", "whole number"),
    ],
)
def test_a_wrong_setting_is_named_with_its_mend(files: Files, written: str, key: str, mend: str) -> None:
    files.add("config.toml", written)
    found = files.only_mistake()
    assert (found.file, found.key) == (files.config, key)
    assert mend in found.mend
    assert has_chinese(found.mend)


@pytest.mark.parametrize(
    ("old", "new", "key", "mend"),
    [
        ('code = "ZJ"', 'code = "zj"', "town.code", "capital letters"),
        ('code = "ZJ"', "", "town.code", "add it"),
        ('name = "试验镇"', 'name = ""', "town.name", "not empty"),
        ('name = "试验镇"', "name = 3", "town.name", "text in quotes"),
        ('code = "ZJ"', 'code = "ZJ"\nzone = "Asia/Shanhai"', "town.zone", "'Asia/Shanghai'"),
        ('code = "ZJ"', 'code = "ZJ"\nzone = 8', "town.zone", "Asia/Shanghai"),
        ('code = "ZJ"', 'code = "ZJ"\nvillages = ["a"]', "town.villages", "write it like"),
        ("[privacy]\n", "[privacy]\nretention_months = 0\n", "privacy.retention_months", "below 1"),
    ],
)
def test_a_wrong_line_on_the_town_is_named_with_its_mend(files: Files, old: str, new: str, key: str, mend: str) -> None:
    files.change("config.toml", old, new)
    found = files.only_mistake()
    assert (found.file, found.key) == (files.config, key)
    assert mend in found.mend


def test_every_mistake_is_told_at_once(files: Files) -> None:
    files.add("config.toml", "[digest]\nat = 'noon'\n[log]\nlevl = 'info'\n[digset]\n")
    assert {mistake.key for mistake in files.mistakes()} == {"digest.at", "log.levl", "digset"}


def test_a_missing_configuration_file_is_said(files: Files) -> None:
    files.config.unlink()
    found = files.only_mistake()
    assert found.file == files.config
    assert "no such file" in found.problem


def test_a_folder_in_place_of_the_file_is_said(files: Files) -> None:
    files.config.unlink()
    files.config.mkdir()
    assert "cannot read" in files.only_mistake().problem


def test_bad_toml_is_named_by_line_and_column(files: Files) -> None:
    files.write("config.toml", '[town]\ncode = "ZJ"\nname = 试验镇\n')
    assert files.only_mistake().key == "line 3, column 8"


def test_another_encoding_is_said(files: Files) -> None:
    files.config.write_bytes('[town]\nname = "试验镇"'.encode("gb18030"))
    assert "UTF-8" in files.only_mistake().problem
