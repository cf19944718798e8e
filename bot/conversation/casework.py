"""The buttons of a case's card: an action, or a step of choosing what it needs."""

from collections.abc import Awaitable, Callable

from bot.conversation import commands, contacts, flows, history, recusal, suggestions
from bot.conversation.talk import Talk
from bot.dialogue.compose import FORMS
from bot.domain.authority import actor_for, present
from bot.domain.cases import Actor, AnswerClass, Case, may
from bot.domain.machine import Action, Part, State
from bot.domain.people import Person
from bot.domain.supervision import SupervisionKind
from bot.domain.text import Text, t
from bot.usecases import (
    answering,
    assigning,
    attachments,
    merging,
    publishing,
    recusing,
    suggesting,
    supervising,
    working,
)
from bot.usecases.cards import brief, rating_buttons, speaks_for, staff_buttons, summary
from bot.usecases.desk import Desk
from bot.usecases.digests import short
from bot.usecases.moving import open_for
from bot.usecases.standing import standing
from bot.usecases.tags import why_tagged
from bot.usecases.working import candidates

AT_ONCE: dict[str, tuple[Callable[[Desk, Person, int], Awaitable[Case]], str]] = {
    Action.TAKE: (working.take, "case.taken"),
    Action.REOPEN: (working.reopen, "case.done"),
    Action.BEGIN: (assigning.begin, "case.done"),
    Action.RAISE: (recusing.take_up, "case.done"),
    Action.CLOSE: (answering.close, "case.done"),
    Action.UNMERGE: (merging.unmerge, "case.done"),
    Action.ASK_PUBLISH: (publishing.ask, "publish.asked"),
    Action.ALLOW: (publishing.allow, "publish.allowed"),
    Action.TAKE_DOWN: (publishing.take_down, "case.done"),
    Action.FORBID: (publishing.forbid, "publish.forbidden"),
    Action.ARCHIVE: (answering.archive, "case.done"),
}
"""Actions that need nothing but a tap: the use case, and the line that heads the card then."""


async def press(talk: Talk, case_id: int, word: str) -> None:
    """Raises NotFoundError, IllegalMove; ValueError for a word that no button of ours carries."""
    desk, person = talk.desk, talk.person
    case, parts = await open_for(desk, person, case_id)
    name, _, argument = word.partition(".")
    if word == "open":
        await commands.show_case(talk, case)
    elif word == "history":
        await history.show(talk, case, staff=any(a.part is not Part.AUTHOR for a in parts))
    elif word == "more":
        await talk.say(t("case.more", number=case.number), staff_buttons(desk, case, parts, more=True))
    elif word == "why" and any(a.part is not Part.AUTHOR for a in parts):
        await _why(talk, case, parts)
    elif word == "files" and any(a.part is not Part.AUTHOR for a in parts):
        if not await attachments.show(desk, person, case.id):
            await talk.say(t("file.none", number=case.number))
    elif word in AT_ONCE:
        use_case, headline = AT_ONCE[word]
        case = await use_case(desk, person, case_id)
        await talk.strip()
        await commands.show_case(talk, case, t(headline))
    elif word == Action.WITHDRAW:
        actor_for(Action.WITHDRAW, case, parts, talk.desk.now)
        sure = t("withdraw.sure", **summary(desk, case))
        await talk.say(sure, [[(t("withdraw.yes"), f"c:{case.id}:withdraw!")]])
    elif word == "withdraw!":
        await working.withdraw(desk, person, case_id)
        await talk.strip()
        await talk.say(t("withdraw.done", number=case.number))
    elif name in recusal.WORDS and (argument or name == "wish"):
        await recusal.press(talk, case, name, argument)
    elif word == "phoned" and case.state is State.ANSWERED and any(map(speaks_for, parts)):
        await talk.say(t("assist.how_rated", number=case.number), rating_buttons(case))
    elif word in CHOOSERS:
        actor_for(Action(word), case, parts, talk.desk.now)
        await CHOOSERS[word](talk, case)
    elif word == Action.RESOLVE and case.state is State.CHECKING:
        actor_for(Action.RESOLVE, case, parts, talk.desk.now)
        await _pass(talk, case)
    elif word == Action.REVEAL:
        if await contacts.ask_reason(talk, case):
            await _write(talk, case, parts, Action.REVEAL)
    elif word == "draft":
        await _write(talk, case, parts, Action.SUGGEST)
    elif word in FORMS or word == "own":
        await _write(talk, case, parts, Action.RESOLVE if word == "own" else Action(word))
    else:
        await _chosen(talk, case, parts, name, argument)


