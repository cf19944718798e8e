"""`/announce` for the office and station heads; `/notices`, by which everybody says whether they take such messages."""

from dataclasses import replace

from bot.conversation.talk import Talk
from bot.dialogue import announce as dialogue
from bot.dialogue.announce import AnnounceDraft, AnnounceFlow
from bot.dialogue.screens import Answer, Effect, Screen
from bot.domain.announcements import Announcement
from bot.domain.people import Draft
from bot.domain.text import t
from bot.domain.town import Role
from bot.usecases import announcing
from bot.usecases.seats import NotAllowedError


def screen_of(talk: Talk, draft: Draft) -> Screen:
    return AnnounceFlow(talk.desk.town).screen(draft.step, AnnounceDraft.model_validate(draft.data))


async def start(talk: Talk, argument: str) -> None:
    try:
        seat = await announcing.announcing_seat(talk.desk, talk.person)
    except NotAllowedError:
        await talk.say(t("error.not_allowed"))
        return
    for one in reversed(await announcing.newest(talk.desk, talk.person)):
        if one.done_at is None:
            await show(talk, one)
    allowed = announcing.reach(talk.desk, seat)
    data = AnnounceDraft(allowed=allowed, whole_town=seat.role is Role.OFFICE).model_dump(mode="json")
    draft = await talk.desk.tx.drafts.start(talk.person.id, dialogue.FLOW, "write", data, talk.desk.now)
    await talk.show(draft, screen_of(talk, draft))


async def advance(talk: Talk, draft: Draft, answer: Answer) -> None:
    tx = talk.desk.tx
    outcome = AnnounceFlow(talk.desk.town).step(draft.step, AnnounceDraft.model_validate(draft.data), answer)
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
    try:
        one = await announcing.announce(talk.desk, talk.person, data.text, data.villages)
    except NotAllowedError:
        await talk.say(t("error.not_allowed"))
        return
    await show(talk, one)


async def show(talk: Talk, one: Announcement) -> None:
    """How far it is; while it is being sent, with the button that stops it."""
    going = one.done_at is None and one.stopped_at is None
    buttons = [[(t("announce.stop"), f"b:{one.id}:stop"), (t("announce.look"), f"b:{one.id}:open")]] if going else []
    state = await announcing.standing_of(talk.desk, one)
    await talk.say(t("announce.counts", text=announcing.short(one.text), state=state), buttons)


async def press(talk: Talk, announcement_id: int, word: str) -> None:
    """Raises NotFoundError."""
    if word == "stop":
        one = await announcing.stop(talk.desk, talk.person, announcement_id)
        await talk.strip()
    else:
        one = await announcing.open_announcement(talk.desk, talk.person, announcement_id)
    await show(talk, one)


async def notices(talk: Talk, argument: str) -> None:
    """Whether announcements and questions come, and the button that changes it."""
    on = talk.person.notices
    button = (t("notices.off"), "b:off") if on else (t("notices.on"), "b:on")
    await talk.say(t("notices.are_on" if on else "notices.are_off"), [[button]])


async def set_notices(talk: Talk, *, wanted: bool) -> None:
    talk.person = replace(talk.person, notices=wanted)
    await talk.desk.tx.people.save(talk.person)
    await talk.say(t("notices.set_on" if wanted else "notices.set_off"))
