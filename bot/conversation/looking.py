"""Commands by which staff look at how things stand: why a case was escalated, and the year's rates."""

from bot.conversation.numbers import full_number
from bot.conversation.talk import Talk
from bot.domain.machine import Part
from bot.domain.text import t
from bot.domain.town import Role
from bot.usecases import explaining, figures, hot, learning
from bot.usecases.moving import parts_of
from bot.usecases.roles import roles_of

YEARS = frozenset(map(str, range(2020, 2100)))


async def why(talk: Talk, argument: str) -> None:
    """Staff: why a case was or was not reminded of, supervised, reported."""
    found = await talk.desk.tx.cases.by_number(full_number(talk, argument))
    parts = await parts_of(talk.desk, found, talk.person) if found else []
    if found is None or all(actor.part is Part.AUTHOR for actor in parts):
        await talk.say(t("why.which") if not argument else t("case.none", number=argument[:40]))
        return
    await talk.say(await explaining.why(talk.desk, found))


async def rates(talk: Talk, argument: str) -> None:
    """The office: the year's rates, with numerators and denominators. `/rates 2026`."""
    if all(seat.role is not Role.OFFICE for seat in await roles_of(talk.desk, talk.person)):
        await talk.say(t("error.not_staff"))
        return
    year = int(argument) if argument in YEARS else talk.desk.local(talk.desk.now).year
    await talk.say(await figures.year_text(talk.desk, year))


async def hot_issues(talk: Talk, argument: str) -> None:
    """Staff: what many people raised of late, among the cases that are theirs to see."""
    if not await roles_of(talk.desk, talk.person):
        await talk.say(t("error.not_staff"))
        return
    await talk.say(await hot.hot_text(talk.desk, talk.person))


async def tagger(talk: Talk, argument: str) -> None:
    """The office: the versions of the tagger, how often it was put right, and the way back."""
    if not await learning.is_office(talk.desk, talk.person):
        await talk.say(t("error.not_staff"))
        return
    text, buttons = await learning.versions_text(talk.desk)
    await talk.say(text, buttons)


async def use_version(talk: Talk, version: int) -> None:
    """Raises NotFoundError."""
    await learning.use(talk.desk, talk.person, version)
    await talk.strip()
    await talk.say(t("tagger.using", version=version))
