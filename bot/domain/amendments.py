"""What the office changed at run time: laid over the configuration's files, appended to, never edited."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

Change: TypeAlias = Mapping[str, Any]
"""`{"is": value}`: this is what the entry says now, None for an entry that is gone; `{}`: what the files say."""

Changes: TypeAlias = Mapping[str, Change]
"""By the entry's key, such as `setting:limits.accept`, `seat:shilong-1`, `text:zh-CN:welcome.villager`."""

AS_IN_FILES: Change = {}


def to_be(value: object) -> Change:
    return {"is": value}


@dataclass(frozen=True, slots=True)
class Amendment:
    """One change (改动), numbered from 1 without gaps; 0 are the files. `who` is the name as it was then."""

    number: int
    at: datetime
    person: int | None
    who: str
    reason: str
    changes: Changes


def laid_over(amendments: Iterable[Amendment]) -> dict[str, Change]:
    """Everything that differs from the files after these amendments, oldest first."""
    over: dict[str, Change] = {}
    for amendment in amendments:
        for key, change in amendment.changes.items():
            if change:
                over[key] = change
            else:
                over.pop(key, None)
    return over


def back_to(then: Changes, now: Changes) -> dict[str, Change]:
    """The changes that lead from what is laid over `now` to what was laid over `then`."""
    keys = dict.fromkeys((*now, *then))
    return {key: then.get(key, AS_IN_FILES) for key in keys if then.get(key) != now.get(key)}
