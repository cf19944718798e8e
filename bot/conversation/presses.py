"""Buttons: each press is taken apart, checked against who presses and how things stand now, then done."""

from bot.conversation import (
    announcing,
    assisting,
    board,
    casework,
    commands,
    contacts,
    duties,
    flows,
    following,
    handover,
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
from bot.conversation.talk import Talk, pressed_choice
from bot.dialogue.screens import Answer
from bot.domain.cases import Case, Rating, Solved
from bot.domain.machine import Action, IllegalMove, State
from bot.domain.periods import Period
from bot.domain.suggestions import NotNow
from bot.domain.text import t
from bot.ports import CaseFilter
from bot.texts.catalogue import LANGUAGES
from bot.usecases import consent, rating, working
from bot.usecases import joining as joins
from bot.usecases.cards import solved_buttons, summary
from bot.usecases.moving import NotFoundError, open_for
from bot.usecases.publishing import NotCleanError


async def press(talk: Talk) -> None:
    """Read the button's data. What is forged, foreign or out of date does nothing, and says so."""
    kind, _, rest = talk.inbound.press.partition(":")
    words = rest.split(":")
    try:
        match kind, words:
            case "d", [draft, rev, word]:
                await _screen(talk, number(draft), number(rev), word)
            case "c", [case, word]:
                await casework.press(talk, number(case), word)
            case "q", [suggestion, word]:
                await suggestions.press(talk, number(suggestion), word)
            case "r", [case, round_, value]:
                await _rate(talk, number(case), number(round_), Rating(value))
            case "s", [case, round_, value]:
                await _solved(talk, number(case), number(round_), Solved(value))
            case "k", [case, word]:
                await joining.press(talk, number(case), word)
            case "k", [case, word, round_, value]:
                await joining.press(talk, number(case), word, number(round_), value)
            case "n", [case]:
                await assisting.reissue(talk, number(case))
            case "t", [version]:
                await looking.use_version(talk, number(version))
            case "p", [word, *version]:
                await _privacy(talk, word, version)
            case "m", [word] if word in commands.COMMANDS:
                await talk.strip()
                await commands.run(talk, word)
            case "l", [code] if code in LANGUAGES:
                await commands.set_language(talk, code)
            case "b", ["off" | "on" as word]:
                await announcing.set_notices(talk, wanted=word == "on")
            case "b", [announcement, "stop" | "open" as word]:
                await announcing.press(talk, number(announcement), word)
            case "u", [poll, "close"]:
                await polling.close(talk, number(poll))
            case "u", [poll, choice]:
                await polling.vote(talk, number(poll), number(choice))
            case "v", [id_, "year" | "letter" | "home" as word]:
                await voters.press(talk, word, id_)
            case "v", [village] if talk.desk.town.village(village):
                await commands.find(talk, village)
            case "y", [duty]:
                await duties.strike(talk, number(duty))
            case "y", [duty, "open" | "add" | "files" | "strike" as word]:
                await duties.press(talk, number(duty), word)
            case "y", [month, skip]:
                await duties.show(talk, Period.parse(month), number(skip))
            case "w", [station] if found := talk.desk.town.station(station):
                await receptions.show_reception(talk, found)
            case "w", [station, "on" | "off" as word]:
                await receptions.follow(talk, station, wanted=word == "on")
            case "x", [period, *page]:
                await reports.press(talk, period, *page)
            case "a", [below, sought]:
                await searching.search(talk, sought, number(below))
            case "g", [station, page]:
                await people.station_seats(talk, station, number(page))
            case "i", [seat]:
                await people.invite(talk, seat)
            case "f", [year, by, page]:
                await looking.rates_of(talk, year, by, page)
            case "f", [year, by, key, figure]:
                await looking.rates_of(talk, year, by, key, figure)
            case "o", ["villages"]:
                await board.villages(talk)
            case "o", ["topics"]:
                await board.topics(talk)
            case "o", ["suggestions", page]:
                await board.suggestions(talk, number(page))
            case "o", [village, topic, page]:
                await board.show(talk, village, topic, number(page))
            case "b", [seat]:
                await handover.choose(talk, seat)
            case "b", [seat, target]:
                await handover.preview(talk, seat, target)
            case "b!", [seat, target, how]:
                await handover.confirm(talk, seat, target, how)
            case "z", [seat]:
                await leave.for_other(talk, seat)
            case "z!", [seat]:
                await leave.back(talk, seat)
            case "e", [seat]:
                await people.ask_end(talk, seat)
            case "e!", [seat]:
                await talk.strip()
                await people.end(talk, seat)
            case "cfg", ["back", amendment]:
                await settings.go_back(talk, number(amendment))
            case "cfg", ["back", amendment, newest]:
                await settings.go_back(talk, number(amendment), number(newest))
            case _:
                await talk.toast(t("error.bad_button"))
    except ValueError:
        await talk.toast(t("error.bad_button"))
    except NotFoundError:
        await talk.toast(t("error.not_yours"))
    except NotNow:
        await talk.toast(t("error.not_now"))
    except NotCleanError as error:
        await talk.say(t("suggestion.not_clean", found="、".join(error.found)))
    except IllegalMove:
        await talk.toast(t("error.not_now"))
        await _redraw_case(talk)


def number(word: str) -> int:
    """A number as our buttons carry it. Raises ValueError for anything else."""
    if not word.isascii() or not word.isdecimal() or len(word) > 15:
        raise ValueError(word)
    return int(word)


async def _redraw_case(talk: Talk) -> None:
    """After a press that came too late: show how the case stands."""
    kind, case_id = talk.inbound.press.split(":")[0], number(talk.inbound.press.split(":")[1])
    if kind == "k":
        await joining.show(talk, await joins.opened(talk.desk, case_id, talk.person))
        return
    found, _ = await open_for(talk.desk, talk.person, case_id)
    await commands.show_case(talk, found, t("case.changed"))


async def _screen(talk: Talk, draft_id: int, rev: int, word: str) -> None:
    """A choice on a flow's screen; a button of an earlier screen redraws the present one."""
    draft = await talk.desk.tx.drafts.get(draft_id)
    if draft is None or draft.person != talk.person.id:
        await talk.toast(t("error.over"))
        await talk.strip()
        if current := await talk.desk.tx.drafts.current(talk.person.id):
            await flows.redraw(talk, current)
        return
    if draft.rev != rev:
        await talk.toast(t("error.stale"))
        await talk.strip()
        await flows.redraw(talk, draft)
        return
    choice = pressed_choice(flows.screen_of(talk, draft), word)
    if choice is None:
        raise ValueError(word)
    await talk.strip()
    await flows.advance(talk, draft, Answer(choice=choice))


async def _privacy(talk: Talk, word: str, version: list[str]) -> None:
    if word == "agree" and version == [talk.desk.rules.notice.version]:
        await talk.strip()
        talk.person = await consent.agree(talk.desk, talk.person)
        draft = await talk.desk.tx.drafts.current(talk.person.id)
        if draft and draft.step == following.AGREE:
            await following.follow(talk, draft)
        elif draft:
            await flows.redraw(talk, draft, t("privacy.agreed"))
        else:
            await flows.start_submission(talk)
    elif word == "agree":
        await talk.ask_consent(t("privacy.changed"))
    elif word == "decline":
        await talk.strip()
        await talk.desk.tx.drafts.clear(talk.person.id)
        town = talk.desk.town
        await talk.say(t("privacy.declined", office=town.office_name, phone=town.office_phone))
    elif word == "phone":
        await flows.start_phone(talk)
    elif word == "nophone":
        await talk.strip()
        await contacts.delete(talk)
    elif word == "forget":
        await talk.say(t("privacy.forget_sure"), [[(t("privacy.forget_yes"), "p:forget!")]])
    elif word == "forget!":
        await talk.strip()
        await consent.forget(talk.desk, talk.person)
        await talk.say(t("privacy.forgotten"))
    else:
        raise ValueError(word)


async def _rate(talk: Talk, case_id: int, round_: int, value: Rating) -> None:
    case = await rating.rate(talk.desk, talk.person, case_id, round_, value)
    await talk.strip()
    await _thank_for_rating(talk, case, round_, value)


async def _thank_for_rating(talk: Talk, case: Case, round_: int, value: Rating) -> None:
    """Thanks, and the second question."""
    reopened = case.state is State.REOPENED
    key = "rated.reopened" if reopened else f"rated.{value}"
    buttons = [
        [(label, f"s:{case.id}:{round_}:{word.rsplit(':', 1)[1]}") for label, word in row]
        for row in solved_buttons(case)
    ]
    text = t(key, office=talk.desk.town.office_name, **summary(talk.desk, case))
    await talk.say(text, buttons)


async def _solved(talk: Talk, case_id: int, round_: int, value: Solved) -> None:
    case = await rating.say_solved(talk.desk, talk.person, case_id, round_, value)
    await talk.strip()
    if case.state in (State.REOPENED, State.WITH_OFFICE) and case.rating is Rating.DISSATISFIED:
        await flows.start_compose(talk, case, Action.OBJECT)
        return
    await talk.say(t("rated.done", number=case.number))


async def number_without_question(talk: Talk, number: int) -> None:
    """A bare number with nothing open: it rates the answer that waits, as its buttons would."""
    own = await talk.desk.tx.cases.find(CaseFilter(author=talk.person.id, limit=20))
    if 1 <= number <= 3:
        for case in own:
            if case.state is State.ANSWERED:
                await _rate(talk, case.id, case.reopened, list(Rating)[number - 1])
                return
            if case.rating and not case.solved:
                objected = case.rating is Rating.DISSATISFIED and case.state is not State.CLOSED
                round_ = case.reopened - 1 if objected else case.reopened
                await _solved(talk, case.id, round_, list(Solved)[number - 1])
                return
    await commands.welcome(talk)


async def add_late_files(talk: Talk, case_id: int) -> None:
    if await joins.supports(talk.desk, case_id, talk.person):
        await joins.join(talk.desk, talk.person, case_id, "", talk.inbound.files)
        return
    await working.supply(talk.desk, talk.person, case_id, "", talk.inbound.files)


async def add_edited_words(talk: Talk, case_id: int) -> None:
    """A message was edited after its case was submitted."""
    try:
        case = await working.supply(talk.desk, talk.person, case_id, talk.inbound.text)
    except (IllegalMove, NotFoundError):
        await talk.say(t("edited.too_late"))
        return
    await talk.say(t("edited.added", number=case.number))
