"""Every fault with the settings in which it strikes, and how a row of the table is run."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.compose.torture import ground, network, processes, times
from bot.compose.torture.child import TARGET
from bot.compose.torture.cluster import Postgres, database_on, postgres_at
from bot.compose.torture.disks import MakeDisk, plain, that_fills, that_turns_read_only
from bot.compose.torture.judge import Row, Setting
from bot.compose.torture.nursery import Nursery, nursery
from bot.compose.torture.stage import Script, Stage, logs_of, stage_for
from handlers.sandbox.botapi import RateLimits

SQLITE = (Setting("polling", "sqlite"), Setting("webhook", "sqlite"))
POSTGRES = (Setting("polling", "postgresql"), Setting("webhook", "postgresql"))
THREE = (Setting("webhook", "postgresql", 3),)
"""Polling allows one process (Telegram refuses a second), and SQLite is one process's own."""
SHORT = 4.0
"""Seconds of a lease where the trial waits for it to run out."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`every`: of so many kills that are asked for, this fault strikes once."""

    name: str
    act: Callable[[Stage, int], Awaitable[None]]
    settings: tuple[Setting, ...]
    every: int = 20
    script: Script = field(default_factory=Script)
    refusals: bool = False
    disk: MakeDisk = plain

    @property
    def words(self) -> str:
        return self.act.__doc__ or ""


FAULTS = (
    Fault("calm", processes.calm, SQLITE + THREE, every=10),
    Fault("paced", processes.calm, SQLITE, every=10, script=Script(limits=RateLimits(), paced=True)),
    Fault("kill", processes.kill, SQLITE + POSTGRES + THREE, every=1, script=Script(lease=SHORT)),
    Fault("frozen", processes.freeze, SQLITE + THREE, script=Script(lease=SHORT)),
    Fault("full", ground.fail_disk, SQLITE, script=Script(lease=SHORT), disk=that_fills),
    Fault("read-only", ground.fail_disk, SQLITE, script=Script(lease=SHORT), disk=that_turns_read_only),
    # The lease outlasts the restart: or another replica sends what the first one could not note.
    Fault("restart", ground.restart, POSTGRES + THREE, every=10),
    Fault("clock", times.jump, SQLITE + THREE, script=Script(lease=SHORT, own_clocks=True)),
    Fault("day", times.be_away, SQLITE + THREE, every=50, script=Script(lease=SHORT)),
    Fault("hang", network.hang, SQLITE + THREE, script=Script(lease=2 * SHORT)),
    Fault("lines", network.break_lines, SQLITE + THREE, every=10),
    Fault("429", network.storm, (SQLITE[0], *THREE), every=40, script=Script(paced=True)),
    Fault("403", network.block, (SQLITE[0], *THREE), every=40, refusals=True),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be run. `seconds`: how long anybody waits for anything before the row has failed."""

    kills: int = 20
    only: tuple[str, ...] = ()
    postgresql: str | None = None
    seconds: float = 120.0


async def torture(wish: Wish) -> AsyncIterator[Row]:
    """Run every row that is wished for, one after the other."""
    async with AsyncExitStack() as stack:
        born = await stack.enter_async_context(nursery(TARGET))
        server = await stack.enter_async_context(postgres_at(wish.postgresql)) if wish.postgresql else None
        for fault in FAULTS:
            if wish.only and fault.name not in wish.only:
                continue
            for setting in fault.settings:
                if setting.database == "sqlite" or server:
                    yield await strike(fault, setting, wish, born, server)


async def strike(fault: Fault, setting: Setting, wish: Wish, born: Nursery, server: Postgres | None) -> Row:
    """One row. Whatever goes wrong is told in it."""
    row = Row(fault.name, setting)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xy-torture-")))
        disk = await stack.enter_async_context(fault.disk(folder))
        url, name = await stack.enter_async_context(_address(setting, disk.folder, server))
        stage = await stack.enter_async_context(stage_for(row, fault.script, born, folder, url, wish.seconds))
        stage.postgres, stage.database, stage.disk = server, name, disk
        try:
            await fault.act(stage, max(1, wish.kills // fault.every))
            await stage.judge(refusals=fault.refusals)
        except Exception as error:
            row.wrong.append(f"{_told(error)}\n{logs_of(stage.replicas)}")
    return row


def _told(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(map(_told, error.exceptions))
    return f"{type(error).__name__}: {error}"


@asynccontextmanager
async def _address(setting: Setting, folder: Path, server: Postgres | None) -> AsyncIterator[tuple[str, str]]:
    """The database's URL, and its name on the server."""
    if setting.database == "sqlite":
        yield f"sqlite:{folder / 'town.sqlite'}", ""
        return
    if server is None:
        raise ValueError("this needs PostgreSQL")
    async with database_on(server) as name:
        yield server.url(name), name
