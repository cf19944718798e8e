"""Which village a text is about: names weighed by the words around them."""

import re

LAST_VILLAGE = 0.5  # what the writer's last village is worth when the text names none: first offer, never an answer
_NEAR = 6  # characters before and after a name that tell what part it plays

# What the words before a name say of it, first match wins. The share is what is left of its weight.
_BEFORE: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"(不是|并非|不像|不同|不关|除了)(我们|在)?$"), 0.1),
    (re.compile(r"(像|好像|学|比|跟|同|和|不如|参照)(我们)?(隔壁)?(的)?$"), 0.45),
    (re.compile(r"(邻村|隔壁村?|旁边|附近|邻近|外村)的?$"), 0.4),
    (re.compile(r"(嫁|娘家|婆家|原籍|祖籍|老家|来自|出生|以前|之前|亲戚|女儿|搬).{0,3}$"), 0.4),
    (re.compile(r"(我|本人|俺)(本来|原来)?是$"), 0.55),
    (re.compile(r"(去|往|到|通往|通向|经过|路过|赴)$"), 0.6),
    (re.compile(r"(在|位于|我们|我|咱们?|本|住|地点:?|地址:?|位置:?|村名:?)$"), 1.0),
)
_AFTER: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"(村)?(嫁|搬|出来|走|过来|来的|的?亲戚|娘家)"), 0.45),
    (re.compile(r"(村)?的?(人|村民|老板|车|佬)?(来|把|将|偷|过来|跑来)"), 0.45),
    (re.compile(r"(已经|早就|都)?(有|通|修好|装)了"), 0.5),
    (
        re.compile(r"(第[一二三]|中心)?(小学|中学|学校|幼儿园|希望小学|卫生院|大酒店|酒家|超市|水库|大桥|公司|加油站)"),
        0.6,
    ),
    (re.compile(r"(路|街|大道)(?!灯|面|边|口|烂|坑|窄|上|段)"), 0.6),
    (re.compile(r"(村)?(人)?(,|。|$)"), 0.8),
)
_PLAIN, _HERE = 0.9, 1.0
_PLACE_FOLLOWS = re.compile(r"(在|位于|我们|我|咱|本|住|去|到|是|从|:)$")
_PLACE_BEFORE = re.compile(r"村|社区|这边|这里|那边|的|口|上|下|附近")
