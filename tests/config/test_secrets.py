"""Secrets come from the environment or a private file, and are shown nowhere."""

import pytest

from bot.config import ConfigError, require_live
from tests.config.files import Files

TOKEN = "123456:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ"
SECRET = "0123456789abcdef0123456789abcdef"


def test_the_token_comes_from_the_environment(files: Files) -> None:
    files.env["XIANGYIN_TELEGRAM_TOKEN"] = TOKEN
    token = files.settings().telegram.token
    assert token is not None
    assert token.get_secret_value() == TOKEN


def test_the_token_comes_from_a_private_file(files: Files) -> None:
    files.add("config.toml", '[telegram]\ntoken_file = "token"\n')
    files.write("token", f"{TOKEN}\n").chmod(0o600)
    token = files.settings().telegram.token
    assert token is not None
    assert token.get_secret_value() == TOKEN


def test_the_environment_wins_over_the_file(files: Files) -> None:
    files.add("config.toml", '[telegram]\ntoken_file = "missing"\n')
    files.env["XIANGYIN_TELEGRAM_TOKEN"] = TOKEN
    assert files.settings().telegram.token is not None


@pytest.mark.parametrize(
    ("mode", "text", "problem"),
    [(0o644, TOKEN, "everybody"), (0o604, TOKEN, "everybody"), (0o600, " \n", "empty")],
)
def test_a_secret_file_that_others_read_or_that_is_empty_stops_the_start(
    files: Files, mode: int, text: str, problem: str
) -> None:
    files.add("config.toml", '[telegram]\ntoken_file = "token"\n')
    files.write("token", text).chmod(mode)
    found = files.only_mistake()
    assert found.key == "telegram.token_file"
    assert problem in found.problem


def test_a_missing_secret_file_stops_the_start(files: Files) -> None:
    files.add("config.toml", '[telegram]\ntoken_file = "token"\n')
    found = files.only_mistake()
    assert found.key == "telegram.token_file"
    assert str(files.folder / "token") in found.problem


@pytest.mark.parametrize(
    ("written", "key", "env"),
    [
        (f'[telegram]\ntoken = "{TOKEN}"', "telegram.token", "XIANGYIN_TELEGRAM_TOKEN"),
        (f'[telegram.webhook]\nsecret = "{SECRET}"', "telegram.webhook.secret", "XIANGYIN_WEBHOOK_SECRET"),
        (f'[storage]\npassword = "{SECRET}"', "storage.password", "XIANGYIN_STORAGE_PASSWORD"),
        (
            f'[storage]\nurl = "postgresql://bot:{SECRET}@host/name"',
            "storage.url",
            "XIANGYIN_STORAGE_PASSWORD",
        ),
    ],
)
def test_a_secret_written_into_the_file_stops_the_start_and_is_not_shown(
    files: Files, written: str, key: str, env: str
) -> None:
    files.add("config.toml", written)
    found = files.only_mistake()
    assert found.key == key
    assert env in found.mend
    assert SECRET not in str(found)
    assert TOKEN not in str(found)


@pytest.mark.parametrize("value", ["no-token", "123:has blank", "秘密"])
def test_what_is_no_token_is_refused_without_showing_it(files: Files, value: str) -> None:
    files.env["XIANGYIN_TELEGRAM_TOKEN"] = value
    found = files.only_mistake()
    assert found.key == "telegram.token"
    assert value not in str(found)


def test_a_short_webhook_secret_is_refused(files: Files) -> None:
    files.env["XIANGYIN_WEBHOOK_SECRET"] = "short"
    assert files.only_mistake().key == "telegram.webhook.secret"


def test_settings_never_print_a_secret(files: Files) -> None:
    files.env |= {
        "XIANGYIN_TELEGRAM_TOKEN": TOKEN,
        "XIANGYIN_WEBHOOK_SECRET": SECRET,
        "XIANGYIN_STORAGE_PASSWORD": "pass-word",
    }
    settings = files.settings()
    shown = f"{settings!r} {settings}"
    for secret in files.env.values():
        assert secret not in shown


def test_the_database_password_is_put_into_the_address(files: Files) -> None:
    files.add("config.toml", '[storage]\nurl = "postgresql://bot@db.example:5433/xiangyin"\n')
    files.env["XIANGYIN_STORAGE_PASSWORD"] = "p@ss/word"
    address = files.settings().storage.address()
    assert address.get_secret_value() == "postgresql://bot:p%40ss%2Fword@db.example:5433/xiangyin"
    assert "word" not in repr(address)


def test_an_address_without_a_password_stays_as_it_is(files: Files) -> None:
    storage = files.settings().storage
    assert storage.address().get_secret_value() == storage.url


def test_a_live_bot_needs_a_token_and_for_a_webhook_its_secret(files: Files) -> None:
    files.add("config.toml", '[telegram]\nmode = "webhook"\n[telegram.webhook]\npublic_url = "https://a.b"\n')
    with pytest.raises(ConfigError) as caught:
        require_live(files.settings())
    assert [m.key for m in caught.value.mistakes] == ["telegram.token", "telegram.webhook.secret"]
    assert "XIANGYIN_TELEGRAM_TOKEN" in str(caught.value)
    files.env |= {"XIANGYIN_TELEGRAM_TOKEN": TOKEN, "XIANGYIN_WEBHOOK_SECRET": SECRET}
    require_live(files.settings())
