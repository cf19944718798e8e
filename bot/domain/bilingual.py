"""Words for people who run the bot: Chinese beside English, and each alone for who reads only one."""


class Both(str):
    """Reads `中文 / English`; `chinese` and `english` are its halves."""

    chinese: str
    english: str


def both(chinese: str, english: str) -> Both:
    words = Both(f"{chinese} / {english}")
    words.chinese, words.english = chinese, english
    return words


def in_language(words: str, language: str) -> str:
    """The half for this language; words that have no halves stay as they are."""
    if not isinstance(words, Both):
        return words
    return words.english if language == "en" else words.chinese
