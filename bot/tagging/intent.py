"""Whether a text brings a matter at all, and whether it complains or suggests."""

import re

# What people say around a matter, or instead of one. Taken out, something must be left for a text to be a case.
_CHATTER = re.compile(
    r"你好吗?|您好|大家好|各位好|早上好|早晨|早安|早|上午好|中午好|下午好|晚上好|晚安|午安|哈喽|哈罗|嗨|喂|hello|hi|hey|"
    r"谢谢|多谢|感谢|辛苦|麻烦|不客气|没关系|没事|不好意思|对不起|打扰|再见|拜拜|回见|bye|thanks|thank you|ok|okay|"
    r"新年快乐|春节快乐|中秋快乐|国庆快乐|节日快乐|生日快乐|恭喜发财|恭喜|万事如意|身体健康|"
    r"好的|好嘅|好吧|好滴|好人|收到|知道了|明白了?|了解|可以|行吧?|对的?|是的?|嗯+|哦+|噢+|啊+|呵+|哈+|嘻+|嘿+|哼+|"
    r"在吗|在不在|有人吗|有没人|有没有人|你是谁|你是哪位|你是机器人吗?|机器人|你叫什么|你叫啥|试一下|试试|测试|test|随便看看|看看|玩玩|"
    r"吃饭了吗?|吃了吗|食饭没有?|食了饭(没有?|未)|饮茶没有?|饮茶|今天天气(真|很|好)?[好热冷]?(啊|呀)?|天气(真|好)[好热冷]|好热|好冷|"
    r"讲个笑话|说个笑话|唱首歌|陪我聊天|聊天|无聊|加油|点赞|给力|厉害|真棒|好棒|太好了|很好|不错|满意|"
    r"你们?|您|我们?|大家|各位|领导|代表|站长|同志|老板|师傅|帅哥|靓女|小编|管理员|"
    r"先|请问|一下|今天|真的?|很|好|太|晒|了|的|呀|哟|哇|啦|呢|吧|吗|嘛|哈|喔|哎|唉|都|也|就|是|有|没|不|[\s\W\d_a-z]"
)
_DONE = re.compile(
    r"(整好|修好|解决|处理|恢复|清理|弄好|搞好|通|装好|收到|到账|办好|办成|补发|清走|来水|水来|来电|电来|亮|整好|做好|有水|有电)(了|掉|得|完|得很|啦|喇)"
)
_THANKS = re.compile(r"谢谢|多谢|感谢|表扬|点赞|满意|锦旗|辛苦")
_STILL = re.compile(r"但|不过|可是|又|还(没|未|是|有)|仍|就是|希望|建议|没人|另外|还想|请")
_WISH = re.compile(
    r"建议|提议|倡议|提个|希望|盼|能不能|可不可以|可否|能否|最好|应该|不如|想.{0,6}(建|装|搞|开|办|设)|"
    r"可以.{0,12}吗|增设|增加|多装|多搞|组织.{0,6}(活动|培训)|何不"
)
_ADVICE = re.compile(r"^.{0,8}(建议|提议|倡议|提个建议|提个意见)")  # each of them is a wish as well
_HURT = re.compile(
    r"坏|烂|断|堵|塞|臭|脏|没人|不敢|欠|偷|打人|打我|停水|停电|没水|没电|漏|裂|塌|污染|投诉|举报|多次|乱|吵|危险|不通|不发|被|死|"
    r"摔|跌|撞|破|浸|淹|黑漆漆|不亮|半个月|几个月|半年|几年|天了|日了|月了|年了|难走|难闻|受不了|不理|不管|一直|垃圾成|扔|霸占|拖|骗|贪|倒"
)


def is_chatter(plain: str, has_matter: bool) -> bool:
    """Whether normalised text is a greeting, thanks, a joke or small talk; `has_matter`: it has words of a topic."""
    if has_matter:
        return bool(_THANKS.search(plain) and _DONE.search(plain) and not _STILL.search(plain))
    left = _CHATTER.sub("", plain)
    if len(left) <= 1:
        return True
    thanked = _THANKS.search(plain) and not _STILL.search(plain)
    return bool(thanked) or (bool(_JOKE.search(plain)) and not _HURT.search(plain))


_JOKE = re.compile(
    r"笑话|哈哈|嘻嘻|呵呵|开玩笑|讲笑|天气|天文|唱歌|吃饭|食饭|饮茶|聊天|机器人|你几岁|世界杯|球赛|彩票号码|股票|相亲"
)


def kind_of(plain: str) -> str:
    """`complaint` or `suggestion`: a wish without a hurt is a suggestion, and what says so itself."""
    if not _WISH.search(plain):
        return "complaint"
    return "suggestion" if _ADVICE.search(plain) or not _HURT.search(plain) else "complaint"


def is_filler(word: str) -> bool:
    """Whether a word says nothing of a matter, such as 谢谢 or 你们."""
    return _CHATTER.fullmatch(word) is not None


def without_filler(plain: str) -> str:
    """Normalised text with a blank for every greeting, thanks and particle."""
    return _CHATTER.sub(" ", plain)
