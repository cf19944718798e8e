"""`/assist`: entering a villager's matter in chat, the receipt, and what of it was entered so far."""

from dataclasses import replace

from bot.conversation import guests
from bot.conversation.talk import Talk
from bot.dialogue import assist
from bot.dialogue.assist import AssistFlow
from bot.dialogue.matter import Submission
from bot.dialogue.screens import Answer, Effect, Screen
from bot.domain.people import Draft
from bot.domain.text import Text, t
from bot.usecases import assisting, registering
from bot.usecases.cards import brief, summary
from bot.usecases.digests import short
from bot.usecases.seats import NotAllowedError

SHOWN = 8


def flow_of(talk: Talk) -> AssistFlow:
    return AssistFlow(talk.submission)


def screen_of(talk: Talk, draft: Draft) -> Screen:
    return flow_of(talk).screen(draft.step, Submission.model_validate(draft.data))


async def start(talk: Talk, argument: str) -> None:
    """Begin; the villager's village is guessed to be the station's."""
    try:
        seat = await assisting.entering_seat(talk.desk, talk.person)
    except NotAllowedError:
        await talk.say(t("error.not_staff"))
        return
    station = talk.desk.town.station(seat.station)
    village = station.villages[0] if station and len(station.villages) == 1 else None
    data = Submission(last_village=village, alike_asked=True).model_dump(mode="json")
    draft = await talk.desk.tx.drafts.start(talk.person.id, assist.FLOW, "told", data, talk.desk.now)
    await talk.show(draft, screen_of(talk, draft))


async def advance(talk: Talk, draft: Draft, answer: Answer) -> None:
    flow, tx = flow_of(talk), talk.desk.tx
    outcome = flow.step(draft.step, Submission.model_validate(draft.data), answer)
    if outcome.effect is Effect.CANCEL:
        await tx.drafts.drop(draft.id)
        await talk.say(t("assist.cancelled"))
        return
    data = flow.arrive(outcome.step, outcome.data)
    rev = draft.rev + (not outcome.quiet)
    draft = replace(draft, step=outcome.step, data=data.model_dump(mode="json"), rev=rev)
    await tx.drafts.save(draft, talk.desk.now)
    if outcome.effect is Effect.DONE:
        await _enter(talk, draft, data)
    elif outcome.effect is Effect.LEAVE:
        await talk.say(t("submit.left"))
    elif not outcome.quiet:
        await talk.show(draft, screen_of(talk, draft), outcome.notice)


async def _enter(talk: Talk, draft: Draft, data: Submission) -> None:
    try:
        case, code = await assisting.enter(talk.desk, talk.person, data)
    except NotAllowedError:
        await talk.desk.tx.drafts.drop(draft.id)
        await talk.say(t("error.not_allowed"))
        return
    await talk.desk.tx.drafts.finish(draft.id, talk.desk.now, case.id)
    urgent = t("submit.urgent") if case.urgent else t("nothing")
    key = "assist.done_sealed" if case.sealed else "assist.done"
    await talk.say(t(key, urgent=urgent, **registering.receipt(talk.desk, case)))
    await assisting.hand_receipt(talk.desk, talk.person, case, code)
    if not case.sealed:
        await guests.ask(talk, case.id)


async def listed(talk: Talk, argument: str) -> None:
    """What the person's seats entered, with a button for each that its villager does not follow yet."""
    found = await assisting.entered(talk.desk, talk.person, SHOWN)
    if not found:
        await talk.say(t("assist.none"), [[(t("menu.assist"), "m:assist")]])
        return
    rows = []
    buttons: list[list[tuple[Text, str]]] = []
    for case, receipt in found:
        key = "assist.row_linked" if receipt.linked_at else "assist.row"
        rows.append(t(key, text_short=brief(case), **summary(talk.desk, case)))
        if receipt.linked_at is None:
            label = t("digest.open", number=short(case.number), text=brief(case, 14))
            buttons.append([(label, f"c:{case.id}:open"), (t("assist.reissue"), f"n:{case.id}")])
    await talk.say(t("assist.list", rows=tuple(rows)), [*buttons, [(t("menu.assist"), "m:assist")]])


async def reissue(talk: Talk, case_id: int) -> None:
    """A new slip for one that was lost. Raises NotFoundError."""
    case, code = await assisting.reissue(talk.desk, talk.person, case_id)
    await talk.strip()
    await talk.say(t("assist.reissued", number=case.number))
    await assisting.hand_receipt(talk.desk, talk.person, case, code)
