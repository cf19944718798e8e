"""Supervision (督办): what happens to a case that is overdue or badly answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SupervisionKind(StrEnum):
    ONSITE = "onsite"  # 现场督办
    WRITTEN = "written"  # 书面督办
    JOINT = "joint"  # 联合督办


class SupervisionResult(StrEnum):
    DONE = "done"  # put right
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Supervision:
    """`opened_by` is the seat, None for the clock; `deputies` are the seats that took part. Open without a result.

    `keeper` is the office's seat that sees to it, None: the whole office. `event` is the `seq` of the case's event that
    ended it: its photos came with that. `reached` of its reminders are done, the next falls due at `next_at`.
    """

    id: int
    case_id: int
    kind: SupervisionKind
    opened_at: datetime
    opened_by: str | None
    demand: str
    due_at: datetime
    deputies: tuple[str, ...] = ()
    findings: str = ""
    result: SupervisionResult | None = None
    closed_at: datetime | None = None
    keeper: str | None = None
    event: int | None = None
    reached: int = 0
    next_at: datetime | None = None
