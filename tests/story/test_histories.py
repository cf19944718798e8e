"""Random histories of a small town, through the real use cases and a real database: what must hold always, holds.

`XIANGYIN_HISTORIES=20000` plays so many on each kind of database, `XIANGYIN_SEED` others than the usual ones.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from bot.domain.machine import TABLE, Action, Part
from storage.migrate import migrate
from storage.store import open_store
from tests.story.deeds import ACTS, NEEDED
from tests.story.laws import Laws
from tests.story.walking import Step, Walk, settle_in
from tests.support.chat import LocalTown, town_over
from tests.support.postgres import database, empty, postgres_server
from tests.support.stores import KEYS, sqlite_store

HISTORIES = int(os.environ.get("XIANGYIN_HISTORIES", "0"))
SEED = int(os.environ.get("XIANGYIN_SEED", "1"))
LENGTH = 40
MEMORY = Path("/dev/shm")


Towns = Callable[[], Awaitable[LocalTown]]
"""A fresh town each time; the one before is gone then."""


async def play(towns: Towns, histories: int, seen: Counter[str], laws: type[Laws] = Laws) -> None:
    """So many histories; of one in which something does not hold, a short one is told that still shows it."""
    for number in range(histories):
        place = await towns()
        walk = Walk(place, await settle_in(place), Random(f"{SEED}:{number}"), seen)
        try:
            await go(walk, laws(place))
        except Exception as error:
            short = await shortened(towns, walk.steps, type(error), laws)
            steps = "\n".join(map(repr, short))
            raise AssertionError(f"history {number} of seed {SEED}: {error!r}\n{steps}") from error
        await note(place, seen)


async def go(walk: Walk, laws: Laws) -> None:
    for _ in range(LENGTH):
        step = await walk.choose()
        await walk.take(step)
        await laws.check(swept=step.name == "sweep")
    await walk.take(Step("sweep"))
    await laws.check(swept=True)


async def note(place: LocalTown, seen: Counter[str]) -> None:
    """Count what was done."""
    for case in await place.cases():
        seen.update(event.action for event in await place.events(case))
    async with place.store.begin() as tx:
        seen["amend"] += len(await tx.amendments.all())
        for one in await tx.suggestions.all():
            seen.update(f"suggestion:{entry.step}" for entry in await tx.suggestions.history(one.id))


async def shortened(towns: Towns, steps: Sequence[Step], kind: type[Exception], laws: type[Laws]) -> list[Step]:
    """Leave out what is not needed for it to go wrong in the same way."""
    left, size = list(steps), max(1, len(steps) // 2)
    while size:
        for start in range(0, len(left), size):
            fewer = left[:start] + left[start + size :]
            if fewer and await goes_wrong(towns, fewer, kind, laws):
                left = fewer
                break
        else:
            size //= 2
    return left


async def goes_wrong(towns: Towns, steps: Sequence[Step], kind: type[Exception], laws: type[Laws]) -> bool:
    place = await towns()
    walk, watched = Walk(place, await settle_in(place), Random(0), Counter()), laws(place)
    try:
        for step in steps:
            await walk.take(step)
            await watched.check(swept=step.name == "sweep")
    except Exception as error:
        return isinstance(error, kind)
    return False


@asynccontextmanager
async def on_sqlite() -> AsyncIterator[Towns]:
    """One file, for each history made again what it was when it was new."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        new, used = Path(folder) / "new.sqlite", Path(folder) / "town.sqlite"
        for path in (new, used):
            await (await sqlite_store(path)).close()
        store = await open_store(f"sqlite:{used}", KEYS, alone=True)

        async def town() -> LocalTown:
            with closing(sqlite3.connect(new)) as source, closing(sqlite3.connect(used)) as target:
                source.backup(target)
            return town_over(store, Path(folder) / "files")

        yield town
        await store.close()


@asynccontextmanager
async def on_postgres() -> AsyncIterator[Towns]:
    """One database, emptied for each history."""
    with postgres_server() as server, database(server) as url, TemporaryDirectory() as folder:
        await migrate(url)
        store = await open_store(url, KEYS)

        async def town() -> LocalTown:
            empty(url)
            return town_over(store, Path(folder))

        yield town
        await store.close()


DATABASES = {"sqlite": (on_sqlite, 70), "postgresql": (on_postgres, 8)}


@pytest.mark.parametrize("kind", DATABASES)
@pytest.mark.timeout(0 if HISTORIES else 300)
async def test_whatever_is_done_in_whatever_order_what_must_hold_holds(kind: str) -> None:
    opened, few = DATABASES[kind]
    seen: Counter[str] = Counter()
    async with opened() as towns:
        await play(towns, HISTORIES or few, seen)
    never = NEEDED - set(seen)
    print(f"{kind}: {HISTORIES or few} histories, {sum(seen.values())} steps, never done: {sorted(never)}")
    if HISTORIES:
        assert never == set()
    elif kind == "sqlite":
        assert len(never) < len(NEEDED) / 10, sorted(never)
        assert seen["amend"]


def test_everything_that_a_person_may_do_to_a_case_is_done_in_histories() -> None:
    """Whoever adds to the table adds to `deeds.ACTS` how it is done."""
    assert {rule.action for rule in TABLE if rule.parts != {Part.SYSTEM}} - set(ACTS) == {Action.HAND_OVER}


class NobodyTakes(Laws):
    """As the laws are, and nobody may take a case."""

    async def check(self, *, swept: bool) -> None:
        await super().check(swept=swept)
        for case in await self.place.cases():
            assert all(event.action != Action.TAKE for event in await self.place.events(case)), "taken"


async def test_a_history_that_goes_wrong_is_told_as_short_as_it_can_be() -> None:
    async with on_sqlite() as towns:
        with pytest.raises(AssertionError, match="taken") as found:
            await play(towns, 50, Counter(), NobodyTakes)
    steps = str(found.value).splitlines()[1:]
    *before, last = [line.split("'")[1] for line in steps]
    assert last == "take"
    assert set(before) <= {"register", "letter", "enter"}
