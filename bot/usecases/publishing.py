"""The public board: a closed case stands there only with its villager's separate consent and in a clean wording.

Who joined a case is asked apart: the first author's consent is not theirs.
"""

from bot.domain.cases import Actor, Case, Consent
from bot.domain.machine import Action, IllegalMove, Part
from bot.domain.people import Person
from bot.domain.personal import deidentify, pointers
from bot.domain.text import t
from bot.ports import CaseFilter
from bot.usecases.desk import Desk, people_of
from bot.usecases.moving import NotFoundError, do, move
from bot.usecases.telling import tell_author, tell_office


class NotCleanError(Exception):
    """The wording still points at a person; `found` says by what."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(len(found))
        self.found = found


async def ask(desk: Desk, person: Person, case_id: int) -> Case:
    """Ask the villager, and each who joined, apart from everything else. Nobody is asked about a case that few see."""
    case, _ = await do(desk, person, case_id, Action.ASK_PUBLISH, consent=Consent.ASKED)
    buttons = [[(t("action.allow"), f"c:{case.id}:allow"), (t("action.forbid"), f"c:{case.id}:forbid")]]
    await tell_author(desk, case, t("author.may_publish", number=case.number), buttons)
    own = [[(t("action.allow"), f"k:{case.id}:allow"), (t("action.forbid"), f"k:{case.id}:forbid")]]
    for other in await people_of(desk, await desk.tx.cases.parties(case.id, "supporter")):
        await desk.tx.board_consents.put(case.id, other.id, Consent.ASKED, desk.now)
        words = t("supporter.may_publish", number=case.number)
        await desk.tell(other, words, own, key=f"publish:{case.id}:{case.version}")
    return case


async def allow(desk: Desk, person: Person, case_id: int) -> Case:
    case, _ = await do(desk, person, case_id, Action.ALLOW, consent=Consent.AGREED)
    text = t("office.may_publish", number=case.number)
    await tell_office(desk, text, key=f"allow:{case.id}:{case.version}", about=case)
    return case


async def forbid(desk: Desk, person: Person, case_id: int) -> Case:
    """No, or no longer: what stood on the board is gone at once."""
    case, _ = await do(desk, person, case_id, Action.FORBID, consent=Consent.REFUSED, published=None)
    return case


async def supporter_says(desk: Desk, person: Person, case_id: int, said: Consent) -> Case:
    """One who joined speaks for themselves. A consent taken back takes the text down: their words may be in it.

    Raises NotFoundError for anybody else, IllegalMove where they were not asked.
    """
    case = await desk.tx.cases.get(case_id, lock=True)
    if case is None or not await desk.tx.cases.supports(case_id, person.id):
        raise NotFoundError(case_id)
    before = (await desk.tx.board_consents.of(case_id)).get(person.id)
    if before is None:
        raise IllegalMove(case.state, Action.ALLOW, Part.SUPPORTER)
    await desk.tx.board_consents.put(case_id, person.id, said, desk.now)
    if before is Consent.AGREED and said is Consent.REFUSED and case.published is not None:
        actor = Actor(Part.SUPPORTER, person.id)
        case = await move(desk, case, actor, Action.TAKE_DOWN, None, {"published": None})
        text = t("office.taken_down", number=case.number)
        await tell_office(desk, text, key=f"down:{case.id}:{case.version}", about=case)
    return case


async def take_down(desk: Desk, person: Person, case_id: int) -> Case:
    """The office takes it off the board, to word it anew; the consent stays."""
    case, _ = await do(desk, person, case_id, Action.TAKE_DOWN, published=None)
    return case


async def withdraw_all(desk: Desk, person: Person) -> int:
    """Everything of this person's comes off the board, before nothing leads from the cases to them any more."""
    down = 0
    for case in await desk.tx.cases.find(CaseFilter(author=person.id, limit=10_000)):
        if case.consent in (Consent.ASKED, Consent.AGREED):
            try:
                await forbid(desk, person, case.id)
            except IllegalMove:  # open again: it stands nowhere
                continue
            down += 1
    for case in await desk.tx.cases.find(CaseFilter(supporter=person.id, limit=10_000)):
        if (await desk.tx.board_consents.of(case.id)).get(person.id) is Consent.AGREED:
            await supporter_says(desk, person, case.id, Consent.REFUSED)
            down += 1
    return down


async def publish(desk: Desk, person: Person, case_id: int, text: str) -> Case:
    """Put the case on the board in the office's own words, with all that points at a person masked.

    Raises NotCleanError should anything be left.
    """
    clean = deidentify(text)
    if found := pointers(clean):
        raise NotCleanError(found)
    case, _ = await do(desk, person, case_id, Action.PUBLISH, data={"text": clean}, published=clean)
    return case
