"""How each thing is done that the tables let people do: the use case, and what they choose with it."""

from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import Any

from bot.dialogue.compose import CHOICES
from bot.dialogue.matter import Submission, Words
from bot.domain.cases import AnswerClass, Rating, Solved
from bot.domain.machine import TABLE, Action, IllegalMove
from bot.domain.messages import File, FileKind
from bot.domain.people import Person
from bot.domain.suggestions import NotNow
from bot.domain.suggestions import Step as Move
from bot.domain.supervision import SupervisionKind, SupervisionResult
from bot.domain.topics import Flag
from bot.usecases import (
    answering,
    assigning,
    joining,
    merging,
    party,
    publishing,
    rating,
    recusing,
    revealing,
    suggesting,
    supervising,
    working,
)
from bot.usecases.amending import NothingToDoError, OutOfDateError
from bot.usecases.desk import Desk
from bot.usecases.following import LockedError, SlipOfThePenError, WrongCodeError
from bot.usecases.moving import NotFoundError
from bot.usecases.publishing import NotCleanError
from bot.usecases.recusing import AloneError
from bot.usecases.revealing import RevealError
from bot.usecases.seats import NotAllowedError
from bot.usecases.suggesting import NotDistilledError

SEATS = {
    "deputy": "shilong-2",
    "other": "shilong-1",
    "head": "shilong-head",
    "liaison": "shilong-liaison",
    "office": "office-1",
    "second": "office-2",
}
VILLAGERS = ("villager", "neighbour", "farmer")
PEOPLE = (*VILLAGERS, *SEATS)
REFUSED = (
    IllegalMove, NotFoundError, NotAllowedError, NotNow, NotCleanError, NotDistilledError, RevealError, AloneError,
    LockedError, SlipOfThePenError, WrongCodeError, NothingToDoError, OutOfDateError,
)  # fmt: skip
"""What conversations answer with a word: what was written before it was raised is committed all the same."""

MOST_CASES = 5
PHOTO = (File(FileKind.PHOTO, "photo", "photo"),)
MOVES = {rule.action for rule in TABLE if rule.to != "same"}
"""Actions that change a case's state."""


Use = Callable[[Desk, Person, int, Random], Awaitable[Any]]


async def _correct(desk: Desk, person: Person, case: int, rng: Random) -> None:
    await working.correct(desk, person, case, topic=rng.choice(["roads.potholes", "welfare.relief", "water.supply"]))


async def _transfer(desk: Desk, person: Person, case: int, rng: Random) -> None:
    if rng.random() < 0.5:
        await working.transfer(desk, person, case, seat=rng.choice([SEATS["deputy"], SEATS["other"]]))
    else:
        await working.transfer(desk, person, case, village=rng.choice(["shilong", "shilong", "datang"]))


async def _rate(desk: Desk, person: Person, case: int, rng: Random, rating_: Rating | None = None) -> None:
    found = await desk.tx.cases.get(case)
    round_ = found.reopened if found and rng.random() < 0.9 else rng.randint(0, 2)
    await rating.rate(desk, person, case, round_, rating_ or rng.choice([Rating.SATISFIED, Rating.FAIR]))


async def _object(desk: Desk, person: Person, case: int, rng: Random) -> None:
    await _rate(desk, person, case, rng, Rating.DISSATISFIED)


async def _solved(desk: Desk, person: Person, case: int, rng: Random) -> None:
    await rating.say_solved(desk, person, case, rng.randint(0, 2), rng.choice(list(Solved)))


async def _merge(desk: Desk, person: Person, case: int, rng: Random) -> None:
    await merging.merge(desk, person, case, rng.randint(1, MOST_CASES))


async def _conclude(desk: Desk, person: Person, case: int, rng: Random) -> None:
    with_whom = rng.choice([[], [SEATS["deputy"]], [SEATS["deputy"], SEATS["other"]]])
    await supervising.conclude(desk, person, case, "已改", rng.choice(list(SupervisionResult)), with_whom)


async def _suggest(desk: Desk, person: Person, case: int, rng: Random) -> None:
    """A suggestion of its own, or one more case of one that there is."""
    there = await desk.tx.suggestions.all()
    if there and rng.random() < 0.5:
        await suggesting.add_case(desk, person, case, rng.choice(there).id)
    else:
        await suggesting.file(desk, person, case, "建议落实管护")


