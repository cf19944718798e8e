"""What all tables share."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Index, text

from bot.domain.files import FileState
from storage.types import Choice, Moment


def fetching() -> tuple[Column[Any], ...]:
    """What is known of fetching a file from its channel into our own store; `due_at` None: at once."""
    return (
        Column("state", Choice(FileState), nullable=False, server_default=FileState.WAITING),
        Column("name", sa.Text),
        Column("type", sa.Text),
        Column("size", sa.Integer),
        Column("why", sa.Text),
        Column("attempts", sa.Integer, nullable=False, server_default="0"),
        Column("due_at", Moment),
    )


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
