"""What in a text points at a person: telephone and identity numbers, plates, cards, names, house numbers.

What is published must have none: numbers are found surely, names and houses only by the words around them, so a person
reads it too.
"""

import re

_TRACES = (
    re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),  # mobile
    re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"),  # landline
    re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),  # identity card
    re.compile(r"(?<!\d)\d{16,19}(?!\d)"),  # bank card
    re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}(?![A-Z0-9])"),  # number plate
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
)

_SURNAME = (
    "[赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢邹苏潘葛范彭鲁韦马方任袁柳史唐薛雷贺倪汤罗毕郝"
    "安常于傅齐康伍余顾孟黄萧尹姚邵汪毛戴宋庞熊纪舒屈项董梁杜阮蓝闵季贾江童颜郭梅林刁钟徐邱骆高夏蔡田樊胡霍虞"
    "万柯卢莫房裘解应宗丁邓洪包左石崔吉龚程邢裴陆荣翁荀甄曲封储靳段焦巴牧谷车侯全班仰仲宫宁仇栾甘厉祖武符刘景"
    "詹龙叶幸司黎薄印白怀蒲邰卓温庄晏柴翟阎充慕茹习艾容向古易廖步耿满匡文欧曾关游]"
)
_CALLED = "(?:先生|女士|小姐|大爷|大妈|大叔|大婶|阿姨|阿伯|阿婆|老师|师傅|老板|同志|婆婆|公公|伯伯|书记|主任)"
_NAMES = (
    re.compile(rf"{_SURNAME}[\u4e00-\u9fff]{{0,2}}?(?={_CALLED})"),
    re.compile(
        rf"(?:姓名|户主|村民|联系人|业主|当事人|我叫|名叫|他叫|她叫|我是)[:：是]?\s*({_SURNAME}[\u4e00-\u9fff]{{1,2}})"
        r"(?=[，,。；;、！!？?\s的和与]|$|说|家|反映|在|住)"
    ),
    re.compile(rf"{_SURNAME}[\u4e00-\u9fff]{{1,2}}(?=家(?:的|里|门|旁|后|前|隔壁|屋|院))"),
    re.compile(rf"(?<![\u4e00-\u9fff])[老小阿]{_SURNAME}(?=[，,。；;、\s家说的]|$)"),
)
_HOUSES = (
    re.compile(r"门牌[号码:：为是\s]*[\d\-－一二三四五六七八九十]+号?"),
    re.compile(r"(?<![\d月年第])\d{1,4}(?:[-－]\d{1,4})?\s*号(?=[院楼房屋门室铺之家户住，,。；;、！!\s]|$)"),
    re.compile(r"(?:\d{1,4}\s*(?:栋|幢|单元|室)\s*)+"),
)
NAME, HOUSE, NUMBER = "某某", "某号", "***"


def traces(text: str) -> list[str]:
    """The numbers in the text that point at one person, in order."""
    found = {match.start(): match[0] for pattern in _TRACES for match in pattern.finditer(text)}
    return [found[at] for at in sorted(found)]


def pointers(text: str) -> list[str]:
    """All that points at one person or house, names too, in order."""
    found: dict[int, str] = {}
    for pattern in (*_TRACES, *_NAMES, *_HOUSES):
        for match in pattern.finditer(text):
            found.setdefault(match.start(match.lastindex or 0), match[match.lastindex or 0])
    return [found[at] for at in sorted(found)]


def deidentify(text: str) -> str:
    """The text with each of these masked: numbers `***`, names `某某`, houses `某号`. Done again it changes nothing."""
    for pattern in _TRACES:
        text = pattern.sub(NUMBER, text)
    for pattern in _HOUSES:
        text = pattern.sub(HOUSE, text)
    for pattern in _NAMES:
        text = pattern.sub(lambda match: match[0].replace(match[match.lastindex or 0], NAME), text)
    return text
