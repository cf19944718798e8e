"""报党委: that a report on a case was sent to the Party committee, by whom, when and by what way, on the register."""

from bot.dialogue.compose import CHOICES
from bot.domain.cases import Case
from bot.domain.duties import FORMS, Duty, DutyKind, Fact
from bot.domain.machine import Action
from bot.domain.people import Person
from bot.domain.sentences import read_sentence
from bot.domain.text import t
from bot.texts.catalogue import REFERENCE
from bot.usecases.desk import Desk
from bot.usecases.duties import today
from bot.usecases.moving import NotFoundError, do


async def sent(desk: Desk, person: Person, case_id: int, text: str, way: str) -> Case:
    """`text` is the report's title, perhaps with what the committee noted on it. Raises NotFoundError, IllegalMove."""
    if way not in CHOICES["sent"]:
        raise NotFoundError(way)
    case, actor = await do(desk, person, case_id, Action.REPORTED, data={"text": text, "way": way})
    form = FORMS[DutyKind.PARTY]
    said = read_sentence(text, form, today(desk), ())
    facts = {**said.facts, Fact.WAY: desk.texts.render(REFERENCE, t(f"sent.{way}"))}
    duty = Duty(
        id=0,
        kind=DutyKind.PARTY,
        on=today(desk),
        seat=actor.seat or "",
        person=person.id,
        station=None,
        text=text,
        created_at=desk.now,
        facts=facts,
        cases=(case.number,),
        channel=person.channel,
    )
    await desk.tx.duties.add(duty)
    return case
