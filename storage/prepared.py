"""Core's statements as SQLite runs them: compiled once for as long as a statement lives, then only values move.

SQLAlchemy's own execution can do more than we need, and costs several times what SQLite itself takes.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from storage.connection import AnyRow, Given

Values = Mapping[str, Any]
Process = Callable[[Any], Any]


class Prepared:
    """One statement, for one set of parameters' names.

    `lasting` is False where an IN has as many places as the values that are given this time. It must hold neither
    the statement nor what refers to it.
    """

    def __init__(self, statement: Executable, given: Values, dialect: Dialect) -> None:
        whole = cast(ClauseElement, statement).compile(dialect=dialect, column_keys=list(given))
        compiled = cast(SQLCompiler, whole)
        self.lasting = given.keys().isdisjoint(compiled.bind_names[each] for each in compiled.post_compile_params)
        state = compiled.construct_expanded_state(given)
        types = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
        writers = {name: type_.bind_processor(dialect) for name, type_ in types.items()} | dict(state.processors)
        self._text = state.statement
        self._values = list(state.positional_parameters)
        self._places: list[tuple[int, str, Process | None]] = []
        for place, name in enumerate(state.positiontup or ()):
            write = writers.get(name)
            if name in given:
                self._places.append((place, name, write))
            elif write:
                self._values[place] = write(self._values[place])
        columns = list(getattr(statement, "exported_columns", ()))
        readers = ((p, c.type.dialect_impl(dialect).result_processor(dialect, None)) for p, c in enumerate(columns))
        self._readers = [(place, read) for place, read in readers if read]
        self._returns = bool(columns)
        self._made: Callable[[Any], AnyRow] | None = None

    def run(self, connection: sqlite3.Connection, given: Values) -> Sequence[AnyRow]:
        """All rows that it returns."""
        return self._read(connection.execute(self._text, self._filled(given)))

    def run_for_each(self, connection: sqlite3.Connection, given: Sequence[Values]) -> Sequence[AnyRow]:
        if self._returns:
            return [row for one in given for row in self.run(connection, one)]
        connection.executemany(self._text, map(self._filled, given))
        return ()

    def _filled(self, given: Values) -> list[Any]:
        values = self._values.copy()
        for place, name, write in self._places:
            value = given[name]
            values[place] = write(value) if write else value
        return values

    def _read(self, cursor: sqlite3.Cursor) -> Sequence[AnyRow]:
        if cursor.description is None:
            return ()
        if self._made is None:
            self._made = _row_type(tuple(name for name, *_ in cursor.description))._make
        if not self._readers:
            return [self._made(row) for row in cursor]
        rows = []
        for raw in cursor.fetchall():
            row = list(raw)
            for place, read in self._readers:
                row[place] = read(row[place])
            rows.append(self._made(row))
        return rows


class Preparation:
    """Every statement as it was prepared before. What is made on the fly is forgotten with it."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._known: WeakKeyDictionary[Executable, dict[tuple[str, ...], Prepared]] = WeakKeyDictionary()

    def run(self, connection: sqlite3.Connection, statement: Executable, given: Given) -> Sequence[AnyRow]:
        """All rows that the statement returns; for several sets of values, one after another."""
        if given is None or isinstance(given, Mapping):
            values = given or {}
            return self._prepared(statement, values).run(connection, values)
        return self._prepared(statement, given[0]).run_for_each(connection, given)

    def _prepared(self, statement: Executable, given: Values) -> Prepared:
        known = self._known.get(statement)
        if known is None:
            known = self._known[statement] = {}
        names = tuple(given)
        if names in known:
            return known[names]
        prepared = Prepared(statement, given, self._dialect)
        if prepared.lasting:
            known[names] = prepared
        return prepared

    def __len__(self) -> int:
        return len(self._known)


@lru_cache(maxsize=1000)
def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names, rename=True)
