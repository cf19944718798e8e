"""Taking down how a villager whose matter was entered for them can be reached."""

from bot.conversation.talk import Talk
from bot.dialogue import guest as dialogue
from bot.dialogue.screens import Answer, Screen
from bot.domain.contacts import masked
from bot.domain.people import Draft
from bot.domain.text import t
from bot.usecases import assisting
from bot.usecases.contacts import NoPhoneError
from bot.usecases.moving import NotFoundError


def screen_of(talk: Talk, draft: Draft) -> Screen:
    return dialogue.screen()


async def ask(talk: Talk, case_id: int) -> None:
    start = talk.desk.tx.drafts.start
    draft = await start(talk.person.id, dialogue.FLOW, "ask", {}, talk.desk.now, case_id=case_id)
    await talk.show(draft, dialogue.screen())


async def advance(talk: Talk, draft: Draft, answer: Answer) -> None:
    outcome = dialogue.step(draft.step, answer)
    if outcome.effect is None:
        await talk.show(draft, dialogue.screen(), outcome.notice)
        return
    try:
        kept = await assisting.take_down(talk.desk, talk.person, draft.case_id or 0, answer.text)
    except NoPhoneError:
        await talk.show(draft, dialogue.screen(), t("guest.no_phone"))
        return
    except NotFoundError:
        await talk.say(t("error.not_allowed"))
        kept = None
    await talk.desk.tx.drafts.drop(draft.id)
    if kept:
        phone = masked(kept.phone) if kept.phone else "—"
        await talk.say(t("guest.kept", name=kept.name or "—", phone=phone))
    elif kept is not None:
        await talk.say(t("guest.not_kept"))
