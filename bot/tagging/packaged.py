"""Read the TOML files that the package brings along."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def packaged(name: str) -> dict[str, Any]:
    """The contents of `bot/data/<name>`; callers must not change it. Raises FileNotFoundError."""
    return tomllib.loads(files("bot").joinpath("data", name).read_text(encoding="utf-8"))
