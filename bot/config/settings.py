"""Every setting of an installation, with its default: one class for each table of the configuration file."""

from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    PrivateAttr,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bot.config.mistakes import both
from bot.config.values import (
    BesidePath,
    Day,
    DayTime,
    IdentityKeys,
    Name,
    Section,
    TimeLimit,
    Token,
    WebhookSecret,
    Zone,
    beside_the_file,
    wrong,
)
from bot.domain.machine import Clock
from bot.domain.topics import Limit
from bot.domain.workdays import WorkCalendar

Port = Annotated[int, Field(ge=1, le=65535)]
Share = Annotated[float, Field(ge=0, le=1)]
SQLITE = "sqlite:"


class TownSection(Section):
    """[town]: which town this is, and the files that describe it. `topics` None: the tree in the package."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,8}$")]
    name: Name
    office_name: Name
    office_phone: Name
    zone: Zone = ZoneInfo("Asia/Shanghai")
    villages: BesidePath = Field(default=Path("villages.toml"), validate_default=True)
    roster: BesidePath = Field(default=Path("roster.toml"), validate_default=True)
    topics: BesidePath | None = None


class StorageSection(Section):
    """[storage]: `url` is `sqlite:path` (beside the configuration file) or `postgresql://user@host/name`."""

    url: str = Field(default="sqlite:data/xiangyin.sqlite", validate_default=True)
    password: SecretStr | None = None
    password_file: BesidePath | None = None

    @field_validator("url")
    @classmethod
    def _known_kind(cls, url: str, info: ValidationInfo) -> str:
        if url.startswith(SQLITE) and len(path := url.removeprefix(SQLITE).strip()):
            return SQLITE + str(beside_the_file(path, info))
        parts = urlsplit(url)
        if parts.scheme != "postgresql" or not parts.path.strip("/"):
            raise wrong(
                both("不认识的数据库地址", "not the address of a database that is known here"),
                both(
                    "写成 sqlite:路径 或 postgresql://用户@主机/库名",
                    "write sqlite:path or postgresql://user@host/name",
                ),
            )
        if parts.password is not None:
            raise wrong(
                both("数据库密码不能写在配置文件里", "a database password does not belong in the file"),
                both(
                    "从地址里删掉密码，放进环境变量 XIANGYIN_STORAGE_PASSWORD，并换一个新密码",
                    "take it out of the address, put it in XIANGYIN_STORAGE_PASSWORD, and change it",
                ),
            )
        return url

    def address(self) -> SecretStr:
        """The `url` with the password in it, where there is one."""
        if self.password is None or self.url.startswith(SQLITE):
            return SecretStr(self.url)
        password = quote(self.password.get_secret_value(), safe="")
        user, _, host = urlsplit(self.url).netloc.rpartition("@")
        netloc = f"{user}:{password}@{host}"
        return SecretStr(urlsplit(self.url)._replace(netloc=netloc).geturl())


class IdentitySection(Section):
    """[identity]: the keys under which it is kept who people are. None: `identity.keys` beside a SQLite database."""

    keys: IdentityKeys | None = None
    keys_file: BesidePath | None = None


class WebhookSection(Section):
    """[telegram.webhook]: where Telegram calls us (`public_url` + `path`), and where we listen for it."""

    public_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+[^\s]*$")] | None = None
    path: Annotated[str, Field(pattern=r"^/[A-Za-z0-9_/-]*$")] = "/telegram"
    listen_host: Name = "127.0.0.1"
    listen_port: Port = 8080
    secret: WebhookSecret | None = None
    secret_file: BesidePath | None = None


class TelegramSection(Section):
    """[telegram]. `base_url` None: Telegram's own servers."""

    mode: Literal["polling", "webhook"] = "polling"
    base_url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    token: Token | None = None
    token_file: BesidePath | None = None
    webhook: WebhookSection = Field(default_factory=WebhookSection)

    @model_validator(mode="after")
    def _webhook_is_reachable(self) -> Self:
        if self.mode == "webhook" and self.webhook.public_url is None:
            raise wrong(
                both("webhook 模式缺少对外地址", "mode webhook needs the public address"),
                both(
                    '在 [telegram.webhook] 里写 public_url，或改用 mode = "polling"',
                    'set public_url in [telegram.webhook], or use mode = "polling"',
                ),
            )
        url = self.webhook.public_url or ""
        if self.mode == "webhook" and self.base_url is None and not url.startswith("https://"):
            raise wrong(
                both("Telegram 只访问 https 地址", "Telegram calls https addresses only"),
                both("public_url 要以 https:// 开头", "public_url has to start with https://"),
            )
        return self


class DigestSection(Section):
    """[digest]: when the digests go out, in the town's zone."""

    at: DayTime = time(8)
    weekly_on: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"


class QuietSection(Section):
    """[quiet]: no message that can wait is sent from `starts` until `ends`; equal times: never quiet."""

    starts: DayTime = Field(default=time(21, 30), alias="from")
    ends: DayTime = Field(default=time(7), alias="until")


