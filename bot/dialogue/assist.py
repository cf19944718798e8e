"""Entering a matter for a villager: they are told and agree, then come the questions that they would be asked."""

from dataclasses import replace

from bot.dialogue.matter import Submission
from bot.dialogue.screens import BACK, HUMAN, Answer, Choice, Effect, Outcome, Screen
from bot.dialogue.submission import SubmissionFlow
from bot.domain.text import t

FLOW = "assist"


class AssistFlow:
    """Steps: told, then those of the guided submission. Whose matter it is stands nowhere in the draft."""

    def __init__(self, submission: SubmissionFlow) -> None:
        self._submission = submission

    def screen(self, step: str, data: Submission) -> Screen:
        if step == "told":
            return Screen(t("assist.told"), (Choice("agreed", t("assist.agreed")),), human=False)
        screen = self._submission.screen(step, data)
        text = t("assist.describe") if step == "describe" and not (data.words or data.files) else screen.text
        return replace(screen, text=t("assist.headed", text=text), human=False)

    def step(self, step: str, data: Submission, answer: Answer) -> Outcome[Submission]:
        """As the guided submission; what staff write is a matter, so that is not asked."""
        if step == "told":
            if answer.choice == BACK:
                return Outcome(step, data, effect=Effect.CANCEL)
            return Outcome("describe" if answer.choice == "agreed" else step, data)
        if answer.choice == HUMAN:
            return Outcome(step, data)
        outcome = self._submission.step(step, data, answer)
        if outcome.step == "unsure":
            sure = self._submission.step("unsure", outcome.data, Answer(choice="yes"))
            return replace(sure, notice=outcome.notice)
        return outcome

    def arrive(self, step: str, data: Submission) -> Submission:
        return self._submission.arrive(step, data)
