"""Looks at everything that an installation stands on, and names what is wrong together with its mend."""

import asyncio
import shutil
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from bot.compose.desk import newest_valid
from bot.compose.live import connection_for
from bot.compose.stores import keys_of
from bot.config import ConfigError, Configuration, Settings, find_warnings, load_configuration, load_town
from bot.config.keyfile import from_backup, key_file
from bot.config.mistakes import both
from bot.domain.keys import Keyring
from bot.ports import Figures, StoreTrouble
from handlers.documents.charts import chinese_font
from handlers.telegram.checkup import Checkup, CheckupError, check_up
from storage.migrate import WrongRevisionError
from storage.rekeying import WrongKeysError
from storage.store import open_store

LITTLE_SPACE, NO_SPACE = 1_000_000_000, 100_000_000
SKEW_NOTICED, SKEW_WRONG = 5.0, 60.0
LONG = timedelta(minutes=10)
"""Older than this and a queue stands still."""


class Grade(StrEnum):
    GOOD = "good"
    WEAK = "weak"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at and how it stands; `mend` says what to do about it, where there is something to do."""

    grade: Grade
    what: str
    mend: str = ""


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Every finding, as soon as it is known. Changes nothing."""
    town = load_town(settings)
    now = datetime.now(UTC)
    yield Finding(Grade.GOOD, both(f"配置 {settings.file}", "the configuration can be read"))
    for line in find_warnings(settings, town, now.astimezone(town.zone).date()):
        yield Finding(Grade.WEAK, line)
    offset = now.astimezone(town.zone).strftime("%Y-%m-%d %H:%M %z")
    yield Finding(Grade.GOOD, both(f"时区 {town.zone.key}，现在 {offset}", "the time zone's data is there"))
    yield fonts()
    for finding in files(settings):
        yield finding
    async for finding in _keys(settings):
        yield finding
    async for finding in _database(settings, now):
        yield finding
    async for finding in _telegram(settings):
        yield finding


def files(settings: Settings) -> list[Finding]:
    """Who can read the secrets and the database, and how much room there is."""
    secret = (settings.telegram.token_file, settings.telegram.webhook.secret_file, settings.storage.password_file)
    found = [_readable(path) for path in (*secret, key_file(settings)) if path and path.exists()]
    folder = settings.file.absolute().parent
    if settings.storage.url.startswith("sqlite:"):
        database = Path(settings.storage.url.removeprefix("sqlite:"))
        folder = database.parent
        found += [_readable(path) for path in (database,) if path.exists()]
    if folder.exists():
        found.append(room(folder, shutil.disk_usage(folder).free))
    return found


def _readable(path: Path) -> Finding:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & stat.S_IRWXO:
        return Finding(
            Grade.WRONG,
            both(f"这台机器上人人能读 {path}", f"everybody on this machine can read {path}"),
            f"chmod 600 {path}",
        )
    return Finding(Grade.GOOD, both(f"{path} 只有自己能读", f"only its owner (and group) can read {path}"))


def room(folder: Path, free: int) -> Finding:
    what = both(f"磁盘还有 {free / 1e9:.1f} GB", f"free in {folder}: {free / 1e9:.1f} GB")
    if free >= LITTLE_SPACE:
        return Finding(Grade.GOOD, what)
    mend = both("清理磁盘，或把数据搬到大盘", "free some space, or move the data to a larger disk")
    return Finding(Grade.WRONG if free < NO_SPACE else Grade.WEAK, what, mend)


def fonts() -> Finding:
    """The charts of reports are drawn here, with a Chinese font; so is what somebody prints on this very machine."""
    if chinese_font():
        return Finding(Grade.GOOD, both("有中文字体", "there is a Chinese font"))
    return Finding(
        Grade.WEAK,
        both(
            "没找到中文字体：报告里的图会改成表格", "no Chinese font was found: reports have tables instead of charts"
        ),
        "apt install fonts-noto-cjk",
    )


async def _keys(settings: Settings) -> AsyncIterator[Finding]:
    """Whether there are keys that this database was sealed with; none are made here."""
    try:
        ring = await keys_of(settings)
    except ConfigError as error:
        for mistake in error.mistakes:
            yield Finding(Grade.WRONG, f"{mistake.file}: {mistake.problem}", mistake.mend)
    except Exception:
        return  # the database cannot be opened, which is told in its place
    else:
        made = both("第一次启动会生成身份密钥", "identity keys will be made at the first start")
        there = both("身份密钥已设置", "the identity keys are there")
        yield Finding(Grade.GOOD, f"{there} ({', '.join(ring.numbers)})" if ring else made)


