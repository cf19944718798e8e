"""Whether a text is an advertisement or mere insult, which the office looks at before anybody else has to."""

import re
from collections.abc import Sequence
from functools import cache

from bot.tagging.packaged import packaged
from bot.tagging.told import any_of

_SHORT = 40
"""Characters: a longer text that insults has most likely a matter as well."""


def unfit(plain: str, has_matter: bool) -> str | None:
    """The words that show it in the normalised text, None for one that is fit.

    `has_matter`: it has words of a topic or names a place; then insults are an angry person's.
    """
    words = _words()
    offer = words["offers"].search(plain)
    bait = offer and words["baits"].search(plain)
    if offer and bait and not words["told"].search(plain):
        return f"{offer[0]} {bait[0]}"
    insult = None if has_matter or len(plain) > _SHORT else words["insults"].search(plain)
    return insult[0] if insult else None


@cache
def _words() -> dict[str, re.Pattern[str]]:
    data: dict[str, Sequence[str]] = packaged("unfit.toml")
    return {name: any_of(list(data[name])) for name in ("offers", "baits", "told", "insults")}
