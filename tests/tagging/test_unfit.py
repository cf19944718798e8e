"""Advertisement and mere insult are set aside for the office; anger with a matter, and talk of adverts, are not."""

import pytest

from bot.domain.topics import Flag
from tests.support.chat import sample

ADVERTS = (
    "急用钱？无抵押贷款，当天放款，加微信 vx88991",
    "本店空调清仓特价，送货上门，联系电话13800138000",
    "手机兼職日結300，掃碼進群即可",
    "祖传秘方根治风湿，有意者加我微信",
    "高薪招聘保安，包吃住，详询13800138000",
    "免费领鸡蛋，点击链接 http://x.example/a",
    "代开发票，增值税普票，加VX详谈",
)
INSULTS = ("你们这群废物", "傻逼机器人", "扑街，食屎啦你", "滾蛋吧王八蛋", "fuck you")
MATTERS = (
    "有人在石龙村口到处贴贷款小广告，加微信那种，没人管",
    "我妈被骗去扫码刷单，骗了五千块，求帮忙",
    "村口路灯坏了一个月没人修，你们是不是废物",
    "他妈的又停电，冰箱里的肉都臭了",
    "想问下镇里有没有招工信息，我想找份工",
    "信用卡还不上了怎么办，有没有扶贫贷款可以申请",
    "建议村里建个微信群发通知，大家扫码进群",
    "希望大棚菜有人来收购，今年特价都卖不出去",
)


@pytest.mark.parametrize("words", ADVERTS + INSULTS)
def test_advertisement_and_insult_are_set_aside(words: str) -> None:
    _, tagger = sample()
    tagging = tagger.tag(words)
    assert Flag.HELD in tagging.flags or not tagging.is_case


@pytest.mark.parametrize("words", MATTERS)
def test_a_matter_is_never_set_aside_however_angry(words: str) -> None:
    _, tagger = sample()
    assert Flag.HELD not in tagger.tag(words).flags


def test_danger_is_never_set_aside() -> None:
    _, tagger = sample()
    flags = tagger.tag("扑街，着火了，石龙村，快来").flags
    assert Flag.URGENT in flags
    assert Flag.HELD not in flags
