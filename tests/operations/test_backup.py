"""A machine is lost in mid-load, and its backup becomes the town again, whole, on either database."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.__main__ import main
from bot.domain.keys import Keyring
from storage.backup import BackupError, Belongings, back_up, forget_old, restore
from storage.copying import CopyError, check_histories, snapshot
from storage.engine import normalise_url, plain_transaction
from storage.migrate import current
from storage.schema import cases
from storage.sealing import SealError
from storage.store import open_store
from tests.support.chat import local_town
from tests.support.kills import kill_loop
from tests.support.pictures import jpeg
from tests.support.postgres import database
from tests.support.stores import KEYS

SECRET = "a passphrase that is long enough"
NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where to restore to: nothing is there."""
    if request.param == "sqlite":
        yield f"sqlite:{tmp_path / 'new' / 'town.sqlite'}"
        return
    with database(request.getfixturevalue("server")) as url:
        yield url


async def count_cases(url: str) -> int:
    """By a reader, which need not wait its turn behind a writer that never rests."""
    where = normalise_url(url)
    engine = sa.create_engine(where, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(cases)).scalar_one())


async def submit_one(url: str, folder: Path, text: str = "我们石龙村的路灯坏了半个月") -> None:
    async with local_town(folder, url=url) as place:
        villager = place.client("v1")
        await villager.agree()
        await villager.submit(text)


async def test_what_was_there_before_the_backup_survives_the_loss_of_the_machine_in_mid_load(
    url: str, fresh_url: str, tmp_path: Path
) -> None:
    backups = tmp_path / "backups"
    before = 0
    path: Path | None = None

    async def backed_up_under_load() -> None:
        nonlocal before, path
        async with asyncio.timeout(60):
            while before < 8:
                await asyncio.sleep(0.05)
                before = await count_cases(url)
        path = await back_up(url, backups, SECRET, NOW)

    await kill_loop(
        ["tests.operations.load_child:main", url, str(tmp_path)],
        kills=0, log=tmp_path / "log", seed=1, after_kill=_nothing, settled=backed_up_under_load,
    )  # fmt: skip
    assert path
    lost = await count_cases(url)
    if url.startswith("sqlite"):
        for file in tmp_path.glob("town.sqlite*"):
            file.unlink()
    else:
        _drop_everything(url)
    found = await restore(path, SECRET, fresh_url)
    assert before <= found.cases <= lost
    assert await count_cases(fresh_url) == found.cases
    with snapshot(fresh_url) as connection:
        assert check_histories(connection) == found.cases
    async with local_town(tmp_path, url=fresh_url) as place:
        async with place.store.begin() as tx:
            assert await tx.inbox.parked() == []
        await place.worker.drain()
        place.keys = count(10_000_000)
        villager = place.client("v9")
        await villager.agree()
        case = await villager.submit("石龙村的桥塌了一角")
        assert int(case.number[-6:]) == len(await place.cases()) > found.cases


async def _nothing() -> None:
    """No process was killed yet."""


def _drop_everything(url: str) -> None:
    with plain_transaction(normalise_url(url)) as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))


async def test_a_backup_shows_nothing_without_its_passphrase(sqlite_url: str, tmp_path: Path) -> None:
    await submit_one(sqlite_url, tmp_path)
    path = await back_up(sqlite_url, tmp_path / "b", SECRET, NOW)
    assert "路灯".encode() not in path.read_bytes()
    assert b"SQLite" not in path.read_bytes()
    with pytest.raises(SealError, match="passphrase is wrong"):
        await restore(path, "another passphrase", f"sqlite:{tmp_path / 'new.sqlite'}")
    assert not (tmp_path / "new.sqlite").exists()
    assert list((tmp_path / "b").iterdir()) == [path], "nothing is left lying about"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: data[:2000] + bytes([data[2000] ^ 1]) + data[2001:],
        lambda data: data[:30] + bytes([data[30] ^ 1]) + data[31:],
        lambda data: b"",
        lambda data: b"PK" + data[2:],
    ],
    ids=["cut", "longer", "a bit", "the salt", "empty", "another file"],
)
async def test_a_damaged_backup_restores_nothing(
    sqlite_url: str, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = await back_up(sqlite_url, tmp_path / "b", SECRET, NOW)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(SealError):
        await restore(path, SECRET, f"sqlite:{tmp_path / 'new.sqlite'}")
    assert not (tmp_path / "new.sqlite").exists()


async def test_a_piece_of_a_large_backup_cannot_go_missing_or_change_places(sqlite_url: str, tmp_path: Path) -> None:
    noise = os.urandom(1_800_000).hex()
    await submit_one(sqlite_url, tmp_path)
    with plain_transaction(normalise_url(sqlite_url)) as connection:
        connection.execute(sa.text("UPDATE cases SET answer = :noise"), {"noise": noise})
    path = await back_up(sqlite_url, tmp_path / "b", SECRET, NOW)
    head, piece = 18 + 16 + 7, 1024 * 1024 + 16
    data = path.read_bytes()
    assert len(data) > head + piece * 1.5
    first, rest = data[head : head + piece], data[head + piece :]
    for damaged in (data[:head] + first, data[:head] + rest, data[:head] + rest + first):
        path.write_bytes(damaged)
        with pytest.raises(SealError):
            await restore(path, SECRET, f"sqlite:{tmp_path / 'new.sqlite'}")
    path.write_bytes(data)
    assert (await restore(path, SECRET, f"sqlite:{tmp_path / 'new.sqlite'}")).cases == 1


async def test_nothing_that_is_there_is_overwritten(sqlite_url: str, postgres_url: str, tmp_path: Path) -> None:
    await submit_one(sqlite_url, tmp_path)
    path = await back_up(sqlite_url, tmp_path / "b", SECRET, NOW)
    with pytest.raises(BackupError, match="exists"):
        await restore(path, SECRET, sqlite_url)
    (tmp_path / "new.sqlite-wal").write_bytes(b"left over")
    with pytest.raises(BackupError, match="wal exists"):
        await restore(path, SECRET, f"sqlite:{tmp_path / 'new.sqlite'}")
    await restore(path, SECRET, postgres_url)
    with pytest.raises(BackupError, match="not empty"):
        await restore(path, SECRET, postgres_url)


async def test_a_town_with_a_broken_history_is_noticed_when_it_is_backed_up(sqlite_url: str, tmp_path: Path) -> None:
    await submit_one(sqlite_url, tmp_path)
    with plain_transaction(normalise_url(sqlite_url)) as connection:
        connection.execute(sa.text("UPDATE cases SET head = 'x'"))
    with pytest.raises(CopyError):
        await back_up(sqlite_url, tmp_path / "b", SECRET, NOW)
    assert list((tmp_path / "b").iterdir()) == []


def test_backups_out_of_date_are_deleted_and_nothing_else(tmp_path: Path) -> None:
    names = ["xiangyin-20260201T030000Z.backup", "xiangyin-20260301T030000Z.backup", "other-20200101.backup"]
    for name in names:
        (tmp_path / name).touch()
    assert [path.name for path in forget_old(tmp_path, NOW, timedelta(days=7))] == names[:1]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])


