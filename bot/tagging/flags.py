"""What in a text asks for haste or for silence: words of danger, cadres complained of, matters for the courts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import ahocorasick

from bot.domain.topics import Flag
from bot.tagging.normalise import Normalised, normalise
from bot.tagging.packaged import packaged
from bot.tagging.told import FULL_STOPS, Told, any_of, exaggerated

_APART = 12  # characters between two words that belong together
_COURT = re.compile(
    r"法院|法庭|判完|判决|起诉|打官司|吃官司|仲裁|上访|信访|强制执行|开庭|立案|检察院|申诉|上诉|冤案|冤枉|被拘留"
)
_CADRE = re.compile(
    r"村支书|支书|书记|村委主任|(?<!班)主任|村长|村干部|镇干部|干部|镇长|副镇长|所长|村委的?人|村委会的?人|"
    r"队长|组长|会计|出纳|文书|驻村|城管|两委|村官|领导|站长|理事长|工作人员"
)
_WRONG = re.compile(
    r"送礼|小舅子|占了(我|集体|大家|公家)|不签字|贪|受贿|索贿|行贿|回扣|收了?(我们?|他|她|人家?)?的?(钱|黑钱|红包|好处|烟|茶水费|几千|几百|[一二三四五六七八九十两\d]+[千百万])|"
    r"私吞|吞了|侵吞|挪用|克扣|截留|优亲厚友|以权谋私|公款|徇私|包庇|霸占|强占|欺压|欺负|打人|打了|骂人|骂我|打击报复|报复|"
    r"威胁|恐吓|乱收费|吃拿卡要|黑箱|暗箱|给了?自己|自己(亲戚|兄弟|儿子|老婆|人)|亲戚(都|全|也)|兄弟|儿子承包|不敢(出声|讲|说)|不办事|没人敢|自己人|不作为|乱作为|不理|不管|推来推去|推卸|踢皮球|态度(很|好|太|这)?(差|恶劣|凶)|"
    r"官威|霸道|耍|偷偷|做假|造假|弄虚作假|冒领|套取|骗取|贿选|卖地|卖了.{0,4}地|独吞|好处|私下|不公平|不公道|一手遮天|赌博|喝酒误事|装死|刁难|卡住|拖着不办"
)
_INFORM = re.compile(r"举报|检举|贪污|受贿|贿赂|贿选|吃拿卡要|以权谋私|公款吃喝|官官相护|优亲厚友")
_PRAISE = re.compile(r"不要误会|很好|好好人|辛苦|感谢|表扬|点赞|负责任|谢谢|热心|支持")
_PRIVATE = re.compile(
    r"艾滋|梅毒|乙肝|肺结核|精神病|残疾证|堕胎|流产|怀孕|未成年|幼女|被拐|身份证号|离婚|私生|低保|智障|抑郁"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """The flags of one text and the villager's own words that called for them."""

    flags: frozenset[Flag]
    why: tuple[str, ...]
    calm: bool  # words of danger are there, but explained as past, asked or imagined: a topic's urgency is not meant


_NOTHING = Finding(frozenset(), (), calm=False)


class _Calls(NamedTuple):
    """Which dangers a word calls, as bits by the danger's place: by itself, or as one of either list of a pair."""

    length: int
    alone: int
    one: int
    other: int


