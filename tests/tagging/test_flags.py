"""What is urgent, restricted or sealed, and what only sounds so."""

import pytest

from bot.domain.topics import Flag
from bot.tagging.tagger import TownTagger


@pytest.mark.parametrize(
    "text",
    [
        "老公又打我,救命",
        "我不想活了",
        "电线掉在路上冒火花",
        "后山着火了",
        "细路跌落鱼塘",
        "吃了食堂的饭全班呕吐",
        "山泥倾泻塞住条路",
        "村里好多鸡一夜死光",
        "山体滑坡,有人被困",
        "老人走丢了",
        "桥塌了",
        "翻车了",
    ],
)
def test_danger_is_urgent(tagger: TownTagger, text: str) -> None:
    assert Flag.URGENT in tagger.tag(text).flags


@pytest.mark.parametrize(
    "text",
    [
        "笑到想死",
        "隔离屋养的鸡好吵",
        "停水通知几时发?",
        "去年发过大水,想问补助怎么领",
        "建议开展防溺水宣传",
        "没有水泥路",
        "桥修好了吗",
        "老人走路不方便",
        "热死了,求装个凉亭",
    ],
)
def test_what_only_sounds_like_danger_is_not_urgent(tagger: TownTagger, text: str) -> None:
    assert Flag.URGENT not in tagger.tag(text).flags


def test_violence_is_restricted_too(tagger: TownTagger) -> None:
    assert tagger.tag("老公拿刀要砍我").flags >= {Flag.URGENT, Flag.RESTRICTED}


@pytest.mark.parametrize(
    "text",
    ["村支书收了红包才给办", "队长把集体的钱私吞了", "李主任态度恶劣还骂人", "法院判了不执行", "我要举报有人贪污"],
)
def test_complaints_of_cadres_and_court_matters_are_sealed(tagger: TownTagger, text: str) -> None:
    assert Flag.SEALED in tagger.tag(text).flags


@pytest.mark.parametrize("text", ["请村干部来看看路灯", "村主任很热心,谢谢", "班主任收了作业", "希望代表和站长来走访"])
def test_naming_a_cadre_without_a_wrong_is_not_sealed(tagger: TownTagger, text: str) -> None:
    assert Flag.SEALED not in tagger.tag(text).flags
