"""What points at a person is masked before it is published, and what does not is left alone."""

import pytest

from bot.domain.personal import deidentify, pointers


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打13800138000找我", "打***找我"),
        ("电话0668-1234567", "电话***"),
        ("身份证440981199001011234", "身份证***"),
        ("粤K12345停在路口", "***停在路口"),
        ("陈志强先生家门口", "某某先生家门口"),
        ("户主李秀英反映", "户主某某反映"),
        ("我叫黄小梅，住村口", "我叫某某，住村口"),
        ("王大明家的猪圈臭", "某某家的猪圈臭"),
        ("找村民陈强，", "找村民某某，"),
        ("住石龙村12号。", "住石龙村某号。"),
        ("3栋2单元501室漏水", "某号漏水"),
        ("门牌35号", "某号"),
        ("老李，灯坏了", "某某，灯坏了"),
    ],
)
def test_what_points_at_a_person_is_masked(text: str, masked: str) -> None:
    assert deidentify(text) == masked
    assert pointers(text)
    assert pointers(masked) == []
    assert deidentify(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "石龙村村口的路灯坏了半个月，3月5日修好",
        "每月5号接待",
        "镇水利所6月前换完12盏灯",
        "黄土路全是坑，高压线太低",
        "第3号决议",
        "村民说水压低",
    ],
)
def test_what_does_not_is_left_alone(text: str) -> None:
    assert deidentify(text) == text
