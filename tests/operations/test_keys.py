"""The identity keys: made once, looked for at each start, and changed while the town goes on."""

import asyncio
import json
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import closing
from pathlib import Path

import pytest

from bot.commands.check_config import run_check_config
from bot.compose.doctor import Grade, examine
from bot.compose.rotation import CannotWriteKeysError, make_keyring, rotate
from bot.compose.stores import open_town_store
from bot.config import SAMPLE_CONFIG, ConfigError, Settings, load_settings
from bot.config.keyfile import NAME, FileKeys
from bot.domain.contacts import ContactKind
from bot.domain.keys import Keyring
from bot.ports import RawUpdate
from storage.migrate import migrate
from storage.store import SqlStore
from tests.storage.samples import NOW
from tests.support.stores import KEYS

PHONE, NAME_OF = "13800138000", "李秀英"


def settings_in(folder: Path, url: str = "", **changes: dict[str, object]) -> Settings:
    storage = {"url": url.replace(":@", "@") or f"sqlite:{folder / 'town.sqlite'}"}
    return load_settings(SAMPLE_CONFIG, {}, {"storage": storage, **changes})


async def filled(settings: Settings, people: int = 5) -> SqlStore:
    await migrate(settings.storage.address().get_secret_value())
    store = await open_town_store(settings)
    async with store.begin() as tx:
        for number in range(people):
            one = await tx.people.add("telegram", f"77{number}", f"77{number}", "zh-CN", NOW)
            await tx.contacts.put(one.id, ContactKind.PHONE, PHONE, NOW)
            await tx.contacts.put(one.id, ContactKind.NAME, NAME_OF, NOW)
            await tx.drafts.start(one.id, "submission", "describe", {"words": [NAME_OF + PHONE]}, NOW)
            await tx.inbox.add([RawUpdate("telegram", number, f"77{number}", f'{{"name": "{NAME_OF}"}}')], NOW)
    return store


async def first_contact(store: SqlStore) -> tuple[str | None, str | None]:
    async with store.begin() as tx:
        person = await tx.people.find("telegram", "770")
        assert person
        found = await tx.contacts.of(person.id)
        return found.phone, found.name


