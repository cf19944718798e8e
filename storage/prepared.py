"""Core's statements as SQLite runs them: compiled once for as long as a statement lives, then only values move.

SQLAlchemy's own execution can do more than we need, and costs several times what SQLite itself takes.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, cast
from weakref import ref

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
        self._names = tuple(state.positiontup or ())
        ours = ((place, writers.get(name)) for place, name in enumerate(self._names) if name in given)
        self._writers = [(place, write) for place, write in ours if write]
        self._fixed = {
            name: write(value) if (write := writers.get(name)) else value
            for name, value in zip(self._names, state.positional_parameters, strict=True)
            if name not in given
        }
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
        known = {**self._fixed, **given} if self._fixed else given
        values = [known[name] for name in self._names]
        for place, write in self._writers:
            values[place] = write(values[place])
        return values

    def _read(self, cursor: sqlite3.Cursor) -> Sequence[AnyRow]:
        found = cursor.fetchall()
        if not found:
            return ()
        if self._made is None:
            self._made = _row_type(tuple(name for name, *_ in cursor.description))._make
        if not self._readers:
            return [self._made(row) for row in found]
        rows = []
        for raw in found:
            row = list(raw)
            for place, read in self._readers:
                row[place] = read(row[place])
            rows.append(self._made(row))
        return rows


class Preparation:
    """Every statement as it was prepared before. What is made on the fly is forgotten with it."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        # By id: a weak dictionary asks each time for the statement's own hash and equality, which takes its time.
        self._known: dict[int, tuple[ref[Executable], dict[tuple[str, ...], Prepared]]] = {}

    def run(self, connection: sqlite3.Connection, statement: Executable, given: Given) -> Sequence[AnyRow]:
        """All rows that the statement returns; for several sets of values, one after another."""
        if given is None or type(given) is dict or isinstance(given, Mapping):
            values = given or {}
            return self._prepared(statement, values).run(connection, values)
        return self._prepared(statement, given[0]).run_for_each(connection, given)

    def _prepared(self, statement: Executable, given: Values) -> Prepared:
        entry = self._known.get(id(statement))
        if entry is None:
            forget = partial(self._known.pop, id(statement))  # before another could have the same id
            entry = self._known[id(statement)] = ref(statement, forget), {}
        known, names = entry[1], tuple(given)
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
