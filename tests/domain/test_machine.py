"""The case's machine: every (state, action, part) triple, against a second, hand-written reading of the rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import Actor, Case, Kind, act
from bot.domain.machine import BACK, OPEN_STATES, SAME, TABLE, Action, IllegalMove, Part, State, allowed, rule_for

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

STAFF = "deputy head liaison"
BELOW = ["registered", "with_station", "needs_more"]
ABOVE = ["handed_up", "with_office", "reopened"]
LIVE = [*BELOW, *ABOVE]
MOVING = ["registered", "with_station", *ABOVE, "answered"]
# action: {state: (who may, next state)}, written out from the rules as people say them, not from the table.
EXPECTED: dict[str, dict[str, list[tuple[str, str]]]] = {
    "take": {
        "registered": [(STAFF, "with_station")],
        "handed_up": [("office", "with_office")],
        "reopened": [("office", "with_office")],
    },
    "reply": {
        "registered": [(STAFF, "with_station")],
        "with_station": [(STAFF, "with_station")],
        "needs_more": [(STAFF + " office", "needs_more")],
        "handed_up": [("office", "handed_up")],
        "with_office": [("office", "with_office")],
        "reopened": [("office", "reopened")],
    },
    "ask_more": {
        "registered": [(STAFF, "needs_more")],
        "with_station": [(STAFF, "needs_more")],
        "with_office": [("office", "needs_more")],
    },
    "supply": {
        "needs_more": [("author", BACK)],
        **{s: [("author", s)] for s in MOVING},
    },
    "note": {s: [(STAFF + " office", s)] for s in [*LIVE, "answered", "closed"]},
    "photo": {s: [(STAFF + " office", s)] for s in [*LIVE, "answered"]},
    "correct": {s: [(STAFF + " office", s)] for s in LIVE},
    "transfer": {
        **{s: [("deputy head office", "registered")] for s in BELOW},
        **{s: [("office", "registered")] for s in ABOVE},
    },
    "hand_up": {s: [("deputy head", "handed_up")] for s in BELOW},
    "send_back": {s: [("office", "with_station")] for s in ABOVE},
    "resolve": {
        **{s: [("head", "answered")] for s in BELOW},
        "with_office": [("office", "answered")],
    },
    "rate": {"answered": [("author", "closed")]},
    "object": {"answered": [("author", "reopened")]},
    "object_again": {"answered": [("author", "closed")]},
    "solved": {s: [("author", s)] for s in ["closed", "reopened", "with_office", "with_station"]},
    "reopen": {"closed": [("office", "reopened")]},
    "withdraw": {s: [("author", "withdrawn")] for s in [*LIVE, "answered"]},
    "hand_over": {s: [("office system", s)] for s in [*LIVE, "answered"]},
}


def case_in(state: State) -> Case:
    waiting = state is State.NEEDS_MORE
    return Case(
        id=1, number="ZJ-2026-000001", kind=Kind.COMPLAINT, state=state, version=3, text="路灯坏了",
        village="shilong", hamlet=None, topic="roads", subtopic=None, station="shilong", deputy="d1",
        urgent=False, restricted=False, sealed=False, created_at=NOW, updated_at=NOW, due_at=NOW,
        paused_at=NOW if waiting else None, resume=State.WITH_STATION if waiting else None, head="h",
    )  # fmt: skip


@pytest.mark.parametrize(("state", "action", "part"), list(product(State, Action, Part)))
def test_every_triple_is_as_the_rules_say(state: State, action: Action, part: Part) -> None:
    expected = [to for who, to in EXPECTED[action].get(state, []) if part in who.split()]
    case = case_in(state)
    if not expected:
        with pytest.raises(IllegalMove):
            act(case, action, Actor(part, 7), NOW)
        assert case == case_in(state)
        return
    moved = act(case, action, Actor(part, 7), NOW).case
    assert moved.state == (State.WITH_STATION if expected[0] == BACK else expected[0])
    assert moved.version == 4


def test_no_two_lines_of_the_table_speak_of_the_same_triple() -> None:
    seen = [(s, rule.action, p) for rule in TABLE for s in rule.states for p in rule.parts]
    assert len(seen) == len(set(seen))


def test_every_state_can_be_reached_and_every_open_state_be_left() -> None:
    reached = {State.REGISTERED}
    while True:
        more = {State(rule.to) for rule in TABLE if rule.to not in (SAME, BACK) and rule.states & reached}
        if more <= reached:
            break
        reached |= more
    assert reached == set(State)
    for state in OPEN_STATES:
        assert any(state in rule.states and rule.to not in (SAME, state) for rule in TABLE)


def test_nobody_but_the_author_rates_and_nobody_but_a_person_answers() -> None:
    for rule in TABLE:
        if rule.action in (Action.RATE, Action.OBJECT, Action.OBJECT_AGAIN, Action.SOLVED):
            assert rule.parts == {Part.AUTHOR}
        if Part.SYSTEM in rule.parts:
            assert rule.action is Action.HAND_OVER


@given(st.lists(st.tuples(st.sampled_from(Action), st.sampled_from(Part)), max_size=30))
def test_random_histories_stay_chained_and_legal(moves: list[tuple[Action, Part]]) -> None:
    case, previous = replace(case_in(State.REGISTERED), version=0, head=""), ""
    for number, (action, part) in enumerate(moves):
        at = NOW + timedelta(hours=number)
        try:
            move = act(case, action, Actor(part, 1), at)
        except IllegalMove:
            assert action not in allowed(case.state, part)
            continue
        assert rule_for(case.state, action, part)
        assert move.event.previous == previous
        assert (move.case.paused_at is not None) == (move.case.state is State.NEEDS_MORE)
        assert (move.case.closed_at is not None) == (move.case.state in (State.CLOSED, State.WITHDRAWN))
        case, previous = move.case, move.event.digest()
    assert case.head == previous
