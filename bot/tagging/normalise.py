"""Bring a text to one spelling: simplified characters, half width, standard words for dialect ones."""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import zhconv

from bot.tagging.packaged import packaged

# 毛 and 矛 stand for 冇 before something that can be missing, but not in 羽毛, 鸡毛 and their like.
_MISSING = re.compile(
    "(?<![羽眉鸡鸭鹅猪牛羊头茶起])[毛矛](?=水|电|人|网|信|灯|钱|车|路|得|饭|医|气|衫|书|老师|工做|收|执|来|用|办|理|管|晒|下文)"
)
_STUTTER = re.compile(r"([\u4e00-\u9fff!?。,…~.])\1\1+")
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])[ \t]+(?=[\u4e00-\u9fff](?:[ \t,.!?。]|$))")
_INVISIBLE = [*range(0x200B, 0x2010), 0xFE0E, 0xFE0F, 0xFEFF]


@dataclass(frozen=True, slots=True)
class Normalised:
    """One spelling of a text. `origin[i]` is the place in the original of character i; None if all stand still."""

    text: str
    original: str
    origin: Sequence[int] | None = None

    def as_written(self, start: int, end: int) -> str:
        """The villager's own characters for `text[start:end]`."""
        if self.origin is None:
            return self.original[start:end]
        return self.original[self.origin[start] : self.origin[end - 1] + 1]


@dataclass(frozen=True, slots=True)
class _Speech:
    """The tables of `speech.toml` and of zhconv, ready for use."""

    script: dict[int, str]
    words: dict[str, str]
    pattern: re.Pattern[str]
    dialect: dict[int, str]


@cache
def _speech() -> _Speech:
    data = packaged("speech.toml")
    script = _script() | {ord(old): new for old, new in data["signs"].items()}
    words = {old.translate(script): new for old, new in data["words"].items()}
    for old, new in [*words.items(), *data["characters"].items()]:
        if len(old) != len(new):
            raise ValueError(f"speech.toml: {old} and {new} differ in length; write a pair of equal length")
    pattern = re.compile("|".join(sorted(words, key=len, reverse=True)))
    dialect = {ord(old.translate(script)): new for old, new in data["characters"].items()}
    return _Speech(script, words, pattern, dialect)


def _script() -> dict[int, str]:
    """Traditional to simplified, full width to half, capitals to small letters: one character for one."""
    ideographs = [chr(code) for code in range(0x4E00, 0xA000)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # zhconv leaves its dictionary's file to the collector
        simplified = zhconv.convert("\n".join(ideographs), "zh-hans").split("\n")
    table = {ord(old): new for old, new in zip(ideographs, simplified, strict=True) if old != new}
    table |= {code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
    table |= {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}
    table |= dict.fromkeys([*_INVISIBLE, 0x3000], " ")
    return table


def normalise(text: str) -> Normalised:
    """One spelling of `text`; only stuttered characters and blanks between single characters change its length."""
    speech = _speech()
    plain = text.translate(speech.script)
    plain = speech.pattern.sub(lambda match: speech.words[match[0]], plain)
    if "毛" in plain or "矛" in plain:
        plain = _MISSING.sub("没", plain)
    plain = plain.translate(speech.dialect)
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