class TestStarting:
    async def test_the_first_start_makes_keys_for_its_owner_alone(self, tmp_path: Path) -> None:
        store = await filled(settings_in(tmp_path))
        await store.close()
        assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
        again = await open_town_store(settings_in(tmp_path))
        assert await first_contact(again) == (PHONE, NAME_OF)
        await again.close()

    async def test_keys_that_are_gone_stop_the_start_and_are_not_made_anew(self, tmp_path: Path) -> None:
        await (await filled(settings_in(tmp_path))).close()
        (tmp_path / NAME).unlink()
        with pytest.raises(ConfigError, match=r"身份密钥不见了[\s\S]*备份"):
            await open_town_store(settings_in(tmp_path))
        assert not (tmp_path / NAME).exists()

    async def test_other_keys_stop_the_start(self, tmp_path: Path) -> None:
        await (await filled(settings_in(tmp_path))).close()
        (tmp_path / NAME).write_text(Keyring.new().text())
        with pytest.raises(ConfigError, match=r"对不上[\s\S]*备份"):
            await open_town_store(settings_in(tmp_path))

    @pytest.mark.parametrize(("text", "mode"), [("1:nonsense", 0o600), ("", 0o600), (KEYS.text(), 0o644)])
    async def test_a_key_file_that_is_not_fit_stops_the_start(self, tmp_path: Path, text: str, mode: int) -> None:
        (tmp_path / NAME).write_text(text)
        (tmp_path / NAME).chmod(mode)
        with pytest.raises(ConfigError) as error:
            await open_town_store(settings_in(tmp_path))
        assert str(tmp_path / NAME) in str(error.value)
        assert "nonsense" not in str(error.value)

    async def test_postgresql_asks_for_keys_of_ones_own(self, tmp_path: Path, postgres_url: str) -> None:
        with pytest.raises(ConfigError, match="rotate-keys --make"):
            await open_town_store(settings_in(tmp_path, postgres_url))

    async def test_the_doctor_tells_and_changes_nothing(self, tmp_path: Path) -> None:
        await (await filled(settings_in(tmp_path))).close()
        (tmp_path / NAME).rename(tmp_path / "away")
        found = [finding async for finding in examine(settings_in(tmp_path))]
        assert any(f.grade is Grade.WRONG and "身份密钥不见了" in f.what for f in found)
        assert not (tmp_path / NAME).exists()
        (tmp_path / "away").rename(tmp_path / NAME)
        found = [finding async for finding in examine(settings_in(tmp_path))]
        assert any(f.grade is Grade.GOOD and "身份密钥已设置" in f.what for f in found)

    def test_check_config_tells_of_keys_that_are_not_fit(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        config = tmp_path / "config.toml"
        for file in SAMPLE_CONFIG.parent.glob("*.toml"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
        config.write_text(config.read_text() + f'\n[storage]\nurl = "sqlite:{tmp_path / "town.sqlite"}"\n')
        (tmp_path / NAME).write_text("x")
        (tmp_path / NAME).chmod(0o600)
        assert run_check_config(config, {}) == 2
        assert NAME in capsys.readouterr().out
        config.write_text(config.read_text().replace(f"sqlite:{tmp_path / 'town.sqlite'}", "postgresql://u@h/d"))
        assert run_check_config(config, {}) == 0
        assert "还没有身份密钥" in capsys.readouterr().out


class TestAtRest:
    async def test_the_database_file_shows_no_phone_no_name_and_no_account(self, tmp_path: Path) -> None:
        store = await filled(settings_in(tmp_path))
        async with store.begin() as tx:
            for row in await tx.inbox.claim(10):
                await tx.inbox.done([row.id], NOW)
            person = await tx.people.find("telegram", "771")
            assert person
            await tx.people.forget(person.id, NOW)
        bytes_ = b"".join(path.read_bytes() for path in tmp_path.glob("town.sqlite*"))
        await store.close()
        bytes_ += (tmp_path / "town.sqlite").read_bytes()
        assert b"zh-CN" in bytes_
        for secret in (PHONE, NAME_OF, json.dumps(NAME_OF)[1:-1], '"770"', "7701"):
            assert secret.encode() not in bytes_

    async def test_what_stood_in_the_open_before_is_sealed_at_the_first_opening(self, tmp_path: Path) -> None:
        settings = settings_in(tmp_path)
        await migrate(settings.storage.address().get_secret_value())
        with closing(sqlite3.connect(tmp_path / "town.sqlite")) as old:
            old.executescript(
                """
                INSERT INTO people (id, lang, created_at) VALUES (1, 'zh-CN', '2026-03-02 02:00:00');
                INSERT INTO accounts VALUES ('telegram', '770', 1, '770', 1);
                INSERT INTO inbox (channel, key, chat, raw, received_at)
                    VALUES ('telegram', 1, '770', '{"name": "李秀英"}', '2026-03-02 02:00:00');
                INSERT INTO outbox (channel, chat, lane, key, message, rank, status, attempts, created_at,
                    send_after, due_at)
                    VALUES ('telegram', '770', '770', 'k', '{"kind": "text", "text": "hello"}', 0, 'queued', 0,
                    '2026-03-02 02:00:00', '2026-03-02 02:00:00', '2026-03-02 02:00:00');
                INSERT INTO drafts (person_id, flow, step, rev, data, touched_at)
                    VALUES (1, 'submission', 'describe', 0, '{"a": 1}', '2026-03-02 02:00:00');
                INSERT INTO marks VALUES ('seal:0010', '2026-03-02 02:00:00');
                """
            )
        for _ in range(2):
            store = await open_town_store(settings)
            async with store.begin() as tx:
                person = await tx.people.find("telegram", "770")
                assert person
                assert person.chat == "770"
                [row] = await tx.inbox.claim(5)
                assert (row.update.chat, row.update.raw) == ("770", '{"name": "李秀英"}')
                [message] = await tx.outbox.rows("770")
                assert (message.chat, message.message.text) == ("770", "hello")
                draft = await tx.drafts.current(1)
                assert draft
                assert draft.data == {"a": 1}
            await store.close()
        with closing(sqlite3.connect(tmp_path / "town.sqlite")) as now:
            assert "770" not in str(now.execute("SELECT * FROM accounts").fetchall()).replace("1.", "")[:30]


class TestRotating:
    async def test_everything_is_sealed_anew_and_the_old_key_may_go(self, tmp_path: Path, url: str) -> None:
        keys = tmp_path / "keys"
        make_keyring(None, keys)
        ring = {"keys_file": str(keys)}
        settings = load_settings(
            SAMPLE_CONFIG,
            {"XIANGYIN_IDENTITY_KEYS": ""},
            {"storage": {"url": url.replace(":@", "@")}, "identity": ring, "files": {"folder": str(tmp_path / "f")}},
        )
        store = await filled(settings)
        files = store.files_in(settings.files_folder)
        await files.put("aabb", b"a photo")
        done = await rotate(settings, lambda what, rows: None, forget_old=True, patience=0)
        assert (done.rows, done.broken) == (5 * 5 + 1, 0)
        assert Keyring.parse(keys.read_text()).numbers == ("2",)
        await asyncio.sleep(1.1)  # a running process looks again after a second
        assert await first_contact(store) == (PHONE, NAME_OF), "the running bot has noticed"
        assert await files.get("aabb") == b"a photo"
        assert not await store.to_rekey()
        await store.close()

    async def test_a_rotation_that_is_killed_in_the_middle_goes_on_when_called_again(self, tmp_path: Path) -> None:
        settings = settings_in(tmp_path)
        await (await filled(settings, 400)).close()
        program = (
            "import asyncio, sys; from pathlib import Path; from tests.operations.test_keys import settings_in; "
            "from bot.compose.rotation import rotate; import storage.rekeying as r; r._BATCH = 10\n"
            "asyncio.run(rotate(settings_in(Path(sys.argv[1])), lambda *a: print(*a, flush=True), patience=0))"
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, str(tmp_path), stdout=PIPE, stderr=DEVNULL
        )
        assert process.stdout
        await process.stdout.readline()  # the first table is done
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
        ring = Keyring.parse((tmp_path / NAME).read_text())
        assert ring.numbers == ("1", "2")
        store = await open_town_store(settings)
        assert await store.to_rekey()
        assert await first_contact(store) == (PHONE, NAME_OF), "half of it reads as well"
        await store.close()
        await rotate(settings, lambda what, rows: None, patience=0)
        assert Keyring.parse((tmp_path / NAME).read_text()) == ring, "no third key"
        with closing(sqlite3.connect(tmp_path / "town.sqlite")) as base:
            for table, column in (("accounts", "chat"), ("contacts", "sealed"), ("drafts", "data"), ("inbox", "raw")):
                found = base.execute(f"SELECT count(*) FROM {table} WHERE {column} NOT LIKE '2.%'").fetchone()
                assert found == (0,)

    async def test_keys_of_the_environment_are_not_written_by_us(self, tmp_path: Path) -> None:
        ring = Keyring.new()
        changes = {"storage": {"url": f"sqlite:{tmp_path / 'town.sqlite'}"}}
        settings = load_settings(SAMPLE_CONFIG, {"XIANGYIN_IDENTITY_KEYS": ring.text()}, changes)
        await (await filled(settings)).close()
        with pytest.raises(CannotWriteKeysError):
            await rotate(settings, lambda what, rows: None, patience=0)
        more = make_keyring(settings, tmp_path / "more")
        assert more.keys["1"] == ring.keys["1"]
        later = load_settings(SAMPLE_CONFIG, {"XIANGYIN_IDENTITY_KEYS": more.text()}, changes)
        assert (await rotate(later, lambda what, rows: None, patience=0)).rows == 25


def test_a_key_file_that_cannot_be_read_for_a_moment_leaves_the_old_keys(tmp_path: Path) -> None:
    ring = make_keyring(None, tmp_path / "k")
    keys = FileKeys(tmp_path / "k", ring)
    (tmp_path / "k").write_text("half")
    assert keys() == ring
    (tmp_path / "k").write_text(ring.with_new_key().text())
    assert keys().current == "2"
