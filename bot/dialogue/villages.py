"""Choosing villages one by one, or all: shared by announcements and polls."""

from bot.dialogue.screens import Choice, Screen
from bot.domain.text import t
from bot.domain.town import Town

ALL, DONE = "all", "done"


def villages_screen(town: Town, allowed: tuple[str, ...], chosen: tuple[str, ...]) -> Screen:
    """Those that are chosen carry a tick; they can be put back."""
    names = "、".join(village.name for id_ in chosen if (village := town.village(id_)))
    first = [Choice(DONE, t("villages.done"))] if chosen else [Choice(ALL, t("villages.all"))]
    rest = [
        Choice(id_, t("villages.chosen" if id_ in chosen else "plain", text=village.name))
        for id_ in allowed
        if (village := town.village(id_))
    ]
    text = t("villages.some", names=names) if chosen else t("villages.which")
    return Screen(text, (*first, *rest), columns=2, human=False)


def toggled(chosen: tuple[str, ...], village: str) -> tuple[str, ...]:
    return tuple(v for v in chosen if v != village) if village in chosen else (*chosen, village)