async def _recuse(desk: Desk, person: Person, case: int, rng: Random) -> None:
    """Oneself, somebody else (the office), or as the villager wishes."""
    if await desk.tx.cases.is_author(case, person.id):
        await recusing.wish(desk, person, case, rng.choice(list(SEATS.values())))
        return
    held = (await desk.tx.people.holders()).get(rng.choice(list(SEATS.values())))
    await recusing.recuse(desk, person, case, rng.choice(recusing.REASONS), rng.choice([None, None, held]))


async def _readmit(desk: Desk, person: Person, case: int, rng: Random) -> None:
    found = await desk.tx.cases.get(case)
    await recusing.readmit(desk, person, case, rng.choice(found.recused) if found and found.recused else 0)


async def _reply(desk: Desk, person: Person, case: int, rng: Random) -> None:
    """The suggestion's reply, as a form about one of its cases."""
    there = [one for one in await desk.tx.suggestions.all() if case in one.cases]
    if not there:
        raise NotFoundError(case)
    await suggesting.reply(desk, person, case, rng.choice(there).id, "已列入计划", rng.choice(list(AnswerClass)))


ACTS: Mapping[Action, Use] = {
    Action.TAKE: lambda d, p, c, r: working.take(d, p, c),
    Action.REPLY: lambda d, p, c, r: working.reply(d, p, c, "好"),
    Action.ASK_MORE: lambda d, p, c, r: working.ask_more(d, p, c, "哪里？"),
    Action.SUPPLY: lambda d, p, c, r: working.supply(d, p, c, "村口"),
    Action.NOTE: lambda d, p, c, r: working.note(d, p, c, "记"),
    Action.PHOTO: lambda d, p, c, r: working.add_photos(d, p, c, PHOTO),
    Action.CORRECT: _correct,
    Action.TRANSFER: _transfer,
    Action.HAND_UP: lambda d, p, c, r: working.hand_up(d, p, c, "要镇里办"),
    Action.SEND_BACK: lambda d, p, c, r: working.send_back(d, p, c, "请办"),
    Action.RESOLVE: lambda d, p, c, r: answering.resolve(d, p, c, "办好了", r.choice(list(AnswerClass))),
    Action.SPOT: lambda d, p, c, r: answering.resolve(
        d, p, c, "办好了", r.choice(list(AnswerClass)), action=Action.SPOT
    ),
    Action.RATE: _rate,
    Action.OBJECT: _object,
    Action.OBJECT_AGAIN: _object,
    Action.SOLVED: _solved,
    Action.REOPEN: lambda d, p, c, r: working.reopen(d, p, c),
    Action.WITHDRAW: lambda d, p, c, r: working.withdraw(d, p, c),
    Action.REFUSE: lambda d, p, c, r: assigning.refuse(d, p, c, "不属代表职权", "court"),
    Action.ASSIGN: lambda d, p, c, r: assigning.assign(d, p, c, "请办", r.choice([["water"], ["water", "power"]])),
    Action.RETURN: lambda d, p, c, r: assigning.give_back(d, p, c, "不归我们"),
    Action.BEGIN: lambda d, p, c, r: assigning.begin(d, p, c),
    Action.EXTEND: lambda d, p, c, r: assigning.extend(d, p, c, "等配件", r.choice([5, 10, 15])),
    Action.DELIVER: lambda d, p, c, r: answering.deliver(d, p, c, "修好了"),
    Action.REDO: lambda d, p, c, r: answering.redo(d, p, c, "重做"),
    Action.CHECK: lambda d, p, c, r: answering.check(d, p, c, r.choice(list(AnswerClass))),
    Action.CLOSE: lambda d, p, c, r: answering.close(d, p, c),
    Action.FOLLOW_UP: lambda d, p, c, r: answering.follow_up(d, p, c, "还在办", r.choice(list(AnswerClass))),
    Action.MERGE: _merge,
    Action.UNMERGE: lambda d, p, c, r: merging.unmerge(d, p, c),
    Action.ASK_PUBLISH: lambda d, p, c, r: publishing.ask(d, p, c),
    Action.ALLOW: lambda d, p, c, r: publishing.allow(d, p, c),
    Action.FORBID: lambda d, p, c, r: publishing.forbid(d, p, c),
    Action.PUBLISH: lambda d, p, c, r: publishing.publish(d, p, c, "路灯修好"),
    Action.TAKE_DOWN: lambda d, p, c, r: publishing.take_down(d, p, c),
    Action.ARCHIVE: lambda d, p, c, r: answering.archive(d, p, c),
    Action.SUGGEST: _suggest,
    Action.SUGGESTION_REPLY: _reply,
    Action.SUPERVISE: lambda d, p, c, r: supervising.supervise(d, p, c, r.choice(list(SupervisionKind)), "说明", 5),
    Action.SUPERVISED: _conclude,
    Action.JOIN: lambda d, p, c, r: joining.join(d, p, c, "我也是"),
    Action.LEAVE: lambda d, p, c, r: joining.leave(d, p, c),
    Action.ANSWER_LETTER: lambda d, p, c, r: answering.resolve(
        d, p, c, "谢谢来信", r.choice(list(AnswerClass)), action=Action.ANSWER_LETTER
    ),
    Action.RATE_OWN: _rate,
    Action.OBJECT_OWN: _object,
    Action.REPORTED: lambda d, p, c, r: party.sent(d, p, c, "《路灯的报告》", r.choice(CHOICES["sent"])),
    Action.RAISE: lambda d, p, c, r: recusing.take_up(d, p, c),
    Action.RECUSE: _recuse,
    Action.READMIT: _readmit,
    Action.REVEAL: lambda d, p, c, r: revealing.reveal(d, p, c, "要当面核实"),
}
"""How each action of the table is taken; those of the clock and of vacancies come by themselves."""