async def _database(settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    try:
        ring = await keys_of(settings) or Keyring.new()
        store = await open_store(settings.storage.address().get_secret_value(), ring)
    except WrongRevisionError as error:
        yield Finding(Grade.WRONG, both("数据库版本不对", str(error)), "python -m bot migrate")
        return
    except ConfigError:
        return  # told already
    except WrongKeysError as error:
        what = both("身份密钥和数据库对不上", f"these identity keys are not this database's: {error}")
        yield Finding(Grade.WRONG, what, from_backup(key_file(settings) or settings.file))
        return
    except StoreTrouble as error:
        mend = both("看硬盘、权限和数据库服务", "see to the disk, permissions and the database server: df -h; ls -l")
        yield Finding(Grade.WRONG, both("数据库打不开", f"the database cannot be opened ({error})"), mend)
        return
    except Exception as error:
        mend = both("检查地址、口令、权限和数据库服务", "check the address, the password, permissions and the server")
        yield Finding(
            Grade.WRONG, both("连不上数据库", f"the database cannot be opened ({type(error).__name__})"), mend
        )
        return
    try:
        async with store.begin() as tx:
            figures = await tx.gauges.read(now)
            amended = newest_valid(load_configuration(settings), await tx.amendments.all())
    except StoreTrouble as error:
        yield Finding(Grade.WRONG, both("数据库写不了", f"the database cannot be written ({error})"), "df -h; ls -l")
        return
    finally:
        await store.close()
    yield Finding(Grade.GOOD, both("数据库能读写，版本对", "the database answers and is up to date"))
    for finding in (amendments(amended), *queues(figures, now)):
        yield finding


def amendments(configuration: Configuration) -> Finding:
    """Whether what the office changed in chat fits over the files as they are now."""
    if configuration.left_out:
        what = both(
            f"镇人大办最近 {configuration.left_out} 次改动和配置文件对不上，没有用上",
            f"the office's last {configuration.left_out} changes do not fit over the files and are left out",
        )
        return Finding(Grade.WRONG, what, "python -m bot settings history; python -m bot settings rollback N")
    return Finding(
        Grade.GOOD, both(f"镇人大办改过 {configuration.number} 次，都在用", "all changes by the office are in force")
    )


def queues(figures: Figures, now: datetime) -> list[Finding]:
    """What stands still or was set aside."""
    found = []
    running = both("看机器人是否在运行，看日志", "see whether the bot runs, and its log")
    for since, chinese, english in (
        (figures.inbox_since, "收到的消息没人处理", "received updates wait unhandled"),
        (figures.outbox_since, "要发的消息发不出去", "messages wait unsent"),
    ):
        if since and now - since > LONG:
            found.append(Finding(Grade.WRONG, both(f"{chinese}（{since:%m-%d %H:%M}Z 起）", english), running))
    if figures.inbox_parked:
        what = both(f"{figures.inbox_parked} 条消息处理失败，放在一边", "updates were set aside with an error")
        found.append(
            Finding(Grade.WEAK, what, both("看日志里的 parked，报告缺陷", "see `parked` in the log and report it"))
        )
    return found or [Finding(Grade.GOOD, both("没有积压", "nothing is stuck"))]


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    if settings.telegram.token is None:
        yield Finding(
            Grade.WRONG,
            both("还没有 Telegram 令牌", "there is no Telegram token"),
            both(
                "向 @BotFather 要，放进 XIANGYIN_TELEGRAM_TOKEN", "ask @BotFather, put it into XIANGYIN_TELEGRAM_TOKEN"
            ),
        )
        return
    try:
        async with asyncio.timeout(30):
            told = await check_up(connection_for(settings))
    except CheckupError as error:
        yield refused() if error.refused else unreachable(str(error))
        return
    except TimeoutError:
        yield unreachable("TimeoutError")
        return
    for finding in telegram(settings, told):
        yield finding


def refused() -> Finding:
    return Finding(
        Grade.WRONG,
        both("Telegram 不认这个令牌", "Telegram does not know this token"),
        both("在 @BotFather 处用 /token 查，或换一个", "ask @BotFather with /token, or have it replaced"),
    )


def unreachable(why: str) -> Finding:
    return Finding(
        Grade.WRONG,
        both(f"连不上 Telegram（{why}）", "Telegram cannot be reached"),
        both("检查网络、防火墙、域名解析", "check the network, the firewall, and name resolution"),
    )


def telegram(settings: Settings, told: Checkup) -> list[Finding]:
    """The token, the clock and the webhook, as Telegram sees them."""
    found = [Finding(Grade.GOOD, both(f"令牌属于 @{told.username}", "the token is good"))]
    skew = abs(told.skew)
    words = both(f"本机时钟与 Telegram 差 {told.skew:+.0f} 秒", "this machine's clock against Telegram's")
    grade = Grade.GOOD if skew < SKEW_NOTICED else Grade.WEAK if skew < SKEW_WRONG else Grade.WRONG
    found.append(Finding(grade, words, "" if grade is Grade.GOOD else "timedatectl set-ntp true"))
    wanted = ""
    if settings.telegram.mode == "webhook":
        hook = settings.telegram.webhook
        wanted = (hook.public_url or "").rstrip("/") + hook.path
    if told.webhook != wanted:
        found.append(
            Finding(
                Grade.WEAK,
                both(f"Telegram 那边的 webhook 是 {told.webhook or '无'}", f"the settings want {wanted or 'none'}"),
                both(
                    "run 启动时会改好；若总变，是别处也在用这个令牌",
                    "run sets it; if it changes back, someone else has this token",
                ),
            )
        )
    if told.last_error:
        found.append(
            Finding(
                Grade.WEAK,
                both(f"Telegram 最近一次送达失败：{told.last_error}", "the last delivery to our webhook failed"),
                both("检查证书、反向代理和 secret", "check the certificate, the reverse proxy and the secret"),
            )
        )
    if told.pending > 1000:
        found.append(Finding(Grade.WEAK, both(f"还有 {told.pending} 条更新在排队", "updates are queued at Telegram")))
    return found
