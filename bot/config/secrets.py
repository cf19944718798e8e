"""Secrets: never in the configuration file, but in the environment or in files that others cannot read."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.config.mistakes import Findings, both
from bot.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Secret:
    """A setting that is not written into the file: `env` names its variable, `<key>_file` its secret file."""

    section: tuple[str, ...]
    key: str
    env: str

    @property
    def path(self) -> str:
        return ".".join((*self.section, self.key))


PASSWORD = Secret(("storage",), "password", "XIANGYIN_STORAGE_PASSWORD")
TOKEN = Secret(("telegram",), "token", "XIANGYIN_TELEGRAM_TOKEN")
WEBHOOK_SECRET = Secret(("telegram", "webhook"), "secret", "XIANGYIN_WEBHOOK_SECRET")
IDENTITY_KEYS = Secret(("identity",), "keys", "XIANGYIN_IDENTITY_KEYS")
SECRETS = (PASSWORD, TOKEN, WEBHOOK_SECRET, IDENTITY_KEYS)


def fill_secrets(data: dict[str, Any], env: Mapping[str, str], path: Path, findings: Findings) -> None:
    """Put the secrets into `data`, the environment before the file. One written into `path` is a mistake."""
    for secret in SECRETS:
        section: Any = data
        for name in secret.section:
            section = section.setdefault(name, {}) if isinstance(section, dict) else None
        if not isinstance(section, dict):
            continue  # not a table, which validation tells
        if section.pop(secret.key, None) is not None:
            findings.add(
                path,
                secret.path,
                both("密钥不能写在配置文件里", "a secret does not belong in the configuration file"),
                both(
                    f"从文件里删掉，换一个新的，放进环境变量 {secret.env}",
                    f"take it out, have it replaced by a new one, and put that into {secret.env}",
                ),
            )
        named = section.get(f"{secret.key}_file")
        value: str | None = env.get(secret.env, "").strip()
        if not value and isinstance(named, str):
            file = path.absolute().parent / Path(named).expanduser()
            value = read_secret(file, path, f"{secret.path}_file", findings)
        if value:
            section[secret.key] = value


def read_secret(file: Path, path: Path, key: str, findings: Findings) -> str | None:
    """What stands in a secret file; None, with a finding about `key` of `path`, where it is not fit for use."""
    try:
        open_to_all = os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & stat.S_IRWXO
        text = file.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError):
        findings.add(
            path,
            key,
            both(f"读不了密钥文件 {file}", f"cannot read the secret file {file}"),
            both("检查路径和权限", "check the path and its permissions"),
        )
        return None
    if open_to_all:
        findings.add(
            path,
            key,
            both(f"人人都能读密钥文件 {file}", f"everybody on this machine can read the secret file {file}"),
            both(f"运行 chmod 600 {file}", f"run: chmod 600 {file}"),
        )
        return None
    if not text:
        findings.add(
            path,
            key,
            both(f"密钥文件 {file} 是空的", f"the secret file {file} is empty"),
            both("把密钥写进去，只要一行", "write the secret into it, on one line"),
        )
        return None
    return text


def require_live(settings: Settings) -> None:
    """What only a live bot needs: a token, and for a webhook its secret. Raises ConfigError."""
    findings = Findings()
    telegram = settings.telegram
    if telegram.token is None:
        _missing(settings.file, TOKEN, findings)
    if telegram.mode == "webhook" and telegram.webhook.secret is None:
        _missing(settings.file, WEBHOOK_SECRET, findings)
    findings.require(settings)


def _missing(path: Path, secret: Secret, findings: Findings) -> None:
    findings.add(
        path,
        secret.path,
        both("还没有设置", "this is not set yet"),
        both(
            f"放进环境变量 {secret.env}，或放进只有自己能读的文件，并用 {secret.path}_file 指明",
            f"put it into {secret.env}, or into a file that only you can read, named by {secret.path}_file",
        ),
    )
