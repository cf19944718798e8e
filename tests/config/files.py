"""Writes configuration files, and reads back what was found wrong with them."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.config import ConfigError, Mistake, Settings, load_settings, load_town
from bot.domain.town import Town

CONFIG = """
[town]
code = "ZJ"
name = "试验镇"
office_name = "试验镇人大办"
office_phone = "12345"

[privacy]
controller = "试验镇人大办"
contact = "12345"
"""

VILLAGES = """
[[village]]
id = "shilong"
name = "石龙村"
aliases = ["石龙"]
hamlets = [{ name = "上石龙", aliases = ["上队"] }, { name = "下石龙" }]
latitude = 22.02
longitude = 111

[[village]]
id = "datang"
name = "大塘村"
"""

ROSTER = """
station = [
    { id = "one", name = "一站", villages = ["shilong", "datang"] },
]
seat = [
    { id = "office", name = "办公室", role = "office" },
    { id = "head", name = "站长甲", role = "station_head", station = "one" },
    { id = "liaison", name = "联络员乙", role = "liaison", station = "one" },
    { id = "d1", name = "代表丙", role = "deputy", station = "one", villages = ["shilong"], topics = ["roads"], stand_in = "d2" },
    { id = "d2", name = "代表丁", role = "deputy", station = "one", villages = ["datang"] },
]
"""  # noqa: E501


@dataclass
class Files:
    """The three files in one folder; `env` stands for the environment."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def write_all(self) -> None:
        self.write("config.toml", CONFIG)
        self.write("villages.toml", VILLAGES)
        self.write("roster.toml", ROSTER)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def add(self, name: str, text: str) -> None:
        self.write(name, (self.folder / name).read_text(encoding="utf-8") + text)

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def settings(self) -> Settings:
        return load_settings(self.config, self.env)

    def town(self) -> Town:
        return load_town(self.settings())

    def mistakes(self) -> tuple[Mistake, ...]:
        """What is wrong with settings or town; fails where nothing is."""
        with pytest.raises(ConfigError) as caught:
            self.town()
        for mistake in caught.value.mistakes:
            for part in (mistake.file, mistake.key, mistake.problem, mistake.mend):
                assert str(part) in str(caught.value)
        return caught.value.mistakes

    def only_mistake(self) -> Mistake:
        found = self.mistakes()
        assert len(found) == 1, found
        assert has_chinese(found[0].problem)
        return found[0]


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)
