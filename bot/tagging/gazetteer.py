"""Every name a place goes by, in one automaton, found in a text exactly, by sound, or with one wrong character."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import ahocorasick

from bot.domain.places import Village
from bot.tagging.normalise import normalise
from bot.tagging.sounds import by_sound

SUFFIXES = (
    "村民委员会",
    "居民委员会",
    "村委会",
    "居委会",
    "村委",
    "居委",
    "村民小组",
    "自然村",
    "行政村",
    "社区",
    "村",
    "屯",
    "组",
)
_SUFFIX_END = re.compile(r"[村屯组]|(?<=社)区")
# Beyond this many villages a short form or a bare sound names nothing any more: only whole names are looked for.
SHORT_FORMS_UP_TO = 20_000


class How(Enum):
    """How a name was met; the value is the trust it earns before the words around it are weighed."""

    FULL = 0.97
    SHORT = 0.85
    LANDMARK = 0.78
    SOUND = 0.8
    TYPO = 0.65


@dataclass(frozen=True, slots=True)
class Place:
    """What a name stands for: a village, and a hamlet of it by name, or None."""

    village: str
    hamlet: str | None = None


class Mention(NamedTuple):
    """A name at `start:end` of the normalised text, and every place that goes by it."""

    start: int
    end: int
    places: tuple[Place, ...]
    how: How
    has_suffix: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    places: tuple[Place, ...]
    how: How


class Gazetteer:
    """The names of all villages, hamlets and landmarks."""

    def __init__(self, villages: Sequence[Village]) -> None:
        """Normalise and index all names: about 10 microseconds a name."""
        short_forms = len(villages) <= SHORT_FORMS_UP_TO
        entries: dict[str, _Entry] = {}
        for name, place, how in _names(villages, short_forms):
            known = entries.get(name)
            if known is None:
                entries[name] = _Entry((place,), how)
            elif place not in known.places:
                stronger = max(known.how, how, key=lambda each: each.value)
                entries[name] = _Entry((*known.places, place), stronger)
        self.entries = entries
        self._exact = ahocorasick.Automaton()
        self._sounds = ahocorasick.Automaton()
        by_sounds: dict[str, list[str]] = {}
        for name, entry in entries.items():
            self._exact.add_word(name, (len(name), entry))
            by_sounds.setdefault(by_sound(name), []).append(name)
        for sound, names in by_sounds.items():
            self._sounds.add_word(sound, (len(sound), tuple(names)))
        self._lengths = sorted({len(name) for name in entries if name.endswith(SUFFIXES)})
        if entries:
            self._exact.make_automaton()
            self._sounds.make_automaton()

    def exact(self, text: str) -> list[Mention]:
        """Names as they are written, longest first where they overlap."""
        if not self.entries:
            return []
        return [
            Mention(end - length + 1, end + 1, entry.places, entry.how, text.endswith(SUFFIXES, 0, end + 1))
            for end, (length, entry) in self._exact.iter_long(text)
        ]

    def sounding(self, text: str, is_word: Callable[[str], bool]) -> list[Mention]:
        """Names written with other characters of the same sound, unless those make an everyday word."""
        if not self.entries:
            return []
        found = []
        for end, (length, names) in self._sounds.iter_long(by_sound(text)):
            start = end - length + 1
            written = text[start : end + 1]
            if written in names:
                continue
            stem = _stem(written)
            suffixed = stem != written
            if (not suffixed and (is_word(written) or len(written) < 2)) or (suffixed and is_word(written)):
                continue
            places = tuple(dict.fromkeys(place for name in names for place in self.entries[name].places))
            found.append(Mention(start, end + 1, places, How.SOUND, suffixed))
        return found

    def nearly(self, text: str, is_word: Callable[[str], bool]) -> list[Mention]:
        """Names with one wrong character before a suffix such as 村; only what is no everyday word itself."""
        found = []
        for end in _suffix_ends(text):
            for length in self._lengths:
                written = text[end - length : end] if end >= length else ""
                if len(written) != length or length < 3:
                    continue
                names = {name for name in self._one_off(written) if name[-1] == written[-1]}
                if not names or is_word(written):
                    continue
                places = tuple(dict.fromkeys(place for name in sorted(names) for place in self.entries[name].places))
                found.append(Mention(end - length, end, places, How.TYPO, True))
        return found

    def _one_off(self, written: str) -> Iterator[str]:
        for place in range(len(written)):
            if not "\u4e00" <= written[place] <= "\u9fff":
                continue
            pattern = written[:place] + "?" + written[place + 1 :]
            if "?" in written:
                continue
            yield from self._exact.keys(pattern, "?", ahocorasick.MATCH_EXACT_LENGTH)


def _names(villages: Sequence[Village], short_forms: bool) -> Iterator[tuple[str, Place, How]]:
    for village in villages:
        here = Place(village.id)
        for name in (village.name, *village.aliases):
            yield from _forms(name, here, short_forms)
        for hamlet in village.hamlets:
            for name in (hamlet.name, *hamlet.aliases):
                yield from _forms(name, Place(village.id, hamlet.name), short_forms)
        for landmark in village.landmarks:
            yield normalise(landmark).text, here, How.LANDMARK


def _forms(name: str, place: Place, short_forms: bool) -> Iterator[tuple[str, Place, How]]:
    plain = normalise(name.strip()).text
    if not plain:
        return
    stem = _stem(plain)
    yield plain, place, How.FULL if stem != plain else How.SHORT
    if stem == plain and short_forms:
        yield plain + "村", place, How.FULL
    if stem != plain and short_forms and len(stem) >= 2:
        yield stem, place, How.SHORT
        if not plain.endswith("村"):
            yield stem + "村", place, How.FULL


def _stem(name: str) -> str:
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def _suffix_ends(text: str) -> Iterator[int]:
    return (match.end() for match in _SUFFIX_END.finditer(text))
