"""The whole bot as `run` starts it, made to be killed at any moment."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta

from bot.compose.live import run_live
from bot.config import SAMPLE_CONFIG, load_settings
from bot.pacing import SendLimits
from tests.support.chat import sample
from tests.support.stores import KEYS


def main(arguments: Sequence[str]) -> None:
    """Arguments: the token, and the changes to the sample configuration as JSON."""
    token, changes = arguments
    environment = {"XIANGYIN_TELEGRAM_TOKEN": token, "XIANGYIN_WEBHOOK_SECRET": "kill-test-secret",
                   "XIANGYIN_IDENTITY_KEYS": KEYS.text()}  # fmt: skip
    tireless = {"flood": {"burst": 10000, "per_minute": 10000}}
    settings = load_settings(SAMPLE_CONFIG, environment, tireless | json.loads(changes))
    asyncio.run(run_live(settings, lambda _: None, limits=SendLimits.none(), lease=timedelta(seconds=4)))


# Imported once, before the first fork: reading the tagger's dictionaries would outlast most of these lives.
sample()[1].warm_up()
