"""How a case reads: the card for staff and for its author, with the buttons that act for this reader now."""

from collections.abc import Iterable
from datetime import datetime

from bot.dialogue.naming import place, topic_name
from bot.domain.cases import Actor, Case, Consent, Event, Rating, Solved, may
from bot.domain.digest import is_overdue
from bot.domain.machine import Action, Part, State, allowed
from bot.domain.support import answered_round, counted
from bot.domain.text import Text, t
from bot.usecases.desk import Buttons, Desk

STAFF_ACTIONS = (
    Action.TAKE,
    Action.REPLY,
    Action.ANSWER_LETTER,
    Action.RESOLVE,
    Action.ASK_MORE,
    Action.PHOTO,
    Action.NOTE,
    Action.CORRECT,
    Action.TRANSFER,
    Action.HAND_UP,
    Action.SEND_BACK,
    Action.ASSIGN,
    Action.BEGIN,
    Action.DELIVER,
    Action.REDO,
    Action.CLOSE,
    Action.REOPEN,
)
MORE_ACTIONS = (
    Action.SPOT,
    Action.REFUSE,
    Action.EXTEND,
    Action.RETURN,
    Action.CHECK,
    Action.RAISE,
    Action.FOLLOW_UP,
    Action.SUGGEST,
    Action.SUPERVISE,
    Action.SUPERVISED,
    Action.REPORTED,
    Action.MERGE,
    Action.UNMERGE,
    Action.REVEAL,
    Action.ASK_PUBLISH,
    Action.PUBLISH,
    Action.TAKE_DOWN,
    Action.FORBID,
    Action.ARCHIVE,
    Action.RECUSE,
    Action.READMIT,
)
"""What is rarely done stands behind one button, so that a card stays simple."""
AUTHOR_ACTIONS = (Action.SUPPLY, Action.WITHDRAW)


def day(desk: Desk, moment: datetime) -> Text:
    """`3月2日 18:00`, in the town's time."""
    local = desk.local(moment)
    return t("moment", month=local.month, day=local.day, time=f"{local:%H:%M}")


def summary(desk: Desk, case: Case) -> dict[str, object]:
    """The values that every text about a case may use."""
    seen = ("urgent", "sealed" if case.sealed else "restricted")  # what is sealed is restricted anyway
    marks = {mark: t("mark.one", mark=t(f"mark.{mark}")) for mark in seen if getattr(case, mark)}
    return {
        "number": case.number,
        "kind": t(f"kind.{case.kind}"),
        "place": place(desk.town, case.village, case.hamlet),
        "topic": topic_name(desk.town, case.topic, case.subtopic),
        "state": t(f"state.{case.state}"),
        "text": case.text or t("submit.voice_only"),
        "due": due(desk, case),
        "body": t("handler.line", names=body_names(desk, case)) if case.handler else t("nothing"),
        "marks": t("mark.all", first=marks.get(seen[0], t("nothing")), second=marks.get(seen[1], t("nothing"))),
    }


async def card(desk: Desk, case: Case, parts: Iterable[Actor], headline: Text) -> Text:
    """The card for a reader with these parts in the case; it says for whom they stand in."""
    covered = dict.fromkeys(actor.instead_of for actor in parts)
    names = [seat.name for id_ in covered if (seat := desk.town.seat(id_))]
    return t(
        "case.card",
        headline=headline,
        instead=t("case.instead", names="、".join(names)) if names else t("nothing"),
        recused=await _recused(desk, case),
        behind=await behind(desk, case),
        **summary(desk, case),
    )


async def _recused(desk: Desk, case: Case) -> Text:
    """Who is recused, by the seat that they acted from."""
    if not case.recused:
        return t("nothing")
    events = await desk.tx.cases.events(case.id)
    seats = [desk.town.seat(e.data["seat"]) for e in events if e.data.get("who") in case.recused and "seat" in e.data]
    return t("recusal.line", names="、".join(dict.fromkeys(seat.name for seat in seats if seat)))


async def behind(desk: Desk, case: Case) -> Text:
    """Who entered the case for somebody; how many stand behind it besides its author, and how they rate the answer."""
    lines = await _entered_for(desk, case)
    count = len(await desk.tx.cases.parties(case.id, "supporter"))
    if not count:
        return t("behind.all", lines=lines)
    round_ = answered_round(case)
    given = counted(await desk.tx.confirmations.of(case.id), round_) if round_ is not None else None
    ratings = t("behind.ratings", **{str(r): given[r] for r in Rating}) if given else t("nothing")
    return t("behind.all", lines=(*lines, t("behind.line", count=count, ratings=ratings)))


