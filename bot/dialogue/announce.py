"""Writing an announcement: the words, the villages, a look at it with the number of people, and off it goes."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from bot.dialogue.screens import BACK, Answer, Choice, Effect, Outcome, Screen, menu_number
from bot.dialogue.villages import ALL, DONE, toggled, villages_screen
from bot.domain.text import t
from bot.domain.town import Town

FLOW = "announce"
LONGEST = 2000


class AnnounceDraft(BaseModel):
    """`allowed`: where this person may announce; `villages` empty at the check: to all of the town."""

    model_config = ConfigDict(frozen=True)
    allowed: tuple[str, ...]
    whole_town: bool = False
    text: str = ""
    villages: tuple[str, ...] = ()
    recipients: int = 0


@dataclass(frozen=True, slots=True)
class AnnounceFlow:
    """Steps: write, villages, check."""

    town: Town

    def screen(self, step: str, data: AnnounceDraft) -> Screen:
        if step == "write":
            return Screen(t("announce.write"), human=False)
        if step == "villages":
            return villages_screen(self.town, data.allowed, data.villages)
        names = "、".join(village.name for id_ in data.villages if (village := self.town.village(id_)))
        text = t("announce.check", text=data.text, recipients=data.recipients, places=names or self.town.name)
        return Screen(text, (Choice("send", t("announce.send")), Choice("again", t("compose.again"))), human=False)

    def step(self, step: str, data: AnnounceDraft, answer: Answer) -> Outcome[AnnounceDraft]:
        choice = answer.choice
        if choice == BACK:
            if step == "write":
                return Outcome(step, data, effect=Effect.CANCEL)
            return Outcome("villages" if step == "check" and len(data.allowed) > 1 else "write", data)
        if step == "write":
            return self._written(data, answer)
        if step == "villages":
            return self._placed(data, choice)
        if choice == "send":
            return Outcome(step, data, effect=Effect.DONE)
        return Outcome("write" if choice == "again" else step, data)

    def _written(self, data: AnnounceDraft, answer: Answer) -> Outcome[AnnounceDraft]:
        text = answer.text.strip()
        if not text or menu_number(text) is not None:
            return Outcome("write", data, t("compose.no_files" if answer.files else "compose.say_something"))
        if len(text) > LONGEST:
            return Outcome("write", data, t("announce.too_long", limit=LONGEST))
        villages = data.allowed if len(data.allowed) == 1 else data.villages
        data = data.model_copy(update={"text": text, "villages": villages})
        return Outcome("check" if len(data.allowed) == 1 else "villages", data)

    def _placed(self, data: AnnounceDraft, choice: str | None) -> Outcome[AnnounceDraft]:
        if choice == ALL:
            every = () if data.whole_town else data.allowed
            return Outcome("check", data.model_copy(update={"villages": every}))
        if choice == DONE:
            return Outcome("check", data)
        if choice in data.allowed:
            return Outcome("villages", data.model_copy(update={"villages": toggled(data.villages, choice)}))
        return Outcome("villages", data)
