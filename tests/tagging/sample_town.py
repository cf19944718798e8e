"""An invented town of fifteen villages for trying the tagger."""

from bot.domain.places import Hamlet, Village

VILLAGES = (
    Village("shilong", "石龙村", aliases=("石龙村委",), hamlets=(Hamlet("上垌"), Hamlet("下垌"), Hamlet("新屋")),
            landmarks=("石龙大榕树",), latitude=21.90, longitude=110.85),
    Village("datang", "大塘村", hamlets=(Hamlet("塘尾"), Hamlet("新屋")), latitude=21.95, longitude=110.85),
    Village("sanjiao", "三角村", hamlets=(Hamlet("三角圩"),), latitude=21.90, longitude=110.95),
    Village("heping", "和平村"),
    Village("xintian", "新田村", aliases=("新田垌",)),
    Village("zhenjie", "镇隆社区", aliases=("镇街", "街道居委")),
    Village("gaoling", "高岭村", hamlets=(Hamlet("牛栏坑", aliases=("牛栏坑组",)),)),
    Village("baishui", "白水村"),
    Village("changpo", "长坡村"),
    Village("huangni", "黄泥塘村"),
    Village("liantang", "莲塘村"),
    Village("shuikou", "水口村"),
    Village("dongfeng", "东风村"),
    Village("zhuyuan", "竹园村"),
    Village("xiaolong", "小垌村", landmarks=("老供销社",)),
)  # fmt: skip
