"""How danger is told of: as of now, or as over, asked about, wished for, imagined or exaggerated."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from bot.tagging.normalise import normalise

FULL_STOPS = "。!?;\n…"
_STOPS = ",。!?;、\n…~ "
_IMAGINED = re.compile(
    r"如果|假如|多谢|感谢|新闻|安全课|捐款|公布|预防|防止|避免|以免|免得|谨防|以防|万一|电影|电视|小说|梦见|做梦|宣传|讲座|培训|知识|开玩笑|讲笑|说笑|"
    r"游戏|打机|麻将|打牌|演习|演练|(建议|希望|最好).{0,12}(装|加|设|配|建|开|搞|组织|多|防|办)|防(小偷|贼|火|骗|溺|盗|拐|身)"
)
_WISHED = re.compile(r"建议|提议|倡议|希望|能不能|可不可以|可否|能否|最好|想要")
_SERVICE = re.compile(
    r"何时|几点|什么时候|怎样|怎么|哪里|多少|补贴|补助|怎么领|哪里领|去哪领|领取|申请|想问|请问|吗|要不要|预约|注销|报销|手续|涨价|水费|电费|收费|缴费|送上门"
)
_STILL = re.compile(r"但|不过|可是|又|还没|还未|还是|仍|再")


@cache
def exaggerated() -> re.Pattern[str]:
    """Hyperbole: a feeling, and to what degree."""
    return re.compile(
        r"[热冷冻累饿气烦吵臭晒急忙闷困贵甜笑激衰丑爱恨厌怕嘈馋羞蠢美爽香火好]([到得](?:要|想|快|人|我|都|就)*"
        r"(?:死|吐血|跳楼|断气|爆炸|爆|飞起|哭死|打滚|上吊|升天|发疯)|死(?=我|人|了|啦|喇|你|,|。|!|$))|"
        r"感动[到得]?.{0,2}死|爱死|(?:玩游戏|游戏里?|打机|王者).{0,6}(?:打死|杀|被杀|死)"
    )


def any_of(words: Sequence[str]) -> re.Pattern[str]:
    """A pattern of any of `words`, longest first, in the tagger's one spelling."""
    plain = sorted({normalise(word).text for word in words}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, plain)))


class Told:
    """Judges the sentence around words of danger; a comma's clause is nearer to them than the sentence."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """`data` as in `dangers.toml`. Raises KeyError if a list is missing."""
        past = any_of(data["past"]).pattern
        self._past = re.compile(f"(?:{past})(?!开始|起|到现在|至今|就|建的|修的|挖的|装的|反映|报过)")
        self._over = any_of(data["over"])
        self._present = any_of(data["present"])
        self._asked = any_of(data["asked"])

    def no_alarm(self, plain: str) -> bool:
        """Whether the whole text tells of what is over, or asks or wishes, with no word of the present."""
        patterns = (self._past, self._over, self._asked, _WISHED, _SERVICE)
        return any(pattern.search(plain) for pattern in patterns) and not self._present.search(plain)

    def harmless(self, plain: str, start: int, end: int, always: bool, ever: bool) -> bool:
        """Whether the danger at `plain[start:end]` is none now.

        `always`: a mere question does not make it harmless; `ever`: nor that it is past.
        """
        begin, finish = _around(plain, start, end, FULL_STOPS)
        if not ever and self._is_over(plain, begin, start, end, finish):
            return True
        left, right = _around(plain, start, end, _STOPS)
        clause = plain[left:right]
        if _IMAGINED.search(clause):
            return True
        if always:
            return False
        sentence = plain[begin:finish]
        asked = self._asked.search(sentence) or _WISHED.search(clause)
        return bool(asked) and not self._present.search(sentence)

    def _is_over(self, plain: str, begin: int, start: int, end: int, finish: int) -> bool:
        """Whether the nearest word of time before the danger is of the past, or what follows says it has ended."""
        ended = self._over.search(plain, begin, finish)
        if ended and not _STILL.search(plain, ended.end(), finish) and not self._present.search(plain, end, finish):
            return True
        while True:
            left, right = _around(plain, start, end, _STOPS)
            past = self._past.search(plain, left, right)
            if self._present.search(plain, left, right) and not (past and self._asked.search(plain, left, finish)):
                return False
            if past:
                return True
            if left <= begin:
                return False
            start = end = left - 1


def _around(plain: str, start: int, end: int, stops: str) -> tuple[int, int]:
    while start > 0 and plain[start - 1] not in stops:
        start -= 1
    while end < len(plain) and plain[end] not in stops:
        end += 1
    return start, min(end + 1, len(plain))
