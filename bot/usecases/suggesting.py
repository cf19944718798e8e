"""The suggestions ledger: a deputy distils cases into a formal suggestion, and it runs its course by law."""

from dataclasses import replace
from typing import Any

from bot.domain.authority import actor_for
from bot.domain.cases import Actor, AnswerClass, Case, Rating
from bot.domain.clocks import WARNING
from bot.domain.machine import Action, Clock, Part
from bot.domain.people import Person
from bot.domain.personal import traces
from bot.domain.suggestions import (
    MONTHS,
    NotNow,
    Side,
    Status,
    Step,
    Suggestion,
    Term,
    advance,
    allowed,
    months_later,
    rule_for,
)
from bot.domain.suggestions import open_suggestion as begin
from bot.domain.text import Text, t
from bot.domain.town import Role
from bot.usecases.desk import Buttons, Desk
from bot.usecases.moving import NotFoundError, do, move, open_for
from bot.usecases.publishing import NotCleanError
from bot.usecases.telling import tell_author, tell_office

NUMBERS = "JY"
"""What a suggestion's number begins with: 建议."""


class NotDistilledError(Exception):
    """A villager's words may not simply be passed on as a suggestion: the deputy has to write it."""


async def file(desk: Desk, person: Person, case_id: int, text: str) -> Case:
    """A new suggestion from one case. Raises NotDistilledError where it is the villager's own words."""
    before = await desk.tx.cases.get(case_id)
    if before and text.strip() == before.text.strip():
        raise NotDistilledError(case_id)
    case, parts = await open_for(desk, person, case_id)
    actor = actor_for(Action.SUGGEST, case, parts, desk.now)  # before a number is taken, which would be missing then
    number = await desk.tx.cases.next_number(NUMBERS, desk.local(desk.now).year)
    case = await move(desk, case, actor, Action.SUGGEST, {"suggestion": number}, {})
    blank = Suggestion(0, number, Status.FILED, 0, text, actor.seat or "", (), (case.id,), desk.now)
    one = await desk.tx.suggestions.add(blank)
    one, entry = begin(one)
    one = wound(desk, one, Term.ASSIGN)
    await desk.tx.suggestions.save(one, entry)
    await tell_author(desk, case, t("author.suggested", number=case.number, suggestion=number))
    await _tell_office(desk, one, t("suggestion.filed", number=number, text=text, until=_day(desk, one)))
    return case


async def sides(desk: Desk, person: Person, one: Suggestion) -> list[tuple[Side, str]]:
    """What the person is to the suggestion, with the seat that makes them so."""
    found: list[tuple[Side, str]] = []
    for held in await desk.tx.people.seats_of(person.id):
        seat = desk.town.seat(held.seat)
        if seat and seat.id == one.lead:
            found.append((Side.LEAD, seat.id))
        elif seat and seat.role is Role.OFFICE:
            found.append((Side.OFFICE, seat.id))
        elif seat and seat.role is Role.DEPUTY:
            found.append((Side.DEPUTY, seat.id))
    return found


async def open_suggestion(desk: Desk, person: Person, suggestion_id: int) -> tuple[Suggestion, list[tuple[Side, str]]]:
    """The suggestion, locked, for a deputy or the office. Raises NotFoundError for anybody else."""
    one = await desk.tx.suggestions.get(suggestion_id, lock=True)
    own = await sides(desk, person, one) if one else []
    if one is None or not own:
        raise NotFoundError(suggestion_id)
    return one, own


