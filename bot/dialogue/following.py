"""With a receipt's code in hand: the case as it stands, and whether to follow it here from now on."""

from bot.dialogue.screens import BACK, Answer, Choice, Effect, Outcome, Screen
from bot.domain.text import t

FLOW = "follow"


def screen() -> Screen:
    choices = (Choice("follow", t("follow.yes")), Choice("look", t("follow.no")))
    return Screen(t("follow.ask"), choices, human=False)


def step(at: str, answer: Answer) -> Outcome[None]:
    """Steps: ask, and agree (the privacy notice stands before them). Words that are no answer bring the question
    again."""
    if answer.choice == "follow":
        return Outcome(at, None, effect=Effect.DONE)
    if answer.choice in (BACK, "look"):
        return Outcome(at, None, effect=Effect.CANCEL)
    return Outcome(at, None, t("error.no_such_number") if answer.text else None)
