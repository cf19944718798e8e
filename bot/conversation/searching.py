"""`/search`: staff look for cases by what was written, where, or what about."""

from bot.conversation.talk import Talk
from bot.domain.text import t
from bot.usecases import searching
from bot.usecases.cards import brief, summary
from bot.usecases.digests import short
from bot.usecases.roles import roles_of

_BUTTON = 64
"""Bytes that Telegram lets a button carry."""


async def search(talk: Talk, argument: str, below: int | None = None) -> None:
    """Staff: the cases of theirs that hold every word. `below`: go on with older ones."""
    words = " ".join(argument.replace(":", " ").split())
    if not await roles_of(talk.desk, talk.person):
        await talk.say(t("error.not_staff"))
        return
    if not words:
        await talk.say(t("search.how"))
        return
    found = await searching.search(talk.desk, talk.person, words, below)
    buttons = [
        [(t("digest.open", number=short(case.number), text=brief(case, 14)), f"c:{case.id}:open")]
        for case in found.cases
    ]
    older = f"a:{found.below}:{words}" if found.below else ""
    if older and len(older.encode()) <= _BUTTON:
        buttons.append([(t("search.older"), older)])
    rows = tuple(t("mine.row", text_short=brief(case), **summary(talk.desk, case)) for case in found.cases)
    key = "search.found" if rows else ("search.not_yet" if older else "search.none")
    await talk.say(t(key, words=words[:40], rows=rows) if rows else t(key, words=words[:40]), buttons)
