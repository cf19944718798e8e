"""`check-config`: reads everything that a start would read, and says what is wrong, weak, or well."""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.commands.options import add_config
from bot.config import ConfigError, Settings, find_warnings, load_settings, load_town
from bot.config.keyfile import key_file, load_keys
from bot.config.mistakes import both
from bot.domain.town import Role, Town


def run_check_config(path: Path, env: Mapping[str, str]) -> int:
    """Print a summary and warnings (returns 0), or every mistake (returns 2). No secret is printed."""
    try:
        settings = load_settings(path, env)
        town = load_town(settings)
    except ConfigError as error:
        print(error)
        return 2
    missing: list[str] = []
    try:
        load_keys(settings)
    except ConfigError as error:
        if key_file(settings) or settings.identity.keys:
            print(error)
            return 2
        missing = [both("还没有身份密钥，run 不会启动", "no identity keys are set: run will not start")]
    warnings = missing + find_warnings(settings, town, datetime.now(settings.town.zone).date())
    print(both(f"配置可用：{path}", "the configuration can be used"))
    for line in _summary(settings, town):
        print(f"  {line}")
    for line in warnings:
        print(f"⚠ {line}")
    if not warnings:
        print(both("没有要留意的地方", "nothing to look after"))
    return 0


def _summary(settings: Settings, town: Town) -> list[str]:
    hamlets = sum(len(village.hamlets) for village in town.villages)
    heads = len(town.seats_of(Role.STATION_HEAD)) + len(town.seats_of(Role.DEPUTY_HEAD))
    subtopics = sum(len(topic.subtopics) for topic in town.topics)
    deputies, liaison, office = (len(town.seats_of(role)) for role in (Role.DEPUTY, Role.LIAISON, Role.OFFICE))
    villages, stations, topics = len(town.villages), len(town.stations), len(town.topics)
    kind = "SQLite" if settings.storage.url.startswith("sqlite:") else "PostgreSQL"
    return [
        f"{town.name} ({town.code}), {town.zone.key}",
        both(f"{villages} 个村和社区，{hamlets} 个自然村", f"{villages} villages, {hamlets} hamlets"),
        both(
            f"{stations} 个联络站，正副站长 {heads}，联络员 {liaison}，代表 {deputies}，人大办 {office}",
            f"{stations} stations, {heads} heads, {liaison} liaison officers, {deputies} deputies, "
            f"{office} office seats",
        ),
        both(f"{topics} 类 {subtopics} 小类", f"{topics} topics, {subtopics} subtopics"),
        both(f"存储 {kind}，Telegram {settings.telegram.mode}", "storage, way to Telegram"),
        both(f"每日 {settings.digest.at:%H:%M} 汇总", f"digest daily at {settings.digest.at:%H:%M}"),
    ]


def add_command(commands: Any) -> None:
    parser = commands.add_parser("check-config", help="检查配置 / check the configuration")
    add_config(parser)
    parser.set_defaults(do=lambda options: run_check_config(options.config, os.environ))
