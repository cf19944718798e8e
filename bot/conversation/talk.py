"""One turn of a conversation: the desk, the person, what they sent, and how screens are drawn for them."""

from dataclasses import dataclass, replace
from functools import cached_property

from bot.dialogue.compose import ComposeFlow
from bot.dialogue.screens import BACK, HUMAN, NUMBERED, Choice, Screen
from bot.dialogue.submission import SubmissionFlow
from bot.domain.messages import Inbound
from bot.domain.people import Draft, Person
from bot.domain.text import Text, t
from bot.usecases import consent
from bot.usecases.desk import Buttons, Desk


@dataclass
class Talk:
    """`person` is replaced when what is known of them changes in this turn."""

    desk: Desk
    person: Person
    inbound: Inbound

    @cached_property
    def submission(self) -> SubmissionFlow:
        return SubmissionFlow(self.desk.town, self.desk.reader, self.desk.rules.sizes)

    @property
    def compose(self) -> ComposeFlow:
        return ComposeFlow(3500, self.desk.rules.sizes.files)

    async def say(self, text: Text, buttons: Buttons = ()) -> None:
        await self.desk.say(self.person, text, buttons)

    async def toast(self, text: Text | None = None) -> None:
        """Answer the press that this turn began with; nothing where it was no press."""
        if self.inbound.press_id:
            await self.desk.toast(self.person, self.inbound.press_id, text)
            self.inbound = replace(self.inbound, press_id="")

    async def strip(self) -> None:
        """The pressed message's question is answered: its buttons go."""
        if self.inbound.press and self.inbound.message_id:
            await self.desk.strip(self.person, self.inbound.message_id)

    async def ask_consent(self, notice: Text | None = None) -> None:
        """The privacy notice, to be agreed to before anything is kept for good."""
        text = consent.notice(self.desk)
        buttons = [
            [(t("privacy.agree"), f"p:agree:{self.desk.rules.notice.version}")],
            [(t("privacy.decline"), "p:decline")],
        ]
        await self.say(t("noticed", notice=notice, text=text) if notice else text, buttons)

    async def show(self, draft: Draft, screen: Screen, notice: Text | None = None) -> None:
        """Draw a screen of a draft; what was noted comes first, in the same message."""
        text = t("noticed", notice=notice, text=screen.text) if notice else screen.text
        await self.say(text, screen_buttons(draft, screen))


def screen_buttons(draft: Draft, screen: Screen) -> Buttons:
    """The first six choices carry their number; 0 and 9 stand last."""
    data = f"d:{draft.id}:{draft.rev}"
    buttons = [(label(i, choice), f"{data}:{i}") for i, choice in enumerate(screen.choices)]
    rows = [buttons[i : i + screen.columns] for i in range(0, len(buttons), screen.columns)]
    last = [(t("button.back"), f"{data}:b")] if screen.back else []
    if screen.human:
        last.append((t("button.human"), f"{data}:h"))
    return [*rows, last]


def label(index: int, choice: Choice) -> Text:
    if index < NUMBERED:
        return t("button.numbered", number=index + 1, label=choice.label)
    return choice.label


def pressed_choice(screen: Screen, word: str) -> str | None:
    """The choice behind a screen button's last word; None for a word that this screen does not have."""
    if word == "b" and screen.back:
        return BACK
    if word == "h" and screen.human:
        return HUMAN
    if word.isdecimal() and len(word) < 4 and int(word) < len(screen.choices):
        return screen.choices[int(word)].value
    return None
