"""The registers that are drawn from cases and their histories. No trace of persons, nothing sealed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from bot.domain.cases import Case, Event, Rating, Solved
from bot.domain.machine import RATED, Action
from bot.domain.masking import mask
from bot.domain.periods import Period
from bot.domain.sheets import Cell
from bot.domain.supervision import SupervisionKind, SupervisionResult
from bot.domain.text import t
from bot.ports.ledgers import CaseRecord, EventRecord
from bot.usecases.ledger import RATINGS, SOLVED, Ledger
from bot.usecases.registering import ASSISTED

Rows: TypeAlias = list[Sequence[Cell]]

HANDING = (Action.TAKE, Action.HAND_UP, Action.SEND_BACK, Action.TRANSFER, Action.ASSIGN)
"""By these a case comes into somebody's hands."""

ANSWERS = (Action.RESOLVE, Action.SPOT, Action.ANSWER_LETTER, Action.DELIVER)
_CHANGES = (Action.EXTEND, Action.RETURN, Action.CHECK)

WAYS = {SupervisionKind.ONSITE: "现场", SupervisionKind.WRITTEN: "书面", SupervisionKind.JOINT: "联合"}
RESULTS = {
    SupervisionResult.DONE: "已整改",
    SupervisionResult.PARTLY: "部分整改",
    SupervisionResult.NOT: "未整改",
}

CHANNELS = {ASSISTED: "代录", "telegram": "Telegram", "web": "网页"}
"""How a register says a channel."""

SEALED = "（密件）"
RESTRICTED = "（限阅）"
WITHHELD = "不导出"


def excerpt(record_text: str, *, sealed: bool, restricted: bool, length: int = 60) -> str:
    """The beginning of a case's text, masked; nothing of one that not everybody may read."""
    if sealed or restricted:
        return SEALED if sealed else RESTRICTED
    line = mask(" ".join(record_text.split()))
    return line if len(line) <= length else line[: length - 1] + "…"


def closed(case: Case) -> str:
    """What stands in place of the matter of a case that not everybody may read; empty for any other."""
    return SEALED if case.sealed else RESTRICTED if case.restricted else ""


async def cases(ledger: Ledger, period: Period) -> Rows:
    suggested = await ledger.suggestion_numbers()
    return [await _case_row(ledger, record, suggested.get(record.case.id, "")) for record in await ledger.cases(period)]


async def _case_row(ledger: Ledger, record: CaseRecord, suggested: str) -> Sequence[Cell]:
    case = record.case
    secret = bool(closed(case))
    return [
        case.number,
        ledger.local(case.created_at),
        CHANNELS.get(record.channel, record.channel),
        "" if secret else ledger.village_name(case.village),
        "" if secret else case.hamlet,
        "" if secret else ledger.topic_name(case.topic),
        "" if secret else ledger.subtopic_name(case.subtopic),
        "是" if case.urgent else "",
        "密件" if case.sealed else "限阅" if case.restricted else "",
        excerpt(case.text, sealed=case.sealed, restricted=case.restricted),
        record.files,
        WITHHELD,
        _agreed(ledger, record),
        ledger.station_name(case.station),
        ledger.seat_name(case.deputy),
        _office_of(ledger, record.entered_by) if record.entered_by else "本人",
        ledger.seat_name(record.entered_by),
        ledger.say(t(f"state.{case.state}")),
        await _merged(ledger, case),
        suggested,
    ]


def _agreed(ledger: Ledger, record: CaseRecord) -> Cell:
    """When the villager agreed. Of a villager's own case the day alone, and nothing of one that not everybody may read:
    the same minute in two rows would tell that one person wrote both."""
    if record.agreed_at is None or (closed(record.case) and not record.entered_by):
        return None
    at = ledger.local(record.agreed_at)
    return at if record.entered_by else at.date()


def _office_of(ledger: Ledger, seat_id: str) -> str:
    """Where the seat sits: its station, or the office."""
    seat = ledger.town.seat(seat_id)
    return ledger.station_name(seat.station if seat else None)


async def _merged(ledger: Ledger, case: Case) -> str:
    into = await ledger.tx.cases.get(case.merged_into) if case.merged_into else None
    return into.number if into else ""