class LimitsSection(Section):
    """[limits]: the clocks that are not a subtopic's own. `rating_asked`: how often within `rating`.

    `supervise` runs from a limit that is up until the matter is supervised (督办), `report` from then until the
    Party committee gets a written report. `silent` runs from a limit that is up until the office hears that the
    deputy does nothing about it.
    """

    accept: TimeLimit = Limit(working_days=3)
    urgent: TimeLimit = Limit(minutes=15)
    assign: TimeLimit = Limit(working_days=5)
    contact: TimeLimit = Limit(working_days=2)
    check: TimeLimit = Limit(working_days=2)
    supervise: TimeLimit = Limit(working_days=3)
    report: TimeLimit = Limit(working_days=5)
    rating: TimeLimit = Limit(working_days=7)
    reopened: TimeLimit = Limit(working_days=15)
    silent: TimeLimit = Limit(working_days=5)
    rating_asked: Annotated[int, Field(ge=1, le=7)] = 3

    def of(self, clock: Clock) -> Limit | None:
        """The limit of a clock; None for one that no setting names (the subtopic's, stopped, running)."""
        named = {
            Clock.ACCEPT: self.accept,
            Clock.URGENT: self.urgent,
            Clock.ASSIGN: self.assign,
            Clock.CONTACT: self.contact,
            Clock.CHECK: self.check,
            Clock.RATING: self.rating,
            Clock.REOPENED: self.reopened,
        }
        return named.get(clock)


class CalendarSection(Section):
    """[calendar]: what the town knows better than the published calendar, and when a working day ends."""

    extra_workdays: tuple[Day, ...] = ()
    extra_holidays: tuple[Day, ...] = ()
    day_ends: DayTime = time(18)

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if twice := sorted(set(self.extra_workdays) & set(self.extra_holidays)):
            raise wrong(
                both(f"{twice[0]} 既写成上班又写成放假", f"{twice[0]} is said to be worked and to be free"),
                both("只留一处", "keep it in one of the two"),
            )
        return self

    def work_calendar(self) -> WorkCalendar:
        days = dict.fromkeys(self.extra_workdays, True) | dict.fromkeys(self.extra_holidays, False)
        return WorkCalendar(days, self.day_ends)


class TaggingSection(Section):
    """[tagging]: below these confidences (0 to 1) the villager is asked instead of guessed for."""

    topic_threshold: Share = 0.5
    village_threshold: Share = 0.5


class InvitesSection(Section):
    """[invites]: how long a one-time link to a seat works."""

    valid_hours: Annotated[int, Field(ge=1, le=720)] = 72


class FloodSection(Section):
    """[flood]: how many messages and presses of one chat are taken at once, and how many a minute after that."""

    burst: Annotated[int, Field(ge=10, le=10000)] = 60
    per_minute: Annotated[int, Field(ge=5, le=10000)] = 30


class DraftsSection(Section):
    """[drafts]: how long a draft is kept untouched, and how much goes into one case."""

    keep_days: Annotated[int, Field(ge=1, le=365)] = 30
    max_text: Annotated[int, Field(ge=500, le=20000)] = 10000
    max_files: Annotated[int, Field(ge=1, le=10)] = 9


class FilesSection(Section):
    """[files]: where photos, voice notes and documents are kept. `folder` None: `files` beside the SQLite database, or
    beside the configuration file. Telegram gives out no more than 20 MB."""

    folder: BesidePath | None = None
    max_mb: Annotated[int, Field(ge=1, le=20)] = 20


class PrivacySection(Section):
    """[privacy]: what the notice says. A new `version` asks everybody for their consent again."""

    controller: Name
    contact: Name
    retention_months: Annotated[int, Field(ge=1, le=120)] = 6
    version: Name = "1"


class LogSection(Section):
    """[log]: how much is written to standard error, and in which form. Never personal data or secrets."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class HealthSection(Section):
    """[health]: where a monitor can ask whether the bot is well. `port` None: nowhere."""

    host: Name = "127.0.0.1"
    port: Port | None = None


class BoardSection(Section):
    """[board]: where the public board is served as a page. `port` None: nowhere; the chat has it anyway."""

    host: Name = "127.0.0.1"
    port: Port | None = None


class Settings(Section):
    """The whole configuration. Paths are resolved; secrets come from the environment or from secret files."""

    town: TownSection
    privacy: PrivacySection
    storage: StorageSection = Field(default_factory=StorageSection)
    identity: IdentitySection = Field(default_factory=IdentitySection)
    telegram: TelegramSection = Field(default_factory=TelegramSection)
    digest: DigestSection = Field(default_factory=DigestSection)
    quiet: QuietSection = Field(default_factory=QuietSection)
    limits: LimitsSection = Field(default_factory=LimitsSection)
    calendar: CalendarSection = Field(default_factory=CalendarSection)
    tagging: TaggingSection = Field(default_factory=TaggingSection)
    invites: InvitesSection = Field(default_factory=InvitesSection)
    flood: FloodSection = Field(default_factory=FloodSection)
    drafts: DraftsSection = Field(default_factory=DraftsSection)
    files: FilesSection = Field(default_factory=FilesSection)
    log: LogSection = Field(default_factory=LogSection)
    health: HealthSection = Field(default_factory=HealthSection)
    board: BoardSection = Field(default_factory=BoardSection)

    _file: Path = PrivateAttr(default=Path("config.toml"))
    _plain: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def files_folder(self) -> Path:
        """Where the files are kept."""
        if self.files.folder:
            return self.files.folder
        local = self.storage.url.startswith(SQLITE)
        return (Path(self.storage.url.removeprefix(SQLITE)) if local else self._file).absolute().parent / "files"

    @property
    def file(self) -> Path:
        """The file that this was read from."""
        return self._file

    @property
    def plain(self) -> dict[str, Any]:
        """What the file says, without secrets."""
        return self._plain

    def read_from(self, file: Path, plain: dict[str, Any]) -> Self:
        """The same settings, with the file that they come from noted, and what stands in it."""
        copy = self.model_copy()
        copy._file, copy._plain = file, plain
        return copy
