"""Which village a text is about: names weighed by the words around them."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.domain.places import Village
from bot.domain.tagging import Guess
from bot.tagging.gazetteer import Gazetteer, How, Mention, Place
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
_AFTER: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"(村)?(嫁|搬|出来|走|过来|来的|的?亲戚|娘家)"), 0.45),
    (re.compile(r"(村)?的?(人|村民|老板|车|佬)?(来|把|将|偷|过来|跑来)"), 0.45),
    (re.compile(r"(已经|早就|都)?(有|通|修好|装)了"), 0.5),
    (
        re.compile(r"(第[一二三]|中心)?(小学|中学|学校|幼儿园|希望小学|卫生院|大酒店|酒家|超市|水库|大桥|公司|加油站)"),
        0.6,
    ),
    (re.compile(r"(路|街|大道)(?!灯|面|边|口|烂|坑|窄|上|段)"), 0.6),
    (re.compile(r"(村)?(人)?(,|。|$)"), 0.8),
)
_PLAIN, _HERE = 0.9, 1.0
_NAME = 0.6  # trust from which on a name is one
_PLACE_FOLLOWS = re.compile(r"(在|位于|我们|我|咱|本|住|去|到|是|从|:)$")
_PLACE_BEFORE = re.compile(r"村|社区|这边|这里|那边|的|口|上|下|附近")


class _Weighed(NamedTuple):
    mention: Mention
    weight: float  # trust in the name itself
    share: float  # the part it plays

    @property
    def hidden(self) -> bool:
        """Whether its characters are a name and nothing else, so that they say nothing of the matter."""
        return self.weight >= _NAME and self.mention.how is not How.LANDMARK


class Found(NamedTuple):
    """The villages that a text may be about, best first, the hamlet's name, and where names of places stand in it.

    `named` is where characters are a name and nothing else, `spans` where each village's names stand, by its id.
    """

    villages: tuple[Guess, ...] = ()
    hamlet: str | None = None
    spans: Mapping[str, Sequence[tuple[int, int]]] = {}
    named: tuple[tuple[int, int], ...] = ()


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
        if all(mention.how is How.SHORT for mention in mentions):
            sounding = self._gazetteer.sounding(text.text, self._segmenter.is_word)
            mentions += [each for each in sounding if not _overlaps(each, mentions)]
        if not mentions:
            mentions = self._gazetteer.nearly(text.text, self._segmenter.is_word)
        last = last_village if last_village in self._ids else None
        if not mentions:
            return Found((Guess(last, LAST_VILLAGE),) if last else ())
        weighed = tuple(self._weigh(text.text, mentions, cut))
        named = tuple((each.mention.start, each.mention.end) for each in weighed if each.hidden)
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

    def _weigh(self, text: str, mentions: Iterable[Mention], cut: Callable[[], list[str]]) -> Iterable[_Weighed]:
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
            yield _Weighed(mention, weight, _share(before, after))

    def _ranked(
        self, weighed: Sequence[_Weighed], last: str | None
    ) -> tuple[tuple[Guess, ...], str | None, Mapping[str, Sequence[tuple[int, int]]]]:
        named = {each.mention.places[0].village for each in weighed if len(each.mention.places) == 1}
        standing: dict[str, float] = {}
        trust: dict[str, float] = {}
        spans: dict[str, list[tuple[int, int]]] = {}
        hamlets: dict[str, tuple[float, Place]] = {}
        for each in weighed:
            places = each.mention.places
            if len(places) > 1:
                told = [place for place in places if place.village in named or place.village == last]
                places = tuple(told) or places
            for place in places:
                worth = each.weight * each.share / len(places)
                standing[place.village] = max(standing.get(place.village, 0.0), worth) + 0.02
                trust[place.village] = max(trust.get(place.village, 0.0), each.weight / len(places))
                spans.setdefault(place.village, []).append((each.mention.start, each.mention.end))
                if place.hamlet and worth > hamlets.get(place.village, (0.0, place))[0]:
                    hamlets[place.village] = (worth, place)
        if last in standing:
            standing[last] += 0.05
        ranked = sorted(standing, key=lambda id_: -standing[id_])
        guesses = [Guess(id_, round(_confidence(id_, standing, trust[id_]), 3)) for id_ in ranked]
        if last and last not in standing:
            guesses.append(Guess(last, 0.1 if guesses else LAST_VILLAGE))
        hamlet = hamlets.get(ranked[0]) if ranked else None
        return tuple(guesses), hamlet[1].hamlet if hamlet else None, spans


def _share(before: str, after: str) -> float:
    share = _PLAIN
    for pattern, part in _BEFORE:
        if pattern.search(before):
            share = part
            break
    for pattern, part in _AFTER:
        if pattern.match(after):
            return min(share, part) if share < _HERE else max(part, 0.8)
    return share


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
