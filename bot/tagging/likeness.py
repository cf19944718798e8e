"""How alike two texts are, and which matters many people raise: pure functions over texts, places and days."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from bot.tagging.intent import is_filler, without_filler
from bot.tagging.normalise import normalise
from bot.tagging.segment import Segmenter

ALIKE = 0.3  # from here on a villager is asked "is it this one?"
_SAME_MATTER = 0.25  # from here on two cases of one place and topic belong to one hot issue
_WORDS, _PAIRS = 1.0, 0.5  # weight of words, and of pairs of characters, which forgive slips and other word cuts
_READ = 200
_REMEMBERED = 3000

Vector = dict[str, float]


@dataclass(frozen=True, slots=True)
class Told:
    """One case as hot issues see it; `village` and `topic` are ids, or None if not known."""

    id: str
    text: str
    village: str | None
    topic: str | None
    day: date
    supporters: int = 1


@dataclass(frozen=True, slots=True)
class HotIssue:
    """Cases of one matter. `growth` is how many people came in the last half of the window less those of the first."""

    village: str | None
    topic: str | None
    cases: tuple[str, ...]
    people: int
    growth: int
    first: date
    last: date


class Likeness:
    """Compares texts by their telling words; give it the tagger's segmenter to read the dictionary only once."""

    def __init__(self, segmenter: Segmenter | None = None) -> None:
        self._segmenter = segmenter or Segmenter()
        self._vector = lru_cache(_REMEMBERED)(self._measured)  # a new text is compared with the same old ones

    def similar(self, text: str, others: Sequence[str]) -> list[float]:
        """The likeness of `text` with each of `others`, 0 (nothing shared) to 1 (the same), in their order."""
        mine = self._vector(text) if others else {}
        return [_cosine(mine, self._vector(other)) for other in others]

    def hot_issues(
        self, told: Sequence[Told], today: date, window: timedelta = timedelta(days=14), least: int = 3
    ) -> tuple[HotIssue, ...]:
        """Matters that at least `least` people raised in the `window` up to `today`, most people first."""
        since = today - window
        recent = [each for each in told if since < each.day <= today]
        by_place: dict[tuple[str | None, str | None], list[Told]] = defaultdict(list)
        for each in sorted(recent, key=lambda each: (each.day, each.id)):
            by_place[each.village, each.topic].append(each)
        found = []
        for (village, topic), cases in by_place.items():
            if sum(each.supporters for each in cases) < least:
                continue
            for cluster in self._clusters(cases):
                if sum(each.supporters for each in cluster) >= least:
                    found.append(_issue(village, topic, cluster, since + window / 2))
        return tuple(sorted(found, key=lambda issue: (-issue.people, -issue.growth, issue.cases)))

    def typical(self, texts: Sequence[str]) -> str:
        """The one of these that says most of what all of them say."""
        centre: Vector = {}
        for text in texts:
            _add(centre, self._vector(text))
        return max(texts, key=lambda text: _dot(self._vector(text), centre))

    def _clusters(self, cases: Sequence[Told]) -> list[list[Told]]:
        """Cases grouped so that each joins the group that it is most like, on average; in order of day."""
        groups: list[list[Told]] = []
        centres: list[Vector] = []
        for case in cases:
            mine = self._vector(case.text)
            likeness = [_dot(mine, centre) / len(group) for centre, group in zip(centres, groups, strict=True)]
            best = max(range(len(groups)), key=likeness.__getitem__, default=-1)
            if best >= 0 and likeness[best] >= _SAME_MATTER:
                groups[best].append(case)
                _add(centres[best], mine)
            else:
                groups.append([case])
                centres.append(dict(mine))
        return groups

    def _measured(self, text: str) -> Vector:
        plain = normalise(text).text[:_READ]
        weights: Vector = {}
        for word, count in Counter(self._segmenter.cut(plain)).items():
            if len(word) > 1 and not is_filler(word):
                weights[word] = _WORDS * self._segmenter.rarity(word) * (1.0 + math.log(count))
        for one, other in pairwise(without_filler(plain)):
            if one.isalnum() and other.isalnum():
                weights.setdefault("·" + one + other, _PAIRS * self._segmenter.rarity(one + other))
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items()} if length else {}


def _cosine(one: Vector, other: Vector) -> float:
    return min(1.0, _dot(one, other) if len(one) <= len(other) else _dot(other, one))


def _dot(one: Vector, other: Vector) -> float:
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())


def _add(centre: Vector, one: Vector) -> None:
    for word, weight in one.items():
        centre[word] = centre.get(word, 0.0) + weight


def _issue(village: str | None, topic: str | None, cases: Sequence[Told], half: date) -> HotIssue:
    late = sum(each.supporters for each in cases if each.day > half)
    people = sum(each.supporters for each in cases)
    return HotIssue(
        village=village,
        topic=topic,
        cases=tuple(each.id for each in cases),
        people=people,
        growth=late - (people - late),
        first=min(each.day for each in cases),
        last=max(each.day for each in cases),
    )
