"""Me too: a villager finds an open case that is theirs as well, stands behind it, hears of it and rates it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.cases import Actor, Case, Rating, Solved
from bot.domain.machine import Action, IllegalMove, Part
from bot.domain.masking import mask
from bot.domain.messages import File
from bot.domain.people import Person
from bot.domain.support import Confirmation, answered_round
from bot.domain.text import t
from bot.usecases.attachments import attach
from bot.usecases.cards import brief
from bot.usecases.desk import Desk
from bot.usecases.moving import NotFoundError, move
from bot.usecases.telling import tell_staff

COMPARED = 200
"""The newest open cases of one village and topic that a new text is compared with."""
EXTRACT = 40


async def alike(desk: Desk, person: Person, text: str, village: str, topic: str, *, urgent: bool) -> Case | None:
    """The open case of this place and topic that is most like the text, if any is alike enough.

    Never one that few may know of, nor one that is the person's already. What is urgent is not laid to what is not.
    """
    said = [one for one in await desk.tx.cases.said(village, topic, COMPARED) if one.urgent or not urgent]
    scored = zip(desk.likeness.similar(text, [one.text for one in said]), said, strict=True)
    for likeness, one in sorted(scored, key=lambda pair: -pair[0]):
        if likeness < desk.rules.alike:
            break
        if not await _is_theirs(desk, one.case, person):
            return await desk.tx.cases.get(one.case)
    return None


async def _is_theirs(desk: Desk, case_id: int, person: Person) -> bool:
    return await desk.tx.cases.is_author(case_id, person.id) or await supports(desk, case_id, person)


def extract(case: Case) -> str:
    """As much of a case as another villager may read: its beginning, without numbers that lead to a person."""
    return "" if case.restricted or case.sealed else brief(replace(case, text=mask(case.text)), EXTRACT)


async def supports(desk: Desk, case_id: int, person: Person) -> bool:
    return await desk.tx.cases.supports(case_id, person.id)


async def opened(desk: Desk, case_id: int, person: Person) -> Case:
    """The case, locked, for one who stands behind it. Raises NotFoundError for everybody else."""
    case = await desk.tx.cases.get(case_id, lock=True)
    if case is None or not await supports(desk, case_id, person):
        raise NotFoundError(case_id)
    return case


async def join(desk: Desk, person: Person, case_id: int, text: str, files: Sequence[File] = ()) -> Case:
    """Stand behind the case; words and files go along into its history, and its staff hear of it.

    Done again it only adds. Raises NotFoundError, or IllegalMove where the case has ended in the meantime.
    """
    case = await desk.tx.cases.get(case_id, lock=True)
    if case is None or case.sealed or (case.restricted and not await supports(desk, case_id, person)):
        raise NotFoundError(case_id)
    if await desk.tx.cases.is_author(case_id, person.id):
        raise NotFoundError(case_id)
    data = {"text": text, "files": len(files)}
    case = await move(desk, case, Actor(Part.SUPPORTER, person.id), Action.JOIN, data, {})
    await desk.tx.cases.link(case.id, person.id, "supporter")
    files = await attach(desk, case, person, files, stage="before")
    await tell_staff(desk, case, t("staff.joined", text=text or t("submit.voice_only")), files=files)
    return case


async def leave(desk: Desk, person: Person, case_id: int) -> Case:
    """No longer stand behind it. What was said stays in the history."""
    case = await opened(desk, case_id, person)
    case = await move(desk, case, Actor(Part.SUPPORTER, person.id), Action.LEAVE, None, {})
    await desk.tx.cases.unlink(case.id, person.id, "supporter")
    return case


async def confirm(desk: Desk, person: Person, case_id: int, round_: int, rating: Rating) -> Case:
    """A supporter's own rating; it can be given anew until there is a later answer.

    Raises NotFoundError, IllegalMove where this is not the present answer.
    """
    case = await opened(desk, case_id, person)
    if answered_round(case) != round_:
        raise IllegalMove(case.state, Action.RATE, Part.SUPPORTER)
    await desk.tx.confirmations.put(Confirmation(case.id, person.id, round_, rating, desk.now))
    return case


async def confirm_solved(desk: Desk, person: Person, case_id: int, round_: int, solved: Solved) -> Case:
    """The second question of the same rating. Raises NotFoundError, IllegalMove."""
    case = await opened(desk, case_id, person)
    given = [c for c in await desk.tx.confirmations.of(case_id) if c.person_id == person.id and c.round == round_]
    if answered_round(case) != round_ or not given:
        raise IllegalMove(case.state, Action.SOLVED, Part.SUPPORTER)
    await desk.tx.confirmations.put(replace(given[0], solved=solved, at=desk.now))
    return case
