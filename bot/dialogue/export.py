"""What a register is taken out for: one question, before it leaves."""

from pydantic import BaseModel, ConfigDict

from bot.dialogue.screens import BACK, Answer, Effect, Outcome, Screen, menu_number
from bot.domain.text import t

FLOW = "export"
LONGEST = 200
"""Characters of a reason."""


class ExportDraft(BaseModel):
    """Which register (`title` as people call it) of which period (`word` as `Period.parse` reads it)."""

    model_config = ConfigDict(frozen=True)
    register_id: str
    title: str
    word: str
    name: str
    why: str = ""


def screen(data: ExportDraft) -> Screen:
    return Screen(t("register.why", title=data.title, period=data.name), human=False)


def step(at: str, data: ExportDraft, answer: Answer) -> Outcome[ExportDraft]:
    if answer.choice == BACK:
        return Outcome(at, data, effect=Effect.CANCEL)
    why = " ".join(answer.text.split())[:LONGEST]
    if not why or menu_number(why) is not None:
        return Outcome(at, data, t("register.say_why"))
    return Outcome(at, data.model_copy(update={"why": why}), effect=Effect.DONE)
