"""The commands: what stands in the menu, and what each answers."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.conversation import (
    announcing,
    blocking,
    board,
    contacts,
    duties,
    flows,
    following,
    joining,
    leave,
    looking,
    people,
    polling,
    receptions,
    reports,
    searching,
    settings,
    suggestions,
    voters,
)
from bot.conversation import assisting as assisting_chat
from bot.conversation.numbers import full_number
from bot.conversation.talk import Talk
from bot.dialogue import submission
from bot.domain.cases import Case
from bot.domain.machine import OPEN_STATES, Action, Part, allowed
from bot.domain.text import Text, t
from bot.domain.town import ADMIN_SEAT, Role
from bot.ports import CaseFilter
from bot.texts.catalogue import LANGUAGES
from bot.usecases import assisting, consent, digests, revealing, seats
from bot.usecases.absence import instead_line
from bot.usecases.cards import author_buttons, brief, card, speaker_buttons, speaks_for, staff_buttons, summary
from bot.usecases.digests import short
from bot.usecases.joining import supports
from bot.usecases.moving import parts_of
from bot.usecases.roles import INVITERS, roles_of, set_menu
from bot.usecases.standing import standing


async def command(talk: Talk) -> None:
    """`/case 12`, `/start payload`, `/new@bot` …"""
    head, _, rest = talk.inbound.text.strip().partition(" ")
    name = head[1:].split("@")[0].lower()
    await run(talk, name, rest.strip())


async def run(talk: Talk, name: str, argument: str = "") -> None:
    handler = COMMANDS.get(name)
    if handler is None:
        await talk.say(t("error.unknown_command"))
        return
    await handler(talk, argument)


async def start(talk: Talk, argument: str) -> None:
    if argument.startswith(seats.PAYLOAD):
        await people.join(talk, argument.removeprefix(seats.PAYLOAD))
        return
    if argument.startswith(assisting.PAYLOAD):
        await following.code(talk, argument.removeprefix(assisting.PAYLOAD))
        return
    if not consent.agreed(talk.desk, talk.person) and not await roles_of(talk.desk, talk.person):
        await talk.ask_consent()
        return
    draft = await talk.desk.tx.drafts.current(talk.person.id)
    if draft:
        await flows.redraw(talk, draft, t("submit.resumed"))
        return
    await welcome(talk)


async def welcome(talk: Talk) -> None:
    """What one can do here; for staff, their queue stands first."""
    roles = {seat.role for seat in await roles_of(talk.desk, talk.person)}
    names = ["new", "mine", "find", "help"]
    if roles - {Role.ADMIN}:
        names[:0] = ["queue", "duty", "assist"]
    if roles & set(INVITERS):
        names.insert(names.index("new"), "people")
    buttons = [(t(f"menu.{name}"), f"m:{name}") for name in names]
    text = t(
        "welcome.staff" if roles else "welcome.villager",
        town=talk.desk.town.name,
        sample=t("sample.badge") if talk.desk.town.sample else t("nothing"),
    )
    await talk.say(text, [buttons[i : i + 2] for i in range(0, len(buttons), 2)])


async def new(talk: Talk, argument: str) -> None:
    """Begin a case; an unfinished one is not thrown away without asking."""
    draft = await talk.desk.tx.drafts.current(talk.person.id)
    if draft and draft.flow == submission.FLOW and draft.step != "describe" and argument != "fresh":
        buttons = [[(t("submit.go_on"), "m:resume")], [(t("submit.fresh"), "m:fresh")]]
        await talk.say(t("submit.unfinished"), buttons)
        return
    await flows.start_submission(talk)


async def fresh(talk: Talk, argument: str) -> None:
    await new(talk, "fresh")


async def resume(talk: Talk, argument: str) -> None:
    draft = await talk.desk.tx.drafts.current(talk.person.id)
    if draft:
        await flows.redraw(talk, draft)
    else:
        await welcome(talk)


async def mine(talk: Talk, argument: str) -> None:
    """The person's own cases, newest first, each with a button."""
    cases = await talk.desk.tx.cases.find(CaseFilter(author=talk.person.id, limit=10))
    joined, open_joined = await joining.listed(talk)
    if not cases and not joined:
        await talk.say(t("mine.none"), [[(t("menu.new"), "m:new")]])
        return
    if joined:
        await talk.say(t("joined.list", rows=joined), open_joined)
    if not cases:
        return
    rows = tuple(t("mine.row", text_short=brief(case), **summary(talk.desk, case)) for case in cases)
    buttons = [[_open_button(case)] for case in cases[:6]]
    await talk.say(t("mine.list", rows=rows), buttons)


