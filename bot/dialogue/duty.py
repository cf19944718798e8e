"""Recording a duty: which kind, one sentence (or voice, or photos), read back, done. What came of it later likewise."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from bot.dialogue.matter import Words
from bot.dialogue.screens import BACK, Answer, Choice, Effect, Outcome, Screen, menu_number
from bot.domain.duties import FORMS, DutyKind, day_trouble, shortened
from bot.domain.messages import File
from bot.domain.sentences import Reading, kind_of, read_sentence, said_day
from bot.domain.text import Text, t
from bot.domain.town import Town

FLOW = "duty"


class Earlier(BaseModel):
    """The record that is supplemented: its day, and its first words."""

    model_config = ConfigDict(frozen=True)
    id: int
    on: date
    title: str


class DutyDraft(BaseModel):
    """What has been said so far. `kinds` are those that this person may record; with `earlier` it supplements that."""

    model_config = ConfigDict(frozen=True)
    kinds: tuple[DutyKind, ...] = ()
    kind: DutyKind | None = None
    earlier: Earlier | None = None
    words: tuple[Words, ...] = ()
    files: tuple[File, ...] = ()
    album: str | None = None

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.words)


@dataclass(frozen=True, slots=True)
class DutyFlow:
    """Steps: kind, write, confirm. Words at the confirmation are added; of a figure said twice the later counts. Words
    that come before a kind is chosen tell it, or wait until it is."""

    town: Town
    today: date
    max_characters: int
    max_files: int

    def read(self, data: DutyDraft) -> Reading:
        """What the words say. Raises ValueError before a kind is chosen."""
        if data.kind is None:
            raise ValueError("no kind chosen")
        if data.earlier:
            return Reading(said_day(data.text, self.today) or self.today)
        return read_sentence(data.text, FORMS[data.kind], self.today, self.town.seats)

    def trouble(self, data: DutyDraft) -> Text | None:
        """Why this cannot be recorded with the day that it has."""
        said, ahead = self.read(data), bool(data.kind and FORMS[data.kind].ahead)
        if ahead and not said.dated:
            return t("duty.day.undated")
        why = day_trouble(said.on, self.today, ahead=ahead, since=data.earlier.on if data.earlier else None)
        return t(f"duty.day.{why}", day=said.on.isoformat()) if why else None

    def screen(self, step: str, data: DutyDraft) -> Screen:
        if step == "kind" or data.kind is None:
            choices = tuple(Choice(kind, t(f"duty.kind.{kind}")) for kind in data.kinds)
            return Screen(t("duty.which"), choices, columns=2, human=False)
        if step == "write":
            ask = t(f"duty.ask_later.{data.kind}" if data.earlier else f"duty.ask.{data.kind}")
            return Screen(t("duty.write", kind=_heading(data, data.kind), ask=ask), human=False)
        return self._confirm(data, data.kind)

    def _confirm(self, data: DutyDraft, kind: DutyKind) -> Screen:
        said, facts, trouble = self.read(data), () if data.earlier else FORMS[kind].facts, self.trouble(data)
        names = "、".join(seat.name for id_ in said.members if (seat := self.town.seat(id_)))
        odd = not trouble and said.on.year != self.today.year
        text = t(
            "duty.confirm",
            kind=_heading(data, kind),
            day=said.on.isoformat(),
            year=t("duty.other_year", year=said.on.year) if odd else t("nothing"),
            facts=tuple(t("duty.fact", name=t(f"fact.{fact}"), value=said.facts.get(fact, "—")) for fact in facts),
            members=t("duty.members", names=names) if names else t("nothing"),
            cases=t("duty.cases", numbers="、".join(said.cases)) if said.cases else t("nothing"),
            files=_files(data),
            words=_words(data.text),
            end=trouble or t("duty.check" if data.text or not facts else "duty.check_unread"),
        )
        choices = () if trouble else (Choice("done", t("duty.done")), Choice("again", t("compose.again")))
        return Screen(text, choices, human=False)

    def step(self, step: str, data: DutyDraft, answer: Answer) -> Outcome[DutyDraft]:
        choice = answer.choice
        if choice == BACK:
            if step == "kind" or (step == "write" and data.earlier):
                return Outcome(step, data, effect=Effect.CANCEL)
            if step == "write":
                return Outcome("kind", data.model_copy(update={"kind": None}))
            return Outcome("write", data)
        if step == "kind" and choice in data.kinds:
            chosen = data.model_copy(update={"kind": DutyKind(choice)})
            return Outcome(_next(chosen), chosen)
        if choice == "again":
            empty = data.model_copy(update={"words": (), "files": (), "album": None})
            return Outcome(_next(empty), empty)
        if choice == "done":
            complete = step == "confirm" and _next(data) == step and self.trouble(data) is None
            return Outcome(step if complete else _next(data), data, effect=Effect.DONE if complete else None)
        return self._written(step, data, answer)

    def _written(self, step: str, data: DutyDraft, answer: Answer) -> Outcome[DutyDraft]:
        if answer.text and menu_number(answer.text) is not None:
            return Outcome(step, data, t("error.no_such_number"))
        if not answer.text and not answer.files:
            return Outcome(step, data, t("duty.say_something"))
        files = data.files if answer.edited else (*data.files, *answer.files)
        more = bool(answer.album) and answer.album == data.album and not answer.text
        words, album = _with(data.words, answer), answer.album or data.album
        after = data.model_copy(update={"words": words, "files": files[: self.max_files], "album": album})
        if len(after.text) > self.max_characters:
            return Outcome(step, data, t("duty.too_long", limit=self.max_characters))
        if len(files) > self.max_files:
            return Outcome(_next(after), after, t("submit.too_many_files", limit=self.max_files))
        if after.kind is None:
            after = after.model_copy(update={"kind": kind_of(after.text, after.kinds)})
        return Outcome(_next(after), after, None if after.kind else t("duty.kind_first"), quiet=more)


def _next(data: DutyDraft) -> str:
    """Where what has been said leads to."""
    if data.kind is None:
        return "kind"
    return "confirm" if data.text or data.files else "write"


def _with(words: tuple[Words, ...], answer: Answer) -> tuple[Words, ...]:
    """A changed message stands in the place of what it said before."""
    if not answer.text:
        return words
    new = Words(message_id=answer.message_id, text=answer.text)
    if answer.edited:
        return tuple(new if part.message_id == new.message_id else part for part in words)
    return (*words, new)


def _heading(data: DutyDraft, kind: DutyKind) -> Text:
    if data.earlier is None:
        return t(f"duty.kind.{kind}")
    return t("duty.heading", add=t(f"duty.add.{kind}"), day=data.earlier.on.isoformat(), title=data.earlier.title)


def _files(data: DutyDraft) -> Text:
    """An album comes photo by photo, and is read back with the first."""
    if data.album:
        return t("duty.album")
    return t("compose.with_files", count=len(data.files)) if data.files else t("nothing")


def _words(text: str) -> Text:
    if not text:
        return t("duty.no_words")
    brief = shortened(text)
    return t("duty.words", text=text) if brief == text else t("duty.long_words", text=brief, count=len(text))
