"""Whether a text is danger, is to be sealed, or is chatter: the sense's shares and the words together."""

from typing import TYPE_CHECKING

from bot.domain.topics import Flag
from bot.tagging.flags import Finding, flag_reader
from bot.tagging.intent import is_chatter
from bot.tagging.normalise import Normalised

if TYPE_CHECKING:  # brings numpy, which waits for the first text
    from bot.tagging.sense import Impression

URGENT_FROM = 0.17
"""From this share on a text is danger: recall before precision."""
SEALED_FROM = 0.3
"""From this share on a text is sealed."""
SEALED_WITH_WORDS = 0.04
"""Where the patterns speak of a cadre's wrong or of a court, from this share on."""
CHATTER_FROM = 0.7
"""From this share on a text is chatter, though it has words of a topic."""
_FAINT = 0.05
"""Below this share of danger nobody asks which words of danger a text has."""


def words_of(said: "Impression", text: Normalised, always: bool) -> Finding:
    """What words call for, as far as the sense leaves it open; `always`: danger is looked for whatever it says."""
    blank = not said.known
    danger, secret = said.urgent >= _FAINT, said.sealed >= SEALED_WITH_WORDS
    return flag_reader().read(text, danger or blank or always, secret or blank)


def hears_danger(said: "Impression") -> bool:
    """Whether somebody should be woken; a lone emoji says nothing."""
    return said.known > 0 and said.urgent >= URGENT_FROM


def hears_secret(said: "Impression", finding: Finding) -> bool:
    """Whether it complains of a cadre or is a matter of courts."""
    if not said.known:
        return Flag.SEALED in finding.flags
    return said.sealed >= (SEALED_WITH_WORDS if Flag.SEALED in finding.flags else SEALED_FROM)


def hears_chatter(said: "Impression", finding: Finding, plain: str, worded: bool) -> bool:
    """Whether it brings no matter; `worded`: it has words of a topic."""
    if is_chatter(plain, worded or bool(finding.flags)):
        return True
    return said.known > 0 and said.chatter >= CHATTER_FROM
