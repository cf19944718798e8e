"""The kinds of value that settings are written in: times, limits, dates, zones, ids, paths."""

import re
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainValidator,
    SecretStr,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from bot.config.mistakes import both, did_you_mean
from bot.domain.keys import Keyring, KeyringError
from bot.domain.topics import Limit

WRONG = "xiangyin"
"""Type of the validation errors that bring their own bilingual problem and mend along."""


def wrong(problem: str, mend: str) -> PydanticCustomError:
    return PydanticCustomError(WRONG, "{problem}", {"problem": problem, "mend": mend})


class Section(BaseModel):
    """A table of a configuration file: immutable, strict in its types, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, hide_input_in_errors=True)


def _time(value: Any) -> time:
    value = value.isoformat() if isinstance(value, time) else value
    if not (isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d(:00)?", value)):
        raise wrong(
            both(f"不是一天中的时刻：{value!r}", f"not a time of day: {value!r}"),
            both('写成 "08:00" 这样', 'write it like "08:00"'),
        )
    return time.fromisoformat(value)


def _date(value: Any) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise wrong(
            both(f"不是日期：{value!r}", f"not a date: {value!r}"),
            both('写成 "2027-02-07" 这样', 'write it like "2027-02-07"'),
        ) from None


def _limit(value: Any) -> Limit:
    if not (isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,2}[mhd]", value)):
        raise wrong(
            both(f"不是时限：{value!r}", f"not a time limit: {value!r}"),
            both(
                '分钟写成 "15m"，小时写成 "2h"，工作日写成 "15d"，最小是 1',
                'write minutes like "15m", hours like "2h", working days like "15d", from 1 up',
            ),
        )
    return Limit.parse(value)


def _zone(value: Any) -> ZoneInfo:
    if not isinstance(value, str) or value not in available_timezones():
        known = sorted(available_timezones())
        raise wrong(
            both(f"没有这个时区：{value!r}", f"there is no such time zone: {value!r}"),
            did_you_mean(value, known)
            if isinstance(value, str) and known
            else both('写成 "Asia/Shanghai"', 'write "Asia/Shanghai"'),
        )
    return ZoneInfo(value)


def beside_the_file(value: Any, info: ValidationInfo) -> Path:
    """The path, read from the folder of the configuration file, which the validation context knows."""
    if not isinstance(value, str | Path) or not str(value).strip():
        raise wrong(both("这里要写一个路径", "this is not a path"), both('写成 "文件名"', 'write it like "name"'))
    context: Mapping[str, Path] = info.context or {}
    return context.get("folder", Path()) / Path(value).expanduser()


def _token(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", secret.get_secret_value()):
        raise wrong(
            both("这不像 Telegram 的机器人令牌", "this does not look like a Telegram bot token"),
            both(
                "原样复制 @BotFather 给的那一行，形如 123456:ABC…",
                "copy the line that @BotFather gave, like 123456:ABC…",
            ),
        )
    return secret


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret.get_secret_value()):
        raise wrong(
            both("webhook 密钥不合要求", "the webhook secret is not of the allowed form"),
            both(
                "16 到 256 个字符，只用字母、数字、_ 和 -；例如用 openssl rand -hex 32 生成",
                "16 to 256 letters, digits, _ and -; for example from: openssl rand -hex 32",
            ),
        )
    return secret


def _identity_keys(secret: SecretStr) -> SecretStr:
    try:
        Keyring.parse(secret.get_secret_value())
    except KeyringError as error:
        raise wrong(
            both("身份密钥不对", f"this is no keyring: {error}"),
            both(
                "用 python -m bot rotate-keys --make 文件 生成，或从备份取回原来的；不要手改",
                "make one with python -m bot rotate-keys --make FILE, or take the old one from a backup; never edit it",
            ),
        ) from None
    return secret


DayTime = Annotated[time, PlainValidator(_time)]
Day = Annotated[date, PlainValidator(_date)]
TimeLimit = Annotated[Limit, PlainValidator(_limit)]
Zone = Annotated[ZoneInfo, PlainValidator(_zone)]
BesidePath = Annotated[Path, PlainValidator(beside_the_file)]
Token = Annotated[SecretStr, AfterValidator(_token)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]
IdentityKeys = Annotated[SecretStr, AfterValidator(_identity_keys)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,16}$")]
Name = Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$", max_length=60)]
