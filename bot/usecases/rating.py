"""The villager rates an answer with one tap; 不满意 reopens the case above the first handler, once."""

from bot.domain.authority import actor_for
from bot.domain.cases import Case, Rating, Solved
from bot.domain.machine import Action, IllegalMove, Part, State
from bot.domain.people import Person
from bot.domain.text import t
from bot.usecases.desk import Desk
from bot.usecases.moving import do, move, open_for
from bot.usecases.telling import tell_office, tell_staff


async def rate(desk: Desk, person: Person, case_id: int, round_: int, rating: Rating) -> Case:
    """Only the author, only the answer that the button came with. Staff learn the rating, not who gave it.

    Who speaks for the author notes what they were told by telephone; once the author follows the case, their own word
    takes its place.

    Raises IllegalMove for a rating of an earlier answer.
    """
    case, parts = await open_for(desk, person, case_id)
    if case.reopened != round_:
        raise IllegalMove(case.state, Action.RATE, Part.AUTHOR)
    objects = rating is Rating.DISSATISFIED
    first = objects and case.reopened == 0
    if case.state is State.CLOSED:
        action = Action.OBJECT_OWN if first else Action.RATE_OWN
    else:
        action = Action.OBJECT if first else Action.OBJECT_AGAIN if objects else Action.RATE
    actor = actor_for(action, case, parts, desk.now)
    changes = {"rating": rating, "told": actor.seat is not None, "reopened": case.reopened + first, "solved": None}
    case = await move(desk, case, actor, action, {"rating": rating}, changes)
    if not objects:
        noted = "staff.rated_by_phone" if case.told else "staff.rated"
        await tell_staff(desk, case, t(noted, rating=t(f"rating.{rating}")))
        return case
    if first:
        await tell_staff(desk, case, t("staff.objected"), office=True)
        return case
    await tell_staff(desk, case, t("staff.objected_again"), office=True)
    await tell_office(desk, t("office.objected_again", number=case.number), key=f"objected:{case.id}:{case.version}")
    return case


async def say_solved(desk: Desk, person: Person, case_id: int, round_: int, solved: Solved) -> Case:
    """The second question of the same rating. Raises IllegalMove once there is a later answer."""
    case, _ = await open_for(desk, person, case_id)
    objected = case.rating is Rating.DISSATISFIED and case.state is not State.CLOSED
    rated_round = case.reopened - 1 if objected else case.reopened
    if rated_round != round_ or case.rating is None:
        raise IllegalMove(case.state, Action.SOLVED, Part.AUTHOR)
    case, _ = await do(desk, person, case_id, Action.SOLVED, data={"solved": solved}, solved=solved)
    return case


async def explain_objection(desk: Desk, person: Person, case_id: int, text: str) -> Case:
    """Why the villager is dissatisfied, in their words: goes to those who have the case now."""
    case, _ = await do(desk, person, case_id, Action.SUPPLY, data={"text": text, "objection": True})
    await tell_staff(desk, case, t("staff.supplied", text=text))
    return case