async def handling(ledger: Ledger, period: Period) -> Rows:
    """One row each time that a case came into somebody's hands, with what came of it before it went on."""
    later: dict[int, list[Event]] = defaultdict(list)
    for found in await ledger.events(_from_then_on(period), [*HANDING, *ANSWERS, *_CHANGES]):
        later[found.case.id].append(found.event)
    return [
        _handling_row(ledger, record, _until_handed_on(later[record.case.id], record.event))
        for record in await ledger.events(period, HANDING)
    ]


def _until_handed_on(events: list[Event], start: Event) -> dict[str, Event]:
    """The last event of each action after this one, up to the next time that the case changed hands."""
    found: dict[str, Event] = {}
    for event in events:
        if event.seq > start.seq:
            if event.action in HANDING and event.action != Action.TAKE:
                break
            found[event.action] = event
    return found


def _handling_row(ledger: Ledger, record: EventRecord, later: dict[str, Event]) -> Sequence[Cell]:
    case, event = record.case, record.event
    extended, returned, checked = (later.get(action) for action in _CHANGES)
    answer = next((later[action] for action in ANSWERS if action in later), None)
    given = checked or answer
    due = datetime.fromisoformat(event.data["due"]) if "due" in event.data else None
    return [
        case.number,
        "" if event.action == Action.TAKE else ledger.seat_name(event.seat),
        _handler(ledger, record),
        "、".join(ledger.handler_name(body) for body in event.data.get("helpers", ())),
        ledger.local(event.at),
        ledger.local(due) if due else None,
        f"{extended.data['days']}个工作日：{_said(case, extended)}" if extended else "",
        _said(case, returned or event) if returned or event.action == Action.SEND_BACK else "",
        _said(case, answer) if answer else "",
        ledger.local(answer.at) if answer else None,
        str(given.data.get("class", "")) if given else "",
        ledger.seat_name(given.seat) if given else "",
    ]


def _handler(ledger: Ledger, record: EventRecord) -> str:
    event = record.event
    if event.action == Action.ASSIGN:
        return ledger.handler_name(str(event.data.get("handler", "")))
    if event.action == Action.HAND_UP:
        return ledger.town.office_name
    return ledger.seat_name(event.seat if event.action == Action.TAKE else record.case.deputy)


async def supervision(ledger: Ledger, period: Period) -> Rows:
    """Each supervision that was opened, by the office or the clock; with what it found, if it has ended."""
    return [
        [
            case.number,
            WAYS[one.kind],
            ledger.local(one.opened_at).date(),
            "、".join(ledger.seat_name(seat) for seat in one.deputies),
            excerpt(one.findings or one.demand, sealed=case.sealed, restricted=case.restricted),
            ledger.local(one.due_at).date(),
            RESULTS[one.result] if one.result else "",
        ]
        for one, case in await ledger.supervisions(period)
    ]


def _from_then_on(period: Period) -> Period:
    """A century from the period's beginning: what came of it may have come later."""
    return replace(period, months=1200)


def _said(case: Case, event: Event) -> str:
    return excerpt(str(event.data.get("text", "")), sealed=case.sealed, restricted=case.restricted)


async def ratings(ledger: Ledger, period: Period) -> Rows:
    """One row a rating. Who rated stands nowhere; whether it is solved, and why not, was said after it."""
    later: dict[int, list[Event]] = defaultdict(list)
    for found in await ledger.events(_from_then_on(period), [Action.SOLVED, Action.SUPPLY, *RATED]):
        later[found.case.id].append(found.event)
    rows: Rows = []
    for record in await ledger.events(period, [*RATED]):
        case, event = record.case, record.event
        after = [e for e in later[case.id] if e.seq > event.seq]
        again = next((e.seq for e in after if e.action in RATED), None)
        after = [e for e in after if again is None or e.seq < again]
        solved = next((e.data["solved"] for e in after if e.action == Action.SOLVED), None)
        reason = next((str(e.data.get("text", "")) for e in after if e.data.get("objection")), "")
        rows.append(
            [
                case.number,
                RATINGS[Rating(str(event.data["rating"]))],
                SOLVED[Solved(str(solved))] if solved else "",
                "电话回访" if event.seat else "本人点选",
                ledger.local(event.at),
                ledger.seat_name(event.seat),
                excerpt(reason, sealed=case.sealed, restricted=case.restricted) if reason else "",
            ]
        )
    return rows
