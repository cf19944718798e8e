"""What each form about a case ends in: the use case that is given what was written."""

from collections.abc import Awaitable, Callable

from bot.dialogue.compose import Composition
from bot.domain.cases import AnswerClass, Case
from bot.domain.machine import Action
from bot.domain.people import Person
from bot.domain.supervision import SupervisionKind, SupervisionResult
from bot.usecases import answering, assigning, party, publishing, rating, revealing, suggesting, supervising, working
from bot.usecases.desk import Desk
from bot.usecases.moving import open_for

End = Callable[[Desk, Person, int, Composition], Awaitable[Case]]


async def _object(desk: Desk, person: Person, case_id: int, c: Composition) -> Case:
    if c.text:
        return await rating.explain_objection(desk, person, case_id, c.text)
    case, _ = await open_for(desk, person, case_id)
    return case


async def _answer(desk: Desk, person: Person, case_id: int, c: Composition) -> Case:
    return await answering.resolve(desk, person, case_id, c.text, AnswerClass(c.choice), c.files, action=c.action)


async def _reply_to_suggestion(desk: Desk, person: Person, case_id: int, c: Composition) -> Case:
    return await suggesting.reply(desk, person, case_id, int(c.target), c.text, AnswerClass(c.choice))


async def _follow_up(desk: Desk, person: Person, case_id: int, c: Composition) -> Case:
    return await answering.follow_up(desk, person, case_id, c.text, AnswerClass(c.choice), c.files)


async def _supervise(desk: Desk, person: Person, case_id: int, c: Composition) -> Case:
    kind = SupervisionKind(c.target)
    return await supervising.supervise(desk, person, case_id, kind, c.text, int(c.choice))


async def _conclude(desk: Desk, person: Person, case_id: int, c: Composition) -> Case:
    result, deputies = SupervisionResult(c.choice), c.target.split()
    return await supervising.conclude(desk, person, case_id, c.text, result, deputies, c.files)


ENDS: dict[Action, End] = {
    Action.REPLY: lambda desk, who, id_, c: working.reply(desk, who, id_, c.text, c.files),
    Action.ASK_MORE: lambda desk, who, id_, c: working.ask_more(desk, who, id_, c.text),
    Action.NOTE: lambda desk, who, id_, c: working.note(desk, who, id_, c.text),
    Action.PHOTO: lambda desk, who, id_, c: working.add_photos(desk, who, id_, c.files),
    Action.SUPPLY: lambda desk, who, id_, c: working.supply(desk, who, id_, c.text, c.files),
    Action.HAND_UP: lambda desk, who, id_, c: working.hand_up(desk, who, id_, c.text),
    Action.SEND_BACK: lambda desk, who, id_, c: working.send_back(desk, who, id_, c.text),
    Action.RESOLVE: _answer,
    Action.SPOT: _answer,
    Action.ANSWER_LETTER: _answer,
    Action.FOLLOW_UP: _follow_up,
    Action.REFUSE: lambda desk, who, id_, c: assigning.refuse(desk, who, id_, c.text, c.choice),
    Action.ASSIGN: lambda desk, who, id_, c: assigning.assign(desk, who, id_, c.text, c.target.split()),
    Action.RETURN: lambda desk, who, id_, c: assigning.give_back(desk, who, id_, c.text),
    Action.EXTEND: lambda desk, who, id_, c: assigning.extend(desk, who, id_, c.text, int(c.choice)),
    Action.DELIVER: lambda desk, who, id_, c: answering.deliver(desk, who, id_, c.text, c.files),
    Action.REDO: lambda desk, who, id_, c: answering.redo(desk, who, id_, c.text),
    Action.SUPERVISE: _supervise,
    Action.SUPERVISED: _conclude,
    Action.REPORTED: lambda desk, who, id_, c: party.sent(desk, who, id_, c.text, c.choice),
    Action.SUGGEST: lambda desk, who, id_, c: suggesting.file(desk, who, id_, c.text),
    Action.SUGGESTION_REPLY: _reply_to_suggestion,
    Action.REVEAL: lambda desk, who, id_, c: revealing.reveal(desk, who, id_, c.text),
    Action.PUBLISH: lambda desk, who, id_, c: publishing.publish(desk, who, id_, c.text),
    Action.OBJECT: _object,
}
"""The use case that each form ends in."""
