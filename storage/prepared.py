"""Core's statements as SQLite runs them: compiled once for as long as a statement lives, then only values move.

SQLAlchemy's own execution can do more than we need, and costs several times what SQLite itself takes.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from storage.connection import AnyRow, Given

Process = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Form:
    """What SQLite reads: the text, its values in order, and where the given ones go among them."""

    text: str
    values: Sequence[Any]
    places: Sequence[tuple[int, str, Process | None]]

    def filled(self, given: Mapping[str, Any]) -> list[Any]:
        values = list(self.values)
        for place, name, process in self.places:
            value = given[name]
            values[place] = process(value) if process else value
        return values


class Prepared:
    """One statement, for one set of parameters' names."""

    def __init__(self, statement: Executable, names: Sequence[str], dialect: Dialect) -> None:
        compiled = cast(ClauseElement, statement).compile(dialect=dialect, column_keys=names)
        self._compiled = cast(SQLCompiler, compiled)
        self._writers = {
            n: b.type.dialect_impl(dialect).bind_processor(dialect) for n, b in self._compiled.binds.items()
        }
        # An IN has as many places as it has values: its text is made each time.
        self._form = None if self._compiled.post_compile_params else self._formed(dict.fromkeys(names))
        columns = list(getattr(statement, "exported_columns", ()))
        readers = ((p, c.type.dialect_impl(dialect).result_processor(dialect, None)) for p, c in enumerate(columns))
        self._readers = [(place, read) for place, read in readers if read]
        self._returns = bool(columns)
        self._made: Callable[[Any], AnyRow] | None = None

    def run(self, connection: sqlite3.Connection, given: Given) -> Sequence[AnyRow]:
        """All rows that it returns; of several sets of values, one after another."""
        if isinstance(given, Mapping) or given is None:
            given = given or {}
            form = self._form or self._formed(given)
            return self._read(connection.execute(form.text, form.filled(given)))
        if self._form and not self._returns:
            connection.executemany(self._form.text, map(self._form.filled, given))
            return ()
        return [row for one in given for row in self.run(connection, one)]

    def _formed(self, given: Mapping[str, Any]) -> _Form:
        state = self._compiled.construct_expanded_state(given)
        writers = self._writers | dict(state.processors)
        values, places = list(state.positional_parameters), []
        for place, name in enumerate(state.positiontup or ()):
            process = writers.get(name)
            if name in given:
                places.append((place, name, process))
            elif process:
                values[place] = process(values[place])
        return _Form(state.statement, values, places)

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

    def of(self, statement: Executable, given: Given) -> Prepared:
        one = given if given is None or isinstance(given, Mapping) else given[0]
        names = tuple(one or ())
        known = self._known.setdefault(statement, {})
        if names not in known:
            known[names] = Prepared(statement, names, self._dialect)
        return known[names]

    def __len__(self) -> int:
        return len(self._known)


@lru_cache(maxsize=1000)
def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names, rename=True)
