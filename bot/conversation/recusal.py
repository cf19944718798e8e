"""Recusal in chat: who, why, done; and the villager's “not by this person”."""

from collections.abc import Awaitable, Callable

from bot.conversation.talk import Talk
from bot.domain.cases import Case
from bot.domain.machine import Part
from bot.domain.text import t
from bot.usecases import recusing
from bot.usecases.moving import NotFoundError, parts_of
from bot.usecases.recusing import REASONS, AloneError

ME = "me"


async def press(talk: Talk, case: Case, name: str, argument: str) -> None:
    """Raises NotFoundError, IllegalMove; ValueError for a word that no button of ours carries."""
    await WORDS[name](talk, case, argument)


async def choose(talk: Talk, case: Case) -> None:
    """Staff recuse themselves: the reason is the tap that does it. The office is asked first whom it means."""
    parts = await parts_of(talk.desk, case, talk.person)
    if all(actor.part is Part.AUTHOR for actor in parts):
        raise NotFoundError(case.id)
    if all(actor.part is not Part.OFFICE for actor in parts):
        await reasons(talk, case, ME)
        return
    rows = [[(t("recusal.me"), f"c:{case.id}:recuse.{ME}")]]
    for person, seat in await recusing.insiders(talk.desk, case):
        if person != talk.person.id:
            rows.append([(t("plain", text=seat.name), f"c:{case.id}:recuse.{person}")])
    await talk.say(t("recusal.who", number=case.number), rows)


async def reasons(talk: Talk, case: Case, who: str) -> None:
    rows = [[(t(f"recusal.{reason}"), f"c:{case.id}:because.{who}.{reason}")] for reason in REASONS]
    await talk.say(t("recusal.why", number=case.number), rows)


async def recuse(talk: Talk, case: Case, argument: str) -> None:
    """`me.kin`, `12.interest`. Raises NotFoundError, IllegalMove, ValueError."""
    who, _, reason = argument.partition(".")
    try:
        case = await recusing.recuse(talk.desk, talk.person, case.id, reason, None if who == ME else _number(who))
    except AloneError:
        await talk.say(t("recusal.alone", number=case.number), [[(t("menu.people"), "m:people")]])
        return
    await talk.strip()
    await talk.say(t("recusal.done" if who == ME else "recusal.done_other", number=case.number))


async def choose_back(talk: Talk, case: Case) -> None:
    """Whose recusal is to be undone?"""
    found = await recusing.recused_names(talk.desk, case)
    rows = [[(t("plain", text=name), f"c:{case.id}:readmit.{person}")] for person, name in found]
    await talk.say(t("recusal.readmit", number=case.number), rows)


async def readmit(talk: Talk, case: Case, argument: str) -> None:
    """Raises NotFoundError, IllegalMove, ValueError."""
    await recusing.readmit(talk.desk, talk.person, case.id, _number(argument))
    await talk.strip()
    await talk.say(t("recusal.readmitted", number=case.number))


async def wish(talk: Talk, case: Case, seat: str) -> None:
    """The villager names somebody; without a name they are asked. Raises NotFoundError, IllegalMove."""
    parts = await parts_of(talk.desk, case, talk.person)
    if all(actor.part is not Part.AUTHOR for actor in parts):
        raise NotFoundError(case.id)
    if not seat:
        found = await recusing.handlers(talk.desk, case)
        rows = [[(t(f"wish.{one.role}", name=one.name), f"c:{case.id}:wish.{one.id}")] for _, one in found]
        await talk.say(t("wish.who" if rows else "wish.nobody", number=case.number), rows)
        return
    try:
        await recusing.wish(talk.desk, talk.person, case.id, seat)
    except AloneError:
        await talk.say(t("wish.alone", office=talk.desk.town.office_name, phone=talk.desk.town.office_phone))
        return
    await talk.strip()
    await talk.say(t("wish.done", number=case.number))


def _number(word: str) -> int:
    if not word.isascii() or not word.isdecimal() or len(word) > 15:
        raise ValueError(word)
    return int(word)


WORDS: dict[str, Callable[[Talk, Case, str], Awaitable[None]]] = {
    "recuse": reasons,
    "because": recuse,
    "readmit": readmit,
    "wish": wish,
}
"""The words of this module's buttons; each with what comes after its dot."""