class FlagReader:
    """Reads flags from texts by the packaged words of danger."""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        """`data` as in `dangers.toml`, which is the default. Raises KeyError if a list is missing."""
        self._data = data or packaged("dangers.toml")
        self._dangers: list[dict[str, Any]] = self._data["danger"]
        self._automaton = ahocorasick.Automaton()
        for word, calls in _calls(self._dangers, self._data.get("groups", {})).items():
            for spelling in _with_particles(word):
                self._automaton.add_word(spelling, _Calls(len(spelling), *calls))
        self._automaton.make_automaton()
        self._traps = any_of(self._data["traps"])
        self._innocent = any_of(self._data["innocent"])
        self._told = Told(self._data)

    def without_traps(self, text: Normalised) -> Normalised:
        """`text` with boxes in place of what only sounds like danger, such as 笑到想死 and 停水通知."""
        plain = exaggerated().sub(_box, self._traps.sub(_box, text.text))
        return text if plain == text.text else text._replace(text=plain)

    def read(self, text: Normalised, danger: bool = True, secret: bool = True) -> Finding:
        """The flags that the words of `text` (without traps) call for; what nobody wants to know is not looked for."""
        if not danger and not secret and not _PRIVATE.search(text.text):
            return _NOTHING
        flags: set[Flag] = set()
        why: list[str] = []
        calm = danger and self._read_danger(text, flags, why)
        for flag, start, end in _silent(text.text, secret):
            flags.add(flag)
            why.append(text.as_written(start, end))
        return Finding(frozenset(flags), tuple(dict.fromkeys(why)), calm and Flag.URGENT not in flags)

    def _read_danger(self, text: Normalised, flags: set[Flag], why: list[str]) -> bool:
        """Add what words of danger call for; True if some are there that are explained."""
        plain = self._innocent.sub(_box, text.text)
        calm = plain != text.text or self._told.no_alarm(plain)
        heard: set[str] = set()
        for danger, start, end in self._met(plain):
            if danger["id"] in heard:
                continue
            if self._told.harmless(plain, start, end, "always" in danger, "ever" in danger):
                calm = True
                continue
            heard.add(danger["id"])
            flags.add(Flag.URGENT)
            if danger.get("restricted"):
                flags.add(Flag.RESTRICTED)
            why.append(text.as_written(start, end))
        return calm

    def _met(self, plain: str) -> list[tuple[dict[str, Any], int, int]]:
        """The dangers met, with the span of their words; one may be met more than once."""
        hits = []
        alone = one = other = 0
        for last, calls in self._automaton.iter(plain):
            hits.append((last, calls))
            alone |= calls.alone
            one |= calls.one
            other |= calls.other
        found = []
        for place in _bits(alone):
            found += [(place, last - calls.length + 1, last + 1) for last, calls in hits if calls.alone >> place & 1]
        for place in _bits(one & other):
            ones = [(last - calls.length + 1, last + 1) for last, calls in hits if calls.one >> place & 1]
            others = [(last - calls.length + 1, last + 1) for last, calls in hits if calls.other >> place & 1]
            found += [(place, *pair) for pair in _pairs(plain, ones, others)]
        return [(self._dangers[place], start, end) for place, start, end in found]


def _calls(
    dangers: Sequence[Mapping[str, Any]], groups: Mapping[str, Sequence[str]]
) -> dict[str, tuple[int, int, int]]:
    """For each word the bits of `_Calls`. Raises KeyError for an unknown group."""
    bits: dict[str, list[int]] = {}
    for place, danger in enumerate(dangers):
        for slot, words in enumerate((danger.get("words", ()), *danger.get("near", ()))):
            for word in _spelt_out(words, groups):
                bits.setdefault(normalise(word).text, [0, 0, 0])[slot] |= 1 << place
    return {word: (alone, one, other) for word, (alone, one, other) in bits.items()}


def _with_particles(word: str) -> Iterator[str]:
    """`word`, and as it is spoken of a finished act: 跌落, 跌了落."""
    yield word
    for place in range(1, len(word)):
        for particle in "了晒":
            yield word[:place] + particle + word[place:]


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _box(match: re.Match[str]) -> str:
    return "□" * len(match[0])


def _spelt_out(words: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """`words` with every `@name` replaced by the group of that name. Raises KeyError for an unknown name."""
    for word in words:
        if word.startswith("@"):
            yield from groups[word[1:]]
        else:
            yield word


def _pairs(plain: str, ones: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans over one of `ones` and one of `others` that stand near each other in one sentence."""
    for one in ones:
        for other in others:
            first, second = sorted((one, other))
            between = plain[first[1] : second[0]]
            if first[1] <= second[0] <= first[1] + _APART and not any(stop in between for stop in FULL_STOPS):
                yield first[0], second[1]


def _silent(plain: str, secret: bool) -> list[tuple[Flag, int, int]]:
    """Restricted matters by patterns, and sealed ones where they are `secret`."""
    private = _PRIVATE.search(plain)
    found = [(Flag.RESTRICTED, *private.span())] if private else []
    return [*_secret(plain), *found] if secret else found


def _secret(plain: str) -> list[tuple[Flag, int, int]]:
    found = []
    court = _COURT.search(plain)
    if court:
        found.append((Flag.SEALED, *court.span()))
    inform = _INFORM.search(plain)
    if inform:
        found.append((Flag.SEALED, *inform.span()))
    cadre = _CADRE.search(plain)
    while cadre and not inform:
        window = plain[max(0, cadre.start() - 15) : cadre.end() + 25]
        wrong = _WRONG.search(window)
        if wrong and not _PRAISE.search(window):
            found.append((Flag.SEALED, *cadre.span()))
            break
        cadre = _CADRE.search(plain, cadre.end())
    return found


@cache
def flag_reader() -> FlagReader:
    """The reader with the packaged words."""
    return FlagReader()
