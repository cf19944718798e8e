"""Asking the villagers something: what kind, which question, where, how long, a look at it, and off it goes."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from bot.dialogue.screens import BACK, Answer, Choice, Effect, Outcome, Screen, menu_number
from bot.dialogue.villages import ALL, DONE, toggled, villages_screen
from bot.domain.polls import FEWEST, MOST, PollKind
from bot.domain.text import Text, t
from bot.domain.town import Town

FLOW = "poll"
DAYS = ("3", "7", "14", "30")
QUESTION, LABEL = 300, 40
"""Characters of a question and of one choice."""


class Report(BaseModel):
    """A deputy's report to voters that a round can be made about."""

    model_config = ConfigDict(frozen=True)
    duty: int
    name: str
    seats: tuple[str, ...]
    villages: tuple[str, ...]


class PollDraft(BaseModel):
    model_config = ConfigDict(frozen=True)
    year: int
    projects: tuple[str, ...] = ()
    reports: tuple[Report, ...] = ()
    kind: PollKind = PollKind.OPINION
    question: str = ""
    choices: tuple[str, ...] = ()
    subject: str = ""
    report: Report | None = None
    villages: tuple[str, ...] = ()
    days: int = 0
    recipients: int = 0


@dataclass(frozen=True, slots=True)
class PollFlow:
    """Steps: kind; question and choices, or subject, or report; villages; days; check."""

    town: Town

    def screen(self, step: str, data: PollDraft) -> Screen:
        plain = {"question": t("poll.question"), "choices": t("poll.choices", question=data.question)}
        if step in plain:
            return Screen(plain[step], human=False)
        if step == "villages":
            return villages_screen(self.town, tuple(v.id for v in self.town.villages), data.villages)
        choices: tuple[Choice, ...]
        text: Text
        if step == "kind":
            text = t("poll.kind")
            choices = tuple(Choice(kind, t(f"poll.kind_{kind}")) for kind in PollKind)
        elif step == "subject":
            text = t("poll.subject")
            choices = tuple(Choice(f"p{i}", t("plain", text=one)) for i, one in enumerate(data.projects))
            choices += (Choice("year", t("poll.year", year=data.year)),)
        elif step == "report":
            text = t("poll.report" if data.reports else "poll.no_report")
            choices = tuple(Choice(f"r{i}", t("plain", text=one.name)) for i, one in enumerate(data.reports))
        elif step == "days":
            text, choices = t("poll.days"), tuple(Choice(n, t("poll.so_many_days", days=n)) for n in DAYS)
        else:
            text, choices = self._check(data), (Choice("send", t("poll.send")),)
        return Screen(text, choices, human=False)

    def _check(self, data: PollDraft) -> Text:
        names = "、".join(village.name for id_ in data.villages if (village := self.town.village(id_)))
        return t(
            "poll.check",
            question=data.question,
            choices=tuple(t("poll.choice", text=one) for one in data.choices) or (t("poll.scale"),),
            places=names or self.town.name,
            days=data.days,
            recipients=data.recipients,
        )

    def step(self, step: str, data: PollDraft, answer: Answer) -> Outcome[PollDraft]:
        choice, text = answer.choice, answer.text.strip()
        if choice == BACK:
            return Outcome("kind", data, effect=Effect.CANCEL if step == "kind" else None)
        if text and menu_number(text) is not None and choice is None:
            return Outcome(step, data, t("error.no_such_number"))
        if step == "kind" and choice in list(PollKind):
            after = {PollKind.OPINION: "question", PollKind.SATISFACTION: "subject", PollKind.REPORT: "report"}
            clean = {"kind": PollKind(choice), "question": "", "choices": (), "report": None, "villages": ()}
            return Outcome(after[PollKind(choice)], data.model_copy(update=clean))
        if step == "question" and text:
            return Outcome("choices", data.model_copy(update={"question": text[:QUESTION]}))
        if step == "choices" and text:
            return self._choices(data, text)
        if step == "subject" and (choice or text):
            return self._about(data, choice, text)
        if step == "report" and choice:
            return self._reported(data, choice)
        if step == "villages":
            return self._placed(data, choice)
        if step == "days" and choice in DAYS:
            return Outcome("check", data.model_copy(update={"days": int(choice or 0)}))
        if step == "check" and choice == "send":
            return Outcome(step, data, effect=Effect.DONE)
        return Outcome(step, data, t("error.no_such_number"))

    def _choices(self, data: PollDraft, text: str) -> Outcome[PollDraft]:
        """One a line, or parted by 、 or /."""
        lines = [part.strip()[:LABEL] for line in text.splitlines() for part in line.replace("/", "、").split("、")]
        found = tuple(dict.fromkeys(line for line in lines if line))
        if not FEWEST <= len(found) <= MOST:
            return Outcome("choices", data, t("poll.how_many", fewest=FEWEST, most=MOST))
        return Outcome("villages", data.model_copy(update={"choices": found}))

    def _about(self, data: PollDraft, choice: str | None, text: str) -> Outcome[PollDraft]:
        known = {f"p{i}": one for i, one in enumerate(data.projects)}
        subject = text[:LABEL] if choice is None else known.get(choice, f"{data.year}年人大工作")
        question = f"您对“{subject}”满意吗？"
        return Outcome("villages", data.model_copy(update={"subject": subject, "question": question}))

    def _reported(self, data: PollDraft, choice: str) -> Outcome[PollDraft]:
        index = int(choice[1:]) if choice[:1] == "r" and choice[1:].isdecimal() else -1
        if not 0 <= index < len(data.reports):
            return Outcome("report", data)
        one = data.reports[index]
        question = f"您对代表的述职满意吗？（{one.name}）"
        update = {"report": one, "question": question, "villages": one.villages, "subject": one.name}
        return Outcome("days", data.model_copy(update=update))

    def _placed(self, data: PollDraft, choice: str | None) -> Outcome[PollDraft]:
        if choice == ALL:
            return Outcome("days", data.model_copy(update={"villages": ()}))
        if choice == DONE:
            return Outcome("days", data)
        if self.town.village(choice):
            return Outcome("villages", data.model_copy(update={"villages": toggled(data.villages, choice or "")}))
        return Outcome("villages", data)
