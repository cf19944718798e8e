"""Where somebody stands on the way through the settings."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.dialogue.settings.adding import GONE, NEW
from bot.dialogue.settings.items import Item
from bot.domain.messages import File

FLOW = "settings"


class SettingsDraft(BaseModel):
    """`written` is what the office wrote for the new value, or as the name of what is new; `value` what it chose, or
    the station that takes over from one that ends. `head` and `serves` are the head and the villages of a new station,
    as written. `preview` says what that would do, drawn when amendment `number` was the newest; `file` is a document
    that was sent, `table` what it says of all entries of these `kinds`."""

    model_config = ConfigDict(frozen=True)
    part: str = ""
    group: str = ""
    key: str = ""
    field: str = ""
    written: str = ""
    head: str = ""
    serves: str = ""
    value: Any = None
    file: File | None = None
    table: dict[str, dict[str, Any]] | None = None
    kinds: tuple[str, ...] = ()
    reason: str = ""
    preview: str = ""
    number: int = 0

    @property
    def item(self) -> Item:
        return Item(self.key, self.field)

    @property
    def new(self) -> str:
        """The kind of what is to be added; empty for a change of what is there."""
        return self.key.removeprefix(NEW) if self.key.startswith(NEW) else ""

    @property
    def before_preview(self) -> str:
        """The step that leads to the preview, and to which what cannot be goes back."""
        if self.table is not None:
            return "table"
        if self.new:
            return "serves" if self.new == "station" else "name"
        if self.field == GONE:
            return "heir" if self.item.kind == "station" else "field"
        return "write"