async def _entered_for(desk: Desk, case: Case) -> tuple[Text, ...]:
    """That staff entered it for a villager who has no account here, and who of them did."""
    receipt = await desk.tx.receipts.of(case.id)
    seat = desk.town.seat(receipt.seat) if receipt and receipt.linked_at is None else None
    return (t("assist.by", name=seat.name),) if seat else ()


def body_names(desk: Desk, case: Case) -> Text:
    """`镇水利所` or `镇水利所，供电所协办`."""
    names = [desk.town.name_of("handler", body) for body in (case.handler, *case.helpers) if body]
    if not names:
        return t("nothing")
    helping = t("handler.helping", names="、".join(names[1:])) if names[1:] else t("nothing")
    return t("handler.names", name=names[0], helping=helping)


def due(desk: Desk, case: Case) -> Text:
    """The deadline in words; whether it has passed."""
    if case.due_at is None or case.paused_at:
        return t("due.none")
    return t("due.passed" if is_overdue(case, desk.now) else "due.at", at=day(desk, case.due_at))


def brief(case: Case, length: int = 24) -> str:
    """The beginning of the text, on one line."""
    line = " ".join(case.text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def staff_buttons(desk: Desk, case: Case, parts: Iterable[Actor], *, more: bool = False) -> Buttons:
    """A button for each action that this reader may take now, three a row; the rare ones with `more`."""
    can = {a for actor in parts if actor.part is not Part.AUTHOR for a in may(case, actor.part, desk.now)}
    shown = MORE_ACTIONS if more else STAFF_ACTIONS
    buttons = [(t(f"action.{a}"), f"c:{case.id}:{a}") for a in shown if a in can]
    buttons.append((t("action.history"), f"c:{case.id}:history"))
    if more:
        buttons += [(t("action.files"), f"c:{case.id}:files"), (t("action.why"), f"c:{case.id}:why")]
    if not more:
        buttons.append((t("action.more"), f"c:{case.id}:more"))
    return [buttons[i : i + 3] for i in range(0, len(buttons), 3)]


def speaker_buttons(case: Case, parts: Iterable[Actor]) -> Buttons:
    """For who speaks for a villager: to note how they rate, or what they add; nothing for everybody else."""
    if not any(speaks_for(actor) for actor in parts):
        return []
    if case.state is State.ANSWERED:
        return [[(t("assist.note_rating"), f"c:{case.id}:phoned")]]
    can = allowed(case.state, Part.AUTHOR)
    return [[(t("assist.supply"), f"c:{case.id}:{Action.SUPPLY}")]] if Action.SUPPLY in can else []


def speaks_for(actor: Actor) -> bool:
    """Whether this is somebody of the staff in the place of the villager whose case they entered."""
    return actor.part is Part.AUTHOR and actor.seat is not None


def who_did(desk: Desk, event: Event) -> Text:
    """`群众`, `站长`; where staff acted for a villager, also who."""
    part = t(f"part.{event.part}")
    seat = desk.town.seat(event.seat) if event.part is Part.AUTHOR else None
    return t("part.for_author", part=part, name=seat.name) if seat else part


def author_buttons(case: Case, *, more: bool = False) -> Buttons:
    """Rating where an answer waits for it, or where staff had noted one; else what an author may do, on the case's own
    card also what is rare."""
    if case.state is State.ANSWERED or (case.state is State.CLOSED and case.told):
        return rating_buttons(case)
    can = allowed(case.state, Part.AUTHOR)
    buttons = [(t(f"action.{a}"), f"c:{case.id}:{a}") for a in AUTHOR_ACTIONS if a in can]
    if more and case.consent is Consent.ASKED and Action.ALLOW in can:
        buttons.append((t("action.allow"), f"c:{case.id}:allow"))
    if more and case.consent in (Consent.ASKED, Consent.AGREED) and Action.FORBID in can:
        buttons.append((t("action.forbid"), f"c:{case.id}:forbid"))
    if more and Action.RECUSE in can and case.station and not case.sealed:
        buttons.append((t("action.wish"), f"c:{case.id}:wish"))
    return [buttons]


def rating_buttons(case: Case) -> Buttons:
    """One tap; the round (how often reopened) is in the button, so an old one cannot rate a new answer."""
    return [[(t(f"rating.{r}"), f"r:{case.id}:{case.reopened}:{r}")] for r in Rating]


def solved_buttons(case: Case) -> Buttons:
    return [[(t(f"solved.{s}"), f"s:{case.id}:{case.reopened}:{s}") for s in Solved]]
