"""Which village a text is about: names weighed by the words around them."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.domain.places import Village
from bot.domain.tagging import Guess
from bot.tagging.gazetteer import Gazetteer, How, Mention
from bot.tagging.normalise import Normalised, normalise
from bot.tagging.segment import Segmenter, boundaries
from bot.tagging.sounds import by_sound

LAST_VILLAGE = 0.5  # what the writer's last village is worth when the text names none: first offer, never an answer
_NEAR = 6  # characters before and after a name that tell what part it plays

# What the words before a name say of it, first match wins. The share is what is left of its weight.
_BEFORE: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"(不是|并非|不像|不同|不关|除了)(我们|在)?$"), 0.1),
    (re.compile(r"(像|好像|学|比|不如|参照)(我们)?(隔壁)?(的)?$"), 0.45),
    (re.compile(r"(邻村|隔壁村?|旁边|附近|邻近|外村)的?$"), 0.4),
    (re.compile(r"(嫁|娘家|婆家|原籍|祖籍|老家|来自|出生|以前|之前|亲戚|女儿|搬).{0,3}$"), 0.4),
    (re.compile(r"(我|本人|俺)(本来|原来)?是$"), 0.55),
    (re.compile(r"(去|往|到|通往|通向|经过|路过|赴)$"), 0.6),
    (re.compile(r"(在|位于|我们|我|咱们?|本|住|地点:?|地址:?|位置:?|村名:?)$"), 1.0),
)
_AFTER = (
    (r"(村)?(嫁|搬|出来|走|过来|来的|的?亲戚|娘家)", 0.45),
    (r"(村)?的?(人|村民|老板|车|佬)?(来|把|将|偷|过来|跑来)", 0.45),
    (r"(已经|早就|都)?(有|通|修好|装)了", 0.5),
    (r"(第[一二三]|中心)?(小学|中学|学校|幼儿园|希望小学|卫生院|大酒店|酒家|超市|水库|大桥|公司|加油站)", 0.6),
    (r"(路|街|大道)(?!灯|面|边|口|烂|坑|窄|上|段)", 0.6),
    (r"(村)?(人)?(,|。|$)", 0.8),
)
_AFTER_SHARES = {f"_{place}": share for place, (_, share) in enumerate(_AFTER)}
_FOLLOWS = re.compile("|".join(f"(?P<_{place}>{pattern})" for place, (pattern, _) in enumerate(_AFTER)))
_PLAIN, _HERE = 0.9, 1.0
_NAME = 0.6  # trust from which on a name is one
_PLACE_FOLLOWS = re.compile(r"(在|位于|我们|我|咱|本|住|去|到|是|从|:)$")
_PLACE_BEFORE = re.compile(r"村|社区|这边|这里|那边|的|口|上|下|附近")


_Weighed = tuple[Mention, float, float]
"""A name, the trust in it, and the share of that which the part it plays leaves."""


class Found(NamedTuple):
    """The villages that a text may be about, best first, the hamlet's name, and where names of places stand in it.

    `named` is where characters are a name and nothing else, `spans` where each village's names stand, by its id.
    """

    villages: tuple[Guess, ...] = ()
    hamlet: str | None = None
    spans: Mapping[str, Sequence[tuple[int, int]]] = {}
    named: Sequence[tuple[int, int]] = ()


class VillageFinder:
    """Finds the village, and the hamlet, that a text is about."""

    def __init__(self, villages: Sequence[Village], segmenter: Segmenter) -> None:
        self._gazetteer = Gazetteer(villages)
        self._segmenter = segmenter
        self._ids = {village.id for village in villages}
        self._located = [village for village in villages if village.latitude is not None]

    def find(self, text: Normalised, cut: Callable[[], list[str]], last_village: str | None = None) -> Found:
        """The villages that `text` may be about. `cut` gives its words."""
        mentions = self._gazetteer.exact(text.text)
        if not [each for each in mentions if each.how is not How.SHORT]:
            sounding = self._gazetteer.sounding(text.text, self._segmenter.is_word)
            mentions += [each for each in sounding if not _overlaps(each, mentions)]
        if not mentions:
            mentions = self._gazetteer.nearly(text.text, self._segmenter.is_word)
        last = last_village if last_village in self._ids else None
        if not mentions:
            return Found((Guess(last, LAST_VILLAGE),) if last else ())
        weighed = self._weigh(text.text, mentions, cut)
        named = [
            (each.start, each.end) for each, trust, _ in weighed if trust >= _NAME and each.how is not How.LANDMARK
        ]
        return Found(*self._ranked(weighed, last), named)

    def match(self, typed: str) -> tuple[Guess, ...]:
        """The villages that a typed name may mean, best first: exact, by sound, nearly, or as a beginning."""
        name = normalise(typed.strip().rstrip("。.!,")).text.replace(" ", "")
        if not name:
            return ()
        scores: dict[str, float] = {}
        for known, entry in self._gazetteer.entries.items():
            score = _closeness(name, known)
            for place in entry.places if score else ():
                scores[place.village] = max(scores.get(place.village, 0.0), score)
        if not scores:
            text = normalise(typed)
            return self.find(text, lambda: self._segmenter.cut(text.text)).villages
        best = sorted(scores.items(), key=lambda item: -item[1])
        rivals = sum(1 for _, score in best if score >= best[0][1] - 0.05)
        return tuple(Guess(id_, round(score / rivals, 3)) for id_, score in best[:6])

    def locate(self, latitude: float, longitude: float) -> tuple[Guess, ...]:
        """The villages near a place on earth (degrees), best first; those farther than 10 km are not offered."""
        away = []
        for village in self._located:
            if village.latitude is not None and village.longitude is not None:
                away.append((_kilometres(latitude, longitude, village.latitude, village.longitude), village.id))
        near = sorted(pair for pair in away if pair[0] <= 10.0)[:6]
        pulls = [math.exp(-((distance / 1.5) ** 2)) for distance, _ in near]
        total = max(sum(pulls), 0.05)
        return tuple(Guess(id_, round(0.97 * pull / total, 3)) for (_, id_), pull in zip(near, pulls, strict=True))

    def _weigh(self, text: str, mentions: Iterable[Mention], cut: Callable[[], list[str]]) -> list[_Weighed]:
        weighed = []
        edges: frozenset[int] | None = None
        for mention in mentions:
            before = text[max(0, mention.start - _NEAR) : mention.start]
            after = text[mention.end : mention.end + _NEAR]
            weight = mention.how.value
            if not mention.has_suffix and mention.how is not How.LANDMARK:
                if edges is None:
                    edges = boundaries(cut())
                if not {mention.start, mention.end} <= edges and not after.startswith("村"):
                    continue  # the characters belong to other words
                written = text[mention.start : mention.end]
                told = _PLACE_FOLLOWS.search(before) or _PLACE_BEFORE.match(after)
                if not told and self._segmenter.is_common(written):
                    weight *= 0.6  # 和平 is also just peace
            if mention.how is How.TYPO and self._segmenter.is_word(text[mention.start : mention.end - 1]):
                weight *= 0.7  # 黄龙 is a name of its own, not a slip for 石龙
            weighed.append((mention, weight, _share(before, after)))
        return weighed

    def _ranked(
        self, weighed: Sequence[_Weighed], last: str | None
    ) -> tuple[tuple[Guess, ...], str | None, Mapping[str, Sequence[tuple[int, int]]]]:
        standing: dict[str, float] = {}
        trust: dict[str, float] = {}
        spans: dict[str, list[tuple[int, int]]] = {}
        hamlets: dict[str, tuple[float, str]] = {}
        for mention, weight, share in weighed:
            places = mention.places
            if len(places) > 1:
                named = {each.places[0].village for each, *_ in weighed if len(each.places) == 1} | {last}
                places = tuple(place for place in places if place.village in named) or places
            trusted = weight / len(places)
            worth = trusted * share
            for place in places:
                id_ = place.village
                standing[id_] = max(standing.get(id_, 0.0), worth) + 0.02
                trust[id_] = max(trust.get(id_, 0.0), trusted)
                spans.setdefault(id_, []).append((mention.start, mention.end))
                if place.hamlet and worth > hamlets.get(id_, (0.0, ""))[0]:
                    hamlets[id_] = (worth, place.hamlet)
        if last in standing:
            standing[last] += 0.05
        ranked = sorted(standing, key=lambda id_: -standing[id_])
        guesses = [Guess(id_, round(_confidence(id_, standing, trust[id_]), 3)) for id_ in ranked]
        if last and last not in standing:
            guesses.append(Guess(last, 0.1 if guesses else LAST_VILLAGE))
        hamlet = hamlets.get(ranked[0]) if ranked else None
        return tuple(guesses), hamlet[1] if hamlet else None, spans


def _share(before: str, after: str) -> float:
    share = _PLAIN
    for pattern, part in _BEFORE if before else ():
        if pattern.search(before):
            share = part
            break
    follows = _FOLLOWS.match(after)
    if not follows:
        return share
    part = _AFTER_SHARES[follows.lastgroup or ""]
    return min(share, part) if share < _HERE else max(part, 0.8)


def _confidence(id_: str, standing: dict[str, float], trust: float) -> float:
    """Trust in the name, less where another village stands nearly as well, or where the text denies it."""
    others = [worth for other, worth in standing.items() if other != id_]
    if others:
        trust /= 1.0 + math.exp(-(standing[id_] - max(others)) / 0.09)
    return trust if standing[id_] > 0.2 else min(trust, 0.3)


def _overlaps(mention: Mention, others: Iterable[Mention]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in others)


def _closeness(name: str, known: str) -> float:
    """How well a typed name fits a known one, 0 for not at all."""
    if name == known:
        return 0.99
    if len(name) == len(known) >= 2:
        if by_sound(name) == by_sound(known):
            return 0.9
        if len(name) >= 3 and sum(one != other for one, other in zip(name, known, strict=True)) == 1:
            return 0.7
    if len(name) >= 2 and known.startswith(name):
        return 0.6
    if abs(len(name) - len(known)) == 1 and min(len(name), len(known)) >= 2 and _one_extra(name, known):
        return 0.65
    return 0.0


def _one_extra(one: str, other: str) -> bool:
    long, short = (one, other) if len(one) > len(other) else (other, one)
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def _kilometres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Great-circle distance."""
    one, other = math.radians(latitude), math.radians(to_latitude)
    half = math.sin((other - one) / 2) ** 2
    half += math.cos(one) * math.cos(other) * math.sin(math.radians(to_longitude - longitude) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))
