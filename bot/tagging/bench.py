"""Figures of speed: a whole tag beside jieba's cut of the same texts, and village names by the hundred thousand."""

import gc
import random
import time
from collections.abc import Callable, Sequence

from bot.domain.places import Village
from bot.domain.tagging import Correction
from bot.tagging.gazetteer import Gazetteer
from bot.tagging.normalise import normalise
from bot.tagging.tagger import TownTagger
from bot.tagging.topic_file import packaged_topics

_MANY, _FEW = 700_000, 15
_ROUNDS = 15
_OPENINGS = ("", "我们{}的", "{}", "昨天{}村口", "请看看{}那里,", "我是{}人,")
_MATTERS = (
    "路灯坏了半个月,晚上老人不敢出门",
    "村口到小学那段水泥路全是大坑,摩托车摔了几次",
    "停水三天了,煮饭都成问题,打供水公司电话没人接",
    "养猪场的粪水排到河里,整条村都臭,夏天窗都开不了,反映过几次都没有下文",
    "我家老人八十岁了,高龄津贴三个月没发,去问了两次都说再等等",
    "建议在文化广场装几样健身器材,再种几棵树,老人小孩都有个去处",
    "圩日摆摊占满马路,车进不来",
    "低保突然被取消了,不知道为什么",
)
_STEMS = "石龙塘坡岭田新高白水口竹园莲东风和平上下大小黄泥坑垌屋尾头长井沙山河桥林竹木梅李桂清安福兴"


def bench_tagging(many: int = _MANY) -> dict[str, float]:
    """Times in microseconds of processor time a text, and the ratios that matter. Takes about a minute.

    `many` is how many village names the second comparison uses.
    """
    few = _villages(_FEW)
    texts = _texts(few)
    started = time.perf_counter()
    tagger = TownTagger(few, packaged_topics())
    made = time.perf_counter() - started
    started = time.perf_counter()
    tagger.warm_up()
    warmed = time.perf_counter() - started
    cut_time, tag_time = _each(texts, _jieba_cut(), tagger.tag)
    learned = tagger.learned(
        [Correction(text, "roads.potholes", str(number)) for number, text in enumerate(texts[:48])]
    )
    cut_again, learned_time = _each(texts, _jieba_cut(), learned.tag)
    plain = [normalise(text).text for text in texts]
    small, large = Gazetteer(few), Gazetteer(_villages(many))
    gc.collect()
    few_time, many_time = _each(plain, small.exact, large.exact)
    return {
        "texts": float(len(texts)),
        "make_ms": made * 1e3,
        "first_text_ms": warmed * 1e3,
        "jieba_cut_us": cut_time,
        "tag_us": tag_time,
        "tag_to_cut": tag_time / cut_time,
        "tag_learned_us": learned_time,
        "tag_learned_to_cut": learned_time / cut_again,
        "few_names_us": few_time,
        "many_names": float(many),
        "many_names_us": many_time,
        "many_to_few": many_time / few_time,
    }


def _each(texts: Sequence[str], one: Callable[[str], object], other: Callable[[str], object]) -> tuple[float, float]:
    """The best of several rounds of each, turn by turn, so that a busy machine troubles both alike."""
    best = [float("inf"), float("inf")]
    for _ in range(_ROUNDS):
        for place, function in enumerate((one, other)):
            started = time.process_time_ns()
            for text in texts:
                function(text)
            best[place] = min(best[place], (time.process_time_ns() - started) / 1e3 / len(texts))
    return best[0], best[1]


def _jieba_cut() -> Callable[[str], list[str]]:
    """jieba as anybody would call it."""
    import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    cut: Callable[[str], list[str]] = tokenizer.lcut
    return cut


def _villages(count: int) -> list[Village]:
    """Invented names of three to five characters, as real ones are, no two the same."""
    random_ = random.Random(1)  # noqa: S311 - not for secrets
    names: dict[str, None] = {}
    while len(names) < count:
        length = random_.choice((2, 2, 3, 3, 4)) if count < 1000 else random_.choice((3, 4, 4))
        names["".join(random_.choices(_STEMS, k=length)) + "村"] = None
    return [Village(f"v{number}", name) for number, name in enumerate(names)]


def _texts(villages: Sequence[Village]) -> list[str]:
    return [
        opening.format(villages[number % len(villages)].name) + matter
        for number, opening in enumerate(_OPENINGS * 2)
        for matter in _MATTERS
    ]
