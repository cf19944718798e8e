"""Somebody with a phone: what they can do there. They press only buttons that the phone offers them."""

import re
from dataclasses import dataclass

from bot.domain.messages import Button
from bot.simulation.phones import Phone
from bot.simulation.world import Hold, Script, Surprise, Turn, World


@dataclass(frozen=True, slots=True)
class Matter:
    """A case as its people know it: by its number, and by the id in its buttons."""

    id: int
    number: str

    @property
    def short(self) -> str:
        return self.number.rsplit("-", 1)[1].lstrip("0")


@dataclass
class Person:
    """`seat` is empty for a villager."""

    world: World
    account: str
    phone: Phone
    seat: str = ""

    def alone(self, script: Script) -> Script:
        """Nobody else's script has this person's hands meanwhile."""
        yield Hold(self.account)
        try:
            found = yield from script
        finally:
            self.world.free(self.account)
        return found

    def say(self, text: str, **more: object) -> Script:
        yield Turn(self.account, {"text": text, **more})

    def send(self, kind: str, number: int = 1, text: str = "") -> Script:
        """Photos (several as an album, the words with the first) or a voice note."""
        key = self.world.key()
        for index in range(number):
            fields: dict[str, object] = {"files": [[kind, f"{kind}-{key}-{index}"]], "text": "" if index else text}
            if number > 1:
                fields["album"] = f"album-{key}"
            yield Turn(self.account, fields)

    def press(self, data: str) -> Script:
        """Raises Surprise where the phone offers no such button, or pressing it was refused."""
        if data not in self.phone.offered:
            raise Surprise(f"{self.phone.role}: no button {_kind_of(data)}")
        self.phone.alert = ""
        message = self.phone.offered[data]
        press_id = f"press-{self.world.key()}"
        yield Turn(self.account, {"kind": "press", "press": data, "press_id": press_id, "message_id": message})
        if self.phone.alert:
            raise Surprise(f"{self.phone.role}: {_kind_of(data)} refused: {self.phone.alert}")

    def sees(self, key: str) -> bool:
        """Whether the bot asks just now for a tap on this."""
        label = self.world.label(key)
        return any(label in button.label for button in self.phone.question)

    def tap(self, key: str) -> Script:
        yield from self.tap_label(self.world.label(key))

    def tap_label(self, label: str) -> Script:
        button = self._button(label)
        if button is None:
            raise Surprise(f"{self.phone.role}: no button {label!r} at {self.phone.text[:40]!r}")
        yield from self.press(button.data)

    def _button(self, label: str) -> Button | None:
        """The newest with this text that is not taken off; what is asked just now comes first."""
        every = (*self.phone.question, *self.phone.buttons)
        return next((b for b in every if label in b.label and b.data in self.phone.offered), None)

    def offered(self, pattern: str) -> list[str]:
        """Data of the buttons that match, oldest first."""
        return [data for data in self.phone.offered if re.fullmatch(pattern, data)]

    def do(self, matter: Matter, word: str) -> Script:
        """Press the case's button for this, looking for it as staff would. Raises Surprise where there is none."""
        data = f"c:{matter.id}:{word}"
        if data not in self.phone.offered:
            yield from self.say(f"/case {matter.short}")
        if data not in self.phone.offered:
            yield from self.press(f"c:{matter.id}:more")
        yield from self.press(data)

    def told(self, matter: Matter) -> bool:
        """Whether this phone ever got the case's card."""
        return f"c:{matter.id}:history" in self.phone.offered

    def write(self, matter: Matter, word: str, text: str, *choices: str, photos: int = 0) -> Script:
        """An action with words; `choices` are taps (by text key) after them."""
        yield from self.do(matter, word)
        if photos:
            yield from self.send("photo", photos)
        yield from self.say(text)
        for key in choices:
            yield from self.tap(key)


def _kind_of(data: str) -> str:
    """What of a button's data is the same for every case."""
    return re.sub(r"\d+", "N", data)
