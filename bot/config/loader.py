"""Reads TOML files into checked values, or says everything that is wrong with them."""

import re
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.config.explain import explain
from bot.config.mistakes import Findings, both
from bot.config.secrets import fill_secrets
from bot.config.settings import Settings

Model = TypeVar("Model", bound=BaseModel)
NOWHERE = "—"


def load_settings(
    path: Path, env: Mapping[str, str], changes: Mapping[str, Mapping[str, Any]] | None = None
) -> Settings:
    """Read `path`; `changes` (table -> key -> value) override it. Raises ConfigError, naming every mistake.

    A missing token is no mistake here, since only a live bot needs it: see `require_live`.
    """
    findings = Findings()
    data = read_toml(path, (path, NOWHERE), findings)
    settings, plain = None, {}
    if data is not None:
        for table, values in (changes or {}).items():
            data[table] = {**data.get(table, {}), **values}
        plain = deepcopy(data)
        fill_secrets(data, env, path, findings)
        settings = validate(Settings, data, path, findings)
    return findings.require(settings).read_from(path, plain)


def change_settings(settings: Settings, changes: Mapping[str, Mapping[str, Any]], findings: Findings) -> Settings:
    """The same settings but for `changes` (table -> key -> value), validated like the file; secrets stay."""
    plain = settings.plain
    data = plain | {table: {**plain.get(table, {}), **values} for table, values in changes.items()}
    changed = validate(Settings, data, settings.file, findings)
    if changed is None:
        return settings
    secret = {"storage": settings.storage, "telegram": settings.telegram}
    return changed.model_copy(update=secret).read_from(settings.file, settings.plain)


def validate(model: type[Model], data: dict[str, Any], path: Path, findings: Findings) -> Model | None:
    """The data as a value of `model`; None, with findings, where it does not fit."""
    try:
        return model.model_validate(_immutable(data), context={"folder": path.absolute().parent})
    except ValidationError as error:
        explain(error, model, data, path, findings)
        return None


def _immutable(value: Any) -> Any:
    """Lists as tuples, all the way down, which strict settings ask for."""
    if isinstance(value, dict):
        return {key: _immutable(inner) for key, inner in value.items()}
    return tuple(map(_immutable, value)) if isinstance(value, list) else value


def read_toml(path: Path, named_by: tuple[Path, str], findings: Findings) -> dict[str, Any] | None:
    """The file's tables; None, with a finding, where it cannot be read. A byte order mark is skipped.

    `named_by`: the file and key that name this file; it is there that a missing one is to be mended.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        findings.add(
            *named_by,
            both(f"没有这个文件：{path}", f"there is no such file: {path}"),
            both("改正路径，或建好这个文件", "correct the path, or make the file"),
        )
    except OSError as error:
        findings.add(
            *named_by,
            both(f"读不了 {path}", f"cannot read {path}: {error.strerror}"),
            both("检查路径和权限", "check the path and its permissions"),
        )
    except UnicodeDecodeError:
        findings.add(
            path,
            NOWHERE,
            both("文件不是 UTF-8 编码", "the file is not UTF-8"),
            both("用编辑器另存为 UTF-8", "save it as UTF-8 in your editor"),
        )
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at ([^)]*)\)", str(error))
        findings.add(
            path,
            place[1] if place else NOWHERE,
            both("TOML 写法不对", f"not valid TOML: {error}"),
            both(
                "看这一行和上一行：引号、括号、逗号；文字和时间都要加引号",
                "look at this line and the one before: quotes, brackets, commas; texts and times need quotes",
            ),
        )
    return None
