"""`/poll` for the office, `/polls` for everybody, and the one tap that votes."""

from dataclasses import replace

from bot.conversation.talk import Talk
from bot.dialogue import poll as dialogue
from bot.dialogue.poll import PollDraft, PollFlow, Report
from bot.dialogue.screens import Answer, Effect, Screen
from bot.domain.duties import Duty
from bot.domain.people import Draft
from bot.domain.polls import Poll
from bot.domain.text import t
from bot.usecases import announcing, polling
from bot.usecases.polling import VoteError
from bot.usecases.seats import NotAllowedError


def screen_of(talk: Talk, draft: Draft) -> Screen:
    return PollFlow(talk.desk.town).screen(draft.step, PollDraft.model_validate(draft.data))


async def start(talk: Talk, argument: str) -> None:
    desk = talk.desk
    try:
        await polling.asking_seat(desk, talk.person)
    except NotAllowedError:
        await talk.say(t("error.not_allowed"))
        return
    reports = tuple(_report(talk, duty) for duty in await polling.reports(desk))
    year = desk.local(desk.now).year
    data = PollDraft(year=year, projects=tuple(await polling.subjects(desk)), reports=reports).model_dump(mode="json")
    draft = await desk.tx.drafts.start(talk.person.id, dialogue.FLOW, "kind", data, desk.now)
    await talk.show(draft, screen_of(talk, draft))


def _report(talk: Talk, duty: Duty) -> Report:
    seats = polling.seats_of(duty)
    names = "、".join(seat.name for id_ in seats if (seat := talk.desk.town.seat(id_)))
    villages = polling.villages_of(talk.desk, duty)
    return Report(duty=duty.id, name=f"{names} {duty.on.isoformat()}", seats=seats, villages=villages)


async def advance(talk: Talk, draft: Draft, answer: Answer) -> None:
    tx = talk.desk.tx
    outcome = PollFlow(talk.desk.town).step(draft.step, PollDraft.model_validate(draft.data), answer)
    if outcome.effect is Effect.CANCEL:
        await tx.drafts.drop(draft.id)
        await talk.say(t("announce.cancelled"))
        return
    data = outcome.data
    if outcome.step == "check":
        data = data.model_copy(update={"recipients": await announcing.recipients(talk.desk, data.villages)})
    draft = replace(draft, step=outcome.step, data=data.model_dump(mode="json"), rev=draft.rev + 1)
    await tx.drafts.save(draft, talk.desk.now)
    if outcome.effect is not Effect.DONE:
        await talk.show(draft, screen_of(talk, draft), outcome.notice)
        return
    await tx.drafts.finish(draft.id, talk.desk.now)
    report, now = data.report, talk.desk.now
    poll = Poll(
        id=0,
        kind=data.kind,
        question=data.question,
        choices=polling.scale_of(data.kind, data.choices),
        villages=data.villages,
        opens_at=now,
        closes_at=now,
        person=talk.person.id,
        subject=data.subject,
        duty=report.duty if report else None,
        seats=report.seats if report else (),
    )
    try:
        poll, sent = await polling.ask(talk.desk, talk.person, poll, data.days)
    except NotAllowedError:
        await talk.say(t("error.not_allowed"))
        return
    stop = (t("announce.stop"), f"b:{sent.id}:stop")
    await talk.say(t("poll.opened", question=poll.question), [[stop], [(t("poll.close"), f"u:{poll.id}:close")]])


async def polls(talk: Talk, argument: str) -> None:
    """What one may still answer, each with its choices; then the latest results."""
    found = await talk.desk.tx.polls.newest(20)
    office = await _is_office(talk)
    mine = [poll for poll in found if office or not poll.villages or talk.person.village in poll.villages]
    if not mine:
        await talk.say(t("poll.none"))
        return
    for poll in mine[: polling.SHOWN][::-1]:
        voted = await talk.desk.tx.polls.voted(poll.id, talk.person.id)
        if poll.takes(talk.desk.now) and not voted and not office:
            await talk.say(*polling.question(talk.desk, poll))
            continue
        buttons = [[(t("poll.close"), f"u:{poll.id}:close")]] if office and poll.closed_at is None else []
        await talk.say(await polling.result(talk.desk, poll), buttons)


async def vote(talk: Talk, poll_id: int, choice: int) -> None:
    """Raises NotFoundError. What was chosen is said nowhere again: messages are kept for a while."""
    try:
        await polling.vote(talk.desk, talk.person, poll_id, choice)
    except VoteError as error:
        await talk.toast(t(f"vote.{error.why}"))
        return
    await talk.strip()
    await talk.say(t("vote.done"))


async def close(talk: Talk, poll_id: int) -> None:
    """Raises NotFoundError."""
    try:
        poll = await polling.close(talk.desk, talk.person, poll_id)
    except NotAllowedError:
        await talk.toast(t("error.not_allowed"))
        return
    await talk.strip()
    await talk.say(await polling.result(talk.desk, poll))


async def _is_office(talk: Talk) -> bool:
    try:
        await polling.asking_seat(talk.desk, talk.person)
    except NotAllowedError:
        return False
    return True
