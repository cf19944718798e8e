"""A town in which something has happened: a case from complaint to rating, and duties of each kind."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from bot.config import SAMPLE_CONFIG
from bot.domain.duties import FORMS, Duty, DutyKind
from bot.domain.sentences import read_sentence
from bot.texts.catalogue import Catalogue
from bot.usecases.ledger import Ledger
from storage.migrate import migrate
from tests.support.chat import LocalTown, local_town


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[LocalTown]:
    async with local_town(tmp_path) as town:
        yield town


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration of a town with an empty database, in a folder of its own."""
    for file in SAMPLE_CONFIG.parent.glob("*.toml"):
        shutil.copy(file, tmp_path)
    with (tmp_path / "config.toml").open("a", encoding="utf-8") as config:
        config.write(f'\n[storage]\nurl = "sqlite:{tmp_path / "town.sqlite"}"\n')
    asyncio.run(migrate(f"sqlite:{tmp_path / 'town.sqlite'}"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@asynccontextmanager
async def ledger_of(place: LocalTown, station: str | None = None, seat: str | None = None) -> AsyncIterator[Ledger]:
    async with place.store.begin() as tx:
        yield Ledger(tx, place.town, Catalogue.load(), station, seat)


async def note(place: LocalTown, kind: DutyKind, text: str, seat: str = "shilong-1") -> Duty:
    """A duty as the chat would record it from this sentence on 2 March 2026."""
    read = read_sentence(text, FORMS[kind], date(2026, 3, 2), place.town.seats)
    holder = place.town.seat(seat)
    async with place.store.begin() as tx:
        person = await tx.people.find("local", "clerk") or await tx.people.add(
            "local", "clerk", "clerk", "zh-CN", place.clock.now()
        )
        duty = Duty(
            0,
            kind,
            read.on,
            seat,
            person.id,
            holder.station if holder else None,
            text,
            place.clock.now(),
            read.facts,
            read.members,
            read.cases,
        )
        return await tx.duties.add(duty)
