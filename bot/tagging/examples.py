"""Confirmed texts as numbers, and how much each of them weighs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.tagging.features import Features

FROM_ONE = 0.1  # the largest share of all weight that one user's corrections may have ...
FREE = 5.0  # ... beyond these few, which nobody is denied
ABSENT = -0.6  # the keyword weight of a subtopic of which the text has no word
Floats = NDArray[np.float64]
_LONG = 200.0  # characters; far below this a text hardly repeats itself
_Lengths = TypeVar("_Lengths", float, Floats)


@dataclass(frozen=True, slots=True)
class Example:
    """One confirmed text: its features, its keyword weights per subtopic id, and the right answer.

    `labels` are the subtopic ids that may be right: one, or all of a topic when only the topic was confirmed.
    `user` is any stable key of the person who confirmed; `weight` below 1 is for what is known less well.
    `length` is the number of characters of the text, 0 in examples of old.
    """

    features: Features
    prior: tuple[tuple[str, float], ...]
    labels: tuple[str, ...]
    user: str = ""
    weight: float = 1.0
    length: int = 0


def said_again(length: _Lengths, repetition: float) -> _Lengths:
    """By how much the evidence of a text of `length` characters is to be divided, from 1 up.

    A long text has more words for its topic, and for others, than a short one, but most of them only say it again.
    """
    divisor: _Lengths = (1.0 + length / _LONG) ** repetition
    return divisor


def fair_weights(examples: Sequence[Example]) -> Floats:
    """Each example's weight, such that no user has more than FREE, or FROM_ONE of the whole, whichever is more."""
    per_user = Counter[str]()
    for each in examples:
        if each.user:
            per_user[each.user] += 1
    total = float(len(examples))
    most = max(FREE, FROM_ONE * total)
    share = {user: min(1.0, most / count) for user, count in per_user.items()}
    return np.array([each.weight * share.get(each.user, 1.0) for each in examples])
