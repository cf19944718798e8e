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
    offer, bait = words["offers"].search(plain), words["baits"].search(plain)
    if offer and bait and not words["told"].search(plain):
        return f"{offer[0]} {bait[0]}"
    insult = words["insults"].search(plain)
    if insult and not has_matter and len(plain) <= _SHORT:
        return insult[0]
    return None


@cache
def _words() -> dict[str, re.Pattern[str]]:
    data: dict[str, Sequence[str]] = packaged("unfit.toml")
    return {name: any_of(list(data[name])) for name in ("offers", "baits", "told", "insults")}
