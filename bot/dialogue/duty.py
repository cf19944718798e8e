"""Recording a duty: which kind, one sentence (or voice, or photos), read back, done."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from bot.dialogue.screens import BACK, Answer, Choice, Effect, Outcome, Screen, menu_number
from bot.domain.duties import FORMS, DutyKind
from bot.domain.messages import File
from bot.domain.sentences import Reading, read_sentence
from bot.domain.text import Text, t
from bot.domain.town import Town

FLOW = "duty"


class DutyDraft(BaseModel):
    """What has been said so far. `kinds` are those that this person may record."""

    model_config = ConfigDict(frozen=True)
    kinds: tuple[DutyKind, ...]
    kind: DutyKind | None = None
    text: str = ""
    files: tuple[File, ...] = ()
    album: str | None = None


@dataclass(frozen=True, slots=True)
class DutyFlow:
    """Steps: kind, write, confirm. Words at the confirmation are added; of a figure said twice the later counts."""

    town: Town
    today: date
    max_characters: int
    max_files: int

    def read(self, data: DutyDraft) -> Reading:
        """What the words say. Raises ValueError before a kind is chosen."""
        if data.kind is None:
            raise ValueError("no kind chosen")
        return read_sentence(data.text, FORMS[data.kind], self.today, self.town.seats)

    def screen(self, step: str, data: DutyDraft) -> Screen:
        if step == "kind" or data.kind is None:
            choices = tuple(Choice(kind, t(f"duty.kind.{kind}")) for kind in data.kinds)
            return Screen(t("duty.which"), choices, columns=2, human=False)
        if step == "write":
            return Screen(
                t("duty.write", kind=t(f"duty.kind.{data.kind}"), ask=t(f"duty.ask.{data.kind}")), human=False
            )
        return self._confirm(data, data.kind)

    def _confirm(self, data: DutyDraft, kind: DutyKind) -> Screen:
        said = self.read(data)
        names = "、".join(seat.name for id_ in said.members if (seat := self.town.seat(id_)))
        text = t(
            "duty.confirm",
            kind=t(f"duty.kind.{kind}"),
            day=said.on.isoformat(),
            facts=tuple(
                t("duty.fact", name=t(f"fact.{fact}"), value=said.facts.get(fact, "—")) for fact in FORMS[kind].facts
            ),
            members=t("duty.members", names=names) if names else t("nothing"),
            cases=t("duty.cases", numbers="、".join(said.cases)) if said.cases else t("nothing"),
            files=t("compose.with_files", count=len(data.files)) if data.files else t("nothing"),
            text=data.text,
        )
        choices = (Choice("done", t("duty.done")), Choice("again", t("compose.again")))
        return Screen(text, choices, human=False)

    def step(self, step: str, data: DutyDraft, answer: Answer) -> Outcome[DutyDraft]:
        choice = answer.choice
        if choice == BACK:
            if step == "kind":
                return Outcome(step, data, effect=Effect.CANCEL)
            return Outcome("kind" if step == "write" else "write", data)
        if step == "kind":
            if choice in data.kinds:
                return Outcome("write", data.model_copy(update={"kind": DutyKind(choice)}))
            return Outcome(step, data, t("duty.kind_first"))
        if choice == "again":
            return Outcome("write", data.model_copy(update={"text": "", "files": (), "album": None}))
        if choice == "done":
            return Outcome(step, data, effect=Effect.DONE)
        return self._written(step, data, answer)

    def _written(self, step: str, data: DutyDraft, answer: Answer) -> Outcome[DutyDraft]:
        notice: Text | None = None
        again = bool(answer.album) and answer.album == data.album and not answer.text
        if answer.text and menu_number(answer.text) is not None:
            return Outcome(step, data, t("error.no_such_number"))
        if answer.text:
            joined = f"{data.text}\n{answer.text}" if data.text else answer.text
            if len(joined) > self.max_characters:
                notice = t("submit.too_long", limit=self.max_characters)
            data = data.model_copy(update={"text": joined[: self.max_characters]})
        if answer.files:
            files = (*data.files, *answer.files)
            if len(files) > self.max_files:
                notice = t("submit.too_many_files", limit=self.max_files)
            data = data.model_copy(update={"files": files[: self.max_files], "album": answer.album})
        if not data.text and not data.files:
            return Outcome("write", data, t("compose.say_something"))
        return Outcome("confirm", data, notice, quiet=again and notice is None)
