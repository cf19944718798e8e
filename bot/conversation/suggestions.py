"""The suggestions ledger in chat: the list, one suggestion with its buttons, and what each button does."""

from bot.conversation import flows
from bot.conversation.talk import Talk
from bot.domain.cases import Case, Rating
from bot.domain.machine import Action
from bot.domain.suggestions import Side, Status, Step, Suggestion, allowed
from bot.domain.text import Text, t
from bot.domain.town import Role
from bot.usecases import suggesting
from bot.usecases.cards import day
from bot.usecases.moving import NotFoundError
from bot.usecases.roles import roles_of
from bot.usecases.suggesting import open_suggestion, take_step

MOST = 15
"""Suggestions in one list."""

Buttons = list[list[tuple[Text, str]]]


async def suggestions(talk: Talk, argument: str) -> None:
    """Deputies and the office: the suggestions, newest first."""
    roles = {seat.role for seat in await roles_of(talk.desk, talk.person)}
    if not roles & {Role.DEPUTY, Role.OFFICE}:
        await talk.say(t("error.not_staff"))
        return
    found = (await talk.desk.tx.suggestions.all())[:MOST]
    if not found:
        await talk.say(t("suggestion.no_list"))
        return
    rows = tuple(t("suggestion.row", number=one.number, status=t(f"status.{one.status}")) for one in found)
    buttons = [[(t("plain", text=f"{one.number} {brief_text(one)}"), f"q:{one.id}:open")] for one in found[:8]]
    await talk.say(t("suggestion.list", rows=rows), buttons)


def brief_text(one: Suggestion) -> str:
    line = " ".join(one.text.split())
    return line if len(line) <= 14 else line[:13] + "…"


async def choose(talk: Talk, case: Case) -> None:
    """A deputy makes a case a suggestion of its own, or adds it to one that is not assigned yet."""
    seats = {seat.id for seat in await roles_of(talk.desk, talk.person)}
    mine = [
        one
        for one in await talk.desk.tx.suggestions.all()
        if one.lead in seats and one.status is Status.FILED and case.id not in one.cases
    ]
    rows = [[(t("suggestion.new"), f"c:{case.id}:draft")]]
    rows += [[(t("plain", text=f"{one.number} {brief_text(one)}"), f"c:{case.id}:under.{one.id}")] for one in mine[:6]]
    await talk.say(t("suggestion.how", number=case.number), rows)


async def show(talk: Talk, one: Suggestion, own: list[tuple[Side, str]]) -> None:
    """The suggestion as it stands, with this reader's buttons."""
    desk, town = talk.desk, talk.desk.town
    body = town.name_of("handler", one.handler)
    signed = [town.name_of("seat", id_) for id_ in one.cosigners]
    linked = [case.number for id_ in one.cases if (case := await desk.tx.cases.get(id_))]
    text = t(
        "suggestion.card",
        number=one.number,
        status=t(f"status.{one.status}"),
        text=one.text,
        lead=town.name_of("seat", one.lead),
        cosigners=t("suggestion.cosigners", names="、".join(signed)) if signed else t("nothing"),
        cases="、".join(linked),
        handler=t("handler.line", names=body) if body else t("nothing"),
        due=t("due.at", at=day(desk, one.due_at)) if one.due_at else t("nothing"),
        reply=t("suggestion.reply_line", reply=one.reply) if one.reply else t("nothing"),
    )
    await talk.say(text, buttons_for(one, own))


def buttons_for(one: Suggestion, own: list[tuple[Side, str]]) -> Buttons:
    can = {step for side, _ in own for step in allowed(one, side)}
    if all(seat in one.cosigners for side, seat in own if side is Side.DEPUTY):
        can.discard(Step.COSIGN)
    found: Buttons = []
    for step in (Step.COSIGN, Step.WITHDRAW, Step.ASSIGN, Step.REPLY, Step.REPORT, Step.PUBLISH):
        if step in can:
            found.append([(t(f"suggestion.do_{step}"), f"q:{one.id}:{step}")])
    if Step.ACCEPT in can:
        found += [[(t(f"rating.{rating}"), f"q:{one.id}:rate.{rating}")] for rating in Rating]
    return found


async def press(talk: Talk, suggestion_id: int, word: str) -> None:
    """Raises NotFoundError, NotNow, NotCleanError; ValueError for a word that no button of ours carries."""
    desk, person = talk.desk, talk.person
    one, own = await open_suggestion(desk, person, suggestion_id)
    name, _, argument = word.partition(".")
    if word == "open":
        await show(talk, one, own)
        return
    if word == Step.ASSIGN:
        await _choose_body(talk, one)
        return
    if name == "to":
        index = argument if argument.isascii() and argument.isdecimal() and len(argument) < 4 else "-1"
        await _choose_term(talk, one, int(index))
        return
    if word == Step.REPLY:
        await _write_reply(talk, one)
        return
    if word == Step.COSIGN:
        one = await suggesting.cosign(desk, person, one.id)
    elif word in (Step.WITHDRAW, Step.REPORT):
        one = await take_step(desk, person, one.id, Step(word))
    elif word == Step.PUBLISH:
        one = await suggesting.publish(desk, person, one.id)
    elif name in ("months3", "months6"):
        one = await suggesting.assign(desk, person, one.id, argument, is_complex=name == "months6")
    elif name == "rate":
        one = await suggesting.rate(desk, person, one.id, Rating(argument))
    else:
        raise ValueError(word)
    await talk.strip()
    await show(talk, one, own)


async def _choose_body(talk: Talk, one: Suggestion) -> None:
    bodies = talk.desk.town.handlers
    options = [(t("plain", text=body.name), f"q:{one.id}:to.{index}") for index, body in enumerate(bodies)]
    rows = [options[i : i + 2] for i in range(0, len(options), 2)]
    await talk.say(t("assign.to", number=one.number) if bodies else t("assign.no_list"), rows)


async def _choose_term(talk: Talk, one: Suggestion, index: int) -> None:
    bodies = talk.desk.town.handlers
    if not 0 <= index < len(bodies):
        raise ValueError(index)
    terms = ("months3", "months6")
    row = [(t(f"suggestion.{term}"), f"q:{one.id}:{term}.{bodies[index].id}") for term in terms]
    await talk.say(t("suggestion.term", number=one.number, name=bodies[index].name), [row])


async def _write_reply(talk: Talk, one: Suggestion) -> None:
    """Written as a form about the first case behind the suggestion."""
    case = await talk.desk.tx.cases.get(one.cases[0])
    if case is None:
        raise NotFoundError(one.id)
    await flows.start_compose(talk, case, Action.SUGGESTION_REPLY, target=str(one.id))
