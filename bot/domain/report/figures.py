"""A figure of a report: its value, the register it comes from, how many records stand behind it, the one before."""

from dataclasses import dataclass

NONE = "无记录"
"""What an empty register prints: never X, which means that nobody looked, never 0, which means that all was counted."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is None where nothing is on record; with `of` it is a part of that many (a rate). `records` are the
    register's records in the period, `records_before` those in the one before. `words` and `units` are how a
    written report may speak of it, for the check.
    """

    id: str
    label: str
    unit: str
    register: str
    value: int | None
    records: int
    before: int | None = None
    of: int | None = None
    records_before: int = 0
    before_of: int | None = None
    words: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether either period has it on record."""
        return {self.say(), self.say_before()} != {NONE}

    def say(self) -> str:
        """`4次`, `3/4（75.0%）`, or 无记录."""
        return _say(self.value, self.of, self.unit) if self.records else NONE

    def say_before(self) -> str:
        return _say(self.before, self.before_of, self.unit) if self.records_before else NONE

    def phrase(self) -> str:
        """`召开会议4次〔会议4条，上期3次〕`, or `召开会议：无记录〔会议，上期无记录〕`."""
        said = self.say()
        if said == NONE:
            return f"{self.label}：{NONE}〔{self.register}，上期{self.say_before()}〕"
        return f"{self.label}{said}〔{self.register}{self.records}条，上期{self.say_before()}〕"


def _say(value: int | None, of: int | None, unit: str) -> str:
    if value is None or of == 0:
        return NONE
    return f"{value}{unit}" if of is None else f"{value}/{of}（{100 * value / of:.1f}%）"
