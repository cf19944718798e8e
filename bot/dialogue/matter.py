"""What a villager has said so far of one matter, and how much of it may be said."""

from pydantic import BaseModel, ConfigDict

from bot.domain.cases import Kind
from bot.domain.messages import File, FileKind, Location
from bot.domain.topics import Flag


class Limits(BaseModel):
    """How much one case may hold."""

    model_config = ConfigDict(frozen=True)
    characters: int = 10_000
    files: int = 9
    megabytes: int = 20


class Words(BaseModel):
    """One message of the description; its id finds it again when it is edited."""

    model_config = ConfigDict(frozen=True)
    message_id: str
    text: str


class Alike(BaseModel):
    """An open case that may be the same matter, and as much of it as another villager may read."""

    model_config = ConfigDict(frozen=True)
    case: int
    extract: str


class Submission(BaseModel):
    """A half-finished case. What a person chose (`*_chosen`) is never overruled by a guess."""

    model_config = ConfigDict(frozen=True)
    words: tuple[Words, ...] = ()
    kind: Kind = Kind.COMPLAINT
    kind_chosen: bool = False
    village: str | None = None
    village_chosen: bool = False
    hamlet: str | None = None
    likely_villages: tuple[str, ...] = ()
    topic: str | None = None
    subtopic: str | None = None
    topic_chosen: bool = False
    likely_topics: tuple[str, ...] = ()
    likely_subtopics: tuple[str, ...] = ()
    confidence: float = 0.0
    flags: frozenset[Flag] = frozenset()
    is_case: bool = True
    files: tuple[File, ...] = ()
    album: str | None = None
    files_asked: bool = False
    location: Location | None = None
    last_village: str | None = None
    letter_to: str | None = None  # the deputy's seat that this is a letter to
    alike: Alike | None = None
    alike_asked: bool = False  # and it is another matter
    reviewed: bool = False  # the read-back was reached: later steps return to it

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.words)

    @property
    def spoken(self) -> bool:
        return any(file.kind in (FileKind.VOICE, FileKind.AUDIO) for file in self.files)
