"""config.example.toml shows every setting with its default, and nothing else."""

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from bot.config import SAMPLE_CONFIG, Settings, load_settings, load_town

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def keys_of(model: BaseModel, above: str = "") -> dict[str, Any]:
    """Dotted key -> value of every setting that a file may hold."""
    found: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value, key = getattr(model, name), f"{above}{field.alias or name}"
        if isinstance(value, BaseModel):
            found |= keys_of(value, f"{key}.")
        elif SecretStr not in _types(field.annotation):
            found[key] = value
    return found


def _types(annotation: Any) -> set[Any]:
    inner = getattr(annotation, "__args__", ())
    return {annotation}.union(*map(_types, inner)) if inner else {annotation}


def flat(data: dict[str, Any], above: str = "") -> set[str]:
    found: set[str] = set()
    for name, value in data.items():
        found |= flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}"}
    return found


def beside_the_sample(tmp_path: Path, text: str) -> Settings:
    for name in ("villages.toml", "roster.toml"):
        shutil.copy(SAMPLE_CONFIG.parent / name, tmp_path / name)
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path, {})


def test_every_setting_is_in_the_example_and_nothing_else(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    whole = re.sub(r"^# ([a-z_]+ = )", r"\1", text, flags=re.MULTILINE)
    settings = beside_the_sample(tmp_path, text)
    assert flat(tomllib.loads(whole)) == keys_of(settings).keys()


def test_the_example_loads_and_shows_the_defaults(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    shown = beside_the_sample(tmp_path, text)
    load_town(shown)
    required = "".join(line for line in text.splitlines(keepends=True) if "必填" in line or line[:1] == "[")
    bare = beside_the_sample(tmp_path, required)
    assert keys_of(shown) == keys_of(bare)