async def _why(talk: Talk, case: Case, parts: list[Actor]) -> None:
    """Why this village and topic; putting either right is one tap away."""
    can = {action for actor in parts for action in may(case, actor.part, talk.desk.now)}
    fixes = ((Action.CORRECT, "action.correct", "correct"), (Action.TRANSFER, "tagwhy.village", "villages"))
    buttons = [(t(key), f"c:{case.id}:{word}") for action, key, word in fixes if action in can]
    await talk.say(await why_tagged(talk.desk, case), [buttons])


async def _write(talk: Talk, case: Case, parts: list[Actor], action: Action) -> None:
    actor_for(Action.SUPPLY if action is Action.OBJECT else action, case, parts, talk.desk.now)
    await flows.start_compose(talk, case, action)


def _columns(options: list[tuple[Text, str]], number: int = 2) -> list[list[tuple[Text, str]]]:
    return [options[i : i + number] for i in range(0, len(options), number)]


async def _choose_topic(talk: Talk, case: Case) -> None:
    """The groups first."""
    options = [(t("plain", text=topic.name), f"c:{case.id}:topic.{topic.id}") for topic in talk.desk.town.open_topics]
    await talk.say(t("correct.topic", **summary(talk.desk, case)), _columns(options))


async def _choose_taker(talk: Talk, case: Case) -> None:
    held = present(case, (await standing(talk.desk)).acting)
    options = [
        (t("plain", text=seat.name), f"c:{case.id}:seat.{seat.id}")
        for seat in candidates(talk.desk.town, case)
        if seat.id in held
    ][:20]
    options.append((t("transfer.village"), f"c:{case.id}:villages"))
    await talk.say(t("transfer.to", **summary(talk.desk, case)), _columns(options))


async def _choose_bodies(talk: Talk, case: Case, chosen: tuple[int, ...] = ()) -> None:
    """The first that is tapped handles it, the next ones help. A town without a list says so."""
    bodies = talk.desk.town.handlers
    if not bodies:
        await talk.say(t("assign.no_list"))
        return
    sofar = "+".join(map(str, chosen))
    options = [
        (t("plain", text=body.name), f"c:{case.id}:to.{sofar}{'+' if sofar else ''}{index}")
        for index, body in enumerate(bodies)
        if index not in chosen
    ]
    rows = _columns(options)
    if chosen:
        rows.insert(0, [(t("assign.go"), f"c:{case.id}:assign!.{sofar}")])
    names = "、".join(bodies[index].name for index in chosen)
    text = t("assign.helpers", names=names, number=case.number) if chosen else t("assign.to", number=case.number)
    await talk.say(text, rows)


async def _choose_class(talk: Talk, case: Case) -> None:
    options = [(t(f"class.{c}"), f"c:{case.id}:grade.{c}") for c in AnswerClass]
    now = t(f"class.{case.answer_class}") if case.answer_class else t("nothing")
    await talk.say(t("check.which", number=case.number, now=now, answer=case.answer or ""), _columns(options))


async def _choose_target(talk: Talk, case: Case) -> None:
    found = (await merging.targets(talk.desk, case, talk.person))[:8]
    options = [
        (t("digest.open", number=short(one.number), text=brief(one, 14)), f"c:{case.id}:into.{one.id}") for one in found
    ]
    await talk.say(t("merge.into" if found else "merge.none", number=case.number), _columns(options, 1))


async def _pass(talk: Talk, case: Case) -> None:
    """The handling body's answer, to be passed on with its class, or written anew."""
    options = [(t(f"class.{c}"), f"c:{case.id}:pass.{c}") for c in AnswerClass]
    options.append((t("check.own"), f"c:{case.id}:own"))
    await talk.say(t("check.pass", number=case.number, answer=case.answer or ""), _columns(options))


async def _choose_kind(talk: Talk, case: Case) -> None:
    options = [(t(f"supervision.{kind}"), f"c:{case.id}:kind.{kind}") for kind in SupervisionKind]
    await talk.say(t("supervision.which", number=case.number), [options])