def test_the_commands_make_a_key_a_backup_and_a_town_again(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = Path(__file__).parents[2] / "bot" / "data" / "sample"
    shutil.copytree(sample, tmp_path / "town")
    config = tmp_path / "town" / "config.toml"
    config.write_text(config.read_text() + f'\n[storage]\nurl = "{sqlite_url}"\n')
    asyncio.run(submit_one(sqlite_url, tmp_path))
    key = tmp_path / "key"
    made = ["backup", "--config", str(config), "--to", str(tmp_path / "b"), "--key-file", str(key)]
    assert _exit_code(made) == 2
    assert main([*made, "--new-key", "--keep", "30"]) == 0
    assert key.stat().st_mode & 0o777 == 0o600
    [path] = (tmp_path / "b").iterdir()
    new = f"sqlite:{tmp_path / 'new.sqlite'}"
    back = ["restore", str(path), "--to", new, "--key-file", str(key), "--files-to", str(tmp_path / "f")]
    assert main(back) == 0
    told = capsys.readouterr().out
    assert "1 条意见" in told
    assert "[storage] url" in told
    assert (tmp_path / "f" / "roster.toml").read_bytes() == (sample / "roster.toml").read_bytes()
    assert asyncio.run(current(new)) == asyncio.run(current(sqlite_url))
    assert main(back) == 1
    key.chmod(0o644)
    assert _exit_code(back) == 2


def _exit_code(arguments: list[str]) -> object:
    try:
        return main(arguments)
    except SystemExit as ended:
        return ended.code


async def test_attachments_contacts_and_keys_come_back_with_the_town(url: str, fresh_url: str, tmp_path: Path) -> None:
    async with local_town(tmp_path, url=url) as place:
        villager = place.client("v1")
        await villager.agree()
        await villager.say("我们石龙村的路灯坏了半个月")
        await villager.file("photo", jpeg(place=True))
        await villager.tap("下一步")
        await villager.tap("提交")
        await villager.say("/phone 13800138000")
        await place.fetcher.drain()
        async with place.store.begin() as tx:
            [one] = await tx.cases.attachments(1)
        assert one.name
        before = await place.files.get(one.name)
    belongings = Belongings(attachments=tmp_path / "files", keys=KEYS.text())
    path = await back_up(url, tmp_path / "b", SECRET, NOW, belongings)
    for secret in (b"13800138000", KEYS.text().encode()[:40], before[:40]):
        assert secret not in path.read_bytes()
    shutil.rmtree(tmp_path / "files")
    home = tmp_path / "home"
    found = await restore(path, SECRET, fresh_url, home, home / "files")
    assert (found.attachments, found.lost) == (1, 0)
    assert found.keys
    assert found.keys.stat().st_mode & 0o777 == 0o600
    store = await open_store(fresh_url, Keyring.parse(found.keys.read_text()))
    async with store.begin() as tx:
        person = await tx.people.find("local", "v1")
        assert person
        assert (await tx.contacts.of(person.id)).phone == "13800138000"
        assert await tx.cases.author(1) == person.id
    assert await store.files_in(home / "files").get(one.name) == before
    await store.close()


async def test_attachments_that_are_missing_are_told_of(sqlite_url: str, tmp_path: Path) -> None:
    async with local_town(tmp_path, url=sqlite_url) as place:
        villager = place.client("v1")
        await villager.agree()
        await villager.say("我们石龙村的路灯坏了半个月")
        await villager.file("photo", jpeg())
        await villager.tap("下一步")
        await villager.tap("提交")
        await place.fetcher.drain()
    path = await back_up(sqlite_url, tmp_path / "b", SECRET, NOW, Belongings(attachments=tmp_path / "elsewhere"))
    found = await restore(path, SECRET, f"sqlite:{tmp_path / 'new' / 'town.sqlite'}")
    assert (found.attachments, found.lost) == (0, 1)
