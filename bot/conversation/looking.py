"""Commands by which staff look at how things stand: why a case was escalated, and the year's rates."""

from bot.conversation.numbers import full_number
from bot.conversation.talk import Talk
from bot.domain.cases import Case
from bot.domain.machine import Part
from bot.domain.supervision import Supervision
from bot.domain.text import Text, t
from bot.usecases import explaining, figures, hot, learning, supervising
from bot.usecases.cards import brief, day
from bot.usecases.desk import Desk
from bot.usecases.digests import short
from bot.usecases.moving import NotFoundError, parts_of
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
    if not await learning.is_office(talk.desk, talk.person):
        await talk.say(t("error.not_staff"))
        return
    year = int(argument) if argument in YEARS else talk.desk.local(talk.desk.now).year
    await talk.say(*await figures.year_text(talk.desk, year))


async def rates_of(talk: Talk, year: str, by: str, *rest: str) -> None:
    """A page of groups, or the cases behind one figure. Raises NotFoundError, ValueError (no such button)."""
    if not await learning.is_office(talk.desk, talk.person):
        raise NotFoundError(by)
    if year not in YEARS or by not in (*figures.GROUPS, "month", figures.WHOLE):
        raise ValueError(by)
    if len(rest) == 2:
        await talk.say(await figures.behind_text(talk.desk, int(year), by, *rest))
    elif by != figures.WHOLE and rest[0].isascii() and rest[0].isdecimal() and len(rest[0]) < 5:
        await talk.say(*await figures.group_text(talk.desk, int(year), by, int(rest[0])))
    else:
        raise ValueError(rest)


async def supervisions(talk: Talk, argument: str) -> None:
    """Staff: the open supervisions, the next due first; with a number, what was found of that case, photos and all."""
    desk, town = talk.desk, talk.desk.town
    if not await roles_of(desk, talk.person):
        await talk.say(t("error.not_staff"))
        return
    if not argument:
        found = await supervising.listed(desk, talk.person)
        rows = tuple(_supervision(desk, one, case) for one, case in found[:15])
        buttons = [
            [(t("digest.open", number=short(case.number), text=brief(case, 14)), f"c:{case.id}:open")]
            for _, case in found[:6]
        ]
        await talk.say(t("supervision.list", rows=rows) if rows else t("supervision.no_list"), buttons)
        return
    case = await desk.tx.cases.by_number(full_number(talk, argument))
    parts = await parts_of(desk, case, talk.person) if case else []
    if case is None or all(actor.part is Part.AUTHOR for actor in parts):
        await talk.say(t("case.none", number=argument[:40]))
        return
    for one in await desk.tx.supervisions.of_case(case.id):
        names = "、".join(seat.name for id_ in one.deputies if (seat := town.seat(id_)))
        words = t(
            "supervision.record",
            row=_supervision(desk, one, case),
            demand=one.demand,
            deputies=t("supervision.with", names=names) if names else t("nothing"),
            findings=one.findings,
            result=t(f"result.{one.result}") if one.result else t("nothing"),
        )
        await talk.say(words)
        if photos := await supervising.photos_of(desk, one):
            caption = t("files.caption", number=case.number)
            await desk.send_files(talk.person, photos, caption, key=f"{desk.source}:photos:{one.id}", urgent=True)


def _supervision(desk: Desk, one: Supervision, case: Case) -> Text:
    kind, until = t(f"supervision.{one.kind}"), day(desk, one.due_at)
    return t("supervision.row", number=case.number, kind=kind, until=until)


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
