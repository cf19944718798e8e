"""A villager comes with the code of a receipt, by `/code`, by the link on the slip, or by just typing the digits."""

from dataclasses import replace

from bot.conversation.talk import Talk
from bot.dialogue import following as dialogue
from bot.dialogue.screens import Answer, Effect, Screen
from bot.domain.cases import Case
from bot.domain.people import Draft
from bot.domain.receipts import digits_of, is_whole
from bot.domain.text import t
from bot.usecases import consent, following
from bot.usecases.cards import author_buttons, summary
from bot.usecases.following import LockedError, SlipOfThePenError, WrongCodeError
from bot.usecases.moving import NotFoundError
from bot.usecases.seats import NotAllowedError

AGREE = "agree"
"""The step at which the privacy notice stands."""


def looks_like_a_code(text: str) -> bool:
    """Twelve digits that fit, and nothing else."""
    return is_whole(digits_of(text))


def screen_of(talk: Talk, draft: Draft) -> Screen:
    return dialogue.screen()


async def code(talk: Talk, argument: str) -> None:
    """`/code 1234 5678 9012`: the case, and the question whether to follow it here."""
    town = talk.desk.town
    if not argument:
        await talk.say(t("follow.which"))
        return
    try:
        case = await following.look_up(talk.desk, talk.person, argument)
    except SlipOfThePenError:
        await talk.say(t("follow.slip"))
        return
    except WrongCodeError:
        await talk.say(t("follow.wrong", office=town.office_name, phone=town.office_phone))
        return
    except LockedError as error:
        until = f"{talk.desk.local(error.until):%H:%M}"
        await talk.say(t("follow.locked", until=until, office=town.office_name, phone=town.office_phone))
        return
    await _show(talk, case)
    if await following.may_follow(talk.desk, case):
        draft = await talk.desk.tx.drafts.start(
            talk.person.id, dialogue.FLOW, "ask", {}, talk.desk.now, case_id=case.id
        )
        await talk.show(draft, dialogue.screen())


async def _show(talk: Talk, case: Case) -> None:
    """What the slip lets its bearer see: the matter and how it stands, nobody behind it."""
    answer = t("case.answer", answer=case.answer) if case.answer else t("nothing")
    await talk.say(t("follow.card", answer=answer, **summary(talk.desk, case)))


async def advance(talk: Talk, draft: Draft, answer: Answer) -> None:
    outcome = dialogue.step(draft.step, answer)
    if outcome.effect is Effect.CANCEL:
        await talk.desk.tx.drafts.drop(draft.id)
        await talk.say(t("follow.only_looked"))
    elif outcome.effect is not Effect.DONE:
        await talk.show(draft, dialogue.screen(), outcome.notice)
    elif consent.agreed(talk.desk, talk.person):
        await follow(talk, draft)
    else:
        await talk.desk.tx.drafts.save(replace(draft, step=AGREE, rev=draft.rev + 1), talk.desk.now)
        await talk.ask_consent()


async def follow(talk: Talk, draft: Draft) -> None:
    """The person came with the code, wants it and has agreed to the notice."""
    await talk.desk.tx.drafts.finish(draft.id, talk.desk.now, draft.case_id)
    try:
        case = await following.follow(talk.desk, talk.person, draft.case_id or 0)
    except NotFoundError:
        await talk.say(t("follow.taken"))
        return
    except NotAllowedError:
        await talk.say(t("follow.not_you"))
        return
    answer = t("case.answer", answer=case.answer) if case.answer else t("nothing")
    values = {**summary(talk.desk, case), "headline": t("follow.done"), "answer": answer, "revealed": t("nothing")}
    await talk.say(t("case.own", **values), author_buttons(case))
