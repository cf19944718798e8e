"""Going on leave: from when until when, who acts meanwhile, read back, done."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from bot.dialogue.screens import BACK, Answer, Choice, Effect, Outcome, Screen
from bot.domain.spans import Span, read_span
from bot.domain.text import Text, t

FLOW = "leave"
LENGTHS = ("1", "3", "7", "14", "30")
"""Days from today that are offered."""
NONE = "-"
"""The choice that nobody in particular acts: what comes goes to the next above."""


class Away(BaseModel):
    """One seat of the person: who may act for it (id, name), the usual one first."""

    model_config = ConfigDict(frozen=True)
    seat: str
    name: str
    options: tuple[tuple[str, str], ...]
    must_choose: bool = False


class LeaveDraft(BaseModel):
    """What has been said so far. `chosen` are the stand-ins of the first seats, "-" for none."""

    model_config = ConfigDict(frozen=True)
    seats: tuple[Away, ...]
    own: bool
    first: date | None = None
    last: date | None = None
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaveFlow:
    """Steps: when, who (once for each seat), confirm."""

    today: date

    def begin(self, data: LeaveDraft, text: str) -> tuple[str, LeaveDraft]:
        """The first step; with words that say when, that is answered already."""
        span = read_span(text, self.today) if text else None
        return ("who", _dated(data, span)) if span else ("when", data)

    def screen(self, step: str, data: LeaveDraft) -> Screen:
        if step == "when":
            names = "、".join(away.name for away in data.seats)
            text = t("leave.when" if data.own else "leave.when_other", name=names)
            return Screen(text, tuple(Choice(n, t(f"leave.days.{n}")) for n in LENGTHS), human=False)
        if step == "who" and len(data.chosen) < len(data.seats):
            away = data.seats[len(data.chosen)]
            choices = tuple(Choice(seat, t("plain", text=name)) for seat, name in away.options)
            if not away.must_choose:
                choices = (*choices, Choice(NONE, t("leave.nobody")))
            return Screen(t("leave.who", name=away.name, span=said(data)), choices, human=False)
        return self._confirm(data)

    def _confirm(self, data: LeaveDraft) -> Screen:
        rows = tuple(
            t("leave.row", name=away.name, by=dict(away.options)[chosen])
            if chosen != NONE
            else t("leave.row_nobody", name=away.name)
            for away, chosen in zip(data.seats, data.chosen, strict=True)
        )
        return Screen(t("leave.confirm", span=said(data), rows=rows), (Choice("done", t("leave.done")),), human=False)

    def step(self, step: str, data: LeaveDraft, answer: Answer) -> Outcome[LeaveDraft]:
        choice = answer.choice
        if choice == BACK:
            return self._back(step, data)
        if step == "when":
            days = choice if choice in LENGTHS else ""
            span = read_span(f"{days}天" if days else answer.text, self.today)
            return Outcome("who", _dated(data, span)) if span else Outcome(step, data, t("leave.not_understood"))
        if step == "who":
            away = data.seats[len(data.chosen)]
            if choice not in dict(away.options) and (choice != NONE or away.must_choose):
                return Outcome(step, data, t("leave.choose"))
            data = data.model_copy(update={"chosen": (*data.chosen, choice)})
            return Outcome("who" if len(data.chosen) < len(data.seats) else "confirm", data)
        if choice == "done":
            return Outcome(step, data, effect=Effect.DONE)
        return Outcome(step, data, t("leave.choose"))

    def _back(self, step: str, data: LeaveDraft) -> Outcome[LeaveDraft]:
        if step == "when":
            return Outcome(step, data, effect=Effect.CANCEL)
        if not data.chosen:
            return Outcome("when", data)
        return Outcome("who", data.model_copy(update={"chosen": data.chosen[:-1]}))


def _dated(data: LeaveDraft, span: Span) -> LeaveDraft:
    return data.model_copy(update={"first": span.first, "last": span.last})


def said(data: LeaveDraft) -> Text:
    """`3月5日到3月12日`."""
    return span_text(data.first, data.last) if data.first and data.last else t("nothing")


def span_text(first: date, last: date) -> Text:
    if first == last:
        return t("leave.day", month=first.month, day=first.day)
    return t("leave.span", month=first.month, day=first.day, to_month=last.month, to_day=last.day)
