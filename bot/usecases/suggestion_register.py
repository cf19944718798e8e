"""The register of deputies' suggestions: each with its signers, its clock, its reply and what the deputy said of it."""

from bot.domain.duties import DutyKind
from bot.domain.periods import Period
from bot.domain.suggestions import Entry, Step
from bot.usecases.case_registers import Rows
from bot.usecases.ledger import RATINGS, Ledger

CONGRESS, BETWEEN = "大会期间", "闭会期间"


async def suggestions(ledger: Ledger, period: Period) -> Rows:
    """One row each that was filed in the period. It was filed at the congress where a meeting of that day is noted."""
    meetings = await ledger.duties(period, DutyKind.MEETING)
    congress = {duty.on for duty in meetings if "代表大会" in duty.text or "代表会议" in duty.text}
    rows: Rows = []
    for one in await ledger.suggestions(period):
        last = {entry.step: entry for entry in await ledger.tx.suggestions.history(one.id)}
        assigned = _first(last, Step.ASSIGN, Step.ASSIGN_COMPLEX)
        published = last.get(Step.PUBLISH)
        rows.append(
            [
                one.number,
                ledger.seat_name(one.lead),
                "、".join(ledger.seat_name(seat) for seat in one.cosigners),
                CONGRESS if ledger.local(one.filed_at).date() in congress else BETWEEN,
                ledger.handler_name(one.handler) if one.handler else "",
                ledger.local(assigned.at).date() if assigned else None,
                ledger.local(one.due_at).date() if one.due_at else None,
                one.answer_class or "",
                RATINGS[one.rating] if one.rating else "",
                "是" if one.again else "",
                ledger.local(published.at).date() if published else None,
            ]
        )
    return rows


def _first(last: dict[str, Entry], *steps: Step) -> Entry | None:
    return next((last[step] for step in steps if step in last), None)
