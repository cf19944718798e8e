"""Runs the two flows over their drafts: an answer moves the draft on, its end calls the use case."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from bot.conversation import (
    announcing,
    assisting,
    contacts,
    duties,
    following,
    forms,
    guests,
    joining,
    leave,
    polling,
    reports,
    settings,
)
from bot.conversation.talk import Talk
from bot.dialogue import announce, assist, compose, duty, export, guest, poll, submission
from bot.dialogue import following as follow
from bot.dialogue.compose import Composition
from bot.dialogue.leave import FLOW as LEAVE
from bot.dialogue.matter import Submission, Words
from bot.dialogue.screens import Answer, Effect, Screen, choose
from bot.dialogue.settings.draft import FLOW as SETTINGS
from bot.domain.cases import Case, Kind
from bot.domain.machine import Action, IllegalMove
from bot.domain.people import Draft
from bot.domain.suggestions import NotNow
from bot.domain.text import Text, t
from bot.domain.topics import Flag
from bot.domain.town import Seat
from bot.usecases import consent, registering
from bot.usecases.cards import author_buttons, summary
from bot.usecases.moving import NotFoundError
from bot.usecases.publishing import NotCleanError
from bot.usecases.revealing import RevealError
from bot.usecases.suggesting import NotDistilledError


class Other(Protocol):
    """A flow that a module of its own runs."""

    def screen_of(self, talk: Talk, draft: Draft) -> Screen: ...

    async def advance(self, talk: Talk, draft: Draft, answer: Answer) -> None: ...


OTHERS: dict[str, Other] = {
    duty.FLOW: duties,
    assist.FLOW: assisting,
    follow.FLOW: following,
    guest.FLOW: guests,
    LEAVE: leave,
    SETTINGS: settings,
    announce.FLOW: announcing,
    poll.FLOW: polling,
    export.FLOW: reports,
}


def screen_of(talk: Talk, draft: Draft) -> Screen:
    """The screen that the draft stands at."""
    if draft.flow == submission.FLOW:
        return talk.submission.screen(draft.step, Submission.model_validate(draft.data))
    if draft.flow in OTHERS:
        return OTHERS[draft.flow].screen_of(talk, draft)
    if draft.flow == contacts.FLOW:
        return contacts.screen()
    return talk.compose.screen(draft.step, Composition.model_validate(draft.data))


async def start_submission(talk: Talk, answer: Answer | None = None, *, sure: bool = True) -> None:
    """A new case: asks for it, or takes what was just said as its beginning (`sure` False: ask first)."""
    data = Submission(last_village=talk.person.last_village).model_dump(mode="json")
    if answer is None:
        start = talk.desk.tx.drafts.start
        await redraw(talk, await start(talk.person.id, submission.FLOW, "describe", data, talk.desk.now))
    else:
        # It is stored once, as the answer leaves it.
        await advance(talk, Draft(0, talk.person.id, submission.FLOW, "describe", 0, data), answer, sure=sure)


async def start_letter(talk: Talk, seat: Seat) -> None:
    """A letter to a deputy: what it is about may be left open, and where is the deputy's own village."""
    village = next((v for v in seat.villages if v == talk.person.village), next(iter(seat.villages), None))
    data = Submission(
        letter_to=seat.id,
        kind=Kind.LETTER,
        kind_chosen=True,
        village=village,
        village_chosen=True,
        topic_chosen=True,
        files_asked=True,
        alike_asked=True,
    )
    start = talk.desk.tx.drafts.start
    plain = data.model_dump(mode="json")
    draft = await start(talk.person.id, submission.FLOW, "describe", plain, talk.desk.now)
    await redraw(talk, draft, t("letter.to", name=seat.name))


async def start_compose(
    talk: Talk, case: Case, action: Action, answer: Answer | None = None, *, target: str = ""
) -> None:
    """Ask for what the action needs, or take what was just said as its beginning."""
    data = Composition(action=action, number=case.number, target=target).model_dump(mode="json")
    draft = await talk.desk.tx.drafts.start(talk.person.id, compose.FLOW, "write", data, talk.desk.now, case_id=case.id)
    if answer is None:
        await redraw(talk, draft)
    else:
        await advance(talk, draft, answer)