async def _choose_companions(talk: Talk, case: Case, chosen: tuple[int, ...] = ()) -> None:
    """Which deputies took part; none is an answer too. Without an open supervision there is nothing to end."""
    if await supervising.open_supervision(talk.desk, case) is None:
        await talk.say(t("supervision.none", number=case.number))
        return
    seats = supervising.companions(talk.desk.town, case)
    sofar = "+".join(map(str, chosen))
    options = [
        (t("plain", text=seat.name), f"c:{case.id}:with.{sofar}{'+' if sofar else ''}{index}")
        for index, seat in enumerate(seats)
        if index not in chosen
    ]
    names = "、".join(seats[index].name for index in chosen)
    rows = [[(t("supervision.go"), f"c:{case.id}:ended.{sofar}")], *_columns(options)]
    await talk.say(t("supervision.who", number=case.number, names=names), rows)


CHOOSERS: dict[str, Callable[[Talk, Case], Awaitable[None]]] = {
    Action.CORRECT: _choose_topic,
    Action.TRANSFER: _choose_taker,
    Action.ASSIGN: _choose_bodies,
    Action.CHECK: _choose_class,
    Action.MERGE: _choose_target,
    Action.SUGGEST: suggestions.choose,
    Action.SUPERVISE: _choose_kind,
    Action.SUPERVISED: _choose_companions,
    Action.RECUSE: recusal.choose,
    Action.READMIT: recusal.choose_back,
}
"""Actions that begin with a choice."""


async def _chosen(talk: Talk, case: Case, parts: list[Actor], name: str, argument: str) -> None:
    """One tap of a choice, or the step before it."""
    desk, person, town = talk.desk, talk.person, talk.desk.town
    if name == "topic":
        topic = town.topic(argument)
        if topic is None:
            raise ValueError(argument)
        buttons = [(t("plain", text=s.name), f"c:{case.id}:sub.{s.id}") for s in topic.open]
        await talk.say(t("correct.subtopic"), _columns(buttons))
        return
    if name == "villages":
        buttons = [(t("plain", text=v.name), f"c:{case.id}:village.{v.id}") for v in town.villages]
        await talk.say(t("transfer.which"), _columns(buttons, 3))
        return
    if name in ("to", "assign!"):
        actor_for(Action.ASSIGN, case, parts, talk.desk.now)
        chosen = tuple(dict.fromkeys(_index(word, len(town.handlers)) for word in argument.split("+")))
        if name == "to":
            await _choose_bodies(talk, case, chosen)
            return
        await talk.strip()
        await flows.start_compose(talk, case, Action.ASSIGN, target=" ".join(town.handlers[i].id for i in chosen))
        return
    if name == "kind":
        actor_for(Action.SUPERVISE, case, parts, desk.now)
        await talk.strip()
        await flows.start_compose(talk, case, Action.SUPERVISE, target=SupervisionKind(argument))
        return
    if name in ("with", "ended"):
        actor_for(Action.SUPERVISED, case, parts, desk.now)
        seats = supervising.companions(town, case)
        words = argument.split("+") if argument else []
        taken = tuple(dict.fromkeys(_index(word, len(seats)) for word in words))
        if name == "with":
            await _choose_companions(talk, case, taken)
            return
        await talk.strip()
        await flows.start_compose(talk, case, Action.SUPERVISED, target=" ".join(seats[i].id for i in taken))
        return
    if name == "sub":
        case = await working.correct(desk, person, case.id, topic=argument)
    elif name == "village":
        case = await working.transfer(desk, person, case.id, village=argument)
    elif name == "seat":
        case = await working.transfer(desk, person, case.id, seat=argument)
    elif name == "grade":
        case = await answering.check(desk, person, case.id, AnswerClass(argument))
    elif name == "pass":
        actor_for(Action.RESOLVE, case, parts, talk.desk.now)
        case = await answering.resolve(desk, person, case.id, case.answer or "", AnswerClass(argument))
    elif name in ("into", "under") and argument.isascii() and argument.isdecimal() and len(argument) <= 15:
        join = merging.merge if name == "into" else suggesting.add_case
        case = await join(desk, person, case.id, int(argument))
    else:
        raise ValueError(name)
    await talk.strip()
    await talk.say(t(CHOSEN.get(name, "case.moved"), **summary(desk, case)))


CHOSEN = {
    "grade": "case.graded",
    "pass": "compose.resolve_done",
    "into": "case.joined",
    "under": "case.suggested",
}
"""What is said after a choice, where it did not move the case to another place, person or topic."""


def _index(word: str, length: int) -> int:
    """The place in a list that a button names. Raises ValueError outside of it."""
    if not (word.isascii() and word.isdecimal() and len(word) < 4 and int(word) < length):
        raise ValueError(word)
    return int(word)
