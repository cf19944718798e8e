"""Numbers as people write them: 12, １２, 三十二, 两百."""

_DIGITS = {character: n for n, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}

NUMERAL = r"(\d{1,7}|[〇零一二两三四五六七八九十百千万]{1,9})"
"""A pattern with one group, for `number_of`."""


def number_of(word: str) -> int:
    """The number that a match of NUMERAL stands for. Raises ValueError for what is none."""
    if word.isdecimal():
        return int(word)
    total, part, digit = 0, 0, 0
    for character in word:
        if character in _DIGITS:
            digit = digit * 10 + _DIGITS[character] if not part and digit else _DIGITS[character]
        elif character in _TENS:
            part += (digit or 1) * _TENS[character]
            digit = 0
        elif character == "万":
            total, part, digit = (part + digit) * 10_000, 0, 0
        else:
            raise ValueError(word)
    return total + part + digit
