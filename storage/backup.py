"""Backups: the whole town as it was at one moment, encrypted in one file, and back again into either database."""

import asyncio
import contextlib
import io
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import sqlalchemy as sa

from bot.domain.files import FileState
from storage.copying import check_histories, copy_database, snapshot
from storage.engine import normalise_url, plain_transaction, sqlite_path
from storage.filestore import path_of
from storage.migrate import check, current, migrate
from storage.schema import attachments, duty_files, metadata
from storage.sealing import Sealer, unseal

PATTERN = "xiangyin-*.backup"
_NAME = "xiangyin-%Y%m%dT%H%M%SZ.backup"
_DATABASE = "town.sqlite"
_FILES = "files/"
_ATTACHMENTS = "attachments/"
_KEYS = "identity.keys"


class BackupError(Exception):
    """The backup cannot be made or brought back; the message says why."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back."""

    cases: int
    files: tuple[str, ...]
    attachments: int = 0
    lost: int = 0  # attachments that the database knows of and the backup does not have
    keys: Path | None = None  # where the identity keys were put


@dataclass(frozen=True, slots=True)
class Belongings:
    """What a town has besides its database: what describes it, where its attachments lie, and its identity keys."""

    files: Sequence[Path] = ()
    attachments: Path | None = None
    keys: str | None = None


async def back_up(
    url: str, folder: Path, passphrase: str, now: datetime, belongings: Belongings = Belongings()
) -> Path:
    """Write a backup of the database and all that belongs to it into `folder` while the town goes on. Returns its path.

    Attachments follow the database: each that it knows of is whole by then, or was deleted since.

    The histories are checked first, so that a damaged town is noticed on the day. While it is made, a copy that is not
    encrypted lies in `folder`, readable by this user alone. Raises CopyError, WrongRevisionError.
    """
    await check(url)
    return await asyncio.to_thread(_back_up, url, folder, passphrase, now, belongings)


def _back_up(url: str, folder: Path, passphrase: str, now: datetime, belongings: Belongings) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / now.astimezone(UTC).strftime(_NAME)
    with TemporaryDirectory(dir=folder, prefix=".making-") as made:
        copy = Path(made) / _DATABASE
        source = sqlite_path(normalise_url(url))
        if source:
            _copy_file(source, copy)
            with snapshot(f"sqlite:{copy}") as connection:
                check_histories(connection)
        else:
            asyncio.run(copy_database(url, f"sqlite:{copy}"))
        _one_file(copy)
        sealed = Path(made) / "sealed"
        with sealed.open("wb") as out:
            with closing(Sealer(out, passphrase)) as sealer, tarfile.open(fileobj=sealer, mode="w|gz") as tar:
                tar.add(copy, _DATABASE)
                for file in belongings.files:
                    tar.add(file, _FILES + file.name)
                if belongings.keys:
                    _add_text(tar, _KEYS, belongings.keys)
                for path in _kept(copy, belongings.attachments):
                    with contextlib.suppress(FileNotFoundError):  # deleted since the database was copied
                        tar.add(path, _ATTACHMENTS + path.name)
            out.flush()
            os.fsync(out.fileno())
        sealed.rename(done)
    return done


async def restore(
    backup: Path, passphrase: str, url: str, files_to: Path | None = None, attachments_to: Path | None = None
) -> Restored:
    """Bring a backup back into an empty or missing database, brought up to this program's revision.

    Nothing is there before all of it has proved whole. `files_to` gets the files that the backup holds,
    `attachments_to` the attachments (None: `files` beside a SQLite database); the identity keys go beside a SQLite
    database, else to `files_to`. Raises
    BackupError (something is in the way), SealError, CopyError.
    """
    target = sqlite_path(normalise_url(url))
    if target and (there := _in_the_way(target)):
        raise BackupError(f"{there} exists: move it away first")
    if target is None and await current(url) is not None and await asyncio.to_thread(_holds_something, url):
        raise BackupError("the target database is not empty")
    beside = target.parent if target else backup.parent
    beside.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=beside, prefix=".restoring-") as made:
        await asyncio.to_thread(_unpack, backup, passphrase, Path(made))
        copy = Path(made) / _DATABASE
        await migrate(f"sqlite:{copy}")
        cases = await asyncio.to_thread(_prove, copy)
        wanted = len(_kept(copy, Path(made)))
        if target:
            await asyncio.to_thread(_put, copy, target)
        else:
            await copy_database(f"sqlite:{copy}", url)
        beside_it = target.parent if target else None
        count = _put_attachments(Path(made) / _ATTACHMENTS, attachments_to or (beside_it and beside_it / "files"))
        keys = _put_keys(Path(made) / _KEYS, beside_it or files_to)
        return Restored(cases, tuple(_put_files(Path(made) / _FILES, files_to)), count, max(0, wanted - count), keys)


