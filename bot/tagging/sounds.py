"""Write a text by its sounds, one sign a character, so that homophones become equal strings."""

from pypinyin import lazy_pinyin

# Sounds that southern speakers, and hurried typists, do not keep apart.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_FINALS = (("iang", "ian"), ("uang", "uan"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
_FIRST_SIGN = 0xE000  # the private use area: no text contains these characters


class _Sounds(dict[int, str]):
    """A table for `str.translate` that learns each character's sound when it first meets it."""

    def __init__(self) -> None:
        super().__init__()
        self._signs: dict[str, str] = {}

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if not 0x4E00 <= code < 0xA000:
            self[code] = character
            return character
        sound = _folded(lazy_pinyin(character)[0])
        sign = self._signs.setdefault(sound, chr(_FIRST_SIGN + len(self._signs)))
        self[code] = sign
        return sign


def _folded(sound: str) -> str:
    for initial, plain in _INITIALS:
        if sound.startswith(initial):
            sound = plain + sound[len(initial) :]
    if sound.startswith("n") and sound not in {"n", "ng"}:
        sound = "l" + sound[1:]
    for final, plain in _FINALS:
        if sound.endswith(final):
            return sound[: -len(final)] + plain
    return sound


_SOUNDS = _Sounds()


def by_sound(text: str) -> str:
    """`text` with each Chinese character replaced by the sign of its sound; the length stays. Tones do not count."""
    return text.translate(_SOUNDS)


def spelled(text: str) -> str:
    """`text` in Latin letters, without tones: `shilongcun` for 石龙村. What is no character and no letter goes."""
    return "".join(sign for sign in "".join(lazy_pinyin(text)).lower() if sign.isascii() and sign.isalnum())