async def _rate_suggestion(desk: Desk, person: Person, one: int, rng: Random) -> None:
    await suggesting.rate(desk, person, one, rng.choice([Rating.SATISFIED, Rating.FAIR]))


async def _object_to_suggestion(desk: Desk, person: Person, one: int, rng: Random) -> None:
    await suggesting.rate(desk, person, one, Rating.DISSATISFIED)


async def _reply_to_suggestion(desk: Desk, person: Person, one: int, rng: Random) -> None:
    found = await desk.tx.suggestions.get(one)
    await suggesting.reply(
        desk, person, found.cases[0] if found else 0, one, "已列入计划", rng.choice(list(AnswerClass))
    )


MARCH: Mapping[Move, Use] = {
    Move.COSIGN: lambda d, p, s, r: suggesting.cosign(d, p, s),
    Move.ADD_CASE: lambda d, p, s, r: suggesting.add_case(d, p, r.randint(1, MOST_CASES), s),
    Move.WITHDRAW: lambda d, p, s, r: suggesting.take_step(d, p, s, Move.WITHDRAW),
    Move.ASSIGN: lambda d, p, s, r: suggesting.assign(d, p, s, "water", is_complex=False),
    Move.ASSIGN_COMPLEX: lambda d, p, s, r: suggesting.assign(d, p, s, "water", is_complex=True),
    Move.REPLY: _reply_to_suggestion,
    Move.ACCEPT: _rate_suggestion,
    Move.OBJECT: _object_to_suggestion,
    Move.OBJECT_AGAIN: _object_to_suggestion,
    Move.REPORT: lambda d, p, s, r: suggesting.take_step(d, p, s, Move.REPORT),
    Move.PUBLISH: lambda d, p, s, r: suggesting.publish(d, p, s),
}
"""How each step of a suggestion's machine is taken, but for those of the clock and of vacancies."""
NEEDED = {*(rule.action for rule in TABLE), *(f"suggestion:{move}" for move in Move)}
"""Everything that either table knows."""


def letter(rng: Random) -> Submission:
    """To a deputy, who may be away or gone."""
    to = SEATS[rng.choice(("deputy", "other"))]
    return Submission(words=(Words(message_id="1", text="代表您好"),), village="shilong", topic="roads", letter_to=to)


def matter(rng: Random) -> Submission:
    """A lamp, or something that is urgent, restricted, sealed, or nowhere."""
    flags = rng.choice([(), (), (), (Flag.URGENT,), (Flag.RESTRICTED,), (Flag.SEALED, Flag.RESTRICTED)])
    return Submission(
        words=(Words(message_id="1", text="路灯坏了"),),
        village=rng.choice(["shilong", "shilong", "shilong", None]),
        topic="roads",
        subtopic=rng.choice(["roads.lamps", "roads.potholes", None]),
        flags=frozenset(flags),
        files=PHOTO if rng.random() < 0.3 else (),
    )