async def take_step(
    desk: Desk,
    person: Person,
    suggestion_id: int,
    step: Step,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> Suggestion:
    """Take one step, if the table and the person's side allow it. Raises NotFoundError or NotNow."""
    one, own = await open_suggestion(desk, person, suggestion_id)
    for side, seat in own:
        try:
            rule_for(one, step, side)
        except NotNow:
            continue
        return await _keep(desk, one, step, side, seat, data, changes)
    raise NotNow(f"{step} in status {one.status}")


async def cosign(desk: Desk, person: Person, suggestion_id: int) -> Suggestion:
    """附议. Once for each deputy; one who signed already signs no second time. Raises NotNow then."""
    one, own = await open_suggestion(desk, person, suggestion_id)
    seat = next((seat for side, seat in own if side is Side.DEPUTY and seat not in one.cosigners), None)
    if seat is None:
        raise NotNow("cosigned already")
    return await take_step(desk, person, suggestion_id, Step.COSIGN, cosigners=(*one.cosigners, seat))


async def add_case(desk: Desk, person: Person, case_id: int, suggestion_id: int) -> Case:
    """One more case that the suggestion speaks for (n:1). Raises NotFoundError, IllegalMove, NotNow."""
    one, own = await open_suggestion(desk, person, suggestion_id)
    if case_id in one.cases or not any(Step.ADD_CASE in allowed(one, side) for side, _ in own):
        raise NotNow(f"add a case in status {one.status}")
    case, _ = await do(desk, person, case_id, Action.SUGGEST, data={"suggestion": one.number})
    joined = tuple(dict.fromkeys((*one.cases, case.id)))
    await take_step(desk, person, suggestion_id, Step.ADD_CASE, {"case": case.number}, cases=joined)
    await tell_author(desk, case, t("author.suggested", number=case.number, suggestion=one.number))
    return case


async def assign(desk: Desk, person: Person, suggestion_id: int, handler: str, *, is_complex: bool) -> Suggestion:
    """交办, with three months to reply, six where it is complex."""
    if desk.town.handler(handler) is None:
        raise NotFoundError(handler)
    step = Step.ASSIGN_COMPLEX if is_complex else Step.ASSIGN
    return await take_step(desk, person, suggestion_id, step, {"handler": handler}, handler=handler, complex=is_complex)


async def reply(
    desk: Desk, person: Person, case_id: int, suggestion_id: int, text: str, answer_class: AnswerClass
) -> Case:
    """The handling body's written reply and its class, noted on every case behind the suggestion; villagers hear it."""
    data: dict[str, Any] = {"text": text, "class": answer_class}
    one = await take_step(desk, person, suggestion_id, Step.REPLY, data, reply=text, answer_class=answer_class)
    said = t(f"class.{answer_class}")
    seat = next(seat for side, seat in await sides(desk, person, one) if side is Side.OFFICE)
    for linked in one.cases:
        case = await desk.tx.cases.get(linked, lock=True)
        if case is None:
            raise NotFoundError(linked)
        # It is the suggestion that they answer: whatever they are to the case, its villager hears of it.
        data, office = {"text": text, "suggestion": one.number}, Actor(Part.OFFICE, person.id, seat)
        case = await move(desk, case, office, Action.SUGGESTION_REPLY, data, {})
        await tell_author(desk, case, t("author.suggestion_replied", number=case.number, reply=text, answer_class=said))
    await _tell_lead(desk, one, t("suggestion.replied", number=one.number, text=text, answer_class=said))
    found = await desk.tx.cases.get(case_id)
    if found is None:
        raise NotFoundError(case_id)
    return found


async def rate(desk: Desk, person: Person, suggestion_id: int, rating: Rating) -> Suggestion:
    """The leading deputy rates the reply; 不满意 has it handled again within a month, once."""
    one, _ = await open_suggestion(desk, person, suggestion_id)
    if rating is not Rating.DISSATISFIED:
        return await take_step(desk, person, suggestion_id, Step.ACCEPT, {"rating": rating}, rating=rating)
    step = Step.OBJECT_AGAIN if one.again else Step.OBJECT
    one = await take_step(desk, person, suggestion_id, step, {"rating": rating}, rating=rating, again=True)
    key = "suggestion.objected" if step is Step.OBJECT else "suggestion.objected_again"
    await _tell_office(desk, one, t(key, number=one.number, until=_day(desk, one)))
    return one


async def take_over(desk: Desk, one: Suggestion, lead: str, side: Side, by: str | None) -> Suggestion:
    """Another deputy leads it from now on; who signed it already signs no more. Both are in the history."""
    data = {"from": one.lead, "to": lead}
    signed = tuple(seat for seat in one.cosigners if seat != lead)
    one = await _keep(desk, one, Step.HAND_OVER, side, by, data, {"lead": lead, "cosigners": signed})
    await _tell_lead(desk, one, t("suggestion.yours", number=one.number, text=one.text))
    return one


async def publish(desk: Desk, person: Person, suggestion_id: int) -> Suggestion:
    """Suggestion and reply become public. Raises NotCleanError while they still point at a person."""
    one, _ = await open_suggestion(desk, person, suggestion_id)
    if found := traces(f"{one.text}\n{one.reply or ''}"):
        raise NotCleanError(found)
    return await take_step(desk, person, suggestion_id, Step.PUBLISH)


async def run_suggestion_clocks(desk: Desk) -> int:
    """Warn the office at 80 % of a limit and remind it at the end, each once; the deputy hears of the latter."""
    done = 0
    for one in await desk.tx.suggestions.due(desk.now):
        while one.next_at and one.next_at <= desk.now:
            step = (Step.WARN, Step.REMIND)[one.reached]
            one = await _keep(desk, one, step, Side.SYSTEM, None, None, {"reached": one.reached + 1})
            done += 1
            if one.next_at and one.next_at <= desk.now:
                continue  # after a standstill the newest alone is told of
            if one.status is Status.REPLIED:
                await _tell_lead(desk, one, t("suggestion.please_rate", number=one.number))
                continue
            text = t(f"suggestion.{step}", number=one.number, until=_day(desk, one))
            await _tell_office(desk, one, text)
            if step is Step.REMIND:
                await _tell_lead(desk, one, text)
    return done


async def _keep(
    desk: Desk,
    one: Suggestion,
    step: Step,
    side: Side,
    seat: str | None,
    data: dict[str, Any] | None,
    changes: dict[str, Any],
) -> Suggestion:
    moved, entry, term = advance(one, step, side, seat, desk.now, data, **changes)
    moved = wound(desk, moved, term)
    await desk.tx.suggestions.save(moved, entry)
    return moved


def wound(desk: Desk, one: Suggestion, term: Term) -> Suggestion:
    """The suggestion with this limit running from now."""
    if term is not Term.SAME:
        due = None
        if term is Term.ASSIGN:
            due = desk.calendar.deadline(desk.now, desk.rules.limits[Clock.ASSIGN])
        elif term is Term.RATE:
            due = desk.calendar.deadline(desk.now, desk.rules.limits[Clock.RATING])
        elif term in MONTHS:
            due = months_later(desk.now, MONTHS[term], desk.town.zone)
        one = replace(one, since=due and desk.now, due_at=due, reached=0)
    if one.due_at is None or one.since is None:
        return replace(one, next_at=None)
    steps = (one.since + (one.due_at - one.since) * WARNING, one.due_at)
    return replace(one, next_at=steps[one.reached] if one.reached < len(steps) else None)


def _day(desk: Desk, one: Suggestion) -> str:
    """Of the limit that runs; today where none does."""
    return f"{desk.local(one.due_at or desk.now):%Y-%m-%d}"


def _open(one: Suggestion) -> Buttons:
    return [[(t("suggestion.open"), f"q:{one.id}:open")]]


async def _tell_office(desk: Desk, one: Suggestion, text: Text) -> None:
    await tell_office(desk, text, _open(one), key=f"suggestion:{one.id}:{one.version}")


async def _tell_lead(desk: Desk, one: Suggestion, text: Text) -> None:
    lead = await desk.tx.people.holder(one.lead)
    if lead and lead.reachable:
        await desk.tell(lead, text, _open(one), key=f"lead:{one.id}:{one.version}")
