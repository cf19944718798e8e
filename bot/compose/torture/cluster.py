"""PostgreSQL for a trial: a server that is given, or one of our own, which may be pulled down and is thrown away."""

import asyncio
import os
import pwd
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from storage.trials import create_database, cut_off, drop_database, let_in, on_server

_numbers = count(1)
_POWERLESS = "nobody"
"""PostgreSQL refuses to run as root; then it runs as this user."""


class Postgres(Protocol):
    """A server with databases of ours on it."""

    @property
    def admin(self) -> str:
        """Where databases are created and dropped from."""
        ...

    def url(self, database: str) -> str: ...

    async def pull_down(self, database: str) -> None:
        """Every connection breaks at once, and none can be had."""
        ...

    async def bring_up(self, database: str) -> None: ...


class GivenServer:
    """Somebody's server: only our own database is shut."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def admin(self) -> str:
        return self._url

    def url(self, database: str) -> str:
        return on_server(self._url, database)

    async def pull_down(self, database: str) -> None:
        await asyncio.to_thread(cut_off, self._url, database)

    async def bring_up(self, database: str) -> None:
        await asyncio.to_thread(let_in, self._url, database)


class OwnServer:
    """A cluster in a folder of its own, from the programs in `programs` (initdb, pg_ctl, postgres)."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        self._port = free_port()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def admin(self) -> str:
        return self.url("postgres")

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self._port}/{database}"

    async def create(self) -> None:
        await self._run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync")
        # Nothing here has to survive a power cut: a server that is pulled down has handed its writes to the system.
        (self._data / "postgresql.auto.conf").write_text("fsync = off\nmax_connections = 200\n")
        await self._start()

    async def pull_down(self, database: str = "") -> None:
        await self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    async def bring_up(self, database: str = "") -> None:
        await self._start()

    async def _start(self) -> None:
        listening = f"-h 127.0.0.1 -p {self._port} -k {self._folder}"
        await self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", listening, "start")

    async def _run(self, program: str, *arguments: str) -> None:
        process = await asyncio.create_subprocess_exec(
            str(self._programs / program), "-D", str(self._data), *arguments, cwd="/",
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
            **_powerless(),
        )  # fmt: skip
        if await process.wait():
            raise RuntimeError(f"{program} failed; see {self._folder / 'log'}")


@asynccontextmanager
async def postgres_at(where: str) -> AsyncIterator[Postgres]:
    """`where`: the postgresql:// URL of a server on which we may create databases, or the folder of its programs.

    Raises RuntimeError or OSError where the programs do not start.
    """
    if "://" in where:
        yield GivenServer(where)
        return
    # Not the temporary folder, which another user often cannot enter.
    folder = Path(tempfile.mkdtemp(prefix="xy-torture-pg-", dir="/var/tmp"))
    if user := _powerless().get("user"):
        os.chown(folder, user, -1)
    server = OwnServer(Path(where), folder)
    try:
        await server.create()
        yield server
    finally:
        await server.pull_down()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def database_on(server: Postgres) -> AsyncIterator[str]:
    """The name of a fresh, empty database, dropped afterwards."""
    name = f"xy_torture_{os.getpid()}_{next(_numbers)}"
    await asyncio.to_thread(create_database, server.admin, name)
    try:
        yield name
    finally:
        await asyncio.to_thread(drop_database, server.admin, name)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _powerless() -> dict[str, Any]:
    if os.geteuid():
        return {}
    user = pwd.getpwnam(_POWERLESS)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
