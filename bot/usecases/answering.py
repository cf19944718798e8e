"""Answering: on the spot, by the station, or by a handling body whose answer the office checks; and following up."""

from collections.abc import Sequence

from bot.domain.cases import AnswerClass, Case
from bot.domain.machine import Action, State
from bot.domain.messages import File
from bot.domain.people import Person
from bot.domain.text import t
from bot.usecases.attachments import attach
from bot.usecases.cards import rating_buttons, summary
from bot.usecases.desk import Desk
from bot.usecases.moving import do, open_for
from bot.usecases.telling import tell_author, tell_staff, tell_supporters
from bot.usecases.working import signature


async def resolve(
    desk: Desk,
    person: Person,
    case_id: int,
    text: str,
    answer_class: AnswerClass,
    files: Sequence[File] = (),
    *,
    action: Action = Action.RESOLVE,
) -> Case:
    """The station head (or the office, for what reached it) answers; the villager is asked to rate.

    `action` SPOT is an answer on the spot, of a case that nobody had to take first. What the office itself
    answers counts as checked; a station's answer goes out at once, and the office checks its class afterwards.
    """
    before, _ = await open_for(desk, person, case_id)
    handled = before.state in (State.CHECKING, State.WITH_OFFICE)
    case, actor = await do(
        desk,
        person,
        case_id,
        action,
        data={"text": text, "class": answer_class, "files": len(files)},
        answer=text,
        answer_class=answer_class,
        checked=handled,
        rating=None,
        solved=None,
        told=False,
    )
    files = await attach(desk, case, person, files, stage="after")
    who = signature(desk.town, actor)
    meaning = t(f"class.{answer_class}")
    words = t("author.answered", who=who, answer=text, answer_class=meaning, **summary(desk, case))
    passed_on = t("assist.answered", who=who, answer=text, answer_class=meaning)
    await tell_author(desk, case, words, rating_buttons(case), files=files, passed_on=passed_on)
    words = t("supporter.answered", who=who, answer=text, answer_class=meaning, number=case.number)
    await tell_supporters(desk, case, words, files=files)
    await tell_staff(desk, case, t("staff.answered", text=text), files=files, but=person.id)
    return case


async def deliver(desk: Desk, person: Person, case_id: int, text: str, files: Sequence[File] = ()) -> Case:
    """The handling body's answer, as somebody here received it: the office checks it before it goes out."""
    case, actor = await do(desk, person, case_id, Action.DELIVER, data={"text": text, "files": len(files)}, answer=text)
    files = await attach(desk, case, person, files, stage="after")
    words = t("staff.delivered", who=signature(desk.town, actor), text=text)
    await tell_staff(desk, case, words, files=files, office=True, but=person.id)
    return case


async def redo(desk: Desk, person: Person, case_id: int, text: str) -> Case:
    """The office is not content: the handling body goes on."""
    case, _ = await do(desk, person, case_id, Action.REDO, data={"text": text}, answer=None)
    await tell_staff(desk, case, t("staff.redo", text=text), but=person.id)
    return case


async def check(desk: Desk, person: Person, case_id: int, answer_class: AnswerClass) -> Case:
    """The office confirms the class of a station's answer, or puts it right; the station hears of the latter."""
    before, _ = await open_for(desk, person, case_id)
    data = {"class": answer_class, "was": before.answer_class}
    case, _ = await do(desk, person, case_id, Action.CHECK, data=data, answer_class=answer_class, checked=True)
    if before.answer_class is not answer_class:
        words = t("staff.regraded", answer_class=t(f"class.{answer_class}"))
        await tell_staff(desk, case, words, but=person.id)
    return case


async def close(desk: Desk, person: Person, case_id: int) -> Case:
    """A person ends what nobody rated. It stays unrated."""
    case, _ = await do(desk, person, case_id, Action.CLOSE)
    await tell_author(desk, case, t("author.closed", **summary(desk, case)))
    return case


async def follow_up(
    desk: Desk, person: Person, case_id: int, text: str, answer_class: AnswerClass, files: Sequence[File] = ()
) -> Case:
    """What has become of an answer of class B or C; with class A or D nothing more is followed."""
    case, actor = await do(
        desk,
        person,
        case_id,
        Action.FOLLOW_UP,
        data={"text": text, "class": answer_class, "files": len(files)},
        answer_class=answer_class,
    )
    files = await attach(desk, case, person, files, stage="after")
    words = t(
        "author.followed_up",
        who=signature(desk.town, actor),
        text=text,
        answer_class=t(f"class.{answer_class}"),
        number=case.number,
    )
    await tell_author(desk, case, words, files=files)
    await tell_supporters(desk, case, words, files=files)
    return case


async def archive(desk: Desk, person: Person, case_id: int) -> Case:
    case, _ = await do(desk, person, case_id, Action.ARCHIVE)
    return case
