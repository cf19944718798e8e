"""The case's machine: every (state, action, part) triple, against a second, hand-written reading of the rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import Actor, AnswerClass, Case, Consent, Kind, act, may
from bot.domain.machine import (
    BACK,
    ENDED_STATES,
    OPEN_STATES,
    PAUSED_STATES,
    RATED,
    SAME,
    TABLE,
    Action,
    Clock,
    Guard,
    IllegalMove,
    Part,
    State,
    rule_for,
)

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

STAFF = "deputy head liaison"
BELOW = ["registered", "with_station", "needs_more"]
ABOVE = ["handed_up", "with_office", "reopened"]
BODY = ["assigned", "in_progress"]
MOVING = ["registered", "with_station", *ABOVE, *BODY, "checking"]
LIVE = [*MOVING, "needs_more"]
# action: {state: (who may, next state)}, written out from the rules as people say them, not from the table.
EXPECTED: dict[str, dict[str, tuple[str, str]]] = {
    "take": {
        "registered": (STAFF, "with_station"),
        "handed_up": ("office", "with_office"),
        "reopened": ("office", "with_office"),
    },
    "reply": {
        "registered": (STAFF, "with_station"),
        "with_station": (STAFF, "with_station"),
        "needs_more": (STAFF + " office", "needs_more"),
        **{s: ("office", s) for s in [*ABOVE, *BODY, "checking"]},
    },
    "ask_more": {
        "registered": (STAFF, "needs_more"),
        "with_station": (STAFF, "needs_more"),
        **dict.fromkeys(["with_office", *BODY], ("office", "needs_more")),
    },
    "supply": {"needs_more": ("author", BACK), **{s: ("author", s) for s in [*MOVING, "answered"]}},
    "note": {s: (STAFF + " office", s) for s in [*LIVE, "answered", "closed"]},
    "photo": {s: (STAFF + " office", s) for s in [*LIVE, "answered"]},
    "correct": {s: (STAFF + " office", s) for s in LIVE},
    "transfer": {
        **dict.fromkeys(BELOW, ("deputy head office", "registered")),
        **dict.fromkeys(ABOVE, ("office", "registered")),
    },
    "hand_up": dict.fromkeys(BELOW, ("deputy head", "handed_up")),
    "send_back": dict.fromkeys(ABOVE, ("office", "with_station")),
    "resolve": {
        **dict.fromkeys(BELOW, ("head", "answered")),
        "with_office": ("office", "answered"),
        "checking": ("office", "answered"),
    },
    "spot": {"registered": ("deputy head", "answered")},
    "refuse": {
        "registered": ("head", "refused"),
        "handed_up": ("office", "refused"),
        "with_office": ("office", "refused"),
    },
    "assign": dict.fromkeys(ABOVE, ("office", "assigned")),
    "return": {"assigned": ("office", "with_office")},
    "begin": {"assigned": ("office head", "in_progress")},
    "extend": {
        "with_station": ("head office", "with_station"),
        **{s: ("office", s) for s in ["with_office", *BODY]},
    },
    "deliver": dict.fromkeys(BODY, (STAFF + " office", "checking")),
    "redo": {"checking": ("office", "in_progress")},
    "check": {s: ("office", s) for s in ["answered", "closed"]},
    "rate": {"answered": ("author", "closed")},
    "object": {"answered": ("author", "reopened")},
    "object_again": {"answered": ("author", "closed")},
    "rate_own": {"closed": ("author", "closed")},
    "object_own": {"closed": ("author", "reopened")},
    "answer_letter": dict.fromkeys(BELOW, ("deputy", "answered")),
    "close": {"answered": ("head office", "closed")},
    "solved": {s: ("author", s) for s in ["closed", "reopened", "with_office", "with_station", *BODY]},
    "follow_up": {"closed": ("deputy head office", "closed")},
    "reopen": dict.fromkeys(["closed", "refused", "archived"], ("office", "reopened")),
    "merge": {
        **dict.fromkeys(["registered", "with_station"], ("head office", "merged")),
        **dict.fromkeys(["handed_up", "with_office"], ("office", "merged")),
    },
    "unmerge": {"merged": ("head office", BACK)},
    "withdraw": dict.fromkeys([*LIVE, "answered", "merged"], ("author", "withdrawn")),
    "join": {s: ("supporter", s) for s in [*LIVE, "answered"]},
    "leave": {s: ("supporter", s) for s in State},
    "ask_publish": {"closed": ("office", "closed")},
    "allow": {s: ("author", s) for s in ["closed", "archived"]},
    "forbid": {s: ("author office", s) for s in ["closed", "archived"]},
    "publish": {s: ("office", s) for s in ["closed", "archived"]},
    "archive": dict.fromkeys(["closed", "refused", "withdrawn"], ("office", "archived")),
    "hand_over": {s: ("office system", s) for s in [*LIVE, "answered"]},
    "recuse": {
        **{s: (STAFF + " office", s) for s in [*LIVE, "answered", "closed"]},
        **{s: (STAFF + " office author", s) for s in BELOW},
    },
    "reported": {s: ("office", s) for s in [*LIVE, "answered", "closed"]},
    "take_down": {s: ("office supporter", s) for s in ["closed", "archived"]},
    "readmit": {s: ("office", s) for s in [*LIVE, "answered", "closed"]},
    "raise": dict.fromkeys(BELOW, ("office", "handed_up")),
    "warn": {s: ("system", s) for s in MOVING},
    "remind": {s: ("system", s) for s in MOVING},
    "supervise": {
        **{s: ("system office", s) for s in MOVING},
        **{s: ("office", s) for s in ["needs_more", "answered", "closed"]},
    },
    "suggest": {s: ("deputy", s) for s in [*LIVE, "answered", "closed"]},
    "suggestion_reply": {s: ("office", s) for s in State},
    "reveal": {s: ("office", s) for s in State},
    "supervised": {s: ("office", s) for s in State},
    "escalate": {s: ("system", s) for s in MOVING},
    "ask_rating": {"answered": ("system", "answered")},
    "unrated": {"answered": ("system", "answered")},
    "ask_follow_up": {"closed": ("system", "closed")},
}
# What an action needs of the case besides its state, and a case of which that does not hold.
NEEDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "return": ({}, {"returned": True}),
    "extend": ({"due_at": NOW + timedelta(days=1)}, {"due_at": NOW - timedelta(days=1)}),
    "check": ({}, {"checked": True}),
    "rate_own": ({"told": True}, {"told": False}),
    "object_own": ({"told": True}, {"told": False}),
    "answer_letter": ({"kind": Kind.LETTER}, {"kind": Kind.COMPLAINT}),
    "close": ({}, {"clock": Clock.RATING}),
    "follow_up": ({"answer_class": AnswerClass.B}, {"answer_class": AnswerClass.A}),
    "ask_follow_up": ({"answer_class": AnswerClass.C}, {"answer_class": AnswerClass.D}),
    "archive": ({"answer_class": AnswerClass.A}, {"answer_class": AnswerClass.B}),
    "readmit": ({"recused": (7,)}, {}),
    "take_down": ({"published": "路灯修好"}, {}),
    "send_back": ({}, {"station": None}),
    "raise": ({}, {"station": None, "sealed": True}),
    "merge": ({}, {"sealed": True}),
    "suggest": ({}, {"sealed": True}),
    "ask_publish": ({}, {"restricted": True}),
    "allow": ({"consent": Consent.ASKED}, {}),
    "forbid": ({"consent": Consent.AGREED}, {"consent": Consent.REFUSED}),
    "publish": ({"consent": Consent.AGREED}, {"consent": Consent.ASKED}),
}


def case_in(state: State, **changes: Any) -> Case:
    waiting = state in PAUSED_STATES
    plain = Case(
        id=1, number="ZJ-2026-000001", kind=Kind.COMPLAINT, state=state, version=3, text="路灯坏了",
        village="shilong", hamlet=None, topic="roads", subtopic=None, station="shilong", deputy="d1",
        urgent=False, restricted=False, sealed=False, created_at=NOW, updated_at=NOW, due_at=NOW,
        paused_at=NOW if waiting else None, resume=State.WITH_STATION if waiting else None, head="h",
    )  # fmt: skip
    return replace(plain, **changes)


@pytest.mark.parametrize(("state", "action", "part"), list(product(State, Action, Part)))
def test_every_triple_is_as_the_rules_say(state: State, action: Action, part: Part) -> None:
    who, to = EXPECTED[action].get(state, ("", ""))
    case = case_in(state, **NEEDS.get(action, ({}, {}))[0])
    if part not in who.split():
        with pytest.raises(IllegalMove):
            act(case, action, Actor(part, 7), NOW)
        assert action not in may(case, part, NOW)
        return
    assert action in may(case, part, NOW)
    moved = act(case, action, Actor(part, 7), NOW).case
    assert moved.state == (State.WITH_STATION if to == BACK else to)
    assert moved.version == 4


def test_every_action_is_in_the_second_reading() -> None:
    assert EXPECTED.keys() == set(Action)
    assert NEEDS.keys() == {rule.action for rule in TABLE if rule.guard is not Guard.NONE}


@pytest.mark.parametrize("action", NEEDS)
def test_what_an_action_needs_of_the_case_is_asked_for(action: str) -> None:
    for state, (who, _) in EXPECTED[action].items():
        part = Part(who.split()[0])
        case = case_in(State(state), **NEEDS[action][1])
        with pytest.raises(IllegalMove):
            act(case, Action(action), Actor(part, 7), NOW)
        assert Action(action) not in may(case, part, NOW)


def test_a_case_is_returned_and_extended_once() -> None:
    case = case_in(State.ASSIGNED, due_at=NOW + timedelta(days=1))
    again = replace(case, returned=True, extended=True)
    for action in (Action.RETURN, Action.EXTEND):
        act(case, action, Actor(Part.OFFICE, 7), NOW)
        with pytest.raises(IllegalMove):
            act(again, action, Actor(Part.OFFICE, 7), NOW)


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
        if rule.action in RATED | {Action.SOLVED}:
            assert rule.parts == {Part.AUTHOR}
        if Part.SYSTEM in rule.parts:
            assert rule.to == SAME


@given(st.lists(st.tuples(st.sampled_from(Action), st.sampled_from(Part)), max_size=30))
def test_random_histories_stay_chained_and_legal(moves: list[tuple[Action, Part]]) -> None:
    case, previous = replace(case_in(State.REGISTERED), version=0, head=""), ""
    for number, (action, part) in enumerate(moves):
        at = NOW + timedelta(hours=number)
        try:
            move = act(case, action, Actor(part, 1), at)
        except IllegalMove:
            assert action not in may(case, part, at)
            continue
        assert rule_for(case.state, action, part)
        assert move.event.previous == previous
        assert (move.case.paused_at is not None) == (move.case.state in PAUSED_STATES)
        assert (move.case.closed_at is not None) == (move.case.state in ENDED_STATES)
        case, previous = move.case, move.event.digest()
    assert case.head == previous