def _open_button(case: Case) -> tuple[Text, str]:
    return t("digest.open", number=short(case.number), text=brief(case, 14)), f"c:{case.id}:open"


async def case(talk: Talk, argument: str) -> None:
    """By number: `123`, `ZJ-2026-000123`. Somebody else's case looks like none at all."""
    if not argument:
        await mine(talk, "")
        return
    found = await talk.desk.tx.cases.by_number(full_number(talk, argument))
    parts = await parts_of(talk.desk, found, talk.person) if found else []
    if found and not parts and await supports(talk.desk, found.id, talk.person):
        await joining.show(talk, found)
        return
    if found is None or not parts:
        await talk.say(t("case.none", number=argument[:40]))
        return
    await show_case(talk, found)


async def show_case(talk: Talk, found: Case, headline: Text | None = None) -> None:
    """The card, as this person may see it: staff with their buttons, an author with theirs."""
    parts = await parts_of(talk.desk, found, talk.person)
    staff = [actor for actor in parts if actor.part is not Part.AUTHOR]
    if staff:
        text = await card(talk.desk, found, staff, headline or t("case.headline"))
        await talk.say(text, [*speaker_buttons(found, parts), *staff_buttons(talk.desk, found, staff)])
        return
    answer = t("case.answer", answer=found.answer) if found.answer else t("nothing")
    own, values = not any(map(speaks_for, parts)), summary(talk.desk, found)
    if not own:
        text = t("case.entered", headline=headline or t("nothing"), answer=answer, **values)
        await talk.say(text, speaker_buttons(found, parts))
        return
    seen = t("case.revealed", rows=rows) if (rows := await revealing.of_case(talk.desk, found)) else t("nothing")
    text = t("case.own", headline=headline or t("nothing"), answer=answer, revealed=seen, **values)
    await talk.say(text, author_buttons(found, more=True))


async def find(talk: Talk, argument: str) -> None:
    """My deputies and station; without a known village, which one?"""
    town = talk.desk.town
    village = town.village(argument) or town.village(talk.person.village)
    if argument and not town.village(argument):
        guesses = talk.desk.reader.find_village(argument)
        village = town.village(guesses[0].id) if guesses else None
    station = town.station_of(village.id if village else None)
    if village is None or station is None:
        buttons = [(t("plain", text=v.name), f"v:{v.id}") for v in town.villages]
        await talk.say(t("find.which"), [buttons[i : i + 3] for i in range(0, len(buttons), 3)])
        return
    held = await talk.desk.tx.people.holders()
    rows = tuple(
        t(
            "find.deputy",
            name=seat.name,
            topics="、".join(found.name for id_ in seat.topics if (found := town.topic(id_)))
            or talk.desk.render(talk.person, t("find.all_topics")),
            here=t("find.here") if seat.id in held else t("nothing"),
        )
        for seat in town.deputies_of(village.id)
    )
    heads = "、".join(s.name for s in town.seats_at(station.id, (Role.STATION_HEAD, Role.DEPUTY_HEAD)))
    text = t(
        "find.found",
        village=village.name,
        station=station.name,
        address=station.address,
        phone=station.phone,
        hours=station.hours,
        heads=heads,
        rows=rows,
        days=t("find.days", days=days) if (days := await voters.days_ahead(talk, station)) else t("nothing"),
    )
    other = (t("find.other"), "m:villages")
    more = await voters.page_buttons(talk, village, station, town.deputies_of(village.id))
    await talk.say(text, [[(t("menu.new"), "m:new"), other], *more])


async def villages(talk: Talk, argument: str) -> None:
    talk.person = replace(talk.person, last_village=None, home=None)
    await find(talk, "")


async def withdraw(talk: Talk, argument: str) -> None:
    """Which of my open cases to take back?"""
    own = await talk.desk.tx.cases.find(CaseFilter(author=talk.person.id, states=OPEN_STATES, limit=20))
    own = [c for c in own if Action.WITHDRAW in allowed(c.state, Part.AUTHOR)]
    if not own:
        await talk.say(t("withdraw.none"))
        return
    buttons = [[(t("digest.open", number=short(c.number), text=brief(c, 14)), f"c:{c.id}:withdraw")] for c in own]
    await talk.say(t("withdraw.which"), buttons)


