"""Column types: aware UTC moments, text that every database takes, JSON, and the domain's enumerations."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_WIDTH = len("2026-01-01 00:00:00.000000")

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""64 bits on both; SQLite numbers rows by itself only where the column is called INTEGER."""


class Moment(TypeDecorator[datetime]):
    """An aware datetime, in UTC. A naive one is refused with ValueError."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    # For SQLite the two steps, ours and SQLAlchemy's to and from text, are one: a row has many moments.
    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any] | None:
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _written(value: datetime | None) -> str | None:
    """As SQLAlchemy writes it: UTC, without saying so."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:_WIDTH]


def _read(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


class Words(TypeDecorator[str]):
    """Text from outside. NUL and lone surrogates, which no database stores, are replaced, so no row fails by them."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class Json(TypeDecorator[Any]):
    """Any JSON value, as compact text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return plain.encode("utf-8", "replace").decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Choice(TypeDecorator[StrEnum]):
    """A value of a StrEnum, stored as its text."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind
        self._known: dict[str, StrEnum] = {str(one): one for one in kind}

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.kind(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self._known.get(value) or self.kind(value)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any] | None:
        """At once: a text column has nothing to be done to it first."""
        return lambda value: self.process_result_value(value, dialect)
