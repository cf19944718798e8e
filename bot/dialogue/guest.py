"""After an assisted entry: a name and a number of the villager, if they want to leave one. Kept in no draft."""

from bot.dialogue.screens import BACK, Answer, Choice, Effect, Outcome, Screen, menu_number
from bot.domain.text import t

FLOW = "guest"


def screen() -> Screen:
    return Screen(t("guest.ask"), (Choice("none", t("guest.none")),), back=False, human=False)


def step(at: str, answer: Answer) -> Outcome[None]:
    """One step. Words are the answer itself; without any, there is nothing to keep."""
    if answer.choice in (BACK, "none"):
        return Outcome(at, None, effect=Effect.CANCEL)
    if answer.text and menu_number(answer.text) is None:
        return Outcome(at, None, effect=Effect.DONE)
    return Outcome(at, None, t("guest.again"))
