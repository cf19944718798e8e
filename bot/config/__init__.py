"""The configuration: settings and the town, read from TOML files and checked before anything starts."""

from pathlib import Path

from bot.config.configuration import Configuration, load_configuration
from bot.config.loader import load_settings
from bot.config.mistakes import ConfigError, Mistake
from bot.config.secrets import require_live
from bot.config.settings import Settings
from bot.config.town import load_town
from bot.config.warnings import find_warnings

SAMPLE_CONFIG = Path(__file__).parents[1] / "data" / "sample" / "config.toml"
"""The packaged sample town. Give it a storage of your own: `changes={"storage": {"url": …}}`."""

__all__ = [
    "SAMPLE_CONFIG",
    "ConfigError",
    "Configuration",
    "Mistake",
    "Settings",
    "find_warnings",
    "load_configuration",
    "load_settings",
    "load_town",
    "require_live",
]