async def start_phone(talk: Talk, typed: str = "") -> None:
    """Ask for a telephone number, one question that can be passed over, or take the one that was typed."""
    if not consent.agreed(talk.desk, talk.person):
        await talk.ask_consent()
        return
    draft = await talk.desk.tx.drafts.start(talk.person.id, contacts.FLOW, "phone", {}, talk.desk.now)
    if typed:
        await _advance_phone(talk, draft, Answer(text=typed))
    else:
        await redraw(talk, draft)


async def redraw(talk: Talk, draft: Draft, notice: Text | None = None, screen: Screen | None = None) -> None:
    """Show where the draft stands (its `screen`, where that is drawn already); before consent, the privacy notice
    stands in front of a submission.
    """
    if draft.flow == submission.FLOW and not consent.agreed(talk.desk, talk.person):
        await talk.ask_consent(notice)
        return
    await talk.show(draft, screen or screen_of(talk, draft), notice)


async def answer_draft(talk: Talk, draft: Draft, answer: Answer) -> None:
    """Words, a number or files for the draft that is open."""
    if answer.text and not answer.edited and not answer.files:
        number = choose(screen_of(talk, draft), answer.text)
        writing = draft.flow == compose.FLOW and draft.step == "write" and number not in ("back", "done")
        if number is not None and not writing:
            answer = Answer(choice=number)
    await advance(talk, draft, answer)


async def advance(talk: Talk, draft: Draft, answer: Answer, *, sure: bool = True) -> None:
    if draft.flow == submission.FLOW:
        await _advance_submission(talk, draft, answer, sure)
    elif draft.flow in OTHERS:
        await OTHERS[draft.flow].advance(talk, draft, answer)
    elif draft.flow == contacts.FLOW:
        await _advance_phone(talk, draft, answer)
    else:
        await _advance_compose(talk, draft, answer)


async def _advance_phone(talk: Talk, draft: Draft, answer: Answer) -> None:
    """Whoever tells a matter instead of a number has begun a case."""
    if said := await contacts.answered(talk, answer):
        await talk.desk.tx.drafts.drop(draft.id)
        await _resume(talk, said)
    elif answer.files or talk.desk.reader.tag(answer.text).is_case:
        await talk.desk.tx.drafts.drop(draft.id)
        await start_submission(talk, answer)
    else:
        await redraw(talk, draft, t("contact.no_phone"))


async def _save(talk: Talk, draft: Draft, step: str, data: Mapping[str, Any], *, drawn: bool) -> Draft:
    drafts, rev = talk.desk.tx.drafts, draft.rev + drawn
    if not draft.id:
        return await drafts.start(draft.person, draft.flow, step, data, talk.desk.now, draft.case_id, rev)
    draft = replace(draft, step=step, data=dict(data), rev=rev)
    await drafts.save(draft, talk.desk.now)
    return draft


async def _advance_submission(talk: Talk, draft: Draft, answer: Answer, sure: bool) -> None:
    flow = talk.submission
    before = Submission.model_validate(draft.data)
    outcome = flow.step(draft.step, before, answer)
    data, step = outcome.data, outcome.step
    if not sure and data.words and step != "describe":
        data, step = data.model_copy(update={"is_case": False}), "unsure"
    if outcome.effect is Effect.CANCEL:
        await talk.desk.tx.drafts.drop(draft.id)
        await _resume(talk, t("submit.cancelled"))
        return
    if outcome.effect is None:
        step, data = await joining.look(talk, step, data)
    if outcome.effect is Effect.DONE and consent.agreed(talk.desk, talk.person):
        await _submit(talk, draft, data)  # it ends as it was read back: there is nothing to save
        return
    data = flow.arrive(step, data)
    draft = await _save(talk, draft, step, data.model_dump(mode="json"), drawn=not outcome.quiet)
    if outcome.effect is Effect.LEAVE:
        await talk.say(t("submit.left"))
    elif outcome.effect is Effect.HUMAN:
        await _call_human(talk, draft, data)
    elif outcome.effect is Effect.DONE:
        await talk.ask_consent()
    elif outcome.effect is Effect.JOIN:
        await _join(talk, draft, data)
    elif not outcome.quiet:
        await redraw(talk, draft, outcome.notice, flow.screen(step, data))


