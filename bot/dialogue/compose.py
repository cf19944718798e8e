"""Writing something about a case: a reply, a question, a note, photos, an answer. One small flow for all."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from bot.dialogue.screens import BACK, HUMAN, Answer, Choice, Effect, Outcome, Screen, menu_number
from bot.domain.cases import AnswerClass
from bot.domain.machine import Action
from bot.domain.messages import File
from bot.domain.personal import deidentify
from bot.domain.supervision import SupervisionResult
from bot.domain.text import Text, t

FLOW = "compose"


@dataclass(frozen=True, slots=True)
class Form:
    """What an action needs from the one who takes it."""

    needs_text: bool
    files: bool = False
    choices: str | None = None  # a family of CHOICES, chosen last; the choice sends it
    confirm: bool = True  # read back before it goes to the villager


FORMS: dict[Action, Form] = {
    Action.REPLY: Form(needs_text=True, files=True),
    Action.ASK_MORE: Form(needs_text=True),
    Action.NOTE: Form(needs_text=True, confirm=False),
    Action.PHOTO: Form(needs_text=False, files=True, confirm=False),
    Action.SUPPLY: Form(needs_text=False, files=True),
    Action.HAND_UP: Form(needs_text=True, confirm=False),
    Action.SEND_BACK: Form(needs_text=True, confirm=False),
    Action.RESOLVE: Form(needs_text=True, files=True, choices="class"),
    Action.SPOT: Form(needs_text=True, files=True, choices="class"),
    Action.ANSWER_LETTER: Form(needs_text=True, files=True, choices="class"),
    Action.FOLLOW_UP: Form(needs_text=True, files=True, choices="class"),
    Action.REFUSE: Form(needs_text=True, choices="where"),
    Action.ASSIGN: Form(needs_text=True, confirm=False),
    Action.RETURN: Form(needs_text=True, confirm=False),
    Action.EXTEND: Form(needs_text=True, choices="days"),
    Action.DELIVER: Form(needs_text=True, files=True, confirm=False),
    Action.REDO: Form(needs_text=True, confirm=False),
    Action.SUPERVISE: Form(needs_text=True, choices="within"),
    Action.SUPERVISED: Form(needs_text=True, files=True, choices="result"),
    Action.REPORTED: Form(needs_text=True, choices="sent"),
    Action.SUGGEST: Form(needs_text=True, choices="filing"),
    Action.SUGGESTION_REPLY: Form(needs_text=True, choices="replying"),
    Action.REVEAL: Form(needs_text=True, confirm=False),
    Action.PUBLISH: Form(needs_text=True, choices="board"),
    Action.OBJECT: Form(needs_text=False, confirm=False),
}

NOWHERE = "nowhere"
"""Where to go with what is no matter for anybody, such as an advertisement."""

CHOICES: dict[str, tuple[str, ...]] = {
    "class": tuple(AnswerClass),
    "where": ("court", "petition", "discipline", "police", "county", "village", "company", NOWHERE),
    "days": ("5", "10", "15"),
    "within": ("5", "10", "15"),
    "result": tuple(SupervisionResult),
    "sent": ("paper", "system", "meeting", "phone"),
    "filing": ("file",),
    "replying": tuple(AnswerClass),
    "board": ("publish",),
}
"""What a form may end with, by family; the texts are `family.value`."""


_CONFIRM = {Action.SUPPLY: "compose.confirm_supply"}
"""The read-back of these is worded for them; the others' say that it goes to the villager."""


class Composition(BaseModel):
    """What has been written so far about the case `number` for `action`; `target` was chosen before writing."""

    model_config = ConfigDict(frozen=True)
    action: Action
    number: str
    text: str = ""
    files: tuple[File, ...] = ()
    album: str | None = None
    choice: str = ""
    target: str = ""

    @property
    def form(self) -> Form:
        return FORMS[self.action]


class ComposeFlow:
    """Steps: write, confirm. Text and files may come in any order and in several messages."""

    def __init__(self, max_characters: int, max_files: int) -> None:
        self._max_characters = max_characters
        self._max_files = max_files

    def screen(self, step: str, data: Composition) -> Screen:
        if step == "confirm":
            return self._confirm(data)
        choices: list[Choice] = []
        if data.form.files and data.files and not data.form.needs_text:
            choices.append(Choice("done", t("compose.done")))
        if data.action is Action.OBJECT:
            choices.append(Choice("done", t("compose.object_skip")))
        if data.files:
            text = t(f"compose.{data.action}_more", number=data.number, count=len(data.files))
        else:
            text = t(f"compose.{data.action}", number=data.number)
        return Screen(text, tuple(choices), human=False)

    def _confirm(self, data: Composition) -> Screen:
        family = data.form.choices
        text = t(
            f"compose.confirm_{family}" if family else _CONFIRM.get(data.action, "compose.confirm"),
            number=data.number,
            text=deidentify(data.text) if data.action is Action.PUBLISH else data.text,
            files=t("compose.with_files", count=len(data.files)) if data.files else t("nothing"),
        )
        if family:
            first = [Choice(f"{family}.{value}", t(f"{family}.{value}")) for value in CHOICES[family]]
        else:
            first = [Choice("send", t("compose.send"))]
        return Screen(text, (*first, Choice("again", t("compose.again"))), human=False)

    def step(self, step: str, data: Composition, answer: Answer) -> Outcome[Composition]:
        """Take one answer; words at the confirmation are added to what was written."""
        choice = answer.choice
        if choice == BACK:
            back = step == "confirm"
            return Outcome("write", data, effect=None if back else Effect.CANCEL)
        if choice == HUMAN:
            return Outcome(step, data)
        if choice == "again":
            return Outcome("write", data.model_copy(update={"text": "", "files": (), "album": None}))
        family = data.form.choices
        if choice and family and choice.startswith(f"{family}."):
            chosen = choice.removeprefix(f"{family}.")
            return Outcome(step, data.model_copy(update={"choice": chosen}), effect=Effect.DONE)
        if choice in ("send", "done"):
            return Outcome(step, data, effect=Effect.DONE)
        return self._written(step, data, answer)

    def _written(self, step: str, data: Composition, answer: Answer) -> Outcome[Composition]:
        notice: Text | None = None
        before = data
        if answer.files and data.form.files:
            room = max(self._max_files - len(data.files), 0)
            if len(answer.files) > room:
                notice = t("submit.too_many_files", limit=self._max_files)
            files = (*data.files, *answer.files[:room])
            data = data.model_copy(update={"files": files, "album": answer.album})
        elif answer.files:
            notice = t("compose.no_files")
        stray_number = menu_number(answer.text) is not None and (step == "confirm" or not data.form.needs_text)
        if answer.text and not stray_number:
            joined = f"{data.text}\n{answer.text}" if data.text else answer.text
            if len(joined) > self._max_characters:
                notice = t("submit.too_long", limit=self._max_characters)
            data = data.model_copy(update={"text": joined[: self._max_characters]})
        elif answer.text:
            return Outcome(step, data, t("error.no_such_number"))
        if answer.files and answer.album and answer.album == before.album and not answer.text:
            return Outcome(step, data, notice, quiet=notice is None)
        if data == before and notice is None:
            return Outcome(step, data, t("compose.say_something"))
        if not data.text:
            return Outcome("write", data, notice)
        if data.form.confirm:
            return Outcome("confirm", data, notice)
        return Outcome(step, data, notice, effect=Effect.DONE)
