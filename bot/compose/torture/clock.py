"""A clock that another process turns: it runs like the machine's, and its offset stands in a file."""

import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

_FORM = "d"


class TurnedClock:
    """The machine's time plus the offset in `file`, which may change at any moment, forwards or backwards."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)

    def now(self) -> datetime:
        """The turned time as aware UTC."""
        return datetime.now(UTC) + self.offset

    @property
    def offset(self) -> timedelta:
        read = os.pread(self._file, struct.calcsize(_FORM), 0)
        return timedelta(seconds=struct.unpack(_FORM, read)[0] if read else 0.0)

    def set(self, offset: timedelta) -> None:
        os.pwrite(self._file, struct.pack(_FORM, offset.total_seconds()), 0)

    def turn(self, step: timedelta) -> None:
        """Forwards by `step`, or backwards where it is negative."""
        self.set(self.offset + step)

    def close(self) -> None:
        os.close(self._file)