async def _submit(talk: Talk, draft: Draft, data: Submission) -> None:
    case = await registering.register(talk.desk, talk.person, data)
    await talk.desk.tx.drafts.finish(draft.id, talk.desk.now, case.id)
    urgent = t("submit.urgent") if case.urgent else t("nothing")
    flags = data.flags
    key = "submit.done_sealed" if Flag.SEALED in flags else "submit.done_held" if Flag.HELD in flags else "submit.done"
    buttons = [*author_buttons(case), *await contacts.offer(talk)]
    await talk.say(t(key, urgent=urgent, **registering.receipt(talk.desk, case)), buttons)


async def _join(talk: Talk, draft: Draft, data: Submission) -> None:
    if not consent.agreed(talk.desk, talk.person):
        await talk.ask_consent()
    elif case := await joining.join(talk, data):
        await talk.desk.tx.drafts.finish(draft.id, talk.desk.now, case.id)
    else:
        await redraw(talk, draft, t("alike.gone"))


async def _call_human(talk: Talk, draft: Draft, data: Submission) -> None:
    """A person takes over: what has been said so far becomes a case that asks for help."""
    town = talk.desk.town
    station = town.station_of(data.village or talk.person.last_village)
    phones = t(
        "human.phones",
        office=town.office_name,
        phone=town.office_phone,
        station=t("human.station", name=station.name, phone=station.phone, hours=station.hours)
        if station
        else t("nothing"),
    )
    if not consent.agreed(talk.desk, talk.person):
        await talk.say(phones)
        await talk.ask_consent()
        return
    if not data.words:
        asked = Words(message_id="", text=talk.desk.render(talk.person, t("human.asked")))
        data = data.model_copy(update={"words": (asked,)})
    case = await registering.register(talk.desk, talk.person, data, kind=Kind.HELP)
    await talk.desk.tx.drafts.finish(draft.id, talk.desk.now, case.id)
    await talk.say(t("human.called", phones=phones, number=case.number), author_buttons(case))


async def _advance_compose(talk: Talk, draft: Draft, answer: Answer) -> None:
    outcome = talk.compose.step(draft.step, Composition.model_validate(draft.data), answer)
    if outcome.effect is Effect.CANCEL:
        await talk.desk.tx.drafts.drop(draft.id)
        await _resume(talk, t("compose.cancelled"))
        return
    data = outcome.data
    draft = await _save(talk, draft, outcome.step, data.model_dump(mode="json"), drawn=not outcome.quiet)
    if outcome.effect is Effect.DONE:
        await _composed(talk, draft, data)
    elif not outcome.quiet:
        await redraw(talk, draft, outcome.notice)


async def _composed(talk: Talk, draft: Draft, data: Composition) -> None:
    """The text is finished: take the action it was written for, if it may still be taken."""
    desk, person, case_id = talk.desk, talk.person, draft.case_id or 0
    await desk.tx.drafts.finish(draft.id, desk.now, case_id)
    try:
        case = await forms.ENDS[data.action](desk, person, case_id, data)
    except (IllegalMove, NotFoundError, NotNow):
        await _resume(talk, t("error.moved_on", text=data.text))
        return
    except NotDistilledError:
        await _resume(talk, t("suggestion.not_distilled", text=data.text))
        return
    except NotCleanError as error:
        await _resume(talk, t("publish.not_clean", found="、".join(error.found), text=data.text))
        return
    except RevealError as error:
        await _resume(talk, contacts.refusal(error, data.number))
        return
    await _resume(talk, t(f"compose.{data.action}_done", **summary(desk, case)))


async def _resume(talk: Talk, text: Text) -> None:
    """Say that something ended; if another draft is still open, go on with it."""
    await talk.say(text)
    if draft := await talk.desk.tx.drafts.current(talk.person.id):
        await redraw(talk, draft, t("submit.resumed"))
