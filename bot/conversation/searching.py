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
    further = f"a:{found.below}:{words}"
    older = found.below is not None
    fits = len(further.encode()) <= _BUTTON
    if older and fits:
        buttons.append([(t("search.older"), further)])
    rows = tuple(t("mine.row", text_short=brief(case), **summary(talk.desk, case)) for case in found.cases)
    more = t("search.shorter") if older and not fits else t("nothing")
    if rows:
        await talk.say(t("search.found", words=words[:40], rows=rows, more=more), buttons)
    else:
        await talk.say(t("search.not_yet" if older else "search.none", words=words[:40], more=more), buttons)
