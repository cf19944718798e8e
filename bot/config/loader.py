"""Reads the configuration file and the secrets around it into settings, or says everything that is wrong."""

import json
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.config.explain import explain
from bot.config.mistakes import ConfigError, Findings, Mistake, both
from bot.config.settings import Settings

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Secret:
    """A setting that is never written into the file: `env` names its variable, `<key>_file` its secret file."""

    section: tuple[str, ...]
    key: str
    env: str


SECRETS = (
    Secret(("storage",), "password", "XIANGYIN_STORAGE_PASSWORD"),
    Secret(("telegram",), "token", "XIANGYIN_TELEGRAM_TOKEN"),
    Secret(("telegram", "webhook"), "secret", "XIANGYIN_WEBHOOK_SECRET"),
)


def load_settings(
    path: Path, env: Mapping[str, str], changes: Mapping[str, Mapping[str, Any]] | None = None
) -> Settings:
    """Read `path`; `changes` (table -> key -> value) override what it says. Raises ConfigError, with all mistakes.

    A missing token is not a mistake here, since only `run` needs it: see `require_live`.
    """
    findings = Findings()
    data = read_toml(path, findings)
    for table, values in (changes or {}).items():
        data[table] = {**data.get(table, {}), **values}
    fill_secrets(data, env, path, findings)
    settings = None if data is None else validate(Settings, data, path, findings)
    findings.raise_if_any()
    assert settings is not None
    return settings.read_from(path)


def require_live(settings: Settings) -> None:
    """What only a live bot needs: a token, and in webhook mode a secret. Raises ConfigError."""
    findings = Findings()
    telegram = settings.telegram
    wanted = {"telegram.token": telegram.token}
    if telegram.mode == "webhook":
        wanted["telegram.webhook.secret"] = telegram.webhook.secret
    for secret in SECRETS:
        key = ".".join((*secret.section, secret.key))
        if key in wanted and wanted[key] is None:
            findings.add(
                settings.file,
                key,
                both("还没有设置", "this is not set yet"),
                both(
                    f"放进环境变量 {secret.env}，或放进只有自己能读的文件并写明 {key}_file",
                    f"put it in {secret.env}, or in a file that only you can read and name it as {key}_file",
                ),
            )
    findings.raise_if_any()


def read_toml(path: Path, findings: Findings, named_by: tuple[Path, str] | None = None) -> dict[str, Any]:
    """The file's tables; an empty mapping with a finding where it cannot be read. A BOM is no matter.

    `named_by` is the file and key that name this one: a missing file is a mistake there.
    """
    where = named_by or (path, "—")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        findings.add(
            *where,
            both(f"没有这个文件：{path}", f"there is no such file: {path}"),
            both("改正路径，或建好这个文件", "correct the path, or make the file"),
        )
    except OSError as error:
        findings.add(
            *where,
            both(f"读不了 {path}", f"cannot read {path}: {error.strerror}"),
            both("检查路径和权限", "check the path and its permissions"),
        )
    except UnicodeDecodeError:
        findings.add(
            path,
            "—",
            both("文件不是 UTF-8 编码", "the file is not UTF-8"),
            both("用编辑器另存为 UTF-8", "save it as UTF-8 in your editor"),
        )
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at ([^)]*)\)", str(error))
        findings.add(
            path,
            place[1] if place else "—",
            both("TOML 写法不对", f"not valid TOML: {error}"),
            both(
                "看这一行和上一行：引号、方括号、逗号，文字和时间都要加引号",
                "look at this line and the one before: quotes, brackets, commas; texts and times need quotes",
            ),
        )
    return {}


def validate(model: type[Model], data: dict[str, Any], path: Path, findings: Findings) -> Model | None:
    """The data as a value of `model`; None with findings where it does not fit.

    By way of JSON, since pydantic's strict mode then reads lists and paths but still refuses "3" for 3.
    """
    try:
        return model.model_validate_json(
            json.dumps(data, default=str), context={"folder": path.absolute().parent}
        )
    except ValidationError as error:
        explain(error, model, data, path, findings)
        return None


def fill_secrets(data: dict[str, Any], env: Mapping[str, str], path: Path, findings: Findings) -> None:
    """Put secrets into `data`: the environment wins over the secret file. One written in the file is a mistake."""
    for secret in SECRETS:
        section: Any = data
        for name in secret.section:
            section = section.setdefault(name, {}) if isinstance(section, dict) else None
        if not isinstance(section, dict):
            continue  # not a table: said when the whole is validated
        key = ".".join((*secret.section, secret.key))
        if section.pop(secret.key, None) is not None:
            findings.add(
                path,
                key,
                both("密钥不能写在配置文件里", "a secret does not belong in the configuration file"),
                both(
                    f"从文件里删掉，放进环境变量 {secret.env}，并向 @BotFather 或管理员换一个新的",
                    f"take it out, put it in the environment as {secret.env}, and have it replaced by a new one",
                ),
            )
        named = section.get(f"{secret.key}_file")
        if value := env.get(secret.env, "").strip():
            section[secret.key] = value
        elif isinstance(named, str):
            file = path.absolute().parent / Path(named).expanduser()
            try:
                section[secret.key] = read_secret(file, Mistake(path, f"{key}_file", "", ""))
            except ConfigError as error:
                findings.mistakes += error.mistakes
