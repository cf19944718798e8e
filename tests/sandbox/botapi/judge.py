"""Judges a sandbox log by an independent model of the Bot API: the method and type classes of aiogram."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

import aiogram.methods
from aiogram.methods import TelegramMethod
from aiogram.types import BufferedInputFile, InputFile, ResponseParameters, Update
from pydantic import BaseModel, TypeAdapter, ValidationError

__all__ = ["check_log", "method_class", "problems_in", "problems_with_update"]

Json = dict[str, Any]

# Parameters that count as left out when they are empty, so the sandbox takes them as optional.
MAY_BE_EMPTY = {("setWebhook", "url")}


def method_class(name: str) -> type[TelegramMethod[Any]] | None:
    """aiogram's class for a Bot API method such as sendMessage."""
    found = getattr(aiogram.methods, name[0].upper() + name[1:], None)
    return found if isinstance(found, type) and issubclass(found, TelegramMethod) else None


def check_log(log: Iterable[Mapping[str, Any]]) -> None:
    """Raise AssertionError with every deviation of a sandbox's log (the list under `log` of GET /log).

    Requests that the sandbox refused are judged by their answers only.
    """
    problems = problems_in(log)
    assert not problems, "\n".join(problems)


def problems_in(log: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every deviation, in words; empty where requests, answers and updates are as the Bot API has them."""
    problems: list[str] = []
    for entry in log:
        where = f"#{entry['seq']} {entry.get('method', 'webhook')}"
        found = problems_with_update(entry["webhook"]) if "webhook" in entry else _problems_with_call(entry)
        problems += [f"{where}: {problem}" for problem in found]
    return problems


def problems_with_update(update: Any) -> list[str]:
    """Deviations in one Update object; it must carry exactly one kind of news."""
    problems = _problems_with_value(update, Update, "update")
    if isinstance(update, dict) and len(update) != 2:
        problems.append(f"update has the fields {', '.join(update)}")
    return problems


def _problems_with_call(entry: Mapping[str, Any]) -> list[str]:
    kind = method_class(entry["method"])
    answer = entry["answer"]
    if answer is None:  # a dropped connection, or a poll that still waits
        return []
    if not answer.get("ok"):
        return _problems_with_refusal(entry, answer)
    if kind is None:
        return ["aiogram knows no such method"]
    if entry["status"] != 200 or set(answer) != {"ok", "result"}:
        return [f"status {entry['status']} with the answer's fields {', '.join(answer)}"]
    problems = _problems_with_params(entry["method"], entry["params"], kind)
    if entry["method"] == "getUpdates":
        for update in answer["result"]:
            problems += problems_with_update(update)
        return problems
    return problems + _problems_with_value(answer["result"], kind.__returning__, "result")


def _problems_with_refusal(entry: Mapping[str, Any], answer: Json) -> list[str]:
    if set(answer) - {"parameters"} != {"ok", "error_code", "description"}:
        return [f"the refusal has the fields {', '.join(answer)}"]
    problems = [] if answer["error_code"] == entry["status"] else ["error_code is not the HTTP status"]
    if "parameters" in answer:
        problems += _problems_with_value(answer["parameters"], ResponseParameters, "parameters")
    return problems


def _problems_with_params(name: str, params: Json, kind: type[TelegramMethod[Any]]) -> list[str]:
    problems = [f"unknown parameter {key}" for key in params if key not in kind.model_fields]
    given = {key: _upload(value) for key, value in params.items()}
    for key in kind.model_fields:
        if (name, key) in MAY_BE_EMPTY:
            given.setdefault(key, "")
    try:
        model = kind.model_validate(given)
    except ValidationError as error:
        return problems + [_line(each) for each in error.errors()]
    return problems + _compare(given, model, "params")


def _upload(value: Any) -> Any:
    """The journal's note of an upload, as the upload that aiogram wants to see."""
    if isinstance(value, dict) and set(value) == {"file_name", "mime_type", "size"}:
        return BufferedInputFile(b"", value["file_name"])
    if isinstance(value, dict):
        return {key: _upload(each) for key, each in value.items()}
    return [_upload(each) for each in value] if isinstance(value, list) else value


def _problems_with_value(value: Any, type_: Any, where: str) -> list[str]:
    try:
        model = TypeAdapter(type_).validate_python(json.loads(json.dumps(value)))
    except ValidationError as error:
        return [f"{where}: {_line(each)}" for each in error.errors()]
    return _compare(value, model, where)


def _line(error: Any) -> str:
    return f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"


def _compare(raw: Any, model: Any, where: str) -> list[str]:
    """What pydantic let pass: fields that the type does not have, and values of another JSON type."""
    if isinstance(model, InputFile):
        return []
    if isinstance(model, BaseModel):
        if not isinstance(raw, dict):
            return [f"{where} is {raw!r}"]
        by_alias = {field.alias or name: name for name, field in type(model).model_fields.items()}
        problems = [f"{where}.{key} is no field of {type(model).__name__}" for key in raw if key not in by_alias]
        for key, value in raw.items():
            if key in by_alias:
                problems += _compare(value, getattr(model, by_alias[key]), f"{where}.{key}")
        return problems
    if isinstance(model, list):
        if not isinstance(raw, list) or len(raw) != len(model):
            return [f"{where} is {raw!r}"]
        pairs = enumerate(zip(raw, model, strict=True))
        return [problem for index, (r, m) in pairs for problem in _compare(r, m, f"{where}[{index}]")]
    return [] if type(raw) in _json_types(model) else [f"{where} is {raw!r}, which means {model!r}"]


def _json_types(value: Any) -> tuple[type, ...]:
    if isinstance(value, datetime):
        return (int,)
    if isinstance(value, Enum):
        return (str,)
    if isinstance(value, float):
        return (int, float)
    return (type(value),)
