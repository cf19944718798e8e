"""Column types: aware UTC moments, text that every database takes, JSON, and the domain's enumerations."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""64 bits on both; SQLite numbers rows by itself only where the column is called INTEGER."""


class Moment(TypeDecorator[datetime]):
    """An aware datetime, in UTC. A naive one is refused with ValueError."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    return None if value is None else _utc_as_text(_in_utc(value))


@lru_cache(maxsize=16)  # one moment goes into many columns; in UTC no hour comes twice
def _utc_as_text(value: datetime) -> str:
    """As SQLAlchemy's own DateTime writes it for SQLite, several times faster."""
    return value.isoformat(" ", "microseconds")[:26]


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


class Words(TypeDecorator[str]):
    """Text from outside. NUL and lone surrogates, which no database stores, are replaced, so no row fails by them."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Json(TypeDecorator[Any]):
    """Any JSON value, as compact text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return _compact(value).encode("utf-8", "replace").decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Choice(TypeDecorator[StrEnum]):
    """A value of a StrEnum, stored as its text. Raises KeyError for what it does not have."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def bind_processor(self, dialect: Dialect) -> Any:
        texts: dict[StrEnum | None, str | None] = {each: each.value for each in self.kind}
        return {None: None, **texts}.__getitem__

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        values: dict[str | None, StrEnum | None] = {each.value: each for each in self.kind}
        return {None: None, **values}.__getitem__
