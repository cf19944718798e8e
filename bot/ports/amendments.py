"""What the office changed in the configuration: appended, never edited."""

from typing import Protocol

from bot.domain.amendments import Amendment


class Amendments(Protocol):
    async def newest(self) -> int:
        """The number of the last one, 0 before the first. Cheap: every piece of work asks."""
        ...

    async def all(self) -> list[Amendment]:
        """Oldest first."""
        ...

    async def add(self, amendment: Amendment) -> bool:
        """False where its number is taken, or leaves a gap: then nothing is done."""
        ...