def _kept(copy: Path, folder: Path | None) -> list[Path]:
    """The attachments that the copied database knows of."""
    if folder is None:
        return []
    with plain_transaction(normalise_url(f"sqlite:{copy}")) as connection:
        rows = (
            connection.execute(sa.select(table.c.name).where(table.c.state == FileState.KEPT)).scalars().all()
            for table in (attachments, duty_files)
        )
        return [path_of(folder, name) for names in rows for name in names if name]


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o600
    tar.addfile(entry, io.BytesIO(data))


def _put_attachments(unpacked: Path, folder: Path | None) -> int:
    """How many were put into the folder, sealed as they were."""
    found = sorted(unpacked.glob("*"))
    if found and folder is None:
        raise BackupError("say where the attachments go: --attachments-to")
    for path in found:
        target = path_of(folder or unpacked, path.name)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(path, target)
        target.chmod(0o600)
    return len(found)


def _put_keys(unpacked: Path, folder: Path | None) -> Path | None:
    """The keys without which nobody can be read; never over ones that are there."""
    if not unpacked.exists() or folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / _KEYS
    if target.exists():
        return None
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(unpacked.read_bytes())
    return target


def forget_old(folder: Path, now: datetime, kept: timedelta) -> list[Path]:
    """Delete the backups in `folder` that are older than `kept`: what people had deleted is then gone there too."""
    limit = (now - kept).astimezone(UTC).strftime(_NAME)
    old = sorted(path for path in folder.glob(PATTERN) if path.name < limit)
    for path in old:
        path.unlink()
    return old


def _copy_file(source: Path, copy: Path) -> None:
    """By SQLite's own online backup: the bot goes on writing meanwhile."""
    address = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as original, closing(sqlite3.connect(copy)) as out:
        original.backup(out)


def _one_file(copy: Path) -> None:
    """Put what stands in the write-ahead log into the file itself."""
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _unpack(backup: Path, passphrase: str, folder: Path) -> None:
    with TemporaryFile(dir=folder) as plain, backup.open("rb") as sealed:
        for piece in unseal(sealed, passphrase):
            plain.write(piece)
        plain.seek(0)
        with tarfile.open(fileobj=plain, mode="r:gz") as tar:
            for member in tar:  # what `filter="data"` would do, which needs Python 3.11.4
                target, source = folder / member.name, tar.extractfile(member) if member.isfile() else None
                if source is None or not target.resolve().is_relative_to(folder.resolve()):
                    raise BackupError(f"the backup holds what no backup holds: {member.name}")
                target.parent.mkdir(parents=True, exist_ok=True)
                with source, target.open("wb") as file:
                    shutil.copyfileobj(source, file)


def _prove(copy: Path) -> int:
    """How many cases a whole database holds. Raises BackupError, CopyError."""
    with snapshot(f"sqlite:{copy}") as connection:
        if (found := connection.exec_driver_sql("PRAGMA integrity_check").scalar()) != "ok":
            raise BackupError(f"the database in the backup is damaged: {found}")
        count = check_histories(connection)
    _one_file(copy)
    return count


def _holds_something(url: str) -> bool:
    with plain_transaction(normalise_url(url)) as connection:
        return any(connection.execute(table.select().limit(1)).first() for table in metadata.sorted_tables)


def _in_the_way(target: Path) -> Path | None:
    """The database, or a leftover log of a lost one, which SQLite would write into the restored one."""
    paths = (target.with_name(target.name + end) for end in ("", "-wal", "-shm", "-journal"))
    return next((path for path in paths if path.exists()), None)


def _put(copy: Path, target: Path) -> None:
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    copy.chmod(0o600)
    copy.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _put_files(unpacked: Path, folder: Path | None) -> list[str]:
    """The names of the files that were there, or that were put into `folder`: never over one that is there."""
    names = sorted(path.name for path in unpacked.glob("*"))
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            if (folder / name).exists():
                raise BackupError(f"{folder / name} exists")
            (folder / name).write_bytes((unpacked / name).read_bytes())
    return names
