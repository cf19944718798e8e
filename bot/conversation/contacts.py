"""`/phone` for villagers, who may leave a number; looking one up, and the list of that, for the office."""

from bot.conversation.talk import Talk
from bot.dialogue.screens import BACK, Answer, Choice, Screen
from bot.domain.cases import Case
from bot.domain.contacts import masked
from bot.domain.text import Text, t
from bot.usecases import contacts, revealing
from bot.usecases.contacts import NoPhoneError
from bot.usecases.desk import Buttons

FLOW = "contact"


async def offer(talk: Talk) -> Buttons:
    """A button to leave a number; none for somebody who has left one."""
    return [] if await contacts.own(talk.desk, talk.person) else [[(t("contact.offer"), "p:phone")]]


def screen() -> Screen:
    return Screen(t("contact.ask"), (Choice("none", t("contact.skip")),), back=False, human=False)


async def answered(talk: Talk, answer: Answer) -> Text | None:
    """What to say at the end: a number was kept, or none is wanted; None for words that are neither.

    What was typed is kept in no draft.
    """
    if answer.choice in ("none", BACK):
        return t("contact.skipped")
    try:
        return t("contact.kept", phone=masked(await contacts.leave_phone(talk.desk, talk.person, answer.text)))
    except NoPhoneError:
        return None


async def delete(talk: Talk) -> None:
    await contacts.remove(talk.desk, talk.person)
    await talk.say(t("contact.deleted"))


async def left(talk: Talk) -> tuple[Text, Buttons]:
    """For the privacy page: what the person has left, and what they may do about it."""
    found = await contacts.own(talk.desk, talk.person)
    if not found.phone:
        return t("nothing"), [[(t("contact.offer"), "p:phone")]]
    buttons = [[(t("contact.change"), "p:phone"), (t("contact.delete"), "p:nophone")]]
    return t("contact.left", phone=masked(found.phone)), buttons


async def ask_reason(talk: Talk, case: Case) -> bool:
    """Whether the reason may be asked for; if not, why not has been said."""
    try:
        await revealing.check(talk.desk, talk.person, case.id)
    except revealing.RevealError as error:
        await talk.say(refusal(error, case.number))
        return False
    return True


def refusal(error: revealing.RevealError, number: str) -> Text:
    return t(f"reveal.{error.why}", number=number)


async def reveals(talk: Talk, argument: str) -> None:
    """The office: who looked up whom, when and why, the last year's newest first."""
    found = await revealing.latest(talk.desk, talk.person)
    if found is None:
        await talk.say(t("error.not_allowed"))
        return
    town = talk.desk.town
    rows = tuple(
        t(
            "reveal.row",
            at=f"{talk.desk.local(one.at):%Y-%m-%d %H:%M}",
            who=seat.name if (seat := town.seat(one.seat)) else one.seat,
            number=one.number,
            reason=one.reason,
        )
        for one in found
    )
    await talk.say(t("reveal.list", rows=rows) if rows else t("reveal.none"))
