"""Words of one kind: what stands in a group of `signs.toml` says the same in schooling, so that one teaches another."""

import re
from collections.abc import Iterator, Mapping
from itertools import product

from bot.tagging.normalise import normalise
from bot.tagging.packaged import packaged

_PART = re.compile(r"\[([^\]]+)\](\??)|(.)(\??)")


def groups_of_pairs(signs: Mapping[str, str] | None = None) -> dict[str, tuple[int, ...]]:
    """For single characters and pairs of characters, the places of the groups to which they belong.

    `signs` as in `signs.toml`, which is the default. A longer word lends its groups to every pair in it that is no
    word of the table itself.
    """
    signs = packaged("signs.toml") if signs is None else signs
    groups: dict[str, set[int]] = {}
    longer: dict[str, set[int]] = {}
    for place, words in enumerate(signs.values()):
        for written in words.split():
            for word in spellings(written):
                (groups if len(word) <= 2 else longer).setdefault(word, set()).add(place)
    lent: dict[str, set[int]] = {}
    for word, places in longer.items():
        for start in range(len(word) - 1):
            pair = word[start : start + 2]
            if pair not in groups:
                lent.setdefault(pair, set()).update(places)
    return {gram: tuple(sorted(places)) for gram, places in (groups | lent).items()}


def spellings(written: str) -> Iterator[str]:
    """The words that a table's entry stands for: 甲[乙丙]丁? is 甲乙, 甲乙丁, 甲丙 and 甲丙丁, each in one spelling."""
    choices = [[*(match[1] or match[3]), *([""] if match[2] or match[4] else [])] for match in _PART.finditer(written)]
    for letters in product(*choices):
        if word := normalise("".join(letters)).text.strip():
            yield word
