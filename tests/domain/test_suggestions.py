"""The suggestion's machine: every (status, step, side), and the months of the law."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from bot.domain.suggestions import TABLE, NotNow, Side, Status, Step, Suggestion, advance, allowed, months_later

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
ONE = Suggestion(1, "JY-2026-000001", Status.FILED, 1, "建议", "d1", (), (1,), NOW)
# step: {status: (who may, next status)}, written out from the rules as people say them.
EXPECTED: dict[str, dict[str, tuple[str, str]]] = {
    "cosign": {"filed": ("deputy", "filed")},
    "add_case": {"filed": ("lead", "filed")},
    "withdraw": {"filed": ("lead", "withdrawn")},
    "assign": {"filed": ("office", "assigned")},
    "assign_complex": {"filed": ("office", "assigned")},
    "reply": {"assigned": ("office", "replied"), "redoing": ("office", "replied")},
    "accept": {"replied": ("lead", "rated")},
    "object": {"replied": ("lead", "redoing")},
    "object_again": {"replied": ("lead", "rated")},
    "report": {"rated": ("office", "reported")},
    "hand_over": {s: ("office system", s) for s in ["filed", "assigned", "replied", "redoing"]},
    "publish": {"reported": ("office", "published")},
    "warn": {s: ("system", s) for s in ("filed", "assigned", "redoing", "replied")},
    "remind": {s: ("system", s) for s in ("filed", "assigned", "redoing", "replied")},
}


@pytest.mark.parametrize(("status", "step", "side"), list(product(Status, Step, Side)))
def test_every_triple_is_as_the_rules_say(status: Status, step: Step, side: Side) -> None:
    one = replace(ONE, status=status, again=step is Step.OBJECT_AGAIN)
    who, to = EXPECTED[step].get(status, ("", ""))
    if side not in who.split():
        with pytest.raises(NotNow):
            advance(one, step, side, None, NOW)
        assert step not in allowed(one, side)
        return
    moved, entry, _ = advance(one, step, side, "d1", NOW)
    assert step in allowed(one, side)
    assert (moved.status, moved.version) == (to, 2)
    assert (entry.before, entry.after, entry.seq) == (status, to, 2)


def test_it_is_handled_again_once() -> None:
    replied = replace(ONE, status=Status.REPLIED)
    assert Step.OBJECT_AGAIN not in allowed(replied, Side.LEAD)
    assert Step.OBJECT not in allowed(replace(replied, again=True), Side.LEAD)


def test_no_two_lines_speak_of_the_same_triple() -> None:
    seen = [(s, rule.step, p) for rule in TABLE for s in rule.statuses for p in rule.sides]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-03-02", 3, "2026-06-02"), ("2026-08-31", 6, "2027-02-28"),
     ("2027-11-30", 3, "2028-02-29"), ("2026-12-15", 1, "2027-01-15")],
)  # fmt: skip
def test_months_are_counted_by_the_towns_calendar(start: str, months: int, end: str) -> None:
    moment = datetime.fromisoformat(start).replace(hour=9, tzinfo=ZONE)
    assert f"{months_later(moment, months, ZONE):%Y-%m-%d %H}" == f"{end} 09"
