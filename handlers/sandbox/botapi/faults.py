"""Failures on demand: the next n matching calls fail in the way that was asked for."""

from dataclasses import dataclass

from handlers.sandbox.botapi.errors import ApiError
from handlers.sandbox.botapi.world import Json

__all__ = ["Fault", "Faults"]

KINDS = ("429", "403", "400", "409", "500", "timeout_after", "drop", "reset", "half", "hang")
CARRIED_OUT = ("timeout_after", "half")
"""Kinds in which the call is carried out, and its caller does not learn of it."""


@dataclass
class Fault:
    """`times` failures of `kind` for one method ("*" for any), in one chat or in all.

    `retry_after` counts for 429; `hold` is how many seconds a `timeout_after` (carried out) and a `hang` (not) keep
    the caller waiting before the connection is closed. `half` sends the first half of the answer; `drop` closes the
    connection, `reset` tears it down.
    """

    method: str
    kind: str
    times: int = 1
    chat_id: int | None = None
    retry_after: int = 1
    hold: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        if self.times < 1 or self.retry_after < 1 or self.hold < 0:
            raise ValueError("times and retry_after must be at least 1, hold at least 0")

    def error(self) -> ApiError:
        """The refusal; for the kinds that are an answer."""
        if self.kind == "429":
            wait = self.retry_after
            return ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        described = {
            "403": "Forbidden: bot was blocked by the user",
            "400": "Bad Request: chat not found",
            "409": "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            "500": "Internal Server Error",
        }
        return ApiError(int(self.kind), described[self.kind])

    def json(self) -> Json:
        """As `GET /faults` shows it."""
        return {name: value for name, value in vars(self).items() if value is not None}


class Faults:
    """Those still to come, oldest first."""

    def __init__(self) -> None:
        self.left: list[Fault] = []

    def take(self, method: str, chat_id: object) -> Fault | None:
        """The fault for this call, if one is due; it counts as used."""
        for fault in self.left:
            if fault.method in ("*", method) and fault.chat_id in (None, chat_id):
                fault.times -= 1
                self.left = [each for each in self.left if each.times]
                return fault
        return None
