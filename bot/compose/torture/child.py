"""The whole bot as `run` starts it, made to be killed, frozen and cut off at any moment."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.alarm import Alertness
from bot.compose.desk import tagger_for
from bot.compose.live import Knobs, run_live
from bot.compose.torture.clock import TurnedClock
from bot.config import SAMPLE_CONFIG, Settings, load_settings, load_town
from bot.domain.keys import Keyring
from bot.pacing import SendLimits
from bot.tagging.tagger import TownTagger

log = logging.getLogger(__name__)

TARGET = "bot.compose.torture.child:main"
SECRET = "torture-webhook-secret"  # noqa: S105 - there is nothing behind it
KEYS = Keyring(b"t" * 32, {"1": b"1" * 32}).text()
STOPPED = "stopped in good order"


@dataclass(frozen=True, slots=True)
class Orders:
    """What one process is started with; `changes` to the sample configuration. Times are seconds."""

    token: str
    changes: dict[str, Any]
    clock: str
    lease: float
    poll_wait: float
    poll_silence: float
    alertness: dict[str, float]
    paced: bool

    def arguments(self) -> list[str]:
        return [json.dumps(asdict(self))]


def main(arguments: Sequence[str]) -> None:
    orders = Orders(**json.loads(arguments[0]))
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    knobs = Knobs(
        clock=TurnedClock(Path(orders.clock)),
        limits=None if orders.paced else SendLimits.none(),
        lease=timedelta(seconds=orders.lease),
        poll_wait=orders.poll_wait,
        poll_silence=orders.poll_silence,
        alertness=Alertness(**orders.alertness),
        tagger=lambda _, town: READER.for_town(town.villages, town.open_topics),
    )
    asyncio.run(run_live(settings_of(orders.token, orders.changes), lambda _: None, knobs=knobs))
    log.warning(STOPPED)


def settings_of(token: str, changes: dict[str, Any]) -> Settings:
    environment = {
        "XIANGYIN_TELEGRAM_TOKEN": token,
        "XIANGYIN_WEBHOOK_SECRET": SECRET,
        "XIANGYIN_IDENTITY_KEYS": KEYS,
    }
    return load_settings(SAMPLE_CONFIG, environment, changes)


def _warm_reader() -> TownTagger:
    """Reads the dictionaries before the first fork: that would outlast most of these lives."""
    settings = load_settings(SAMPLE_CONFIG, {})
    reader = tagger_for(settings, load_town(settings))
    reader.warm_up()
    return reader


READER = _warm_reader()
