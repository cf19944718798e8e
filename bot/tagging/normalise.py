"""Bring a text to one spelling: simplified characters, half width, standard words for dialect ones."""

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from string import ascii_uppercase
from typing import NamedTuple

import zhconv

from bot.tagging.packaged import packaged

# 毛 and 矛 stand for 冇 before something that can be missing, but not in 羽毛, 鸡毛 and their like.
_MISSING = re.compile(
    "(?<![羽眉鸡鸭鹅猪牛羊头茶起])[毛矛](?=水|电|人|网|信|灯|钱|车|路|得|饭|医|气|衫|书|老师|工做|收|执|来|用|办|理|管|晒|下文)"
)
_STUTTER = re.compile(r"([\u4e00-\u9fff!?。,…~.])\1\1+")
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])[ \t]+(?=[\u4e00-\u9fff](?:[ \t,.!?。]|$))")
_INVISIBLE = [*range(0x200B, 0x2010), 0xFE0E, 0xFE0F, 0xFEFF]


class Normalised(NamedTuple):
    """One spelling of a text. `origin[i]` is the place in the original of character i; None if all stand still."""

    text: str
    original: str
    origin: Sequence[int] | None = None

    def as_written(self, start: int, end: int) -> str:
        """The villager's own characters for `text[start:end]`."""
        if self.origin is None:
            return self.original[start:end]
        return self.original[self.origin[start] : self.origin[end - 1] + 1]


class _Speech(NamedTuple):
    """The tables of `speech.toml` and of zhconv, each as what puts it into effect."""

    script: Callable[[str], str]
    words: Callable[[str], str]
    dialect: Callable[[str], str]


@cache
def _speech() -> _Speech:
    data = packaged("speech.toml")
    script = _replacing(_script() | data["signs"])
    words = {script(old): new for old, new in data["words"].items()}
    for old, new in [*words.items(), *data["characters"].items()]:
        if len(old) != len(new):
            raise ValueError(f"speech.toml: {old} and {new} differ in length; write a pair of equal length")
    dialect = {script(old): new for old, new in data["characters"].items()}
    return _Speech(script, _replacing(words), _replacing(dialect))


def _replacing(table: Mapping[str, str]) -> Callable[[str], str]:
    """What replaces the longest of the table's words: mostly there are few, so this is faster than `str.translate`."""
    pattern = re.compile("|".join(map(re.escape, sorted(table, key=len, reverse=True))))
    return partial(pattern.sub, lambda match: table[match[0]])


def _script() -> dict[str, str]:
    """Traditional to simplified, full width to half, capitals to small letters: one character for one."""
    ideographs = [chr(code) for code in range(0x4E00, 0xA000)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # zhconv leaves its dictionary's file to the collector
        simplified = zhconv.convert("\n".join(ideographs), "zh-hans").split("\n")
    table = {old: new for old, new in zip(ideographs, simplified, strict=True) if old != new}
    table |= {chr(code): chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
    table |= {letter: letter.lower() for letter in ascii_uppercase}
    table |= dict.fromkeys(map(chr, [*_INVISIBLE, 0x3000]), " ")
    return table


def normalise(text: str) -> Normalised:
    """One spelling of `text`; only stuttered characters and blanks between single characters change its length."""
    speech = _speech()
    plain = speech.words(speech.script(text))
    if "毛" in plain or "矛" in plain:
        plain = _MISSING.sub("没", plain)
    plain = speech.dialect(plain)
    spaced = " " in plain or "\t" in plain
    if not (_STUTTER.search(plain) or (spaced and _BETWEEN.search(plain))):
        return Normalised(plain, text)
    return _shortened(plain, text)


def spellings(word: str) -> tuple[str, ...]:
    """A word as it may be written: as it stands, in simplified and in traditional characters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        scripts = [zhconv.convert(word, script) for script in ("zh-hans", "zh-hant", "zh-hk")]
    return tuple(dict.fromkeys((word, *scripts)))


def _shortened(plain: str, original: str) -> Normalised:
    keep = [True] * len(plain)
    for match in _STUTTER.finditer(plain):
        keep[match.start() + 1 : match.end()] = [False] * (len(match[0]) - 1)
    for match in _BETWEEN.finditer(plain):
        keep[match.start() : match.end()] = [False] * len(match[0])
    origin = [place for place, kept in enumerate(keep) if kept]
    return Normalised("".join(plain[place] for place in origin), original, origin)