async def privacy(talk: Talk, argument: str) -> None:
    if not consent.agreed(talk.desk, talk.person):
        await talk.ask_consent()
        return
    left, buttons = await contacts.left(talk)
    text = t("noticed", notice=consent.notice(talk.desk), text=left)
    await talk.say(text, [*buttons, [(t("privacy.take_back"), "p:forget")]])


async def help_(talk: Talk, argument: str) -> None:
    town = talk.desk.town
    staff = bool(await roles_of(talk.desk, talk.person))
    await talk.say(
        t("help.text", town=town.name, office=town.office_name, phone=town.office_phone,
          staff=t("help.staff") if staff else t("nothing"))
    )  # fmt: skip


async def lang(talk: Talk, argument: str) -> None:
    if argument in LANGUAGES:
        await set_language(talk, argument)
        return
    await talk.say(t("lang.which"), [[(t(f"lang.{code}"), f"l:{code}") for code in LANGUAGES]])


async def set_language(talk: Talk, code: str) -> None:
    talk.person = replace(talk.person, lang=code)
    await talk.desk.tx.people.save(talk.person)
    await set_menu(talk.desk, talk.person)
    await talk.say(t("lang.set"))


async def queue(talk: Talk, argument: str) -> None:
    """Staff: what lies on my desk now."""
    roles = await roles_of(talk.desk, talk.person)
    if not any(seat.id != ADMIN_SEAT for seat in roles):
        await talk.say(t("error.not_staff"))
        return
    what = await digests.my_queue(talk.desk, talk.person)
    covered = (await standing(talk.desk)).instead(talk.person.id)
    text = digests.digest_text(talk.desk, what, instead_line(talk.desk, covered, await talk.desk.tx.leaves.open()))
    await talk.say(text, digests.digest_buttons(talk.desk, what))


async def digest(talk: Talk, argument: str) -> None:
    """Staff: how often the digest comes."""
    if not await roles_of(talk.desk, talk.person):
        await talk.say(t("error.not_staff"))
        return
    at = f"{talk.desk.rules.digest_at:%H:%M}"
    if argument in ("daily", "weekly"):
        talk.person = replace(talk.person, weekly=argument == "weekly")
        await talk.desk.tx.people.save(talk.person)
        await talk.say(t(f"digest.set_{argument}", at=at))
        return
    buttons = [[(t("digest.daily"), "m:digest_daily"), (t("digest.weekly"), "m:digest_weekly")]]
    await talk.say(t("digest.how_often", at=at), buttons)


async def digest_daily(talk: Talk, argument: str) -> None:
    await digest(talk, "daily")


async def digest_weekly(talk: Talk, argument: str) -> None:
    await digest(talk, "weekly")


COMMANDS: dict[str, Callable[[Talk, str], Awaitable[None]]] = {
    "start": start,
    "new": new,
    "mine": mine,
    "case": case,
    "find": find,
    "deputies": find,
    "withdraw": withdraw,
    "privacy": privacy,
    "phone": flows.start_phone,
    "help": help_,
    "lang": lang,
    "queue": queue,
    "digest": digest,
    "hot": looking.hot_issues,
    "suggestions": suggestions.suggestions,
    "tagger": looking.tagger,
    "why": looking.why,
    "rates": looking.rates,
    "board": board.board,
    "supervisions": looking.supervisions,
    "search": searching.search,
    "digest_daily": digest_daily,
    "digest_weekly": digest_weekly,
    "assist": assisting_chat.start,
    "assisted": assisting_chat.listed,
    "code": following.code,
    "announce": announcing.start,
    "notices": announcing.notices,
    "poll": polling.start,
    "polls": polling.polls,
    "duty": duties.duty,
    "duty_fresh": duties.fresh,
    "duties": duties.own,
    "report": reports.report,
    "registers": reports.registers,
    "reception": receptions.reception,
    "people": people.people,
    "settings": settings.settings,
    "block": blocking.block,
    "unblock": blocking.unblock,
    "blocks": blocking.blocks,
    "reveals": contacts.reveals,
    "invite": people.invite,
    "leave": leave.leave,
    "leave_again": leave.again,
    "fresh": fresh,
    "resume": resume,
    "villages": villages,
}
