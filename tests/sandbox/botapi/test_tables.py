"""The sandbox's tables of methods and objects, against aiogram's classes."""

import aiogram.types
import pytest
from pydantic import BaseModel

from handlers.sandbox.botapi.calls import PLAYED
from handlers.sandbox.botapi.kinds import Fields
from handlers.sandbox.botapi.methods import METHODS
from handlers.sandbox.botapi.shapes import INPUT_MEDIA, OBJECTS, SCOPES
from handlers.sandbox.botapi.updates import KINDS
from tests.sandbox.botapi.judge import MAY_BE_EMPTY, method_class

OBJECT_TABLES: dict[str, Fields] = {
    **OBJECTS,
    **{f"InputMedia{name.title().replace('_', '')}": fields for name, fields in INPUT_MEDIA.items()},
    **{f"BotCommandScope{name.title().replace('_', '')}": fields for name, fields in SCOPES.items()},
}


def test_every_method_in_the_table_is_played_and_no_other() -> None:
    assert set(PLAYED) == set(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_a_method_has_exactly_the_parameters_that_the_bot_api_gives_it(name: str) -> None:
    kind = method_class(name)
    assert kind is not None
    assert set(METHODS[name]) == set(kind.model_fields)


@pytest.mark.parametrize("name", METHODS)
def test_a_method_requires_exactly_what_the_bot_api_requires(name: str) -> None:
    kind = method_class(name)
    assert kind is not None
    required = {field for field, info in kind.model_fields.items() if info.is_required()}
    ours = {field for field, kind_ in METHODS[name].items() if kind_.required}
    assert ours == required - {field for method, field in MAY_BE_EMPTY if method == name}


@pytest.mark.parametrize("name", OBJECT_TABLES)
def test_an_object_has_exactly_the_fields_that_the_bot_api_gives_it(name: str) -> None:
    kind = getattr(aiogram.types, name)
    assert issubclass(kind, BaseModel)
    assert {*OBJECT_TABLES[name], "type"} == {*kind.model_fields, "type"}


def test_the_kinds_of_updates_are_those_of_the_bot_api() -> None:
    assert set(aiogram.types.Update.model_fields) - {"update_id"} == KINDS
