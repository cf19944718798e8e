"""Turns pydantic's errors into mistakes that name key and mend, and never show what may be secret."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bot.config.mistakes import Findings, both, did_you_mean
from bot.config.values import WRONG

_KINDS = {
    "string_type": ("文字（加引号）", "text in quotes"),
    "int_type": ("整数（不加引号）", "a whole number without quotes"),
    "float_type": ("数字（不加引号）", "a number without quotes"),
    "bool_type": ("true 或 false", "true or false"),
    "tuple_type": ("列表 [ … ]", "a list [ … ]"),
    "model_type": ("一个表 [ … ] 或 { … }", "a table"),
}
_RANGES = {
    "greater_than_equal": ("不能小于 {ge}", "must not be below {ge}"),
    "less_than_equal": ("不能大于 {le}", "must not be above {le}"),
    "string_too_long": ("最多 {max_length} 个字", "at most {max_length} characters"),
    "too_short": ("至少要有 {min_length} 项", "needs at least {min_length} of them"),
}
_PATTERNS = {
    r"^[a-z0-9-]{1,16}$": (
        "编号只用小写字母、数字和 -，1 到 16 个字符",
        "an id has 1 to 16 lower-case letters, digits and -",
    ),
    r"^\S(.*\S)?$": ("不能空着，首尾不留空格", "not empty, no space at either end"),
    r"^[A-Z0-9]{1,8}$": ("1 到 8 个大写字母或数字", "1 to 8 capital letters or digits"),
    r"^https?://\S+$": ("以 http:// 或 https:// 开头的地址", "an address that starts with http(s)://"),
    r"^https?://[^\s/]+[^\s]*$": ("以 https:// 开头的地址", "an address that starts with https://"),
    r"^/[A-Za-z0-9_/-]*$": ("以 / 开头，只用字母、数字、_ - /", "starts with /, then letters, digits, _ - /"),
}


def explain(
    error: ValidationError, model: type[BaseModel], data: Mapping[str, Any], file: Path, findings: Findings
) -> None:
    """Add one mistake for each of pydantic's errors; unknown keys come with their nearest known one."""
    for detail in error.errors(include_url=False, include_input=False):
        loc = detail["loc"]
        problem, mend = _say(detail["type"], detail["msg"], detail.get("ctx", {}), loc, model)
        findings.add(file, name_of(loc, data), problem, mend)


def name_of(loc: Sequence[str | int], data: Any) -> str:
    """`seat "h-01".villages[2]`: entries by their id where they have one, else counted from 1."""
    words = ""
    for step in loc:
        inner = data[step] if _has(data, step) else None
        if isinstance(step, str):
            words += f".{step}" if words else step
        elif isinstance(inner, Mapping) and isinstance(inner.get("id"), str):
            words += f" {inner['id']!r}"
        else:
            words += f"[{step + 1}]"
        data = inner
    return words or "—"


def _has(data: Any, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(data, list) and step < len(data)
    return isinstance(data, Mapping) and step in data


def _say(
    kind: str, message: str, context: Mapping[str, Any], loc: Sequence[str | int], model: type[BaseModel]
) -> tuple[str, str]:
    if kind == WRONG:
        return context["problem"], context["mend"]
    if kind == "extra_forbidden":
        return both("没有这个设置", "there is no such setting"), _nearest(loc, model)
    if kind == "missing":
        return both("缺少这一项", "this is missing"), both("把它补上", "add it")
    if kind in _KINDS:
        chinese, english = _KINDS[kind]
        return both("类型不对", "wrong type"), both(f"应写成{chinese}", f"write {english}")
    if kind in _RANGES:
        chinese, english = (text.format(**context) for text in _RANGES[kind])
        return both("数值或长度超出范围", "out of range"), both(chinese, english)
    if kind == "literal_error":
        choices = str(context["expected"]).replace(" or ", ", ")
        return both("不是可选的值", "not one of the choices"), both(f"可选：{choices}", f"use one of {choices}")
    if kind == "string_pattern_mismatch":
        chinese, english = _PATTERNS[context["pattern"]]
        return both("写法不对", "not of the right form"), both(chinese, english)
    return both("值不对", f"wrong value: {message}"), both("参照 config.example.toml 改正", "see config.example.toml")


def _nearest(loc: Sequence[str | int], model: type[BaseModel]) -> str:
    """Known keys beside the unknown one; or the other table that has a key of this name."""
    here, key = model, str(loc[-1])
    for step in loc[:-1]:
        if isinstance(step, str):
            field = next(f for name, f in here.model_fields.items() if (f.alias or name) == step)
            here = _model_in(field.annotation) or here
    known = _keys(here)
    for name, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        if inner and inner is not here and key in _keys(inner):
            return both(f"它属于 [{name}]", f"it belongs in [{name}]")
    return did_you_mean(key, known)


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
