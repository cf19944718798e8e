"""What happened: every call and every webhook delivery in order, and every rule that was broken."""

from collections.abc import Mapping
from typing import Any

from handlers.sandbox.botapi.errors import ApiError
from handlers.sandbox.botapi.kinds import Upload
from handlers.sandbox.botapi.world import Json

__all__ = ["Journal", "plain"]


class Journal:
    """Entries have `seq` from 1; those of calls have `method, params, status, answer`, deliveries `webhook`."""

    def __init__(self) -> None:
        self.entries: list[Json] = []
        self.violations: list[Json] = []

    def call(self, method: str, params: Mapping[str, Any], at: int) -> Json:
        """Note that a call came in; its answer is filled in by `answer`."""
        entry = {"method": method, "params": plain(dict(params)), "at": at, "status": None, "answer": None}
        return self._add(entry)

    def answer(self, entry: Json, status: int, answer: Json) -> None:
        """Note how a call ended."""
        entry |= {"status": status, "answer": answer}

    def delivery(self, update: Json, status: int | None, error: str | None, at: int) -> None:
        """Note one attempt to deliver an update; `status` None where no answer came."""
        self._add({"webhook": update, "status": status, "error": error, "at": at})

    def violation(self, entry: Json, error: ApiError) -> None:
        """Note a broken rule."""
        self.violations.append(
            {
                "seq": entry["seq"],
                "method": entry["method"],
                "rule": error.rule,
                "description": error.description,
                "params": entry["params"],
            }
        )

    def _add(self, entry: Json) -> Json:
        entry["seq"] = len(self.entries) + 1
        self.entries.append(entry)
        return entry


def plain(value: Any) -> Any:
    """A value as JSON can carry it: an upload by its name and size."""
    if isinstance(value, Upload):
        return {"file_name": value.file_name, "mime_type": value.mime_type, "size": len(value.data)}
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value
